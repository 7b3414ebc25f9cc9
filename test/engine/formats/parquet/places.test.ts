import { describe, expect, it } from 'vitest'
import type { Paged } from '../../../../src/engine/formats/parquet/page-index.ts'
import type { Chunk } from '../../../../src/engine/formats/parquet/parquet-table.ts'
import { choosePlaces } from '../../../../src/engine/formats/parquet/places.ts'
import { planLook } from '../../../../src/engine/formats/parquet/plan.ts'

const MB = 1 << 20

/**
 * A chunk whose pages have these sizes, of 100 rows each; the first `coded` of them refer to a dictionary.
 */
function paged(sizes: number[], coded = 0): Paged {
  let at = 0
  const pages = sizes.map((size, i) => {
    const start = at
    at += size
    return { start, end: at, row: i * 100, rows: 100 }
  })
  // all that is looked at
  return { chunk: { rows: sizes.length * 100 } as Chunk, pages, dictionary: undefined, coded }
}

describe('places of a sample', () => {
  it('are spread over all groups, in file order, a page at most once', () => {
    const chunks = Array.from({ length: 4 }, () => paged(Array.from({ length: 50 }, () => 1000)))
    const places = choosePlaces(chunks, 40)
    expect(places.length).toBeGreaterThan(36)
    expect(places.length).toBeLessThanOrEqual(40)
    const order = places.map(({ chunk, page }) => chunk * 50 + page)
    expect(order).toEqual([...new Set(order)].sort((a, b) => a - b))
    for (let chunk = 0; chunk < 4; chunk++)
      expect(places.filter((place) => place.chunk === chunk).length).toBeGreaterThanOrEqual(9)
  })

  it('of runs that follow each other are not all at the same step', () => {
    // 24 runs of 10 pages: as many places as there are runs
    const places = choosePlaces([paged(Array.from({ length: 240 }, () => 1000))], 24)
    const phases = new Set(places.map(({ page }) => page % 10))
    expect(phases.size).toBeGreaterThanOrEqual(9)
    expect(new Set(places.map(({ page }) => Math.floor(page / 10))).size).toBe(24)
  })

  it('are where the values are: pages of nulls have a few bytes', () => {
    const sizes = Array.from({ length: 100 }, (_, i) => (i >= 60 && i < 80 ? 8000 : 20))
    const places = choosePlaces([paged(sizes)], 16)
    expect(places.length).toBeGreaterThan(12)
    expect(places.every(({ page }) => page >= 60 && page < 80)).toBe(true)
  })

  it('are in all the pages of a small column, several in each', () => {
    const places = choosePlaces([paged([10, 10]), undefined, paged([10])], 48)
    expect(places.map(({ chunk, page, marks }) => [chunk, page, marks.length])).toEqual([
      [0, 0, 16],
      [0, 1, 16],
      [2, 0, 16],
    ])
    for (const { marks } of places) {
      expect(marks).toEqual([...marks].sort((a, b) => a - b))
      expect(marks.every((mark) => mark >= 0 && mark < 1)).toBe(true)
    }
    expect(choosePlaces([], 48)).toEqual([])
  })

  it('leave out pages that need a dictionary, where most rows are plain', () => {
    const sizes = Array.from({ length: 50 }, () => 1000)
    expect(choosePlaces([paged(sizes, 7)], 50).every(({ page }) => page >= 7)).toBe(true)
    expect(choosePlaces([paged(sizes, 30)], 50).some(({ page }) => page < 30)).toBe(true)
    expect(choosePlaces([paged(sizes, 50)], 50).some(({ page }) => page < 30)).toBe(true)
  })
})

describe('how a file is looked at', () => {
  it.each([
    ['small', { rows: MB, metric: MB, metrics: 400 }, 'whole'],
    ['large, but cheap by the metric', { rows: 2.5 * MB, metric: 2 * MB, metrics: 200 }, 'whole'],
    ['of many rows', { rows: 5 * MB, metric: 4 * MB, metrics: 20 }, 'sample'],
    [
      'of a first screen that is larger than what is held',
      { rows: 11 * MB, metric: 19 * MB, metrics: 21 },
      'held',
    ],
    ['of two metrics of 30 MB', { rows: 12 * MB, metric: 30 * MB, metrics: 2 }, 'sample'],
  ] as const)('%s', (_, cost, look) => {
    expect(planLook(cost, { screen: 96 * MB })).toBe(look)
  })
})
