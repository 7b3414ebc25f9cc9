import { describe, expect, test } from 'vitest'
import { measureOf, sparksOf } from '../../../src/engine/questions/measures.ts'
import type { Measure } from '../../../src/model/measure.ts'
import { projectOf } from '../made-project.ts'

const project = projectOf({
  // the metrics are logged in rows of their own, as trainers do
  a: [
    { step: 0, loss: 4 },
    { step: 0, acc: 0.1 },
    { step: 10, loss: 2 },
    { step: 20, loss: 1 },
    { step: 20, acc: 0.9 },
    { step: 30, acc: 0.5 },
  ],
  b: [
    { step: 0, loss: 8 },
    { step: 10, loss: Number.NaN },
  ],
  c: [{ step: 5, acc: 0.3 }],
})
const runs = ['a', 'b', 'c', 'nobody']
const told = async (metric: string, measure: Measure): Promise<(number | undefined)[]> => {
  const { values, has } = await measureOf(project, { metric, measure, runs })
  return Array.from(values, (value, i) => (has[i] ? value : undefined))
}

describe('a number of a metric of each run', () => {
  test('at a step: the last one logged until then, of runs that came so far', async () => {
    expect(await told('loss', { by: 'at', step: 10 })).toEqual([2, Number.NaN, undefined, undefined])
    // a logged something at step 30, its loss until 20; b ended before
    expect(await told('loss', { by: 'at', step: 25 })).toEqual([1, undefined, undefined, undefined])
    expect(await told('acc', { by: 'at', step: 0 })).toEqual([0.1, undefined, undefined, undefined])
  })
  test('where another metric was best', async () => {
    expect(await told('loss', { by: 'best', of: 'acc', end: 'max' })).toEqual([
      1,
      undefined,
      undefined,
      undefined,
    ])
    expect(await told('acc', { by: 'best', of: 'loss', end: 'max' })).toEqual([
      0.1,
      undefined,
      undefined,
      undefined,
    ])
  })
  test('steps to a value, and area', async () => {
    expect(await told('loss', { by: 'reach', value: 2, end: 'min' })).toEqual([
      10,
      undefined,
      undefined,
      undefined,
    ])
    // (4 + 2) / 2 · 10 + (2 + 1) / 2 · 10; one finite point has no area
    expect(await told('loss', { by: 'area' })).toEqual([45, undefined, undefined, undefined])
  })
  test('small lines share their steps', async () => {
    const { from, to, low, high } = await sparksOf(project, { metric: 'acc', width: 3, runs: ['a', 'c'] })
    expect([from, to]).toEqual([0, 30])
    expect([...low].map((value) => Number(value.toFixed(3)))).toEqual([
      0.1,
      Number.NaN,
      0.5,
      0.3,
      Number.NaN,
      Number.NaN,
    ])
    expect(high[2]).toBeCloseTo(0.9, 6)
  })
})
