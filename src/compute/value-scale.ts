import { formatTicks, MINUS } from './number.ts'
import { linearTicks, type Ticks } from './ticks.ts'

export type ValueScaleKind = 'linear' | 'symlog'

/** An axis of values of both signs. Shares of its length go from 0 at `low` to 1 at `high`. */
export interface ValueScale {
  kind: ValueScaleKind
  low: number
  high: number
  /** Of symlog: within ± this it is nearly linear. */
  linear: number
  share(value: number): number
  value(share: number): number
}

/**
 * `symlog`: sign(v) log(1 + |v| / c), linear around 0 and logarithmic beyond c (Webber 2013, "A bi-symmetric log
 * transformation for wide-range data"). An axis without a width gets one.
 */
export function makeValueScale(
  kind: ValueScaleKind,
  [from, to]: readonly [number, number],
  linear: number,
): ValueScale {
  let [low, high] = from <= to ? [from, to] : [0, 1]
  if (!(high / 2 - low / 2 > Math.max(Math.abs(low), Math.abs(high)) * 1e-12)) {
    const room = Math.abs(low) * 0.06 || 0.5
    low -= room
    high += room
  }
  const forth = (v: number): number =>
    kind === 'linear' ? v : v < 0 ? -Math.log1p(-v / linear) : Math.log1p(v / linear)
  const back = (t: number): number =>
    kind === 'linear' ? t : t < 0 ? -linear * Math.expm1(-t) : linear * Math.expm1(t)
  // halved first: the width of all doubles is beyond them
  const [a, b] = [forth(low) / 2, forth(high) / 2]
  return {
    ...{ kind, low, high, linear },
    share: (value) => (forth(value) / 2 - a) / (b - a),
    value: (share) => (share <= 0 ? low : share >= 1 ? high : back(2 * (a + share * (b - a)))),
  }
}

/** The greatest power of ten that is not above what is usual, so that most values do not lie in one pixel. */
export function linearWidth(typical: number, [low, high]: readonly [number, number]): number {
  const most = Math.max(Math.abs(low), Math.abs(high))
  if (!(most > 0)) return 1
  const width = Math.max(most * 1e-8, Math.min(most / 10, typical > 0 ? typical : most / 1000))
  return 10 ** Math.floor(Math.log10(width))
}

/** At most about `most` ticks; those of symlog at 0 and at powers of ten of both signs, clear of each other. */
export function valueTicks(scale: ValueScale, most: number, room?: number): Ticks {
  const { kind, low, high, share } = scale
  if (kind === 'linear') return linearTicks(low, high, most, room)
  const crosses = low <= 0 && high >= 0
  const middle = share(Math.max(low, Math.min(high, 0)))
  const side = (sign: 1 | -1): number[] => {
    const end = sign > 0 ? high : -low
    const least = sign > 0 ? low : -high
    if (!(end > 0)) return []
    const clear = crosses ? Math.abs(scale.value(middle + sign / most)) : 0
    const first = Math.max(least, clear, end * 1e-12)
    const places = Math.max(1, Math.floor(most * Math.abs(share(sign * end) - middle)))
    return spread(decades(first, end), places).map((value) => sign * value)
  }
  const values = [...side(-1).reverse(), ...(crosses ? [0] : []), ...side(1)]
  if (values.length < 2) return linearTicks(low, high, most, room)
  return { values, labels: values.map(powerLabel) }
}

function decades(from: number, to: number): number[] {
  const found: number[] = []
  const last = Math.floor(Math.log10(to) + 1e-9)
  for (let e = Math.ceil(Math.log10(from) - 1e-9); e <= last && found.length < 700; e++) found.push(10 ** e)
  return found
}

/** The last of a list, and those before it at even distances. */
function spread(all: number[], most: number): number[] {
  const every = Math.ceil(all.length / Math.max(1, most))
  return all.filter((_, i) => (all.length - 1 - i) % every === 0)
}

function powerLabel(value: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  const e = Math.round(Math.log10(size))
  const text =
    e >= -3 && e <= 3 ? (formatTicks([size], size)[0] ?? '') : `1e${e < 0 ? MINUS : ''}${Math.abs(e)}`
  return value < 0 ? MINUS + text : text
}
