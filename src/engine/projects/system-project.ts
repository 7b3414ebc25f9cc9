import { type DeviceSamples, meanOfDevices } from '../../compute/device-mean.ts'
import { loggedName, mergeDevices, partOf } from '../../compute/devices.ts'
import { gapsIn, medianInterval, stepsAt } from '../../compute/sampling.ts'
import type { Catalogue } from '../../model/catalogue.ts'
import type { MetricInfo, OtherKey } from '../../model/metric.ts'
import type { RunKey } from '../../model/run.ts'
import { type Notice, systemOf } from '../../model/source.ts'
import { pause } from '../../storage/pause.ts'
import {
  bytesOf,
  isMonotone,
  type MetricColumn,
  makeMetricColumn,
  type RunColumns,
  seriesOf,
} from '../columns/series-store.ts'
import type { LoggedRun, ProjectReader, SystemReader } from '../formats/dataset.ts'
import { orAborted } from '../formats/or-aborted.ts'
import { compare, type Project, type ProjectRun, type RunSeries, startOf } from './project.ts'

/** A device counts in a mean as long as its line goes on without a gap: so many usual intervals. */
const HELD = 3

/** System metrics as a project, and how they are read. */
export interface SystemProject extends Project {
  /**
   * Reads what is there by now; of much, until there is something to show: what comes after that is read on while
   * somebody asks. `onProgress`: rows read so far.
   */
  update(onProgress: (rows: number) => void, signal?: AbortSignal | undefined): Promise<void>
  /** Reads all that is there by now. */
  whole(signal?: AbortSignal | undefined): Promise<void>
  /** Bytes of its columns, means of devices included, and those columns. */
  held(): { bytes: number; identities: object[] }
}

let serials = 0
/** What is read within this time is shown once, whole. */
const PATIENCE_MS = 500
/** Reading goes on for so long after somebody asked. */
const LEASE_MS = 10_000

/** Samples of one run's machine, with the steps that they were taken at. */
interface SystemRun {
  logged: LoggedRun
  main: ProjectRun
  /** Steps by row of `logged`, as of the rows that were there then; `rewritten`: how often earlier ones changed. */
  steps: Float64Array
  joined: { own: number; main: number; exact: boolean }
  rewritten: number
  monotone: boolean
  means: Map<string, { version: string; column: MetricColumn }>
  gaps: WeakMap<MetricColumn, { version: string; gaps: Uint32Array }>
}

/**
 * The system metrics of a project as a project of their own: its runs, with samples of their machines in
 * place of logged values. A sample's step is the last one that its run logged at or before it, so that the
 * training step is an x axis here too; time counts from the run's first logged row, as elsewhere. A run's key
 * may name one device, or some for their mean (`deviceKey`); a metric is then named without its device.
 */
export function makeSystemProject(main: Project, reader: ProjectReader): SystemProject {
  const serial = ++serials
  const info = { ...main.info, id: systemOf(main.info.id) }
  let system: SystemReader | undefined
  let runs = new Map<RunKey, SystemRun>()
  let unlisted: string[] = []
  let known = ''
  let going: Promise<void> | undefined
  let lease: { abort: AbortController; timer?: ReturnType<typeof setTimeout> } | undefined
  const lines = new Map<RunKey, ProjectRun>()

  return {
    info,
    run,
    runs: () => [...refresh().keys()].map(run).filter((one) => one !== undefined),
    catalogue,
    series,
    version: (line, metric) => partsOf(line, metric)?.version,
    column: (line, metric) => partsOf(line, metric)?.column,
    names: () => namesOf(system),
    exact: () => main.exact() && (system?.done() ?? true),
    listsOnly: (key) => main.listsOnly(key) || (!refresh().has(key) && main.run(key) !== undefined),
    async load(metrics, signal) {
      await update(() => {}, signal)
      await system?.load?.(metrics && loggedNames(metrics, namesOf(system)), signal)
    },
    update,
    whole,
    held,
    countBeside: async () => [],
    alerts: async () => ({ alerts: [], notices: [] }),
    artifacts: (without, signal) => main.artifacts(without, signal),
    artifactManifest: (version, signal) => main.artifactManifest(version, signal),
    artifactFiles: (signal) => main.artifactFiles(signal),
    eachTrace: async () => [],
    countTraces: async () => new Map(),
    // samples are looked at as lines; of the runs' rows the project itself is asked
    rows: (line, range, signal) => main.rows(line, range, signal),
    beside: (key) => main.beside(key),
    typedValues: (kinds, signal) => main.typedValues(kinds, signal),
    valueTexts: (at, signal) => main.valueTexts(at, signal),
    marks: (signal) => main.marks(signal),
  }

  async function update(onProgress: (rows: number) => void, signal?: AbortSignal | undefined): Promise<void> {
    system ??= await reader.system?.()
    if (!system || (system.done() && !going)) return system?.update(onProgress, signal)
    clearTimeout(lease?.timer)
    lease ??= { abort: new AbortController() }
    const { abort } = lease
    lease.timer = setTimeout(() => abort.abort(), LEASE_MS)
    if (!going) {
      going = system.update(onProgress, abort.signal).finally(() => {
        clearTimeout(lease?.timer)
        going = lease = undefined
      })
      // whoever waits is told; later on whoever asks next
      going.catch(() => {})
    }
    const rows = (): number => (system?.runs() ?? []).reduce((sum, one) => sum + one.rows, 0)
    for (;;) {
      const ended = await orAborted(Promise.race([going?.then(() => true), pause(PATIENCE_MS)]), signal)
      if (ended || !going || rows() > 0) return
    }
  }

  async function whole(signal?: AbortSignal | undefined): Promise<void> {
    do await update(() => {}, signal)
    while (system && !system.done())
  }

  function held(): { bytes: number; identities: object[] } {
    const all = [...runs.values()]
    const means = all.flatMap((one) => [...one.means.values()].map(({ column }) => column))
    const columns = all.flatMap(({ logged }) => logged.columns.metrics.filter((one) => one !== undefined))
    const bytes =
      all.reduce((sum, { logged, steps }) => sum + bytesOf(logged.columns) + steps.byteLength, 0) +
      means.reduce((sum, { data, rows }) => sum + data.byteLength + (rows?.byteLength ?? 0), 0)
    return { bytes, identities: [...columns, ...means] }
  }

  /** Runs by the keys of those that logged metrics; made anew when there are others. */
  function refresh(): Map<RunKey, SystemRun> {
    const logged = system?.runs() ?? []
    const version = `${system?.version()} ${reader.version()}`
    if (version === known) return runs
    known = version
    const listed = main.runs()
    const before = runs
    runs = new Map()
    lines.clear()
    unlisted = []
    const byName = new Map(listed.map((one) => [one.name, one]))
    const byId = new Map(listed.flatMap((one) => (one.id === null ? [] : [[one.id, one] as const])))
    for (const one of logged) {
      const same = listed.find(({ id, name }) => id !== null && id === one.id && name === one.name)
      // a project whose metrics have no ids knows a run by its name
      const found = same ?? (one.id === null || byId.size === 0 ? byName.get(one.name) : byId.get(one.id))
      const taken = found && runs.get(found.key)
      if (!found || (taken && taken.logged.rows >= one.rows)) {
        unlisted.push(one.name)
        continue
      }
      if (taken) unlisted.push(taken.logged.name)
      const old = before.get(found.key)
      runs.set(found.key, old?.logged === one ? { ...old, main: found } : made(one, found))
    }
    return runs
  }

  function made(logged: LoggedRun, of: ProjectRun): SystemRun {
    return {
      logged,
      main: of,
      steps: new Float64Array(0),
      joined: { own: -1, main: -1, exact: false },
      rewritten: 0,
      monotone: true,
      means: new Map(),
      gaps: new WeakMap(),
    }
  }

  function run(key: RunKey): ProjectRun | undefined {
    const all = refresh()
    const line = lines.get(key)
    if (line) return line
    const one = all.get(partOf(key).run)
    if (!one) return undefined
    const { main: of, logged } = one
    const { part } = partOf(key)
    const name = part ? `${of.name} ${part.kind === 'mean' ? 'mean' : part.device}` : of.name
    const found = { key, name, id: of.id, logged, sample: undefined }
    lines.set(key, found)
    return found
  }

  /** The column that a line of a chart shows. */
  function partsOf(
    line: ProjectRun,
    metric: string,
  ):
    | { one: SystemRun; column: MetricColumn; columns: RunColumns; version: string; base: string }
    | undefined {
    const { run: key, part } = partOf(line.key)
    const one = refresh().get(key)
    const keys = system?.keys()
    if (!one || !keys) return undefined
    const { columns } = one.logged
    const columnOf = (name: string): MetricColumn | undefined => {
      const number = keys.byName.get(name)
      return number === undefined ? undefined : columns.metrics[number]
    }
    join(one)
    const column =
      part?.kind === 'mean'
        ? meanOf(one, metric, part.devices, columnOf)
        : columnOf(part ? loggedName(metric, part.device) : metric)
    if (!column || column.length === 0) return undefined
    const base = `${serial}:${column.version}:${one.rewritten}`
    return { one, column, columns, version: `${base}:${column.length}`, base }
  }

  function series(line: ProjectRun, metric: string): RunSeries | undefined {
    const parts = partsOf(line, metric)
    if (!parts) return undefined
    const { one, column, columns, version, base } = parts
    const logged = seriesOf({ ...columns, steps: { data: one.steps, length: one.steps.length } }, column)
    const start = startOf(one.main)
    return {
      ...logged,
      monotone: one.monotone,
      start: start === start ? start : (columns.times.data[0] ?? Number.NaN),
      // monitors write rows of their own: a metric is smoothed over its own samples
      places: { rows: undefined, total: column.length },
      gaps: gapsOf(one, column, logged.times, version),
      version,
      base,
      identity: column,
    }
  }

  function catalogue(): Catalogue {
    const of = main.catalogue()
    const all = refresh()
    const keys = system?.keys()
    const unread = new Map((system?.unread?.() ?? []).map((one) => [one.name, one]))
    const columns = of.runs.map(({ key }) => all.get(key)?.logged)
    const metrics = namesOf(system)
      .map((name): MetricInfo => {
        const key = keys?.byName.get(name) ?? -1
        const own = columns
          .map((logged) => logged?.columns.metrics[key])
          .filter((column) => column !== undefined)
        const late = unread.get(name)
        if (own.length === 0 && late) return late
        return {
          name,
          points: own.reduce((sum, { length }) => sum + length, 0),
          mostInOneRun: Math.max(0, ...own.map(({ length }) => length)),
          integer: own.every(({ integer }) => integer),
          beyondSafe: own.reduce((sum, { beyondSafe }) => sum + beyondSafe, 0),
        }
      })
      .filter(({ points }) => points > 0)
      .sort((a, b) => compare(a.name, b.name))
    const counts = new Uint32Array(metrics.length * of.runs.length)
    metrics.forEach(({ name, points }, m) => {
      const key = keys?.byName.get(name) ?? -1
      const isRead = columns.some((logged) => logged?.columns.metrics[key])
      columns.forEach((logged, r) => {
        // of what was not read it is known how many there are, not whose
        const most = isRead ? 0 : Math.min(points, logged?.rows ?? 0)
        counts[m * columns.length + r] = logged?.columns.metrics[key]?.length ?? most
      })
    })
    const rows = (system?.runs() ?? []).reduce((sum, one) => sum + one.rows, 0)
    return {
      ...of,
      project: info,
      metrics,
      counts,
      others: othersOf(system),
      rows,
      exact: of.exact && (system?.done() ?? true),
      reading: (system?.done() ?? true) ? of.reading : { ...of.reading, state: 'reading', rows },
      notices: [...(system?.notices() ?? []), ...unlistedNotice()],
    }
  }

  function unlistedNotice(): Notice[] {
    if (unlisted.length === 0) return []
    const names = [...new Set(unlisted)]
    const some = names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '')
    const text = `system metrics of ${names.length === 1 ? 'a run' : `${names.length} runs`} not shown: no metrics were logged by ${some}`
    return [{ level: 'info', subject: main.info.name, text }]
  }

  /** Brings a run's steps up to date with what was logged and sampled since. */
  function join(one: SystemRun): void {
    const { main: of, logged, joined } = one
    const exact = main.exact()
    const rows = exact ? of.logged : (of.sample ?? of.logged)
    const [own, others] = [logged.columns.times.length, rows?.columns.steps.length ?? 0]
    if (own === joined.own && others === joined.main && exact === joined.exact) return
    const { times, steps } = rows?.columns ?? {
      times: { data: new Float64Array(0) },
      steps: { data: new Float64Array(0) },
    }
    const next = stepsAt(
      logged.columns.times.data.subarray(0, own),
      times.data.subarray(0, others),
      steps.data.subarray(0, others),
    )
    const before = one.steps
    one.steps = next
    one.joined = { own, main: others, exact }
    one.monotone = isMonotone(next, own)
    for (let i = 0; i < before.length; i++)
      if (before[i] !== next[i] && !(before[i] !== before[i] && next[i] !== next[i])) {
        one.rewritten++
        break
      }
  }
}

function namesOf(system: SystemReader | undefined): string[] {
  return [
    ...new Set([...(system?.keys().names ?? []), ...(system?.unread?.() ?? []).map(({ name }) => name)]),
  ]
}

/** What devices log under these names; a name that is logged stands for itself. */
function loggedNames(metrics: readonly string[], names: readonly string[]): string[] {
  const wanted = new Set(metrics)
  const merged = mergeDevices(names).filter(({ name }) => wanted.has(name))
  return [...new Set([...metrics, ...merged.flatMap(({ logged }) => logged)])]
}

/** Keys with other values than numbers, over all runs. */
function othersOf(system: SystemReader | undefined): OtherKey[] {
  const others: OtherKey[] = [...(system?.others?.() ?? [])]
  system?.keys().names.forEach((name, key) => {
    const kinds = new Map<string, number>()
    for (const run of system.runs())
      for (const [kind, n] of run.kinds[key] ?? []) kinds.set(kind, (kinds.get(kind) ?? 0) + n)
    if (kinds.size > 0) others.push({ name, kinds: Object.fromEntries(kinds) })
  })
  return others.sort((a, b) => compare(a.name, b.name))
}

function gapsOf(one: SystemRun, column: MetricColumn, times: Float64Array, version: string): Uint32Array {
  const known = one.gaps.get(column)
  if (known?.version === version) return known.gaps
  const gaps = gapsIn(times)
  one.gaps.set(column, { version, gaps })
  return gaps
}

/** The mean over devices as a column: the same object while rows are only added. */
function meanOf(
  one: SystemRun,
  metric: string,
  devices: readonly string[],
  columnOf: (name: string) => MetricColumn | undefined,
): MetricColumn | undefined {
  const columns = devices
    .map((device) => columnOf(loggedName(metric, device)))
    .filter((found) => found !== undefined)
  if (columns.length === 0) return undefined
  const slot = [metric, ...devices].join('\n')
  const version = columns.map((column) => `${column.version}:${column.length}`).join()
  const known = one.means.get(slot)
  if (known?.version === version) return known.column
  const times = one.logged.columns.times.data.subarray(0, one.logged.columns.times.length)
  const samples = columns.map(
    ({ data, length, first, rows }): DeviceSamples => ({
      values: data.subarray(0, length),
      first,
      rows: rows?.subarray(0, length),
    }),
  )
  const intervals = samples.map(({ first, rows, values }) =>
    medianInterval(
      rows
        ? Float64Array.from(rows, (row) => times[row] as number)
        : times.subarray(first, first + values.length),
    ),
  )
  const { rows, values } = meanOfDevices(samples, times, HELD * Math.max(...intervals))
  const before = known?.column
  const column = before ?? makeMetricColumn()
  if (
    before &&
    !(before.length <= values.length && before.data.every((value, i) => Object.is(value, values[i])))
  )
    column.version++
  column.data = values
  column.rows = rows
  column.first = rows[0] ?? 0
  column.length = values.length
  column.integer = false
  one.means.set(slot, { version, column })
  return column
}
