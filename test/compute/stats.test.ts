import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { addStats, makeStats, meanOf, tailMean } from '../../src/compute/stats.ts'
import { makeRandom, makeRandomDouble } from '../random.ts'

const { NaN: none, POSITIVE_INFINITY: inf } = Number
const f = (...values: number[]): Float64Array => Float64Array.from(values)
const statsOf = (values: Float64Array) => addStats(makeStats(), values)
const mean = (...values: number[]): number => meanOf(statsOf(f(...values)), f(...values))

/** A value and its neighbours, NaN and infinities among them. */
function drawn(count: number, seed: number): Float64Array {
  const random = makeRandom(seed)
  const double = makeRandomDouble(random)
  return Float64Array.from({ length: count }, () => {
    const kind = random()
    if (kind < 0.1) return [none, inf, -inf][Math.floor(random() * 3)] as number
    return kind < 0.5 ? double() : Math.round(random() * 8)
  })
}

describe('addStats', () => {
  test('counts all, and finds the first of equal extremes among the finite ones', () => {
    expect(statsOf(f(2, none, 1, 3, -inf, 1, 3, inf))).toMatchObject({
      count: 8,
      nonFinite: 3,
      minAt: 2,
      maxAt: 3,
    })
  })
  test('knows no extreme of nothing, and of nothing finite', () => {
    expect(statsOf(f())).toEqual(makeStats())
    expect(statsOf(f(none, inf))).toMatchObject({ count: 2, nonFinite: 2, minAt: -1, maxAt: -1 })
  })
  test('in pieces it is bit for bit what it is at once', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const values = drawn(200, seed)
      const random = makeRandom(seed)
      const stats = makeStats()
      for (let known = 0; known < values.length; known = Math.min(200, known + 1 + Math.floor(random() * 40)))
        addStats(stats, values.subarray(0, known))
      addStats(stats, values)
      expect(stats).toEqual(statsOf(values))
      expect(meanOf(stats, values)).toBe(meanOf(statsOf(values), values))
    }
  })
  test('says what a plain look at all values says', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const values = drawn(150, seed)
      const finite = values.filter(Number.isFinite)
      const { count, nonFinite, minAt, maxAt } = statsOf(values)
      expect([count, nonFinite]).toEqual([150, 150 - finite.length])
      expect(minAt).toBe(values.indexOf(Math.min(...finite)))
      expect(maxAt).toBe(values.indexOf(Math.max(...finite)))
    }
  })
})

describe('meanOf', () => {
  test('is of the finite values', () => {
    expect(mean(1, none, 3, inf)).toBe(2)
    expect(mean(none)).toBeNaN()
    expect(mean()).toBeNaN()
  })
  test('loses nothing to rounding, nor to a sum beyond the doubles', () => {
    // 1e16 + 1 is 1e16 in doubles: a plain sum gives 0
    expect(mean(1e16, 1, 1, 1, 1, -1e16)).toBe(4 / 6)
    expect(mean(1.5e308, 1.5e308, 0)).toBe(1e308)
  })
})

describe('tailMean', () => {
  test('is of the last tenth, rounded up: 10 values have one, 11 have two', () => {
    expect(tailMean(f(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))).toBe(10)
    expect(tailMean(f(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))).toBe(10.5)
    expect(tailMean(f(7))).toBe(7)
    expect(tailMean(f())).toBeNaN()
  })
  test('values that are not finite have their place in it, and no part of the mean', () => {
    // two of 20: 3 and NaN
    expect(tailMean(f(...new Array<number>(18).fill(1), 3, none))).toBe(3)
    expect(tailMean(f(...new Array<number>(18).fill(1), none, inf))).toBeNaN()
  })
})

describe('as numpy has it (test/make/stats-vectors.py)', () => {
  type Spelled = number | 'NaN' | 'Infinity' | '-Infinity'
  interface Case {
    name: string
    values?: Spelled[]
    /** Random numbers of Park and Miller (1988), over this. */
    parkMiller?: number
    count: number
    nonFinite: number
    minAt: number
    maxAt: number
    mean: Spelled
    tail: Spelled
  }
  const file = new URL('../fixtures/stats-data.json', import.meta.url)
  const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[]

  test.each(cases)('$name', ({ values: spelled, parkMiller, ...expected }) => {
    const values = spelled
      ? Float64Array.from(spelled, Number)
      : parkMillerOver(parkMiller ?? 0, expected.count)
    const stats = statsOf(values)
    const { count, nonFinite, minAt, maxAt } = expected
    expect(stats).toMatchObject({ count, nonFinite, minAt, maxAt })
    expectNear(meanOf(stats, values), Number(expected.mean))
    expectNear(tailMean(values), Number(expected.tail))
  })

  function parkMillerOver(offset: number, count: number): Float64Array {
    let x = 1
    return Float64Array.from({ length: count }, () => {
      x = (16807 * x) % 2147483647
      return offset + x / 2147483647
    })
  }

  function expectNear(found: number, expected: number): void {
    if (Number.isNaN(expected)) expect(found).toBeNaN()
    else expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected))
  }
})
