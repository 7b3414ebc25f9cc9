import { type Connection, connectEngine } from '../bridge/connect.ts'
import type { EngineApi } from '../bridge/engine-api.ts'
import type { PortToWorker } from '../bridge/tracking-start.ts'
import type { Catalogue } from '../model/catalogue.ts'
import {
  ChangedOnDiskError,
  EngineClosedError,
  IncompleteError,
  incomplete,
  TrackioError,
} from '../model/errors.ts'
import type { MetricInfo, Series } from '../model/metric.ts'
import { canonicalProject, quoted } from '../model/project-name.ts'
import type { Run as EngineRun, Json } from '../model/run.ts'
import type { AddressKind, NamedFile, Notice, ProjectInfo, SourceInfo, SourceRef } from '../model/source.ts'
import type { SqlValue } from '../model/tracking.ts'
import { writer } from './page-connection.ts'

/** Starts the engine that reads, as the dashboard's. */
export type StartReader = () => PortToWorker

let start: StartReader | undefined

/** Says how it is started; the entry of the package does this. */
export function useReader(starter: StartReader): void {
  start = starter
}

export interface OpenOptions {
  /** What an address is meant as; else its form decides. */
  as?: AddressKind
  /** Origin of another Hub. */
  hub?: string | undefined
  signal?: AbortSignal | undefined
}

/** `signal` ends the work; the call is then rejected with an AbortError. */
export interface ReadOptions {
  signal?: AbortSignal | undefined
}

export interface StoredAlert {
  timestamp: string
  run: string
  title: string
  text: string | null
  level: string
  step: number | null
}

/**
 * Reads projects: those tracked in this browser, and everything else that the dashboard opens (files,
 * addresses, the Hub, trackio servers), with the same engine, in a worker of its own. Works in a page, a
 * notebook and a worker.
 *
 * @example const api = new trackio.Api() const [run] = await api.runs('my-project') const { loss } = await
 * run.history(['loss'])      // { steps, values, times }: Float64Arrays
 */
export class Api {
  #reader: Reader | undefined
  #closed = false
  /** By source, in the order they were opened. */
  readonly #projects = new Map<string, ApiProject[]>()
  readonly #live = new Set<string>()
  #tracked: Promise<unknown> | undefined

  /**
   * Opens a source and gives its projects: a File (databases with their `-wal` together), or an address or
   * name as one types it into the dashboard. Without anything: what this browser tracked.
   */
  async open(
    what?: File | Iterable<File> | string | readonly string[],
    options: OpenOptions = {},
  ): Promise<ApiProject[]> {
    const info = await this.#ask((engine) => engine.open(refOf(what, options), { signal: options.signal }))
    if (info.live === 'engine') this.#live.add(info.id)
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

  /** Runs of a project, oldest first. */
  async runs(project: string): Promise<ApiRun[]> {
    return (await this.project(project)).runs()
  }

  /** Alerts of a project tracked in this browser, newest first. */
  async alerts(
    project: string,
    filter: { run?: string; level?: string; since?: string } = {},
  ): Promise<StoredAlert[]> {
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
   * SQL on the database of a project tracked in this browser: rows as objects. Only SELECT.
   *
   * @example await api.query('my-project', "SELECT step, metrics ->> 'loss' AS loss FROM metrics WHERE
   * run_name = ?", ['run-1'])
   */
  async query(
    project: string,
    sql: string,
    bind: readonly SqlValue[] = [],
  ): Promise<Record<string, SqlValue>[]> {
    const { columns, rows } = await writer().query(project, sql, bind)
    return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null])))
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
  async #ask<T>(question: Question<T>): Promise<T> {
    const { connection, lost } = this.#start()
    return Promise.race([question(connection.engine), lost])
  }
}

/** A database that is written to without a pause is looked at so often before that is said. */
const LOOKS = 5

interface Reader {
  connection: Connection
  worker: PortToWorker
  lost: Promise<never>
}

type Question<T> = (engine: EngineApi) => Promise<T>
type Ask = <T>(question: Question<T>) => Promise<T>

/** A project of an open source. */
export class ApiProject {
  readonly name: string
  /** Path of its database within the source. */
  readonly file: string
  /** What failed or is incomplete in opening its source. */
  readonly notices: readonly Notice[]
  readonly #info: ProjectInfo
  readonly #ask: Ask
  readonly #look: (signal?: AbortSignal | undefined) => Promise<void>

  constructor(
    info: ProjectInfo,
    notices: readonly Notice[],
    ask: Ask,
    look: (signal?: AbortSignal | undefined) => Promise<void>,
  ) {
    this.name = info.name
    this.file = info.file
    this.notices = notices
    this.#info = info
    this.#ask = ask
    this.#look = look
  }

  /**
   * Oldest first; waits until all rows are read, and rejects where they cannot be. A live source is looked at
   * again.
   */
  async runs(options: ReadOptions = {}): Promise<ApiRun[]> {
    const { runs } = await this.#catalogue(options)
    return runs.map((run) => new ApiRun(this, run, this.#info.id, this.#ask))
  }

  /** Its metrics by name, with how many points each has. As with `runs`, a live source is looked at again. */
  async metrics(options: ReadOptions = {}): Promise<MetricInfo[]> {
    return (await this.#catalogue(options)).metrics
  }

  /** The file that a logged value names by its `file_path`; undefined where it is lost. */
  media(path: string, { signal }: ReadOptions = {}): Promise<Blob | undefined> {
    return this.#ask((engine) => engine.ask('media', { project: this.#info.id, path }, { signal }))
  }

  /** All rows of a metric as CSV; rejects where not all could be read. */
  async csv(metric: string, options: ReadOptions = {}): Promise<Blob> {
    const runs = (await this.runs(options)).map(({ key }) => key)
    return this.#ask((engine) => engine.ask('csv', { project: this.#info.id, metric, runs }, options))
  }

  /** Looks at its source again: rows logged since then are there afterwards. */
  async refresh({ signal }: ReadOptions = {}): Promise<void> {
    await this.#ask((engine) => engine.refresh({ source: this.#info.source }, { signal }))
  }

  /** Of all rows. What failed before is tried once more. */
  async #catalogue({ signal }: ReadOptions): Promise<Catalogue> {
    const { id } = this.#info
    await this.#look(signal)
    await this.#ask((engine) => engine.ask('settled', { project: id }, { signal }))
    const catalogue = await this.#ask((engine) => engine.ask('catalogue', { project: id }))
    if (catalogue.reading.state === 'done') return catalogue
    await this.#ask((engine) => engine.resume(id))
    await this.#ask((engine) => engine.ask('settled', { project: id }, { signal }))
    const again = await this.#ask((engine) => engine.ask('catalogue', { project: id }))
    if (again.reading.state !== 'done') throw incomplete(this.file, again.reading)
    return again
  }
}

/** A run of a project. */
export class ApiRun {
  readonly project: string
  /** Null in databases older than trackio 0.24. */
  readonly id: string | null
  readonly key: string
  readonly name: string
  readonly group: string | null
  /** What the person gave as config; null where there is none. */
  readonly config: { [key: string]: Json } | null
  readonly createdAt: string
  readonly rows: number
  readonly lastStep: number | null
  readonly #info: string
  readonly #ask: Ask

  constructor(project: ApiProject, run: EngineRun, info: string, ask: Ask) {
    this.project = project.name
    this.id = run.id
    this.key = run.key
    this.name = run.name
    this.group = run.group
    this.config = run.config
    this.createdAt = run.createdAt
    this.rows = run.rows
    this.lastStep = run.lastStep
    this.#info = info
    this.#ask = ask
  }

  /**
   * Every logged point, unsampled, in row order, as columns (`steps`, `values`, `times` in ms). Without
   * names: all metrics. Rejects where not all rows can be read, with how many were, and why no more.
   */
  async history(metrics?: readonly string[], { signal }: ReadOptions = {}): Promise<Record<string, Series>> {
    const ask = () =>
      this.#ask((engine) =>
        engine.ask(
          'history',
          { project: this.#info, run: this.key, metrics: metrics && [...metrics] },
          { signal },
        ),
      )
    try {
      return await ask()
    } catch (cause) {
      if (!(cause instanceof IncompleteError)) throw cause
      // what failed before is tried once more
      await this.#ask((engine) => engine.resume(this.#info))
      return ask()
    }
  }

  /** Renames a run tracked in this browser, its media with it. */
  async rename(name: string): Promise<void> {
    await writer().renameRun(this.project, this.#ownId(), name)
  }

  /** Deletes a run tracked in this browser; its artifacts and media stay. False when it is gone already. */
  delete(): Promise<boolean> {
    return writer().deleteRun(this.project, this.#ownId())
  }

  #ownId(): string {
    if (this.id === null)
      throw new TrackioError(this.name, 'this run has no id, so it was not tracked in this browser')
    return this.id
  }
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
