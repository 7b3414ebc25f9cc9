import { describe, expect, test } from 'vitest'
import { checkJson, membersOf, nodeAt, skip } from '../../src/compute/json-scan.ts'
import { atOnce } from '../../src/compute/slices.ts'
import { makeRandom } from '../random.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const check = (text: string): string | undefined => atOnce(checkJson(bytesOf(text)))

describe('what is JSON', () => {
  test.each([
    ...['{}', '[]', '1', '"a"', 'null', ' [1, 2,\n3] ', '{"a": {"b": [true, false, null]}}', '-0.5e-7'],
    ...['{"a": NaN, "b": [Infinity, -Infinity]}', '"\\"\\\\"', '["\\u00e9", "é"]'],
  ])('%s', (text) => expect(check(text)).toBeUndefined())

  test.each([
    ['', 'nothing in it'],
    ['{"a": 1,}', 'byte 8: a name in quotes should be where "}" is'],
    ['[1 2]', 'byte 3: a comma or ] should be where "2]" is'],
    ['{"a" 1}', 'byte 5: a colon should be where "1}" is'],
    ['[01]', 'byte 1: a value should be where "01]" is'],
    ['[tru]', 'byte 1: a value should be where "tru]" is'],
    ['{"a": "b', 'byte 6: the end of this text should be where "\\"b" is'],
    ['[1, [2]', 'it ends at byte 7, where more should be'],
    ['[1] x', 'byte 4: the end should be where "x" is'],
    ['{"a": 1]', 'byte 7: a comma or } should be where "]" is'],
  ])('%s is none', (text, why) => expect(check(text)).toBe(why))

  test('a text is nested as deep as it is long', () => {
    const deep = 400_000
    const text = `${'['.repeat(deep)}1${']'.repeat(deep)}`
    expect(check(text)).toBeUndefined()
    expect(check(text.slice(0, -1))).toMatch(/^it ends at byte 800,000/)
    const bytes = bytesOf(text)
    expect(atOnce(skip(bytes, 0))).toEqual({ end: text.length, count: 1 })
    const { values, ends } = atOnce(membersOf(bytes, 0))
    expect([values[0], ends[0]]).toEqual([1, text.length - 1])
  })
})

describe('members', () => {
  function tree(text: string) {
    const bytes = bytesOf(text)
    const { keys, values, ends, counts, total } = atOnce(membersOf(bytes, text.search(/[[{]/)))
    return Array.from({ length: total }, (_, i) =>
      nodeAt(bytes, keys[i] as number, values[i] as number, ends[i] as number, counts[i] as number),
    )
  }

  test('keep their order, their digits, and a name that stands twice', () => {
    const found = tree(
      '{"10": 12345678901234567890, "2": 1.50, "10": {"a": 1, "b": [1, 2]}, "é\\n": "x\\"y"}',
    )
    expect(found.map(({ key, kind, text, count }) => [key, kind, text, count])).toEqual([
      ['10', 'number', '12345678901234567890', 0],
      ['2', 'number', '1.50', 0],
      ['10', 'object', '', 2],
      ['é\n', 'string', 'x"y', 0],
    ])
  })

  test('are counted also where brackets and commas stand in texts', () => {
    const found = tree('[{"a": "},{", "b": "\\\\"}, [], {}, [[1, 2], "]"]]')
    expect(found.map(({ kind, count }) => [kind, count])).toEqual([
      ['object', 2],
      ['array', 0],
      ['object', 0],
      ['array', 2],
    ])
  })

  test('a long text is cut at a whole letter', () => {
    const [one] = tree(`["${'é'.repeat(1000)}"]`)
    expect(one?.cut).toBe(true)
    expect(one?.text).toMatch(/^é+$/)
  })

  test('of any value they are what JSON.parse gives', () => {
    const next = makeRandom(11)
    const value = (depth: number): unknown => {
      const kind = Math.floor(next() * (depth > 4 ? 4 : 6))
      if (kind === 0) return next() * 1000 - 500
      if (kind === 1) return ['', 'a"b', 'c\\', '{[,]}', 'é\u2028'][Math.floor(next() * 5)]
      if (kind === 2) return null
      if (kind === 3) return next() < 0.5
      const many = Math.floor(next() * 5)
      if (kind === 4) return Array.from({ length: many }, () => value(depth + 1))
      return Object.fromEntries(Array.from({ length: many }, (_, i) => [`k${i},"`, value(depth + 1)]))
    }
    for (let i = 0; i < 200; i++) {
      const made = [value(0), value(1)]
      const text = JSON.stringify(made, null, i % 3)
      const bytes = bytesOf(text)
      expect(check(text)).toBeUndefined()
      const { values, ends, total } = atOnce(membersOf(bytes, 0))
      const parsed = Array.from({ length: total }, (_, at) =>
        JSON.parse(new TextDecoder().decode(bytes.subarray(values[at], ends[at]))),
      )
      expect(parsed).toEqual(JSON.parse(text))
    }
  })
})
