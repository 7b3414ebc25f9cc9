import { createSignal } from 'solid-js'
import { formatClock } from '../../../compute/alert-list.ts'
import { formatBytes } from '../../../compute/format.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { FileHash } from '../../../model/report.ts'
import type { ProjectId } from '../../../model/source.ts'
import type { App } from '../../../state/app.ts'

// one for all charts of the page, and for the next report: the file is the same one
const [hashes, setHashes] = createSignal<{ of: ProjectId; version: number; files: FileHash[] }>()
const [hashing, setHashing] = createSignal(false)
/** When rows came last, by project: a chart says of what state it is. */
const [read, setRead] = createSignal<{ of: ProjectId; at: number }>()

export { hashing }

/** The rows of a project came just now. */
export function noteRead(of: ProjectId, at: number): void {
  setRead({ of, at })
}

/** The files that charts are drawn from: what they are called, how they read as a whole, and when. */
export function fileWords({ sources, data, preferences }: App): {
  text: string
  title: string
  hashable: boolean
} {
  const [id, source] = [sources.asked(), sources.source()]
  const own = hashes()
  const files = own && own.of === id && own.version === data.version() ? own.files : undefined
  const when = read()
  const clock = when && when.of === id ? `read ${formatClock(when.at, preferences.value().timeZone)}` : ''
  const name = visibleName(source?.info.name ?? '')
  const sums = files?.map((file) => `${visibleName(file.name)}, sha256 ${short(file.sha256)}`)
  return {
    text: [sums?.join('; ') ?? name, clock].filter(Boolean).join(', '),
    title: files
      ? files.map((file) => `${file.name}, ${formatBytes(file.bytes)}\nsha256 ${file.sha256}`).join('\n')
      : '',
    // a live server gives out rows and no file
    hashable: !files && source !== undefined && source.info.link?.as !== 'server',
  }
}

export function hashFiles({ sources, data, ask, jobs }: App): void {
  const of = sources.asked()
  if (of === undefined || hashing()) return
  const version = data.version()
  setHashing(true)
  void jobs
    .run('reading for sha256', sources.project()?.name ?? of, async (waiting) => {
      const files = await ask('fileHashes', { project: of }, waiting)
      setHashes({ of, version, files })
    })
    .finally(() => setHashing(false))
}

/** `9c1e44…07d2` */
function short(digest: string): string {
  return `${digest.slice(0, 6)}…${digest.slice(-4)}`
}
