import { lazy } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { FILE_OWN } from '../../common/files/own.ts'
import { FILES } from '../ids.ts'
import type { PageEntry } from '../page-entry.ts'

export const filesPage: PageEntry = {
  id: FILES,
  label: 'Files',
  key: 'f',
  needs: 'files',
  own: { file: /./, list: /./, ...FILE_OWN },
  count({ files }) {
    const n = files()?.saved() ?? 0
    return n > 0 ? { value: n, words: formatPlural(n, 'saved file') } : undefined
  },
  // what is not known yet may be some
  holds: ({ files }) => files()?.saved() !== 0,
  view: lazy(async () => ({ default: (await import('./files.tsx')).FilesPage })),
  rail: true,
}
