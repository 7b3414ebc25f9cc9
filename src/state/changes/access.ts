import type { ProjectInfo } from '../../model/source.ts'
import { canPick } from '../sources/file-handles.ts'
import type { OpenSource } from '../sources/source-list.ts'

/**
 * Whether runs of a project can be changed where they lie. `ask`: in a file, once a person let the page write
 * to it. `no`: and why; `copy`: of a copy in this browser they can.
 */
export type Access = { kind: 'yes' } | { kind: 'ask' } | { kind: 'no'; why: string; copy: boolean }

export function accessOf(
  source: OpenSource | undefined,
  project: ProjectInfo | undefined,
  compared: boolean,
): Access {
  if (!source || !project) return no('No project is open', false)
  if (compared) return no('Runs are not changed while projects are compared', false)
  const { kind, info } = source
  if (info.writable) return { kind: 'yes' }
  if (kind === 'kept') return no('This copy is no database, and only databases can be changed', false)
  if (info.link?.as === 'server' || (kind === 'beside' && !info.local))
    // a Space asks who somebody is, any other server for its token
    return no(
      info.host.endsWith('.hf.space')
        ? `${info.host} lets nobody change runs who is not signed in and may write to the Space`
        : `${info.host} lets nobody change runs without its write token: open the address that trackio show prints`,
      false,
    )
  if (info.link) {
    const { as } = info.link
    const where =
      as === 'dataset' || as === 'bucket' || as === 'space' ? 'on the Hub' : `of ${info.host || 'an address'}`
    return no(`Data ${where} is only read`, true)
  }
  if (!isDatabase(project)) return no('These files are no database, and only databases can be changed', true)
  if ((kind === 'file' || kind === 'folder') && source.handles) return { kind: 'ask' }
  return no(
    kind === 'host'
      ? 'The page around this one gave the data to be read'
      : canPick()
        ? 'Chosen like this, a file is only read: drop it on the page, or follow it from the Open page, and it can be changed'
        : 'This browser gives pages no way to write to files',
    true,
  )
}

function no(why: string, copy: boolean): Access {
  return { kind: 'no', why, copy }
}

function isDatabase({ file }: ProjectInfo): boolean {
  return !/\.(parquet|jsonl|csv)$/i.test(file)
}
