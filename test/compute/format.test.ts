import { expect, test } from 'vitest'
import { formatAgo, formatBytes, formatBytesOf, formatPlural, splitMiddle } from '../../src/compute/format.ts'

test('bytes', () => {
  expect([0, 1, 999, 12_400_000, 218_000_000, 1_900_000_000].map(formatBytes)).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '12.4 MB',
    '218 MB',
    '1.9 GB',
  ])
  expect(formatBytesOf(4_700_000, 12_400_000)).toBe('4.7 of 12.4 MB')
  expect(formatBytesOf(0, 12_400_000)).toBe('0 of 12.4 MB')
})

test('ages', () => {
  const now = Date.UTC(2026, 10, 23, 12)
  const ages = [3_000, 240_000, 7_200_000, 5 * 86_400_000, 740 * 86_400_000]
  expect(ages.map((age) => formatAgo(now - age, now, 'utc'))).toEqual([
    '3 s ago',
    '4 min ago',
    '2 h ago',
    '18 Nov',
    '13 Nov 2024',
  ])
  expect(formatAgo(Number.NaN, now, 'utc')).toBe('')
})

test('counts', () => {
  expect([formatPlural(1, 'run'), formatPlural(12_400, 'run'), formatPlural(0, 'query', 'queries')]).toEqual([
    '1 run',
    '12,400 runs',
    '0 queries',
  ])
})

test('long names keep their end', () => {
  expect(splitMiddle('short')).toEqual(['short', ''])
  expect(splitMiddle('a-rather-long-run-name-seed-7').join('')).toBe('a-rather-long-run-name-seed-7')
})
