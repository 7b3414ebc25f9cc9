import { describe, expect, test } from 'vitest'
import { select, yLimits } from '../../src/compute/domain.ts'
import { makeRandom } from '../random.ts'

const f = (...values: number[]): Float64Array => Float64Array.from(values)
const close = (limits: [number, number], low: number, high: number): void => {
  expect(limits[0]).toBeCloseTo(low, 10)
  expect(limits[1]).toBeCloseTo(high, 10)
}
// 0, 1 … 100: q05 = 5, q95 = 95, d = 90
const ramp = Float64Array.from({ length: 101 }, (_, i) => i)
// the same with one spike: 102 values, places ⌊0.05·101⌋ = 5 and ⌈0.95·101⌉ = 96, so q05 = 5, q95 = 96, d = 91
const spiked = f(...ramp, 10_000)

describe('full', () => {
  test('is the extent with 6 % on both sides', () => {
    close(yLimits(f(3, 1, 2), [], { kind: 'full' }, 'linear'), 1 - 0.12, 3 + 0.12)
    close(yLimits(spiked, [], { kind: 'full' }, 'linear'), -600, 10_600)
  })
  test('looks at finite values only', () => {
    close(yLimits(f(Number.NaN, 1, Number.POSITIVE_INFINITY, 2, Number.NEGATIVE_INFINITY), [], { kind: 'full' }, 'linear'), 0.94, 2.06)
  })
  test('around one value leaves room on both sides', () => {
    close(yLimits(f(5, 5), [], { kind: 'full' }, 'linear'), 4.7, 5.3)
    close(yLimits(f(-5), [], { kind: 'full' }, 'linear'), -5.3, -4.7)
    close(yLimits(f(0, 0), [], { kind: 'full' }, 'linear'), -0.5, 0.5)
  })
  test('without any value is 0 to 1, on a log axis 1 to 10', () => {
    expect(yLimits(f(), [], { kind: 'robust' }, 'linear')).toEqual([0, 1])
    expect(yLimits(f(Number.NaN, -3), [], { kind: 'full' }, 'log')).toEqual([1, 10])
  })
  test('stays finite for the largest doubles', () => {
    const [low, high] = yLimits(f(-Number.MAX_VALUE, Number.MAX_VALUE), [], { kind: 'full' }, 'linear')
    expect(Number.isFinite(low) && Number.isFinite(high) && low < high).toBe(true)
  })
})

describe('robust', () => {
  test('is full where the extent is at most three times the distance of the quantiles', () => {
    expect(yLimits(ramp, [100], { kind: 'robust' }, 'linear')).toEqual(yLimits(ramp, [100], { kind: 'full' }, 'linear'))
  })
  test('leaves a spike out: a quarter of the quantiles’ distance beyond them, cut to the data', () => {
    // d = 91: high = 96 + 22.75; low = 5 − 22.75, cut to 0
    close(yLimits(spiked, [], { kind: 'robust' }, 'linear'), 0, 118.75)
  })
  test('widens to hold each last value, by at most half of the distance', () => {
    close(yLimits(spiked, [130], { kind: 'robust' }, 'linear'), 0, 130)
    // 118.75 + 45.5 at most
    close(yLimits(spiked, [10_000], { kind: 'robust' }, 'linear'), 0, 164.25)
    close(yLimits(f(...spiked, -10_000), [-10_000, Number.NaN], { kind: 'robust' }, 'linear'), 5 - 1 - 92 / 4 - 46, 96 + 23)
  })
  test('several last values each count once', () => {
    // the second is held by the room the first asked for; nothing goes beyond the data
    const [low, high] = yLimits(spiked, [130, 125], { kind: 'robust' }, 'linear')
    close([low, high], 0, 130)
  })
  test('is full for a line that is flat but for its spike', () => {
    close(yLimits(f(...new Float64Array(100), 1), [], { kind: 'robust' }, 'linear'), -0.06, 1.06)
  })
  test('never leaves the data, and holds nine tenths of it', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = makeRandom(seed)
      const values = Float64Array.from({ length: 5 + Math.floor(random() * 400) }, () =>
        random() < 0.03 ? 1e6 * (random() - 0.5) : random(),
      )
      const [low, high] = yLimits(values, [values[0] as number], { kind: 'robust' }, 'linear')
      const [fullLow, fullHigh] = yLimits(values, [], { kind: 'full' }, 'linear')
      expect(low).toBeGreaterThanOrEqual(fullLow)
      expect(high).toBeLessThanOrEqual(fullHigh)
      expect(low).toBeLessThan(high)
      expect(values.filter((v) => v >= low && v <= high).length).toBeGreaterThanOrEqual(Math.floor(values.length * 0.9) - 1)
    }
  })
  test('does not depend on the order of the values, and leaves them as they are', () => {
    const values = f(...spiked)
    const mixed = f(...[...spiked].reverse())
    expect(yLimits(values, [50], { kind: 'robust' }, 'linear')).toEqual(yLimits(mixed, [50], { kind: 'robust' }, 'linear'))
    expect(values).toEqual(spiked)
  })
})

describe('from zero', () => {
  test('adds 0 and keeps the axis on it', () => {
    close(yLimits(f(2, 10), [], { kind: 'zero' }, 'linear'), 0, 10.6)
    close(yLimits(f(-2, -10), [], { kind: 'zero' }, 'linear'), -10.6, 0)
    close(yLimits(f(-1, 1), [], { kind: 'zero' }, 'linear'), -1.12, 1.12)
  })
  test('of zeros alone is still a range', () => {
    const [low, high] = yLimits(f(0, 0, 0), [], { kind: 'zero' }, 'linear')
    expect(low).toBeLessThan(high)
    expect(low <= 0 && high >= 0).toBe(true)
  })
  test('means full on a log axis, which has no 0', () => {
    for (const values of [f(1, 10), f(0.1, 1), f(3, 40)])
      expect(yLimits(values, [], { kind: 'zero' }, 'log')).toEqual(yLimits(values, [], { kind: 'full' }, 'log'))
  })
})

describe('manual', () => {
  test('is taken as it is', () => {
    expect(yLimits(spiked, [5], { kind: 'manual', min: -3, max: 7 }, 'linear')).toEqual([-3, 7])
  })
})

describe('log', () => {
  test('works on magnitudes: 6 % of the decades on both sides', () => {
    // 0.01 … 100: 4 decades, 0.24 on each side
    const [low, high] = yLimits(f(0.01, 100, 1), [], { kind: 'full' }, 'log')
    close([Math.log10(low), Math.log10(high)], -2.24, 2.24)
  })
  test('leaves values ≤ 0 out', () => {
    expect(yLimits(f(-5, 0, 1, 10), [], { kind: 'full' }, 'log')).toEqual(yLimits(f(1, 10), [], { kind: 'full' }, 'log'))
    expect(yLimits(spiked, [0, -1], { kind: 'robust' }, 'log')[0]).toBeGreaterThan(0)
  })
  test('robust counts in decades', () => {
    // decades 0, 0.01 … 1 and a spike at 50: q05 = 0.05, q95 = 0.96, d = 0.91; high = 0.96 + 0.2275
    const values = Float64Array.from([...ramp].map((v) => 10 ** (v / 100)).concat(1e50))
    const [low, high] = yLimits(values, [], { kind: 'robust' }, 'log')
    close([Math.log10(low), Math.log10(high)], 0, 1.1875)
  })
  test('stays within the doubles', () => {
    const [low, high] = yLimits(f(5e-324, Number.MAX_VALUE), [], { kind: 'full' }, 'log')
    expect(low).toBeGreaterThan(0)
    expect(high).toBeLessThan(Number.POSITIVE_INFINITY)
  })
})

test('select gives the k-th smallest', () => {
  for (let seed = 0; seed < 100; seed++) {
    const random = makeRandom(seed)
    const values = Float64Array.from({ length: 1 + Math.floor(random() * 60) }, () => Math.floor(random() * 20))
    const sorted = [...values].sort((a, b) => a - b)
    const k = Math.floor(random() * values.length)
    expect(select(values.slice(), k)).toBe(sorted[k])
  }
})
