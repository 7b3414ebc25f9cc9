import { type Brush, type Interval, shortNumber } from '../../../compute/brush.ts'
import { binRange, type Summary } from '../../../compute/column-summary.ts'
import type { Bars } from '../../components/bar-brush.ts'

/**
 * What lets by the values of these bars. Undefined for all bars, and where bars stand for no values (of many
 * texts only the most frequent ones have some). Limits are as short as tells the bars apart.
 */
export function brushOfBars(summary: Summary, [from, to]: Bars): Brush | undefined {
  const { bins, each, least } = summary
  if (from <= 0 && to >= bins.length - 1) return undefined
  if (each && (Number.isNaN(least) || from === to))
    return {
      texts: each.slice(from, to + 1).map(String),
      intervals: each.slice(from, to + 1).flatMap((one) => (typeof one === 'number' ? [point(one)] : [])),
    }
  if (Number.isNaN(least)) return undefined
  const [low, high] = [binRange(summary, from)[0], binRange(summary, to)[1]]
  const last = to >= bins.length - 1
  const short = (value: number): number => {
    const [a, b] = binRange(summary, Math.min(from, bins.length - 1))
    return each ? value : shortNumber(value, Math.abs(b - a) / 100)
  }
  return {
    texts: undefined,
    intervals: [
      {
        low: from <= 0 ? -Infinity : short(low),
        withLow: true,
        high: last ? Infinity : short(high),
        withHigh: each !== undefined || last,
      },
    ],
  }
}

function point(value: number): Interval {
  return { low: value, high: value, withLow: true, withHigh: true }
}

/** Where a brush lies over the bars: stretches in shares of their width, 0 to 1. */
export function sharesOf(summary: Summary, brush: Brush): [number, number][] {
  const { bins, each, least, greatest, log } = summary
  const n = bins.length
  if (n === 0) return []
  if (each) {
    const texts = new Set(brush.texts?.map((text) => text.toLowerCase()))
    const held = each.map((one) =>
      typeof one === 'number'
        ? brush.intervals.some(
            ({ low, high, withLow, withHigh }) =>
              (withLow ? one >= low : one > low) && (withHigh ? one <= high : one < high),
          )
        : texts.has(one.toLowerCase()),
    )
    return stretches(held).map(([from, to]) => [from / n, (to + 1) / n])
  }
  if (Number.isNaN(least)) return []
  const scale = (value: number): number => (log ? Math.log(Math.max(value, Number.MIN_VALUE)) : value)
  const at = (value: number): number =>
    Math.max(0, Math.min(1, (scale(value) - scale(least)) / (scale(greatest) - scale(least))))
  return brush.intervals.flatMap(({ low, high }): [number, number][] =>
    high < least || low > greatest ? [] : [[at(low), at(high)]],
  )
}

/** Neighbours that are held, first and last of each run of them. */
function stretches(held: readonly boolean[]): [number, number][] {
  const found: [number, number][] = []
  held.forEach((on, i) => {
    if (!on) return
    const last = found.at(-1)
    if (last && last[1] === i - 1) last[1] = i
    else found.push([i, i])
  })
  return found
}
