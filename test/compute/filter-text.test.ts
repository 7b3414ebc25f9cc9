import { describe, expect, test } from 'vitest'
import { parseFilter } from '../../src/compute/filter-expression.ts'
import { namesTerm, withTerm, word } from '../../src/compute/filter-text.ts'

const WORDS = {
  isKey: (name: string) => name === 'lr',
  isMetric: () => false,
  keys: () => ['lr'],
  metrics: () => [],
  runNames: () => [],
}

/** Which of the names pass. */
function passing(text: string, names: readonly string[]): string[] {
  const filter = parseFilter(text, WORDS)
  if (filter.kind === 'error') throw new Error(filter.message)
  const subject = {
    group: null,
    state: 'ended',
    config: () => 1,
    metric: () => undefined,
    tags: [],
    note: undefined,
    measured: () => undefined,
  }
  return names.filter((name) => filter.test({ name, ...subject }))
}

describe('a filter that names runs', () => {
  test('keeps them, or leaves them out', () => {
    expect(namesTerm(['a'], ['b', 'c'], true)).toBe('name in (a)')
    expect(namesTerm(['a'], ['b', 'c'], false)).toBe('name not in (a)')
  })

  test('names the fewer ones', () => {
    expect(namesTerm(['a', 'b', 'c'], ['d'], true)).toBe('name not in (d)')
    expect(namesTerm(['a', 'b', 'c'], ['d'], false)).toBe('name in (d)')
    // all there are: nothing else could be named
    expect(namesTerm(['a', 'b'], [], true)).toBe('name in (a, b)')
  })

  test('holds for names that look like the language itself', () => {
    const names = ['and', 'a b', 'it is "so"', 'x=1', '1e-3', 'näme', 'a,b', ')', 'plain']
    for (const name of names) {
      const others = names.filter((one) => one !== name)
      expect(passing(namesTerm([name], others, true), names)).toEqual([name])
      expect(passing(namesTerm([name], others, false), names)).toEqual(others)
      expect(passing(namesTerm(others, [name], true), names)).toEqual(others)
    }
  })

  test('is asked at once, however many it names', () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `run-${i}`)
    const odd = names.filter((_, i) => i % 2 === 1)
    const even = names.filter((_, i) => i % 2 === 0)
    expect(passing(namesTerm(odd, even, true), names)).toEqual(odd)
  })
})

describe('a condition that is added', () => {
  test('joins what there is', () => {
    expect(withTerm('', 'lr = 1')).toBe('lr = 1')
    expect(withTerm('lr < 3', 'lr = 1')).toBe('lr < 3 and lr = 1')
    expect(withTerm('lr < 3 or lr > 5', 'lr = 1')).toBe('(lr < 3 or lr > 5) and lr = 1')
  })

  test('leaves a search over names what it is', () => {
    expect(withTerm('sigmoid', 'lr = 1')).toBe('sigmoid and lr = 1')
    const names = ['foo bar', 'foo x bar']
    expect(passing('foo bar', names)).toEqual(['foo bar'])
    expect(passing(withTerm('foo bar', 'lr = 1'), names)).toEqual(['foo bar'])
  })

  test('quotes words that would be read as others', () => {
    expect([word('lr'), word('and'), word('a b'), word('name', true)]).toEqual([
      'lr',
      '"and"',
      '"a b"',
      '"name"',
    ])
  })
})
