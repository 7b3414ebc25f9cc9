import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type ConfigTable, flattenConfigs } from '../../src/compute/config-table.ts'
import { type Effects, factorsOf, makeEffects, repeatsOf } from '../../src/compute/effect.ts'

describe('as pandas and scipy have it (test/make/effect-vectors.py)', () => {
  const { configs, values, effects } = JSON.parse(
    readFileSync(new URL('../fixtures/effect-data.json', import.meta.url), 'utf8'),
  ) as {
    configs: never[]
    values: (number | null)[]
    effects: {
      key: string
      from: unknown
      to: unknown
      expected: { n: number; mean: number; half?: number } | null
    }[]
  }
  const table = flattenConfigs(configs)
  const made = makeEffects(
    factorsOf(table),
    Float64Array.from(values, (value) => value ?? Number.NaN),
  )

  test.each(effects)('$key from $from to $to', ({ key, from, to, expected }) => {
    const change = ask(table, made, key, from, to)
    expect(change?.spread?.n).toBe(expected?.n)
    if (!expected) return
    expect(change?.spread?.mean).toBeCloseTo(expected.mean, 12)
    if (expected.half !== undefined) expect(change?.spread?.half).toBeCloseTo(expected.half, 9)
  })

  test('what always changes with another key, or is of one run each, is refused', () => {
    const refusal = (key: string) => {
      const effect = made.of(table.paths.indexOf(key), 0)
      return effect?.refused ? effect.why() : undefined
    }
    expect(refusal('beta')).toEqual({ kind: 'with', path: 'schedule[1]' })
    expect(refusal('run_name')).toEqual({ kind: 'every' })
    expect(refusal('optimizer.lr')).toBeUndefined()
    expect(made.of(table.paths.indexOf('schedule[0]'), 0)).toBeUndefined()
    expect(made.runs).toBe(values.length - 2)
    expect(made.aside).toEqual(['run_name'])
    expect(made.seeds).toEqual(['seed'])
  })
})

test('pairs are of one seed; without a common one, of the means over the seeds', () => {
  const [table, of] = given([
    // lr 1 to 2: seed 1 has 10 and 11, seed 2 has 20 and 23; seed 3 has no partner
    [{ lr: 1, seed: 1 }, 10],
    [{ lr: 1, seed: 2 }, 20],
    [{ lr: 2, seed: 1 }, 11],
    [{ lr: 2, seed: 2 }, 23],
    [{ lr: 2, seed: 3 }, 99],
    // lr 1 to 3: 40 less the mean of 10 and 20
    [{ lr: 3, seed: 7 }, 30],
    [{ lr: 3, seed: 8 }, 50],
    // repeats of one seed are one: lr 4 with seed 1 is (5 + 7) / 2
    [{ lr: 4, seed: 1 }, 5],
    [{ lr: 4, seed: 1 }, 7],
  ])
  expect(ask(table, of, 'lr', 1, 2)?.spread).toMatchObject({ n: 2, mean: 2 })
  expect(ask(table, of, 'lr', 1, 3)?.spread).toMatchObject({ n: 1, mean: 25 })
  expect(ask(table, of, 'lr', 1, 3)?.spread?.half).toBeNaN()
  expect(ask(table, of, 'lr', 1, 4)?.spread).toMatchObject({ n: 1, mean: -4 })
})

test('a value that only some runs set is a value like others', () => {
  const [table, of] = given([
    [{ lr: 1 }, 1],
    [{ lr: 1, clip: 0.5 }, 4],
    [{ lr: 2 }, 2],
    [{ lr: 2, clip: 0.5 }, 6],
  ])
  expect(ask(table, of, 'clip', undefined, 0.5)?.spread).toMatchObject({ n: 2, mean: 3.5 })
})

test('a value of a key is refused by itself where others are not', () => {
  const [table, of] = given([
    [{ lr: 1, high: false, a: 1 }, 1],
    [{ lr: 2, high: false, a: 1 }, 2],
    [{ lr: 3, high: true, a: 1 }, 3],
    [{ lr: 3, high: true, a: 2 }, 4],
    [{ lr: 1, high: false, a: 2 }, 5],
  ])
  const effect = of.of(table.paths.indexOf('lr'), 0)
  expect(effect?.refused).toBe(false)
  expect(effect?.to(1)?.spread?.mean).toBe(1)
  expect(effect?.to(2)?.why?.()).toEqual({ kind: 'with', path: 'high' })
  expect(effect?.to(4)).toBeUndefined()
})

test('runs without a finite value pair with nobody', () => {
  const [table, of] = given([
    [{ lr: 1 }, 1],
    [{ lr: 2 }, Number.NaN],
    [{ lr: 2, other: 1 }, 2],
  ])
  expect(of.of(table.paths.indexOf('lr'), 0)?.why()).toEqual({ kind: 'alone' })
  expect(of.runs).toBe(2)
})

test('repeats are equal in all but seeds and names, items of lists too', () => {
  const table = flattenConfigs([
    { lr: 1, betas: [0.9, 0.95], seed: 1, output_dir: 'a' },
    { lr: 1, betas: [0.9, 0.95], seed: 2, output_dir: 'b' },
    { lr: 1, betas: [0.9, 0.99], seed: 1, output_dir: 'c' },
    { lr: 2, betas: [0.9, 0.95], seed: 1, output_dir: 'd' },
  ])
  expect(repeatsOf(factorsOf(table), 0)).toEqual([0, 1])
  expect(repeatsOf(factorsOf(table), 2)).toEqual([2])
})

test('200 runs × 2,000 keys that all vary are answered', () => {
  const configs = Array.from({ length: 200 }, (_, run) =>
    Object.fromEntries(Array.from({ length: 2000 }, (_, key) => [`k${key}`, (run * (key + 7)) % 11])),
  )
  const table = flattenConfigs(configs)
  const made = makeEffects(
    factorsOf(table),
    Float64Array.from(configs, (_, run) => run),
  )
  // all keys but every eleventh, which is 0 everywhere, change together
  expect(made.of(0, 0)?.why()).toMatchObject({ kind: 'with' })
  expect(made.of(4, 0)).toBeUndefined()
})

function given(rows: [object, number][]): [ConfigTable, Effects] {
  const table = flattenConfigs(rows.map(([config]) => config as never))
  return [
    table,
    makeEffects(
      factorsOf(table),
      Float64Array.from(rows, ([, value]) => value),
    ),
  ]
}

/** The change of a key between two of its values. */
function ask(table: ConfigTable, effects: Effects, path: string, from: unknown, to: unknown) {
  const key = table.paths.indexOf(path)
  const run = (value: unknown) => (table.values[key] ?? []).indexOf(value as never)
  return effects.of(key, run(from))?.to(run(to))
}
