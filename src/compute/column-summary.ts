import type { Column } from './run-columns.ts'

/** The bars of a head. */
export const BINS = 12

/** What a column holds over all runs. */
export interface Summary {
  /** Distinct values, NaN one of them. */
  distinct: number
  /** Runs without a value, and values that are NaN or infinite. */
  missing: number
  nonFinite: number
  /** Least and greatest finite value; NaN of texts, and where there is none. */
  least: number
  greatest: number
  /** Bars over values of equal width in their logarithm. */
  log: boolean
  /** How many values each bar holds. */
  bins: number[]
  /** Of few distinct values each bar is one: those, in order. */
  each: (string | number)[] | undefined
}

/**
 * Summary of a column, and the bar of each run (−1 where it is in none). Few distinct values have a bar each;
 * more numbers have twelve bars of equal width, in their logarithm where they are positive and span more than
 * two decades; of more texts the twelve most frequent ones have bars.
 */
export function summaryOf(column: Column): { summary: Summary; binOf: Int8Array } {
  return column.kind === 'text' ? ofTexts(column.values) : ofNumbers(column.values, column.has)
}

function ofTexts(values: readonly (string | undefined)[]): { summary: Summary; binOf: Int8Array } {
  const counts = new Map<string, number>()
  let missing = 0
  for (const value of values) {
    if (value === undefined) missing++
    else counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  // in order of first appearance, and of many the most frequent
  const all = [...counts]
  const shown = all.length > BINS ? all.sort((a, b) => b[1] - a[1]).slice(0, BINS) : all
  const place = new Map(shown.map(([text], i) => [text, i]))
  return {
    summary: {
      distinct: counts.size,
      missing,
      nonFinite: 0,
      least: Number.NaN,
      greatest: Number.NaN,
      log: false,
      bins: shown.map(([, count]) => count),
      each: all.length > BINS ? undefined : shown.map(([text]) => text),
    },
    binOf: Int8Array.from(values, (value) => (value === undefined ? -1 : (place.get(value) ?? -1))),
  }
}

function ofNumbers(values: Float64Array, has: Uint8Array): { summary: Summary; binOf: Int8Array } {
  const distinct = new Set<number>()
  let [missing, nonFinite, least, greatest] = [0, 0, Infinity, -Infinity]
  values.forEach((value, i) => {
    if (!has[i]) missing++
    else {
      distinct.add(value)
      if (!Number.isFinite(value)) nonFinite++
      else {
        if (value < least) least = value
        if (value > greatest) greatest = value
      }
    }
  })
  const finite = [...distinct].filter(Number.isFinite).sort((a, b) => a - b)
  const each = finite.length <= BINS ? finite : undefined
  const log = each === undefined && least > 0 && greatest / least > 100
  const scale = log ? Math.log : (value: number) => value
  const [from, to] = [scale(least), scale(greatest)]
  const place = new Map(each?.map((value, i) => [value, i]))
  const binOf = Int8Array.from(values, (value, i) => {
    if (!has[i] || !Number.isFinite(value)) return -1
    if (each) return place.get(value) ?? -1
    // halved first: the width of all doubles is beyond them
    const at = (scale(value) / 2 - from / 2) / (to / 2 - from / 2)
    return Math.min(BINS - 1, Math.floor(at * BINS))
  })
  const bins = new Array<number>(each ? each.length : BINS).fill(0)
  for (const bin of binOf) if (bin >= 0) bins[bin] = (bins[bin] ?? 0) + 1
  const none = finite.length === 0
  return {
    summary: {
      distinct: distinct.size,
      missing,
      nonFinite,
      least: none ? Number.NaN : least,
      greatest: none ? Number.NaN : greatest,
      log,
      bins: none ? [] : bins,
      each,
    },
    binOf,
  }
}

/** Limits of a bar of a column of numbers, from (with) and to (without, the last one with). */
export function binRange({ least, greatest, log, each, bins }: Summary, bin: number): [number, number] {
  const one = each?.[bin]
  if (typeof one === 'number') return [one, one]
  const at = (share: number): number =>
    share <= 0
      ? least
      : share >= 1
        ? greatest
        : log
          ? Math.exp(Math.log(least) + share * (Math.log(greatest) - Math.log(least)))
          : least + share * greatest - share * least
  return [at(bin / bins.length), at((bin + 1) / bins.length)]
}
