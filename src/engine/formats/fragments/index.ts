import { canonicalProject } from '../../../model/project-name.ts'
import type { Format } from '../format.ts'
import { inboxStampOf, sizeOf } from '../listing.ts'
import { claimInboxes, type InboxFiles } from './inbox-files.ts'

/** Log calls as lines of JSON. Few sources have any: what reads them is loaded when they are there. */
export const fragments: Format<InboxFiles> = {
  id: 'fragments',
  called: 'a folder of log fragments',
  claim: claimInboxes,
  stamp: ({ inbox, elsewhere }) => [inboxStampOf(inbox), ...elsewhere].join('\n'),
  bytes: ({ inbox }) => sizeOf(inbox),
  open: async (...what) => (await import('./fragments.ts')).openFragments(...what),
  own: ({ inbox }) => inbox,
  async copy(files, tree, project) {
    const own = canonicalProject(project)
    return (await import('./copy.ts')).copyFragments(tree, files, (one) => one === own)
  },
}
