import { type Accessor, batch, createEffect, createMemo, createSignal, untrack } from 'solid-js'
import type { Frame, FrameQuery } from '../../model/view.ts'
import { createLatest } from '../base/latest.ts'

export type FrameStatus =
  | { kind: 'loading' }
  | { kind: 'ready'; frame: Frame; query: FrameQuery }
  | { kind: 'failed'; error: Error }

export interface FramesOptions {
  /**
   * What the chart wants to show; undefined while it shows nothing (off screen, no runs): the last frame
   * stays.
   */
  query: Accessor<FrameQuery | undefined>
  /** Grows with the data behind the frames. */
  version: Accessor<number>
  exact: Accessor<boolean>
  /** y limits to keep when only the data grew: nothing jumps under the pointer. */
  holdY: () => [number, number] | undefined
  /** `version`: of the frame on screen; undefined is the answer while that one still holds. */
  ask(query: FrameQuery, signal: AbortSignal, version: string | undefined): Promise<Frame | undefined>
  /** Time between two requests that only more data causes, ms; else as often as answering leaves time for. */
  refresh?: number
}

export interface Frames {
  status: Accessor<FrameStatus>
  /**
   * The frame on screen is not yet the answer to what is asked; live rows added to an exact frame do not
   * count.
   */
  waiting: Accessor<boolean>
  retry(): void
  /** The y axis need not be held any more: asks again if it was. */
  release(): void
}

/**
 * New rows redraw a chart at most this often, and only so often that answering takes this share of the time:
 * what is drawn meanwhile must not hold up the reading.
 */
const REFRESH_MS = 330
const REFRESH_SHARE = 1 / 4

/**
 * Loads a chart's frames: at most one request on its way and the newest one waiting behind it, so a slider
 * that moves faster than frames come still shows every answer. The old frame stays meanwhile, except when the
 * project, the metric or the x axis changed: it would be drawn on an axis it does not belong to.
 */
export function createFrames(options: FramesOptions): Frames {
  const [status, setStatus] = createSignal<FrameStatus>({ kind: 'loading' })
  const [settled, setSettled] = createSignal('')
  const [settledData, setSettledData] = createSignal('')
  const key = createMemo(() => {
    const query = options.query()
    return query && JSON.stringify(query)
  })
  const subject = (): string => {
    const query = options.query()
    return query ? subjectOf(query) : ''
  }
  const data = createMemo(() => `${options.version()}:${options.exact()}`)
  const waiting = createMemo(() => {
    const wanted = key()
    if (wanted === undefined) return false
    if (wanted !== settled()) return true
    const now = status()
    return now.kind === 'ready' && now.frame.fidelity.kind === 'preview' && settledData() !== data()
  })
  /** What is under way, and whether with held limits. */
  let asked = { key: '', data: '', at: 0, hold: false }
  /** From asking for the newest frame to its coming, ms. */
  let took = 0
  /** The frame on screen was asked for with held limits. */
  let held = false

  const latest = createLatest({
    ask(_, signal) {
      const wanted = key()
      const query = options.query()
      if (wanted === undefined || !query) return undefined
      const version = data()
      const onlyData = wanted === settled()
      if (onlyData && version === settledData()) return undefined
      const hold = onlyData ? options.holdY() : undefined
      const range: FrameQuery['range'] | undefined = hold && { kind: 'manual', min: hold[0], max: hold[1] }
      const shown = status()
      // limits that were let go need a new frame though no point is new
      const since =
        onlyData && settledData() !== '' && shown.kind === 'ready' ? shown.frame.version : undefined
      asked = { key: wanted, data: version, at: performance.now(), hold: hold !== undefined }
      return options
        .ask(range ? { ...query, range } : query, signal, since)
        .then((frame) => frame && { kind: 'ready' as const, frame, query })
    },
    answered: settle,
    failed: (error) =>
      settle({ kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) }),
  })

  createEffect(() => {
    const wanted = key()
    if (wanted === undefined || (wanted === untrack(settled) && untrack(data) === untrack(settledData)))
      return
    const now = untrack(status)
    if (now.kind === 'ready' && subjectOf(now.query) !== untrack(subject)) setStatus({ kind: 'loading' })
    latest.ask(untrack(subject))
  })

  createEffect(() => {
    const exact = options.exact()
    if (data() === untrack(settledData) || untrack(key) === undefined) return
    const now = untrack(status)
    // The last rows have come: the page waits for this one.
    const urgent = exact && now.kind === 'ready' && now.frame.fidelity.kind === 'preview'
    const pause = options.refresh ?? Math.max(REFRESH_MS, took / REFRESH_SHARE)
    latest.again(untrack(subject), urgent ? 0 : pause)
  })

  /** `next`: undefined where the frame on screen still holds. */
  function settle(next: FrameStatus | undefined): void {
    took = performance.now() - asked.at
    batch(() => {
      if (next) setStatus(next)
      setSettled(asked.key)
      setSettledData(asked.data)
    })
    if (next) held = asked.hold
    // the pointer left while the answer was on its way
    if (held && options.holdY() === undefined) release()
    else latest.ask(subject())
  }

  function release(): void {
    // what is on its way may change what there is to let go
    if (!held || latest.busy()) return
    held = false
    setSettledData('')
    latest.ask(subject())
  }

  return {
    status,
    waiting,
    retry() {
      if (latest.busy()) return
      batch(() => {
        setSettled('')
        setStatus({ kind: 'loading' })
      })
      latest.ask(subject())
    },
    release,
  }
}

/** What an answer belongs to: of another subject none may stay on screen. */
export function subjectOf({ project, metric, x }: Pick<FrameQuery, 'project' | 'metric' | 'x'>): string {
  return JSON.stringify([project, metric, x])
}
