import { type AlertsWanted, readAlerts } from '../../bridge/logged-alerts.ts'
import { type LoggedArtifact, readArtifacts } from '../../bridge/logged-artifacts.ts'
import { type FilesWanted, type LoggedFiles, readFiles } from '../../bridge/logged-files.ts'
import { type LoggedMedia, type MediaWanted, readMedia } from '../../bridge/logged-media.ts'
import { type LoggedReport, type ReportsWanted, readReports } from '../../bridge/logged-reports.ts'
import { type LoggedTable, readTables, type TablesWanted } from '../../bridge/logged-tables.ts'
import { type LoggedTrace, readTraces, type TracesWanted } from '../../bridge/logged-traces.ts'
import type { Alert } from '../../model/alert.ts'
import type { Catalogue } from '../../model/catalogue.ts'
import { incomplete } from '../../model/errors.ts'
import type { MetricInfo } from '../../model/metric.ts'
import type { Notice, ProjectInfo } from '../../model/source.ts'
import type { SqlAnswer as SqlRows } from '../../model/sql.ts'
import type { SqlValue } from '../../model/tracking.ts'
import { ApiRun } from './api-run.ts'
import type { Ask, ReadOptions } from './ask.ts'

/** How `project.query` asks. */
export interface QueryOptions extends ReadOptions {
  /** Values of the `?` in the text, in order. */
  bind?: readonly SqlValue[]
  /** Rows that are answered at most. Default: 10,000. */
  most?: number
  /** Hears, in words, what is being done while it takes long. */
  onProgress?: (words: string) => void
}

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

  /**
   * The file that a logged value names by its `file_path`; undefined where it is lost. Rejects where it could not
   * be read.
   */
  media(path: string, options?: ReadOptions): Promise<Blob | undefined>
  /**
   * Images, videos, sounds, HTML pages, 3D objects and texts that its runs logged: of all keys, runs and kinds, or
   * of one. `media(one.path)` gives the bytes of one. Waits as `runs` does, and rejects where not all rows can be
   * read.
   */
  media(wanted?: MediaWanted): Promise<LoggedMedia[]>
  async media(
    of: string | MediaWanted = {},
    options: ReadOptions = {},
  ): Promise<Blob | undefined | LoggedMedia[]> {
    if (typeof of === 'string') return this.#file(of, options)
    await this.#catalogue({ signal: of.signal })
    return this.#ask((engine) =>
      readMedia(engine, this.#info.id, of, (path) => this.#file(path, { signal: of.signal })),
    )
  }

  /**
   * What its runs warned of (`trackio.alert`), newest first: of all runs and levels, or of one. Rejects where not all
   * of it can be read.
   */
  async alerts(wanted: AlertsWanted = {}): Promise<Alert[]> {
    await this.#look(wanted.signal)
    return readAlerts(this.#ask, this.#info.id, wanted)
  }

  /**
   * Its artifacts with their versions, and the runs that made and used them. `version.manifest()` lists the files of
   * one, `version.file(path)` gives the content of one as a Blob.
   *
   * @example
   * const [model] = await project.artifacts()
   * const weights = await model.versions[0].file('model.safetensors')
   */
  async artifacts(options: ReadOptions = {}): Promise<LoggedArtifact[]> {
    await this.#look(options.signal)
    const { id: project } = this.#info
    return readArtifacts(this.#ask, project, options, (digest, signal) =>
      this.#ask((engine) => engine.ask('artifactFile', { project, digest }, { signal })),
    )
  }

  /**
   * Its files as its place has them now: those of `trackio.save`, its data, logged media and what artifacts hold, or
   * one part of them. Each gives its bytes by `blob()`. `listed` is false where the place does not list them, and
   * `why`.
   */
  async files(wanted: FilesWanted = {}): Promise<LoggedFiles> {
    await this.#look(wanted.signal)
    return readFiles(this.#ask, this.#info.id, wanted)
  }

  /**
   * Reports that its runs logged (`trackio.Markdown`): of all keys and runs, or of one. Waits as `runs` does, and
   * rejects where not all rows can be read.
   */
  async reports(wanted: ReportsWanted = {}): Promise<LoggedReport[]> {
    await this.#catalogue({ signal: wanted.signal })
    return this.#ask((engine) => readReports(engine, this.#info.id, wanted))
  }

  /**
   * SQL about its tables, as trackio's database has them (metrics, configs, alerts, traces, artifacts …): one SELECT.
   * A database is asked as it lies; of other sources (Parquet, a server, log fragments), and while log calls
   * wait beside it, the tables that are named are copied first, for which all rows are read. 10,000 rows are
   * answered unless `most` says otherwise; `truncated` says that there are more, `notices` what cannot be
   * read or is not there. Rejects with a TrackioError in SQLite's words, with the place in the text.
   *
   * @example
   * const { columns, rows } = await project.query('SELECT run_name, max(step) FROM metrics GROUP BY 1')
   */
  async query(sql: string, { bind, most, signal, onProgress }: QueryOptions = {}): Promise<SqlRows> {
    await this.#look(signal)
    const asked = { project: this.#info.id, text: sql, bind: bind && [...bind], most }
    return this.#ask((engine) =>
      engine.ask('sql', asked, { signal, onProgress: onProgress && (({ text }) => onProgress(text)) }),
    )
  }

  #file(path: string, { signal }: ReadOptions): Promise<Blob | undefined> {
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
