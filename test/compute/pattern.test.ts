import { afterEach, expect, test } from 'vitest'
import { makeMetricTest, makeNameTest } from '../../src/compute/filter.ts'
import { parseFilter } from '../../src/compute/filter-expression.ts'
import { makeGroupValue } from '../../src/compute/group.ts'
import { costOf, parseRegex, runPattern, usePatternRunner } from '../../src/compute/pattern.ts'
import { resolveMetrics } from '../../src/compute/resolve-metrics.ts'
import type { Run } from '../../src/model/run.ts'
import { makeRandom } from '../random.ts'

afterEach(() => usePatternRunner())

test('every pattern of a person is run by whoever was handed in', () => {
  const asked: string[] = []
  usePatternRunner((source, text) => {
    asked.push(`${source} ${text}`)
    return null
  })
  expect(makeMetricTest('a+', true)('aa')).toBe(false)
  expect(makeNameTest('b+')({ name: 'x' })).toBe(false)
  const none = {
    isKey: () => true,
    isMetric: () => false,
    keys: () => [],
    metrics: () => [],
    runNames: () => [],
  }
  const filter = parseFilter('name ~ c+', none)
  if (filter.kind !== 'error')
    filter.test({
      name: 'y',
      group: null,
      state: 'ended',
      config: () => undefined,
      metric: () => undefined,
      tags: [],
      note: undefined,
      measured: () => undefined,
    })
  makeGroupValue({ kind: 'regex', source: 'd+' })({ name: 'z' } as Run)
  resolveMetrics('e+', ['v'])
  expect(asked).toEqual(['a+ aa', 'b+ x', 'c+ y', 'd+ z', 'e+ v'])
})

test('what is no pattern is none, and nobody is asked', () => {
  usePatternRunner(() => {
    throw new Error('asked')
  })
  for (const text of ['(', '[', '*', 'a{2,1}', '(?<n']) expect(parseRegex(text)).toBeUndefined()
})

test.each([
  ['loss', 10, 11 * 5],
  ['^loss$', 10, 7],
  ['train|eval', 10, 11 * 2 * 10],
  ['eval/.*loss', 10, 11 * 11 * 11],
  ['[a-z]+\\d{3}', 10, 11 * 11 * 6],
  ['^a?b{1,4}c', 10, 2 * 4 * 5],
  ['(a|b)(c|d|e)', 4, 5 * 6 * 8],
  ['(?:a|b)(?<x>c)', 4, 5 * 2 * 6],
  ['a{,3}', 4, 5 * 6],
  ['\\(a+?\\)', 4, 5 * 5 * 4],
])('%s on %i letters takes no more steps than %i', (source, length, steps) => {
  expect(costOf(source, length)).toBe(steps)
})

test.each([
  '(a+)+$',
  '(a|a)*b',
  '(?:ab){2,}',
  '(a)\\1',
  '(?=a)b',
  '(?!a)b',
  '(?<=a)b',
  '(?<n>a)\\k<n>',
  '(a?)?',
])('of %s nothing is known', (source) => {
  expect(costOf(source, 5)).toBe(Number.POSITIVE_INFINITY)
})

/** Every way that a backtracking engine goes, counted: letters, dots, `*`, `?`, groups and alternatives. */
function stepsOf(source: string, text: string): number {
  let steps = 0
  type Node = { alternatives: Item[][] }
  type Item = { node: Node | string; least: number; most: number }
  let at = 0
  function group(): Node {
    const alternatives: Item[][] = [[]]
    while (at < source.length && source[at] !== ')') {
      const letter = source[at++] as string
      if (letter === '|') alternatives.push([])
      else {
        let node: Node | string = letter
        if (letter === '(') {
          node = group()
          at++
        }
        const mark = source[at]
        const [least, most] = mark === '*' ? [0, Number.POSITIVE_INFINITY] : mark === '?' ? [0, 1] : [1, 1]
        if (mark === '*' || mark === '?') at++
        alternatives.at(-1)?.push({ node, least, most })
      }
    }
    return { alternatives }
  }
  function match(items: readonly Item[], i: number, go: (i: number) => boolean): boolean {
    const [first, ...rest] = items
    if (!first) return go(i)
    return repeat(first, 0, i, (j) => match(rest, j, go))
  }
  function repeat(item: Item, times: number, i: number, go: (i: number) => boolean): boolean {
    steps++
    if (
      times < item.most &&
      one(item.node, i, (j) => (j > i || times < item.least) && repeat(item, times + 1, j, go))
    )
      return true
    return times >= item.least && go(i)
  }
  function one(node: Node | string, i: number, go: (i: number) => boolean): boolean {
    if (typeof node !== 'string') return node.alternatives.some((items) => match(items, i, go))
    return i < text.length && (node === '.' || node === text[i]) && go(i + 1)
  }
  const whole = group()
  for (let start = 0; start <= text.length; start++) if (one(whole, start, () => true)) break
  return steps
}

test('no pattern takes more steps than is said of it', () => {
  const random = makeRandom(7)
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T
  function made(depth: number): string {
    const parts = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
      if (depth < 2 && random() < 0.3)
        return `(${made(depth + 1)}${random() < 0.5 ? `|${made(depth + 1)}` : ''})`
      return pick(['a', 'b', '.', 'a']) + pick(['', '', '*', '?'])
    })
    return parts.join('')
  }
  let tried = 0
  for (let i = 0; i < 3000; i++) {
    const source = made(0)
    const text = Array.from({ length: Math.floor(random() * 14) }, () => pick(['a', 'a', 'b'])).join('')
    const said = costOf(source, text.length)
    if (said > 1e6) continue
    tried++
    expect([source, text, stepsOf(source, text) <= said]).toEqual([source, text, true])
    expect(runPattern(source, text) !== null).toBe(new RegExp(source).test(text))
  }
  expect(tried).toBeGreaterThan(1000)
})
