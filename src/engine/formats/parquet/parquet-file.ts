import { isAbort, noticeOf, TrackioError } from '../../../model/errors.ts'
import type { Notice } from '../../../model/source.ts'
import type { Tree, WaitOptions } from '../../../storage/tree.ts'
import type { OpenDataset } from '../dataset.ts'
import { RUN_TABLES, type RunTableName, type RunTables, type TableRows } from '../table-rows.ts'
import { keysOf } from './key-structure.ts'
import type { ParquetTable } from './names.ts'
import type { ParquetFiles } from './parquet-files.ts'
import { filesNotices } from './parquet-notices.ts'
import { makeFile } from './parquet-reader.ts'
import { openTable, type Table } from './parquet-table.ts'
import { parseRuns, readTableRows } from './parquet-table-rows.ts'
import { type Budget, LIMITS, type Limits } from './plan.ts'

/**
 * Opens a project's Parquet files: footers and the small tables. `read` brings the runs and their rows;
 * metrics come by `load`. A file that is no Parquet or not trackio's is a TrackioError; a broken side table
 * is a notice. `limits`: how requests are cut. `budget`: of a file behind a network, what a look may cost;
 * any other is read as it is.
 */
export async function openParquet(
  files: ParquetFiles,
  tree: Tree,
  options: WaitOptions & { limits?: Limits; budget?: Budget | undefined } = {},
): Promise<OpenDataset> {
  const { signal, limits = LIMITS, budget } = options
  const entries = [...Object.values(files.tables), ...(files.runs ? [files.runs] : [])]
  const runTables: RunTables = {}
  const lost: Notice[] = []
  let configIds = false

  const tail = (name: ParquetTable): number => Math.min(files.tables[name]?.size ?? 0, limits.tail)
  const first = ['metrics', 'configs', 'run_artifact_links', 'external_run_artifact_links'] as const
  const total = first.reduce((sum, name) => sum + tail(name), 0)
  let come = 0
  const table = await tableOf('metrics')
  const keys = table && keysOf(table)
  if (table && keys && !keys.structure.runName) throw notTrackios(table)
  await Promise.all([
    beside('configs', 'configs are not shown'),
    beside('run_artifact_links', 'runs that only used artifacts are not listed'),
    beside('external_run_artifact_links', 'runs that only used artifacts are not listed'),
    readList(),
  ])
  signal?.throwIfAborted()
  const hasIds = keys
    ? keys.structure.runId !== undefined
    : configIds || [runTables.run_artifact_links, runTables.external_run_artifact_links].some(hasRunIds)
  return makeFile({
    files,
    tree,
    limits,
    budget,
    entries,
    table,
    keys,
    runTables,
    hasIds,
    notices: [...filesNotices(files, table, keys), ...lost],
  })

  async function tableOf(name: ParquetTable): Promise<Table | undefined> {
    const entry = files.tables[name]
    if (!entry) return undefined
    signal?.throwIfAborted()
    const opened = await openTable(entry.path, await tree.bytes(entry.path, { signal }), limits)
    come += tail(name)
    options.onProgress?.(come, total)
    return opened
  }

  /** A side table that cannot be read leaves a hole, and a word about it. */
  async function beside(name: RunTableName, without: string): Promise<void> {
    try {
      const opened = await tableOf(name)
      if (!opened) return
      if (name === 'configs') configIds = opened.columns.some((column) => column.name === 'run_id')
      runTables[name] = await readTableRows(opened, name, RUN_TABLES[name], limits)
    } catch (cause) {
      if (isAbort(cause)) throw cause
      lost.push(lostNotice(files.tables[name]?.path ?? files.path, cause, without))
    }
  }

  async function readList(): Promise<void> {
    const path = files.runs?.path
    if (!path) return
    try {
      const runs = parseRuns(await (await tree.blob(path, { signal })).text())
      if (!runs) throw new TrackioError(path, 'not a list of runs with names', 'Export the project again.')
      runTables.runs = runs
    } catch (cause) {
      if (isAbort(cause)) throw cause
      lost.push(lostNotice(path, cause, 'runs without metrics are not listed'))
    }
  }
}

function hasRunIds(table: TableRows | undefined): boolean {
  return table?.columns.run_id?.some((id) => id !== null) ?? false
}

function lostNotice(path: string, cause: unknown, without: string): Notice {
  const notice = noticeOf(cause, path)
  return { ...notice, level: 'warn', text: `${notice.text}; ${without}` }
}

function notTrackios(table: Table): TrackioError {
  const names = table.columns.map(({ name }) => name)
  const few =
    names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ')
  return new TrackioError(
    table.path,
    `a Parquet file, but not one of trackio's: it has ${names.length === 0 ? 'no columns' : `the columns ${few}`}, and none called run_name`,
    "Choose a project's metrics as trackio exports them: metrics.parquet, or a file named after the project.",
  )
}
