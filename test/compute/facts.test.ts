import { describe, expect, test } from 'vitest'
import { addFacts, makeFacts, standsAsLogged } from '../../src/compute/facts.ts'
import { makeRandom } from '../random.ts'

const f = (...values: number[]): Float64Array => Float64Array.from(values)
const of = (values: Float64Array) => {
  const facts = makeFacts()
  addFacts(facts, values)
  return facts
}
const stands = (values: Float64Array, steps: Float64Array = values.map((_, i) => i)): boolean =>
  standsAsLogged(of(values), values, steps)

describe('facts', () => {
  test('are extremes, the last finite value and equal neighbours', () => {
    expect(of(f(3, 3, Number.NaN, -1, Number.POSITIVE_INFINITY))).toMatchObject({
      ...{
        count: 5,
        finite: 3,
        least: -1,
        greatest: 3,
        lastFinite: 3,
        equal: 1,
        rising: false,
        falling: false,
      },
    })
    expect(of(f())).toMatchObject({ count: 0, finite: 0, least: Number.NaN, lastFinite: -1 })
  })
  test('are the same whether values came at once or by and by', () => {
    for (let seed = 0; seed < 50; seed++) {
      const random = makeRandom(seed)
      const values = Float64Array.from({ length: 60 }, (_, i) =>
        random() < 0.1 ? Number.NaN : seed % 2 ? i : Math.floor(random() * 4),
      )
      const facts = makeFacts()
      for (let n = 0; n <= values.length; n += 1 + Math.floor(random() * 9))
        addFacts(facts, values.subarray(0, n))
      addFacts(facts, values)
      expect(facts).toEqual(of(values))
    }
  })
})

describe('a line that a mean can only falsify', () => {
  const line = (value: (i: number) => number, n = 300): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => value(i))
  test.each([
    ['a constant', line(() => 0.1)],
    ['a constant but for rounding', line((i) => 1 + (i % 2) * 1e-12)],
    ['plateaus', line((i) => 10 ** -Math.floor(i / 50))],
    ['a counter', line((i) => i * 512)],
    ['a counter that falls', line((i) => 1000 - i)],
    ['tokens, which vary a little', line((i) => i * 1000 + ((i * 37) % 90))],
    ['a counter that rows of evaluations repeat', line((i) => 10 * (i - Math.floor(i / 11)))],
    ['the same of a short run', line((i) => 10 * (i - Math.floor(i / 11)), 25)],
    ['one value', f(4)],
    ['no value', f(Number.NaN, Number.NaN)],
  ])('is %s', (_, values) => {
    expect(stands(values)).toBe(true)
  })
  test.each([
    ['noise', line((i) => Math.sin(i * 1.7))],
    ['a falling loss', line((i) => Math.exp(-i / 60))],
    ['a cosine schedule', line((i) => Math.cos((Math.PI * i) / 300))],
    ['a rising line with noise', line((i) => i + 8 * Math.sin(i * 1.7))],
  ])('is not %s', (_, values) => {
    expect(stands(values)).toBe(false)
  })
  test('may be straight over its steps and not over its rows', () => {
    const steps = line((i) => (i < 150 ? i : 150 + (i - 150) * 10))
    expect(stands(steps.map((step) => step * 3))).toBe(false)
    expect(
      stands(
        steps.map((step) => step * 3),
        steps,
      ),
    ).toBe(true)
  })
})
