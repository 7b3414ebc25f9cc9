import { useApp } from '../../state/app.ts'
import type { OpenSource } from '../../state/sources/source-list.ts'

/** Why runs cannot be renamed and deleted where they lie, below the entries that would do it. */
export function WhyFixed() {
  const { sources } = useApp()
  return <p class="menu-why">{whyFixed(sources.source(), sources.beside().length > 0)}</p>
}

function whyFixed(source: OpenSource | undefined, compared: boolean): string {
  if (source?.info.writable && compared) return 'Not while projects are compared'
  const as = source?.info.link?.as
  if (as === 'server') {
    // a Space asks who somebody is, any other server for its token
    return source?.info.host.endsWith('.hf.space')
      ? 'Needs a sign-in that may write to the Space'
      : 'Needs the address with its write token'
  }
  if (source?.kind === 'kept') return 'Copies are only read'
  return as === 'dataset' || as === 'bucket' || as === 'space'
    ? 'Data on the Hub is only read'
    : 'Files are only read'
}
