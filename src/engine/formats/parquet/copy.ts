import type { Tree } from '../../../storage/tree.ts'
import { baseOf, type CopyFile, copyFile } from '../copy-file.ts'
import type { ParquetFiles } from './parquet-files.ts'

/**
 * What a static export holds besides its tables and its list of runs; the alerts are of one that was made
 * here.
 */
const BESIDE = ['settings.json', 'aux/alerts.parquet']

/** The files as they are. */
export async function copyParquet(
  files: ParquetFiles,
  tree: Tree,
  signal?: AbortSignal | undefined,
): Promise<CopyFile[]> {
  const beside = files.runs
    ? await Promise.all(BESIDE.map((name) => tree.find(baseOf(files) + name, { signal })))
    : []
  return [...Object.values(files.tables), files.runs, ...beside]
    .filter((entry) => entry !== undefined)
    .map((entry) => copyFile(tree, files, entry))
}
