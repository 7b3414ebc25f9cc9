import type { WriterApi } from '../bridge/writer-api.ts'
import { TrackioError } from '../model/errors.ts'
import { canonicalProject, quoted } from '../model/project-name.ts'
import type { AlertRow, Batch, Delivered, DeliverTo, RunBegun } from '../model/tracking.ts'
import { type Alert, AlertLevel, alertLevelOf, postAlert, printAlert } from './alerts.ts'
import { Artifact, checkAliases } from './artifact.ts'
import { type OpenRow, rowOf, systemRowOf } from './logged-row.ts'
import { holdOpen } from './open-runs.ts'
import type { Outbox, Parcel, Sender } from './outbox.ts'
import { makeRowBuffer, randomHex, sizeOf } from './row-buffer.ts'
import { jsonOf, plainConfig } from './stored-json.ts'
import type { FileSource } from './values/media.ts'
import { warn, wordsOf } from './warn.ts'

export interface RunSettings {
  project: string
  name: string | null
  group: string | null
  config: Record<string, unknown>
  resume: 'never' | 'allow' | 'must'
  /** Where rows are to be delivered later: a Space, or a server's address. */
  target: string | null
  deliverTo: DeliverTo
  webhookUrl: string | null
  webhookMinLevel: AlertLevel | undefined
}

/** What a run needs of the page that it logs from. */
export interface Desk {
  writer(): WriterApi
  /** Asks again when the writer was lost in between. */
  persistently<T>(ask: (writer: WriterApi) => Promise<T>): Promise<T>
  outbox: Outbox
}

export interface AlertOptions {
  text?: string | null
  level?: AlertLevel | string
  step?: number
  webhookUrl?: string | null
}

export interface ArtifactOptions {
  /** Of a file that is logged as an artifact. */
  name?: string | undefined
  type?: string | undefined
  aliases?: readonly string[]
  /** Removes all other versions. */
  overwrite?: boolean
}

/** What became of a run when it ended. */
export interface Finished {
  project: string
  run: string
  /** Rows that were logged, metrics and system metrics. */
  rows: number
  /**
   * Rows that are nowhere: they found no room in memory, were no rows (`log(null)`), or the run could not
   * begin.
   */
  dropped: number
  /** Values that could not be stored and were left out of their rows. */
  leftOut: number
  /** Media files that could not be stored; the rows that name them are. */
  unstored: number
  /**
   * Rows still waiting because the storage refused them; they are tried again as long as the page is open.
   */
  waiting: number
  /** `memory`: they are gone with the tab, unless `download()` saves them. */
  kept: 'stored' | 'memory'
  /** For a run with a `spaceId` or `serverUrl`: what happened to its rows there. */
  delivery?: Delivered
}

/** As long as trackio's own finish waits, ms. */
const LONGEST_DELIVERY = 30_000

/** The counter stands still while the past is written: until the run is known to the storage. */
type Later = () => void

/**
 * A run that is logged to. Made by `trackio.init`; everything may be called at once, also before `init` has
 * resolved.
 */
export class Run {
  readonly project: string
  readonly group: string | null
  /**
   * What was given to `init`, and `_Username`, `_Created`, `_Group`. Stored with the first row: changes after
   * it are not.
   */
  readonly config: Record<string, unknown>
  readonly url: null = null
  /** Resolves when the storage knows the run, with what it knows; rejects when the run cannot begin. */
  readonly begun: Promise<RunBegun>
  readonly #desk: Desk
  readonly #settings: RunSettings
  readonly #rows = makeRowBuffer(true, (key, cause) => this.#leaveOut('log', key, cause))
  readonly #system = makeRowBuffer(false, (key, cause) => this.#leaveOut('log_system', key, cause))
  readonly #sender: Sender
  #alerts: AlertRow[] = []
  #id = randomHex(32)
  #name: string | null
  #known: RunBegun | undefined
  #early: Later[] = []
  #configText: string | undefined
  #configTaken = false
  #next = 0
  #lastTime = 0
  #logged = 0
  #taken = 0
  #stored = 0
  #dropped = 0
  #leftOut = 0
  #unstored = 0
  #ended = false
  #release: (() => void) | undefined

  constructor(settings: RunSettings, desk: Desk, before: Promise<unknown>) {
    this.#settings = settings
    this.#desk = desk
    this.project = settings.project
    this.group = settings.group
    this.#name = settings.name
    this.config = {
      ...settings.config,
      _Username: null,
      _Created: new Date().toISOString().replace('Z', '+00:00'),
      _Group: settings.group,
    }
    const self = this
    this.#sender = {
      project: settings.project,
      get logged() {
        return self.#logged
      },
      get taken() {
        return self.#taken
      },
      take: () => this.#take(),
      stored: (pieces) => {
        this.#stored += pieces
      },
      unstored: (files) => {
        this.#unstored += files
      },
      hold: () => this.#hold(),
    }
    desk.outbox.join(this.#sender)
    const { project, name, resume, target, deliverTo } = settings
    this.begun = before
      .then(() =>
        desk.persistently((writer) =>
          writer.begin({ project, name, id: this.#id, resume, space: target, deliverTo }),
        ),
      )
      .then((begun) => {
        this.#begin(begun)
        return begun
      })
    this.begun.catch((cause: unknown) => this.#giveUp(cause))
  }

  /** 32 hex digits; of a resumed run, once it is known. */
  get id(): string {
    return this.#id
  }

  /** Empty until the storage has given an automatic one. */
  get name(): string {
    return this.#name ?? ''
  }

  /**
   * Logs a row. Returns at once and never throws: what cannot be stored is left out with a warning. Without
   * `step` it is one above the last.
   *
   * @example run.log({ loss: 0.3, 'eval/accuracy': 0.9 }, 120)
   */
  log(metrics: Record<string, unknown>, step?: number | { step?: number }): void {
    try {
      const given = typeof step === 'object' && step !== null ? this.#stepOption(step) : step
      if (given !== undefined && given !== null && typeof given !== 'number' && typeof given !== 'bigint') {
        throw new TypeError(`step must be a number, not ${quoted(String(given))}`)
      }
      const explicit = given === undefined || given === null ? undefined : Number(given)
      if (explicit !== undefined && !Number.isFinite(explicit))
        throw new TypeError(`step must be a finite number, not ${explicit}`)
      if (this.#ended)
        throw new TypeError(`run '${this.name}' has been finished; call trackio.init() for a new one`)
      const row = rowOf(metrics, (key, why) => this.#leaveOut('log', key, why))
      this.#configText ??= this.#writeConfig()
      const time = this.#now()
      const kept = this.#admit(sizeOf(row))
      if (this.#known) this.#add(kept ? row : undefined, explicit, time)
      else this.#early.push(() => this.#add(kept ? row : undefined, explicit, time))
      this.#desk.outbox.soon(time)
    } catch (cause) {
      if (!this.#ended) this.#dropped++
      warn(`trackio.log() failed to process metrics: ${wordsOf(cause)}`)
    }
  }

  /**
   * Logs system metrics (temperatures, memory, frame rates): a row with its own time and no step. Never
   * throws.
   */
  logSystem(metrics: Record<string, unknown>): void {
    try {
      if (this.#ended)
        throw new TypeError(`run '${this.name}' has been finished; call trackio.init() for a new one`)
      const time = this.#now()
      const row = systemRowOf(metrics, (key, why) => this.#leaveOut('log_system', key, why))
      if (this.#admit(sizeOf(row))) this.#system.push(time, 0, row)
      this.#desk.outbox.soon(time)
    } catch (cause) {
      if (!this.#ended) this.#dropped++
      warn(`trackio.log_system() failed: ${wordsOf(cause)}`)
    }
  }

  /**
   * Fires an alert: printed to the console, stored, shown in the dashboard, and posted to the webhook if
   * there is one. Without `step` it is that of the last row.
   */
  alert(title: string, options: AlertOptions = {}): void {
    try {
      const level = alertLevelOf(options.level ?? AlertLevel.WARN)
      const time = this.#now()
      this.#logged++
      this.#later(() => {
        const step = options.step ?? Math.max(this.#next - 1, 0)
        const alert: Alert = {
          level,
          title: String(title),
          text: options.text ?? null,
          project: this.project,
          run: this.name,
          step,
          timestamp: new Date(time).toISOString().replace('Z', '+00:00'),
        }
        this.#alerts.push({ id: randomHex(32), time, title: alert.title, text: alert.text, level, step })
        printAlert(alert)
        const url = options.webhookUrl ?? this.#settings.webhookUrl
        if (url) postAlert(url, alert, this.#settings.webhookMinLevel)
      })
      this.#desk.outbox.soon(time)
    } catch (cause) {
      warn(`trackio.alert() failed: ${wordsOf(cause)}`)
    }
  }

  /** Logs files as a version of an artifact that this run made. Resolves when it is stored. */
  async logArtifact(artifact: Artifact | FileSource, options: ArtifactOptions = {}): Promise<Artifact> {
    const { name, type, aliases, overwrite = false } = options
    let logged: Artifact
    if (artifact instanceof Artifact) {
      if (name !== undefined || type !== undefined)
        throw new TrackioError(
          'logArtifact',
          'name/type can only be passed when logging a path; set them on the Artifact instead.',
        )
      logged = artifact
    } else {
      const own =
        artifact instanceof File
          ? artifact.name
          : artifact instanceof Blob
            ? undefined
            : String(artifact).split('/').at(-1)
      logged = new Artifact(name ?? own ?? '', type ?? 'unspecified')
      logged.addFile(artifact, own ?? name)
    }
    if (typeof overwrite !== 'boolean')
      throw new TrackioError('logArtifact', `overwrite must be a boolean, got ${quoted(String(overwrite))}.`)
    const checked = checkAliases(aliases)
    await this.begun
    const ref = { project: this.project, id: this.#id, name: this.name }
    const record = await this.#desk
      .writer()
      .logArtifact(await Artifact.prepare(logged, { run: ref, aliases: checked, overwrite }))
    return Artifact.hydrate(logged, this.project, record, (project, digest) =>
      this.#desk.writer().artifactBlob(project, digest),
    )
  }

  /**
   * Fetches an artifact (`name`, `name:v3`, `name:alias`, or one that was logged) and notes that this run
   * used it.
   */
  async useArtifact(artifact: Artifact | string, type?: string): Promise<Artifact> {
    const identity = artifact instanceof Artifact ? Artifact.identity(artifact) : undefined
    if (artifact instanceof Artifact && !identity)
      throw new TrackioError(
        'useArtifact',
        'use_artifact() with an Artifact instance requires an artifact that has already been logged or fetched.',
      )
    const spec = identity ? `${identity.record.name}:v${identity.record.version}` : String(artifact)
    const project = identity?.project ?? this.project
    const at = spec.indexOf(':')
    const name = at < 0 ? spec : spec.slice(0, at)
    if (at >= 0 && at === spec.length - 1)
      throw new TrackioError(
        'useArtifact',
        `Artifact spec ${quoted(spec)} has an empty version/alias after ':'. Use 'name:vN' or 'name:alias', or drop the colon to get latest.`,
      )
    if (name.startsWith('registry-') && name.includes('/'))
      throw new TrackioError(
        'useArtifact',
        `Resolving a registry location (${quoted(spec)}) is not supported in a page. Fetch the source version by its own name.`,
      )
    await this.begun
    const writer = this.#desk.writer()
    const record = await writer.artifact(project, name, at < 0 ? '' : spec.slice(at + 1))
    if (!record)
      throw new TrackioError(
        'useArtifact',
        `Artifact ${quoted(spec)} not found in project ${quoted(project)}.`,
      )
    if (type !== undefined && record.type !== type)
      throw new TrackioError(
        'useArtifact',
        `Artifact ${quoted(spec)} has type ${quoted(record.type)}, not ${quoted(type)}.`,
      )
    await writer.useArtifact(project, record.versionId, {
      project: this.project,
      id: this.#id,
      name: this.name,
    })
    return Artifact.hydrate(new Artifact(record.name, record.type), project, record, (from, digest) =>
      writer.artifactBlob(from, digest),
    )
  }

  /** Registries are trackio's own; what a page logs can be linked from Python. */
  linkArtifact(): never {
    throw new TrackioError(
      'linkArtifact',
      'trackio.Run.link_artifact is not implemented in a page: registries are written by the Python package.',
    )
  }

  /**
   * Resolves when every row logged so far is stored. Rejects with why it cannot be; the rows are kept in
   * memory and tried again.
   */
  async flush(): Promise<void> {
    await this.begun
    await this.#desk.outbox.flush(this.#sender)
  }

  /**
   * Ends the run: resolves when every row is stored, and those for a Space are in its bucket or could not be
   * brought there, with what became of them. Never rejects.
   */
  async finish(): Promise<Finished> {
    const report = await this.end()
    const { target, deliverTo } = this.#settings
    if (target !== null) report.delivery = await this.#deliver(target, deliverTo)
    if (report.delivery?.state === 'kept') {
      const { why, action } = report.delivery
      warn(
        `trackio: rows of run '${this.name}' for ${target} are kept in this browser: ${why}. ${action}`.trim(),
      )
    }
    return report
  }

  /** The same without waiting for what goes on to a Space: another run begins. */
  async end(): Promise<Finished> {
    this.#ended = true
    const { outbox } = this.#desk
    let kept: Finished['kept'] = 'memory'
    try {
      kept = (await this.begun).keeping.kind
      await outbox.flush(this.#sender)
      await this.#desk.writer().checkpoint(this.project)
    } catch (cause) {
      const waiting = this.#logged - this.#stored
      if (waiting > 0)
        warn(
          `trackio.finish() could not store ${waiting} rows of run '${this.name}': ${wordsOf(cause)}. They are tried again as long as this page is open.`,
        )
    }
    if (this.#logged === this.#stored) outbox.leave(this.#sender)
    this.#release?.()
    return {
      project: this.project,
      run: this.name,
      rows: this.#logged,
      dropped: this.#dropped,
      leftOut: this.#leftOut,
      unstored: this.#unstored,
      waiting: this.#logged - this.#stored,
      kept,
    }
  }

  async #deliver(target: string, to: DeliverTo): Promise<Delivered> {
    const late = new Promise<Delivered>((resolve) => {
      const why = `not there after ${LONGEST_DELIVERY / 1000} s`
      setTimeout(
        () =>
          resolve({ state: 'kept', target, why, action: 'They go on their way while this page is open.' }),
        LONGEST_DELIVERY,
      )
    })
    const sent = this.#desk.writer().deliver(this.project, target, to)
    return Promise.race([sent, late]).catch((cause: unknown) => ({
      state: 'kept' as const,
      target,
      why: wordsOf(cause),
      action: '',
    }))
  }

  // the names that code from Python has
  log_system(metrics: Record<string, unknown>): void {
    this.logSystem(metrics)
  }

  log_artifact(artifact: Artifact | FileSource, options?: ArtifactOptions): Promise<Artifact> {
    return this.logArtifact(artifact, options)
  }

  use_artifact(artifact: Artifact | string, type?: string): Promise<Artifact> {
    return this.useArtifact(artifact, type)
  }

  link_artifact(): never {
    return this.linkArtifact()
  }

  /** Not in trackio. */
  get summary(): never {
    throw new TrackioError(
      'summary',
      'trackio has no run.summary: the dashboard shows the last value of each metric. Log the value, or put it into config before the first log().',
    )
  }

  #stepOption(options: { step?: number }): number | undefined {
    for (const key of Object.keys(options))
      if (key !== 'step') warn(`trackio.log() has no option '${key}': every call makes one row`)
    return options.step
  }

  /** A row's time never goes back, whatever the clock does: rows are ordered by it. */
  #now(): number {
    const now = Date.now()
    if (now > this.#lastTime) this.#lastTime = now
    return this.#lastTime
  }

  #writeConfig(): string {
    try {
      return jsonOf(plainConfig(this.config))
    } catch (cause) {
      warn(`trackio.init() failed to serialize the run config: ${wordsOf(cause)}. Continuing without config.`)
      const { _Username, _Created, _Group } = this.config
      return jsonOf({ _Username, _Created, _Group })
    }
  }

  #later(work: Later): void {
    if (this.#known) work()
    else this.#early.push(work)
  }

  #leaveOut(call: 'log' | 'log_system', key: string, cause: unknown): void {
    this.#leftOut++
    warn(`trackio.${call}() skipped metric '${key}': ${wordsOf(cause)}`)
  }

  /** Counts a row; false when it is dropped, as there is no room for it. */
  #admit(size: number): boolean {
    if (this.#desk.outbox.admit(size)) {
      this.#logged++
      return true
    }
    this.#dropped++
    warn(
      `trackio: storage is slower than logging and memory is full: rows of run '${this.name}' are being dropped. Log less often, or await trackio.flush() now and then.`,
    )
    return false
  }

  /** A row that was dropped still counts a step. */
  #add(row: string | OpenRow | undefined, explicit: number | undefined, time: number): void {
    const step = explicit ?? this.#next
    this.#next = Math.max(this.#next, step + 1)
    if (row !== undefined) this.#rows.push(Math.max(time, this.#known?.lastTime ?? 0), step, row)
  }

  #begin(begun: RunBegun): void {
    this.#known = begun
    this.#id = begun.id
    this.#release = holdOpen(begun.id)
    this.#name = begun.name
    this.#next = begun.nextStep
    this.#lastTime = Math.max(this.#lastTime, begun.lastTime)
    for (const work of this.#early.splice(0)) work()
  }

  #giveUp(cause: unknown): void {
    this.#ended = true
    const rows = this.#logged
    this.#early = []
    this.#dropped += rows
    this.#logged = this.#taken
    this.#desk.outbox.leave(this.#sender)
    if (rows > 0)
      warn(`trackio.init() failed, so ${rows} rows that were logged are not kept: ${wordsOf(cause)}`)
  }

  #hold(): Promise<void> | undefined {
    if (!this.#known) {
      return this.begun.then(
        () => {},
        () => {},
      )
    }
    return this.#rows.ready()
  }

  #take(): Parcel | undefined {
    if (!this.#known) return undefined
    const rows = this.#rows.take(`${canonicalProject(this.project)}/${this.name}`)
    const system = this.#system.take('')
    const alerts = this.#alerts.splice(0)
    if (!rows && !system && alerts.length === 0) return undefined
    const batch: Batch = {
      run: { project: this.project, id: this.#id, name: this.name },
      space: this.#settings.target,
    }
    if (rows) {
      batch.rows = rows.rows
      if (rows.traces.length > 0) batch.traces = rows.traces
      if (rows.files.length > 0) batch.files = rows.files
      if (!this.#configTaken) batch.config = this.#configText
      this.#configTaken = true
    }
    if (system) batch.system = system.rows
    if (alerts.length > 0) batch.alerts = alerts
    const pieces = (rows?.rows.times.length ?? 0) + (system?.rows.times.length ?? 0) + alerts.length
    this.#taken += pieces
    return { batch, pieces, size: (rows?.size ?? 0) + (system?.size ?? 0) }
  }
}
