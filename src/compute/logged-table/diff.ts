import type { DiffMean, DiffSign } from '../../model/logged-table.ts'
import type { Sliced } from '../slices.ts'
import {
  type ColumnData,
  kindAt,
  NONE,
  NULL,
  NUMBER,
  numberAt,
  type TableData,
  TEXT,
  textAt,
} from './columns.ts'

/** A row of one or both sides that have a key; −1 where a side has none. */
export interface DiffPair {
  a: number
  b: number
  sign: DiffSign
}

export interface Pairs {
  pairs: DiffPair[]
  counts: Record<DiffSign, number>
  /** Names of the columns besides the key, those of both sides. */
  names: string[]
  means: DiffMean[]
  repeatedA: number
  repeatedB: number
}

/**
 * Rows of two tables by the values of a column, in the order of A, then those of B alone. Where a side has a key
 * in several rows the first counts. Cells without a value form a key of their own.
 */
export function* pairRows(a: TableData, b: TableData, key: string): Sliced<Pairs> {
  const [byA, repeatedA] = yield* rowsByKey(a, key)
  const [byB, repeatedB] = yield* rowsByKey(b, key)
  const names = [...new Set([...a.columns, ...b.columns].map(({ name }) => name))].filter(
    (name) => name !== key,
  )
  const counts: Record<DiffSign, number> = { changed: 0, same: 0, onlyA: 0, onlyB: 0 }
  const pairs: DiffPair[] = []
  const add = (rowA: number, rowB: number): void => {
    const sign: DiffSign =
      rowA < 0 ? 'onlyB' : rowB < 0 ? 'onlyA' : isSame(a, b, names, rowA, rowB) ? 'same' : 'changed'
    counts[sign]++
    pairs.push({ a: rowA, b: rowB, sign })
  }
  for (const [text, row] of byA) {
    if (row % BLOCK === 0) yield
    add(row, byB.get(text) ?? -1)
  }
  for (const [text, row] of byB) {
    if (row % BLOCK === 0) yield
    if (!byA.has(text)) add(-1, row)
  }
  const means: DiffMean[] = []
  for (const name of names) {
    yield
    const mean = meanOf(a.byName.get(name), b.byName.get(name), name, pairs)
    if (mean) means.push(mean)
  }
  return { pairs, counts, names, means, repeatedA, repeatedB }
}

/** Rows that are looked at without a yield. */
const BLOCK = 1024

/** The first row of each key, in order, and how many keys stand in several. */
function* rowsByKey(table: TableData, key: string): Sliced<[Map<string, number>, number]> {
  const column = table.byName.get(key)
  const found = new Map<string, number>()
  const repeated = new Set<string>()
  for (let row = 0; row < table.rows; row++) {
    if (row % BLOCK === 0) yield
    const text = keyText(column, row)
    if (found.has(text)) repeated.add(text)
    else found.set(text, row)
  }
  return [found, repeated.size]
}

/** Values of two kinds are two keys: the number 1 is not the text "1". */
function keyText(column: ColumnData | undefined, row: number): string {
  const kind = column ? kindAt(column, row) : NONE
  return kind <= NULL || !column ? '' : `${kind}${textAt(column, row)}`
}

function isSame(a: TableData, b: TableData, names: readonly string[], rowA: number, rowB: number): boolean {
  return names.every((name) => {
    const [one, other] = [a.byName.get(name), b.byName.get(name)]
    return keyText(one, rowA) === keyText(other, rowB)
  })
}

/** Of a column that holds numbers on both sides, their means over the keys that have one on both. */
function meanOf(
  one: ColumnData | undefined,
  other: ColumnData | undefined,
  name: string,
  pairs: readonly DiffPair[],
): DiffMean | undefined {
  if (!one || !other) return undefined
  let [sumA, sumB, keys] = [0, 0, 0]
  for (const { a: rowA, b: rowB } of pairs) {
    if (rowA < 0 || rowB < 0) continue
    const [valueA, valueB] = [numberAt(one, rowA), numberAt(other, rowB)]
    if (valueA === undefined || valueB === undefined) continue
    if (!Number.isFinite(valueA) || !Number.isFinite(valueB)) continue
    sumA += valueA
    sumB += valueB
    keys++
  }
  return keys > 0 ? { name, a: sumA / keys, b: sumB / keys, keys } : undefined
}

/**
 * The column that tells rows apart best: of those whose values are texts, or whole numbers, the one with the most
 * distinct values in the first thousand rows; of equals the first. Another one only where there is no such column,
 * undefined only where there is none at all.
 */
export function likelyKey(table: TableData): string | undefined {
  const most = Math.min(table.rows, 1000)
  let best: { name: string; score: number } | undefined
  for (const column of table.columns) {
    const seen = new Set<string>()
    let [texts, letters, others] = [0, 0, 0]
    for (let row = 0; row < most; row++) {
      const kind = kindAt(column, row)
      if (kind <= NULL) continue
      const isWhole = kind === NUMBER && Number.isInteger(column.numbers[row])
      // a measure is as distinct as a key, and is another one on the other side
      if (!isWhole && (kind !== TEXT || numberAt(column, row) !== undefined)) others++
      const text = textAt(column, row)
      seen.add(text)
      letters += text.length
      texts++
    }
    const named = /^(id|key|index|idx|prompt|question|input|name|path|file|query)$/i.test(column.name) ? 1 : 0
    // an answer is as distinct as its question, and longer
    const long = texts > 0 ? Math.min(1, letters / texts / 2000) : 1
    const score = (others > 0 ? -9 : named * 2) + (most > 0 ? seen.size / most : 0) - long
    if (!best || score > best.score) best = { name: column.name, score }
  }
  return best?.name
}
