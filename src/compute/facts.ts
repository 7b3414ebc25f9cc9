/*
 * What one pass over a line's logged values tells: its extremes, its last value, and whether it is a line
 * that smoothing could only falsify.
 */

/** Of the first `count` values. Indices are −1, values NaN, where there is none. */
export interface Facts {
  count: number
  finite: number
  least: number
  greatest: number
  lastFinite: number
  /** Neighbours that are equal. */
  equal: number
  /** No value is below (above) the one before it. */
  rising: boolean
  falling: boolean
}

/** An extent below this share of the values' size is rounding, not change. */
const FLAT = 1e-9
/** Share of equal neighbours from which a line is made of plateaus. */
const PLATEAUS = 0.9
/**
 * A counter stays within this share of its extent of the straight line between its ends, or within so many of
 * its n steps: rows of evaluations repeat it.
 */
const STRAIGHT = 0.02
const REPEATS = 3

export function makeFacts(): Facts {
  return {
    count: 0,
    finite: 0,
    least: Number.NaN,
    greatest: Number.NaN,
    lastFinite: -1,
    equal: 0,
    rising: true,
    falling: true,
  }
}

/** Goes on from the values that `facts` knows to all of `values`, which begin with the same ones. */
export function addFacts(facts: Facts, values: Float64Array): void {
  let { least, greatest, lastFinite, finite, equal, rising, falling } = facts
  let before = facts.count > 0 ? (values[facts.count - 1] as number) : Number.NaN
  for (let i = facts.count; i < values.length; i++) {
    const v = values[i] as number
    if (i > 0) {
      if (v === before) equal++
      if (!(v >= before)) rising = false
      if (!(v <= before)) falling = false
    }
    before = v
    if (v - v !== 0) continue
    finite++
    lastFinite = i
    if (!(v >= least)) least = v
    if (!(v <= greatest)) greatest = v
  }
  Object.assign(facts, { count: values.length, finite, least, greatest, lastFinite, equal, rising, falling })
}

/** True of an extent that is nothing but rounding: below 10⁻⁹ of the values' size. */
export function isFlat(least: number, greatest: number): boolean {
  return greatest - least <= FLAT * Math.max(Math.abs(least), Math.abs(greatest))
}

/**
 * True of lines that a mean can only falsify: constants, plateaus (a learning rate that is halved now and
 * then), and counters (epoch, tokens), which never turn and are straight over their steps or rows. `steps`
 * has the length of `values`.
 */
export function standsAsLogged(facts: Facts, values: Float64Array, steps: Float64Array): boolean {
  const { count, finite, least, greatest, equal, rising, falling } = facts
  if (finite < 2 || isFlat(least, greatest)) return true
  if (equal > PLATEAUS * (count - 1)) return true
  if (!(rising || falling)) return false
  return (
    isStraight(values, (i) => i) || (steps.length === count && isStraight(values, (i) => steps[i] as number))
  )
}

function isStraight(values: Float64Array, xOf: (i: number) => number): boolean {
  const last = values.length - 1
  const [x0, y0] = [xOf(0), values[0] as number]
  const [width, height] = [xOf(last) - x0, (values[last] as number) - y0]
  const room = Math.max(STRAIGHT, REPEATS / last) * Math.abs(height)
  if (!(width > 0)) return false
  for (let i = 1; i < last; i++) {
    if (!(Math.abs((values[i] as number) - y0 - ((xOf(i) - x0) / width) * height) <= room)) return false
  }
  return true
}
