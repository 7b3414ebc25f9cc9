import { type LoggedTable, readTables, type TablesWanted } from '../../bridge/logged-tables.ts'
import { type LoggedTrace, readTraces, type TracesWanted } from '../../bridge/logged-traces.ts'
import type { Catalogue } from '../../model/catalogue.ts'
import { incomplete } from '../../model/errors.ts'
import type { MetricInfo } from '../../model/metric.ts'
import type { Notice, ProjectInfo } from '../../model/source.ts'
import { ApiRun } from './api-run.ts'
import type { Ask, ReadOptions } from './ask.ts'

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
    return runs.map((run) => new ApiRun(this.name, run, this.#info.id, this.#ask))
  }

  /** Its metrics by name, with how many points each has. As with `runs`, a live source is looked at again. */
  async metrics(options: ReadOptions = {}): Promise<MetricInfo[]> {
    return (await this.#catalogue(options)).metrics
  }

  /**
   * Tables that its runs logged (`trackio.Table`), with their rows as they were logged: of all keys and runs, or
   * of one. Waits as `runs` does, and rejects where not all rows can be read.
   */
  async tables(wanted: TablesWanted = {}): Promise<LoggedTable[]> {
    await this.#catalogue({ signal: wanted.signal })
    return this.#ask((engine) => readTables(engine, this.#info.id, wanted))
  }

  /**
   * Traces that its runs logged (`trackio.Trace`), with messages, metadata and spans as they were logged: of all
   * runs, or of one. Waits as `runs` does, and rejects where not all can be read.
   */
  async traces(wanted: TracesWanted = {}): Promise<LoggedTrace[]> {
    await this.#catalogue({ signal: wanted.signal })
    return this.#ask((engine) => readTraces(engine, this.#info.id, wanted))
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
