import { isAbort } from '../../../model/errors.ts'
import type { Tree, WaitOptions } from '../../../storage/tree.ts'
import { doubtful, isMetricsTable } from './names.ts'
import { openTable } from './parquet-table.ts'
import { LIMITS } from './plan.ts'

/**
 * Which of the files whose names leave it open hold metrics (see `doubtful`): their footers are read for it,
 * one after the other, as there are hardly ever any. What cannot be read is left to its name. The answer is
 * what `groupDataset` takes.
 */
export async function metricsAmong(
  tree: Tree,
  paths: readonly string[],
  options: WaitOptions = {},
): Promise<Set<string>> {
  const metrics = new Set<string>()
  for (const path of doubtful(paths)) {
    options.signal?.throwIfAborted()
    try {
      const table = await openTable(path, await tree.bytes(path, options), LIMITS)
      if (isMetricsTable(table.columns.map(({ name }) => name))) metrics.add(path)
    } catch (cause) {
      // whoever opens the project is told what is wrong with the file
      if (isAbort(cause)) throw cause
    }
  }
  return metrics
}
