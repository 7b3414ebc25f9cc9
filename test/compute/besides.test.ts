import { expect, test } from 'vitest'
import { sentenceBeside, wordsBeside } from '../../src/compute/besides.ts'
import type { OtherKey } from '../../src/model/metric.ts'

test('values are told by their kinds, with counts', () => {
  const others: OtherKey[] = [
    { name: 'samples', kinds: { 'trackio.table': 1 } },
    { name: 'a', kinds: { 'trackio.file': 1200, string: 3 } },
    { name: 'b', kinds: { 'trackio.image': 4, 'trackio.markdown': 1 } },
  ]
  // media and tables have pages
  const words = wordsBeside(others)
  expect(words).toEqual(['1,200 files'])
  expect(sentenceBeside(words)).toBe('1,200 files: in the raw rows of a run')
})

test('values without a kind of their own count by key', () => {
  const kinds: Record<string, number>[] = [
    { string: 900 },
    { string: 1, bool: 2 },
    { bool: 7 },
    { list: 1, dict: 1 },
  ]
  const others = kinds.map((found, i) => ({ name: `k${i}`, kinds: found }))
  expect(wordsBeside(others)).toEqual(['2 text keys', '2 other keys'])
})

test('traces that are values, as 0.25 wrote them, have a page', () => {
  expect(wordsBeside([{ name: 'traces', kinds: { 'trackio.trace': 2 } }])).toEqual([])
})

test('it is told where they stand; nothing is not told', () => {
  expect(sentenceBeside(wordsBeside([{ name: 'a', kinds: { string: 1 } }]))).toBe(
    '1 text key: in the raw rows of a run',
  )
  expect(sentenceBeside(wordsBeside([]))).toBe('')
})
