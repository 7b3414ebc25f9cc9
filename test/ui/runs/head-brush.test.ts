import { describe, expect, test } from 'vitest'
import { summaryOf } from '../../../src/compute/column-summary.ts'
import { brushOfBars, sharesOf } from '../../../src/ui/pages/runs/head-brush.ts'

const numbers = (values: number[]) =>
  summaryOf({
    kind: 'number',
    values: Float64Array.from(values),
    has: Uint8Array.from(values, () => 1),
  }).summary
const hundred = numbers(Array.from({ length: 101 }, (_, i) => i))

describe('bars that are dragged over', () => {
  test('are a stretch with short limits, open at the ends', () => {
    // twelve bars over 0 to 100: the fourth begins at 25, the sixth ends at 50
    expect(brushOfBars(hundred, [3, 5])?.intervals).toEqual([
      { low: 25, withLow: true, high: 50, withHigh: false },
    ])
    expect(brushOfBars(hundred, [0, 5])?.intervals[0]?.low).toBe(-Infinity)
    expect(brushOfBars(hundred, [6, 11])?.intervals[0]?.high).toBe(Infinity)
    expect(brushOfBars(hundred, [0, 11])).toBeUndefined()
  })
  test('of few values are these', () => {
    const few = numbers([1, 2, 2, 5])
    expect(brushOfBars(few, [1, 1])?.texts).toEqual(['2'])
    expect(brushOfBars(few, [1, 2])?.intervals).toEqual([
      { low: 2, withLow: true, high: Infinity, withHigh: true },
    ])
    const words = summaryOf({ kind: 'text', values: ['a', 'b', 'a', 'c'] }).summary
    expect(brushOfBars(words, [0, 1])?.texts).toEqual(['a', 'b'])
  })
  test('are found again where the filter left them', () => {
    const brush = brushOfBars(hundred, [3, 5])
    expect(brush && sharesOf(hundred, brush)).toEqual([[0.25, 0.5]])
    const few = numbers([1, 2, 2, 5])
    expect(
      sharesOf(few, { intervals: [{ low: 1.5, withLow: true, high: 9, withHigh: true }], texts: undefined }),
    ).toEqual([[1 / 3, 1]])
  })
  test('beyond all values there is nothing to draw', () => {
    expect(
      sharesOf(hundred, {
        intervals: [{ low: 200, withLow: true, high: 300, withHigh: true }],
        texts: undefined,
      }),
    ).toEqual([])
  })
})
