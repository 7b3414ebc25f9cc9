import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { bandOf, differenceBand, pairsAbove, sortFirst, statisticOf } from '../../src/compute/aggregate.ts'
import { curveOf, makeReader, onePerColumn, spread, unionOf } from '../../src/compute/align.ts'
import { makeRandom } from '../random.ts'

type Ends = [number, number]
interface Sample {
  values: number[]
  mean: number
  median: number
  iqm: number
  t95: Ends
  sem: Ends
  std: Ends
  quartiles: Ends
  range: Ends
  bootstrap: Record<'mean' | 'median' | 'iqm', Ends>
  rliable: Record<'mean' | 'median' | 'iqm', Ends>
}
interface Pair {
  a: number[]
  b: number[]
  t95: Ends
  quartiles: Ends
  bootstrap: Record<'mean' | 'median' | 'iqm', Ends>
  above: number
  improvement: number
}
/** Of rliable, scipy and numpy: test/make/bands-vectors.py. */
const known: {
  samples: Record<string, Sample>
  pairs: Record<string, Pair>
  curves: { runs: [number[], number[]][]; rows: [number, number, number | null, number | null, number][] }
} = JSON.parse(readFileSync(new URL('../fixtures/bands-data.json', import.meta.url), 'utf8'))

const STATISTICS = ['mean', 'median', 'iqm'] as const
const sorted = (values: number[]) => Float64Array.from(values).sort()
function close(found: readonly number[], wanted: readonly number[], within: number, what: string): void {
  found.forEach((v, i) => {
    const far = Math.abs(v - (wanted[i] as number)) / Math.max(1e-12, Math.abs(wanted[i] as number))
    expect(far, `${what}: ${v} is not ${wanted[i]}`).toBeLessThan(within)
  })
}

describe('one number for the values of several runs', () => {
  for (const [name, sample] of Object.entries(known.samples)) {
    const values = sorted(sample.values)
    const n = values.length
    test(`of ${name}: as numpy, scipy and rliable have it`, () => {
      for (const statistic of STATISTICS)
        close([statisticOf(values, n, statistic)], [sample[statistic]], 1e-13, statistic)
      for (const band of ['t95', 'sem', 'std', 'quartiles', 'range'] as const)
        close(bandOf(values, n, 'mean', band), sample[band], 1e-9, band)
    })
    test(`of ${name}: bootstrap intervals are those of the same draws in numpy, and near rliable’s`, () => {
      for (const statistic of STATISTICS) {
        const ends = bandOf(values, n, statistic, 'bootstrap')
        close(ends, sample.bootstrap[statistic], 1e-12, statistic)
        // 2,000 draws against 20,000 of another generator: a 2.5 % point is some 0.35 % of the draws off
        const [low, high] = sample.rliable[statistic]
        const room = 0.12 * (high - low)
        expect(Math.abs(ends[0] - low), `${statistic}, low`).toBeLessThanOrEqual(room)
        expect(Math.abs(ends[1] - high), `${statistic}, high`).toBeLessThanOrEqual(room)
      }
    })
  }
  test('more values than those that count are left alone', () => {
    expect(statisticOf(Float64Array.of(1, 2, 3, 99), 3, 'mean')).toBe(2)
    expect(bandOf(Float64Array.of(1, 2, 3, 99), 3, 'mean', 'range')).toEqual([1, 3])
    expect(bandOf(Float64Array.of(1, 2, 3), 3, 'mean', 'none')).toEqual([Number.NaN, Number.NaN])
  })
})

describe('group against group', () => {
  for (const [name, pair] of Object.entries(known.pairs)) {
    const [a, b] = [sorted(pair.a), sorted(pair.b)]
    test(`${name}: Welch’s interval, pairs, and probability of improvement`, () => {
      close(differenceBand(a, a.length, b, b.length, 'mean', 't95'), pair.t95, 1e-9, 'Welch')
      close(differenceBand(a, a.length, b, b.length, 'mean', 'quartiles'), pair.quartiles, 1e-12, 'quartiles')
      const above = pairsAbove(a, a.length, b, b.length)
      expect(above).toBe(pair.above)
      expect(above / (a.length * b.length)).toBeCloseTo(pair.improvement, 14)
    })
    test(`${name}: each group is resampled by itself`, () => {
      for (const statistic of STATISTICS)
        close(
          differenceBand(a, a.length, b, b.length, statistic, 'bootstrap'),
          pair.bootstrap[statistic],
          1e-11,
          statistic,
        )
    })
  }
  test('variances add', () => {
    const [a, b] = [Float64Array.of(1, 2, 3), Float64Array.of(0, 4, 8)]
    // means 2 and 4, variances 1 and 16
    close(differenceBand(a, 3, b, 3, 'mean', 'std'), [-2 - Math.sqrt(17), -2 + Math.sqrt(17)], 1e-14, 'std')
    close(
      differenceBand(a, 3, b, 3, 'mean', 'sem'),
      [-2 - Math.sqrt(17 / 3), -2 + Math.sqrt(17 / 3)],
      1e-14,
      'sem',
    )
    expect(differenceBand(a, 3, b, 3, 'mean', 'range')).toEqual([-7, 3])
  })
})

describe('runs on one axis', () => {
  test('are read between their points and not outside, as numpy’s interp', () => {
    const curves = known.curves.runs.map(([steps, values]) =>
      curveOf(Float64Array.from(steps), Float64Array.from(values)),
    )
    const places = unionOf(curves, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
    expect([...places]).toEqual(known.curves.rows.map(([x]) => x))
    const reader = makeReader(curves, places[0] as number)
    const row = new Float64Array(curves.length)
    known.curves.rows.forEach(([x, mean, low, high, n]) => {
      reader.at(x, row)
      const there = row.filter((v) => v === v).sort()
      expect(there.length, `n at ${x}`).toBe(n)
      close([statisticOf(there, n, 'mean')], [mean], 1e-12, `mean at ${x}`)
      if (low !== null && high !== null)
        close(bandOf(there, n, 'mean', 't95'), [low, high], 1e-9, `band at ${x}`)
    })
  })
  test('have no value beside one that is not finite', () => {
    const curve = curveOf(
      Float64Array.of(0, 1, 2, 3),
      Float64Array.of(5, Number.NaN, Number.POSITIVE_INFINITY, 8),
    )
    const reader = makeReader([curve], 0)
    const at = (x: number) => {
      const out = new Float64Array(1)
      reader.at(x, out)
      return out[0]
    }
    expect([0, 0.5, 1, 2, 2.5, 3, 3.5].map(at)).toEqual([5, NaN, NaN, NaN, NaN, 8, NaN])
  })
  test('of a step that was logged twice the last value counts, wherever its row stands', () => {
    const { xs, ys } = curveOf(Float64Array.of(0, 1, 2, 1, 2, 3), Float64Array.of(0, 10, 20, 11, 21, 31))
    expect([...xs]).toEqual([0, 1, 2, 3])
    expect([...ys]).toEqual([0, 11, 21, 31])
    const rising = Float64Array.of(0, 1, 2)
    expect(curveOf(rising, rising).xs).toBe(rising)
    expect([...curveOf(Float64Array.of(NaN, 2, Infinity), Float64Array.of(1, 2, 3)).ys]).toEqual([2])
  })
  test('places of all runs are joined, with one beyond each end of the view', () => {
    const of = (...xs: number[]) => ({ xs: Float64Array.from(xs), ys: Float64Array.from(xs) })
    expect([...unionOf([of(0, 2, 4, 6), of(0, 2)], 1, 5)]).toEqual([0, 2, 4, 6])
    expect([...unionOf([of(0, 10), of(5)], 0, 10)]).toEqual([0, 5, 10])
    expect([...unionOf([], 0, 1)]).toEqual([])
    expect([...spread(Float64Array.of(0, 1, 2, 3, 4), 3)]).toEqual([0, 2, 4])
    const many = Float64Array.from({ length: 1000 }, (_, i) => i)
    const few = onePerColumn(many, { min: 0, max: 999, width: 10, log: false })
    expect(few.length).toBe(11)
    expect([few[0], few[few.length - 1]]).toEqual([0, 999])
  })
  test('sorting leaves what does not count', () => {
    const random = makeRandom(3)
    for (const n of [1, 2, 20, 64, 65, 200]) {
      const values = Float64Array.from({ length: n + 5 }, random)
      const mine = values.slice()
      sortFirst(mine, n)
      expect([...mine.subarray(0, n)]).toEqual([...values.subarray(0, n)].sort((a, b) => a - b))
      expect([...mine.subarray(n)]).toEqual([...values.subarray(n)])
    }
  })
})
