import { describe, expect, test } from 'vitest'
import { extentOf, select, yLimits } from '../../src/compute/domain.ts'
import type { RangeMode, Scale } from '../../src/model/view.ts'
import { makeRandom } from '../random.ts'

const f = (...values: number[]): Float64Array => Float64Array.from(values)
/** Extent of the values that have a place on the axis. */
const inView = (all: Float64Array, scale: Scale) =>
  extentOf(all.filter((v) => Number.isFinite(v) && !(scale === 'log' && v <= 0)))

/** The axis for values that are all usual, of long lines. */
function limits(
  all: Float64Array,
  hold: number[],
  mode: RangeMode,
  scale: Scale,
  short = false,
): [number, number] {
  return yLimits({ all: inView(all, scale), usual: () => all.slice(), hold, short }, mode, scale)
}

const close = (limits: [number, number], low: number, high: number): void => {
  expect(limits[0]).toBeCloseTo(low, 10)
  expect(limits[1]).toBeCloseTo(high, 10)
}
// 0, 1 … 100: q05 = 5, q95 = 95, d = 90
const ramp = Float64Array.from({ length: 101 }, (_, i) => i)
// the same with one spike: 102 values, places ⌊0.05·101⌋ = 5 and ⌈0.95·101⌉ = 96, so q05 = 5, q95 = 96, d =
// 91
const spiked = f(...ramp, 10_000)

describe('full', () => {
  test('is the extent with 6 % on both sides', () => {
    close(limits(f(3, 1, 2), [], { kind: 'full' }, 'linear'), 1 - 0.12, 3 + 0.12)
    close(limits(spiked, [], { kind: 'full' }, 'linear'), -600, 10_600)
  })
  test('looks at finite values only', () => {
    close(
      limits(
        f(Number.NaN, 1, Number.POSITIVE_INFINITY, 2, Number.NEGATIVE_INFINITY),
        [],
        { kind: 'full' },
        'linear',
      ),
      0.94,
      2.06,
    )
  })
  test('around one value leaves room on both sides', () => {
    close(limits(f(5, 5), [], { kind: 'full' }, 'linear'), 4.7, 5.3)
    close(limits(f(-5), [], { kind: 'full' }, 'linear'), -5.3, -4.7)
    close(limits(f(0, 0), [], { kind: 'full' }, 'linear'), -0.5, 0.5)
  })
  test('without any value is 0 to 1, on a log axis 1 to 10', () => {
    expect(limits(f(), [], { kind: 'robust' }, 'linear')).toEqual([0, 1])
    expect(limits(f(Number.NaN, -3), [], { kind: 'full' }, 'log')).toEqual([1, 10])
  })
  test('stays finite for the largest doubles', () => {
    const [low, high] = limits(f(-Number.MAX_VALUE, Number.MAX_VALUE), [], { kind: 'full' }, 'linear')
    expect(Number.isFinite(low) && Number.isFinite(high) && low < high).toBe(true)
  })
})

describe('robust', () => {
  test('is full where the extent is at most three times the distance of the quantiles', () => {
    expect(limits(ramp, [100], { kind: 'robust' }, 'linear')).toEqual(
      limits(ramp, [100], { kind: 'full' }, 'linear'),
    )
  })
  test('leaves a spike out: a quarter of the quantiles’ distance beyond them, cut to the data', () => {
    // d = 91: high = 96 + 22.75; low = 5 − 22.75, cut to 0
    close(limits(spiked, [], { kind: 'robust' }, 'linear'), 0, 118.75)
  })
  test('holds each last and best value, with room for its dot', () => {
    // 6 % of 0 … 130, above only
    close(limits(spiked, [130], { kind: 'robust' }, 'linear'), 0, 130 + 7.8)
    close(limits(spiked, [130, 125, Number.NaN], { kind: 'robust' }, 'linear'), 0, 130 + 7.8)
    // 6 % of −10,000 … 119
    close(limits(f(...spiked, -10_000), [-10_000], { kind: 'robust' }, 'linear'), -10_000 - 607.14, 96 + 23)
    close(limits(spiked, [10_000], { kind: 'robust' }, 'linear'), 0, 10_600)
  })
  test('of short lines alone is the extent of what it holds, padded like a full one', () => {
    expect(limits(spiked, [...spiked], { kind: 'robust' }, 'linear', true)).toEqual(
      limits(spiked, [], { kind: 'full' }, 'linear'),
    )
    // what led to a NaN is not held
    expect(limits(spiked, [...ramp], { kind: 'robust' }, 'linear', true)).toEqual(
      limits(ramp, [], { kind: 'full' }, 'linear'),
    )
  })
  test('is chosen by the usual values: a steep start leaves at the top', () => {
    // of 0 … 100 as usual values and a start at 1,000: q05 = 5, q95 = 95, d = 90
    const all = f(1000, 900, 700, 400, ...ramp)
    close(
      yLimits(
        { all: extentOf(all), usual: () => ramp.slice(), hold: [50], short: false },
        { kind: 'robust' },
        'linear',
      ),
      0,
      95 + 22.5,
    )
  })
  test('is full for a line that is flat but for its spike', () => {
    close(limits(f(...new Float64Array(100), 1), [], { kind: 'robust' }, 'linear'), -0.06, 1.06)
  })
  test('never leaves the data, and holds nine tenths of it', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = makeRandom(seed)
      const values = Float64Array.from({ length: 5 + Math.floor(random() * 400) }, () =>
        random() < 0.03 ? 1e6 * (random() - 0.5) : random(),
      )
      const [low, high] = limits(values, [values[0] as number], { kind: 'robust' }, 'linear')
      const [fullLow, fullHigh] = limits(values, [], { kind: 'full' }, 'linear')
      expect(low).toBeGreaterThanOrEqual(fullLow)
      expect(high).toBeLessThanOrEqual(fullHigh)
      expect(low).toBeLessThan(high)
      expect(values.filter((v) => v >= low && v <= high).length).toBeGreaterThanOrEqual(
        Math.floor(values.length * 0.9) - 1,
      )
    }
  })
  test('does not depend on the order of the values, and leaves them as they are', () => {
    const values = f(...spiked)
    const mixed = f(...[...spiked].reverse())
    expect(limits(values, [50], { kind: 'robust' }, 'linear')).toEqual(
      limits(mixed, [50], { kind: 'robust' }, 'linear'),
    )
    expect(values).toEqual(spiked)
  })
})

describe('a constant', () => {
  test.each([
    ['1 ± 1e-12', [1 - 1e-12, 1, 1 + 1e-12], 0.94, 1.06],
    ['0.001 with rounding', [0.001, 0.0010000000000000002], 0.00094, 0.00106],
    ['123456789.1', [123456789.1, 123456789.1], 116049381.754, 130864196.446],
    ['−5', [-5, -5 - 1e-13], -5.3, -4.7],
  ] as const)(
    'and what differs from one by rounding alone stands in the middle: %s',
    (_, values, low, high) => {
      const [got, most] = limits(f(...values), [], { kind: 'robust' }, 'linear')
      expect(got / low).toBeCloseTo(1, 8)
      expect(most / high).toBeCloseTo(1, 8)
      const logs = limits(f(...values.map(Math.abs)), [], { kind: 'full' }, 'log')
      expect(Math.log10(logs[1] / logs[0])).toBeCloseTo(1, 8)
    },
  )
  test('of a thousandth of a millionth is a line that moves', () => {
    const [low, high] = limits(f(1, 1 + 1e-8), [], { kind: 'full' }, 'linear')
    expect(high - low).toBeLessThan(1.2e-8)
  })
  test('at the ends of the doubles has an axis too', () => {
    for (const v of [5e-324, 1e-300, Number.MAX_VALUE, -1e308, 0]) {
      const [low, high] = limits(f(v, v), [], { kind: 'robust' }, 'linear')
      expect(low < high && low <= v && v <= high && Number.isFinite(high - low)).toBe(true)
    }
  })
})

describe('from zero', () => {
  test('adds 0 and keeps the axis on it', () => {
    close(limits(f(2, 10), [], { kind: 'zero' }, 'linear'), 0, 10.6)
    close(limits(f(-2, -10), [], { kind: 'zero' }, 'linear'), -10.6, 0)
    close(limits(f(-1, 1), [], { kind: 'zero' }, 'linear'), -1.12, 1.12)
  })
  test('of zeros alone is still a range', () => {
    const [low, high] = limits(f(0, 0, 0), [], { kind: 'zero' }, 'linear')
    expect(low).toBeLessThan(high)
    expect(low <= 0 && high >= 0).toBe(true)
  })
  test('means full on a log axis, which has no 0', () => {
    for (const values of [f(1, 10), f(0.1, 1), f(3, 40)])
      expect(limits(values, [], { kind: 'zero' }, 'log')).toEqual(limits(values, [], { kind: 'full' }, 'log'))
  })
})

describe('manual', () => {
  test('is taken as it is', () => {
    expect(limits(spiked, [5], { kind: 'manual', min: -3, max: 7 }, 'linear')).toEqual([-3, 7])
  })
})

describe('log', () => {
  test('works on magnitudes: 6 % of the decades on both sides', () => {
    // 0.01 … 100: 4 decades, 0.24 on each side
    const [low, high] = limits(f(0.01, 100, 1), [], { kind: 'full' }, 'log')
    close([Math.log10(low), Math.log10(high)], -2.24, 2.24)
  })
  test('leaves values ≤ 0 out', () => {
    expect(limits(f(-5, 0, 1, 10), [], { kind: 'full' }, 'log')).toEqual(
      limits(f(1, 10), [], { kind: 'full' }, 'log'),
    )
    expect(limits(spiked, [0, -1], { kind: 'robust' }, 'log')[0]).toBeGreaterThan(0)
  })
  test('robust counts in decades', () => {
    // decades 0, 0.01 … 1 and a spike at 50: q05 = 0.05, q95 = 0.96, d = 0.91; high = 0.96 + 0.2275
    const values = Float64Array.from([...ramp].map((v) => 10 ** (v / 100)).concat(1e50))
    const [low, high] = limits(values, [], { kind: 'robust' }, 'log')
    close([Math.log10(low), Math.log10(high)], 0, 1.1875)
  })
  test('stays within the doubles', () => {
    const [low, high] = limits(f(5e-324, Number.MAX_VALUE), [], { kind: 'full' }, 'log')
    expect(low).toBeGreaterThan(0)
    expect(high).toBeLessThan(Number.POSITIVE_INFINITY)
  })
})

test('select gives the k-th smallest', () => {
  for (let seed = 0; seed < 100; seed++) {
    const random = makeRandom(seed)
    const values = Float64Array.from({ length: 1 + Math.floor(random() * 60) }, () =>
      Math.floor(random() * 20),
    )
    const sorted = [...values].sort((a, b) => a - b)
    const k = Math.floor(random() * values.length)
    expect(select(values.slice(), k)).toBe(sorted[k])
  }
})
