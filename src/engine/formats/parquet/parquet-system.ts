import { TrackioError } from '../../../model/errors.ts'
import type { OpenDataset, SystemReader } from '../dataset.ts'
import { orAborted } from '../or-aborted.ts'
import { type Keys, keysOf } from './key-structure.ts'
import type { Table } from './parquet-table.ts'

/** System metrics of a Parquet export. `open`: how a table of rows is opened, whatever they are of. */
export function makeParquetSystem(
  path: string,
  table: Table,
  open: (table: Table, keys: Keys) => OpenDataset,
): SystemReader {
  const keys = keysOf(table)
  const dataset = open(table, keys)
  const reader = dataset.projects[0]?.reader
  if (!keys.structure.runName || !reader)
    throw new TrackioError(
      path,
      'no system metrics of trackio: it has no column run_name',
      'Export it again.',
    )
  return {
    ...reader,
    notices: () => reader.notices().map((notice) => ({ ...notice, text: `system metrics: ${notice.text}` })),
    done: () => dataset.done(),
    async update(onProgress, signal) {
      signal?.throwIfAborted()
      await orAborted(
        dataset.read(() => onProgress(reader.reading().rows), true),
        signal,
      )
    },
  }
}
