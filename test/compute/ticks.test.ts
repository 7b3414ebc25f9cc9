import { describe, expect, test } from 'vitest'
import { clockTicks, durationTicks, linearTicks, logTicks, stepTicks } from '../../src/compute/ticks.ts'

describe('linearTicks', () => {
  test('writes one notation with the decimals the spacing needs', () => {
    expect(linearTicks(0, 0.0031, 6).labels).toEqual(['0', '0.001', '0.002', '0.003'])
    expect(linearTicks(0, 20_000, 5)).toEqual({
      values: [0, 5000, 10_000, 15_000, 20_000],
      labels: ['0', '5k', '10k', '15k', '20k'],
    })
    expect(linearTicks(9000, 9600, 4).labels).toEqual(['9,000', '9,200', '9,400', '9,600'])
    expect(linearTicks(-0.15, 0.1, 6).labels).toEqual([
      '\u22120.15',
      '\u22120.10',
      '\u22120.05',
      '0',
      '0.05',
      '0.10',
    ])
    expect(linearTicks(0, 6e-5, 4).labels).toEqual(['0', '2e\u22125', '4e\u22125', '6e\u22125'])
  })
  test('never gives more than asked, and at least two', () => {
    for (let k = 0; k < 500; k++) {
      const low = Math.sin(k) * 10 ** ((k % 9) - 4)
      const high = low + (1 + (k % 7)) * 10 ** ((k % 11) - 5)
      const { values, labels } = linearTicks(low, high, 5)
      expect(values.length).toBeLessThanOrEqual(5)
      expect(values.length).toBeGreaterThanOrEqual(2)
      expect(new Set(labels).size).toBe(values.length)
      expect(values.every((v) => v >= low - 1e-9 * (high - low) && v <= high + 1e-9 * (high - low))).toBe(
        true,
      )
    }
  })
  test('an empty or endless range has no crowd of ticks', () => {
    expect(linearTicks(5, 5, 5).values).toEqual([5])
    expect(linearTicks(0, Infinity, 5).values.length).toBeLessThan(2)
    expect(linearTicks(NaN, 1, 5).values).toEqual([])
  })
})

describe('logTicks', () => {
  test('gives true values: 1-2-5 on short axes, decades on long ones', () => {
    expect(logTicks(0.15, 9, 6).labels).toEqual(['0.2', '0.5', '1', '2', '5'])
    expect(logTicks(0.9, 2e5, 6).labels).toEqual(['1', '10', '100', '1000', '10k', '100k'])
    expect(logTicks(1e-30, 1, 6).values.length).toBeLessThanOrEqual(6)
    expect(
      logTicks(1e-30, 1, 6).values.every((v) => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9),
    ).toBe(true)
  })
  test('is ticked evenly where less than two such values fit', () => {
    expect(logTicks(2.1, 4.4, 5).values.length).toBeGreaterThanOrEqual(2)
    expect(logTicks(-1, 5, 5).values).toEqual([])
  })
})

describe('times', () => {
  test('durations fall on whole units', () => {
    expect(durationTicks(0, 7300, 5).labels).toEqual(['0', '30 m', '1 h', '1 h 30 m', '2 h'])
    expect(durationTicks(0, 45, 5).labels).toEqual(['0', '10 s', '20 s', '30 s', '40 s'])
    expect(durationTicks(0, 2, 5).labels.at(-1)).toBe('2.0 s')
    expect(durationTicks(0, 40 * 86_400, 6).values.length).toBeGreaterThanOrEqual(2)
  })
  test('clock times fall on whole minutes and hours, days are named', () => {
    const noon = Date.UTC(2026, 10, 23, 12)
    expect(clockTicks(noon, noon + 4 * 3_600_000, 5, 'utc').labels).toEqual([
      '12:00',
      '13:00',
      '14:00',
      '15:00',
      '16:00',
    ])
    expect(clockTicks(noon, noon + 24 * 3_600_000, 5, 'utc').labels).toEqual([
      '12:00',
      '18:00',
      '24 Nov',
      '06:00',
      '12:00',
    ])
    expect(clockTicks(NaN, NaN, 5, 'utc').values).toEqual([])
  })
})

describe('stepTicks', () => {
  test('between few whole steps there is no half one', () => {
    expect(linearTicks(25, 26, 4).labels).toContain('25.5')
    expect(stepTicks([25, 26], 4)).toEqual({ values: [25, 26], labels: ['25', '26'] })
    expect(stepTicks([0, 1, 2], 12).labels).toEqual(['0', '1', '2'])
    expect(linearTicks(1, 9, 3).values).toEqual([2.5, 5, 7.5])
    expect(stepTicks([1, 9], 3).values).toEqual([1, 9])
    expect(stepTicks([24, 25, 26, 27], 3).values.every(Number.isInteger)).toBe(true)
  })
  test('of whole steps all ticks are whole, at least two and no more than asked', () => {
    for (let k = 0; k < 3000; k++) {
      const low = Math.floor(Math.sin(k) * 10 ** (k % 7))
      const high = low + 1 + Math.floor(Math.abs(Math.cos(k)) * 10 ** (k % 8))
      const most = 2 + (k % 12)
      const { values, labels } = stepTicks([low, high], most)
      const told = `${low} to ${high}, ${most}: ${values}`
      expect(
        values.every((v) => Number.isInteger(v) && v >= low && v <= high),
        told,
      ).toBe(true)
      expect(values.length, told).toBeGreaterThanOrEqual(2)
      expect(values.length, told).toBeLessThanOrEqual(most)
      expect(new Set(labels).size, told).toBe(values.length)
    }
  })
  test('steps that are no whole numbers have ticks like any axis', () => {
    expect(stepTicks([0, 0.5, 1], 6)).toEqual(linearTicks(0, 1, 6))
  })
  test('one step has its own, none has none', () => {
    expect(stepTicks([7], 5)).toEqual({ values: [7], labels: ['7'] })
    expect(stepTicks([1234.5], 5).values).toEqual([1234.5])
    expect(stepTicks([], 5)).toEqual({ values: [], labels: [] })
  })
})
