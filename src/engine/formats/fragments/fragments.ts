import { canonicalProject } from '../../../model/project-name.ts'
import type { Json } from '../../../model/run.ts'
import type { Notice } from '../../../model/source.ts'
import type { Tree, TreeEntry } from '../../../storage/tree.ts'
import { decodeStrictly, decodeText, parseLoose } from '../../columns/json.ts'
import { members } from '../../columns/members.ts'
import type { OpenDataset, OpenOptions, ProjectReader } from '../dataset.ts'
import { sizeOf } from '../listing.ts'
import { type LooseRows, looseSystem, makeLooseRows } from '../loose-rows.ts'
import { storedRow } from '../stored-row.ts'
import { addRow, emptyRows, ROW_TABLES, RUN_TABLES, type TableRows } from '../table-rows.ts'
import { type InboxFiles, isInbox } from './inbox-files.ts'

/*
 * Log calls as lines of JSON, which trackio writes where no database can be written to (a network drive, a
 * Space that does not answer) and puts into the database later. Lines that are no JSON (the last one of a
 * file that is being written) and kinds that are not known are skipped, as trackio does.
 */

/** One call of `log`. */
export interface Fragment {
  /** As it is called on disk, whatever was given to `init`. */
  project: string
  id: string | null
  name: string
  timestamp: string
  /** Null: one more than the run's greatest stored step. */
  step: number | null
  /** The metrics as they are written, traces left out: those are stored apart. */
  payload: Uint8Array
  config: { [key: string]: Json } | undefined
  logId: string | null
  /** The traces that were left out. */
  traces: LoggedTrace[]
}

/** A trace as it was logged with a row; the texts are JSON. */
interface LoggedTrace {
  key: string
  /** Its place in a list of traces. */
  index: number | null
  messages: string
  metadata: string
  spans: string
}

const encoder = new TextEncoder()

/** An alert on its way. */
export interface AlertFragment {
  /** As it is called on disk. */
  project: string
  /** By the columns of the table that it is put into. */
  cells: Record<string, string | null>
}

/** One call of `log_system`. */
export type SystemFragment = Omit<Fragment, 'step' | 'config' | 'traces'>

/** What a file of the inbox holds. */
export interface FragmentFile {
  fragments: Fragment[]
  alerts: AlertFragment[]
  system: SystemFragment[]
  /** Lines that are no JSON, without a last one that may be being written. */
  skipped: number
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text as its lines; undefined for one whose bytes are no UTF-8. */
function linesOf(bytes: Uint8Array): (string | undefined)[] {
  try {
    return splitLines(decoder.decode(bytes))
  } catch {
    // each by itself: the others are what they are. A byte of a character of several is never one that ends a
    // line
    const lines: (string | undefined)[] = []
    for (let from = 0; from <= bytes.length; ) {
      let to = from
      while (to < bytes.length && bytes[to] !== 0x0a && bytes[to] !== 0x0d) to++
      lines.push(decodeStrictly(bytes.subarray(from, to)))
      from = to + 1
    }
    return lines
  }
}

/**
 * A line as trackio parses it: what Python's `bytes.strip` takes off around it is more than JSON allows
 * there, and less than `trim` takes off.
 */
function strip(line: string): string {
  // not by a pattern: one for the end looks at a row of spaces in the middle once for each of them
  let [from, to] = [0, line.length]
  while (from < to && isSpace(line[from] as string)) from++
  while (from < to && isSpace(line[to - 1] as string)) to--
  return line.slice(from, to)
}

function isSpace(c: string): boolean {
  return c === ' ' || c === '\t' || c === '\v' || c === '\f'
}

function splitLines(text: string): string[] {
  return text.split(/[\r\n]/)
}

/** The log calls among the lines of a file, and how many lines are none for not being JSON. */
export function readLines(bytes: Uint8Array): FragmentFile {
  const lines = linesOf(bytes)
  const fragments: Fragment[] = []
  const alerts: AlertFragment[] = []
  const system: SystemFragment[] = []
  let skipped = 0
  for (const [at, whole] of lines.entries()) {
    const line = whole === undefined ? undefined : strip(whole)
    if (line === '') continue
    const record = line === undefined ? undefined : strictly(line)
    // a last line without its end may be one that is being written
    if (record === undefined) skipped += at < lines.length - 1 ? 1 : 0
    else {
      fragments.push(...fragmentIn(record, line ?? ''))
      alerts.push(...alertIn(record))
      system.push(...systemIn(record, line ?? ''))
    }
  }
  return { fragments, alerts, system, skipped }
}

/** Undefined for what trackio does not take for JSON either; null is JSON. */
function strictly(line: string): Json | undefined {
  try {
    return JSON.parse(line) as Json // any JSON value is a Json
  } catch {
    return undefined
  }
}

function fragmentIn(record: Json | undefined, line: string): Fragment[] {
  if (!isObject(record) || record.kind !== 'metric') return []
  const { step, config } = record
  return rowIn(record, line).map((row) => ({
    ...row,
    step: typeof step === 'number' ? step : null,
    config: isObject(config) ? config : undefined,
    traces: tracesIn(record.metrics),
  }))
}

function systemIn(record: Json, line: string): SystemFragment[] {
  return isObject(record) && record.kind === 'system_metric' ? rowIn(record, line) : []
}

/** Those without a project or a run are passed by, as trackio does. */
function rowIn(record: { [key: string]: Json }, line: string): SystemFragment[] {
  const { project, run, run_id: id, timestamp, log_id: logId } = record
  if (typeof project !== 'string' || project === '' || typeof run !== 'string' || run === '') return []
  const metrics = isObject(record.metrics) ? withoutTraces(members(line).get('metrics') ?? '{}') : '{}'
  return [
    {
      project: canonicalProject(project),
      name: run,
      // before run ids, and for callers that send none, the name is the id
      id: typeof id === 'string' && id !== '' ? id : run,
      timestamp: typeof timestamp === 'string' ? timestamp : '',
      payload: encoder.encode(metrics),
      logId: typeof logId === 'string' ? logId : null,
    },
  ]
}

/** trackio leaves out those without a project or a run; a title or a level that is missing is filled in. */
function alertIn(record: Json): AlertFragment[] {
  if (!isObject(record) || record.kind !== 'alert') return []
  const { project, run } = record
  if (typeof project !== 'string' || project === '' || typeof run !== 'string' || run === '') return []
  const text = (name: string): string | null => {
    const value = record[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null
  }
  const cells = {
    run_name: run,
    run_id: text('run_id') || run,
    level: text('level') || 'WARN',
    title: text('title') ?? '',
  }
  const others = ['timestamp', 'text', 'step', 'alert_id'].map((name) => [name, text(name)])
  return [{ project: canonicalProject(project), cells: { ...cells, ...Object.fromEntries(others) } }]
}

/** Adds those alerts of a project that the table does not hold, each once. */
export function addAlerts(table: TableRows, alerts: readonly AlertFragment[], project: string): void {
  const known = new Set(table.columns.alert_id)
  for (const { project: of, cells } of alerts) {
    const id = cells.alert_id ?? null
    if (of !== project || (id !== null && known.has(id))) continue
    known.add(id)
    addRow(table, (column) => cells[column] ?? null)
  }
}

/** The row of configs that a log call stands for, by the table's columns. */
export function configCells({ id, name, config }: Fragment): (column: string) => Json {
  const cells: { [column: string]: Json } = { run_id: id, run_name: name, config: config ?? null }
  return (column) => cells[column] ?? null
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Those that are not stored yet, each once. */
export function newFragments<F extends { logId: string | null }>(
  fragments: readonly F[],
  stored: ReadonlySet<string>,
): F[] {
  const seen = new Set(stored)
  return fragments.filter(({ logId }) => {
    if (logId === null) return true
    if (seen.has(logId)) return false
    seen.add(logId)
    return true
  })
}

/**
 * Step of each fragment. Missing ones of a run count on from its greatest stored one; logged ones of the same
 * batch do not count for them: trackio asks for the greatest before it inserts.
 */
export function nextSteps(
  fragments: readonly Fragment[],
  lastStep: (fragment: Fragment) => number | undefined,
): number[] {
  const next = new Map<string, number>()
  return fragments.map((fragment) => {
    if (fragment.step !== null) return fragment.step
    const run = [fragment.project, fragment.id, fragment.name].join('\n')
    const stored = lastStep(fragment)
    const step = next.get(run) ?? (stored === undefined || Number.isNaN(stored) ? 0 : stored + 1)
    next.set(run, step + 1)
    return step
  })
}

/**
 * Of each tree, by inbox and file: what was read last. The databases of a folder share an inbox, which is
 * read once for all of them.
 */
const inboxes = new WeakMap<Tree, Map<string, Map<string, { stamp: string; file: Promise<FragmentFile> }>>>()
/** Files that are read side by side. */
const AT_ONCE = 64

/**
 * The log calls of each file of an inbox, all of whose files are given. They are written once, so those that
 * were read are not read again.
 */
export async function readFragments(
  files: readonly TreeEntry[],
  tree: Tree,
  options: OpenOptions = {},
): Promise<FragmentFile[]> {
  const all = inboxes.get(tree) ?? new Map()
  inboxes.set(tree, all)
  const folder = files[0]?.path.replace(/[^/]+\/[^/]+$/, '') ?? ''
  const before = all.get(folder)
  // what is gone from the inbox is forgotten
  const now: typeof before = new Map()
  all.set(folder, now)
  const read: FragmentFile[] = []
  for (let i = 0; i < files.length; i += AT_ONCE) {
    options.signal?.throwIfAborted()
    const some = files.slice(i, i + AT_ONCE).map(({ path, stamp }) => {
      const known = before?.get(path)
      const entry = known?.stamp === stamp ? known : { stamp, file: readFile(path) }
      now?.set(path, entry)
      entry.file.catch(() => now?.delete(path))
      return entry.file
    })
    read.push(...(await Promise.all(some)))
    if (files.length > AT_ONCE)
      options.onProgress?.(
        `reading log fragments ${Math.min(files.length, i + AT_ONCE)} of ${files.length}`,
        0,
        0,
      )
  }
  return read

  async function readFile(path: string): Promise<FragmentFile> {
    return readLines(new Uint8Array(await (await tree.blob(path)).arrayBuffer()))
  }
}

/** What is to be said of lines that are no JSON. */
function skippedLines(path: string, skipped: number): Notice[] {
  if (skipped === 0) return []
  const text = `${skipped.toLocaleString('en')} ${skipped === 1 ? 'line' : 'lines'} skipped: no JSON, so trackio does not take ${skipped === 1 ? 'it' : 'them'} either`
  return [{ level: 'warn', subject: path, text }]
}

/** A project that exists as fragments alone. */
interface FragmentsProject {
  name: string
  rows: LooseRows
  system: LooseRows
  configs: TableRows
  traces: TableRows
  reader: ProjectReader
}

/** Projects that exist as fragments alone. */
export async function openFragments(
  files: InboxFiles,
  tree: Tree,
  options: OpenOptions,
): Promise<OpenDataset> {
  let elsewhere = new Set(files.elsewhere)
  const projects = new Map<string, FragmentsProject>()
  const seen = new Map<string, string>()
  const logIds = new Set<string>()
  let alerts: AlertFragment[] = []
  let bytes = sizeOf(files.inbox)
  let skipped = 0
  await take(files, options)

  const dataset: OpenDataset = {
    path: files.path,
    get bytes() {
      return bytes
    },
    get projects() {
      return [...projects.values()].map(({ name, reader }) => ({
        info: { name, file: files.path, bytes },
        reader,
      }))
    },
    notices: [],
    read: async () => {},
    stop: () => {},
    done: () => true,
    async refresh(next) {
      if (!isInbox(next)) return 'other'
      // files are written once; one that changed or went (it was put into a database) makes rows that are
      // here wrong
      const now = new Map(next.inbox.map(({ path, stamp }) => [path, stamp]))
      if ([...seen].some(([path, stamp]) => now.get(path) !== stamp)) return 'other'
      // a database that came takes its lines, one that went leaves them
      const databases = new Set(next.elsewhere)
      if (
        next.elsewhere.some((name) => projects.has(name)) ||
        [...elsewhere].some((name) => !databases.has(name))
      )
        return 'other'
      elsewhere = databases
      bytes = sizeOf(next.inbox)
      return (await take(next)) > 0 ? 'more' : 'same'
    },
  }
  return dataset

  async function take(now: InboxFiles, wait: OpenOptions = {}): Promise<number> {
    const read = await readFragments(now.inbox, tree, wait)
    const before = new Set(seen.keys())
    const fragments = newFragments(
      now.inbox.flatMap(({ path }, i) => (seen.has(path) ? [] : (read[i]?.fragments ?? []))),
      logIds,
    )
    skipped = read.reduce((sum, file) => sum + file.skipped, 0)
    alerts = read.flatMap((file) => file.alerts)
    for (const { path, stamp } of now.inbox) seen.set(path, stamp)
    const own = fragments.filter(({ project }) => !elsewhere.has(project))
    const steps = nextSteps(own, ({ project, id, name }) => {
      const runs = projects.get(project)?.rows.runs
      return runs?.find((run) => run.id === id && run.name === name)?.span().lastStep
    })
    own.forEach((fragment, i) => {
      if (fragment.logId !== null) logIds.add(fragment.logId)
      const { rows, configs } = projectOf(fragment.project)
      const { id, name, timestamp, payload, config } = fragment
      rows.add({ id, name, timestamp, step: steps[i], payload })
      if (config) addRow(configs, configCells(fragment))
      if (fragment.traces.length > 0)
        addTraces(projectOf(fragment.project).traces, fragment, steps[i] ?? null)
    })
    const samples = newFragments(
      now.inbox.flatMap(({ path }, i) => (before.has(path) ? [] : (read[i]?.system ?? []))),
      logIds,
    ).filter(({ project }) => !elsewhere.has(project))
    for (const { project, logId, ...row } of samples) {
      if (logId !== null) logIds.add(logId)
      projectOf(project).system.add({ ...row, step: undefined })
    }
    for (const { rows, system } of projects.values()) {
      rows.settle()
      system.settle()
    }
    return own.length + samples.length
  }

  function projectOf(name: string): FragmentsProject {
    const known = projects.get(name)
    if (known) return known
    const rows = makeLooseRows({ keepPayloads: true })
    const system = makeLooseRows({ keepPayloads: true })
    const configs = emptyRows(RUN_TABLES.configs)
    const traces = emptyRows(ROW_TABLES.traces)
    const reader: ProjectReader = {
      keys: () => rows.keys,
      runs: () => rows.runs,
      version: () => rows.runs.length,
      samples: () => [],
      runTables: () => ({ configs }),
      hasIds: () => true,
      part: () => null,
      exact: () => true,
      readUpTo: () => Number.POSITIVE_INFINITY,
      reading: () => ({ state: 'done', bytes, totalBytes: bytes, rows: rows.rows }),
      notices: () => [
        {
          level: 'info',
          subject: name,
          text: 'read from log fragments that trackio has not put into a database yet',
        },
        ...skippedLines(files.path, skipped),
      ],
      keepsText: true,
      async storedRows(logged, { rows: wanted }) {
        const run = rows.runs.find((one) => one === logged)
        if (!run) return []
        return Array.from(wanted, (row) => {
          const payload = run.payloads[row]
          return payload && storedRow(run.stamps[row] ?? '', decodeText(payload))
        })
      },
      countBeside: async () => (traces.rows > 0 ? [{ table: 'traces', rows: traces.rows }] : []),
      async tableRows(table) {
        // what is given out is the caller's
        if (table === 'traces' && traces.rows > 0) return structuredClone(traces)
        if (table === 'configs' && configs.rows > 0) return structuredClone(configs)
        if (table === 'system_metrics' && system.rows > 0) return samplesOf(system)
        if (table !== 'alerts') return undefined
        const found = emptyRows(ROW_TABLES.alerts)
        addAlerts(found, alerts, name)
        return found
      },
      system: async () => (system.rows > 0 ? looseSystem(system, name, async () => {}) : undefined),
    }
    const made = { rows, system, configs, traces, reader, name }
    projects.set(name, made)
    return made
  }
}

/** As their table has them, run by run. */
function samplesOf(system: LooseRows): TableRows {
  const found = emptyRows(ROW_TABLES.system_metrics)
  for (const { id, name, stamps, payloads } of system.runs)
    for (const [row, payload] of payloads.entries()) {
      const cells: Record<string, Json> = {
        ...{ id: String(found.rows + 1), run_id: id, run_name: name, timestamp: stamps[row] ?? '' },
        metrics: decodeText(payload),
      }
      addRow(found, (column) => cells[column] ?? null)
    }
  return found
}

function tracesIn(metrics: Json | undefined): LoggedTrace[] {
  return Object.entries(isObject(metrics) ? metrics : {}).flatMap(([key, value]): LoggedTrace[] => {
    if (!isTrace(value)) return []
    const several = Array.isArray(value)
    return (several ? value : [value]).flatMap((one, index): LoggedTrace[] => {
      if (!isObject(one)) return []
      const { messages = [], metadata = {}, spans = [] } = one
      const texts = { messages: JSON.stringify(messages), metadata: JSON.stringify(metadata) }
      return [{ key, index: several ? index : null, ...texts, spans: JSON.stringify(spans) }]
    })
  })
}

/** Adds the traces of a log call as trackio will store them; one without an id gets its place for one. */
export function addTraces(table: TableRows, fragment: Fragment, step: number | null): void {
  const { id: run, name, timestamp, logId, traces } = fragment
  for (const { key, index, messages, metadata, spans } of traces) {
    const id = [run ?? name, logId ?? `row ${table.rows}`, key, ...(index === null ? [] : [index])].join(':')
    const cells: Record<string, Json> = {
      ...{ id, run_id: run, run_name: name, timestamp, step: step === null ? null : String(step), key },
      ...{ trace_index: index === null ? null : String(index), messages, metadata, spans },
    }
    addRow(table, (column) => cells[column] ?? null)
  }
}

/** Traces are rows of a table of their own: what is left of the call may be `{}`. */
function withoutTraces(metrics: string): string {
  if (!metrics.includes('trackio.trace')) return metrics
  const kept = [...members(metrics)].filter(([, value]) => !isTrace(parseLoose(value)))
  return `{${kept.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
}

function isTrace(value: Json | undefined): boolean {
  if (Array.isArray(value))
    return value.length > 0 && value.every((one) => one === null || isTrace(one)) && value.some(isTrace)
  return value !== null && typeof value === 'object' && value._type === 'trackio.trace'
}
