import { expect, test } from 'vitest'
import { seedNoise, spreadOf, student95 } from '../../src/compute/interval.ts'

test('points of Student’s t are those of scipy', () => {
  // scipy.stats.t.ppf(0.975, df)
  const known: [number, number][] = [
    [1, 12.706204736174707],
    [2, 4.302652729749462],
    [3, 3.18244630528371],
    [4, 2.776445105197793],
    [9, 2.262157162798205],
    [10, 2.228138851986273],
    [29, 2.045229642132703],
    [100, 1.983971518523555],
    [999, 1.962341461133449],
    [2001, 1.9611502326224413],
    [10_000, 1.960201239890626],
  ]
  for (const [df, value] of known) expect(Math.abs(student95(df) / value - 1), `${df}`).toBeLessThan(2e-9)
  expect(student95(0)).toBeNaN()
})

test('the mean of some values and its interval, whatever is not finite left out', () => {
  // mean 3, deviations −1 0 1, sd 1; 4.302653 · 1 / √3
  const spread = spreadOf([2, 3, Number.NaN, 4, Infinity])
  expect(spread).toMatchObject({ n: 3, mean: 3, sd: 1 })
  expect(spread.half).toBeCloseTo(2.48414, 5)
  expect(spreadOf([])).toEqual({ n: 0, mean: Number.NaN, sd: Number.NaN, half: Number.NaN })
  expect(spreadOf([7])).toEqual({ n: 1, mean: 7, sd: Number.NaN, half: Number.NaN })
  expect(spreadOf([1.7e308, 1.7e308]).mean).toBe(1.7e308)
})

test('of three seeds and more it is known what their noise is', () => {
  const base = spreadOf([2, 3, 4])
  // 4.302653 · 1 · √(1/3 + 1/1), √(1/3 + 1/3)
  expect(seedNoise(base, 1)).toBeCloseTo(4.968275, 5)
  expect(seedNoise(base, 3)).toBeCloseTo(3.513101, 5)
  expect(seedNoise(spreadOf([2, 3]), 3)).toBeNaN()
})
