import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { areaOf, bestIndex, firstReach, indexAt, sparkInto } from '../../src/compute/measures.ts'

interface Line {
  steps: number[]
  values: (number | string)[]
  area: number | string
  at: [number, number][]
  reach: [number, number, number][]
  best: [number, number]
}

/** Written by test/make/measures-vectors.py. */
const lines: Record<string, Line> = JSON.parse(
  readFileSync(new URL('../fixtures/measures-data.json', import.meta.url), 'utf8'),
)

describe.each(Object.entries(lines))('%s, beside numpy', (_, line) => {
  const steps = Float64Array.from(line.steps)
  const values = Float64Array.from(line.values, Number)
  const rising = steps.every((step, i) => i === 0 || step >= (steps[i - 1] ?? 0))

  test('the area under it', () => {
    const [area, told] = [areaOf(steps, values, rising), Number(line.area)]
    if (Number.isNaN(told)) expect(area).toBe(Number.NaN)
    else expect(Math.abs(area - told)).toBeLessThanOrEqual(1e-12 * Math.abs(told))
    // however it is looked at
    if (rising && !Number.isNaN(told)) expect(areaOf(steps, values, false)).toBeCloseTo(area, 9)
  })
  test('its point at a step', () => {
    expect(line.at.map(([step]) => [step, indexAt(steps, step, rising)])).toEqual(line.at)
  })
  test('its first point that reaches a value', () => {
    expect(
      line.reach.map(([limit]) => [
        limit,
        firstReach(values, limit, 'min'),
        firstReach(values, limit, 'max'),
      ]),
    ).toEqual(line.reach)
  })
  test('its best point', () => {
    expect([bestIndex(values, 'min'), bestIndex(values, 'max')]).toEqual(line.best)
  })
})

test('a line that is never finite has no best point', () => {
  expect(bestIndex(Float64Array.of(Number.NaN, Infinity), 'min')).toBe(-1)
})

test('a small line keeps the least and the greatest value of each of its columns', () => {
  const [low, high] = [new Float32Array(4).fill(Number.NaN), new Float32Array(4).fill(Number.NaN)]
  sparkInto(low, high, Float64Array.of(0, 1, 2, 5, 8), Float64Array.of(3, 1, 2, Number.NaN, 7), 0, 8)
  // columns of two steps; the one at the end belongs to the last
  expect([...low]).toEqual([1, 2, Number.NaN, 7])
  expect([...high]).toEqual([3, 2, Number.NaN, 7])
})
