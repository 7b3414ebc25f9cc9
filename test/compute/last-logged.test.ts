import { expect, test } from 'vitest'
import { commonStep, lastLogged } from '../../src/compute/last-logged.ts'

const at = (...steps: number[]) => steps.map((step, row) => ({ step, row }))

test('what was logged last is all of the greatest step, also of a run that went back', () => {
  expect(lastLogged(at(10, 20, 20, 30)).map(({ row }) => row)).toEqual([3])
  // resumed at 10: 20 of before the break is further
  expect(lastLogged(at(10, 20, 20, 10, 15)).map(({ row }) => row)).toEqual([1, 2])
  expect(lastLogged(at(Number.NaN, 5, Number.NaN)).map(({ row }) => row)).toEqual([1])
  expect(lastLogged(at(Number.NaN, Number.NaN)).map(({ row }) => row)).toEqual([1])
  expect(lastLogged(at(-3, -2)).map(({ row }) => row)).toEqual([1])
  expect(lastLogged([])).toEqual([])
})

test('runs are held against each other at the last step that all have', () => {
  expect(commonStep([[0, 10, 20], [0, 10, 30], [10]])).toBe(10)
  expect(commonStep([[20, 10, 0]])).toBe(20)
  // none in common: where the first one ends, which the other had begun by then
  expect(
    commonStep([
      [0, 10, 20],
      [5, 15, 25],
    ]),
  ).toBe(20)
  // one begins after the other ended: the last one of each
  expect(
    commonStep([
      [0, 10],
      [15, 25],
    ]),
  ).toBeUndefined()
  expect(commonStep([[0, 10], [Number.NaN]])).toBeUndefined()
  expect(commonStep([])).toBeUndefined()
})
