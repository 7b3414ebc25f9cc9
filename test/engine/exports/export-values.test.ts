import { describe, expect, test } from 'vitest'
import { parseValue, type Value } from '../../../src/engine/exports/export-values.ts'
import { makeRandom } from '../../random.ts'

test.each<[string, Value]>([
  ['1', 1n],
  ['-0', 0n],
  ['1.0', 1],
  ['-0.0', -0],
  ['1e3', 1000],
  ['18446744073709551615', 18446744073709551615n],
  ['0.1', 0.1],
  ['"a\\u00e9\\n\\"\\\\"', 'aé\n"\\'],
  ['"\\ud83e\\udd8a"', '🦊'],
  ['[1, "NaN", null, [true, false]]', [1n, 'NaN', null, [true, false]]],
  [' { } ', new Map()],
  [
    '{"10":1,"2":{"__proto__":2}}',
    new Map<string, Value>([
      ['10', 1n],
      ['2', new Map([['__proto__', 2n]])],
    ]),
  ],
  ['{"a":1,"a":2}', new Map([['a', 2n]])],
  ['[NaN, Infinity, -Infinity]', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
])('%s', (text, value) => {
  expect(parseValue(text)).toEqual(value)
})

test.each([
  '',
  '{',
  '[1,]',
  '{"a" 1}',
  '{a:1}',
  '"open',
  '"\\',
  '1 2',
  'nul',
  '+1',
  '-',
  '"\\x"',
  '[',
  `${'['.repeat(1e5)}`,
])('no JSON: %#', (text) => {
  expect(parseValue(text)).toBe(undefined)
})

describe('whatever JSON.stringify writes', () => {
  test('comes back the same, keys in their order', () => {
    const random = makeRandom(5)
    for (let i = 0; i < 2000; i++) {
      const value = made(random, 4)
      expect(plain(parseValue(JSON.stringify(value)) ?? null)).toEqual(value)
    }
  })
})

function made(random: () => number, depth: number): unknown {
  const kind = Math.floor(random() * (depth > 0 ? 8 : 6))
  if (kind === 0) return null
  if (kind === 1) return random() < 0.5
  if (kind === 2) return Math.floor(random() * 1e6)
  if (kind === 3) return (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20)
  if (kind <= 5)
    return String.fromCharCode(
      ...Array.from({ length: Math.floor(random() * 6) }, () => Math.floor(random() * 300)),
    )
  if (kind === 6) return Array.from({ length: Math.floor(random() * 4) }, () => made(random, depth - 1))
  return Object.fromEntries(
    Array.from({ length: Math.floor(random() * 4) }, (_, i) => [`k${9 - i}`, made(random, depth - 1)]),
  )
}

function plain(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  return value instanceof Map
    ? Object.fromEntries([...value].map(([key, member]) => [key, plain(member)]))
    : value
}
