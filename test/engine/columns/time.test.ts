import { expect, test } from 'vitest'
import { parseTimeText } from '../../../src/engine/columns/time.ts'

test('seconds are a time as far as there are dates', () => {
  expect(parseTimeText('1767225600.5')).toBe(Date.UTC(2026, 0, 1) + 500)
  expect(parseTimeText('8.64e12')).toBe(8.64e15)
  // what prints a time throws at a later one
  for (const text of ['8.64000001e12', '-1e300', '1e400', '99999999999999999'])
    expect(parseTimeText(text)).toBeNaN()
})
