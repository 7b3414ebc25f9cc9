import { expect, test } from 'vitest'
import { envelopeOf } from '../../src/compute/envelope.ts'
import { makeRandom } from '../random.ts'

const columns = (min: number, max: number, width: number, log = false) => ({ min, max, width, log })
const line = (points: [number, number][]) => ({
  xs: Float64Array.from(points, ([x]) => x),
  ys: Float64Array.from(points, ([, y]) => y),
  from: 0,
  to: points.length,
})

test('an area reaches from the least to the greatest of all lines, at the steps that lines share', () => {
  const a = line([
    [0, 1],
    [10, 5],
    [20, 3],
  ])
  const b = line([
    [0, 2],
    [10, -5],
    [20, Number.NaN],
  ])
  const { area, extremes } = envelopeOf([a, b], columns(0, 20, 300), false)
  expect(area).toEqual({
    xs: Float64Array.of(0, 10, 20),
    low: Float64Array.of(1, -5, 3),
    high: Float64Array.of(2, 5, 3),
  })
  expect(extremes).toEqual([
    { lowAt: 0, highAt: 1, rows: 3, nonFinite: 0, nonPositive: 0 },
    { lowAt: 1, highAt: 0, rows: 2, nonFinite: 1, nonPositive: 0 },
  ])
})

test('what is out of view, or has no place on a log axis, is left out', () => {
  const a = line([
    [0, 9],
    [1, -3],
    [2, 4],
    [3, 100],
  ])
  const { area, extremes } = envelopeOf([a], columns(1, 2, 10), true)
  expect(area).toEqual({ xs: Float64Array.of(2), low: Float64Array.of(4), high: Float64Array.of(4) })
  expect(extremes[0]).toMatchObject({ lowAt: 1, highAt: 2, rows: 2 })
  expect(envelopeOf([], columns(0, 1, 10), false)).toEqual({
    area: { xs: new Float64Array(0), low: new Float64Array(0), high: new Float64Array(0) },
    extremes: [],
  })
})

test('no point lies outside of it, in as many columns as there are pixels', () => {
  const random = makeRandom(5)
  const lines = Array.from({ length: 12 }, () =>
    line(Array.from({ length: 900 }, (_, i) => [i, random() * 10] as [number, number])),
  )
  const { area } = envelopeOf(lines, columns(0, 899, 100), false)
  expect(area.xs.length).toBe(100)
  for (const { xs, ys } of lines) {
    for (let i = 0; i < xs.length; i++) {
      const at = Math.min(99, Math.floor((((xs[i] as number) - 0) * 100) / 899))
      expect(
        (ys[i] as number) >= (area.low[at] as number) && (ys[i] as number) <= (area.high[at] as number),
      ).toBe(true)
    }
  }
})
