import { expect, test } from 'vitest'
import type { TraceRows } from '../../../../src/model/trace.ts'
import { listColumns } from '../../../../src/ui/pages/traces/columns.ts'

const none = Float64Array.of(Number.NaN, Number.NaN)
const listOf = (change: Partial<TraceRows>) =>
  ({ tokens: none, duration: none, scores: [], ...change }) as unknown as TraceRows
const names = (list: TraceRows) => listColumns(list).map(({ title }) => title)

test('a column is there for what some trace logged', () => {
  expect(names(listOf({}))).toEqual([])
  expect(names(listOf({ tokens: Float64Array.of(Number.NaN, 12) }))).toEqual(['tokens'])
  const both = listOf({ tokens: Float64Array.of(1200, 12), duration: Float64Array.of(Number.NaN, 1500) })
  expect(listColumns(both).map(({ words }) => [words(0), words(1)])).toEqual([
    ['1,200', '12'],
    ['', '1.5 s'],
  ])
})

test('traces with neither have the number of their metadata that is named like a result, else the first', () => {
  const scores = [
    { name: 'advantage', values: Float64Array.of(-0.25, Number.NaN) },
    { name: 'format_reward', values: Float64Array.of(0.5, 2) },
  ]
  const [column] = listColumns(listOf({ scores }))
  expect([column?.title, column?.words(0), column?.words(1)]).toEqual(['format_reward', '0.5', '2'])
  const [other] = listColumns(listOf({ scores: scores.slice(0, 1) }))
  expect([other?.title, other?.words(0), other?.words(1)]).toEqual(['advantage', '−0.25', ''])
})
