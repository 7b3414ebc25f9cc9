import { describe, expect, test } from 'vitest'
import { smooth } from '../../../src/compute/smooth.ts'
import { csvOf } from '../../../src/engine/exports/csv-lines.ts'
import { frameOf } from '../../../src/engine/questions/frame.ts'
import { historyOf, tableOf } from '../../../src/engine/questions/history.ts'
import { probeOf } from '../../../src/engine/questions/probe.ts'
import { TrackioError } from '../../../src/model/errors.ts'
import { type Frame, type Lines, type ProbeQuery, SMOOTHING_KINDS } from '../../../src/model/view.ts'
import { makeRandom, makeRandomDouble } from '../../random.ts'
import { ask, askAt, projectOf, START, valuesOf } from '../made-project.ts'

const MEAN_11 = { kind: 'mean', width: 10, factor: 1 } as const

/** Line i as [x, y] pairs. */
function line(lines: Lines, i: number): [number, number][] {
  const [from, to] = [lines.starts[i] as number, lines.starts[i + 1] as number]
  return Array.from({ length: to - from }, (_, k) => [
    lines.xs[from + k] as number,
    lines.ys[from + k] as number,
  ])
}

function noise(n: number, seed: number): number[] {
  const random = makeRandom(seed)
  return Array.from({ length: n }, () => random() * 2 - 1)
}

describe('a frame', () => {
  test('has one line for each run that logged the metric, in the order asked', () => {
    const project = projectOf({ a: valuesOf([1, 2, 3]), b: valuesOf([4, 5]), c: [{ step: 0, z: 1 }] })
    const frame = frameOf(project, ask(['b', 'c', 'gone', 'a']))
    expect(frame.ends.map((end) => end.run)).toEqual([0, 3])
    expect(line(frame.main, 0)).toEqual([
      [0, 4],
      [1, 5],
    ])
    expect(line(frame.main, 1)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ])
    expect([...frame.main.starts]).toEqual([0, 2, 5])
    expect(frame.ends[1]).toEqual({
      ...{ run: 3, x: 2, drawn: 3, logged: 3, rows: 3, rowsInView: 3 },
      ...{ ending: 3, seen: 3, seenX: 2, seenDrawn: 3, least: 1, greatest: 3, bestX: Number.NaN },
    })
    expect(frame.x).toEqual([0, 2])
    expect(frame.xFull).toEqual([0, 2])
    expect(frame.fidelity).toEqual({ rows: 5, drawn: 5, kind: 'exact' })
    expect(frame.single).toBe(false)
  })
  test('without any point is empty, from 0 to 1', () => {
    const frame = frameOf(projectOf({ a: [{ step: 0, z: 1 }] }), ask(['a', 'gone']))
    expect(frame).toMatchObject({
      x: [0, 1],
      y: [0, 1],
      ends: [],
      single: false,
      fidelity: { rows: 0, drawn: 0 },
    })
    expect(frameOf(projectOf({}), ask([], { xScale: 'log', yScale: 'log' }))).toMatchObject({
      x: [1, 10],
      y: [1, 10],
    })
  })
  test('of a single point has room around it', () => {
    const frame = frameOf(projectOf({ a: [{ step: 7, y: 2 }] }), ask(['a']))
    expect(frame).toMatchObject({ x: [6.5, 7.5], single: true })
    expect(line(frame.main, 0)).toEqual([[7, 2]])
  })
  test('says `single` only when no run has two points', () => {
    expect(frameOf(projectOf({ a: valuesOf([1]), b: valuesOf([2]) }), ask(['a', 'b'])).single).toBe(true)
    expect(frameOf(projectOf({ a: valuesOf([1]), b: valuesOf([2, 3]) }), ask(['a', 'b'])).single).toBe(false)
  })
  test('of rows that are still being read is a preview', () => {
    expect(frameOf(projectOf({ a: valuesOf([1, 2]) }, { exact: false }), ask(['a'])).fidelity.kind).toBe(
      'preview',
    )
  })
  test('is given in arrays of its own', () => {
    const project = projectOf({ a: valuesOf([1, 2, 3]) })
    const first = frameOf(project, ask(['a']))
    first.main.ys.fill(99)
    first.main.xs.fill(99)
    expect(line(frameOf(project, ask(['a'])).main, 0)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ])
  })
})

describe('lines that are as they were', () => {
  const n = 5000
  const random = makeRandom(4)
  const odd = (run: number): number[] =>
    Array.from({ length: n }, (_, i) =>
      i % 700 === run ? Number.NaN : i % 450 === run ? -1 : random() + run,
    )
  const runs = {
    a: valuesOf(odd(0)),
    b: valuesOf(odd(1)),
    c: [...valuesOf(odd(2)), { step: 10, y: 5 }, { step: 20, y: 6 }],
  }
  const project = projectOf(runs)
  const names = Object.keys(runs)
  const views = {
    plain: ask(names),
    again: ask(names),
    smoothed: ask(names, { smoothing: MEAN_11 }),
    'with logarithms': ask(names, { yScale: 'log', xScale: 'log' }),
    'smoothed, with logarithms': ask(names, { smoothing: MEAN_11, yScale: 'log' }),
    zoomed: ask(names, { smoothing: MEAN_11, zoom: { min: 1000, max: 1100 } }),
    wider: ask(names, { smoothing: MEAN_11, width: 900 }),
    'of other runs': ask(['c', 'a'], { smoothing: MEAN_11 }),
    'over time': ask(names, { smoothing: MEAN_11, x: { kind: 'relative' } }),
    'over themselves': ask(names, { x: { kind: 'metric', name: 'y' } }),
    'only the logged ones': ask(names, { raw: false, smoothing: MEAN_11 }),
  }
  test.each(Object.entries(views))('come out as if they were thinned for the first time: %s', (_, query) => {
    const warm = frameOf(project, query)
    const twice = frameOf(project, query)
    // of its own series, of which nothing is known: only the version tells it apart
    const cold = { ...frameOf(projectOf(runs), query), version: warm.version }
    expect(twice).toEqual(cold)
    expect(warm).toEqual(cold)
    expect(cold.main.xs.length).toBeGreaterThan(20)
    // what the next view finds is of this one
    frameOf(project, { ...query, width: query.width + 1 })
  })
  test('of two metrics of a run are told apart', () => {
    const both = projectOf({ a: Array.from({ length: n }, (_, step) => ({ step, y: step, z: -step })) })
    const [y, z] = ['y', 'z'].map((metric) => frameOf(both, ask(['a'], { metric })))
    expect([y?.main.ys.at(-1), z?.main.ys.at(-1)]).toEqual([n - 1, 1 - n])
  })
})

describe('spikes and zoom', () => {
  test('a range beyond all points stays where it was asked for, also with an open end, and has none', () => {
    const project = projectOf({ a: valuesOf([1, 2, 3, 4, 5]) })
    for (const [zoom, x] of [
      [{ min: 10, max: 20 }, [10, 20]],
      [{ min: 10 }, [10, 14]], // as long as the points reach: steps 0 to 4
      [{ max: -3 }, [-7, -3]],
    ] as const) {
      const frame = frameOf(project, ask(['a'], { zoom }))
      expect([frame.x, frame.fidelity.rows]).toEqual([x, 0])
    }
    expect(frameOf(project, ask(['a'], { zoom: { min: 4 } })).fidelity.rows, 'the last point itself').toBe(1)
  })
  const n = 200_000
  const values = noise(n, 1)
  values[123_456] = 1e6
  const project = projectOf({ a: valuesOf(values) })

  test('a spike of one step is drawn at any zoom that shows it', () => {
    for (const half of [1e9, 50_000, 999, 3]) {
      const frame = frameOf(project, ask(['a'], { zoom: { min: 123_456 - half, max: 123_456 + half } }))
      expect(line(frame.main, 0)).toContainEqual([123_456, 1e6])
      expect(frame.y[1]).toBeGreaterThan(1e6)
    }
  })
  test('the view is thinned to its pixel columns, and counts its rows', () => {
    const frame = frameOf(project, ask(['a'], { width: 200 }))
    expect(frame.fidelity.rows).toBe(n)
    expect(frame.fidelity.drawn).toBeLessThanOrEqual(800 + 4)
    expect(frame.ends[0]).toMatchObject({ rows: n, rowsInView: n })
    const zoomed = frameOf(project, ask(['a'], { zoom: { min: 1000, max: 1099 } }))
    expect(zoomed.fidelity).toEqual({ rows: 100, drawn: 100, kind: 'exact' })
    expect(zoomed.ends[0]).toMatchObject({ rows: n, rowsInView: 100, x: n - 1, logged: values[n - 1] })
    expect(zoomed.x).toEqual([1000, 1099])
    expect(zoomed.xFull).toEqual([0, n - 1])
    // one neighbour on each side
    expect(line(zoomed.main, 0).length).toBe(102)
  })
  test('the y axis looks at what is in view, not at the neighbours outside', () => {
    const frame = frameOf(project, ask(['a'], { zoom: { min: 123_457, max: 123_900 } }))
    expect(line(frame.main, 0)[0]).toEqual([123_456, 1e6])
    expect(frame.y[1]).toBeLessThan(2)
    // between two points the line crosses the view: its ends are all there is to look at
    const between = frameOf(
      projectOf({ b: valuesOf([10, 20]) }),
      ask(['b'], { zoom: { min: 0.4, max: 0.6 } }),
    )
    expect(between.y[0]).toBeLessThanOrEqual(14)
    expect(between.y[1]).toBeGreaterThanOrEqual(16)
    expect(between.fidelity.rows).toBe(0)
  })
  test('an open end of the zoom is the end of the data; an upside-down zoom is none', () => {
    expect(frameOf(project, ask(['a'], { zoom: { min: 500 } })).x).toEqual([500, n - 1])
    expect(frameOf(project, ask(['a'], { zoom: { max: 500 } })).x).toEqual([0, 500])
    expect(frameOf(project, ask(['a'], { zoom: { min: 9, max: 3 } })).x).toEqual([0, n - 1])
  })
  test('robust leaves the spike out and counts it', () => {
    const frame = frameOf(project, ask(['a'], { range: { kind: 'robust' } }))
    expect(frame.y[1]).toBeLessThan(3)
    expect([frame.above, frame.below]).toEqual([1, 0])
    expect(frameOf(project, ask(['a'], { range: { kind: 'full' } }))).toMatchObject({ above: 0, below: 0 })
  })
  test('manual limits count each logged point beyond them, in view only', () => {
    const range = { kind: 'manual', min: -0.5, max: 0.25 } as const
    const frame = frameOf(project, ask(['a'], { range }))
    expect(frame.y).toEqual([-0.5, 0.25])
    expect([frame.above, frame.below]).toEqual([
      values.filter((v) => v > 0.25).length,
      values.filter((v) => v < -0.5).length,
    ])
    const part = values.slice(1000, 2001)
    const zoomed = frameOf(project, ask(['a'], { range, zoom: { min: 1000, max: 2000 }, smoothing: MEAN_11 }))
    expect([zoomed.above, zoomed.below]).toEqual([
      part.filter((v) => v > 0.25).length,
      part.filter((v) => v < -0.5).length,
    ])
    const bare = frameOf(
      project,
      ask(['a'], { range, zoom: { min: 1000, max: 2000 }, smoothing: MEAN_11, raw: false }),
    )
    expect([bare.above, bare.below]).toEqual([zoomed.above, zoomed.below])
  })
})

describe('smoothing', () => {
  const values = noise(3000, 2)
  const project = projectOf({ a: valuesOf(values) })
  const times = Float64Array.from(values, (_, i) => START + i * 1000)

  test.each(SMOOTHING_KINDS)('%s is not changed by zooming', (kind) => {
    const smoothing = { kind, width: 10, factor: 1 } as const
    const all = smooth(Float64Array.from(values), times, smoothing)
    for (const zoom of [{ min: 100, max: 160 }, { min: 158, max: 300 }, { min: 2990 }]) {
      for (const [x, y] of line(frameOf(project, ask(['a'], { smoothing, zoom, width: 4000 })).main, 0))
        expect(y).toBe(all[x])
    }
    expect(frameOf(project, ask(['a'], { smoothing })).ends[0]).toMatchObject({
      drawn: all[2999],
      logged: values[2999],
    })
  })
  test('keeps the logged line behind, if it is asked for', () => {
    const both = frameOf(project, ask(['a'], { smoothing: MEAN_11, width: 4000 }))
    expect(line(both.raw, 0)).toEqual(values.map((v, i) => [i, v]))
    expect(line(both.main, 0)).not.toEqual(line(both.raw, 0))
    expect(frameOf(project, ask(['a'], { smoothing: MEAN_11, raw: false })).raw.xs.length).toBe(0)
    expect(frameOf(project, ask(['a'], { raw: true })).raw.xs.length).toBe(0)
  })
  test('another width is another line, and back again', () => {
    const first = line(frameOf(project, ask(['a'], { smoothing: MEAN_11 })).main, 0)
    const other = line(frameOf(project, ask(['a'], { smoothing: { ...MEAN_11, factor: 10 } })).main, 0)
    expect(other).not.toEqual(first)
    expect(line(frameOf(project, ask(['a'], { smoothing: MEAN_11 })).main, 0)).toEqual(first)
  })
  test('marks name the right run after another one was left out', () => {
    const gap = projectOf({ a: valuesOf([1, 2]), b: valuesOf([Number.NaN, 2]) })
    for (const runs of [
      ['a', 'b'],
      ['gone', 'a', 'b'],
      ['a', 'b', 'gone'],
    ]) {
      expect(runs[frameOf(gap, ask(runs, { smoothing: MEAN_11 })).marks.run[0] as number]).toBe('b')
    }
    // the logged lines of the last question are kept while only the smoothing changes
    expect([...frameOf(gap, ask(['gone', 'b'], { smoothing: MEAN_11 })).marks.run]).toEqual([1])
    expect([...frameOf(gap, ask(['b'], { smoothing: MEAN_11 })).marks.run]).toEqual([0])
  })
  test('a project that took the place of another shows its own values', () => {
    const [old, fresh] = [
      [1, 2, 3],
      [7, 8, 9],
    ].map((values) => projectOf({ a: valuesOf(values) }, { id: 'same' }))
    if (!old || !fresh) throw new Error('two projects were made')
    for (const [project, first] of [
      [old, 1],
      [fresh, 7],
    ] as const) {
      const frame = frameOf(project, ask(['a'], { project: 'same', smoothing: MEAN_11 }))
      expect([frame.raw.ys[0], frame.main.ys[0]]).toEqual([first, first + 0.5])
      expect(tableOf(project, 'y', ['a'], 0, 1).values[0]).toBe(first)
      expect(probeOf(project, askAt(0, ['a'], { smoothing: MEAN_11 })).drawn[0]).toBe(first + 0.5)
    }
  })
  test('two metrics of a run are smoothed each for itself', () => {
    const two = projectOf({ a: valuesOf([1, 5, 1]).map((row, i) => ({ ...row, z: i * 100 })) })
    const [y, z] = ['y', 'z'].map(
      (metric) => line(frameOf(two, ask(['a'], { metric, smoothing: MEAN_11 })).main, 0)[1],
    )
    expect([y, z]).toEqual([
      [1, 7 / 3],
      [1, 100],
    ])
  })
})

describe('at defaults', () => {
  const auto = { kind: 'mean', width: 10, factor: 1, auto: true } as const
  const at = (values: number[], change: Parameters<typeof ask>[1] = {}) =>
    frameOf(
      projectOf({ a: valuesOf(values) }),
      ask(['a'], { smoothing: auto, range: { kind: 'robust' }, ...change }),
    )

  test.each([
    ['a constant', Array.from({ length: 500 }, () => 1e-3)],
    [
      'a constant that is none to the last bit',
      Array.from({ length: 500 }, (_, i) => 0.1 + (i % 3) * 1e-17 + (i % 2) * 1.4e-17),
    ],
    ['an epoch', Array.from({ length: 500 }, (_, i) => (i * 3) / 499)],
    ['tokens', Array.from({ length: 500 }, (_, i) => i * 16_384 + ((i * 7919) % 301))],
    ['a learning rate of plateaus', Array.from({ length: 500 }, (_, i) => 1e-3 * 0.5 ** Math.floor(i / 100))],
    ['19 points', noise(19, 4)],
  ])('%s stands as logged', (_, values) => {
    const frame = at(values)
    expect([...frame.main.ys].every((y) => values.includes(y))).toBe(true)
    expect(frame.treatment).toMatchObject({ logged: 1, points: values.length, to: 0 })
    expect(frame.raw.xs.length).toBe(0)
  })
  test('noise is smoothed, more the longer the line is', () => {
    expect(at(noise(40, 1)).treatment).toEqual({ logged: 0, points: 0, from: 5, to: 5, unit: 'points' })
    expect(at(noise(500, 1)).treatment).toEqual({ logged: 0, points: 0, from: 11, to: 11, unit: 'rows' })
    expect(at(noise(500, 1)).main).toEqual(at(noise(500, 1), { smoothing: { ...auto, auto: false } }).main)
  })
  test('a metric that is logged more rarely than the window stands as logged, and so it does when a person sets the width', () => {
    const rows = Array.from({ length: 600 }, (_, step) =>
      step % 20 === 0 ? { step, y: Math.sin(step), z: 1 } : { step, z: 1 },
    )
    for (const smoothing of [auto, { ...auto, auto: false }]) {
      const frame = frameOf(projectOf({ a: rows }), ask(['a'], { smoothing }))
      expect(frame.treatment).toMatchObject({ logged: 1, points: 30 })
    }
  })
  test('a width that a person sets is obeyed on short lines, narrowed to the rows', () => {
    const frame = at([1, 2, 6, 4], { smoothing: { ...auto, auto: false } })
    // of 4 rows two to each side
    expect(frame.main.ys).toEqual(Float64Array.of(3, 3.25, 3.25, 4))
    expect(frame.treatment).toMatchObject({ logged: 0, from: 5, to: 5, unit: 'rows' })
  })
  test('ends, extremes and counts are of logged values', () => {
    const values = noise(500, 2)
    values[499] = 7
    values[200] = -9
    const frame = at(values, { metric: 'y', yScale: 'linear' })
    expect(frame.ends[0]).toMatchObject({ logged: 7, seen: 7, seenX: 499, least: -9, greatest: 7 })
    expect(frame.ends[0]?.seenDrawn).not.toBe(7)
    const zoomed = at(values, { zoom: { min: 100, max: 300 } })
    expect(zoomed.ends[0]).toMatchObject({ logged: 7, seen: values[300], seenX: 300, least: -9 })
  })
  test('a steep start leaves a robust axis at the top, and last and best are inside', () => {
    const loss = Array.from({ length: 1000 }, (_, i) => 100 * Math.exp(-i / 10) + 3 + 0.1 * Math.sin(i))
    loss[500] = 1
    const project = projectOf({ a: loss.map((value, step) => ({ step, 'eval/loss': value })) })
    const frame = frameOf(
      project,
      ask(['a'], { metric: 'eval/loss', smoothing: auto, range: { kind: 'robust' } }),
    )
    expect(frame.y[1]).toBeLessThan(20)
    expect(frame.y[0]).toBeLessThan(1)
    expect(frame.above).toBe(loss.filter((value) => value > frame.y[1]).length)
    expect(frame.below).toBe(0)
  })
  test('of lines under 20 points all is on the axis, but for what led to a NaN', () => {
    const spiky = [1, 2, 500, 2, 1, 2, 1, 2]
    const robust = (runs: Parameters<typeof projectOf>[0]) =>
      frameOf(projectOf(runs), ask(Object.keys(runs), { smoothing: auto, range: { kind: 'robust' } }))
    expect(robust({ a: valuesOf(spiky) })).toMatchObject({ above: 0, below: 0 })
    // a long line beside it does not take that from a short one
    const mixed = robust({ a: valuesOf(spiky), b: valuesOf(noise(300, 8)) })
    expect(mixed.y[1]).toBeGreaterThan(500)
    const diverged = robust({
      a: valuesOf([...spiky.map((v) => v * 1e6), Number.NaN]),
      b: valuesOf([1, 2, 3]),
    })
    expect(diverged.y[1]).toBeLessThan(4)
    expect(diverged).toMatchObject({ above: 8, nonFinite: 1 })
    expect(robust({ a: valuesOf([5, 6, 7, Number.NaN]) }).y[1]).toBeGreaterThan(7)
  })
  test('two decades and more offer logarithms', () => {
    expect(at([1, 50, 99]).decades).toBeLessThan(2)
    expect(at([1, 50, 1000]).decades).toBeCloseTo(3)
    expect(at([0, 50, 1000]).decades).toBe(0)
  })
})

describe('a crowd', () => {
  const auto = { kind: 'mean', width: 10, factor: 1, auto: true } as const
  const random = makeRandom(11)
  const runs = Object.fromEntries(
    Array.from({ length: 30 }, (_, r) => [
      `run-${r}`,
      Array.from({ length: 300 }, (_, step) => ({
        step,
        'eval/loss': 2 + Math.exp(-step / 50) + 0.3 * random() + (r === 4 ? 0.2 : 0),
      })),
    ]),
  )
  // the best of all is one point of a run that is not the best by its mean
  const best = runs['run-4']?.[222]
  if (best) best['eval/loss'] = 1.25
  const names = Object.keys(runs)
  const project = projectOf(runs)
  const query = ask(names, {
    metric: 'eval/loss',
    smoothing: auto,
    raw: true,
    area: true,
    range: { kind: 'robust' },
  })

  test('has one area of logged extremes instead of a second line for each run', () => {
    const { area, raw } = frameOf(project, query)
    expect(raw.xs.length).toBe(0)
    const all = Object.values(runs).flat()
    expect(area?.xs.length).toBeGreaterThan(100)
    expect(Math.min(...(area?.low ?? []))).toBe(1.25)
    expect(Math.max(...(area?.high ?? []))).toBe(Math.max(...all.map((row) => row['eval/loss'] as number)))
  })
  test('keeps every run’s best value on the axis, and says where it stands', () => {
    const frame = frameOf(project, query)
    names.forEach((name, i) => {
      const values = (runs[name] ?? []).map((row) => row['eval/loss'] as number)
      const least = Math.min(...values)
      expect(frame.ends[i]).toMatchObject({ least, bestX: values.indexOf(least) })
      expect(least > frame.y[0] && least < frame.y[1]).toBe(true)
    })
  })
  test('gives the same twice, in arrays of its own', () => {
    const first = frameOf(project, query)
    const area = first.area && { ...first.area, low: first.area.low.slice() }
    first.area?.low.fill(99)
    expect(frameOf(project, query).area).toEqual(area)
  })
  test('counts what a log axis cannot show in view alone', () => {
    const rows = (r: number) =>
      Array.from({ length: 300 }, (_, step) => ({
        step,
        'eval/loss': step < 3 ? 0 : 2 + ((step * 7 + r) % 5),
      }))
    const crowd = projectOf(Object.fromEntries(names.map((name, r) => [name, rows(r)])))
    const all = { ...query, smoothing: { ...auto, auto: false }, yScale: 'log' } as const
    expect(frameOf(crowd, all).nonPositive).toBe(3 * names.length)
    expect(frameOf(crowd, { ...all, zoom: { min: 1, max: 200 } }).nonPositive).toBe(2 * names.length)
    expect(frameOf(crowd, { ...all, zoom: { min: 100, max: 200 } }).nonPositive).toBe(0)
  })
  test('counts what is logged, also where only smoothed lines are drawn', () => {
    const high = frameOf(project, { ...query, range: { kind: 'manual', min: 2.2, max: 2.4 } })
    const all = Object.values(runs)
      .flat()
      .map((row) => row['eval/loss'] as number)
    expect(high.above).toBe(all.filter((v) => v > 2.4).length)
    expect(high.below).toBe(all.filter((v) => v < 2.2).length)
  })
})

describe('marks', () => {
  const project = projectOf({
    a: valuesOf([1, Number.NaN, Number.NaN, 4, Number.POSITIVE_INFINITY, 6, Number.NEGATIVE_INFINITY]),
    b: valuesOf([0, 5, -2, 8]),
  })
  const marks = ({ marks: { run, x, kind } }: Frame): [number, number, number][] =>
    Array.from(run, (r, i) => [r, x[i] as number, kind[i] as number])

  test('stand at the first of each stretch of non-finite values', () => {
    for (const change of [{}, { smoothing: MEAN_11 }, { smoothing: MEAN_11, raw: false }]) {
      const frame = frameOf(project, ask(['b', 'a'], change))
      expect(marks(frame)).toEqual([
        [1, 1, 0],
        [1, 4, 1],
        [1, 6, 2],
      ])
      expect(frame.nonFinite).toBe(4)
      expect(frame.fidelity.rows).toBe(11)
      expect(frame.ends[1]).toMatchObject({ x: 6, logged: Number.NEGATIVE_INFINITY })
    }
  })
  test('on a log axis stand where values are ≤ 0, which are counted and not drawn', () => {
    for (const change of [{}, { smoothing: MEAN_11 }]) {
      const frame = frameOf(project, ask(['b'], { yScale: 'log', ...change }))
      expect(marks(frame)).toEqual([
        [0, 0, 3],
        [0, 2, 3],
      ])
      expect([frame.nonPositive, frame.below]).toEqual([2, 0])
      expect(frame.y[0]).toBeGreaterThan(0)
    }
  })
  test('of one pixel column are one, but counted all', () => {
    const frame = frameOf(
      projectOf({ a: valuesOf([...noise(1000, 3).map(() => -1), 5]) }),
      ask(['a'], { yScale: 'log', width: 10 }),
    )
    expect(frame.nonPositive).toBe(1000)
    expect(frame.marks.x.length).toBe(10)
  })
  test('out of view are none', () => {
    expect(marks(frameOf(project, ask(['a'], { zoom: { min: 3, max: 3.5 } })))).toEqual([])
  })
})

describe('x axes', () => {
  const rows = [
    { step: 0, time: START, y: 1, epoch: 0 },
    { step: 10, time: START + 500, y: 2 },
    { step: 20, time: START + 4000, y: 3, epoch: 1 },
    { step: 30, time: START + 9000, epoch: 2 },
    { step: 40, time: START + 10_000, y: 5, epoch: 2 },
  ]
  const project = projectOf({ a: rows })
  const xs = (change: Parameters<typeof ask>[1]): number[] =>
    line(frameOf(project, ask(['a'], change)).main, 0).map(([x]) => x)

  test('steps, seconds since the first row, time of day', () => {
    expect(xs({})).toEqual([0, 10, 20, 40])
    expect(xs({ x: { kind: 'relative' } })).toEqual([0, 0.5, 4, 10])
    expect(xs({ x: { kind: 'wall' } })).toEqual([START, START + 500, START + 4000, START + 10_000])
  })
  test('relative time starts at the run’s first row, also where that logged another metric', () => {
    const late = projectOf({
      a: [
        { step: 0, time: START, z: 1 },
        { step: 1, time: START + 2000, y: 1 },
        { step: 2, time: START + 3000, y: 2 },
      ],
    })
    expect(line(frameOf(late, ask(['a'], { x: { kind: 'relative' } })).main, 0)).toEqual([
      [2, 1],
      [3, 2],
    ])
  })
  test('without any time the step stands in', () => {
    const timeless = projectOf({ a: valuesOf([1, 2]).map((row) => ({ ...row, time: Number.NaN })) })
    for (const kind of ['relative', 'wall'] as const)
      expect(line(frameOf(timeless, ask(['a'], { x: { kind } })).main, 0)).toEqual([
        [0, 1],
        [1, 2],
      ])
  })
  test('another metric that was logged in other rows: its last value is carried on, and that is said', () => {
    const rows = [
      { step: 0, y: 9 },
      { step: 1, epoch: 0 },
      { step: 2, y: 1 },
      { step: 3, epoch: 1, y: 2 },
      { step: 4, y: 3 },
    ]
    const sparse = projectOf({ a: [...rows, { step: 5, epoch: Number.NaN }, { step: 6, y: 4 }] })
    const frame = frameOf(sparse, ask(['a'], { x: { kind: 'metric', name: 'epoch' } }))
    expect(line(frame.main, 0)).toEqual([
      [0, 1],
      [1, 2],
      [1, 3],
      [1, 4],
    ])
    // the rows of step 2, 4 and 6 have the epoch of a row before them; that of step 0 has none
    expect(frame).toMatchObject({ carried: 3, leftOut: 1 })
    expect(frameOf(sparse, ask(['a']))).toMatchObject({ carried: 0, leftOut: 0 })
  })
  test('another metric', () => {
    expect(line(frameOf(project, ask(['a'], { x: { kind: 'metric', name: 'epoch' } })).main, 0)).toEqual([
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 5],
    ])
    expect(frameOf(project, ask(['a'], { x: { kind: 'metric', name: 'no such' } })).main.xs.length).toBe(0)
    expect(xs({ x: { kind: 'metric', name: 'y' } })).toEqual([1, 2, 3, 5])
  })
  test('another metric that goes up and down: in its order, smoothed in row order', () => {
    const back = projectOf({ a: [3, 1, 2, 1].map((epoch, step) => ({ step, epoch, y: step * 10 })) })
    expect(line(frameOf(back, ask(['a'], { x: { kind: 'metric', name: 'epoch' } })).main, 0)).toEqual([
      [1, 10],
      [1, 30],
      [2, 20],
      [3, 0],
    ])
    // means of rows: 0: (0+10)/2, 1: (0+10+20)/3, 2: (10+20+30)/3, 3: (20+30)/2
    expect(
      line(
        frameOf(
          back,
          ask(['a'], {
            x: { kind: 'metric', name: 'epoch' },
            smoothing: { kind: 'mean', width: 3, factor: 1 },
          }),
        ).main,
        0,
      ),
    ).toEqual([
      [1, 10],
      [1, 25],
      [2, 20],
      [3, 5],
    ])
  })
  test('another metric with an infinite value: the finite ones make the axis', () => {
    const far = projectOf({
      a: [1, 2, Number.POSITIVE_INFINITY].map((epoch, step) => ({ step, epoch, y: step })),
    })
    expect(frameOf(far, ask(['a'], { x: { kind: 'metric', name: 'epoch' } })).x).toEqual([1, 2])
    const first = projectOf({
      a: [Number.NEGATIVE_INFINITY, 1, 2].map((epoch, step) => ({ step, epoch, y: step })),
    })
    expect(frameOf(first, ask(['a'], { x: { kind: 'metric', name: 'epoch' } })).x).toEqual([1, 2])
  })
  test('a log axis leaves x ≤ 0 out', () => {
    const frame = frameOf(project, ask(['a'], { xScale: 'log' }))
    expect(frame.x).toEqual([10, 40])
    expect(line(frame.main, 0).map(([x]) => x)).toEqual([10, 20, 40])
    expect(frameOf(project, ask(['a'], { xScale: 'log', zoom: { min: -5, max: 25 } })).x).toEqual([10, 25])
  })
  test('a resumed run is two strokes', () => {
    const resumed = projectOf({ a: [0, 1, 2, 1, 2, 3].map((step, i) => ({ step, y: i })) })
    expect(line(frameOf(resumed, ask(['a'])).main, 0).map(([, y]) => y)).toEqual([
      0,
      1,
      2,
      Number.NaN,
      3,
      4,
      5,
    ])
    // in time it is one
    expect(line(frameOf(resumed, ask(['a'], { x: { kind: 'relative' } })).main, 0).map(([, y]) => y)).toEqual(
      [0, 1, 2, 3, 4, 5],
    )
  })
})

describe('a probe', () => {
  const project = projectOf({
    a: [0, 10, 20, 100].map((step) => ({ step, y: step / 10 })),
    b: [{ step: 15, y: 7, time: START + 99 }],
    c: valuesOf([1]),
  })

  test('gives the last logged point at or before x, of each run', () => {
    const probe = probeOf(project, askAt(15, ['a', 'gone', 'b']))
    expect(probe).toEqual({
      index: Int32Array.of(1, -1, 0),
      x: Float64Array.of(10, Number.NaN, 15),
      steps: Float64Array.of(10, Number.NaN, 15),
      times: Float64Array.of(START + 1000, Number.NaN, START + 99),
      drawn: Float64Array.of(1, Number.NaN, 7),
      logged: Float64Array.of(1, Number.NaN, 7),
      since: Float64Array.of(Number.NaN, Number.NaN, Number.NaN),
    })
  })
  test('tells since when a run logs nothing but NaN, or the same infinity', () => {
    const NAN = Number.NaN
    const INF = Number.POSITIVE_INFINITY
    const broken = projectOf({
      a: [1, NAN, 2, INF, NAN, NAN, NAN, -INF].map((y, i) => ({ step: 10 * i, y })),
    })
    const since = (at: number, x: ProbeQuery['x'] = { kind: 'step' }): number | undefined =>
      probeOf(broken, askAt(at, ['a'], { x })).since[0]
    // one alone has no stretch, and an infinity is none of the NaN after it
    expect([0, 10, 20, 30, 40, 50, 60, 65, 70].map((at) => since(at))).toEqual([
      NAN,
      NAN,
      NAN,
      NAN,
      40,
      40,
      40,
      40,
      NAN,
    ])
    expect(since(5.5, { kind: 'relative' })).toBe(4)
  })
  test('reaches half a pixel, or the run’s own spacing', () => {
    const index = (at: number, reach = 0.5): number | undefined =>
      probeOf(project, askAt(at, ['a'], { reach })).index[0]
    expect([-0.4, -0.6, 0, 9.99, 10, 99, 100, 100.5, 180, 181].map((at) => index(at))).toEqual([
      0, -1, 0, 0, 1, 2, 3, 3, 3, -1,
    ])
    expect(index(500, 400)).toBe(3)
  })
  test('gives the drawn value beside the logged one', () => {
    const { drawn, logged } = probeOf(
      project,
      askAt(10, ['a'], { smoothing: { kind: 'mean', width: 3, factor: 1 } }),
    )
    expect([drawn[0], logged[0]]).toEqual([1, 1])
    expect(
      probeOf(project, askAt(20, ['a'], { smoothing: { kind: 'mean', width: 3, factor: 1 } })).drawn[0],
    ).toBe(13 / 3)
  })
  test('works on other x axes, and where steps went back', () => {
    expect(probeOf(project, askAt(2.2, ['a'], { x: { kind: 'relative' } })).steps[0]).toBe(20)
    expect(probeOf(project, askAt(START + 1001, ['a'], { x: { kind: 'wall' } })).steps[0]).toBe(10)
    const resumed = projectOf({ a: [0, 1, 2, 1, 2, 3].map((step, i) => ({ step, y: i })) })
    // of two points at one step the later counts
    expect(probeOf(resumed, askAt(2, ['a'])).logged[0]).toBe(4)
  })
})

describe('the table', () => {
  const project = projectOf({
    a: [
      { step: 0, y: 1 },
      { step: 2, y: 2 },
      { step: 2, y: 3 },
      { step: 4, y: Number.NaN },
    ],
    b: [
      { step: 2, y: 20 },
      { step: 3, y: 30 },
      { step: 2, y: 21 },
      { step: 2, y: 22 },
    ],
  })
  const rows = (from: number, count: number): unknown[] => {
    const page = tableOf(project, 'y', ['a', 'gone', 'b'], from, count)
    return Array.from(page.steps, (step, r) => [
      step,
      ...[0, 1, 2].map((c) => (page.present[r * 3 + c] ? page.values[r * 3 + c] : '–')),
    ])
  }
  const all = [
    [0, 1, '–', '–'],
    [2, 2, '–', 20],
    [2, 3, '–', 21],
    [2, '–', '–', 22],
    [3, '–', '–', 30],
    [4, Number.NaN, '–', '–'],
  ]

  test('has a row for each step, and one more for each time a run logged it again', () => {
    expect(rows(0, 100)).toEqual(all)
    expect(tableOf(project, 'y', ['a'], 0, 10).total).toBe(4)
  })
  test('comes in pages', () => {
    expect([...rows(0, 2), ...rows(2, 2), ...rows(4, 50)]).toEqual(all)
    expect(tableOf(project, 'y', ['a', 'gone', 'b'], 4, 50)).toMatchObject({ total: 6, from: 4 })
    expect(rows(6, 10)).toEqual([])
    expect(rows(99, 10)).toEqual([])
  })
  test('of nothing is empty', () => {
    expect(tableOf(project, 'no such', ['a'], 0, 10)).toMatchObject({ total: 0, steps: new Float64Array(0) })
    expect(tableOf(project, 'y', [], 0, 10).total).toBe(0)
  })
})

describe('the history', () => {
  test('is every logged point in row order, in arrays of its own', () => {
    const project = projectOf({
      a: [
        { step: 3, y: 1, z: 5 },
        { step: 1, y: Number.NaN },
        { step: 1, z: -0 },
      ],
    })
    const history = historyOf(project, 'a')
    expect(history).toEqual({
      y: {
        steps: Float64Array.of(3, 1),
        values: Float64Array.of(1, Number.NaN),
        times: Float64Array.of(START, START + 1000),
      },
      z: {
        steps: Float64Array.of(3, 1),
        values: Float64Array.of(5, -0),
        times: Float64Array.of(START, START + 2000),
      },
    })
    history.y?.values.fill(7)
    history.y?.steps.fill(7)
    expect(historyOf(project, 'a', ['y', 'no such']).y?.values).toEqual(Float64Array.of(1, Number.NaN))
    expect(Object.keys(historyOf(project, 'a', ['z', 'no such']))).toEqual(['z'])
  })
  test('holds metrics of any name', () => {
    const names = ['', '__proto__', 'constructor', 'toString', 'a/b']
    const row = Object.fromEntries([['step', 0], ...names.map((name, i) => [name, i])])
    const history = historyOf(projectOf({ a: [{ ...row, step: 0 }] }), 'a')
    expect(Object.keys(history).sort()).toEqual([...names].sort())
    expect(names.map((name) => Object.getOwnPropertyDescriptor(history, name)?.value.values[0])).toEqual([
      0, 1, 2, 3, 4,
    ])
  })
  test('of an unknown run is an error that names it', () => {
    expect(() => historyOf(projectOf({}), 'gone')).toThrow(TrackioError)
  })
})

describe('the csv', () => {
  test('gives back every double bit for bit, in row order', async () => {
    const next = makeRandomDouble(makeRandom(4))
    const values = [
      0,
      -0,
      5e-324,
      0.1,
      Number.MAX_VALUE,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      ...Array.from({ length: 50_000 }, next),
    ]
    const text = await (
      await csvOf(projectOf({ a: valuesOf(values), b: valuesOf([1]) }), 'y', ['a', 'gone', 'b'])
    ).text()
    const [head, ...lines] = text.trimEnd().split('\n')
    expect(head).toBe('run,run_id,step,timestamp,y')
    expect(lines.length).toBe(values.length + 1)
    const wrong = values.filter((v, i) => {
      const cells = (lines[i] as string).split(',')
      return !(
        cells[0] === 'a' &&
        cells[1] === 'a' &&
        Number(cells[2]) === i &&
        Object.is(Number(cells[4]), v) &&
        Date.parse(cells[3] as string) === START + i * 1000
      )
    })
    expect(wrong).toEqual([])
    expect(lines.at(-1)).toBe('b,b,0,2026-02-02T02:40:00.000000+00:00,1')
  })
  test('keeps microseconds, and leaves a time that is none empty', async () => {
    const text = await (
      await csvOf(
        projectOf({
          a: [START + 123.456, START + 0.001, Number.NaN, -0.001].map((time, step) => ({ step, time, y: 1 })),
        }),
        'y',
        ['a'],
      )
    ).text()
    expect(
      text
        .split('\n')
        .slice(1, 5)
        .map((row) => row.split(',')[3]),
    ).toEqual([
      '2026-02-02T02:40:00.123456+00:00',
      '2026-02-02T02:40:00.000001+00:00',
      '',
      '1969-12-31T23:59:59.999999+00:00',
    ])
  })
  test('quotes names, and does not let them be formulas', async () => {
    const name = 'a, "b"\nc'
    const text = await (
      await csvOf(projectOf({ [name]: [{ step: 0, 'x,y': 1 }], '=1+1': [{ step: 0, 'x,y': 2 }] }), 'x,y', [
        name,
        '=1+1',
      ])
    ).text()
    expect(text).toBe(
      `run,run_id,step,timestamp,"x,y"\n"a, ""b""\nc","a, ""b""\nc",0,2026-02-02T02:40:00.000000+00:00,1\n'=1+1,'=1+1,0,2026-02-02T02:40:00.000000+00:00,2\n`,
    )
  })
})
