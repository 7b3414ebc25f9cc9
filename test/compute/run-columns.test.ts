import { expect, test } from 'vitest'
import { binRange, summaryOf } from '../../src/compute/column-summary.ts'
import {
  type Column,
  type ColumnSpec,
  configColumn,
  formatColumns,
  orderBy,
  parseColumns,
} from '../../src/compute/run-columns.ts'
import type { Json, Run } from '../../src/model/run.ts'

function run(config: Record<string, Json>): Run {
  return {
    key: 'k',
    id: null,
    name: 'k',
    group: null,
    username: null,
    status: null,
    config,
    createdAt: '',
    created: Number.NaN,
    lastTimestamp: '',
    last: Number.NaN,
    slot: 0,
    rows: 0,
    firstStep: null,
    lastStep: null,
  }
}

function numbers(values: (number | undefined)[]): Column {
  return {
    kind: 'number',
    values: Float64Array.from(values, (value) => value ?? Number.NaN),
    has: Uint8Array.from(values, (value) => (value === undefined ? 0 : 1)),
  }
}

test('columns go into an address and come back, whatever their names hold', () => {
  const specs: ColumnSpec[] = [
    { kind: 'fact', fact: 'state' },
    { kind: 'config', path: 'a,b:c%2C' },
    { kind: 'metric', metric: 'eval/acc:top,1', by: 'max' },
    { kind: 'metric', metric: 'Δx', by: 'tail', delta: 'value' },
  ]
  const beside: ColumnSpec[] = [
    { kind: 'logged', of: 'media', key: 'a:b,c' },
    { kind: 'logged', of: 'picture', key: 'samples' },
    { kind: 'logged', of: 'table', key: '50 %' },
    { kind: 'logged', of: 'traces', key: '' },
  ]
  expect(parseColumns(formatColumns(beside))).toEqual(beside)
  expect(parseColumns(formatColumns(specs))).toEqual(specs)
  expect(parseColumns('nothing,state,worst:x')).toEqual([{ kind: 'fact', fact: 'state' }])
})

test('a config key is a column of numbers where all that is set is a number', () => {
  expect(configColumn([run({ lr: 1 }), run({}), run({ lr: 'NaN' })], 'lr')).toEqual({
    kind: 'number',
    values: Float64Array.of(1, Number.NaN, Number.NaN),
    has: Uint8Array.of(1, 0, 1),
  })
  expect(configColumn([run({ lr: 1 }), run({ lr: 'auto' }), run({ lr: [1, 2] })], 'lr')).toEqual({
    kind: 'text',
    values: ['1', 'auto', '[1,2]'],
  })
})

test('runs are in the order of several columns; NaN and what is missing come last either way', () => {
  const loss = numbers([3, Number.NaN, undefined, 1, 3])
  expect([...orderBy(5, [{ column: loss, descending: false }])]).toEqual([3, 0, 4, 1, 2])
  expect([...orderBy(5, [{ column: loss, descending: true }])]).toEqual([0, 4, 3, 1, 2])
  const name: Column = { kind: 'text', values: ['b10', 'a', undefined, 'b2', 'b2'] }
  expect([...orderBy(5, [{ column: name, descending: true }])]).toEqual([0, 3, 4, 1, 2])
  expect([
    ...orderBy(5, [
      { column: name, descending: false },
      { column: loss, descending: true },
    ]),
  ]).toEqual([1, 4, 3, 0, 2])
  expect([...orderBy(3, [])]).toEqual([0, 1, 2])
})

test('few distinct values have a bar each, many numbers twelve of equal width', () => {
  const few = summaryOf(numbers([0.1, 0.1, 10, undefined, Infinity]))
  expect(few.summary).toMatchObject({ distinct: 3, missing: 1, nonFinite: 1, least: 0.1, greatest: 10 })
  expect([few.summary.each, few.summary.bins, [...few.binOf]]).toEqual([
    [0.1, 10],
    [2, 1],
    [0, 0, 1, -1, -1],
  ])
  // 0 to 24 in twelve bars of 2; the greatest belongs to the last
  const many = summaryOf(numbers(Array.from({ length: 25 }, (_, i) => i)))
  expect(many.summary.bins).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3])
  expect(binRange(many.summary, 3)).toEqual([6, 8])
  // 1 to 10⁶ over 13 values: two decades and more are in their logarithm
  const wide = summaryOf(numbers(Array.from({ length: 13 }, (_, i) => 10 ** (i / 2))))
  expect(wide.summary.log).toBe(true)
  expect(wide.summary.bins.reduce((sum, count) => sum + count, 0)).toBe(13)
  // the width of these is beyond the doubles
  const huge = summaryOf(numbers([-1.7e308, ...Array.from({ length: 12 }, (_, i) => i), 1.7e308]))
  expect(huge.summary.bins).toEqual([1, 0, 0, 0, 0, 0, 12, 0, 0, 0, 0, 1])
  const texts = summaryOf({ kind: 'text', values: ['a', 'b', 'a', undefined] })
  expect([texts.summary.each, texts.summary.bins, texts.summary.missing]).toEqual([['a', 'b'], [2, 1], 1])
  expect(summaryOf(numbers([undefined])).summary).toMatchObject({ bins: [], least: Number.NaN })
})
