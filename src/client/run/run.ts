import { isSpace, type WriterApi } from '../../bridge/writer-api.ts'
import { TrackioError } from '../../model/errors.ts'
import type { RunBegun } from '../../model/tracking.ts'
import type { Artifact } from '../artifacts/artifact.ts'
import {
  type ArtifactOptions,
  type ArtifactRun,
  logArtifact,
  useArtifact,
} from '../artifacts/run-artifacts.ts'
import { warn, wordsOf } from '../base/warn.ts'
import type { FileSource } from '../values/media.ts'
import { type Alert, AlertLevel, type AlertOptions, alertLevelOf, postAlert, printAlert } from './alerts.ts'
import { stepOf } from './clock.ts'
import { type Finished, waitForDelivery } from './finish.ts'
import { rowOf, systemRowOf } from './logged-row.ts'
import type { Outbox } from './outbox.ts'
import { randomHex } from './row-buffer.ts'
import { holdRunLock } from './run-locks.ts'
import { makeRunLog, type RunLog } from './run-log.ts'
import { configText, type RunSettings } from './run-options.ts'

/** What a run needs of the page that it logs from. */
export interface PageConnection {
  writer(): WriterApi
  /** Asks again when the writer was lost in between. */
  persistently<T>(ask: (writer: WriterApi) => Promise<T>): Promise<T>
  outbox: Outbox
}

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
  /** Null: there is no page of a run in this browser; `trackio.show()` shows the dashboard. */
  readonly url: null = null
  /** Resolves when the storage knows the run, with what it knows; rejects when the run cannot begin. */
  readonly begun: Promise<RunBegun>
  readonly #page: PageConnection
  readonly #settings: RunSettings
  readonly #log: RunLog
  readonly #artifacts: ArtifactRun
  #id = randomHex(32)
  #name: string | null
  #ended = false
  #releaseLock: (() => void) | undefined
  /** Versions of artifacts that its Space does not list. */
  readonly #unlisted = new Set<string>()

  /** Not for users: `before` is waited for before the run begins. */
  constructor(settings: RunSettings, page: PageConnection, before: Promise<unknown>) {
    this.#settings = settings
    this.#page = page
    this.project = settings.project
    this.group = settings.group
    this.#name = settings.name
    this.config = {
      ...settings.config,
      _Username: null,
      _Created: isoText(Date.now()),
      _Group: settings.group,
    }
    const { project, name, resume, target, deliverTo } = settings
    this.#log = makeRunLog(
      { project, space: target, name: () => this.name, config: () => configText(this.config) },
      page.outbox,
    )
    this.begun = before
      .then(() =>
        page.persistently((writer) =>
          writer.begin({ project, name, id: this.#id, resume, space: target, deliverTo }),
        ),
      )
      .then((begun) => {
        this.#begin(begun)
        return begun
      })
    this.begun.catch((cause: unknown) => {
      this.#ended = true
      this.#log.giveUp(cause)
    })
    this.#artifacts = {
      project,
      space: this.space,
      writer: page.writer,
      ref: async () => {
        await this.begun
        return { project, id: this.#id, name: this.name }
      },
    }
  }

  /** Not for users: the Space that what is logged goes on to, if any. */
  get space(): string | null {
    const { target } = this.#settings
    return isSpace(target) ? target : null
  }

  /** Not for users: files wait for its Space. */
  async deliverSoon(): Promise<void> {
    if (this.space !== null)
      await this.#page.writer().soon(this.project, this.space, this.#settings.deliverTo)
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
      const given = stepOf(step)
      this.#assertGoesOn()
      this.#log.row(
        rowOf(metrics, (key, why) => this.#log.leaveOut('log', key, why)),
        given,
      )
    } catch (cause) {
      if (!this.#ended) this.#log.drop()
      warn(`trackio.log() failed to process metrics: ${wordsOf(cause)}`)
    }
  }

  /**
   * Logs system metrics (temperatures, memory, frame rates): a row with its own time and no step. Never
   * throws.
   */
  logSystem(metrics: Record<string, unknown>): void {
    try {
      this.#assertGoesOn()
      this.#log.systemRow(systemRowOf(metrics, (key, why) => this.#log.leaveOut('log_system', key, why)))
    } catch (cause) {
      if (!this.#ended) this.#log.drop()
      warn(`trackio.log_system() failed: ${wordsOf(cause)}`)
    }
  }

  /**
   * Fires an alert: printed to the console, stored, shown in the dashboard, and posted to the webhook if
   * there is one. `level` is `warn` and `step` that of the last row unless given. Never throws.
   */
  alert(title: string, options: AlertOptions = {}): void {
    try {
      const level = alertLevelOf(options.level ?? AlertLevel.WARN)
      this.#log.alert((time, lastStep) => {
        const alert: Alert = {
          level,
          title: String(title),
          text: options.text ?? null,
          project: this.project,
          run: this.name,
          step: options.step ?? lastStep,
          timestamp: isoText(time),
        }
        printAlert(alert)
        const url = options.webhookUrl ?? this.#settings.webhookUrl
        if (url) postAlert(url, alert, this.#settings.webhookMinLevel)
        return { id: randomHex(32), time, title: alert.title, text: alert.text, level, step: alert.step }
      })
    } catch (cause) {
      warn(`trackio.alert() failed: ${wordsOf(cause)}`)
    }
  }

  /**
   * Logs files as a version of an artifact that this run made. Resolves when it is stored; rejects with a
   * TrackioError, in trackio's words.
   */
  async logArtifact(artifact: Artifact | FileSource, options: ArtifactOptions = {}): Promise<Artifact> {
    const logged = await logArtifact(this.#artifacts, artifact, options)
    if (this.space !== null) {
      this.#unlisted.add(`${logged.name}:${logged.version}`)
      if (this.#unlisted.size === 1)
        warn(
          `trackio: files of artifacts go to the bucket of ${this.space}, but the Space does not list them: log fragments have no place for an artifact, and its server is told by Python alone. Log them from there (their contents are not sent again), or publish the project with trackio.sync().`,
        )
      await this.deliverSoon()
    }
    return logged
  }

  /**
   * Fetches an artifact (`name`, `name:v3`, `name:alias`, or one that was logged) and notes that this run
   * used it. Rejects with a TrackioError where there is none, or it is of another `type`.
   */
  async useArtifact(artifact: Artifact | string, type?: string): Promise<Artifact> {
    return useArtifact(this.#artifacts, artifact, type)
  }

  /** Throws: registries are trackio's own; what a page logs can be linked from Python. */
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
    await this.#page.outbox.flush(this.#log.sender)
  }

  /**
   * Ends the run: resolves when every row is stored, and those for a Space are in its bucket or could not be
   * brought there within 30 s, with what became of them. Never rejects.
   */
  async finish(): Promise<Finished> {
    const report = await this.end()
    const { target, deliverTo } = this.#settings
    if (target === null) return report
    const delivery = await waitForDelivery(this.#page.writer(), this.project, target, deliverTo)
    if (delivery.state === 'kept') {
      const { why, action } = delivery
      warn(
        `trackio: rows of run '${this.name}' for ${target} are kept in this browser: ${why}. ${action}`.trim(),
      )
    }
    return { ...report, delivery, ...(this.#unlisted.size > 0 && { unlisted: [...this.#unlisted] }) }
  }

  /** The same without waiting for what goes on to a Space: another run begins. */
  async end(): Promise<Finished> {
    this.#ended = true
    const { counts, sender } = this.#log
    const { outbox } = this.#page
    const waiting = (): number => counts.logged - counts.stored
    let kept: Finished['kept'] = 'memory'
    try {
      kept = (await this.begun).keeping.kind
      await outbox.flush(sender)
      await this.#page.writer().checkpoint(this.project)
    } catch (cause) {
      if (waiting() > 0)
        warn(
          `trackio.finish() could not store ${waiting()} rows of run '${this.name}': ${wordsOf(cause)}. They are tried again as long as this page is open.`,
        )
    }
    if (waiting() === 0) outbox.leave(sender)
    this.#releaseLock?.()
    const { logged: rows, dropped, leftOut, unstored } = counts
    return {
      project: this.project,
      run: this.name,
      rows,
      dropped,
      leftOut,
      unstored,
      waiting: waiting(),
      kept,
    }
  }

  /** `logSystem` as code from Python calls it. */
  log_system(metrics: Record<string, unknown>): void {
    this.logSystem(metrics)
  }

  /** `logArtifact` as code from Python calls it. */
  log_artifact(artifact: Artifact | FileSource, options?: ArtifactOptions): Promise<Artifact> {
    return this.logArtifact(artifact, options)
  }

  /** `useArtifact` as code from Python calls it. */
  use_artifact(artifact: Artifact | string, type?: string): Promise<Artifact> {
    return this.useArtifact(artifact, type)
  }

  /** `linkArtifact` as code from Python calls it. */
  link_artifact(): never {
    return this.linkArtifact()
  }

  /** Throws: not in trackio. */
  get summary(): never {
    throw new TrackioError(
      'summary',
      'trackio has no run.summary: the dashboard shows the last value of each metric. Log the value, or put it into config before the first log().',
    )
  }

  #begin(begun: RunBegun): void {
    this.#id = begun.id
    this.#name = begun.name
    this.#releaseLock = holdRunLock(begun.id)
    this.#log.begin(begun)
  }

  #assertGoesOn(): void {
    if (this.#ended)
      throw new TypeError(`run '${this.name}' has been finished; call trackio.init() for a new one`)
  }
}

/** As Python writes a time in UTC; `ms` since 1970. */
function isoText(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+00:00')
}
