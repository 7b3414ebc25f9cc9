import { type Accessor, createEffect, createMemo, createSignal } from 'solid-js'
import type { RunKey } from '../../model/run.ts'
import type { Probe, ProbeQuery } from '../../model/view.ts'
import { createLatest } from '../base/latest.ts'
import { subjectOf } from '../data/charts.ts'

/** A run at the crosshair: its last logged point at or before it. */
export interface PointHere {
  x: number
  /** ms since 1970. */
  time: number
  logged: number
  /** Smoothed as the line is. */
  drawn: number
  /** Of a group: its band there, how many runs have a value, and how many pairs with the baseline's are above. */
  group?: { low: number; high: number; n: number; above: number; pairs: number }
  /** x of the first of several NaN or infinities in a row, NaN elsewhere. */
  since: number
}

export interface Crosshair {
  /** What is answered, which may lag behind what is asked; undefined while nobody points. */
  answered: Accessor<ProbeQuery | undefined>
  /** The run's point in that answer; undefined where it has none within reach, or was not asked for. */
  point(run: RunKey): PointHere | undefined
  /** Resolves with whether the newest question was answered. */
  settled(): Promise<boolean>
}

/**
 * The values of one chart at the crosshair. Every readout of the chart takes its numbers from here, so that
 * they are of one answer. An older answer stays until the next one comes; what nobody points at any more is
 * given up.
 */
export function createCrosshair(
  query: Accessor<ProbeQuery | undefined>,
  ask: (query: ProbeQuery, signal: AbortSignal) => Promise<Probe>,
): Crosshair {
  const [found, setFound] = createSignal<{ query: ProbeQuery; probe: Probe }>()
  const latest = createLatest({
    ask(_, signal) {
      const asked = query()
      return asked && ask(asked, signal).then((probe) => ({ query: asked, probe }))
    },
    // one that fails is a chart that fails, which says so itself
    answered: setFound,
  })

  createEffect(() => {
    const now = query()
    if (now) return latest.ask(subjectOf(now))
    latest.abort()
    setFound(undefined)
  })

  const points = createMemo(() => {
    const { query, probe } = found() ?? {}
    return new Map(query?.runs.map((run, i) => [run, probe && pointOf(probe, i)]))
  })
  return {
    answered: createMemo(() => found()?.query),
    point: (run) => points().get(run),
    async settled() {
      await latest.idle()
      const asked = query()
      return asked !== undefined && found()?.query === asked
    },
  }
}

function pointOf(probe: Probe, i: number): PointHere | undefined {
  if ((probe.index[i] ?? -1) < 0) return undefined
  const at = (column: ArrayLike<number> | undefined): number => column?.[i] ?? Number.NaN
  const { low, high, n, above, pairs } = probe.groups ?? {}
  return {
    x: at(probe.x),
    time: at(probe.times),
    logged: at(probe.logged),
    drawn: at(probe.drawn),
    since: at(probe.since),
    ...(n?.[i] && {
      group: { low: at(low), high: at(high), n: at(n), above: at(above), pairs: at(pairs) },
    }),
  }
}
