import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/api.ts'
import { combineProjects } from '../../../src/engine/projects/comparison.ts'
import type { Project, RunSeries } from '../../../src/engine/projects/project.ts'
import { statsOf } from '../../../src/engine/questions/stats.ts'
import { isAbort } from '../../../src/model/errors.ts'
import { filesOf } from '../golden-fixtures.ts'
import { projectOf, START, valuesOf } from '../made-project.ts'

const NONE = Number.NaN
const y = (project: Project, ...runs: string[]) => statsOf(project, { metrics: ['y'], runs })

/** A project whose run `a` has the same series, as it is given at each look, whatever the metric. */
function projectWith(given: () => Pick<RunSeries, 'values' | 'version'>): Project {
  const identity = {}
  return {
    ...projectOf({ a: valuesOf([0]) }),
    column: () => undefined,
    series() {
      const { values, version } = given()
      const places = { rows: undefined, total: values.length }
      return {
        ...{ values, steps: values, times: values, places, version, identity },
        ...{ monotone: true, start: 0, base: 'one' },
      }
    },
  }
}

describe('statsOf', () => {
  test('first, last, least, greatest and means of each run, in the order asked for', async () => {
    const project = projectOf({ a: valuesOf([3, 1, 2]), b: valuesOf([5]) })
    const found = await y(project, 'b', 'a', 'nobody')
    expect([...found.first.values]).toEqual([5, 3, NONE])
    expect([...found.last.values]).toEqual([5, 2, NONE])
    expect([...found.min.values]).toEqual([5, 1, NONE])
    expect([...found.max.values]).toEqual([5, 3, NONE])
    expect([...found.mean]).toEqual([5, 2, NONE])
    // a tenth of three is one
    expect([...found.tail]).toEqual([5, 2, NONE])
    expect([...found.count]).toEqual([1, 3, 0])
    expect(found.exact).toBe(true)
  })
  test('each of these stands at a place, a step and a time', async () => {
    const rows = [4, 8, 2, 6].map((value, i) => ({ step: 10 * i, time: START + i, y: value }))
    const { first, last, min, max } = await y(projectOf({ a: rows }), 'a', 'nobody')
    expect([first, last, min, max].map(({ index }) => [...index])).toEqual([
      [0, -1],
      [3, -1],
      [2, -1],
      [1, -1],
    ])
    expect([first, last, min, max].map(({ steps }) => [...steps])).toEqual([
      [0, NONE],
      [30, NONE],
      [20, NONE],
      [10, NONE],
    ])
    expect([...min.times]).toEqual([START + 2, NONE])
  })
  test('of many metrics comes metric by metric; without names, of all there are of all runs', async () => {
    const project = projectOf({ b: [{ step: 0, z: 1, y: 2 }], a: [{ step: 0, y: 3 }] })
    const [asked, all] = [
      await statsOf(project, { metrics: ['z', 'y'], runs: ['a', 'b'] }),
      await statsOf(project, {}),
    ]
    expect([...asked.last.values]).toEqual([NONE, 1, 3, 2])
    expect([all.metrics, all.runs]).toEqual([
      ['y', 'z'],
      ['a', 'b'],
    ])
    expect([...all.last.values]).toEqual([3, 2, NONE, 1])
  })
  test('a metric that nobody logged has no values, rows without it do not count', async () => {
    const project = projectOf({
      a: [
        { step: 0, y: 4 },
        { step: 1, z: 1 },
        { step: 2, y: 2 },
      ],
    })
    const found = await statsOf(project, { metrics: ['z', 'y', 'w'], runs: ['a'] })
    expect([...found.count]).toEqual([1, 2, 0])
    expect([...found.mean]).toEqual([1, 3, NONE])
    expect([...found.last.steps]).toEqual([1, 2, NONE])
  })
  test('NaN and infinities are counted, and are a last value, but no extreme and no part of the mean', async () => {
    const project = projectOf({
      a: valuesOf([1, Number.NaN, 3, Infinity, -Infinity]),
      b: valuesOf([Number.NaN]),
    })
    const found = await y(project, 'a', 'b')
    expect([...found.last.values]).toEqual([-Infinity, NONE])
    expect([...found.last.index]).toEqual([4, 0])
    expect([...found.min.values]).toEqual([1, NONE])
    expect([...found.min.index]).toEqual([0, -1])
    expect([...found.max.values]).toEqual([3, NONE])
    expect([...found.mean]).toEqual([2, NONE])
    expect([...found.tail]).toEqual([NONE, NONE])
    expect([...found.nonFinite]).toEqual([3, 1])
    expect([...found.count]).toEqual([5, 1])
  })
  test('the last value is that of the last row, also where steps went back', async () => {
    const project = projectOf({
      a: [
        { step: 5, y: 1 },
        { step: 9, y: 2 },
        { step: 6, y: 7 },
      ],
    })
    const { last } = await y(project, 'a')
    expect([last.values[0], last.steps[0]]).toEqual([7, 6])
  })
  test('of rows that are still being read it is not exact', async () => {
    expect((await y(projectOf({ a: valuesOf([1]) }, { exact: false }), 'a')).exact).toBe(false)
  })
  test('rows that come later are added to what is known, and only they are looked at', async () => {
    const values = Float64Array.from([4, 2, 9, 1, Number.NaN, 3])
    let length = 3
    let given = 0
    const grown = projectWith(() => ({ values: values.subarray(0, length), version: `v${++given}` }))
    expect((await y(grown, 'a')).mean[0]).toBe(5)
    // a changed value would not be seen, as rows that were read never change
    values[0] = 1000
    length = 6
    const found = await y(grown, 'a')
    expect([
      found.min.values[0],
      found.max.values[0],
      found.mean[0],
      found.last.values[0],
      found.count[0],
      found.nonFinite[0],
    ]).toEqual([1, 9, 3.8, 3, 6, 1])
    // a preview has no base: what it was before says nothing of it
    const other: Project = {
      ...grown,
      series: (run, metric) => {
        const series = grown.series(run, metric)
        return series && { ...series, base: undefined, values: Float64Array.of(7) }
      },
    }
    expect((await y(other, 'a')).mean[0]).toBe(7)
  })
  test('a series that is as it was is not asked for again', async () => {
    const project = projectOf({ a: valuesOf([3, 1]) })
    const first = await y(project, 'a')
    const series = (): never => {
      throw new Error('not expected')
    }
    expect(await y({ ...project, series }, 'a')).toEqual(first)
  })
  test('runs of several projects are found under their keys', async () => {
    const [a, b] = [projectOf({ one: valuesOf([1, 2]) }), projectOf({ one: valuesOf([8]) })]
    const named = (project: typeof a, name: string) => ({ ...project, info: { ...project.info, name } })
    const both = combineProjects(a.info, [named(a, 'a'), named(b, 'b')])
    expect([...(await y(both, 'b › one', 'one')).last.values]).toEqual([8, 2])
    expect((await statsOf(both, {})).runs).toEqual(['one', 'b › one'])
  })
  test('is given up between runs', async () => {
    const values = new Float64Array(2_000_000)
    const abort = new AbortController()
    const asked = statsOf(
      projectWith(() => ({ values, version: 'one' })),
      { metrics: ['y', 'z'], runs: ['a'] },
      abort.signal,
    )
    abort.abort()
    const cause: unknown = await asked.catch((error: unknown) => error)
    expect(isAbort(cause)).toBe(true)
  })
})

const DEMO = 'gpt2-124m-optimizers.db'

test.each([
  ['a database', [{ path: DEMO, file: new File([readFileSync(`public/${DEMO}`)], DEMO) }]],
  ['Parquet, whose columns are read when somebody asks', filesOf('parquet-0.43.0', /\.parquet$/)],
])('the engine answers it for %s, as exactly as its history', async (_, files) => {
  const engine = createEngine()
  const info = await engine.open({ kind: 'files', name: 'drop', files, live: false })
  const id = info.projects[0]?.id ?? ''
  await engine.ask('settled', { project: id })
  const { runs, metrics } = await engine.ask('catalogue', { project: id })
  const found = await engine.ask('stats', { project: id })
  expect(found.metrics).toEqual(metrics.map(({ name }) => name))
  expect(found.runs).toEqual(runs.map(({ key }) => key))
  for (const [r, key] of found.runs.entries()) {
    const history = await engine.ask('history', { project: id, run: key })
    for (const [m, name] of found.metrics.entries()) {
      const entry = m * found.runs.length + r
      const { values, steps } = history[name] ?? { values: new Float64Array(0), steps: new Float64Array(0) }
      const finite = values.filter(Number.isFinite)
      expect(found.count[entry]).toBe(values.length)
      expect(found.nonFinite[entry]).toBe(values.length - finite.length)
      if (values.length === 0) continue
      expect(found.last.values[entry]).toBe(values.at(-1))
      const min = finite.reduce((a, b) => Math.min(a, b))
      expect(found.min.values[entry]).toBe(min)
      expect(found.min.steps[entry]).toBe(steps[values.indexOf(min)])
      expect(found.max.values[entry]).toBe(finite.reduce((a, b) => Math.max(a, b)))
    }
  }
  await engine.close(info.id)
})
