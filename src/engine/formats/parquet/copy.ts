import type { Tree } from '../../../storage/tree.ts'
import { baseOf, type CopyFile, copyFile } from '../copy-file.ts'
import type { ParquetFiles } from './parquet-files.ts'

/** The files as they are. */
export async function copyParquet(
  files: ParquetFiles,
  tree: Tree,
  _project: string,
  signal?: AbortSignal | undefined,
): Promise<CopyFile[]> {
  // a static export has one beside its tables and its list of runs
  const settings = files.runs && (await tree.find(`${baseOf(files)}settings.json`, { signal }))
  return [...Object.values(files.tables), files.runs, settings]
    .filter((entry) => entry !== undefined)
    .map((entry) => copyFile(tree, files, entry))
}
