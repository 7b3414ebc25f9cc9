import { IncompleteError, TrackioError } from '../../model/errors.ts'
import type { Series } from '../../model/metric.ts'
import type { Run as EngineRun, Json } from '../../model/run.ts'
import { writer } from '../page-connection.ts'
import type { Ask, ReadOptions } from './ask.ts'

/** A run of a project. */
export class ApiRun {
  readonly project: string
  /** Null in databases older than trackio 0.24. */
  readonly id: string | null
  /** Tells it from the other runs of its project, also without an id. */
  readonly key: string
  readonly name: string
  readonly group: string | null
  /** What the person gave as config; null where there is none. */
  readonly config: { [key: string]: Json } | null
  /** ISO, as it is stored. */
  readonly createdAt: string
  readonly rows: number
  /** The largest; null where no row has one. */
  readonly lastStep: number | null
  readonly #info: string
  readonly #ask: Ask

  constructor(project: string, run: EngineRun, info: string, ask: Ask) {
    this.project = project
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
