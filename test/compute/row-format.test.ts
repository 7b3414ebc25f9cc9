import { expect, test } from 'vitest'
import { formatPercent, makeRowFormat } from '../../src/compute/row-format.ts'

test('numbers of a row have as many decimals, four digits of the greatest', () => {
  const row = makeRowFormat([0.7332, 0.7467], 0.7332)
  expect([row.value(0.73321), row.value(0.5), row.change(0.0135), row.change(-0.0259)]).toEqual([
    ...['0.7332', '0.5000', '+0.0135', '−0.0259'],
  ])
  expect(makeRowFormat([-265.42, -268.2], -265.42).value(-268.21)).toBe('−268.2')
  expect(makeRowFormat([12_400.5, 9], 9).value(12_400.5)).toBe('12,401')
})

test('a difference that four digits do not show gets more', () => {
  const row = makeRowFormat([2.301, 2.3010004], 2.301)
  expect(row.value(2.3010004)).toBe('2.3010004')
  expect(row.change(4e-7)).toBe('+0.0000004')
})

test('whole numbers stay whole, powers are powers, the rest is said as it is', () => {
  expect(makeRowFormat([1, 200], 1).value(200)).toBe('200')
  const tiny = makeRowFormat([1.5e-6, 2e-6], 1.5e-6)
  expect([tiny.value(1.5e-6), tiny.change(5e-7), tiny.change(0)]).toEqual(['1.5000e−6', '+5.0000e−7', '0'])
  const row = makeRowFormat([1.5, Number.NaN], 1.5)
  expect([row.value(Number.NaN), row.value(-Infinity), row.change(0)]).toEqual(['NaN', '−Infinity', '0'])
  expect(makeRowFormat([], Number.NaN).value(0)).toBe('0')
})

test('a change in percent of what it changes', () => {
  expect(formatPercent(0.0135, 0.7332)).toBe('+1.84 %')
  expect(formatPercent(-5, -2)).toBe('−250 %')
  expect(formatPercent(0, 3)).toBe('0 %')
  expect(formatPercent(1, 0)).toBe('')
})
