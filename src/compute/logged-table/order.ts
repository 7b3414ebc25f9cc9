import type { Sliced } from '../slices.ts'
import { BOOL, type ColumnData, kindAt, NONE, NULL, NUMBER, numberAt, TEXT } from './columns.ts'

/**
 * Rows in the order of a column: numbers by value (flags are 0 and 1), then texts by their UTF-16 units, objects
 * and lists by their JSON; NaN and then cells without a value last, either way. Rows of one value keep their order.
 */
export function* orderRows(rows: Uint32Array, column: ColumnData, descending: boolean): Sliced<Uint32Array> {
  const keys = yield* sortKeys(column)
  const count = rows.length
  const values = new Float64Array(count)
  const ends = new Uint8Array(count)
  let odd = 0
  for (let i = 0; i < count; i++) {
    if (i % BLOCK === 0) yield
    const row = rows[i] as number
    const kind = kindAt(column, row)
    if (kind === NONE || kind === NULL) ends[i] = 2
    else {
      const value = keys(row, kind)
      if (value !== value) ends[i] = 1
      else values[i] = value
    }
    if (ends[i]) odd++
  }
  const held = new Uint32Array(count - odd)
  for (let i = 0, n = 0; i < count; i++) if (!ends[i]) held[n++] = i
  const sorted = yield* radixOrder(values, held, descending)
  const found = new Uint32Array(count)
  let n = 0
  for (const i of sorted) found[n++] = rows[i] as number
  for (const end of [1, 2])
    for (let i = 0; i < count; i++) if (ends[i] === end) found[n++] = rows[i] as number
  return found
}

/** What a cell sorts by: its number, or beyond all numbers the rank of its text. */
function* sortKeys(column: ColumnData): Sliced<(row: number, kind: number) => number> {
  const { texts, numbers } = column
  const hasNumbers = (column.counts[NUMBER] ?? 0) + (column.counts[BOOL] ?? 0) > 0
  if (texts.length === 0) return (row) => numbers[row] as number
  const ranks = yield* ranksOf(column)
  // above every number but infinity, which no rank reaches
  const base = 2 ** 1000
  return (row, kind) => {
    if (kind === NUMBER || kind === BOOL) return numbers[row] as number
    const own = kind === TEXT && hasNumbers ? numberAt(column, row) : undefined
    const place = ranks[numbers[row] as number] as number
    return own ?? (hasNumbers ? base * (1 + place / ranks.length) : place)
  }
}

/** Ranks of a column's texts: the other way round, and after a filter, they are the same. */
const ranked = new WeakMap<ColumnData, Float64Array>()

function* ranksOf(column: ColumnData): Sliced<Float64Array> {
  const { texts } = column
  const known = ranked.get(column)
  if (known?.length === texts.length) return known
  const order = yield* sortedPlaces(texts)
  const ranks = new Float64Array(order.length)
  let rank = -1
  for (let i = 0; i < order.length; i++) {
    if (i % BLOCK === 0) yield
    const place = order[i] as number
    // a text may stand twice where texts are not looked up
    if (i === 0 || texts[place] !== texts[order[i - 1] as number]) rank++
    ranks[place] = rank
  }
  ranked.set(column, ranks)
  return ranks
}

/** Texts that are compared without a yield: about a millisecond. */
const BLOCK = 2048

/**
 * Places of the texts there are by now, in their order: blocks are sorted, then merged two by two. A sort of
 * 800,000 at once would keep everybody waiting for seconds.
 */
function* sortedPlaces(texts: readonly string[]): Sliced<Uint32Array> {
  const count = texts.length
  let from = Uint32Array.from({ length: count }, (_, i) => i)
  let to = new Uint32Array(count)
  for (let at = 0; at < count; at += BLOCK) {
    yield
    from.subarray(at, at + BLOCK).sort((a, b) => {
      const [one, other] = [texts[a] as string, texts[b] as string]
      return one < other ? -1 : one > other ? 1 : 0
    })
  }
  for (let width = BLOCK; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(start + width, count)
      const end = Math.min(middle + width, count)
      let [a, b] = [start, middle]
      for (let i = start; i < end; i++) {
        if (i % BLOCK === 0) yield
        const left =
          b >= end ||
          (a < middle && (texts[from[a] as number] as string) <= (texts[from[b] as number] as string))
        to[i] = from[left ? a++ : b++] as number
      }
    }
    ;[from, to] = [to, from]
  }
  return from
}

const DIGIT = 1 << 16

/**
 * `at` in the order of the values at those places, none of them NaN. By digits of 16 bits, from the last one on:
 * five million take half a second, where comparing takes five.
 */
export function* radixOrder(values: Float64Array, at: Uint32Array, descending: boolean): Sliced<Uint32Array> {
  const count = at.length
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  const flip = descending ? 0xffffffff : 0
  const low = new Uint32Array(count)
  const high = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    const place = at[i] as number
    // −0 is 0
    if (values[place] === 0) {
      low[i] = flip
      high[i] = (0x80000000 ^ flip) >>> 0
      continue
    }
    const top = bits[place * 2 + 1] as number
    const mask = top >= 0x80000000 ? 0xffffffff : 0
    low[i] = ((bits[place * 2] as number) ^ mask ^ flip) >>> 0
    high[i] = (top ^ (mask | 0x80000000) ^ flip) >>> 0
  }
  let from = Uint32Array.from({ length: count }, (_, i) => i)
  let to = new Uint32Array(count)
  const counts = new Uint32Array(DIGIT)
  for (const [digits, shift] of [
    [low, 0],
    [low, 16],
    [high, 0],
    [high, 16],
  ] as const) {
    yield
    counts.fill(0)
    for (let i = 0; i < count; i++) {
      const digit = ((digits[i] as number) >>> shift) & 0xffff
      counts[digit] = (counts[digit] as number) + 1
    }
    // all the same, as the last digits of integers are
    if (count > 0 && counts[((digits[0] as number) >>> shift) & 0xffff] === count) continue
    let sum = 0
    for (let digit = 0; digit < DIGIT; digit++) {
      const n = counts[digit] as number
      counts[digit] = sum
      sum += n
    }
    for (let i = 0; i < count; i++) {
      const place = from[i] as number
      const digit = ((digits[place] as number) >>> shift) & 0xffff
      const next = counts[digit] as number
      counts[digit] = next + 1
      to[next] = place
    }
    ;[from, to] = [to, from]
  }
  return from.map((place) => at[place] as number)
}
