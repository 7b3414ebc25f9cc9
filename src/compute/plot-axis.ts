import type { Summary } from './column-summary.ts'
import { formatTicks } from './number.ts'
import type { Column } from './run-columns.ts'
import { clockTicks, durationTicks, scaleTicks, type Ticks } from './ticks.ts'

/** An axis over the values of a column; shares of its length go from 0 to 1. */
export interface PlotAxis {
  /** `words`: a place for each distinct text. */
  kind: 'number' | 'words'
  log: boolean
  /** Ends of an axis of numbers, with some room beyond the least and the greatest value. */
  low: number
  high: number
  /** Texts of an axis of words, in their order. */
  words: string[]
  /** Distinct numbers where there are few of them: they are the ticks. */
  each: number[] | undefined
  /** Share of a number; NaN of what has no place: not finite, on a log axis at or below 0. */
  share(value: number): number
  /** Number at a share. */
  value(share: number): number
  /** Share of each run; NaN where it has none. */
  shares: Float64Array
  /** Runs without one. */
  without: number
}

/** Room beyond the least and the greatest value, as a share of the axis. */
const ROOM = 0.03

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/**
 * `log`: as somebody chose; it holds where some value is above 0. `single`: few distinct numbers stand by
 * themselves, as of what was set; what was measured is a stretch of numbers, however few runs there are.
 */
export function plotAxis(column: Column, summary: Summary, log: boolean, single: boolean): PlotAxis {
  if (column.kind === 'text') return ofWords(column.values)
  return ofNumbers(column.values, column.has, single ? summary : { ...summary, each: undefined }, log)
}

function ofWords(values: readonly (string | undefined)[]): PlotAxis {
  const words = [...new Set(values)].filter((text) => text !== undefined).sort(collator.compare)
  // ends are a word each, not half a place away from one
  const share = (at: number): number =>
    words.length === 1 ? 0.5 : ROOM + (at / (words.length - 1)) * (1 - 2 * ROOM)
  const place = new Map(words.map((text, i) => [text, share(i)]))
  const shares = Float64Array.from(values, (text) =>
    text === undefined ? Number.NaN : (place.get(text) ?? 0),
  )
  return {
    kind: 'words',
    log: false,
    low: 0,
    high: words.length - 1,
    words,
    each: undefined,
    share,
    value: (at) =>
      words.length === 1
        ? 0
        : Math.max(0, Math.min(words.length - 1, ((at - ROOM) / (1 - 2 * ROOM)) * (words.length - 1))),
    shares,
    without: missing(shares),
  }
}

function ofNumbers(values: Float64Array, has: Uint8Array, summary: Summary, wanted: boolean): PlotAxis {
  let [least, greatest] = [Infinity, -Infinity]
  const log = wanted && summary.greatest > 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!has[i] || value - value !== 0 || (log && value <= 0)) continue
    if (value < least) least = value
    if (value > greatest) greatest = value
  }
  const to = log ? Math.log : (value: number) => value
  const from = log ? Math.exp : (value: number) => value
  let [a, b] = least <= greatest ? [to(least), to(greatest)] : [0, 1]
  // a constant stands in the middle; halved first: the width of all doubles is beyond them
  const half = b / 2 - a / 2
  if (!(half > Math.abs(a) * 1e-12))
    [a, b] = log ? [a - 0.5, b + 0.5] : [a - (Math.abs(a) * 0.06 || 0.5), b + (Math.abs(b) * 0.06 || 0.5)]
  else [a, b] = [a - ROOM * 2 * half, b + ROOM * 2 * half]
  if (!log) [a, b] = [Math.max(a, -Number.MAX_VALUE), Math.min(b, Number.MAX_VALUE)]
  const width = b / 2 - a / 2
  const share = (value: number): number =>
    value - value !== 0 || (log && value <= 0) ? Number.NaN : (to(value) / 2 - a / 2) / width
  const shares = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) shares[i] = has[i] ? share(values[i]!) : Number.NaN
  const finite = summary.each?.filter((one) => typeof one === 'number' && (!log || one > 0))
  return {
    kind: 'number',
    log,
    low: from(a),
    high: from(b),
    words: [],
    each: finite as number[] | undefined,
    share,
    value: (at) => from(2 * (a / 2 + at * width)),
    shares,
    without: missing(shares),
  }
}

function missing(shares: Float64Array): number {
  let count = 0
  for (const share of shares) if (share !== share) count++
  return count
}

/** Ticks of an axis of numbers, at most `most`; few distinct values are ticks themselves. */
export function plotTicks(
  axis: PlotAxis,
  kind: Column['kind'],
  most: number,
  zone: 'local' | 'utc',
  exact: (value: number) => string,
): Ticks {
  if (kind === 'time') return clockTicks(axis.low, axis.high, most, zone)
  if (kind === 'duration' && !axis.log) return durationTicks(axis.low, axis.high, most)
  if (kind === 'number' && axis.each && axis.each.length > 0 && axis.each.length <= most)
    // 3e-4 · 5 is 0.0014999999999999998
    return { values: axis.each, labels: axis.each.map((value) => exact(Number(value.toPrecision(6)))) }
  return axis.log && !(axis.low > 0)
    ? { values: [], labels: formatTicks([], 1) }
    : scaleTicks(axis.low, axis.high, most, axis.log ? 'log' : 'linear')
}
