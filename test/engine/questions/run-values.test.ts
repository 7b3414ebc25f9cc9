import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/api.ts'
import { combineProjects } from '../../../src/engine/projects/comparison.ts'
import { runValuesOf } from '../../../src/engine/questions/run-values.ts'
import { isAbort } from '../../../src/model/errors.ts'
import { projectOf, valuesOf } from '../made-project.ts'

const NONE = Number.NaN

describe('runValuesOf', () => {
  test('last, least, greatest and mean of each run, in the order asked for', async () => {
    const project = projectOf({ a: valuesOf([3, 1, 2]), b: valuesOf([5]) })
    const found = await runValuesOf(project, 'y', ['b', 'a', 'nobody'])
    expect([...found.last]).toEqual([5, 2, NONE])
    expect([...found.min]).toEqual([5, 1, NONE])
    expect([...found.max]).toEqual([5, 3, NONE])
    expect([...found.mean]).toEqual([5, 2, NONE])
    expect([...found.count]).toEqual([1, 3, 0])
    expect(found.exact).toBe(true)
  })
  test('a metric that nobody logged has no values, rows without it do not count', async () => {
    const project = projectOf({
      a: [
        { step: 0, y: 4 },
        { step: 1, z: 1 },
        { step: 2, y: 2 },
      ],
    })
    expect([...(await runValuesOf(project, 'z', ['a'])).count]).toEqual([1])
    expect([...(await runValuesOf(project, 'y', ['a'])).mean]).toEqual([3])
    expect([...(await runValuesOf(project, 'w', ['a'])).count]).toEqual([0])
  })
  test('NaN and infinities are counted, and are a last value, but no extreme and no part of the mean', async () => {
    const project = projectOf({
      a: valuesOf([1, Number.NaN, 3, Infinity, -Infinity]),
      b: valuesOf([Number.NaN]),
    })
    const found = await runValuesOf(project, 'y', ['a', 'b'])
    expect([...found.last]).toEqual([-Infinity, NONE])
    expect([...found.min]).toEqual([1, NONE])
    expect([...found.max]).toEqual([3, NONE])
    expect([...found.mean]).toEqual([2, NONE])
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
    expect([...(await runValuesOf(project, 'y', ['a'])).last]).toEqual([7])
  })
  test('a mean loses nothing to rounding, nor to a sum beyond the doubles', async () => {
    // 1e16 + 1 is 1e16 in doubles: a plain sum gives 0
    const project = projectOf({ a: valuesOf([1e16, 1, 1, 1, 1, -1e16]), b: valuesOf([1.5e308, 1.5e308, 0]) })
    const { mean } = await runValuesOf(project, 'y', ['a', 'b'])
    expect(mean[0]).toBe(4 / 6)
    expect(mean[1]).toBe(1e308)
  })
  test('rows that come later are added to what is known', async () => {
    const values = Float64Array.from([4, 2, 9, 1, Number.NaN, 3])
    let length = 2
    const identity = {}
    const base = projectOf({ a: valuesOf([0]) })
    let version = 0
    const grown = {
      ...base,
      series: () => ({
        values: values.subarray(0, length),
        steps: values.subarray(0, length),
        times: values.subarray(0, length),
        monotone: true,
        start: 0,
        places: { rows: undefined, total: length },
        version: `v${version}`,
        base: 'one',
        identity,
      }),
    }
    expect((await runValuesOf(grown, 'y', ['a'])).mean[0]).toBe(3)
    length = 6
    version++
    const found = await runValuesOf(grown, 'y', ['a'])
    expect([
      found.min[0],
      found.max[0],
      found.mean[0],
      found.last[0],
      found.count[0],
      found.nonFinite[0],
    ]).toEqual([1, 9, 3.8, 3, 6, 1])
    // a preview has no base: what it was before says nothing of it
    const other = {
      ...grown,
      series: () => ({ ...grown.series(), base: undefined, version: 'w', values: Float64Array.of(7) }),
    }
    expect((await runValuesOf(other, 'y', ['a'])).mean[0]).toBe(7)
  })
  test('runs of several projects are found under their keys', async () => {
    const [a, b] = [projectOf({ one: valuesOf([1, 2]) }), projectOf({ one: valuesOf([8]) })]
    const named = (project: typeof a, name: string) => ({ ...project, info: { ...project.info, name } })
    const both = combineProjects(a.info, [named(a, 'a'), named(b, 'b')])
    expect([...(await runValuesOf(both, 'y', ['b › one', 'one'])).last]).toEqual([8, 2])
  })
  test('is given up between runs', async () => {
    const long = valuesOf(new Float64Array(2_000_000))
    const project = projectOf({ a: long, b: long })
    const abort = new AbortController()
    const asked = runValuesOf(project, 'y', ['a', 'b'], abort.signal)
    abort.abort()
    const cause: unknown = await asked.catch((error: unknown) => error)
    expect(isAbort(cause)).toBe(true)
  })
})

test('the engine answers it for an open file, as exactly as its history', async () => {
  const { readFile } = await import('node:fs/promises')
  const engine = createEngine()
  const bytes = await readFile('public/gpt2-124m-optimizers.db')
  const file = new File([bytes], 'gpt2-124m-optimizers.db')
  const info = await engine.open({
    kind: 'files',
    name: file.name,
    files: [{ path: file.name, file }],
    live: false,
  })
  const id = info.projects[0]?.id ?? ''
  await engine.ask('settled', { project: id })
  const { runs, metrics } = await engine.ask('catalogue', { project: id })
  for (const { name } of metrics) {
    const keys = runs.map(({ key }) => key)
    const found = await engine.ask('runValues', { project: id, metric: name, runs: keys })
    for (const [r, key] of keys.entries()) {
      const { [name]: series } = await engine.ask('history', { project: id, run: key, metrics: [name] })
      const values = series?.values ?? new Float64Array(0)
      const finite = values.filter(Number.isFinite)
      expect(found.count[r]).toBe(values.length)
      expect(found.nonFinite[r]).toBe(values.length - finite.length)
      if (values.length === 0) continue
      expect(found.last[r]).toBe(values.at(-1))
      expect(found.min[r]).toBe(finite.reduce((a, b) => Math.min(a, b)))
      expect(found.max[r]).toBe(finite.reduce((a, b) => Math.max(a, b)))
    }
  }
  await engine.close(info.id)
})
