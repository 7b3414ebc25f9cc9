import { type Accessor, createEffect, createSignal, on, type Signal, untrack } from 'solid-js'
import { isAbort } from '../../model/errors.ts'
import type { Run, RunKey } from '../../model/run.ts'
import type { ProjectId } from '../../model/source.ts'
import { createLatest } from '../base/latest.ts'

/** Charts that come with the same change ask first. */
const AFTER_CHARTS_MS = 60
/** Live rows move the values in the run list at most this often. */
const REFRESH_MS = 2000

export interface PerRunOptions<T> {
  project: Accessor<ProjectId | undefined>
  runs: Accessor<Run[]>
  version: Accessor<number>
  /** Nothing is asked before. */
  ended: Accessor<boolean>
  read(key: string, project: ProjectId, runs: RunKey[], signal: AbortSignal): Promise<T>
  /** Known of what could not be read: its chart says what is wrong with it. */
  failed: T
}

/**
 * Things that are asked of all runs of a project, one after the other, each from when somebody looks for it
 * first; asked again when rows were added. Undefined is what is not known yet.
 */
export function createPerRun<T>(options: PerRunOptions<T>): (key: string) => T | undefined {
  /** Each with a signal of its own: of hundreds of columns, one that comes moves no other. */
  const known = new Map<string, Signal<{ project: ProjectId; value: T } | undefined>>()
  /** What was asked for of `project`, and whether its values are of all rows there are. */
  const wanted = new Map<string, 'old' | 'new'>()
  let project: ProjectId | undefined
  let asked: ProjectId | undefined
  const latest = createLatest<void>({
    ask(subject, signal) {
      const runs = options.runs().map(({ key }) => key)
      return runs.length > 0 && options.ended() ? readAll(subject, runs, signal) : undefined
    },
    answered() {
      if ([...wanted.values()].includes('old')) schedule(REFRESH_MS)
    },
  })

  /** Whoever asks first, list or effect: what was asked about another project is given up. */
  function turnTo(now: ProjectId | undefined): void {
    if (now === project) return
    project = now
    latest.abort()
    wanted.clear()
  }

  /** What is wanted meanwhile is read too; what was read and grew since waits its time. */
  async function readAll(subject: ProjectId, runs: RunKey[], signal: AbortSignal): Promise<void> {
    asked = subject
    const done = new Set<string>()
    for (;;) {
      const key = [...wanted].find(([name, state]) => state === 'old' && !done.has(name))?.[0]
      if (key === undefined) return
      wanted.set(key, 'new')
      done.add(key)
      const value = await tried(key, subject, runs, signal)
      signal.throwIfAborted()
      signalOf(key)[1]({ project: subject, value })
    }
  }

  async function tried(key: string, of: ProjectId, runs: RunKey[], signal: AbortSignal): Promise<T> {
    try {
      return await options.read(key, of, runs, signal)
    } catch (error) {
      if (isAbort(error)) throw error
      return options.failed
    }
  }

  function signalOf(key: string): Signal<{ project: ProjectId; value: T } | undefined> {
    const found = known.get(key) ?? createSignal<{ project: ProjectId; value: T }>()
    known.set(key, found)
    return found
  }

  function schedule(wait: number): void {
    if (project !== undefined && !latest.busy()) latest.ask(project, wait)
  }

  createEffect(on(options.project, turnTo))
  createEffect(
    on([options.version, options.ended, () => options.runs().length], () => {
      if (wanted.size === 0) return
      for (const key of wanted.keys()) wanted.set(key, 'old')
      schedule(asked === project ? REFRESH_MS : AFTER_CHARTS_MS)
    }),
  )

  return (key) => {
    const now = options.project()
    turnTo(now)
    if (!wanted.has(key)) {
      wanted.set(key, 'old')
      untrack(() => schedule(AFTER_CHARTS_MS))
    }
    const held = signalOf(key)[0]()
    return held && held.project === now ? held.value : undefined
  }
}
