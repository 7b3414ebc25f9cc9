import { afterEach, describe, expect, test } from 'vitest'
import { formatBytes, formatBytesOf, formatPlural } from '../../src/compute/format.ts'
import {
  formatCount,
  formatDuration,
  formatFixed,
  formatLogTicks,
  formatTicks,
  formatValue,
} from '../../src/compute/number.ts'
import { asUsual, type NumberStyle, printNumbersBy, USUAL } from '../../src/compute/number-style.ts'
import { makeRowFormat } from '../../src/compute/row-format.ts'
import { linearTicks } from '../../src/compute/ticks.ts'

const MINUS = '\u2212'
const THIN = '\u202f'
const as = (style: Partial<NumberStyle>) => printNumbersBy(() => ({ ...USUAL, ...style }))

afterEach(() => as({}))

const VALUES = [0, 1, -1, 0.03142, 3.2641, 12_400.5, 431_234, 1.5e-4, 5e-324, 1e21, 123_456_789, -9999.6]

describe('numbers in the style that somebody chose', () => {
  test('have fewer or more digits; of two none is left out', () => {
    as({ digits: 'few' })
    expect([formatValue(3.2641), formatValue(3.2641, 5), formatValue(0.0213, 2)]).toEqual([
      '3.26',
      '3.264',
      '0.021',
    ])
    as({ digits: 'many' })
    expect([formatValue(Math.PI), formatValue(Math.PI, 5)]).toEqual(['3.14159', '3.141593'])
    expect(makeRowFormat([Math.PI], 0).value(Math.PI)).toBe('3.14159')
  })

  test('are written in full, or as powers of ten', () => {
    as({ notation: 'plain' })
    expect([formatValue(431_234), formatValue(-1.5e-4), formatValue(1e-9), formatValue(4_812_640.4)]).toEqual(
      ['431,234', `${MINUS}0.0001500`, `1.0e${MINUS}9`, '4,812,640'],
    )
    expect(formatTicks([0, 20_000, 40_000], 20_000)).toEqual(['0', '20,000', '40,000'])
    expect(formatLogTicks([10_000, 100_000])).toEqual(['10,000', '100,000'])
    as({ notation: 'powers' })
    expect([formatValue(431_234), formatValue(9999)]).toEqual(['4.312e5', '9999'])
    expect(formatTicks([0, 20_000, 40_000], 20_000)).toEqual(['0', '2e4', '4e4'])
  })

  test('have the marks of many places, each of them once', () => {
    as({ marks: 'comma' })
    expect([
      formatCount(12_400.5),
      formatValue(3.2641),
      formatFixed(-97.25, 1),
      formatPlural(12_400, 'run'),
    ]).toEqual(['12.400,5', '3,264', `${MINUS}97,3`, '12.400 runs'])
    expect([formatDuration(3.2), formatBytes(12_400_000), formatBytesOf(4_700_000, 12_400_000)]).toEqual([
      '3,2 s',
      '12,4 MB',
      '4,7 of 12,4 MB',
    ])
    expect(linearTicks(0, 1, 5).labels).toEqual(['0', '0,5', '1,0'])
    expect(makeRowFormat([0.5, 0.25], 0).value(0.25)).toBe('0,2500')
    as({ marks: 'space-comma' })
    expect(formatCount(12_400.5)).toBe(`12${THIN}400,5`)
    as({ marks: 'space-point' })
    expect(formatCount(12_400.5)).toBe(`12${THIN}400.5`)
  })

  test('of bytes go by 1024', () => {
    as({ sizes: 'binary' })
    expect([formatBytes(1023), formatBytes(1024), formatBytes(96 << 20), formatBytes(1)]).toEqual([
      '1023 bytes',
      '1 KiB',
      '96 MiB',
      '1 byte',
    ])
  })

  test('are the same number in every style', () => {
    const read = (text: string, [thousands, decimal]: readonly [string, string]): number =>
      Number(
        text
          .replaceAll(thousands, '')
          .replace(decimal, '.')
          .replaceAll(MINUS, '-')
          .replace(/k$/, 'e3')
          .replace(/M$/, 'e6')
          .replace(/P$/, 'e15'),
      )
    for (const digits of ['few', 'usual', 'many'] as const)
      for (const notation of ['short', 'plain', 'powers'] as const)
        for (const [marks, signs] of [
          ['point', [',', '.']],
          ['comma', ['.', ',']],
          ['space-comma', [THIN, ',']],
        ] as const) {
          as({ digits, notation, marks })
          for (const value of VALUES) {
            const shown = read(formatValue(value), signs)
            // half a unit of the third digit
            expect(Math.abs(shown - value), `${formatValue(value)} of ${value}`).toBeLessThanOrEqual(
              Math.max(Math.abs(value) * 5e-3, 5e-324),
            )
          }
        }
  })

  test('are as usual in what leaves the page', () => {
    as({ digits: 'few', notation: 'powers', marks: 'comma', sizes: 'binary' })
    expect(asUsual(() => [formatValue(431_234), formatCount(12_400.5), formatBytes(1024)])).toEqual([
      '431.2k',
      '12,400.5',
      '1.02 kB',
    ])
    expect(() =>
      asUsual(() => {
        throw new Error('odd')
      }),
    ).toThrow('odd')
    expect(formatCount(0.5)).toBe('0,5')
  })
})
