import type { Places } from '../../compute/smooth.ts'
import type { Alerts } from '../../model/alert.ts'
import type { ArtifactFile, ArtifactManifest, Artifacts } from '../../model/artifact.ts'
import type { Catalogue, SideCount } from '../../model/catalogue.ts'
import type { RunMark } from '../../model/mark.ts'
import type { MetricInfo, OtherKey, Series } from '../../model/metric.ts'
import type { Run, RunKey } from '../../model/run.ts'
import type { RowsRange, RunBeside, RunRows } from '../../model/run-rows.ts'
import type { Notice, ProjectId, ProjectInfo } from '../../model/source.ts'
import type { TypedValues, ValuePlace } from '../../model/typed-values.ts'
import { isMonotone, type MetricColumn, type RunColumns, seriesOf } from '../columns/series-store.ts'
import type { LoggedRun, ProjectReader } from '../formats/dataset.ts'
import { makeRunSides } from '../tables/run-sides.ts'
import type { TraceRow } from '../tables/trace-store.ts'

/**
 * A run of a project with its data: what was read in row order, and samples of the rows that are still to
 * come.
 */
export interface ProjectRun {
  key: RunKey
  /** As it is listed: with its project's name before it where several are side by side. */
  name: string
  id: string | null
  logged: LoggedRun | undefined
  sample: LoggedRun | undefined
}

/** One project as questions are answered about it. Format-blind: everything comes from its reader. */
export interface Project {
  info: ProjectInfo
  run(key: RunKey): ProjectRun | undefined
  /** Runs that logged something. */
  runs(): ProjectRun[]
  catalogue(): Catalogue
  /**
   * Logged points of a metric, in row order; while rows are being read, samples stand for the rest. Undefined
   * when there are none.
   */
  series(run: ProjectRun, metric: string): RunSeries | undefined
  /** Differs whenever `series` would give other points; undefined when there are none. Costs nothing. */
  version(run: ProjectRun, metric: string): string | undefined
  /** The same as it lies in the store, samples left out where rows were read. */
  column(run: ProjectRun, metric: string): MetricColumn | undefined
  /** Names of all keys, those of other values included. */
  names(): string[]
  /** Every row was read. */
  exact(): boolean
  /** Runs that are listed though they logged nothing. */
  listsOnly(key: RunKey): boolean
  /** Makes these metrics ready where they are read only when somebody looks; all of them without names. */
  load(metrics?: readonly string[], signal?: AbortSignal | undefined): Promise<void>
  /** Rows of the tables beside the metrics. */
  countBeside(): Promise<SideCount[]>
  /** Rows of a run as they were logged, from the rows read so far. */
  rows(run: ProjectRun, range: RowsRange, signal?: AbortSignal | undefined): Promise<RunRows>
  /** Where values with a `_type` stand, of the rows read so far; of these kinds, or of all. */
  typedValues(kinds: readonly string[] | undefined, signal?: AbortSignal | undefined): Promise<TypedValues>
  /** JSON texts of logged values, read again where they lie. */
  valueTexts(at: readonly ValuePlace[], signal?: AbortSignal | undefined): Promise<(string | undefined)[]>
  /** What a run holds beside numbers. */
  beside(key: RunKey): Promise<RunBeside>
  /** What runs warned of, newest first, with what of it cannot be read. */
  alerts(signal?: AbortSignal | undefined): Promise<Alerts>
  /** Its artifacts; `without`: why their files are not where it is, by the project's id. */
  artifacts(without: ReadonlyMap<ProjectId, string>, signal?: AbortSignal | undefined): Promise<Artifacts>
  /** Of a version by its id; undefined where there is none. */
  artifactManifest(version: string, signal?: AbortSignal | undefined): Promise<ArtifactManifest | undefined>
  /** Files that the manifests of all versions name, each content once. */
  artifactFiles(signal?: AbortSignal | undefined): Promise<ArtifactFile[]>
  /** Gives out the rows of its table of traces as they are read; answers with what of it cannot be read. */
  eachTrace(take: (row: TraceRow) => void, signal?: AbortSignal | undefined): Promise<Notice[]>
  /** How many rows of that table each run has; runs without any are left out. */
  countTraces(signal?: AbortSignal | undefined): Promise<Map<RunKey, number>>
  /** What people wrote about its runs. */
  marks(signal?: AbortSignal | undefined): Promise<Record<RunKey, RunMark>>
}

export interface RunSeries extends Series {
  /** Steps never go back. */
  monotone: boolean
  /** Time of the run's first row, ms since 1970. */
  start: number
  /**
   * Of samples by the clock: where they begin anew after a gap, as indices of points; lines break there.
   */
  gaps?: Uint32Array
  /** Where the points stand among the run's rows; of a preview as near as its samples tell. */
  places: Places
  /** Changes whenever the arrays hold something else. */
  version: string
  /** Stays while rows are only appended; undefined where that is not known. */
  base: string | undefined
  /** Stays the same object for a run and metric, to hang derived arrays on. */
  identity: object
}

let made = 0

export function makeProject(info: ProjectInfo, reader: ProjectReader): Project {
  // a file that was replaced on disk gets the ids of the old one, and may have as many points
  const serial = ++made
  const sides = makeRunSides(reader, info)
  let runs = new Map<RunKey, ProjectRun>()
  let known = -1
  return {
    info,
    run: (key) => refreshRuns().get(key),
    runs: () => [...refreshRuns().values()],
    catalogue,
    series,
    version: (run, metric) => partsOf(run, metric)?.version,
    column(run, metric) {
      const key = reader.keys().byName.get(metric)
      return key === undefined ? undefined : (run.logged ?? run.sample)?.columns.metrics[key]
    },
    names: () => [...new Set([...reader.keys().names, ...(reader.unread?.() ?? []).map(({ name }) => name)])],
    exact: () => reader.exact(),
    listsOnly: (key) => sides.listedOnly().some((one) => one.key === key),
    load: async (metrics, signal) => reader.load?.(metrics, signal),
    async countBeside() {
      const counts = (await reader.countBeside?.()) ?? []
      // none of its own, but its runs used those of others
      const uses = reader.runTables().external_run_artifact_links?.rows ?? 0
      return uses > 0 && !counts.some(({ table }) => table === 'artifacts')
        ? [...counts, { table: 'artifacts', rows: 0 }]
        : counts
    },
    async beside(key) {
      const { besideOf } = await import('./run-beside.ts')
      const run = refreshRuns().get(key) ?? sides.listedOnly().find((one) => one.key === key)
      return besideOf(reader, run)
    },
    async rows(run, range, signal) {
      const { rowsOf } = await import('./logged-rows.ts')
      return rowsOf(reader, run.logged, range, signal)
    },
    async eachTrace(take, signal) {
      const { eachTraceOf } = await import('./trace-rows.ts')
      return eachTraceOf(reader, [...refreshRuns().values()], take, signal)
    },
    async countTraces(signal) {
      const { countTracesOf } = await import('./trace-rows.ts')
      return countTracesOf(reader, [...refreshRuns().values()], signal)
    },
    async typedValues(kinds, signal) {
      const { typedIndexOf } = await import('./typed-index.ts')
      const all = refreshRuns()
      const listed = catalogue().runs.flatMap(({ key }) => all.get(key) ?? [])
      return typedIndexOf(reader, listed, kinds, serial, signal)
    },
    async valueTexts(at, signal) {
      const { textsAt } = await import('./typed-index.ts')
      return textsAt(reader, (key) => refreshRuns().get(key), at, signal)
    },
    async artifacts(without, signal) {
      const { projectArtifacts } = await import('./project-artifacts.ts')
      const runs = [...refreshRuns().values(), ...sides.listedOnly()]
      return projectArtifacts(reader, info, { runs, without: without.get(info.id), signal })
    },
    async artifactManifest(version, signal) {
      const { manifestOf } = await import('./project-artifacts.ts')
      return manifestOf(reader, info, version, signal)
    },
    async artifactFiles(signal) {
      const { allFiles } = await import('./project-artifacts.ts')
      return allFiles(reader, signal)
    },
    async marks(signal) {
      const table = await reader.tableRows?.('project_metadata', signal)
      return table ? (await import('../tables/marks.ts')).marksOf(table) : {}
    },
    async alerts(signal) {
      const [table, { alertsOf }] = await Promise.all([
        reader.tableRows?.('alerts', signal),
        import('../tables/alerts.ts'),
      ])
      return {
        alerts: table ? alertsOf(table, [...refreshRuns().values()]) : [],
        notices: table?.notices ?? [],
      }
    },
  }

  /** Runs by key; made anew when the reader knows more of them. */
  function refreshRuns(): Map<RunKey, ProjectRun> {
    const version = reader.version()
    if (version === known) return runs
    known = version
    const [logged, samples] = [reader.runs(), reader.samples()]
    const byIdentity = new Map<string, { logged?: LoggedRun; sample?: LoggedRun }>()
    for (const run of logged) byIdentity.set(identityOf(run), { logged: run })
    for (const run of samples)
      byIdentity.set(identityOf(run), { ...byIdentity.get(identityOf(run)), sample: run })
    runs = new Map()
    for (const { logged, sample } of byIdentity.values()) {
      const one = logged ?? sample
      if (!one) continue
      let key = one.id ?? one.name
      // one id under two names is two runs, as trackio groups them
      if (runs.has(key)) key = `${key}/${one.name}`
      runs.set(key, { key, name: one.name, id: one.id, logged, sample })
    }
    return runs
  }

  /** Where the points of a metric are: those that were read, and the sample that stands for the rest. */
  function partsOf(run: ProjectRun, metric: string): Parts | undefined {
    const key = reader.keys().byName.get(metric)
    if (key === undefined) return undefined
    const column = run.logged?.columns.metrics[key]
    const sampled = run.sample?.columns.metrics[key]
    const main = run.logged && column ? { columns: run.logged.columns, column } : undefined
    const rest =
      run.sample && sampled && !reader.exact()
        ? { columns: run.sample.columns, column: sampled, rowids: run.sample.rowids }
        : undefined
    // a sample that grows may know an earlier first row
    if (rest)
      return {
        main,
        rest,
        version: `${serial}:preview:${column?.length ?? 0}:${sampled?.length}:${reader.readUpTo()}:${startOf(run)}`,
      }
    return main && { main, rest, version: `${serial}:${main.column.version}:${main.column.length}` }
  }

  function series(run: ProjectRun, metric: string): RunSeries | undefined {
    const parts = partsOf(run, metric)
    if (!parts) return undefined
    const { main, rest, version } = parts
    const start = startOf(run)
    if (rest) {
      const merged = appendSample(main, rest, reader.readUpTo())
      const monotone = isMonotone(merged.steps, merged.steps.length)
      return { ...merged, monotone, start, version, base: undefined, identity: rest.column }
    }
    if (!main) return undefined
    const { columns, column } = main
    // what is put into another order gets a new version
    const base = `${serial}:${column.version}`
    const places = { rows: column.rows?.subarray(0, column.length), total: columns.steps.length }
    return {
      ...seriesOf(columns, column),
      monotone: columns.monotone,
      start,
      places,
      version,
      base,
      identity: column,
    }
  }

  function catalogue(): Catalogue {
    const all = [...refreshRuns().values()]
    const described = all.map((run) => ({
      run,
      side: sides.of(run.logged ?? (run.sample as LoggedRun)),
      ...extent(run),
    }))
    const extra = sides.listedOnly()
    const listed: Run[] = [
      ...described.map(({ run, side, ...rest }) => {
        const one = run.logged ?? (run.sample as LoggedRun)
        return { key: run.key, id: one.id, name: one.name, status: null, slot: 0, ...side, ...rest }
      }),
      ...extra,
    ].sort((a, b) => compare(a.createdAt, b.createdAt) || compare(a.key, b.key))
    listed.forEach((run, slot) => {
      run.slot = slot
    })

    const names = reader.keys().names
    const metrics: (MetricInfo & { key: number })[] = []
    const columnsOf = listed.map((run) => runs.get(run.key))
    // of what was not read yet the file says how many points there are, not whose: a run may have as many as
    // it has rows
    const isRead = (name: string): boolean => {
      const key = reader.keys().byName.get(name)
      return key !== undefined && columnsOf.some((run) => run?.logged?.columns.metrics[key] !== undefined)
    }
    const unread = new Map(
      (reader.unread?.() ?? []).filter(({ name }) => !isRead(name)).map((info) => [info.name, info]),
    )
    for (const info of unread.values()) metrics.push({ ...info, key: -1 })
    for (let key = 0; key < names.length; key++) {
      if (unread.has(names[key] as string)) continue
      const info = {
        name: names[key] as string,
        key,
        points: 0,
        mostInOneRun: 0,
        integer: true,
        beyondSafe: 0,
      }
      let found = false
      for (const run of columnsOf) {
        const column = run?.logged?.columns.metrics[key] ?? run?.sample?.columns.metrics[key]
        if (!column) continue
        found = true
        info.points += column.length
        info.mostInOneRun = Math.max(info.mostInOneRun, column.length)
        info.beyondSafe += column.beyondSafe
        if (!column.integer) info.integer = false
      }
      if (found) metrics.push(info)
    }
    metrics.sort((a, b) => compare(a.name, b.name))
    const counts = new Uint32Array(metrics.length * listed.length)
    metrics.forEach(({ key, points }, m) => {
      columnsOf.forEach((run, r) => {
        const most = Math.min(points, run?.logged?.rows ?? 0)
        const column = run?.logged?.columns.metrics[key] ?? run?.sample?.columns.metrics[key]
        counts[m * listed.length + r] = key < 0 ? most : (column?.length ?? 0)
      })
    })
    const others: OtherKey[] = [...(reader.others?.() ?? [])]
    names.forEach((name, key) => {
      const kinds = new Map<string, number>()
      for (const run of columnsOf)
        for (const [kind, n] of run?.logged?.kinds[key] ?? []) kinds.set(kind, (kinds.get(kind) ?? 0) + n)
      if (kinds.size > 0) others.push({ name, kinds: Object.fromEntries(kinds) })
    })
    return {
      project: info,
      runs: listed,
      metrics: metrics.map(({ key: _, ...metric }) => metric),
      counts,
      others: others.sort((a, b) => compare(a.name, b.name)),
      rows: reader.reading().rows,
      exact: reader.exact(),
      reading: reader.reading(),
      notices: [...reader.notices(), ...sides.notices()],
    }
  }
}

interface Part {
  columns: RunColumns
  column: MetricColumn
}

type SamplePart = Part & { rowids: Float64Array | undefined }

interface Parts {
  main: Part | undefined
  rest: SamplePart | undefined
  version: string
}

function identityOf(run: LoggedRun): string {
  return `${run.id ?? ''}\0${run.name}`
}

/** Time of its first row in row order, ms since 1970; NaN without any. */
export function startOf(run: ProjectRun): number {
  // the first row in row order has the smallest time; a sample may begin later than what was read
  const read = run.logged?.columns.times
  if (read && read.length > 0) return read.data[0] as number
  return run.sample?.columns.times.data[0] ?? Number.NaN
}

function extent(
  run: ProjectRun,
): Pick<Run, 'createdAt' | 'created' | 'lastTimestamp' | 'last' | 'rows' | 'firstStep' | 'lastStep'> {
  const parts = [run.logged, run.sample].filter((part) => part !== undefined)
  const first = parts.map((p) => p.span()).reduce((a, b) => (compare(b.firstTime, a.firstTime) < 0 ? b : a))
  const last = parts.map((p) => p.span()).reduce((a, b) => (compare(b.lastTime, a.lastTime) > 0 ? b : a))
  const steps = parts.flatMap((p) => [p.span().firstStep, p.span().lastStep]).filter((s) => s === s)
  return {
    createdAt: first.firstTime,
    created: first.first,
    lastTimestamp: last.lastTime,
    last: last.last,
    rows: run.logged?.rows ?? run.sample?.rows ?? 0,
    firstStep: steps.length > 0 ? Math.min(...steps) : null,
    lastStep: steps.length > 0 ? Math.max(...steps) : null,
  }
}

function appendSample(
  main: Part | undefined,
  rest: SamplePart,
  readUpTo: number,
): Series & { places: Places } {
  const sampled = seriesOf(rest.columns, rest.column)
  const n = sampled.values.length
  // rows that were read meanwhile are not taken from the sample again
  let skip = 0
  const { rowids } = rest
  if (rowids) while (skip < n && (rowids[rowOf(rest.column, skip)] as number) <= readUpTo) skip++
  const places = placesOf(main, rest, skip)
  if (!main)
    return {
      steps: sampled.steps.subarray(skip),
      values: sampled.values.subarray(skip),
      times: sampled.times.subarray(skip),
      places,
    }
  const read = seriesOf(main.columns, main.column)
  return {
    steps: join(read.steps, sampled.steps, skip),
    values: join(read.values, sampled.values, skip),
    times: join(read.times, sampled.times, skip),
    places,
  }
}

/** Sampled rows are counted on from the ones that were read: a metric is as rare among them as among all. */
function placesOf(main: Part | undefined, rest: SamplePart, skip: number): Places {
  const read = main?.columns.steps.length ?? 0
  const first = skip < rest.column.length ? rowOf(rest.column, skip) : 0
  const total = read + rest.columns.steps.length - first
  const known = main?.column.length ?? 0
  if (!main?.column.rows && !rest.column.rows) return { rows: undefined, total }
  const rows = new Uint32Array(known + rest.column.length - skip)
  for (let i = 0; i < known; i++) rows[i] = rowOf((main as Part).column, i)
  for (let i = skip; i < rest.column.length; i++)
    rows[known + i - skip] = read + rowOf(rest.column, i) - first
  return { rows, total }
}

function rowOf(column: MetricColumn, i: number): number {
  return column.rows ? (column.rows[i] as number) : column.first + i
}

function join(a: Float64Array, b: Float64Array, skip: number): Float64Array {
  const joined = new Float64Array(a.length + b.length - skip)
  joined.set(a)
  joined.set(b.subarray(skip), a.length)
  return joined
}

/** By code point, as SQLite and Python compare text. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
