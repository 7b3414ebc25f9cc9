import { describe, expect, test } from 'vitest'
import { autoColumns, cardHeight, layoutSections, leafName, rowsWithin, sectionsOf } from '../../src/compute/sections.ts'

describe('sections', () => {
  test('names without a prefix come first; one level is nested, deeper prefixes stay whole', () => {
    const sections = sectionsOf(['train/loss', 'loss', 'train/layer10/w', 'train/layer2/w', 'train/a/b/c', 'eval/loss'])
    expect(sections.map(({ name, count }) => [name, count])).toEqual([
      ['charts', 1],
      ['eval', 1],
      ['train', 4],
    ])
    expect(sections[2]?.nested.map(({ name }) => name)).toEqual(['train/a/b', 'train/layer2', 'train/layer10'])
  })
  test('a logged charts/x is a section of its own', () => {
    const sections = sectionsOf(['x', 'charts/x'])
    expect(sections.map(({ name }) => name)).toEqual(['charts', 'charts'])
    expect(new Set(sections.map(({ key }) => key)).size).toBe(2)
  })
  test('odd names stay names', () => {
    expect(sectionsOf(['', '/x', 'a/'])[0]?.metrics).toEqual(['', '/x'])
    expect(leafName('/x')).toBe('/x')
    expect(leafName('a/b/c')).toBe('c')
  })
})

describe('layout', () => {
  const measure = { columns: 3, rowHeight: 242, headHeight: 32, closed: (key: string) => key === 'eval/' }
  test('heights add up, closed sections are a head', () => {
    const blocks = layoutSections(sectionsOf(['a', 'b', 'c', 'd', 'eval/loss', 'train/x/y', 'train/z']), measure)
    // charts: 32 + 2 rows; eval closed: 32; train: 32 + 1 row + nested (32 + 1 row)
    expect(blocks.map(({ top, height }) => [top, height])).toEqual([
      [0, 516],
      [516, 32],
      [548, 548],
    ])
    expect(blocks[2]?.nested[0]).toMatchObject({ top: 274, height: 274 })
  })
  test('rows within a stretch, whole rows at both ends', () => {
    expect(rowsWithin(100, measure, 242, 484)).toEqual([3, 6])
    expect(rowsWithin(100, measure, -500, 1)).toEqual([0, 3])
    expect(rowsWithin(7, measure, 300, 9000)).toEqual([3, 7])
  })
  test('the sizes of the design at 1440 × 900', () => {
    expect([autoColumns(1176), cardHeight(392), cardHeight(294)]).toEqual([3, 242, 181])
    expect([autoColumns(200), autoColumns(9000), cardHeight(10), cardHeight(9000)]).toEqual([1, 6, 168, 360])
  })
})
