import { expect, test } from 'vitest'
import { parseValue, type Value } from '../../../src/engine/exports/export-values.ts'
import {
  addTo,
  cellOf,
  jsonParts,
  makeSeen,
  roundedIn,
  type Shape,
  schemaOfShape,
  shapeOf,
} from '../../../src/engine/exports/shape.ts'

/** The type of a column of these JSON values, in pyarrow's words. */
function typeOf(...values: string[]): string {
  return words(shapeFor(values))
}

function shapeFor(values: string[]): Shape {
  const seen = makeSeen()
  for (const value of values) addTo(seen, parseValue(value) ?? null)
  return shapeOf(seen)
}

function words(shape: Shape): string {
  switch (shape.kind) {
    case 'list':
      return `list<${words(shape.item)}>`
    case 'struct':
      return `struct<${[...shape.fields].map(([key, field]) => `${key}: ${words(field)}`).join(', ')}>`
    case 'json':
      return `json(${shape.mixed.join(', ')})`
    default:
      return { null: 'null', bool: 'bool', int: 'int64', double: 'double', text: 'string' }[shape.kind]
  }
}

// each as pyarrow 26 infers it: pa.Table.from_pylist([{"a": value}, …])
test.each<[string[], string]>([
  [['null', 'null'], 'null'],
  [['1', 'null', '-5'], 'int64'],
  [['1', '2.5'], 'double'],
  [['1.0', '2.0'], 'double'],
  [['NaN', '1'], 'double'],
  [['true', 'null'], 'bool'],
  [['"a"'], 'string'],
  [['[]'], 'list<null>'],
  [['[]', '[1]'], 'list<int64>'],
  [['[null]'], 'list<null>'],
  [['[1, 2.5]'], 'list<double>'],
  [['[[1],[2.5]]', '[[]]'], 'list<list<double>>'],
  [['{}', '{"x": 1}'], 'struct<x: int64>'],
  [['{"x": null}'], 'struct<x: null>'],
  [['{"b": 1}', '{"a": "s", "b": 2}'], 'struct<b: int64, a: string>'],
  [['{"x": []}'], 'struct<x: list<null>>'],
])('%j is %s', (values, type) => {
  expect(typeOf(...values)).toBe(type)
})

// where pyarrow raises, and trackio exports nothing at all
test.each<[string[], string]>([
  [['1', 'true'], 'json(boolean, number)'],
  [['"auto"', '0.1'], 'json(number, string)'],
  [['[1, "NaN"]'], 'list<json(number, string)>'],
  [['{"x": 1}', '{"x": "a"}'], 'struct<x: json(number, string)>'],
  [['1', '[1]'], 'json(number, list)'],
  [['{"a": 1}', '[1]'], 'json(list, object)'],
  [['{}'], 'json(empty object)'],
  [['[{}]'], 'list<json(empty object)>'],
  [['18446744073709551615', '1'], 'double'],
  [['9007199254740993', '0.5'], 'double'],
])('%j is %s', (values, type) => {
  expect(typeOf(...values)).toBe(type)
})

test('an object with a thousand different keys is a map, not a thousand columns', () => {
  const keys = (n: number): string =>
    JSON.stringify(Object.fromEntries(Array.from({ length: n }, (_, i) => [`w${i}`, i])))
  expect(typeOf(keys(1000))).toMatch(/^struct/)
  expect(typeOf(keys(1001))).toBe('json(objects with more than 1000 different keys)')
})

test('integers that a double cannot hold are counted where they are written as one', () => {
  const rounded = (...values: string[]): number => {
    const seen = makeSeen()
    for (const value of values) addTo(seen, parseValue(value) ?? null)
    return roundedIn(seen, shapeOf(seen))
  }
  expect(rounded('9007199254740993', '1')).toBe(0) // an integer column holds it
  expect(rounded('9007199254740993', '9007199254740994', '0.5')).toBe(1)
  expect(rounded('[9007199254740993, 1.5]', '{"a": 9007199254740993}')).toBe(2)
})

test('cells fit their column: members that are missing are null, names of Object are names', () => {
  const shape = shapeFor(['{"constructor": 1, "__proto__": [1.5]}', '{"x": null}'])
  const cell = cellOf(shape, parseValue('{"__proto__": [1, null]}'))
  expect(JSON.stringify(cell)).toBe('{"constructor":null,"__proto__":[1,null],"x":null}')
  expect(cellOf(shape, null)).toBe(null)
  expect(cellOf(shape, undefined)).toBe(null)
})

test('JSON text spells non-finite numbers as trackio does', () => {
  const value = parseValue('[NaN, -Infinity, 12345678901234567890, {"a": 1.0}, "x", null, true]') as Value
  expect(JSON.stringify(cellOf({ kind: 'json', mixed: [] }, value))).toBe(
    '["NaN","-Infinity",12345678901234567000,{"a":1},"x",null,true]',
  )
})

test('a list has the three levels that pyarrow writes', () => {
  const shape = shapeFor(['[{"a": "x"}]'])
  expect(
    schemaOfShape('t', shape).map(({ name, type, repetition_type, num_children }) => [
      name,
      type,
      repetition_type,
      num_children,
    ]),
  ).toEqual([
    ['t', undefined, 'OPTIONAL', 1],
    ['list', undefined, 'REPEATED', 1],
    ['element', undefined, 'OPTIONAL', 1],
    ['a', 'BYTE_ARRAY', 'OPTIONAL', undefined],
  ])
  expect(jsonParts(shapeFor(['[{"a": [1, "x"]}]']), 't')).toEqual([
    { path: 't.element.a.element', mixed: ['number', 'string'] },
  ])
})
