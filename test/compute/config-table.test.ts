import { expect, test } from 'vitest'
import { codesOf, differs, flattenConfigs } from '../../src/compute/config-table.ts'

test('nested keys and items of lists have paths, in the order in which they came', () => {
  const { paths, values } = flattenConfigs([
    { lr: 0.1, optimizer: { name: 'adam', betas: [0.9, 0.95] }, tags: [], extra: {} },
    { lr: 0.1, optimizer: { name: 'adam', betas: [0.9, 0.999, 1] }, late: null },
    null,
  ])
  expect(paths).toEqual([
    ...['lr', 'optimizer.name', 'optimizer.betas[0]', 'optimizer.betas[1]', 'tags', 'extra'],
    ...['optimizer.betas[2]', 'late'],
  ])
  const of = (path: string) => values[paths.indexOf(path)]
  expect(of('lr')).toEqual([0.1, 0.1, undefined])
  expect(of('optimizer.betas[1]')).toEqual([0.95, 0.999, undefined])
  expect(of('optimizer.betas[2]')).toEqual([undefined, 1, undefined])
  expect(of('tags')).toEqual([[], undefined, undefined])
  // null is a value, not being set another one
  expect(of('late')).toEqual([undefined, null, undefined])
})

test('keys of trackio’s own are left out, only where they are its own', () => {
  expect(flattenConfigs([{ _Group: 'a', inner: { _name: 1 } }]).paths).toEqual(['inner._name'])
})

test('a dotted key is the nested one, but where one run has both', () => {
  const { paths, values } = flattenConfigs([
    { 'a.b': 1 },
    { a: { b: 1 } },
    { a: { b: 2 }, 'a.b': 3 },
    { 'a.b': 4, a: { b: 5 } },
  ])
  expect(paths).toEqual(['a.b', 'a.b'])
  expect(values).toEqual([
    [1, 1, 2, 4],
    [undefined, undefined, 3, 5],
  ])
})

test('a list in one run and a plain value in another are two keys', () => {
  const { paths } = flattenConfigs([{ a: [1] }, { a: { 0: 1 } }, { a: 1 }])
  expect(paths).toEqual(['a[0]', 'a.0', 'a'])
})

test('keys in any order are the same keys', () => {
  const names = Array.from({ length: 50 }, (_, i) => `k${i}`)
  const config = (order: string[]) => Object.fromEntries(order.map((name) => [name, name]))
  const { paths, values } = flattenConfigs([config(names), config([...names].reverse()), config(names)])
  expect(paths).toEqual(names)
  expect(values).toEqual(names.map((name) => [name, name, name]))
})

test('what lies very deep stands as one text', () => {
  const nested = (depth: number) => {
    let deep: object = { end: 1 }
    for (let i = 0; i < depth; i++) deep = { a: deep }
    return deep
  }
  const { paths, values } = flattenConfigs([nested(500) as never])
  expect(paths).toEqual([`a${'.a'.repeat(64)}`])
  expect(String(values[0]?.[0])).toMatch(/^\{"a":/)
  expect(flattenConfigs([nested(100_000) as never]).paths).toEqual(paths)
})

test('values differ by what they are, not by what they look like', () => {
  expect(differs([1, 1, 1])).toBe(false)
  expect(differs([1, '1'])).toBe(true)
  expect(differs([null, undefined])).toBe(true)
  expect(differs([])).toBe(false)
  const empty = flattenConfigs([{ a: [] }, { a: [] }, { a: {} }]).values[0] ?? []
  expect(differs(empty.slice(0, 2))).toBe(false)
  expect(differs(empty)).toBe(true)
  expect(codesOf(['x', undefined, 'x', null])).toEqual({ codes: Int32Array.of(0, 1, 0, 2), distinct: 3 })
})
