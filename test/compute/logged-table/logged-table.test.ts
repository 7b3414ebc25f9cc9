import { describe, expect, test } from 'vitest'
import { cellOf } from '../../../src/compute/logged-table/cells.ts'
import {
  addRows,
  type ColumnData,
  keepDigits,
  kindOfColumn,
  makeTableData,
  orderColumns,
  type TableData,
  textAt,
} from '../../../src/compute/logged-table/columns.ts'
import { likelyKey, pairRows } from '../../../src/compute/logged-table/diff.ts'
import { copyText } from '../../../src/compute/logged-table/export.ts'
import { filterRows } from '../../../src/compute/logged-table/filter.ts'
import { orderRows, radixOrder } from '../../../src/compute/logged-table/order.ts'
import { summaryOf } from '../../../src/compute/logged-table/summary.ts'
import { parseLoose } from '../../../src/compute/loose-json.ts'
import { atOnce } from '../../../src/compute/slices.ts'
import type { TableFilter } from '../../../src/model/logged-table.ts'
import type { Json } from '../../../src/model/run.ts'
import { makeRandom } from '../../random.ts'

function tableOf(...values: Json[]): TableData {
  const table = makeTableData()
  for (const value of values) addRows(table, value)
  return table
}

function column(table: TableData, name: string): ColumnData {
  const found = table.byName.get(name)
  if (!found) throw new Error(`no column ${name}`)
  return found
}

const texts = (table: TableData, name: string): string[] =>
  Array.from({ length: table.rows }, (_, row) => textAt(column(table, name), row))
const all = (table: TableData): Uint32Array => Uint32Array.from({ length: table.rows }, (_, i) => i)

describe('rows', () => {
  test('may be objects, lists or values; a table without rows is told of', () => {
    const table = tableOf(
      [
        { a: 1, b: 'x' },
        { b: null, c: [1] },
      ],
      [[5, 'y'], [6]],
      ['alone'],
      null,
      [],
      'text',
    )
    expect(table.rows).toBe(5)
    expect([table.empty, table.odd]).toEqual([2, 1])
    expect(texts(table, 'a')).toEqual(['1', '', '', '', ''])
    expect(texts(table, 'b')).toEqual(['x', 'null', '', '', ''])
    expect(texts(table, 'c')).toEqual(['', '[1]', '', '', ''])
    expect(texts(table, '0')).toEqual(['', '', '5', '6', ''])
    expect(texts(table, 'value')).toEqual(['', '', '', '', 'alone'])
  })

  test('have the union of their keys as columns, numbered ones behind those with names', () => {
    const table = tableOf([
      { '10': 'x', name: 'n', '2': 'y' },
      { other: 1, '1e3': 2 },
    ])
    expect(orderColumns(table).map(({ name }) => name)).toEqual(['name', 'other', '1e3', '2', '10'])
  })

  test('keep integers beyond 2^53, signs of zero, flags and what is not finite', () => {
    const text =
      '[{"a": 9007199254740993, "b": -0.0, "c": true, "d": "NaN", "e": "12345678901234567890", "f": {"x": -12345678901234567891}}, {"a": 1, "d": 0.5}]'
    const table = tableOf(JSON.parse(keepDigits(text)))
    expect(texts(table, 'a')).toEqual(['9007199254740993', '1'])
    expect(texts(table, 'b')[0]).toBe('-0')
    expect(texts(table, 'c')[0]).toBe('true')
    expect([texts(table, 'd')[0], kindOfColumn(column(table, 'd'))]).toEqual(['NaN', 'number'])
    expect([texts(table, 'e')[0], kindOfColumn(column(table, 'e'))]).toEqual(['12345678901234567890', 'text'])
    expect(texts(table, 'f')[0]).toBe('{"x":-12345678901234567891}')
  })

  test('digits of fractions and of texts stay as they are written', () => {
    const text = '{"a":0.12345678901234567890,"b":"9007199254740993","c":1.5e300,"d":[9007199254740993.5]}'
    expect(keepDigits(text)).toBe(text)
  })

  test('a text of any length stands beside what is not finite, and beside digits', () => {
    const long = `${'x'.repeat(20_000_000)}\\"`
    const text = `[{"a": NaN, "b": "${long}", "c": 9007199254740993}]`
    expect(parseLoose(text)).toMatchObject([{ a: 'NaN' }])
    expect(keepDigits(text).endsWith('"\\u00019007199254740993"}]')).toBe(true)
  })

  test('texts that hardly repeat are found and counted all the same', () => {
    const table = tableOf(Array.from({ length: 60_001 }, (_, i) => ({ t: `text ${i % 60_000}` })))
    expect(column(table, 't').known).toBeUndefined()
    const filter: TableFilter = { column: '.t', op: '=', value: 'text 0' }
    expect([...atOnce(filterRows(all(table), column(table, 't'), filter))]).toEqual([0, 60_000])
    expect(summaryOf('.t', column(table, 't'), table.rows, all(table)).distinct).toBe(60_000)
  })
})

describe('order', () => {
  test('is by value, NaN and then nothing last either way; equals keep their order', () => {
    const table = tableOf([
      { v: 3 },
      { v: 'NaN' },
      { v: -2.5 },
      {},
      { v: 3 },
      { v: null },
      { v: '-Infinity' },
      { v: 0 },
    ])
    expect([...atOnce(orderRows(all(table), column(table, 'v'), false))]).toEqual([6, 2, 7, 0, 4, 1, 3, 5])
    expect([...atOnce(orderRows(all(table), column(table, 'v'), true))]).toEqual([0, 4, 7, 2, 6, 1, 3, 5])
  })

  test('of texts is by code point, behind all numbers', () => {
    const table = tableOf([{ v: 'b' }, { v: 10 }, { v: 'B' }, { v: 'a' }, { v: 9 }, { v: 'a' }])
    expect([...atOnce(orderRows(all(table), column(table, 'v'), false))]).toEqual([4, 1, 2, 3, 5, 0])
  })

  test('by digits is the order that comparing gives', () => {
    const next = makeRandom(7)
    const values = Float64Array.from({ length: 5000 }, (_, i) =>
      i % 5 === 0 ? Math.round(next() * 20) - 10 : (next() - 0.5) * 10 ** Math.round(next() * 40 - 20),
    )
    values.set([0, -0, Infinity, -Infinity, Number.MIN_VALUE, -Number.MAX_VALUE], 7)
    const places = Uint32Array.from(values, (_, i) => i)
    for (const descending of [false, true]) {
      const sign = descending ? -1 : 1
      const wanted = [...places].sort((a, b) => {
        const [one, other] = [values[a] as number, values[b] as number]
        return one === other ? a - b : one < other ? -sign : sign
      })
      expect([...atOnce(radixOrder(values, places, descending))]).toEqual(wanted)
    }
  })
})

describe('texts that all differ', () => {
  const next = makeRandom(11)
  const table = tableOf(Array.from({ length: 60_000 }, () => ({ t: `row ${Math.floor(next() * 1e6)}` })))
  const t = column(table, 't')

  test('are in the order that comparing gives', () => {
    const wanted = [...all(table)].sort((a, b) => {
      const [one, other] = [
        t.texts[t.numbers[a] as number] as string,
        t.texts[t.numbers[b] as number] as string,
      ]
      return one < other ? -1 : one > other ? 1 : a - b
    })
    expect([...atOnce(orderRows(all(table), t, false))]).toEqual(wanted)
  })

  test('are sorted in many short slices', () => {
    const fresh = tableOf(Array.from({ length: 60_000 }, (_, i) => ({ t: `row ${(i * 7919) % 60_000}` })))
    const work = orderRows(all(fresh), column(fresh, 't'), false)
    let slices = 0
    while (!work.next().done) slices++
    // each of the 30 blocks is sorted by itself, and merged in five rounds
    expect(slices).toBeGreaterThan(30 * 6)
  })
})

describe('filters', () => {
  const table = tableOf([
    { n: 1, t: 'One', f: true },
    { n: 2, t: 'two', f: false },
    { n: '2', t: null },
    { n: 'NaN', t: 'three' },
  ])
  const kept = (name: string, filter: object): number[] => [
    ...atOnce(filterRows(all(table), column(table, name), { column: `.${name}`, ...filter } as TableFilter)),
  ]
  test('tell kinds of values apart, and count what is not there as null', () => {
    expect(kept('n', { op: '=', value: 2 })).toEqual([1])
    expect(kept('n', { op: '=', value: '2' })).toEqual([2])
    expect(kept('n', { op: '≠', value: 2 })).toEqual([0, 2, 3])
    expect(kept('n', { op: '≥', value: 1.5 })).toEqual([1])
    expect(kept('n', { op: 'in', low: 1, high: 2 })).toEqual([0, 1])
    // a bar up to an inner edge: what lies on it is of the next bar
    expect(kept('n', { op: 'in', low: 1, high: 2, below: true })).toEqual([0])
    expect(kept('t', { op: '=', value: null })).toEqual([2])
    expect(kept('f', { op: '=', value: null })).toEqual([2, 3])
    expect(kept('f', { op: '=', value: false })).toEqual([1])
    expect(kept('t', { op: 'has', value: 'ON' })).toEqual([0])
    expect(kept('n', { op: 'has', value: '2' })).toEqual([1, 2])
  })
})

test('a head sums up all rows, and says how much of each bar is shown', () => {
  const table = tableOf([...Array(24).keys()].map((v) => ({ v, few: v % 2 === 0 ? 'a' : 'b' })).concat([]))
  addRows(table, [{ v: 'Infinity' }, { v: null }, {}] as Json)
  const shown = Uint32Array.of(0, 1, 23)
  const { bins, held, ...rest } = summaryOf('.v', column(table, 'v'), table.rows, shown)
  expect(rest).toEqual({
    ...{ id: '.v', empty: 2, distinct: 25, nonFinite: 1, least: 0, greatest: 23, mean: 11.5 },
    ...{ of: 'numbers', names: [] },
  })
  expect(bins).toEqual(Array(12).fill(2))
  expect(held).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  const few = summaryOf('.few', column(table, 'few'), table.rows, shown)
  expect([few.of, few.names, few.bins, few.held, few.empty]).toEqual([
    'values',
    ['a', 'b'],
    [12, 12],
    [1, 2],
    3,
  ])
})

test('a cell is cut between letters, around what is looked for', () => {
  const table = tableOf([{ t: `${'x'.repeat(99)}😀 needle ${'y'.repeat(200)}` }])
  expect(cellOf(column(table, 't'), 0, 100)).toEqual({
    kind: 'text',
    text: `${'x'.repeat(99)}…`,
    length: 309,
  })
  expect(cellOf(column(table, 't'), 0, 100, 'NEEDLE').text).toContain('😀 needle')
})

test('copies are not run as formulas; numbers stay numbers', () => {
  const table = tableOf([
    { a: '=1+1', b: -5, 'c,d': 'x"y\nz' },
    { a: null, b: 2.5 },
  ])
  const columns = ['a', 'b', 'c,d'].map((name) => ({ name, column: column(table, name) }))
  expect(copyText(columns, all(table), 'csv', true)).toBe(`a,b,"c,d"\n'=1+1,-5,"x""y\nz"\n,2.5,\n`)
  expect(copyText(columns, all(table), 'tsv', true)).toBe(`a\tb\tc,d\n'=1+1\t-5\tx"y z\n\t2.5\t\n`)
  expect(copyText(columns, all(table), 'markdown', true)).toContain('| =1+1 | -5 | x"y z |')
  expect(copyText(columns, all(table), 'latex', true)).toContain('=1+1 & -5 & x"y z \\\\')
})

describe('a difference by key', () => {
  const a = tableOf([
    { id: 1, answer: 'four', score: 0 },
    { id: 2, answer: 'six', score: 1 },
    { id: 2, answer: 'again', score: 1 },
    { id: 3, answer: 'gone', score: 1 },
  ])
  const b = tableOf([
    { id: 2, score: 1, answer: 'six' },
    { id: 1, answer: 'five', score: 1 },
    { id: '3', answer: 'a text is another key', score: 1 },
  ])
  test('pairs the first rows of each key, and says what stands on one side alone', () => {
    const { pairs, counts, means, repeatedA, repeatedB, names } = atOnce(pairRows(a, b, 'id'))
    expect(pairs).toEqual([
      { a: 0, b: 1, sign: 'changed' },
      { a: 1, b: 0, sign: 'same' },
      { a: 3, b: -1, sign: 'onlyA' },
      { a: -1, b: 2, sign: 'onlyB' },
    ])
    expect(counts).toEqual({ changed: 1, same: 1, onlyA: 1, onlyB: 1 })
    expect([names, repeatedA, repeatedB]).toEqual([['answer', 'score'], 1, 0])
    expect(means).toEqual([{ name: 'score', a: 0.5, b: 1, keys: 2 }])
  })
  test('is offered by the column that tells rows apart, an id or a prompt before their answers', () => {
    expect(likelyKey(a)).toBe('id')
    const prompts = tableOf(
      [...Array(9).keys()].map((i) => ({ completion: `long ${i} answer`, prompt: `q ${i}` })),
    )
    expect(likelyKey(prompts)).toBe('prompt')
    expect(likelyKey(tableOf([]))).toBeUndefined()
    // a loss is as distinct as a text, and pairs nothing
    const measured = tableOf([...Array(9).keys()].map((i) => ({ loss: i / 7, text: `some text ${i}` })))
    expect(likelyKey(measured)).toBe('text')
    // rows that lack a cell are told apart by the others all the same
    expect(likelyKey(tableOf([{ q: 'a', loss: 0.5 }, { q: 'b' }, { q: null, loss: 0.25 }]))).toBe('q')
    expect(likelyKey(tableOf([{ loss: 0.5 }, { loss: 0.25 }]))).toBe('loss')
  })
})
