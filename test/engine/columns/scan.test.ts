import { describe, expect, test } from 'vitest'
import { parseLoose } from '../../../src/engine/columns/json.ts'
import { type KeyTable, makeKeyTable, type RunScan, scanPayload } from '../../../src/engine/columns/scan.ts'
import { makeRunColumns, seriesOf } from '../../../src/engine/columns/series-store.ts'
import type { Json } from '../../../src/model/run.ts'
import { makeRandom, pick } from '../../random.ts'

const encoder = new TextEncoder()

interface Reading {
  keys: KeyTable
  run: RunScan
  row: number
}

function begin(): Reading {
  return {
    keys: makeKeyTable(),
    run: { columns: makeRunColumns(), first: undefined, next: [], kinds: [] },
    row: 0,
  }
}

/** Scans a payload that lies somewhere within other bytes, as it does on a page. */
function scan(reading: Reading, text: string, before = 3): boolean {
  const bytes = encoder.encode(`${'"'.repeat(before)}${text}}9`)
  const ok = scanPayload(
    reading.keys,
    reading.run,
    bytes,
    new DataView(bytes.buffer),
    before,
    bytes.length - 2,
    reading.row,
  )
  reading.row++
  return ok
}

/** What was stored, by name: row → value; steps stand in as row numbers. */
function stored({ keys, run }: Reading): Record<string, [number, number][]> {
  const rows = run.columns.metrics.map((column, key) => {
    if (!column) return undefined
    const values = column.data.subarray(0, column.length)
    return [
      keys.names[key],
      Array.from(values, (v, i): [number, number] => [
        column.rows ? (column.rows[i] as number) : column.first + i,
        v,
      ]),
    ] as const
  })
  return Object.fromEntries(rows.filter((one) => one !== undefined))
}

function columnOf(
  { keys, run }: Reading,
  name: string,
): { integer: boolean; beyondSafe: number; nonFinite: number } | undefined {
  const column = run.columns.metrics[keys.byName.get(name) ?? -1]
  return column && { integer: column.integer, beyondSafe: column.beyondSafe, nonFinite: column.nonFinite }
}

function kindsOf({ keys, run }: Reading): Record<string, Record<string, number>> {
  return Object.fromEntries(
    run.kinds.flatMap((kinds, key) => (kinds ? [[keys.names[key], Object.fromEntries(kinds)]] : [])),
  )
}

describe('a row', () => {
  test('gives its numbers, with Python’s spaces and without', () => {
    for (const text of [
      '{"loss": 0.5, "acc": 1, "lr": 1e-05}',
      '{"loss":0.5,"acc":1,"lr":1e-05}',
      '{ "loss" : 0.5 ,\n"acc":1 , "lr": 1e-05 }',
    ]) {
      const reading = begin()
      expect(scan(reading, text)).toBe(true)
      expect(stored(reading)).toEqual({ loss: [[0, 0.5]], acc: [[0, 1]], lr: [[0, 1e-5]] })
    }
  })
  test('spells non-finite values as strings, and up to 0.4.0 bare', () => {
    const reading = begin()
    scan(reading, '{"a": "NaN", "b": "Infinity", "c": "-Infinity"}')
    scan(reading, '{"a": NaN, "b": Infinity, "c": -Infinity, "d": "a NaN, Infinity"}')
    scan(reading, '{"a": "Nan", "b": "infinity", "c": "+Infinity", "d": "NaN "}')
    expect(stored(reading)).toEqual({
      a: [
        [0, Number.NaN],
        [1, Number.NaN],
      ],
      b: [
        [0, Number.POSITIVE_INFINITY],
        [1, Number.POSITIVE_INFINITY],
      ],
      c: [
        [0, Number.NEGATIVE_INFINITY],
        [1, Number.NEGATIVE_INFINITY],
      ],
    })
    expect(columnOf(reading, 'a')?.nonFinite).toBe(2)
    expect(kindsOf(reading)).toEqual({
      a: { string: 1 },
      b: { string: 1 },
      c: { string: 1 },
      d: { string: 2 },
    })
  })
  test('null is not logged; an empty object is a row without values', () => {
    const reading = begin()
    expect(scan(reading, '{"a": null, "b": 2}')).toBe(true)
    expect(scan(reading, '{}')).toBe(true)
    expect(scan(reading, '{"a":null}')).toBe(true)
    expect(stored(reading)).toEqual({ b: [[0, 2]] })
  })
  test('other values are counted by kind, never taken for numbers', () => {
    const reading = begin()
    scan(
      reading,
      '{"a": true, "b": "12", "c": [1, 2], "d": {"x": 1}, "e": {"_type": "trackio.image", "v": 1}, "n": 1}',
    )
    scan(reading, '{"a": false, "b": 12, "e": {"_type": ""}, "n": 2}')
    expect(stored(reading)).toEqual({
      b: [[1, 12]],
      n: [
        [0, 1],
        [1, 2],
      ],
    })
    expect(kindsOf(reading)).toEqual({
      a: { bool: 2 },
      b: { string: 1 },
      c: { list: 1 },
      d: { dict: 1 },
      e: { 'trackio.image': 1, dict: 1 },
    })
  })
  test('a key that stands twice keeps its last value', () => {
    const reading = begin()
    scan(reading, '{"a": 1, "b": 5, "a": 2}')
    scan(reading, '{"a": 1.5, "a": null}')
    scan(reading, '{"a": 2, "\\u0061": 3}')
    scan(reading, '{"a": 1.5, "a": 4}')
    expect(stored(reading)).toEqual({
      a: [
        [0, 2],
        [2, 3],
        [3, 4],
      ],
      b: [[0, 5]],
    })
    expect(columnOf(reading, 'a')?.integer).toBe(true)
  })
  test('names may be empty, escaped, of any script, and as long as they like', () => {
    const long = 'x'.repeat(70_000)
    const names = [
      '',
      'é',
      'train/loss',
      'a"b',
      'tab\t',
      '損失',
      '🙂',
      '__proto__',
      'constructor',
      long,
      ' ',
      'a:b',
      '{"',
      '\\',
    ]
    const reading = begin()
    const payload = Object.fromEntries(names.map((name, i) => [name, i]))
    scan(reading, JSON.stringify(payload))
    scan(reading, ascii(JSON.stringify(payload)))
    for (const [i, name] of names.entries()) {
      const column = reading.run.columns.metrics[reading.keys.byName.get(name) ?? -1]
      expect([...(column?.data.subarray(0, column.length) ?? [])], name.slice(0, 20)).toEqual([i, i])
    }
    expect(reading.keys.names.length).toBe(names.length)
  })
  test('1 is an integer, 1.0 and 1e3 are not, of whatever row', () => {
    const reading = begin()
    scan(reading, '{"int": 1, "point": 1.0, "power": 1e3, "mixed": 1, "minus": -7, "zero": 0}')
    scan(reading, '{"int": 2, "point": 2, "power": 1, "mixed": 1.5, "minus": -0, "zero": 0, "text": "x"}')
    scan(reading, '{"int": 9, "nested": {"int": 1.5}, "text": "int: 1.5"}')
    const integers = reading.keys.names.filter((name) => columnOf(reading, name)?.integer)
    expect(integers).toEqual(['int', 'minus', 'zero'])
  })
  test('integers beyond 2^53 are counted', () => {
    const reading = begin()
    scan(reading, '{"a": 9007199254740993, "b": 9007199254740991, "c": -9007199254740992}')
    scan(reading, '{"a": 12345678901234567890123, "b": 1, "c": 1, "s": "slow"}')
    expect(
      [columnOf(reading, 'a'), columnOf(reading, 'b'), columnOf(reading, 'c')].map((c) => c?.beyondSafe),
    ).toEqual([2, 0, 1])
  })
})

describe('a refused payload leaves nothing behind', () => {
  const refused = [
    '',
    ' ',
    '{',
    '}',
    '[]',
    '[1]',
    '3',
    'null',
    '"text"',
    'true',
    '{"a": 1',
    '{"a": 1,}',
    '{"a" 1}',
    '{"a": 1 "b": 2}',
    '{a: 1}',
    "{'a': 1}",
    '{"a": 01}',
    '{"a": 1.}',
    '{"a": .5}',
    '{"a": -}',
    '{"a": +1}',
    '{"a": 1e}',
    '{"a": 1e+}',
    '{"a": 0x10}',
    '{"a": --1}',
    '{"a": 1}}',
    '{"a": 1}{"b": 2}',
    '{"a": tru}',
    '{"a": nul}',
    '{"a": "x}',
    '{"b": 1, "a": }',
    '{"b": 1, "c": 2.5, "a": 1..2}',
    '{"b": 1, "c": nan}',
    '{"b": 1, "a": 1_000}',
    '{"a\\x": 1}',
    '{"b": 1, : 2}',
    '{"b": 1 2}',
    '{"b": 12abc}',
    '{"b": {"a": }}',
  ]
  test.each(refused)('%j', (text) => {
    const reading = begin()
    scan(reading, '{"a": 1, "b": 2}')
    const before = JSON.stringify(reading.run.columns.metrics)
    expect(scan(reading, text)).toBe(false)
    expect(JSON.stringify(reading.run.columns.metrics)).toBe(before)
    expect(kindsOf(reading)).toEqual({})
    // and the next row is read as if nothing had been
    expect(scan(reading, '{"a": 3, "b": 4}')).toBe(true)
    expect(stored(reading)).toEqual({
      a: [
        [0, 1],
        [2, 3],
      ],
      b: [
        [0, 2],
        [2, 4],
      ],
    })
  })
})

describe('random payloads hold what JSON.parse finds in them', () => {
  test.each([1, 2, 3, 4])('seed %i', (seed) => {
    const random = makeRandom(seed)
    const reading = begin()
    const names = Array.from({ length: 3 + Math.floor(random() * 30) }, () => randomName(random))
    const expected = new Map<string, [number, number][]>()
    const kinds = new Map<string, Map<string, number>>()
    let order = names
    for (let row = 0; row < 1000; row++) {
      if (random() < 0.02) order = shuffled(names, random)
      const text = randomPayload(order, random)
      const payload = parseLoose(text)
      expect(scan(reading, text, row % 5)).toBe(true)
      if (payload === null || typeof payload !== 'object' || Array.isArray(payload))
        throw new Error(`not a payload: ${text}`)
      for (const [name, value] of Object.entries(payload ?? {})) {
        const number = numberIn(value)
        if (number !== undefined) {
          const list = expected.get(name) ?? []
          list.push([row, number])
          expected.set(name, list)
        } else if (value !== null) {
          const of = kinds.get(name) ?? new Map<string, number>()
          of.set(kind(value), (of.get(kind(value)) ?? 0) + 1)
          kinds.set(name, of)
        }
      }
    }
    expect(stored(reading)).toEqual(Object.fromEntries(expected))
    expect(kindsOf(reading)).toEqual(
      Object.fromEntries([...kinds].map(([name, of]) => [name, Object.fromEntries(of)])),
    )
    for (const [name, rows] of expected)
      expect(columnOf(reading, name)?.nonFinite).toBe(rows.filter(([, v]) => !Number.isFinite(v)).length)
  })
})

test('steps and times of a metric are those of the rows that logged it', () => {
  const reading = begin()
  const { columns } = reading.run
  for (const text of ['{"a": 1}', '{"b": 1}', '{"a": 2, "b": 2}', '{"x": 1}', '{"a": 3}']) scan(reading, text)
  for (const column of [columns.steps, columns.times]) column.data.set([10, 11, 12, 13, 14])
  const a = columns.metrics[reading.keys.byName.get('a') ?? -1]
  expect(a && seriesOf(columns, a)).toEqual({
    values: Float64Array.of(1, 2, 3),
    steps: Float64Array.of(10, 12, 14),
    times: Float64Array.of(10, 12, 14),
  })
})

function numberIn(value: Json): number | undefined {
  if (typeof value === 'number') return value
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value)
  return undefined
}

function kind(value: Json): string {
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  return Array.isArray(value) ? 'list' : 'dict'
}

function randomName(random: () => number): string {
  const parts = [
    'train',
    'eval',
    'loss',
    '/',
    '_',
    'é',
    '"',
    '\\',
    'ключ',
    '🙂',
    '',
    ' ',
    ':',
    ',',
    '0',
    'a very long name indeed',
  ]
  return Array.from({ length: Math.floor(random() * 4) }, () => pick(random, parts)).join('')
}

function randomPayload(names: string[], random: () => number): string {
  const [comma, colon] = random() < 0.5 ? [', ', ': '] : [',', ':']
  const plain = random() < 0.7
  const members: string[] = []
  for (const name of names) {
    if (random() < 0.1) continue
    const key = random() < 0.1 ? ascii(JSON.stringify(name)) : JSON.stringify(name)
    members.push(`${key}${colon}${plain ? randomNumber(random) : randomValue(random)}`)
    if (random() < 0.01) members.push(`${key}${colon}${randomValue(random)}`)
  }
  return random() < 0.02 ? `{ ${members.join(' ,\t')} }` : `{${members.join(comma)}}`
}

function randomNumber(random: () => number): string {
  const v = (random() - 0.3) * 10 ** Math.floor(random() * 20 - 10)
  return pick(random, [
    String(v),
    v.toFixed(3),
    String(Math.round(v)),
    v.toExponential(5),
    '0',
    '-0',
    '"NaN"',
    '"-Infinity"',
    'null',
  ])
}

function randomValue(random: () => number): string {
  if (random() < 0.6) return randomNumber(random)
  return pick(random, [
    'true',
    'false',
    '"text"',
    '"NaN, {\\"a\\": 1}"',
    '[1, NaN, {"a": 2}]',
    '{"a": 1, "b": [2.5]}',
    'NaN',
    'Infinity',
    '-Infinity',
    '{}',
    '[]',
    '""',
    '"}"',
    '"\\ud83d\\ude42"',
  ])
}

function shuffled<T>(list: T[], random: () => number): T[] {
  return list
    .map((item) => [random(), item] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, item]) => item)
}

/** As Python's json module writes by default: everything beyond ASCII as \uXXXX. */
function ascii(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
