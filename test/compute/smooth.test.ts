import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  ema,
  gaussian,
  mean,
  median,
  reachOf,
  smooth,
  smoothTail,
  timeEma,
} from '../../src/compute/smooth.ts'
import { SMOOTHING_KINDS, type Smoothing, type SmoothingKind } from '../../src/model/view.ts'
import { makeRandom } from '../random.ts'

const f = (...values: number[]): Float64Array => Float64Array.from(values)
const NO_TIMES = new Float64Array(0)

describe('width', () => {
  test('0 gives back the values themselves, of every kind', () => {
    const values = f(3, Number.NaN, 1)
    for (const kind of SMOOTHING_KINDS)
      expect(smooth(values, f(0, 1, 2), { kind, width: 0, factor: 100 })).toBe(values)
  })
  test('the mean takes trackio’s window: h = floor(max(3, s) / 2)', () => {
    const halfOf = (width: number, rows: number): number =>
      reachOf({ kind: 'mean', width, factor: 1 }, rows, rows).rows
    expect([1, 2, 3, 4, 5, 6, 10, 20, 100].map((width) => halfOf(width, 500))).toEqual([
      1, 1, 1, 2, 2, 3, 5, 10, 50,
    ])
    // narrowed to the rows of the run, those without the metric included
    expect([1, 2, 3, 4, 5, 8, 9, 10, 11].map((rows) => halfOf(10, rows))).toEqual([1, 1, 1, 2, 2, 4, 4, 5, 5])
  })
  test('the factor multiplies the width', () => {
    const values = noise(400, 1)
    for (const kind of ['mean', 'median', 'ema'] as const) {
      expect(smooth(values, NO_TIMES, { kind, width: 2, factor: 10 })).toEqual(
        smooth(values, NO_TIMES, { kind, width: 20, factor: 1 }),
      )
    }
  })
})

describe('a width that nobody set', () => {
  const auto: Smoothing = { kind: 'mean', width: 10, factor: 1, auto: true }
  test('takes at most a twentieth of the points to each side: under 20 points stand as logged, from 100 on it is trackio’s window', () => {
    expect([1, 5, 19, 20, 39, 40, 79, 80, 99, 100, 5000].map((n) => reachOf(auto, n, 1e6).points)).toEqual([
      0, 0, 0, 1, 1, 2, 3, 4, 4, 5, 5,
    ])
    const short = noise(19, 3)
    expect(smooth(short, NO_TIMES, auto)).toBe(short)
    const long = noise(100, 3)
    expect(smooth(long, NO_TIMES, auto)).toEqual(
      smooth(long, NO_TIMES, { kind: 'mean', width: 10, factor: 1 }),
    )
  })
  test('leaves a metric that is logged more rarely than its window as it is', () => {
    const values = noise(200, 9)
    const rows = Uint32Array.from(values, (_, i) => i * 6)
    expect([...smooth(values, NO_TIMES, auto, { rows, total: 1200 })]).toEqual([...values])
  })
})

interface Vector {
  name: string
  rows: number
  /** [row, value]; 'NaN', 'Infinity' as trackio's server writes them. */
  points: [number, number | string][]
  width: number
  smoothed: (number | string)[]
}

// made by trackio's own smoothData: see test/make/smooth-vectors.mjs
const VECTORS: Vector[] = JSON.parse(
  readFileSync(new URL('../fixtures/smooth-data.json', import.meta.url), 'utf8'),
)

describe('the mean is trackio’s', () => {
  test.each(VECTORS)('$name, width $width', ({ rows, points, width, smoothed }) => {
    const values = Float64Array.from(points, ([, value]) => Number(value))
    const places = Uint32Array.from(points, ([row]) => row)
    const dense = points.length === rows
    const got = smooth(
      values,
      NO_TIMES,
      { kind: 'mean', width, factor: 1 },
      { rows: dense ? undefined : places, total: rows },
    )
    const half = reachOf({ kind: 'mean', width, factor: 1 }, values.length, rows).rows
    smoothed.map(Number).forEach((wanted, i) => {
      if (!Number.isFinite(values[i])) {
        expect(got[i]).toBe(values[i])
        return
      }
      const window = [...values].filter(
        (v, j) => Number.isFinite(v) && Math.abs((places[j] as number) - (places[i] as number)) <= half,
      )
      // differences of sums may end an ulp beside a window of equal values; a drawn value never does
      expect(got[i]).toBe(Math.max(Math.min(...window), Math.min(Math.max(...window), wanted)))
      expect(Math.abs(wanted - (got[i] as number))).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(wanted)))
    })
    expect(smoothed.length).toBe(points.length)
  })
})

describe('mean', () => {
  test('never leaves the least and greatest of its window', () => {
    for (let seed = 0; seed < 40; seed++) {
      const random = makeRandom(seed)
      const n = 1 + Math.floor(random() * 400)
      const c = [1e-3, 0.1, 1e300, 123456789.1, 5e-324, -7e-7][seed % 6] as number
      const values = Float64Array.from({ length: n }, () => (random() < 0.5 ? c : c * (1 + 1e-12 * random())))
      if (seed % 3 === 0) values[Math.floor(n / 2)] = seed % 2 ? 1e30 : -1e30
      const half = 1 + Math.floor(random() * 20)
      const out = mean(values, half)
      for (let i = 0; i < n; i++) {
        const window = values.subarray(Math.max(0, i - half), i + half + 1)
        expect(out[i]).toBeGreaterThanOrEqual(Math.min(...window))
        expect(out[i]).toBeLessThanOrEqual(Math.max(...window))
      }
    }
  })
  test('never leaves them beside an infinity either, which is no end of the extent', () => {
    // differences of sums of tenths give means such as 0.09999999999999999
    const line = f(0.1, 0.1, 0.1, -Infinity, 0.1, 0.1, 0.1)
    for (let half = 1; half <= 6; half++) expect(mean(line, half)).toEqual(line)
  })
  test('over rows agrees with the plain mean of each window, however sparse the line', () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = makeRandom(seed)
      const values = withGaps(noise(1 + Math.floor(random() * 300), seed), random)
      let row = 0
      const rows = Uint32Array.from(values, () => (row += 1 + Math.floor(random() * (1 + (seed % 7)))))
      const half = 1 + Math.floor(random() * 20)
      const most = seed % 2 ? half : 1 + Math.floor(random() * half)
      const wanted = values.map((v, i) => {
        const window = [...values].filter((u, j) => {
          return (
            Number.isFinite(u) &&
            Math.abs((rows[j] as number) - (rows[i] as number)) <= half &&
            Math.abs(i - j) <= most
          )
        })
        return Number.isFinite(v) ? average(window) : v
      })
      near(mean(values, half, rows, most), wanted, 1e-12)
      const medians = values.map((v, i) => {
        const window = [...values].filter((u, j) => {
          return (
            Number.isFinite(u) &&
            Math.abs((rows[j] as number) - (rows[i] as number)) <= half &&
            Math.abs(i - j) <= most
          )
        })
        return Number.isFinite(v) ? middle(window) : v
      })
      near(median(values, half, rows, most), medians, 1e-15)
    }
  })
  test('averages a centred window that is cut at the ends', () => {
    // half 1: (1+2)/2, (1+2+6)/3, (2+6+4)/3, (6+4+10)/3, (4+10)/2
    expect([...mean(f(1, 2, 6, 4, 10), 1)]).toEqual([1.5, 3, 4, 20 / 3, 7])
    // half 2 of the same: 9/3, 13/4, 23/5, 22/4, 20/3
    expect([...mean(f(1, 2, 6, 4, 10), 2)]).toEqual([3, 3.25, 4.6, 5.5, 20 / 3])
  })
  test('a window wider than the series is the mean of all', () => {
    expect([...mean(f(1, 2, 6), 50)]).toEqual([3, 3, 3])
    expect([...mean(f(), 3)]).toEqual([])
    expect([...mean(f(7), 3)]).toEqual([7])
  })
  test('a gap stays and does not count', () => {
    // around the gap: (1+2)/2, (1+2)/2, gap, (4+10)/2, (4+10)/2
    expect([...mean(f(1, 2, Number.NaN, 4, 10), 1)]).toEqual([1.5, 1.5, Number.NaN, 7, 7])
    expect([...mean(f(1, Number.POSITIVE_INFINITY, 3, Number.NEGATIVE_INFINITY), 2)]).toEqual([
      2,
      Number.POSITIVE_INFINITY,
      2,
      Number.NEGATIVE_INFINITY,
    ])
    expect([...mean(f(Number.NaN, Number.NaN), 2)]).toEqual([Number.NaN, Number.NaN])
  })
  test('agrees with the plain mean of each window on random series with gaps', () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = makeRandom(seed)
      const values = withGaps(noise(1 + Math.floor(random() * 300), seed), random)
      const half = 1 + Math.floor(random() * 40)
      near(mean(values, half), plain(values, half, average), 1e-12)
    }
  })
  test('a spike of 1e300 leaves nothing behind once it is out of the window', () => {
    const values = noise(4000, 5)
    const spiked = values.slice()
    for (const at of [100, 101, 1900, 1950, 3333]) spiked[at] = at % 2 ? 1e300 : -1e300
    const half = 37
    const [clean, out] = [mean(values, half), mean(spiked, half)]
    for (let i = 0; i < values.length; i++) {
      if ([100, 101, 1900, 1950, 3333].every((at) => Math.abs(at - i) > half))
        expect(Math.abs((out[i] as number) - (clean[i] as number))).toBeLessThan(1e-12)
    }
  })
})

describe('median', () => {
  test('takes the middle of the window, of an even number the mean of two', () => {
    // half 1: [1,9], [1,9,2], [9,2,4], [2,4]
    expect([...median(f(1, 9, 2, 4), 1)]).toEqual([5, 2, 4, 3])
  })
  test('a spike narrower than half the window disappears', () => {
    expect([...median(f(1, 1, 1e300, 1, 1, 1), 2)]).toEqual([1, 1, 1, 1, 1, 1])
  })
  test('agrees with a sorted window on random series with gaps and ties', () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = makeRandom(seed)
      const values = withGaps(noise(1 + Math.floor(random() * 200), seed), random)
      if (seed % 2) for (let i = 0; i < values.length; i++) values[i] = Math.round((values[i] as number) * 2)
      const half = 1 + Math.floor(random() * 25)
      expect([...median(values, half)].map(unsigned)).toEqual([...plain(values, half, middle)].map(unsigned))
    }
  })
})

describe('gaussian', () => {
  test('weighs by exp(−d² / 2σ²) up to 3σ and divides by the weights that are there', () => {
    // σ 1, 3 points reach: weights 1, e^−½, e^−2 for the distances 0, 1, 2
    const [a, b] = [Math.exp(-0.5), Math.exp(-2)]
    near(gaussian(f(1, 0, 0), 1), f(1 / (1 + a + b), a / (1 + 2 * a), b / (1 + a + b)), 1e-15)
    // a gap takes its weight along
    near(gaussian(f(1, Number.NaN, 0), 1), f(1 / (1 + b), Number.NaN, b / (1 + b)), 1e-15)
  })
  test('σ is half the slider, less for series under 200 points', () => {
    const long = noise(300, 3)
    expect(smooth(long, NO_TIMES, { kind: 'gaussian', width: 10, factor: 1 })).toEqual(gaussian(long, 5))
    const short = noise(50, 3)
    expect(smooth(short, NO_TIMES, { kind: 'gaussian', width: 10, factor: 1 })).toEqual(gaussian(short, 1.25))
  })
  test('of two points it is still the points', () => {
    expect([...smooth(f(1, 5), NO_TIMES, { kind: 'gaussian', width: 10, factor: 1 })]).toEqual([1, 5])
  })
})

describe('ema', () => {
  test('is TensorBoard’s debiased average', () => {
    // weight 0.6: last = 0.6·last + 0.4·v, divided by 1 − 0.6^k
    //   k=1: 0.4·10 = 4;            4 / 0.4        = 10
    //   k=2: 0.6·4 + 0.4·20 = 10.4; 10.4 / 0.64    = 16.25
    //   k=3: 0.6·10.4 + 0 = 6.24;   6.24 / 0.784   = 7.959183673…
    near(ema(f(10, 20, 0), 0.6), f(10, 16.25, 6.24 / 0.784), 1e-15)
  })
  test('the slider’s weight is s / (s + 1)', () => {
    expect(smooth(f(1, 2, 3), NO_TIMES, { kind: 'ema', width: 3, factor: 1 })).toEqual(ema(f(1, 2, 3), 0.75))
  })
  test('a gap does not count as a step', () => {
    const [a, , b] = ema(f(10, Number.NaN, 20), 0.6)
    expect([a, b]).toEqual([...ema(f(10, 20), 0.6)])
  })
})

describe('time-ema', () => {
  test('with even times it is the ema', () => {
    const values = noise(200, 9)
    near(
      timeEma(
        values,
        values.map((_, i) => 1e12 + i * 250),
        0.9,
      ),
      ema(values, 0.9),
      1e-12,
    )
  })
  test('the past fades by the time that passed', () => {
    // times 0, 1, 4: mean distance 2, so the gaps are ½ and 1½; weight 0.25, so the past is kept by 0.25^½ =
    // ½ and 0.25^1½ = ⅛ a = .75·8 = 6, t = .75;  a = 6·½ + .75·4 = 6, t = .375 + .75 = 1.125;  a = 6/8 +
    // .75·0 = .75, t = 1.125/8 + .75 = .890625
    near(timeEma(f(8, 4, 0), f(0, 1, 4), 0.25), f(8, 6 / 1.125, 0.75 / 0.890625), 1e-15)
  })
  test('times that are missing, equal or go back count as the mean distance', () => {
    const values = noise(50, 4)
    for (const times of [values.map(() => Number.NaN), values.map(() => 5), values.map((_, i) => -i)]) {
      near(timeEma(values, times, 0.8), ema(values, 0.8), 1e-12)
    }
  })
  test('is the same whether a gap is there or left out', () => {
    const values = f(8, Number.NaN, 4, 0, Number.POSITIVE_INFINITY)
    near(
      timeEma(values, f(0, 0.5, 1, 4, 100), 0.25),
      f(8, Number.NaN, 6 / 1.125, 0.75 / 0.890625, Number.POSITIVE_INFINITY),
      1e-15,
    )
  })
})

describe.each(SMOOTHING_KINDS)('%s', (kind) => {
  const settings = (width: number, factor: 1 | 10 = 1): Smoothing => ({ kind, width, factor })

  test('keeps the length, and every gap where and what it is', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = makeRandom(seed)
      const values = withGaps(noise(2 + Math.floor(random() * 500), seed), random)
      const out = smooth(values, timesOf(values, seed), settings(1 + Math.floor(random() * 20)))
      expect(out.length).toBe(values.length)
      values.forEach((v, i) => {
        if (Number.isFinite(v)) expect(Number.isFinite(out[i])).toBe(true)
        else expect(out[i]).toBe(v)
      })
    }
  })
  test('does not change its input', () => {
    const values = withGaps(noise(100, 2), makeRandom(2))
    const before = values.slice()
    smooth(values, timesOf(values, 1), settings(10))
    expect(values).toEqual(before)
  })
  test('leaves a constant as it is', () => {
    for (const c of [0, 1, -3.75, 0.1, 1e300, 5e-324])
      near(
        smooth(new Float64Array(333).fill(c), timesOf(new Float64Array(333), 1), settings(10)),
        new Float64Array(333).fill(c),
        1e-13,
      )
  })
  test('shifts with its values', () => {
    const values = noise(500, 8)
    const times = timesOf(values, 8)
    const shifted = smooth(
      values.map((v) => v + 1000),
      times,
      settings(12),
    )
    near(
      shifted,
      smooth(values, times, settings(12)).map((v) => v + 1000),
      1e-12,
    )
  })
  test('stays between the smallest and the largest value', () => {
    const values = noise(500, 6)
    const [low, high] = [Math.min(...values), Math.max(...values)]
    for (const v of smooth(values, timesOf(values, 6), settings(20, 10)))
      expect(v >= low - 1e-12 && v <= high + 1e-12).toBe(true)
  })
  test('mirrors with its values', () => {
    const values = noise(300, 11)
    near(
      smooth(
        values.map((v) => -v),
        timesOf(values, 2),
        settings(7),
      ),
      smooth(values, timesOf(values, 2), settings(7)).map((v) => -v),
      1e-13,
    )
  })
  test('takes one value and none', () => {
    expect([...smooth(f(), f(), settings(10))]).toEqual([])
    expect([...smooth(f(4), f(0), settings(10))]).toEqual([4])
    expect([...smooth(f(Number.NaN, 4), f(0, 1), settings(10))]).toEqual([Number.NaN, 4])
  })
  test('a gap at the end of a window changes no value but its own', () => {
    if (!isLocal(kind)) return
    const values = noise(300, 13)
    const holed = values.slice()
    holed[150] = Number.NaN
    const [a, b] = [smooth(values, NO_TIMES, settings(10)), smooth(holed, NO_TIMES, settings(10))]
    // σ 5 reaches 15 points, the window of 10 reaches 5
    for (let i = 0; i < 300; i++)
      if (Math.abs(i - 150) > 15) expect(Math.abs((a[i] as number) - (b[i] as number))).toBeLessThan(1e-12)
  })
})

function isLocal(kind: SmoothingKind): boolean {
  return kind === 'mean' || kind === 'median' || kind === 'gaussian'
}

function noise(n: number, seed: number): Float64Array {
  const random = makeRandom(seed * 7919 + 1)
  return Float64Array.from({ length: n }, (_, i) => Math.sin(i / 20) + random() * 4 - 2)
}

function withGaps(values: Float64Array, random: () => number): Float64Array {
  return values.map((v) =>
    random() < 0.1
      ? ([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][Math.floor(random() * 3)] as number)
      : v,
  )
}

function timesOf(values: Float64Array, seed: number): Float64Array {
  const random = makeRandom(seed)
  let time = 1.7e12
  return values.map(() => (time += random() * 1000))
}

function plain(values: Float64Array, half: number, of: (window: number[]) => number): Float64Array {
  return values.map((v, i) =>
    Number.isFinite(v)
      ? of([...values.slice(Math.max(0, i - half), i + half + 1)].filter(Number.isFinite))
      : v,
  )
}

function average(window: number[]): number {
  return window.reduce((a, b) => a + b, 0) / window.length
}

function middle(window: number[]): number {
  const sorted = window.sort((a, b) => a - b)
  return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2
}

/** −0 and 0 are one value here. */
function unsigned(v: number): number {
  return v === 0 ? 0 : v
}

/** Equal up to rounding, relative to the larger of the value and 1; gaps must be the same. */
function near(got: Float64Array, wanted: Float64Array, by: number): void {
  expect(got.length).toBe(wanted.length)
  wanted.forEach((w, i) => {
    const g = got[i] as number
    if (!Number.isFinite(w)) expect(g).toBe(w)
    else if (!(Math.abs(g - w) <= by * Math.max(1, Math.abs(w)))) expect(g, `at ${i}`).toBe(w)
  })
}

describe('values that were appended', () => {
  test.each(SMOOTHING_KINDS)(
    'change only the end, and that bit for bit as if all had been smoothed: %s',
    (kind) => {
      for (let seed = 0; seed < 80; seed++) {
        const random = makeRandom(seed)
        const n = 2 + Math.floor(random() * 900)
        const values = seed % 3 === 0 ? noise(n, seed) : withGaps(noise(n, seed), random)
        const times = Float64Array.from({ length: n }, (_, i) => i * 1000 + Math.floor(random() * 900))
        const smoothing: Smoothing = {
          kind,
          width: 1 + Math.floor(random() * (seed % 4 === 0 ? 10 : 100)),
          factor: seed % 5 === 0 ? 10 : 1,
          auto: seed % 2 === 0,
        }
        const known = Math.floor(random() * (n + 1))
        const before = smooth(values.slice(0, known), times.slice(0, known), smoothing)
        const { from, values: tail } = smoothTail(values, times, smoothing, known)
        expect(from + tail.length).toBe(n)
        expect(from).toBeLessThanOrEqual(known)
        expect([...before.slice(0, from), ...tail]).toEqual([...smooth(values, times, smoothing)])
      }
    },
  )
  test('of a long series cost as much as the window', () => {
    const values = noise(20_000, 3)
    for (const kind of ['mean', 'median', 'gaussian'] as const)
      expect(smoothTail(values, NO_TIMES, { kind, width: 10, factor: 1 }, 19_990).values.length).toBeLessThan(
        30,
      )
  })
})
