import type { TraceHits, TraceRows } from '../model/trace.ts'

/** Which traces are listed: those that pass every part that is given. */
export interface TraceFilter {
  /** Steps from one to another, both among them. */
  step: [number, number] | undefined
  /** Place in `runs`. */
  run: number | undefined
  /** Hits of this role alone count. */
  role: string | undefined
}

export type TraceOrder =
  | 'time'
  | '-time'
  | 'step'
  | '-step'
  | '-tokens'
  | '-duration'
  | '-cost'
  | '-hits'
  | '-failed'

/** Bars of the steps: each step by itself, or as many to a bar as make this many bars. */
export const MOST_BARS = 48

export interface StepBar {
  from: number
  to: number
  count: number
}

/**
 * The list and its counts. Without a search a trace counts once, with one as often as it says the text; each
 * kind of count leaves out the filter of its own kind, so that one sees what else could be chosen.
 */
export interface TraceFacets {
  /** Places of the traces that are listed, in order. */
  rows: Int32Array
  /** By trace: how often it says what is searched for, by the role that is chosen; undefined without a search. */
  hits: Float64Array | undefined
  total: number
  steps: StepBar[]
  runs: Float64Array
  roles: { name: string; count: number }[]
}

export function traceFacets(
  list: TraceRows,
  search: TraceHits | undefined,
  filter: TraceFilter,
  order: TraceOrder,
): TraceFacets {
  const n = list.run.length
  const hits = search && new Float64Array(n)
  const anyRole = search && new Float64Array(n)
  const isIn = stepTest(filter.step)
  const ofRun = (at: number): boolean => filter.run === undefined || list.run[at] === filter.run
  const inStep = (at: number): boolean => isIn(list.step[at] as number)
  const roles = (search?.roles ?? []).map((name) => ({ name, count: 0 }))
  if (search && hits && anyRole) {
    const role = filter.role === undefined ? -1 : search.roles.indexOf(filter.role)
    for (let i = 0; i < search.trace.length; i++) {
      const at = search.trace[i] as number
      if (at >= n) continue
      const count = search.hits[i] as number
      const own = search.role[i] as number
      anyRole[at]! += count
      if (filter.role === undefined || own === role) hits[at]! += count
      const told = roles[own]
      if (told && ofRun(at) && inStep(at)) told.count += count
    }
  }
  const weight = (at: number): number => (hits ? (hits[at] as number) : 1)
  const runs = new Float64Array(list.runs.length)
  const bars = stepBars(list.step)
  const rows: number[] = []
  let total = 0
  for (let at = 0; at < n; at++) {
    const count = weight(at)
    if (count === 0) continue
    const [run, step] = [ofRun(at), inStep(at)]
    if (step) runs[list.run[at] as number]! += count
    if (run) {
      const bar = bars.find(list.step[at] as number)
      if (bar) bar.count += count
    }
    if (!run || !step) continue
    rows.push(at)
    total += count
  }
  return { rows: sorted(list, hits, rows, order), hits, total, steps: bars.bars, runs, roles }
}

function stepTest(range: [number, number] | undefined): (step: number) => boolean {
  if (!range) return () => true
  const [from, to] = range
  return (step) => step >= from && step <= to
}

function stepBars(steps: Float64Array): { bars: StepBar[]; find(step: number): StepBar | undefined } {
  const distinct = Float64Array.from(new Set(steps))
    .filter((step) => !Number.isNaN(step))
    .sort()
  const each = Math.max(1, Math.ceil(distinct.length / MOST_BARS))
  const bars: StepBar[] = []
  for (let i = 0; i < distinct.length; i += each)
    bars.push({
      from: distinct[i] as number,
      to: distinct[Math.min(distinct.length, i + each) - 1] as number,
      count: 0,
    })
  return {
    bars,
    find(step) {
      let [low, high] = [0, bars.length - 1]
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((bars[middle] as StepBar).from <= step) low = middle
        else high = middle - 1
      }
      const bar = bars[low]
      return bar && step >= bar.from && step <= bar.to ? bar : undefined
    },
  }
}

/** Of equal ones the last that came first; without a number behind all others. */
function sorted(
  list: TraceRows,
  hits: Float64Array | undefined,
  rows: number[],
  order: TraceOrder,
): Int32Array {
  const name = order.replace('-', '') as 'time' | 'step' | 'tokens' | 'duration' | 'cost' | 'hits' | 'failed'
  const values = name === 'hits' ? (hits ?? list.time) : list[name]
  const sign = order.startsWith('-') ? -1 : 1
  return Int32Array.from(rows).sort((a, b) => {
    const [x, y] = [values[a] as number, values[b] as number]
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) return b - a
    if (Number.isNaN(x)) return 1
    if (Number.isNaN(y)) return -1
    return sign * (x - y)
  })
}

/** Rows that came later behind those that are there; the later ones alone where they are of another state. */
export function joinTraces(before: TraceRows | undefined, now: TraceRows): TraceRows {
  if (!before || before.store !== now.store || now.from === 0) return now
  if (now.run.length === 0 && before.run.length === now.from) return { ...now, ...columnsOf(before), from: 0 }
  const from = now.from
  const old = columnsOf(before)
  const late = columnsOf(now)
  const n = from + now.run.length
  const scores = new Map(before.scores.map(({ name, values }) => [name, values]))
  return {
    ...now,
    from: 0,
    ...{ run: ints(old.run, late.run), key: ints(old.key, late.key), index: ints(old.index, late.index) },
    ...{ step: doubles(old.step, late.step), time: doubles(old.time, late.time) },
    ...{ prompt: ints(old.prompt, late.prompt), messages: ints(old.messages, late.messages) },
    ...{ turns: ints(old.turns, late.turns), spans: ints(old.spans, late.spans) },
    ...{ calls: ints(old.calls, late.calls), failed: ints(old.failed, late.failed) },
    error: Uint8Array.from([...old.error.subarray(0, from), ...late.error]),
    ...{ tokens: doubles(old.tokens, late.tokens), input: doubles(old.input, late.input) },
    ...{ output: doubles(old.output, late.output), cost: doubles(old.cost, late.cost) },
    duration: doubles(old.duration, late.duration),
    scores: now.scores.map(({ name, values }) => {
      const all = new Float64Array(n).fill(Number.NaN)
      const known = scores.get(name)
      if (known) all.set(known.subarray(0, from))
      all.set(values, from)
      return { name, values: all }
    }),
  }

  function ints(a: Int32Array, b: Int32Array): Int32Array {
    const all = new Int32Array(n)
    all.set(a.subarray(0, from))
    all.set(b, from)
    return all
  }
  function doubles(a: Float64Array, b: Float64Array): Float64Array {
    const all = new Float64Array(n)
    all.set(a.subarray(0, from))
    all.set(b, from)
    return all
  }
}

function columnsOf(rows: TraceRows) {
  const { run, key, index, step, time, prompt, messages, turns, spans, calls, failed, error } = rows
  const { tokens, input, output, duration, cost, scores } = rows
  return {
    ...{ run, key, index, step, time, prompt, messages, turns, spans, calls, failed, error },
    ...{ tokens, input, output, duration, cost, scores },
  }
}
