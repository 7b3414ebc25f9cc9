import { expect, test } from 'vitest'
import { sentenceBeside, wordsBeside } from '../../src/compute/besides.ts'
import type { OtherKey } from '../../src/model/metric.ts'

test('values and rows of tables are told by their kinds, with counts', () => {
  const others: OtherKey[] = [
    { name: 'samples', kinds: { 'trackio.table': 1 } },
    { name: 'a', kinds: { 'trackio.file': 1200, string: 3 } },
    { name: 'b', kinds: { 'trackio.image': 4, 'trackio.markdown': 1 } },
  ]
  // media, tables, alerts, system metrics and traces have pages
  const words = wordsBeside(others, [
    { table: 'system', rows: 5000 },
    { table: 'traces', rows: 240 },
    { table: 'alerts', rows: 3 },
    { table: 'artifacts', rows: 1 },
  ])
  expect(words).toEqual(['1,200 files', '1 artifact'])
  expect(sentenceBeside(words.slice(0, 2))).toBe('1,200 files, 1 artifact: no page for these yet')
})

test('values without a kind of their own count by key', () => {
  const kinds: Record<string, number>[] = [
    { string: 900 },
    { string: 1, bool: 2 },
    { bool: 7 },
    { list: 1, dict: 1 },
  ]
  const others = kinds.map((found, i) => ({ name: `k${i}`, kinds: found }))
  expect(wordsBeside(others, [])).toEqual(['2 text keys', '2 other keys'])
})

test('traces that are values, as 0.25 wrote them, have a page like those in the table', () => {
  const inline = [{ name: 'traces', kinds: { 'trackio.trace': 2 } }]
  expect(wordsBeside(inline, [])).toEqual([])
  expect(wordsBeside(inline, [{ table: 'traces', rows: 5 }])).toEqual([])
})

test('what would cost too much to count is told without a number; nothing is not told', () => {
  expect(sentenceBeside(wordsBeside([], [{ table: 'artifacts', rows: undefined }]))).toBe(
    'artifacts: no page for these yet',
  )
  expect(sentenceBeside(wordsBeside([], [{ table: 'artifacts', rows: 1 }]))).toBe(
    '1 artifact: no page for it yet',
  )
  expect(sentenceBeside(wordsBeside([], []))).toBe('')
})
