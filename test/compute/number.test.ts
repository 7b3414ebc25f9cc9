import { expect, test } from 'vitest'
import { formatCount, formatDuration, formatTicks, formatValue } from '../../src/compute/number.ts'

test('values keep four significant digits', () => {
  const cases: [number, string][] = [
    [3.2641, '3.264'],
    [0.183, '0.1830'],
    [1304.2, '1304'],
    [9999.6, '10.00k'],
    [431_234, '431.2k'],
    [1.5e-4, '1.5e\u22124'],
    [6e-5, '6.0e\u22125'],
    [-0.0423, '\u22120.04230'],
    [0, '0'],
    [NaN, 'NaN'],
    [-Infinity, '\u2212Infinity'],
    [4_812_640, '4.813M'],
    [1e21, '1.0e21'],
  ]
  for (const [value, text] of cases) expect(formatValue(value)).toBe(text)
  expect(formatValue(12, 4, true)).toBe('12')
  expect(formatValue(3.41691, 5)).toBe('3.4169')
})

test('counts have separators, durations two units', () => {
  expect(formatCount(12_400)).toBe('12,400')
  expect(formatCount(-5)).toBe('\u22125')
  expect(formatDuration(9660)).toBe('2 h 41 m')
  expect(formatDuration(320)).toBe('5 m 20 s')
  expect(formatDuration(59.97)).toBe('1 m')
  expect(formatDuration(0.25)).toBe('0.25 s')
  expect(formatDuration(90_000)).toBe('1 d 1 h')
})

test('the largest and the smallest doubles have digits, not Infinity', () => {
  expect(formatValue(1.7976931348623157e308)).toBe('1.798e308')
  expect(formatValue(5e-324)).toBe('4.941e\u2212324')
  expect(formatValue(1e308, 5)).toBe('1.0e308')
  expect(formatTicks([0, 1e308], 1e308)).toEqual(['0', '1e308'])
  expect(formatTicks([0, Number.MAX_VALUE], 1e308).join()).not.toMatch(/Infinity|NaN/)
})
