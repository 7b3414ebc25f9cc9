import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { binnedQuantile, readBins } from '../../src/compute/histogram.ts'
import { cellAt, joinBins } from '../../src/compute/histogram-cells.ts'
import { histogramFacts } from '../../src/compute/histogram-facts.ts'
import { evenly, outlineOf, ridgeGrounds, stepPath } from '../../src/compute/histogram-outline.ts'
import { countRamp, countStep, stripColumns, stripPixels } from '../../src/compute/histogram-strip.ts'
import { PERCENTILES, percentileMetric, percentileOf } from '../../src/compute/percentile-name.ts'
import { linearWidth, makeValueScale, valueTicks } from '../../src/compute/value-scale.ts'
import type { Bins } from '../../src/model/histogram.ts'
import type { Json } from '../../src/model/run.ts'
import { makeRandom } from '../random.ts'

interface Golden {
  name: string
  logged: Json
  total: number
  quantiles?: number[]
  exact?: number[]
  width?: number
}
const golden = JSON.parse(
  readFileSync(new URL('../fixtures/histograms-data.json', import.meta.url), 'utf8'),
) as { q: number[]; cases: Golden[] }

const readable = (logged: Json): Bins => {
  const found = readBins(logged)
  if ('why' in found) throw new Error(found.why)
  return found.bins
}

/** Columns of several histograms, as the engine gives them. */
const columnsOf = (all: readonly Bins[]) => {
  const starts = new Uint32Array(all.length + 1)
  all.forEach(({ counts }, i) => {
    starts[i + 1] = (starts[i] as number) + counts.length
  })
  const edges = all.flatMap(({ edges, counts }) => (counts.length === 0 ? [Number.NaN] : Array.from(edges)))
  return {
    starts,
    edges: Float64Array.from(edges),
    counts: Float64Array.from(all.flatMap(({ counts }) => Array.from(counts))),
  }
}

describe('a logged histogram', () => {
  test.each(golden.cases)('of trackio is read with all its counts: $name', ({ logged, total, quantiles }) => {
    const bins = readable(logged)
    expect(Array.from(bins.counts).reduce((sum, n) => sum + n, 0)).toBeCloseTo(total, 9)
    expect(bins.edges.length).toBe(bins.counts.length === 0 ? 0 : bins.counts.length + 1)
    expect(quantiles === undefined).toBe(total === 0)
  })

  test('may have bins of one size, open ends, and edges as texts', () => {
    expect(readable({ packedBins: { min: -1, size: 0.5, count: 2 }, values: [3, 4] })).toEqual({
      edges: Float64Array.of(-1, -0.5, 0),
      counts: Float64Array.of(3, 4),
    })
    expect(readable({ bins: ['-Infinity', 0, 'Infinity'], values: [1, 2] }).edges).toEqual(
      Float64Array.of(-Infinity, 0, Infinity),
    )
    expect(readable({ bins: [], values: [] })).toEqual({
      edges: new Float64Array(0),
      counts: new Float64Array(0),
    })
  })

  test.each<[string, Json, string]>([
    ['no object', 3, '3 is no histogram'],
    ['no counts', { bins: [0, 1] }, 'it has no list `values`'],
    ['no edges', { values: [1] }, 'it has neither `bins` nor `packedBins`'],
    ['as many edges as counts', { bins: [0, 1], values: [1, 2] }, '2 edges for 2 counts: there should be 3'],
    ['a negative count', { bins: [0, 1], values: [-1] }, 'count 0 is -1'],
    ['a count that is none', { bins: [0, 1], values: ['NaN'] }, 'count 0 is "NaN"'],
    ['an edge that is none', { bins: [0, null, 2], values: [1, 1] }, 'edge 1 is null'],
    ['an open end in the middle', { bins: [0, 'Infinity', 2], values: [1, 1] }, 'edge 1 is "Infinity"'],
    ['falling edges', { bins: [0, 2, 1], values: [1, 1] }, 'edge 2, 1, lies below the one before, 2'],
  ])('that is none says why: %s', (_, logged, why) => {
    expect(readBins(logged)).toEqual({ why })
  })
})

describe('percentiles of counts', () => {
  test.each(golden.cases.filter(({ quantiles }) => quantiles))('are those of numpy: $name', (one) => {
    const bins = readable(one.logged)
    golden.q.forEach((q, i) => {
      const found = binnedQuantile(bins, q)
      const wanted = one.quantiles?.[i] ?? Number.NaN
      expect(Math.abs(found - wanted)).toBeLessThanOrEqual(
        1e-12 * Math.abs(wanted) + 1e-12 * (one.width ?? 0),
      )
      // and within a bin of those of the values
      if (one.exact)
        expect(Math.abs(found - (one.exact[i] ?? 0))).toBeLessThanOrEqual(1.0001 * (one.width ?? 0))
    })
  })

  test('begin an empty stretch where it begins, never fall, and know no end where a bin has none', () => {
    const bins = { edges: [0, 1, 2, 3], counts: [2, 0, 2] }
    expect(binnedQuantile(bins, 0.5)).toBe(1)
    expect(binnedQuantile(bins, 0.51)).toBeGreaterThan(2)
    expect(binnedQuantile({ edges: [-Infinity, 0, 1], counts: [3, 1] }, 0.5)).toBe(-Infinity)
    expect(binnedQuantile({ edges: [0, 1, Infinity], counts: [1, 3] }, 0.5)).toBe(Infinity)
    expect(binnedQuantile({ edges: [0, 1], counts: [0] }, 0.5)).toBeNaN()
    expect(binnedQuantile({ edges: [], counts: [] }, 0.5)).toBeNaN()
  })

  test('have names that lead back to their histogram', () => {
    for (const { name, q } of PERCENTILES)
      expect(percentileOf(percentileMetric(name, 'a of b/c'))).toEqual({ name, q, key: 'a of b/c' })
    expect(percentileOf('p50')).toBeUndefined()
    expect(percentileOf('p5 of x')).toBeUndefined()
  })
})

/** Seeded bins: unequal, some without a width, whole counts up to a million, some 0. */
function someBins(random: () => number): Bins {
  const n = Math.floor(random() * 80)
  const edges = Float64Array.from(
    { length: n === 0 ? 0 : n + 1 },
    () => (random() - 0.5) * 10 ** (4 * random() - 2),
  ).sort()
  if (n > 3 && random() < 0.3) edges[1] = edges[2] as number
  if (n > 3 && random() < 0.2) edges[0] = -Infinity
  return {
    edges,
    counts: Float64Array.from({ length: n }, () => (random() < 0.3 ? 0 : Math.floor(1e6 * random()))),
  }
}

describe('bins on an axis of pixels', () => {
  test('no count is lost and none comes twice, whatever is joined, cut off or left out', () => {
    const random = makeRandom(5)
    for (let k = 0; k < 2000; k++) {
      const bins = someBins(random)
      const [a, b] = [(random() - 0.5) * 20, (random() - 0.5) * 20]
      const range = [Math.min(a, b), Math.max(a, b)] as const
      const kind = random() < 0.5 ? 'linear' : 'symlog'
      const scale = makeValueScale(kind, range, 0.01)
      const size = 1 + Math.floor(random() * 300)
      const cells = joinBins(bins, range, (v) => scale.share(v) * size, size)
      let sum = cells.below + cells.above
      let pixel = 0
      for (let i = 0; i < cells.length; i++) {
        sum += cells.counts[i] as number
        const [first, end] = [cells.first[i] as number, cells.end[i] as number]
        let own = 0
        for (let j = first; j < end; j++) own += bins.counts[j] as number
        expect(own).toBe(cells.counts[i])
        if (i > 0) expect(first).toBe(cells.end[i - 1])
        // cells have pixels of their own, in order; only a last one may be narrower than what is left
        expect(cells.to[i]).toBeGreaterThan(cells.from[i] as number)
        if (i < cells.length - 1) expect(cells.from[i]).toBeGreaterThanOrEqual(pixel)
        pixel = cells.to[i] as number
        expect(pixel).toBeLessThanOrEqual(size)
      }
      // whole numbers: to the last unit
      expect(sum).toBe(Array.from(bins.counts).reduce((all, n) => all + n, 0))
    }
  })

  test('bins as wide as a pixel stand for themselves; narrower ones are joined until they fill one', () => {
    const bins = { edges: [0, 1, 2, 3, 4], counts: [1, 2, 3, 4] }
    const wide = joinBins(bins, [0, 4], (v) => v, 4)
    expect([wide.length, ...Array.from(wide.counts.subarray(0, 4))]).toEqual([4, 1, 2, 3, 4])
    const narrow = joinBins(bins, [0, 4], (v) => v / 2, 2)
    expect(narrow.length).toBe(2)
    expect(Array.from(narrow.counts.subarray(0, 2))).toEqual([3, 7])
    expect(cellAt(narrow, 1)).toBe(1)
    expect(cellAt(narrow, 2)).toBe(-1)
  })

  test('what lies wholly outside is told, what reaches over an end is cut off with its whole count', () => {
    const cells = joinBins({ edges: [0, 1, 2, 3, 4], counts: [1, 2, 3, 4] }, [1, 2.5], (v) => (v - 1) * 4, 6)
    expect([cells.below, cells.above]).toEqual([1, 4])
    expect(Array.from(cells.counts.subarray(0, cells.length))).toEqual([2, 3])
    const open = joinBins(
      { edges: [-Infinity, 0, 1, Infinity], counts: [5, 1, 6] },
      [-9, 9],
      (v) => v + 9,
      18,
    )
    expect([open.below, open.above, open.length]).toEqual([5, 6, 1])
  })
})

describe('what histograms have in common', () => {
  test('ranges keep at least what they say, of every bin', () => {
    const random = makeRandom(11)
    for (let k = 0; k < 100; k++) {
      const all = Array.from({ length: 1 + Math.floor(random() * 30) }, () => someBins(random))
      const facts = histogramFacts(columnsOf(all))
      const total = all.reduce((sum, { counts }) => sum + Array.from(counts).reduce((a, b) => a + b, 0), 0)
      const open = all.reduce(
        (sum, { edges, counts }) => sum + (edges[0] === -Infinity ? (counts[0] as number) : 0),
        0,
      )
      if (total === open) continue
      for (const [share, range] of [
        [0.999, facts.kept[0]],
        [0.99, facts.kept[1]],
        [1, facts.full],
      ] as const) {
        if (!range) throw new Error('no range')
        let outside = 0
        for (const bins of all) {
          const { below, above } = joinBins(bins, range, () => 0, 1)
          outside += below + above - (bins.edges[0] === -Infinity ? (bins.counts[0] as number) : 0)
        }
        expect(outside).toBeLessThanOrEqual((1 - share) * total * (1 + 1e-9))
        expect(range[0]).toBeGreaterThanOrEqual(facts.full[0])
        expect(range[1]).toBeLessThanOrEqual(facts.full[1])
      }
    }
  })

  test('none, and none with a count, have no range', () => {
    const none = { entries: 0, empty: 0, typical: 0, counts: [0, 0] }
    expect(histogramFacts(columnsOf([]))).toMatchObject(none)
    const empty = histogramFacts(
      columnsOf([
        { edges: [], counts: [] },
        { edges: [0, 1], counts: [0] },
      ]),
    )
    expect(empty).toMatchObject({ ...none, entries: 2, empty: 2, full: [Number.NaN, Number.NaN] })
  })

  test('a wide bin that is not left out is in the range as a whole', () => {
    const edges = Float64Array.of(0, 1, 2, 4.5)
    const facts = histogramFacts({ starts: Uint32Array.of(0, 3), edges, counts: Float64Array.of(3, 2, 0) })
    expect(facts.kept).toEqual([
      [0, 2],
      [0, 2],
    ])
  })

  test('a far bin with little in it is outside of the range that keeps nearly all', () => {
    const facts = histogramFacts(columnsOf([{ edges: [-1, 0, 1, 999, 1000], counts: [5000, 5000, 0, 1] }]))
    expect(facts.full).toEqual([-1, 1000])
    expect(facts.kept[0]?.[1]).toBeLessThan(1.01)
    expect(facts.counts).toEqual([1, 5000])
    expect(facts.typical).toBeGreaterThan(0.49)
    expect(facts.typical).toBeLessThan(0.51)
  })
})

describe('an axis of values', () => {
  test('symlog goes there and back, is odd around 0 and nearly linear within its width', () => {
    const scale = makeValueScale('symlog', [-10, 10], 0.01)
    for (const v of [-10, -3, -1e-5, 0, 0.004, 2, 10]) expect(scale.value(scale.share(v))).toBeCloseTo(v, 9)
    expect(scale.share(0)).toBe(0.5)
    expect(scale.share(-2)).toBeCloseTo(1 - scale.share(2), 12)
    // derived: log1p(x / c) ≈ x / c
    expect((scale.share(2e-5) - 0.5) / (scale.share(1e-5) - 0.5)).toBeCloseTo(2, 2)
  })

  test('has room where all is one value, and of all doubles', () => {
    expect(makeValueScale('linear', [3, 3], 1)).toMatchObject({ low: 2.82, high: 3.18 })
    const all = makeValueScale('linear', [-Number.MAX_VALUE, Number.MAX_VALUE], 1)
    expect(all.share(0)).toBe(0.5)
  })

  test('is ticked at 0 and at powers of ten, clear of each other', () => {
    const scale = makeValueScale('symlog', [-3, 3], 0.001)
    const { values, labels } = valueTicks(scale, 7)
    expect(values).toContain(0)
    expect(labels).toContain('0.1')
    expect(labels).toContain('−0.1')
    for (let i = 1; i < values.length; i++)
      expect(scale.share(values[i] as number) - scale.share(values[i - 1] as number)).toBeGreaterThan(0.07)
    expect(linearWidth(0.0034, [-3, 3])).toBe(0.001)
    expect(linearWidth(0, [-3, 3])).toBe(0.001)
    expect(linearWidth(0, [0, 0])).toBe(1)
  })
})

describe('a strip', () => {
  test('a step without a histogram is a gap; what was logged twice at a step is there twice', () => {
    const xs = [0, 10, 20, 50, 60, 70, 70]
    const { entries, from, to } = stripColumns(xs, 0, xs.length)
    expect(Array.from(entries)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect([to[2], from[3]]).toEqual([25, 45])
    expect([to[0], from[1]]).toEqual([5, 5])
    expect([from[5], to[5]]).toEqual([from[6], to[6]])
  })

  test('pixels hold logged counts: 0 where there are none, NaN where there is no histogram', () => {
    const data = columnsOf([
      { edges: [0, 1, 2], counts: [3, 5] },
      { edges: [], counts: [] },
      { edges: [0, 1, 2], counts: [0, 7] },
    ])
    const scale = makeValueScale('linear', [0, 2], 1)
    const columns = stripColumns([0, 1, 3], 0, 3)
    const pixels = stripPixels(data, columns, scale, (x) => (x + 0.5) * 2, 8, 2)
    // columns 0–1 and 2–3 are the first two; 4–5 a gap; the last is half of what is usual wide
    expect(Array.from(pixels.counts.subarray(0, 4))).toEqual([5, 5, 0, 0])
    expect(Array.from(pixels.counts.subarray(8, 12))).toEqual([3, 3, 0, 0])
    expect(pixels).toMatchObject({ total: 15, outside: 0, entries: 3, empty: 1, together: 1, joined: false })
    expect(pixels.counts.some((n) => n === 7)).toBe(true)
  })

  test('of several steps in one pixel the greatest count is drawn', () => {
    const data = columnsOf([2, 9, 4].map((n) => ({ edges: [0, 1], counts: [n] })))
    const pixels = stripPixels(
      data,
      stripColumns([0, 1, 2], 0, 3),
      makeValueScale('linear', [0, 1], 1),
      () => 0,
      1,
      1,
    )
    expect(pixels.together).toBe(3)
    expect(pixels.counts[0]).toBe(9)
  })

  test('colours go from near the paper to near the ink, by the logarithm of the count', () => {
    const ramp = countRamp('#ffffff', '#be518b', '#1b1b19')
    const luma = (c: number) => (c >> 16) + ((c >> 8) & 255) + (c & 255)
    for (let i = 1; i < ramp.length; i++)
      expect(luma(ramp[i] as number)).toBeLessThanOrEqual(luma(ramp[i - 1] as number) + 1)
    expect(ramp[0]).not.toBe(0xffffff)
    expect([countStep(1, [1, 1e6]), countStep(1e3, [1, 1e6]), countStep(1e6, [1, 1e6])]).toEqual([
      0, 128, 255,
    ])
    expect(countStep(4, [4, 4])).toBe(255)
  })
})

describe('outlines and ridges', () => {
  test('the area under an outline is the share of values in view', () => {
    const random = makeRandom(3)
    for (let k = 0; k < 300; k++) {
      const bins = someBins(random)
      const scale = makeValueScale('symlog', [-5, 5], 0.1)
      const { at, heights, total, outside } = outlineOf(bins, scale, 200)
      let area = 0
      heights.forEach((h, i) => {
        area += h * ((at[i + 1] as number) - (at[i] as number))
      })
      // heights are shares per hundredth of 200 pixels: 2 pixels
      if (total > 0) expect(area / 2).toBeCloseTo(1 - outside / total, 6)
      const path = stepPath({ at, heights, total, outside, highest: 1 }, 100, 50, 1)
      expect(path.length).toBe(heights.length === 0 ? 0 : 4 * heights.length + 4)
    }
  })

  test('lines of a ridge are the first, the last and others at even distances', () => {
    expect(evenly(5, 24)).toEqual([0, 1, 2, 3, 4])
    expect(evenly(100, 5)).toEqual([0, 25, 50, 74, 99])
    const { grounds, high } = ridgeGrounds(24, 200)
    expect(grounds[23]).toBeCloseTo(200, 9)
    expect(grounds[0]).toBeCloseTo(high, 9)
  })
})
