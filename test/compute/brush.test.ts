import { describe, expect, test } from 'vitest'
import {
  type BrushTerm,
  brushed,
  formatTerms,
  negated,
  numberText,
  parseBrushes,
  point,
  shortNumber,
  withBrush,
} from '../../src/compute/brush.ts'
import { parseFilter } from '../../src/compute/filter-expression.ts'
import { operandText } from '../../src/compute/filter-text.ts'
import type { Column } from '../../src/compute/run-columns.ts'

const read = (text: string): BrushTerm[] => parseBrushes(text, operandText) ?? []
const again = (text: string): string => formatTerms(read(text))

const VALUES = [Number.NaN, -Infinity, -3, 0, 1e-5, 0.5, 1, 2, 2.5, 4, 1e6, Infinity]
const NUMBERS: Column = {
  kind: 'number',
  values: Float64Array.from(VALUES),
  has: new Uint8Array(VALUES.length).fill(1),
}
const WORDS: Column = { kind: 'text', values: ['adamw', 'Muon', 'sgd, plain', undefined, 'lion'] }

/** Which of the values a filter lets by, as the list of runs reads it. */
function passing(text: string, column: Column): number[] {
  const filter = parseFilter(text, {
    ...{ isKey: () => true, isMetric: () => false, keys: () => [], metrics: () => [], runNames: () => [] },
  })
  if (filter.kind === 'error') throw new Error(filter.message)
  return [...column.values].flatMap((value, i) =>
    filter.test({
      ...{ name: 'a', group: null, state: 'ended', metric: () => undefined, measured: () => undefined },
      tags: [],
      note: '',
      config: () => value,
    })
      ? [i]
      : [],
  )
}

describe('a filter as brushes', () => {
  test('is the same filter when it is written again', () => {
    for (const text of [
      'lr >= 1e-5 and lr <= 1e-4',
      '(lr <= 1e-5 or lr >= 0.5 and lr <= 2)',
      'opt in (adamw, "sgd, plain")',
      'opt = adamw and max(acc) > 0.7',
      'not debug and lr < 3 and (a = 1 or b = 2)',
      'name ~ "^a.*" and lr != 3',
      'at(loss, 1000) < 3 and best(kl, max acc) <= 2',
      'sigmoid',
    ])
      expect(again(text)).toBe(text)
  })

  test('joins what is asked of one thing', () => {
    expect(again('lr > 1 and kl < 3 and lr < 5 and lr > 2')).toBe('lr > 2 and lr < 5 and kl < 3')
    expect(again('opt in (a, b) and opt in (b, c)')).toBe('opt = b')
    expect(again('(lr < 1 or lr > 3) and lr > 0')).toBe('(lr > 0 and lr < 1 or lr > 3)')
    // nothing is both
    expect(passing(again('x < 1 and x > 2'), NUMBERS)).toEqual([])
  })

  test('leaves a search over names as it is', () => {
    expect(read('foo bar')).toEqual([{ text: '"foo bar"' }])
    expect(formatTerms(withBrush(read('foo bar'), 'lr', { intervals: [point(1)], texts: undefined }))).toBe(
      '"foo bar" and lr = 1',
    )
    expect(parseBrushes('lr <', operandText)).toBeUndefined()
  })

  test('lets by the same runs as its text', () => {
    for (const text of [
      'x < 2',
      'x <= 2',
      'x > 2',
      'x >= 2 and x < 1e6',
      '(x < 0 or x >= 1 and x <= 2.5)',
      'x in (1e-5, 4, 7)',
      'x = 0.5',
      'x >= -3 and x <= Infinity',
    ]) {
      const [term] = read(text)
      const mask = term?.brush ? brushed(NUMBERS, term.brush) : new Uint8Array(0)
      expect([...mask].flatMap((on, i) => (on ? i : []))).toEqual(passing(text, NUMBERS))
    }
    for (const text of ['x = adamw', 'x in (muon, lion)', 'x in ("sgd, plain", nobody)']) {
      const [term] = read(text)
      const mask = term?.brush ? brushed(WORDS, term.brush) : new Uint8Array(0)
      expect([...mask].flatMap((on, i) => (on ? i : []))).toEqual(passing(text, WORDS))
    }
  })

  test('is changed in its place, and goes', () => {
    const terms = read('a < 1 and lr < 3 and b > 2')
    const brush = { intervals: [{ low: 1, high: 2, withLow: true, withHigh: true }], texts: undefined }
    expect(formatTerms(withBrush(terms, 'lr', brush))).toBe('a < 1 and lr >= 1 and lr <= 2 and b > 2')
    expect(formatTerms(withBrush(terms, 'lr', undefined))).toBe('a < 1 and b > 2')
    expect(formatTerms(withBrush(terms, 'c', brush))).toBe('a < 1 and lr < 3 and b > 2 and c >= 1 and c <= 2')
  })

  test('is left out as a whole', () => {
    const text = negated(read('x >= 1 and x <= 2'))
    expect(text).toBe('not (x >= 1 and x <= 2)')
    expect(passing(text, NUMBERS)).toEqual([0, 1, 2, 3, 4, 5, 8, 9, 10, 11])
  })
})

describe('numbers of a brush', () => {
  test('are as short as a pixel allows', () => {
    expect(shortNumber(0.733481, 0.0005)).toBe(0.733)
    expect(shortNumber(4.237e-6, 1e-7)).toBe(4.2e-6)
    expect(shortNumber(123456, 0)).toBe(123456)
    expect(shortNumber(0, 0)).toBe(0)
  })
  test('have all their digits, in the shorter form', () => {
    expect([1e-5, 0.003, 4096, 1e6, -2.5e-7, 0.1 + 0.2].map(numberText)).toEqual([
      ...['1e-5', '0.003', '4096', '1e6', '-2.5e-7', '0.30000000000000004'],
    ])
  })
})
