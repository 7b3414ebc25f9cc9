import { describe, expect, test } from 'vitest'
import { makeMetricTest, parseFilter } from '../../src/compute/filter.ts'
import type { Json } from '../../src/model/run.ts'

const runs: { name: string; values: Record<string, Json> }[] = [
  { name: 'adamw-lr6e-4', values: { lr: 6e-4, opt: 'adamw', 'eval/loss': 3.31, debug: false } },
  { name: 'muon-lr2e-2', values: { lr: 2e-2, opt: 'muon', 'eval/loss': 3.27 } },
  { name: 'debug-muon', values: { lr: 1e-4, opt: 'muon', 'eval/loss': Number.NaN } },
  { name: 'lr=0.1 (a)', values: {} },
]

function pass(text: string): string[] | string {
  const filter = parseFilter(text, (key) => runs.some(({ values }) => key in values))
  if (filter.kind === 'error') return filter.message
  return runs.filter(({ name, values }) => filter.test({ name, value: (key) => values[key] })).map(({ name }) => name)
}

describe('plain text', () => {
  test('matches a part of the name or a regular expression, whatever the case', () => {
    expect(pass('MUON')).toEqual(['muon-lr2e-2', 'debug-muon'])
    expect(pass('^muon|adam')).toEqual(['adamw-lr6e-4', 'muon-lr2e-2'])
  })
  test('that is no valid regular expression is a substring', () => {
    expect(pass('(a')).toEqual(['lr=0.1 (a)'])
  })
  test('with an operator but no known key is still a name', () => {
    expect(pass('beta=1')).toEqual([])
    const filter = parseFilter('lr=0.1', () => false)
    expect(filter.kind).toBe('text')
  })
  test('empty lets everything pass', () => {
    expect(pass('  ')).toHaveLength(4)
  })
})

describe('expressions', () => {
  test.each<[string, string[]]>([
    ['lr < 1e-3', ['adamw-lr6e-4', 'debug-muon']],
    ['lr<1e-3 and eval/loss < 3.4 and not debug', ['adamw-lr6e-4']],
    ['lr < 1e-3 not debug', ['adamw-lr6e-4']],
    ['opt = muon or lr = 0.0006', ['adamw-lr6e-4', 'muon-lr2e-2', 'debug-muon']],
    ['opt != "muon"', ['adamw-lr6e-4', 'lr=0.1 (a)']],
    ['(opt = adamw or opt = muon) and lr >= 1e-3', ['muon-lr2e-2']],
    ['opt ~ ^m', ['muon-lr2e-2', 'debug-muon']],
    ['eval/loss > 0', ['adamw-lr6e-4', 'muon-lr2e-2']],
    ['debug = false', ['adamw-lr6e-4']],
    ['not debug', ['adamw-lr6e-4', 'muon-lr2e-2', 'lr=0.1 (a)']],
  ])('%s', (text, expected) => {
    expect(pass(text)).toEqual(expected)
  })
  test.each([
    ['lr <', 'a value is missing after <'],
    ['(lr < 1', 'a parenthesis is not closed'],
    ['lr < 1 and', 'the expression ends too early'],
    ['lr < 1 and wd > 2', 'no config key or metric is called wd'],
    ['lr < 1)', 'unexpected )'],
  ])('%s says what is wrong', (text, message) => {
    expect(pass(text)).toBe(message)
  })
})

test('a metric search is a substring, or a regular expression where valid', () => {
  expect(['train/loss', 'lr'].filter(makeMetricTest('LOSS', false))).toEqual(['train/loss'])
  expect(['train/loss', 'lr'].filter(makeMetricTest('^l', true))).toEqual(['lr'])
  expect(['a(b', 'lr'].filter(makeMetricTest('(', true))).toEqual(['a(b'])
})
