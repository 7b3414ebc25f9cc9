import { type Accessor, createEffect, createSignal, on, untrack } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { noticeOf } from '../../model/errors.ts'
import type { RunKey } from '../../model/run.ts'
import type { RunRow, RunRows } from '../../model/run-rows.ts'
import type { Notice, ProjectId } from '../../model/source.ts'
import { createLatest } from '../base/latest.ts'

/** Rows on the way of whoever scrolls: asked for once fewer than NEAR of them are there, so many at once. */
const AHEAD = 192
const NEAR = 64
/** The others, and both ways of a step that was jumped to, where the first rows have to be there soon. */
const AROUND = 16
/** So many rows are kept; those far away go first. */
const KEEP = 8192
/** Rows of one question while many are copied. */
const AT_ONCE = 2000
/** Longest text of a cell on screen. */
const MOST_CHARS = 400
/** Of what grows, asked for anew no sooner than this. */
const AGAIN_MS = 1000

export interface RowsOptions {
  ask: EngineApi['ask']
  project: Accessor<ProjectId | undefined>
  run: Accessor<RunKey | undefined>
  /** Keys whose cells are wanted. */
  keys: Accessor<readonly string[]>
  version: Accessor<number>
}

export interface ShownRows {
  /** Rows of the run that were read so far; undefined until somebody has looked. */
  total: Accessor<number | undefined>
  /** Undefined while it is on its way. */
  row(index: number): RunRow | undefined
  /** The rows in sight, the last one left out. */
  look(from: number, end: number): void
  /** The row of a step, which is there with the rows around it when this resolves. */
  find(step: number): Promise<number | undefined>
  /** Rows with these keys, for copying: cells are not cut. */
  whole(from: number, end: number, keys: readonly string[]): Promise<RunRow[]>
  keepsText: Accessor<boolean>
  failed: Accessor<Notice | undefined>
  /** All rows in sight are there. */
  ready: Accessor<boolean>
  retry(): void
}

/** Rows of a run as far as they are in sight: asked for as somebody scrolls, the newest place first. */
export function createRunRows({ ask, project, run, keys, version }: RowsOptions): ShownRows {
  const [total, setTotal] = createSignal<number>()
  const [keepsText, setKeepsText] = createSignal(true)
  const [failed, setFailed] = createSignal<Notice>()
  const [range, setRange] = createSignal({ from: 0, end: 0 })
  let upwards = false
  /** Grows whenever rows come. */
  const [came, setCame] = createSignal(0)
  let rows = new Map<number, RunRow>()
  /** Rows of before the last growth: shown until they are here again. */
  let old = new Map<number, RunRow>()
  const subject = (): string => JSON.stringify([project(), run(), keys()])

  const latest = createLatest<RunRows | undefined>({
    ask(_, signal) {
      const span = missing()
      const query = queryOf(span?.from ?? 0, span ? span.end - span.from : 0)
      return query && span && ask('runRows', query, { signal })
    },
    answered(answer) {
      if (answer) take(answer)
      if (missing()) latest.ask(subject())
    },
    failed: (error) => setFailed(noticeOf(error, 'rows')),
  })

  function queryOf(from: number, count: number) {
    const [id, key] = [project(), run()]
    if (id === undefined || key === undefined) return undefined
    return { project: id, run: key, keys: [...keys()], from, count, most: MOST_CHARS }
  }

  /**
   * What has to be asked for that the rows in sight stand, and those that come next; undefined where nothing
   * has.
   */
  function missing(): { from: number; end: number } | undefined {
    const { from, end } = untrack(range)
    const all = untrack(total)
    // how many there are is not known before the first answer
    if (all === undefined) return { from: Math.max(0, from - AROUND), end: end + AHEAD }
    const within = (at: number): number => Math.max(0, Math.min(all, at))
    const [first, last] = [within(from - (upwards ? NEAR : 0)), within(end + (upwards ? 0 : NEAR))]
    let gap = first
    while (gap < last && rows.has(gap)) gap++
    if (gap === last) return undefined
    let [start, stop] = [within(from - (upwards ? AHEAD : AROUND)), within(end + (upwards ? AROUND : AHEAD))]
    // what is there already is not asked for again
    while (rows.has(start)) start++
    while (rows.has(stop - 1)) stop--
    return { from: start, end: stop }
  }

  function take(answer: RunRows): void {
    setFailed(undefined)
    setKeepsText(answer.keepsText)
    answer.rows.forEach((row, i) => {
      rows.set(answer.from + i, row)
    })
    if (rows.size > KEEP) {
      const { from, end } = untrack(range)
      for (const at of rows.keys()) if (at < from - KEEP / 4 || at > end + KEEP / 4) rows.delete(at)
    }
    setTotal(answer.total)
    setCame((n) => n + 1)
  }

  // before what is asked of the next run
  createEffect(on([project, run], () => setTotal(undefined), { defer: true }))
  createEffect(
    on(subject, () => {
      latest.abort()
      rows = new Map()
      old = new Map()
      setFailed(undefined)
      setCame((n) => n + 1)
      latest.ask(subject())
    }),
  )
  createEffect(
    on(
      version,
      () => {
        // rows may have come among those that are here
        for (const [at, row] of rows) old.set(at, row)
        rows = new Map()
        untrack(again)
      },
      { defer: true },
    ),
  )
  function again(): void {
    const { from, end } = range()
    const query = queryOf(Math.max(0, from - AROUND), end - from + 2 * AROUND)
    if (query) growth.again(subject(), AGAIN_MS)
  }
  /** The same place again as more rows are read. */
  const growth = createLatest<RunRows | undefined>({
    ask(_, signal) {
      const { from, end } = untrack(range)
      const query = queryOf(Math.max(0, from - AROUND), end - from + 2 * AROUND)
      return query && ask('runRows', query, { signal })
    },
    answered(answer) {
      if (!answer) return
      old = new Map()
      take(answer)
    },
    failed: (error) => setFailed(noticeOf(error, 'rows')),
  })

  return {
    total,
    row(index) {
      came()
      return rows.get(index) ?? old.get(index)
    },
    look(from, end) {
      const before = untrack(range)
      if (from !== before.from) upwards = from < before.from
      setRange({ from, end })
      if (missing()) latest.ask(subject())
    },
    async find(step) {
      const query = queryOf(-AROUND, 2 * AROUND + (range().end - range().from))
      if (!query) return undefined
      const asked = { subject: subject(), run: run(), project: project() }
      const isGone = (): boolean => run() !== asked.run || project() !== asked.project
      try {
        const answer = await ask('runRows', { ...query, step })
        // somebody went on to another run meanwhile
        if (isGone()) return undefined
        // cells of other keys are asked for by themselves
        if (subject() === asked.subject) take(answer)
        return answer.at
      } catch (error) {
        if (!isGone()) setFailed(noticeOf(error, 'rows'))
        return undefined
      }
    },
    async whole(from, end, wanted) {
      const found: RunRow[] = []
      for (let at = from; at < end; at += AT_ONCE) {
        const query = queryOf(at, Math.min(AT_ONCE, end - at))
        if (!query) break
        found.push(...(await ask('runRows', { ...query, keys: [...wanted], most: undefined })).rows)
      }
      return found
    },
    keepsText,
    failed,
    ready() {
      came()
      const { from, end } = range()
      const all = total()
      if (failed() || all === undefined) return failed() !== undefined
      for (let i = from; i < Math.min(end, all); i++) if (!rows.has(i) && !old.has(i)) return false
      return true
    },
    retry() {
      setFailed(undefined)
      latest.ask(subject())
    },
  }
}
