import { type Connection, connectEngine } from '../../bridge/connect.ts'
import type { EngineApi } from '../../bridge/engine-api.ts'
import type { PortToWorker } from '../../bridge/tracking-start.ts'
import type { Alert as LoggedAlert } from '../../model/alert.ts'
import { ChangedOnDiskError, EngineClosedError, TrackioError } from '../../model/errors.ts'
import { canonicalProject, quoted } from '../../model/project-name.ts'
import type { AddressKind, NamedFile, SourceInfo, SourceRef } from '../../model/source.ts'
import type { SqlValue } from '../../model/tracking.ts'
import { writer } from '../page-connection.ts'
import { ApiProject } from './api-project.ts'
import type { ApiRun } from './api-run.ts'

/** Starts the engine that reads, as the dashboard's. */
export type StartReader = () => PortToWorker

let start: StartReader | undefined

/** Says how it is started; the entry of the package does this. */
export function useReader(starter: StartReader): void {
  start = starter
}

/** How `Api.open` opens. */
export interface OpenOptions {
  /** What an address is meant as. Default: its form decides. */
  as?: AddressKind
  /** Origin of another Hub. Default: `https://huggingface.co`. */
  hub?: string | undefined
  /** Ends it; the call then rejects with an AbortError. */
  signal?: AbortSignal | undefined
}

/** An alert as it is stored. */
export interface StoredAlert {
  /** ISO, UTC. */
  timestamp: string
  run: string
  title: string
  text: string | null
  /** `info`, `warn` or `error`. */
  level: string
  step: number | null
}

/**
 * Reads projects: those tracked in this browser, and everything else that the dashboard opens (files,
 * addresses, the Hub, trackio servers), with the same engine, in a worker of its own. Works in a page, a
 * notebook and a worker.
 *
 * @example
 * const api = new trackio.Api()
 * const [run] = await api.runs('my-project')
 * const { loss } = await run.history(['loss']) // { steps, values, times }: Float64Arrays
 */
export class Api {
  #reader: Reader | undefined
  #closed = false
  /** By source, in the order they were opened. */
  readonly #projects = new Map<string, ApiProject[]>()
  readonly #live = new Set<string>()
  #tracked: Promise<unknown> | undefined
  #trackedId: string | undefined

  /**
   * Opens a source and gives its projects: a File (databases with their `-wal` together), or an address or
   * name as one types it into the dashboard. Without anything: what this browser tracked. Rejects
   * with a TrackioError where nothing can be opened.
   */
  async open(
    what?: File | Iterable<File> | string | readonly string[],
    options: OpenOptions = {},
  ): Promise<ApiProject[]> {
    const info = await this.#ask((engine) => engine.open(refOf(what, options), { signal: options.signal }))
    if (info.live === 'engine') this.#live.add(info.id)
    if (what === undefined) this.#trackedId = info.id
    return this.#take(info)
  }

  /** All projects that are open, and those tracked in this browser. Live sources are looked at again. */
  async projects(): Promise<ApiProject[]> {
    this.#assertOpen()
    if (!this.#tracked) {
      // a browser that tracked nothing yet has nothing to be opened
      const names = await writer().projects()
      if (names.length > 0) this.#tracked ??= this.open()
    }
    await this.#tracked
    await Promise.all([...this.#live].map((source) => this.#look(source)))
    return [...this.#projects.values()].flat()
  }

  /** A project by its name. Throws where none of the open ones, nor of those tracked here, is called so. */
  async project(name: string): Promise<ApiProject> {
    const open =
      [...this.#projects.values()].flat().find((one) => one.name === name) ??
      (await this.projects()).find((one) => one.name === canonicalProject(name))
    if (open) return open
    throw new TrackioError(
      name,
      `Project ${quoted(name)} does not exist`,
      'Open it first: await api.open(file or address).',
    )
  }

  /** Runs of a project, oldest first. Rejects as `project` does, and where not all rows can be read. */
  async runs(project: string): Promise<ApiRun[]> {
    return (await this.project(project)).runs()
  }

  /**
   * Alerts of a project that is open, or was tracked in this browser, newest first. `run`: a name. `since`: a
   * timestamp; later ones alone. Rejects with a TrackioError where there is no such project.
   */
  async alerts(
    project: string,
    filter: { run?: string; level?: string; since?: string } = {},
  ): Promise<StoredAlert[]> {
    const open = this.#opened(project)
    if (open) return (await open.alerts()).filter(isWanted(filter)).map(storedAlert)
    const { rows } = await writer().query(
      project,
      `SELECT timestamp, run_name, title, text, level, step FROM alerts WHERE (?1 IS NULL OR run_name = ?1) AND (?2 IS NULL OR level = ?2)
       AND (?3 IS NULL OR timestamp > ?3) ORDER BY timestamp DESC`,
      [filter.run ?? null, filter.level ?? null, filter.since ?? null],
    )
    return rows.map(([timestamp, run, title, text, level, step]) => ({
      timestamp: String(timestamp),
      run: String(run),
      title: String(title),
      text: text === null || text === undefined ? null : String(text),
      level: String(level),
      step: typeof step === 'number' ? step : null,
    }))
  }

  /**
   * SQL about a project that is open, or was tracked in this browser: all rows as objects. Only SELECT.
   * `project.query` also says how many rows there are, and takes a signal.
   *
   * @example
   * await api.query('my-project', 'SELECT step FROM metrics WHERE run_name = ?', ['run-1'])
   */
  async query(
    project: string,
    sql: string,
    bind: readonly SqlValue[] = [],
  ): Promise<Record<string, SqlValue>[]> {
    const open = this.#opened(project)
    if (open) {
      const answer = await open.query(sql, { bind, most: Number.MAX_SAFE_INTEGER })
      if (answer.truncated)
        throw new TrackioError(
          project,
          `more than ${answer.rows.length.toLocaleString('en')} rows: an answer has no room for them`,
          'Ask for fewer, with LIMIT and OFFSET.',
        )
      return objectsOf(answer)
    }
    const { columns, rows } = await writer().query(project, sql, bind)
    return objectsOf({ columns, rows })
  }

  /**
   * Ends the engine's worker. Whatever is asked of it, of its projects and of their runs from then on is
   * refused.
   */
  close(): void {
    this.#closed = true
    this.#reader?.connection.dispose()
    this.#reader?.worker.end()
    this.#reader = undefined
    this.#projects.clear()
    this.#live.clear()
  }

  /** A project of a source that was opened; what was tracked here is asked where it is written. */
  #opened(name: string): ApiProject | undefined {
    const sources = [...this.#projects].filter(([id]) => id !== this.#trackedId)
    return sources.flatMap(([, projects]) => projects).find((one) => one.name === name)
  }

  /** What a source has now; what it had before stays the same object. */
  #take(info: SourceInfo): ApiProject[] {
    const known = new Map((this.#projects.get(info.id) ?? []).map((one) => [one.file + one.name, one]))
    const found = info.projects.map(
      (project) =>
        known.get(project.file + project.name) ??
        new ApiProject(
          project,
          info.notices,
          (question) => this.#ask(question),
          (signal) => this.#look(info.id, signal),
        ),
    )
    this.#projects.set(info.id, found)
    return found
  }

  /** Looks at a source again, if it is a live one. What is being written just then is tried again. */
  async #look(source: string, signal?: AbortSignal | undefined): Promise<void> {
    for (let tries = 1; this.#live.has(source); tries++) {
      try {
        this.#take(await this.#ask((engine) => engine.refresh({ source }, { signal })))
        return
      } catch (cause) {
        if (!(cause instanceof ChangedOnDiskError) || tries === LOOKS) throw cause
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new EngineClosedError('this Api was closed; new trackio.Api() makes another one')
  }

  #start(): Reader {
    this.#assertOpen()
    if (!this.#reader) {
      if (!start)
        throw new Error('trackio: nothing was said to start the engine; import the package, not its parts')
      const worker = start()
      const connection = connectEngine(worker.port)
      const lost = worker.lost.then((cause): never => {
        throw new EngineClosedError(`the engine ended: ${cause.message}`)
      })
      // whoever waits for an answer hears of it
      lost.catch(() => {})
      this.#reader = { connection, worker, lost }
    }
    return this.#reader
  }

  /** An answer, or why there will be none. */
  async #ask<T>(question: (engine: EngineApi) => Promise<T>): Promise<T> {
    const { connection, lost } = this.#start()
    return Promise.race([question(connection.engine), lost])
  }
}

function objectsOf({
  columns,
  rows,
}: {
  columns: readonly string[]
  rows: readonly SqlValue[][]
}): Record<string, SqlValue>[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null])))
}

function isWanted({
  run,
  level,
  since,
}: {
  run?: string
  level?: string
  since?: string
}): (alert: LoggedAlert) => boolean {
  return (alert) =>
    (run === undefined || alert.runName === run) &&
    (level === undefined || alert.stored === level) &&
    (since === undefined || alert.timestamp > since)
}

function storedAlert({ timestamp, runName, title, text, stored, step }: LoggedAlert): StoredAlert {
  return { timestamp, run: runName, title, text, level: stored, step }
}

/** A database that is written to without a pause is looked at so often before that is said. */
const LOOKS = 5

interface Reader {
  connection: Connection
  worker: PortToWorker
  lost: Promise<never>
}

function refOf(
  what: File | Iterable<File> | string | readonly string[] | undefined,
  { as = 'auto', hub }: OpenOptions,
): SourceRef {
  if (what === undefined) return { kind: 'tracked' }
  const list = typeof what === 'string' || what instanceof Blob ? [what] : [...what]
  const texts = list.filter((one) => typeof one === 'string')
  if (texts.length === list.length && texts.length > 0) {
    const base = typeof document === 'undefined' ? location.href : document.baseURI
    return { kind: 'address', as, texts, base, ...(hub === undefined ? {} : { hub }) }
  }
  const files = list
    .filter((one) => one instanceof File)
    .map((file): NamedFile => ({ path: file.webkitRelativePath || file.name, file }))
  if (files.length !== list.length || files.length === 0)
    throw new TrackioError('open', 'expected files, or addresses, or nothing for what this browser tracked')
  return { kind: 'files', name: files[0]?.path ?? '', files, live: false }
}
