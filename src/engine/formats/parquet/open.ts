import type { Tree } from '../../../storage/tree.ts'
import type { OpenDataset, OpenOptions } from '../dataset.ts'
import { holdFrom } from '../format.ts'
import { openParquet } from './parquet-file.ts'
import type { ParquetFiles } from './parquet-files.ts'

/** Opens the files of a project as its tree has them. */
export async function openFiles(files: ParquetFiles, tree: Tree, options: OpenOptions): Promise<OpenDataset> {
  const screen = holdFrom(tree)
  return openParquet(await withNeighbours(files, tree, options), tree, {
    signal: options.signal,
    budget: screen === undefined ? undefined : { screen },
    onProgress: (bytes, total) => options.onProgress?.(`opening ${files.path}`, bytes, total),
  })
}

/**
 * Of a lone Parquet file nobody listed the tables beside it: its configs are worth a question; more would be,
 * and each that is not there is an error on the console.
 */
async function withNeighbours(
  files: ParquetFiles,
  tree: Tree,
  { signal }: OpenOptions,
): Promise<ParquetFiles> {
  const { metrics, configs } = files.tables
  if (tree.whole || !metrics || configs) return files
  const path = /(^|\/)metrics\.parquet$/.test(metrics.path)
    ? metrics.path.replace(/metrics\.parquet$/, 'aux/configs.parquet')
    : metrics.path.replace(/\.parquet$/i, '_configs.parquet')
  const found = await tree.find(path, { signal })
  return found ? { ...files, tables: { ...files.tables, configs: found } } : files
}
