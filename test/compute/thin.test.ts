import { describe, expect, test } from 'vitest'
import { type Columns, lowerBound, makeSink, type Thinned, thinLine } from '../../src/compute/thin.ts'
import { makeRandom } from '../random.ts'

const f = (...values: number[]): Float64Array => Float64Array.from(values)

interface Result {
  xs: number[]
  ys: number[]
  told: Thinned
  gaps: number[]
  nonPositive: number[]
}

function thin(
  xs: Float64Array,
  ys: Float64Array,
  columns: Partial<Columns> & { min: number; max: number },
  positiveOnly = false,
): Result {
  const sink = makeSink(8)
  const gaps: number[] = []
  const nonPositive: number[] = []
  const told = thinLine(
    sink,
    xs,
    ys,
    0,
    xs.length,
    { width: 100, log: false, ...columns },
    positiveOnly,
    (i) => gaps.push(i),
    (i) => nonPositive.push(i),
  )
  return {
    xs: [...sink.xs.subarray(0, sink.length)],
    ys: [...sink.ys.subarray(0, sink.length)],
    told,
    gaps,
    nonPositive,
  }
}

const index = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i)

describe('a pixel column', () => {
  test('keeps its first, smallest, largest and last point in their order', () => {
    // one column: first 5, smallest 1, largest 9, last 4
    expect(thin(index(8), f(5, 3, 1, 2, 9, 7, 6, 4), { min: 0, max: 7, width: 1 })).toMatchObject({
      xs: [0, 2, 4, 7],
      ys: [5, 1, 9, 4],
    })
    // the largest before the smallest
    expect(thin(index(8), f(5, 9, 7, 6, 1, 2, 3, 4), { min: 0, max: 7, width: 1 })).toMatchObject({
      xs: [0, 1, 4, 7],
      ys: [5, 9, 1, 4],
    })
    // first and last are the extremes themselves
    expect(thin(index(6), f(1, 3, 5, 2, 4, 9), { min: 0, max: 5, width: 1 }).ys).toEqual([1, 9])
  })
  test('with up to four points keeps them all', () => {
    for (const n of [1, 2, 3, 4]) {
      const random = makeRandom(n)
      const columns = 50
      const xs = Float64Array.from({ length: columns * n }, (_, i) => Math.floor(i / n) + (0.9 * (i % n)) / n)
      const ys = xs.map(() => random())
      const { xs: gotX, ys: gotY, told } = thin(xs, ys, { min: 0, max: columns, width: columns })
      expect(gotX).toEqual([...xs])
      expect(gotY).toEqual([...ys])
      expect(told).toMatchObject({ rows: xs.length, drawn: xs.length })
    }
  })
})

describe('random series', () => {
  for (const log of [false, true]) {
    test(`reach the true minimum and maximum of each column${log ? ' of a log axis' : ''}, in order, within the budget`, () => {
      for (let seed = 0; seed < 40; seed++) {
        const random = makeRandom(seed)
        const { xs, ys } = series(random, log)
        const [first, last] = [xs[0] as number, xs[xs.length - 1] as number]
        const cut = seed % 3 === 0
        const min = cut ? first + (last - first) * 0.2 : first
        const max = cut ? first + (last - first) * 0.7 : last
        if (!(min < max)) continue
        const width = 1 + Math.floor(random() * 300)
        const got = thin(xs, ys, { min, max, width, log })
        const inView = [...xs.keys()].filter((i) => (xs[i] as number) >= min && (xs[i] as number) <= max)
        const finite = inView.filter((i) => Number.isFinite(ys[i]))

        expect(got.told.rows).toBe(finite.length)
        expect(got.told.nonFinite).toBe(inView.length - finite.length)
        expect(got.told.low).toBe(
          finite.reduce((m, i) => Math.min(m, ys[i] as number), Number.POSITIVE_INFINITY),
        )
        expect(got.told.high).toBe(
          finite.reduce((m, i) => Math.max(m, ys[i] as number), Number.NEGATIVE_INFINITY),
        )

        // every drawn point was logged, and they come in row order
        let row = -1
        let made = 0
        got.xs.forEach((x, k) => {
          const y = got.ys[k] as number
          if (Number.isNaN(y)) return
          row++
          while (row < xs.length && !(xs[row] === x && ys[row] === y)) row++
          if (row >= xs.length) made++
        })
        expect(made).toBe(0)
        // the extremes of each column are among the drawn points of that column, or of the next where
        // rounding moves the border
        const extremes = new Map<number, [number, number]>()
        for (const i of finite) {
          const at = columnOf(xs[i] as number, min, max, width, log)
          const [low, high] = extremes.get(at) ?? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
          extremes.set(at, [Math.min(low, ys[i] as number), Math.max(high, ys[i] as number)])
        }
        const drawn = new Map<number, Set<number>>()
        got.xs.forEach((x, k) => {
          const at = columnOf(x, min, max, width, log)
          for (const c of [at - 1, at, at + 1])
            drawn.set(c, (drawn.get(c) ?? new Set()).add(got.ys[k] as number))
        })
        const lost = [...extremes].filter(
          ([at, [low, high]]) => !drawn.get(at)?.has(low) || !drawn.get(at)?.has(high),
        )
        expect(lost, `seed ${seed}`).toEqual([])
        // 4 a column; a gap splits its column, breaks the line and may cost two neighbours outside
        const gaps = got.gaps.length
        expect(got.told.drawn).toBeLessThanOrEqual(4 * (Math.min(width + 1, finite.length) + gaps))
        expect(got.xs.length).toBeLessThanOrEqual(got.told.drawn + 2 + gaps)
      }
    })
  }

  test('many rows at one x stay within the budget at every width', () => {
    const xs = Float64Array.from({ length: 60 * 200 }, (_, i) => Math.floor(i / 200))
    const random = makeRandom(7)
    const ys = xs.map(() => random())
    for (let width = 1; width < 400; width += 7) {
      for (const [min, max] of [
        [0, 59],
        [0.1, 59.3],
        [3, 3.9],
      ] as const) {
        expect(thin(xs, ys, { min, max, width }).told.drawn).toBeLessThanOrEqual(4 * 60)
        expect(
          thin(xs, ys, { min: Math.max(min, 0.1), max, width, log: true }).told.drawn,
        ).toBeLessThanOrEqual(4 * 60)
      }
    }
  })
})

test('many rows at the very edge of a column are one column', () => {
  // in doubles the edge of the 7th (71st, on a log axis) of these columns is the x itself
  const lone = { xs: new Float64Array(1000), ys: index(1000) }
  expect(
    thin(lone.xs.fill(5.869243107031508), lone.ys, {
      min: 3.83793067860029,
      max: 85.67080279540082,
      width: 282,
    }).ys,
  ).toEqual([0, 999])
  expect(
    thin(lone.xs.fill(4.202327996276474), lone.ys, {
      min: 2.9762299616129884,
      max: 37.7166955655189,
      width: 530,
      log: true,
    }).ys,
  ).toEqual([0, 999])
})

test('a spike of one step among a million survives at any zoom that shows it', () => {
  const n = 1_000_000
  const xs = index(n)
  const ys = new Float64Array(n).fill(1)
  const at = 654_321
  ys[at] = 1e9
  for (const half of [5e5, 3e5, 12_345, 700, 3, 0.5]) {
    for (const width of [1, 37, 640]) {
      const { xs: gotX, ys: gotY, told } = thin(xs, ys, { min: at - half, max: at + half, width })
      expect(gotY.filter((y) => y === 1e9)).toEqual([1e9])
      expect(gotX[gotY.indexOf(1e9)]).toBe(at)
      expect(told.high).toBe(1e9)
    }
  }
})

describe('the ends', () => {
  test('first and last point are drawn', () => {
    const random = makeRandom(3)
    const xs = index(10_000)
    const ys = xs.map(() => random())
    const { xs: gotX } = thin(xs, ys, { min: 0, max: 9999, width: 50 })
    expect([gotX[0], gotX.at(-1)]).toEqual([0, 9999])
  })
  test('one neighbour on each side leads out of the picture', () => {
    expect(thin(index(10), index(10), { min: 2.5, max: 5.5 }).xs).toEqual([2, 3, 4, 5, 6])
    expect(thin(index(10), index(10), { min: 2.5, max: 5.5 }).told).toMatchObject({ rows: 3, drawn: 3 })
    // nothing in view: the line crosses it
    expect(thin(index(10), index(10), { min: 2.2, max: 2.8 }).xs).toEqual([2, 3])
    // nothing on one side, nothing at all
    expect(thin(index(3), index(3), { min: 1.5, max: 20 }).xs).toEqual([1, 2])
    expect(thin(index(3), index(3), { min: 10, max: 20 }).xs).toEqual([])
    expect(thin(index(3), index(3), { min: -20, max: -10 }).xs).toEqual([])
  })
  test('a neighbour behind a gap leads nowhere', () => {
    expect(thin(index(5), f(0, 1, Number.NaN, 3, 4), { min: 2.5, max: 9 }).xs).toEqual([3, 4])
    expect(thin(index(5), f(0, 1, Number.NaN, 3, 4), { min: -1, max: 1.5 }).xs).toEqual([0, 1])
  })
})

describe('gaps', () => {
  test('break the line once a stretch and are told once', () => {
    const { xs, ys, gaps, told } = thin(
      index(8),
      f(0, Number.NaN, Number.POSITIVE_INFINITY, 3, 4, Number.NEGATIVE_INFINITY, 6, 7),
      {
        min: 0,
        max: 7,
      },
    )
    expect(ys).toEqual([0, Number.NaN, 3, 4, Number.NaN, 6, 7])
    expect(xs.filter((_, i) => !Number.isNaN(ys[i]))).toEqual([0, 3, 4, 6, 7])
    expect(gaps).toEqual([1, 5])
    expect(told).toMatchObject({ rows: 5, nonFinite: 3 })
  })
  test('at the ends leave no break behind', () => {
    const { ys, gaps } = thin(index(4), f(Number.NaN, 1, 2, Number.NaN), { min: 0, max: 3 })
    expect(ys).toEqual([1, 2])
    expect(gaps).toEqual([0, 3])
    expect(thin(index(2), f(Number.NaN, Number.NaN), { min: 0, max: 1 })).toMatchObject({ xs: [], gaps: [0] })
  })
  test('out of view are not told', () => {
    const { gaps, told } = thin(index(6), f(Number.NaN, 1, 2, 3, 4, Number.NaN), { min: 1, max: 4 })
    expect(gaps).toEqual([])
    expect(told.nonFinite).toBe(0)
  })
  test('within one column split it, and nothing of either side is lost', () => {
    const ys = f(5, 1, 9, 3, 2, 4, Number.NaN, 7, 8, 6, 5, 9, 7)
    const { ys: got } = thin(index(13), ys, { min: 0, max: 12, width: 1 })
    expect(got).toEqual([5, 1, 9, 4, Number.NaN, 7, 5, 9, 7])
  })
})

describe('a resumed run', () => {
  test('that logs old steps again is two strokes, not a zigzag', () => {
    const xs = f(0, 1, 2, 3, 1, 2, 3, 4)
    const { xs: gotX, ys } = thin(xs, f(0, 1, 2, 3, 11, 12, 13, 14), { min: 0, max: 4 })
    expect(ys).toEqual([0, 1, 2, 3, Number.NaN, 11, 12, 13, 14])
    expect(gotX.filter((_, i) => !Number.isNaN(ys[i]))).toEqual([...xs])
  })
  test('zoomed in keeps both strokes with their neighbours', () => {
    const { ys } = thin(f(0, 1, 2, 3, 0, 1, 2, 3), f(0, 1, 2, 3, 10, 11, 12, 13), { min: 0.5, max: 2.5 })
    expect(ys).toEqual([0, 1, 2, 3, Number.NaN, 10, 11, 12, 13])
  })
  test('that logs one step twice stays one stroke', () => {
    expect(thin(f(0, 1, 1, 2), f(0, 1, 5, 2), { min: 0, max: 2 }).ys).toEqual([0, 1, 5, 2])
  })
})

describe('axes', () => {
  test('a log x axis has no place for x ≤ 0, and even columns by magnitude', () => {
    const { xs } = thin(f(-1, 0, 0.001, 0.01, 0.1, 1), f(1, 2, 3, 4, 5, 6), {
      min: 0.001,
      max: 1,
      width: 3,
      log: true,
    })
    expect(xs).toEqual([0.001, 0.01, 0.1, 1])
    // 1 … 10 and 10 … 100 are one column each
    const dense = Float64Array.from({ length: 1000 }, (_, i) => 1 + i * 0.099)
    const got = thin(
      dense,
      dense.map((x) => Math.sin(x)),
      { min: 1, max: 100, width: 2, log: true },
    )
    expect(got.told.drawn).toBeLessThanOrEqual(12)
  })
  test('a log y axis breaks at values ≤ 0 and tells each', () => {
    const { ys, nonPositive, gaps, told } = thin(index(5), f(1, 0, -2, 3, 4), { min: 0, max: 4 }, true)
    expect(ys).toEqual([1, Number.NaN, 3, 4])
    expect(nonPositive).toEqual([1, 2])
    expect(gaps).toEqual([])
    expect(told).toMatchObject({ rows: 5, low: 1, high: 4 })
  })
  test('a row without an x is passed over', () => {
    expect(thin(f(0, Number.NaN, 2, 3), f(0, 1, 2, 3), { min: 0, max: 3 }).ys).toEqual([0, 2, 3])
  })
})

describe('the sink', () => {
  test('takes one line behind the other and grows', () => {
    const sink = makeSink(1)
    const columns = { min: 0, max: 9, width: 100, log: false }
    const nothing = (): void => {}
    for (let line = 0; line < 3; line++)
      thinLine(
        sink,
        index(10),
        index(10).map((y) => y + 100 * line),
        0,
        10,
        columns,
        false,
        nothing,
        nothing,
      )
    expect(sink.length).toBe(30)
    expect([...sink.ys.subarray(0, 30)]).toEqual([
      ...index(10),
      ...index(10).map((y) => y + 100),
      ...index(10).map((y) => y + 200),
    ])
  })
  test('is given only the range asked for', () => {
    const sink = makeSink()
    const nothing = (): void => {}
    thinLine(
      sink,
      index(10),
      index(10),
      3,
      6,
      { min: 0, max: 9, width: 100, log: false },
      false,
      nothing,
      nothing,
    )
    expect([...sink.xs.subarray(0, sink.length)]).toEqual([3, 4, 5])
  })
})

test('lowerBound finds the first x that is not below, or above, a value', () => {
  const xs = f(1, 2, 2, 2, 5)
  expect([0, 1, 2, 3, 5, 6].map((x) => lowerBound(xs, x))).toEqual([0, 0, 1, 4, 4, 5])
  expect([0, 1, 2, 3, 5, 6].map((x) => lowerBound(xs, x, true))).toEqual([0, 1, 4, 4, 5, 5])
})

/** Rising x with repeats, uneven distances and gaps in y. */
function series(random: () => number, log: boolean): { xs: Float64Array; ys: Float64Array } {
  const n = 2 + Math.floor(random() * 3000)
  const xs = new Float64Array(n)
  let x = log ? 0.001 : random() * 100 - 50
  for (let i = 0; i < n; i++) {
    xs[i] = x
    if (random() < 0.9) x = log ? x * (1 + random() * 0.02) : x + random() ** 4
  }
  const ys = xs.map(() =>
    random() < 0.01 ? Number.NaN : random() < 0.01 ? 1e6 * (random() - 0.5) : random() * 2 - 1,
  )
  return { xs, ys }
}

function columnOf(x: number, min: number, max: number, width: number, log: boolean): number {
  const place = log ? Math.log10(x / min) / Math.log10(max / min) : (x - min) / (max - min)
  return Math.min(width - 1, Math.floor(place * width))
}
