import { PARQUET } from '../../../model/data-files.mjs'
import { canonicalProject } from '../../../model/project-name.ts'
import type { Format } from '../format.ts'
import { sizeOf, stampsOf } from '../listing.ts'
import type { ParquetFiles } from './parquet-files.ts'

/** Projects as Parquet files: 33 kB that databases do without, so what claims and reads them is loaded when there are some. */
export const parquet: Format<ParquetFiles> = {
  id: 'parquet',
  called: 'a Parquet export',
  async claim(listing) {
    // a project without metrics has only lists
    if (!listing.files.some(({ path }) => PARQUET.test(path) || /(^|\/)runs\.json$/.test(path))) return []
    return (await import('./parquet-files.ts')).claimParquet(listing)
  },
  async lookInto(paths, tree, wait) {
    if (!paths.some((path) => PARQUET.test(path))) return undefined
    const { doubtful } = await import('./names.ts')
    if (doubtful(paths).length === 0) return undefined
    return (await import('./doubt.ts')).metricsAmong(tree, paths, wait)
  },
  stamp: ({ runs, tables }) => stampsOf([runs, ...Object.values(tables)]),
  bytes: ({ runs, tables }) => sizeOf([runs, ...Object.values(tables)]),
  open: async (...what) => (await import('./open.ts')).openFiles(...what),
  // a static export has only one project, and no folder for it
  mediaFolder: ({ project, strip }) => (strip.length > 0 ? undefined : canonicalProject(project)),
  withoutArtifacts: ({ strip }) =>
    strip.length > 0
      ? undefined
      : 'a Dataset of trackio’s scheduler has the tables of artifacts, never their files: those stay where it ran',
  own: ({ runs, tables }) => [...Object.values(tables), ...(runs ? [runs] : [])],
  copy: async (...what) => (await import('./copy.ts')).copyParquet(...what),
  parquet: { files: ({ tables, runs }) => ({ tables, runs }) },
}
