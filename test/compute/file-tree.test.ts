import { describe, expect, test } from 'vitest'
import { makeCoverage } from '../../src/compute/coverage.ts'
import { fileFilter, fileKey, fileTree, foldersOf, treeRows } from '../../src/compute/file-tree.ts'
import { mayHold, ownPart } from '../../src/compute/project-files.ts'
import { countWords, tensorTotals } from '../../src/compute/tensor-totals.ts'
import type { FileEntry, FilePart } from '../../src/model/file.ts'

function entry(path: string, size: number | 'unknown' = 1, part: FilePart = 'saved'): FileEntry {
  return { ref: { project: 'p', path }, part, path, size: size === 'unknown' ? undefined : size }
}

describe('the tree', () => {
  test('has folders first, names in natural order, and sums of what is known', () => {
    const tree = fileTree([
      entry('b10.txt', 5),
      entry('b9.txt', 'unknown'),
      entry('logs/x/deep.log', 7),
      entry('logs/a.log', 3),
      entry('demo.db', 100, 'data'),
      entry('run/3/a.png', 50, 'media'),
    ])
    const rows = treeRows(tree, () => true).map(({ level, name, size, count, key }) => [
      level,
      name,
      size,
      count,
      key,
    ])
    expect(rows).toEqual([
      [0, 'logs', 10, 2, 'logs/'],
      [1, 'x', 7, 1, 'logs/x/'],
      [2, 'deep.log', 7, 1, 'logs/x/deep.log'],
      [1, 'a.log', 3, 1, 'logs/a.log'],
      [0, 'b9.txt', undefined, 1, 'b9.txt'],
      [0, 'b10.txt', 5, 1, 'b10.txt'],
      [0, 'data', 100, 1, '@data'],
      [1, 'demo.db', 100, 1, '@data/demo.db'],
      [0, 'media', 50, 1, '@media'],
      [1, 'run', 50, 1, '@media/run/'],
      [2, '3', 50, 1, '@media/run/3/'],
      [3, 'a.png', 50, 1, '@media/run/3/a.png'],
    ])
    expect(treeRows(tree, () => false)).toHaveLength(5)
  })

  test('every file has a key of its own, and its folders are known from it', () => {
    expect(fileKey(entry('@data/x'))).toBe('@saved/@data/x')
    expect(fileKey(entry('x', 1, 'data'))).toBe('@data/x')
    expect(foldersOf('a/b/c.txt')).toEqual(['a/', 'a/b/'])
    expect(foldersOf('@media/run/3/a.png')).toEqual(['@media', '@media/run/', '@media/run/3/'])
  })

  test('a folder of more files than a call takes arguments', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => entry(`images/${i}.png`, 1, 'media'))
    const tree = fileTree(many)
    expect(tree.roots[0]).toMatchObject({ count: 200_000, size: 200_000 })
    expect(treeRows(tree, () => true)).toHaveLength(200_002)
  })

  test('a pattern of many stars looks at each letter a few times only', () => {
    const odd = entry(`${'a'.repeat(4000)}c`)
    expect(fileFilter(`${'*a'.repeat(200)}*b`)?.(odd)).toBe(false)
    expect(fileFilter(`${'*a'.repeat(200)}*c`)?.(odd)).toBe(true)
    expect(fileFilter('a*a?c')?.(entry('x/aXaYc'))).toBe(true)
    expect(fileFilter('a*aXaYc')?.(entry('aXaYc'))).toBe(false)
  })

  test('names that lead out, or are as long as they like, are names', () => {
    const odd = ['../up.txt', 'a//b.txt', `${'d/'.repeat(20_000)}x.txt`, '__proto__/x', '.']
    const tree = fileTree(odd.map((path) => entry(path)))
    for (const path of odd) expect(tree.byKey.get(path)?.entry?.path).toBe(path)
    expect(treeRows(tree, () => true).filter(({ folder }) => !folder)).toHaveLength(odd.length)
  })

  test('a search is for a part of the path, or for names by a pattern', () => {
    const all = [entry('configs/grpo.yaml'), entry('data/GEN.parquet'), entry('a.b.parquet.txt')]
    const found = (text: string): string[] =>
      all.filter(fileFilter(text) ?? (() => true)).map(({ path }) => path)
    expect(found('config')).toEqual(['configs/grpo.yaml'])
    expect(found('*.parquet')).toEqual(['data/GEN.parquet'])
    expect(found('data/*')).toEqual(['data/GEN.parquet'])
    expect(found('g??.*')).toEqual(['data/GEN.parquet'])
    expect(found('(')).toEqual([])
    expect(found('  ')).toHaveLength(3)
  })
})

describe('whose a folder of media is', () => {
  test('the canonical name, or one that becomes it', () => {
    expect(ownPart('demo', 'demo/files/a/b.txt')).toBe('files/a/b.txt')
    expect(ownPart('myprojéx', 'my proj.é/x/files/b.txt')).toBe('files/b.txt')
    expect(ownPart('demo', 'other/files/b.txt')).toBeUndefined()
    expect(ownPart(undefined, 'files/b.txt')).toBe('files/b.txt')
  })
  test('a folder on the way to one may hold it', () => {
    expect(mayHold('myprojéx', 'my proj.é')).toBe(true)
    expect(mayHold('demo', 'demo/run')).toBe(true)
    expect(mayHold('demo', 'else')).toBe(false)
  })
})

test('what was read counts once, in stretches', () => {
  const coverage = makeCoverage(10_000)
  expect(coverage.read()).toEqual({ bytes: 0, stretches: 0 })
  coverage.add(0, 10)
  coverage.add(9000, 10)
  // blocks of 4 KiB: the first, and the last one, which is short
  expect(coverage.read()).toEqual({ bytes: 4096 + (10_000 - 8192), stretches: 2 })
  coverage.add(5000, 1)
  expect(coverage.read()).toEqual({ bytes: 10_000, stretches: 1 })
  coverage.add(0, 10_000)
  expect(coverage.read()).toEqual({ bytes: 10_000, stretches: 1 })
})

test('parameters and bytes of tensors add up by type', () => {
  const totals = tensorTotals([
    { name: 'a', dtype: 'F32', shape: [1000, 1000], bytes: 4_000_000 },
    { name: 'b', dtype: 'BF16', shape: [8, 1000, 1000], bytes: 16_000_000 },
    { name: 'c', dtype: 'F32', shape: [], bytes: 4 },
  ])
  expect(totals).toEqual({
    values: 9_000_001,
    bytes: 20_000_004,
    byType: [
      { dtype: 'BF16', tensors: 1, values: 8_000_000, bytes: 16_000_000 },
      { dtype: 'F32', tensors: 2, values: 1_000_001, bytes: 4_000_004 },
    ],
  })
  expect([999, 124_440_000, 1_777_000_000, 2e13].map(countWords)).toEqual(['999', '124 M', '1.78 B', '20 T'])
})
