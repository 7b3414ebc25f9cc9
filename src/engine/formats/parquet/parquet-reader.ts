import { mediaPaths } from '../../../compute/media-paths.ts'
import type { Reading, SideCount } from '../../../model/catalogue.ts'
import { isAbort, noticeOf } from '../../../model/errors.ts'
import type { MetricInfo } from '../../../model/metric.ts'
import type { Notice } from '../../../model/source.ts'
import type { Tree } from '../../../storage/tree.ts'
import { keyOf, makeKeyTable } from '../../columns/scan.ts'
import { parseTimeText } from '../../columns/time.ts'
import type {
  LoggedRun,
  OpenDataset,
  ProjectReader,
  StoredRange,
  StoredRow,
  SystemReader,
} from '../dataset.ts'
import { orAborted } from '../or-aborted.ts'
import type { ProjectFiles } from '../project-files.ts'
import { ROW_TABLES, type RowTableName, type RunTables, type TableRows } from '../table-rows.ts'
import { chunksOf, type Keys, type NumberColumn, presentIn } from './key-structure.ts'
import { countKinds, type Kinds } from './kinds.ts'
import { OWN_TABLES, PARQUET_TABLES } from './names.ts'
import { isParquet, type ParquetFiles } from './parquet-files.ts'
import { type MetricLoader, makeMetricLoader } from './parquet-metrics.ts'
import { countNotice, kindsNotice } from './parquet-notices.ts'
import { makeRowReader, type RowReader } from './parquet-rows.ts'
import { lastTimeOf, type RunRows } from './parquet-runs.ts'
import { openTable, type Table } from './parquet-table.ts'
import { readTableRows } from './parquet-table-rows.ts'
import type { Budget, Limits } from './plan.ts'
import { makePreview } from './preview.ts'
import type { StoredRows } from './stored-rows.ts'
import type { TypedColumns } from './typed-columns.ts'

/**
 * Columns whose number of values the footer does not tell are read for it when they have no more bytes than
 * this, all together.
 */
const COUNT_UP_TO = 16 << 20

/** Tables that are counted; alerts are in the exports that are made here alone. */
const SIDES = ['alerts', 'traces', 'artifacts', 'system'] as const

/** A project's files, opened. */
export interface Opened {
  files: ParquetFiles
  tree: Tree
  limits: Limits
  /** Of a file behind a network. */
  budget: Budget | undefined
  entries: { size: number }[]
  /** The metrics; undefined for a project that has none. */
  table: Table | undefined
  keys: Keys | undefined
  runTables: RunTables
  hasIds: boolean
  notices: Notice[]
}

export function makeFile({
  files,
  tree,
  limits,
  budget,
  entries,
  table,
  keys,
  runTables,
  hasIds,
  notices,
}: Opened): OpenDataset {
  const bytes = entries.reduce((sum, { size }) => sum + size, 0)
  const numbers = keys?.numbers ?? []
  const names = makeKeyTable()
  for (const { name } of numbers) keyOf(names, name)
  let rows: RowReader | undefined = table && keys && makeRowReader(table, keys, table.groups, limits)
  let loader: MetricLoader | undefined
  let kinds: Kinds = { others: [], estimated: [] }
  let state: Reading['state'] = table ? 'reading' : 'done'
  let failure: Notice | undefined
  let counted: Notice[] = []
  /** The row groups after a damaged one are left out. */
  let cut = false
  let changes = 0
  let going: Promise<void> | undefined
  let preview =
    budget && table && keys && rows
      ? makePreview(table, keys, rows.table.totalBytes, budget, limits)
      : undefined
  let wantsWhole = false
  const watchers = new Set<(what: 'rows' | 'sample') => void>()
  let stopper = new AbortController()
  const views = new Map<RunRows, LoggedRun>()
  let stored: { rows: RowReader; of: StoredRows } | undefined
  let typed: { rows: RowReader; of: TypedColumns } | undefined
  let systemReader: Promise<SystemReader | undefined> | undefined

  const reader: ProjectReader = {
    keys: () => (keys?.payload ? (rows?.table.keys ?? names) : names),
    runs,
    version: () => changes,
    samples: () => (isPreview() ? (preview?.runs() ?? []).map(view) : []),
    runTables: () => runTables,
    hasIds: () => hasIds,
    part: () => null,
    exact: () => state === 'done',
    readUpTo: () => rows?.table.rows ?? 0,
    reading() {
      const { bytes: read = 0, totalBytes = 0 } = rows?.table ?? {}
      // of a preview it is the file that is told of: what all of it costs depends on what is looked at
      const totalRows = table?.rows ?? 0
      if (state === 'held') return { state, bytes: 0, totalBytes: bytes, rows: 0, totalRows }
      const rowsRead = runs().reduce((sum, run) => sum + run.rows, 0)
      return {
        state,
        bytes: state === 'done' ? totalBytes : read,
        totalBytes,
        rows: rowsRead,
        totalRows,
        ...(failure && { why: failure.text }),
      }
    },
    notices: noticesNow,
    countBeside,
    tableRows,
    storedRows,
    keepsText: keys?.payload !== undefined,
    system,
    ...(keys?.payload ? {} : { load, loadTyped, unread, others: () => kinds.others }),
  }
  const dataset: OpenDataset = {
    path: files.path,
    bytes,
    projects: [{ info: { name: files.project, file: files.path, bytes }, reader }],
    notices,
    async read(onProgress, whole = false) {
      wantsWhole ||= whole
      watchers.add(onProgress)
      await advance().finally(() => watchers.delete(onProgress))
    },
    stop(how) {
      if (state !== 'reading') return
      if (how === 'cancel') state = 'cancelled'
      stopper.abort()
    },
    done: () => state === 'done',
    refresh: async (now) => (sameFiles(files, now) ? 'same' : 'other'),
    async media(path, signal) {
      for (const place of mediaPaths(path, files.media, files.strip)) {
        const entry = await tree.find(place, { signal, sure: true })
        if (entry) return tree.blob(entry.path, { signal })
      }
      return undefined
    },
  }
  return dataset

  /** One reading at a time, whoever asks for it. */
  function advance(): Promise<void> {
    going ??= readRows().finally(() => {
      going = undefined
    })
    return going
  }

  async function readRows(): Promise<void> {
    if (state === 'done' || !rows || !table || !keys) return
    state = 'reading'
    failure = undefined
    stopper = new AbortController()
    if (loader) forgetMetrics()
    // what was left out as damaged is tried again
    if (cut) rows = makeRowReader(table, keys, table.groups, limits)
    cut = false
    // what is read within this time is shown once, whole
    let progressAt = performance.now() + 600
    const onGroup = (): void => {
      changes++
      if (performance.now() < progressAt) return
      for (const onProgress of watchers) onProgress('rows')
      progressAt = performance.now() + 350
    }
    try {
      if (await previewOnly()) return
      await rows.read(stopper.signal, onGroup)
      await countUnknown(rows)
      kinds = await countKinds(table, keys.others, limits)
      state = 'done'
      preview = undefined
    } catch (cause) {
      if (isAbort(cause)) return
      state = 'failed'
      failure = noticeOf(cause, files.path)
      if (rows.torn()) await keepWhole(rows.table.runOf.length)
      throw cause
    } finally {
      changes++
    }
  }

  /** A sample is on screen. */
  function isPreview(): boolean {
    return (preview?.ready() ?? false) && (state === 'reading' || state === 'held')
  }

  /** Takes a sample first. True where that is all for now. */
  async function previewOnly(): Promise<boolean> {
    if (!preview || wantsWhole) return false
    if (!preview.ready()) {
      await preview.read(stopper.signal)
      changes++
      if (preview.ready()) for (const onProgress of watchers) onProgress('sample')
    }
    // somebody may have asked for all of it meanwhile
    if (!preview.held || wantsWhole) return false
    state = 'held'
    return true
  }

  /** Of a damaged file, the row groups before the damage are shown. */
  async function keepWhole(groups: number): Promise<void> {
    if (!table || !keys) return
    cut = true
    rows = makeRowReader(table, keys, table.groups.slice(0, groups), limits)
    await rows.read(undefined, () => {})
  }

  /** Where the footer does not tell how many values a metric has, the column does. */
  async function countUnknown({ table: read }: RowReader): Promise<void> {
    if (!table) return
    const open = numbers
      .map((number, key) => ({ ...number, key }))
      .filter(({ points }) => points === undefined)
    if (open.length === 0) return
    const size = open
      .flatMap(({ leaf }) => chunksOf(table, leaf))
      .reduce((sum, { start, end }) => sum + end - start, 0)
    const columns = makeMetricLoader(table, table.groups, numbers, read, limits, onLoaded)
    loader = columns
    if (size <= COUNT_UP_TO) {
      const all = open.map(({ key }) => key)
      await columns.load(all, stopper.signal).catch((cause: unknown) => {
        // a column that cannot be read is told of where it is asked for
        if (isAbort(cause)) throw cause
      })
    }
    const names = (read: boolean): string[] =>
      open.filter(({ key }) => columns.isLoaded(key) === read).map(({ name }) => name)
    counted = [
      countNotice(table.path, names(true), true),
      countNotice(table.path, names(false), false),
    ].filter((notice) => notice !== undefined)
  }

  async function load(
    wanted: readonly string[] | undefined,
    signal?: AbortSignal | undefined,
  ): Promise<void> {
    signal?.throwIfAborted()
    const all = wanted
      ? wanted.map((name) => names.byName.get(name)).filter((key) => key !== undefined)
      : numbers.map((_, key) => key)
    while (!isPreview() && state === 'reading') {
      await orAborted(orSampled(advance()), signal)
    }
    if (isPreview() && preview) {
      // who wants all of it has it read whole first
      if (wanted) await orAborted(preview.load(all), signal)
      changes++
      return
    }
    if (!table || !rows) return
    loader ??= makeMetricLoader(table, table.groups, numbers, rows.table, limits, onLoaded)
    await loader.load(all, signal)
  }

  /** The reading, or its sample if that comes first. */
  function orSampled(reading: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const onProgress = (): void => {
        if (isPreview()) resolve()
      }
      watchers.add(onProgress)
      reading.then(resolve, reject).finally(() => watchers.delete(onProgress))
    })
  }

  function onLoaded(): void {
    changes++
  }

  /** More rows are coming, and the metrics lack them: they are asked for again. */
  function forgetMetrics(): void {
    loader?.close()
    loader = undefined
    for (const run of rows?.table.runs ?? []) run.columns.metrics = []
  }

  function runs(): LoggedRun[] {
    return (rows?.table.runs ?? []).filter((run) => run.rows > 0).map(view)
  }

  function view(run: RunRows): LoggedRun {
    let found = views.get(run)
    if (!found) {
      found = {
        id: run.id,
        name: run.name,
        get rows() {
          return run.rows
        },
        get columns() {
          return run.columns
        },
        kinds: run.kinds,
        rowids: undefined,
        span() {
          const { firstTime, firstStep, lastStep } = run
          const lastTime = lastTimeOf(run)
          return {
            firstTime,
            lastTime,
            first: parseTimeText(firstTime),
            last: parseTimeText(lastTime),
            firstStep,
            lastStep,
          }
        },
      }
      views.set(run, found)
    }
    return found
  }

  /**
   * Exact for what was loaded. Else by the footer: the points exactly, the rest as the least that is certain.
   */
  function unread(): MetricInfo[] {
    const logged = runs()
    const known = Math.max(1, logged.length, preview?.runs().length ?? 0)
    return numbers
      .map((number, key): MetricInfo => {
        const { name, integer } = number
        if (loader?.isLoaded(key)) {
          const columns = logged
            .map((run) => run.columns.metrics[key])
            .filter((column) => column !== undefined)
          const lengths = columns.map(({ length }) => length)
          return {
            name,
            points: lengths.reduce((sum, n) => sum + n, 0),
            mostInOneRun: Math.max(0, ...lengths),
            integer,
            beyondSafe: columns.reduce((sum, column) => sum + column.beyondSafe, 0),
          }
        }
        const points = number.points ?? table?.rows ?? 0
        // some run has at least its share of them
        return {
          name,
          points,
          mostInOneRun: Math.ceil(points / known),
          integer,
          beyondSafe: leastBeyondSafe(table, number, points),
        }
      })
      .filter(({ points }) => points > 0)
  }

  async function storedRows(
    logged: LoggedRun,
    range: StoredRange,
    signal?: AbortSignal | undefined,
  ): Promise<(StoredRow | undefined)[]> {
    if (!table || !keys || !rows) return []
    const { makeStoredRows } = await import('./stored-rows.ts')
    const run = [...views].find(([, view]) => view === logged)?.[0]
    if (!run) return []
    if (stored?.rows !== rows)
      stored = { rows, of: makeStoredRows(table, keys, reader.keys(), rows.table, limits) }
    const numbers = stored.of.numbers(range.keys)
    if (numbers.length > 0) await load(numbers, signal)
    return stored.of.read(run, range, signal)
  }

  async function loadTyped(
    wanted: readonly string[] | undefined,
    signal?: AbortSignal | undefined,
  ): Promise<void> {
    signal?.throwIfAborted()
    if (!table || !keys || !rows || state !== 'done') return
    if (typed?.rows !== rows) {
      const { makeTypedColumns } = await import('./typed-columns.ts')
      if (typed?.rows !== rows)
        typed = { rows, of: makeTypedColumns(table, keys, kinds, reader.keys(), rows.table, limits) }
    }
    if (await orAborted(typed.of.load(wanted), signal)) changes++
  }

  async function tableRows(
    name: RowTableName,
    _signal?: AbortSignal | undefined,
    _onPart?: (part: TableRows) => void,
    columns: readonly string[] = ROW_TABLES[name],
  ): Promise<TableRows | undefined> {
    const entry = files.tables[name === 'system_metrics' ? 'system' : name]
    if (!entry) return undefined
    const opened = await openTable(entry.path, await tree.bytes(entry.path), limits)
    return readTableRows(opened, name, columns, limits)
  }

  /** A file of the same kind as that of the metrics, without steps: read like one, columns as they are asked for. */
  function system(): Promise<SystemReader | undefined> {
    systemReader ??= openSystem().catch((cause: unknown) => {
      systemReader = undefined
      throw cause
    })
    return systemReader
  }

  async function openSystem(): Promise<SystemReader | undefined> {
    const entry = files.tables.system
    if (!entry) return undefined
    const opened = await openTable(entry.path, await tree.bytes(entry.path), limits)
    const { makeParquetSystem } = await import('./parquet-system.ts')
    return makeParquetSystem(entry.path, opened, (own, ownKeys) =>
      makeFile({
        files: { ...files, tables: { metrics: entry }, path: entry.path },
        tree,
        limits,
        budget: undefined,
        entries: [entry],
        table: own,
        keys: ownKeys,
        runTables: {},
        hasIds: ownKeys.structure.runId !== undefined,
        notices: [],
      }),
    )
  }

  /** By the footers of their files. */
  async function countBeside(): Promise<SideCount[]> {
    const counts = SIDES.map(async (table): Promise<SideCount[]> => {
      const entry = files.tables[table]
      if (!entry) return []
      try {
        const { rows } = await openTable(entry.path, await tree.bytes(entry.path), limits)
        return rows > 0 ? [{ table, rows }] : []
      } catch {
        // it is there, and whoever opens it will be told what is wrong with it
        return [{ table, rows: undefined }]
      }
    })
    return (await Promise.all(counts)).flat()
  }

  /** Metrics whose values, now that they were read, are not as many as the footer says. */
  function missing(): Notice[] {
    return numbers.flatMap(({ name, points, mixed }, key) => {
      if (points === undefined || mixed || !loader?.isLoaded(key)) return []
      const read = (rows?.table.runs ?? []).reduce(
        (sum, { columns }) => sum + (columns.metrics[key]?.length ?? 0),
        0,
      )
      if (read === points || cut) return []
      const text = `damaged: ${name} has ${count(read, 'value')}, its footer says ${points.toLocaleString('en')}`
      return [{ level: 'warn' as const, subject: files.path, text, action: 'Copy or export the file again.' }]
    })
  }

  function noticesNow(): Notice[] {
    const all = [...notices]
    const { unreadable = 0, namelessRows = 0, garbledTexts = 0 } = rows?.table ?? {}
    if (unreadable > 0)
      all.push({
        level: 'warn',
        subject: files.path,
        text: `${count(unreadable, 'row')} skipped: the payload is not a JSON object`,
      })
    if (garbledTexts > 0) {
      const text = `damaged: names or timestamps of runs that are not UTF-8 cannot be read (${garbledTexts.toLocaleString('en')})`
      all.push({ level: 'warn', subject: files.path, text })
    }
    if (namelessRows > 0)
      all.push({
        level: 'warn',
        subject: files.path,
        text: `${count(namelessRows, 'row')} not shown: no run name`,
      })
    all.push(...counted)
    // rows without a run are in no column
    if (namelessRows === 0) all.push(...missing())
    if (kinds.estimated.length > 0) all.push(kindsNotice(files.path, kinds.estimated))
    if (failure) all.push(failure)
    return all
  }
}

/**
 * How many values are certain to lie beyond ±2^53: all or none, if the least and the greatest agree; else
 * those two.
 */
function leastBeyondSafe(table: Table | undefined, { leaf, integer }: NumberColumn, points: number): number {
  if (!table || !integer || points === 0) return 0
  let beyond = 0
  for (const chunk of chunksOf(table, leaf)) {
    const { min_value: least, max_value: most } = chunk.meta.statistics ?? {}
    if (least === undefined || most === undefined) continue
    const [low, high] = [Number(least), Number(most)]
    if (low > Number.MAX_SAFE_INTEGER || high < Number.MIN_SAFE_INTEGER) beyond += presentIn(chunk) ?? 1
    else beyond += (low < Number.MIN_SAFE_INTEGER ? 1 : 0) + (high > Number.MAX_SAFE_INTEGER ? 1 : 0)
  }
  return beyond
}

function sameFiles(one: ParquetFiles, other: ProjectFiles): boolean {
  if (!isParquet(other) || other.path !== one.path || other.runs?.stamp !== one.runs?.stamp) return false
  return [...PARQUET_TABLES, ...OWN_TABLES].every(
    (name) =>
      one.tables[name]?.path === other.tables[name]?.path &&
      one.tables[name]?.stamp === other.tables[name]?.stamp,
  )
}

function count(n: number, what: string): string {
  return `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`
}
