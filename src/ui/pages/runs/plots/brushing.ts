import { type Brush, type Interval, numberText, point, shortNumber } from '../../../../compute/brush.ts'
import type { PlotAxis } from '../../../../compute/plot-axis.ts'

/**
 * A stretch of an axis that is let by, as shares of it. Of single values, `from` and `to` are places among them:
 * a stretch of neighbours is one.
 */
export interface Stretch {
  from: number
  to: number
  /** Ends, as shares. */
  low: number
  high: number
}

/** Half of a stretch of a single value, as a share at most. */
const HALF = 0.03

/** The values of an axis that stand by themselves: words, or few numbers; with their shares. */
export function valuesOf(axis: PlotAxis): { text: string; share: number }[] | undefined {
  if (axis.kind === 'words') return axis.words.map((text, i) => ({ text, share: axis.share(i) }))
  return axis.each?.map((value) => ({ text: numberText(value), share: axis.share(value) }))
}

/** The stretches of a brush, from the least share on. */
export function stretchesOf(axis: PlotAxis, brush: Brush): Stretch[] {
  const values = valuesOf(axis)
  if (!values)
    return brush.intervals.map(({ low, high }, i) => {
      const ends = [edge(axis, low, 0), edge(axis, high, 1)] as const
      return { from: i, to: i, low: ends[0], high: ends[1] }
    })
  const passes = values.map(({ text }) => isLetBy(axis, brush, text))
  const found: Stretch[] = []
  const gap = values.length > 1 ? 1 / (values.length - 1) : 1
  passes.forEach((on, i) => {
    if (!on) return
    const share = values[i]?.share ?? 0
    const before = values[i - 1]?.share ?? share - gap
    const after = values[i + 1]?.share ?? share + gap
    const low = share - Math.min(HALF, 0.45 * (share - before))
    const high = share + Math.min(HALF, 0.45 * (after - share))
    const last = found.at(-1)
    if (last?.to === i - 1) Object.assign(last, { to: i, high })
    else found.push({ from: i, to: i, low, high })
  })
  return found
}

/**
 * The brush with one stretch as given (shares of its ends, the lesser first), in the place of the `replaced` one.
 * Undefined where nothing is left out any more, or nothing was chosen. `pixel`: share that a pixel is.
 */
export function changedBrush(
  axis: PlotAxis,
  brush: Brush | undefined,
  replaced: number | undefined,
  [low, high]: readonly [number, number],
  pixel: number,
): Brush | undefined {
  const values = valuesOf(axis)
  if (values) {
    const stretches = brush ? stretchesOf(axis, brush) : []
    const kept = stretches.filter((_, i) => i !== replaced)
    const on = values.map(
      ({ share }, i) => (share >= low && share <= high) || kept.some(({ from, to }) => i >= from && i <= to),
    )
    return chosenValues(
      values.filter((_, i) => on[i]).map(({ text }) => text),
      values.length,
    )
  }
  const intervals = (brush?.intervals ?? []).filter((_, i) => i !== replaced)
  const next = intervalOf(axis, low, high, pixel)
  if (next.low === -Infinity && next.high === Infinity && intervals.length === 0) return undefined
  return { intervals: merged([...intervals, next]), texts: undefined }
}

/** A single value more, or fewer. */
export function toggledValue(axis: PlotAxis, brush: Brush | undefined, index: number): Brush | undefined {
  const values = valuesOf(axis) ?? []
  const on = values.map(
    ({ text }, i) => (brush !== undefined && isLetBy(axis, brush, text)) !== (i === index),
  )
  return chosenValues(
    values.filter((_, i) => on[i]).map(({ text }) => text),
    values.length,
  )
}

/** The brush without one of its stretches. */
export function withoutStretch(axis: PlotAxis, brush: Brush, index: number): Brush | undefined {
  const values = valuesOf(axis)
  if (values) {
    const gone = stretchesOf(axis, brush)[index]
    const left = values.filter(
      ({ text }, i) => isLetBy(axis, brush, text) && !(gone && i >= gone.from && i <= gone.to),
    )
    return chosenValues(
      left.map(({ text }) => text),
      values.length,
    )
  }
  const intervals = brush.intervals.filter((_, i) => i !== index)
  return intervals.length > 0 ? { intervals, texts: undefined } : undefined
}

function chosenValues(texts: readonly string[], of: number): Brush | undefined {
  if (texts.length === 0 || texts.length === of) return undefined
  const numbers = texts.map(Number).filter((value) => !Number.isNaN(value))
  return { intervals: numbers.map(point), texts: [...texts] }
}

function isLetBy(axis: PlotAxis, brush: Brush, text: string): boolean {
  if (axis.kind === 'words')
    return (brush.texts ?? []).some((one) => one.toLowerCase() === text.toLowerCase())
  const value = Number(text)
  return brush.intervals.some(
    ({ low, high, withLow, withHigh }) =>
      (withLow ? value >= low : value > low) && (withHigh ? value <= high : value < high),
  )
}

/** Numbers as short as a pixel allows; an end beyond all values is open. */
function intervalOf(axis: PlotAxis, low: number, high: number, pixel: number): Interval {
  const [least, greatest] = ends(axis)
  const at = (share: number): number => {
    const value = axis.value(share)
    return shortNumber(value, Math.abs(axis.value(share + pixel / 2) - value))
  }
  return {
    low: low <= least ? -Infinity : at(low),
    high: high >= greatest ? Infinity : at(high),
    withLow: true,
    withHigh: true,
  }
}

/** Least and greatest share that a run has. */
function ends(axis: PlotAxis): [number, number] {
  let [least, greatest] = [1, 0]
  for (const share of axis.shares) {
    if (share < least) least = share
    if (share > greatest) greatest = share
  }
  return [least, greatest]
}

/** Stretches that meet are one. */
function merged(intervals: readonly Interval[]): Interval[] {
  const found: Interval[] = []
  for (const next of [...intervals].sort((a, b) => a.low - b.low)) {
    const last = found.at(-1)
    if (last && next.low <= last.high) {
      if (next.high > last.high) Object.assign(last, { high: next.high, withHigh: next.withHigh })
    } else found.push({ ...next })
  }
  return found
}

function edge(axis: PlotAxis, value: number, open: 0 | 1): number {
  if (!Number.isFinite(value)) return open
  const share = axis.share(value)
  // on a log axis everything at or below 0 is below its foot
  return share === share ? Math.max(0, Math.min(1, share)) : 0
}
