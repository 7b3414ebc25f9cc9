import { describe, expect, test } from 'vitest'
import { scaleOf, sparkPath } from '../../../src/ui/pages/runs/spark.ts'

const NONE = Number.NaN
const sparks = (low: number[], high: number[], width: number) => ({
  ...{ runs: [], width, from: 0, to: 1 },
  low: Float32Array.from(low),
  high: Float32Array.from(high),
})

describe('small lines', () => {
  test('go through the least and the greatest value of each column', () => {
    // 20 px high with 2 to spare at each end: 0 is at 18, 10 at 2
    const one = sparks([0, NONE, 5, 10], [0, NONE, 10, 10], 4)
    expect(sparkPath(one, [0], { low: 0, high: 10 }, 80, 20)).toBe('M10.0 18.0L50.0 2.0L50.0 10.0L70.0 2.0')
  })
  test('of a group are the mean of its runs, as far as each goes', () => {
    const two = sparks([0, 4, 10, NONE], [0, 4, 10, NONE], 2)
    expect(sparkPath(two, [0, 1], { low: 0, high: 10 }, 80, 20)).toBe('M20.0 10.0L60.0 11.6')
  })
  test('a point alone is a dot, and nothing is nothing', () => {
    expect(sparkPath(sparks([3], [3], 1), [0], { low: 0, high: 10 }, 80, 20)).toMatch(/^M40\.0 [\d.]+h0\.1$/)
    expect(sparkPath(sparks([NONE], [NONE], 1), [0], { low: 0, high: 1 }, 80, 20)).toBe('')
  })
  test('a run that diverged flattens no other', () => {
    const values = Array.from({ length: 99 }, (_, i) => i / 98)
    expect(scaleOf(sparks([...values, 1e9], [...values, 1e9], 100)).high).toBeLessThan(1.1)
    expect(scaleOf(sparks([2, 2], [2, 2], 2))).toEqual({ low: 2, high: 2 })
  })
})
