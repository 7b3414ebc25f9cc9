import { describe, expect, test } from 'vitest'
import {
  type Dimension,
  type GridHead,
  gridOf,
  type Placed,
  pageOfColumns,
  placesOf,
  spread,
} from '../../src/compute/media-grid.ts'
import type { Otherwise } from '../../src/compute/media-steps.ts'
import { makeRandom, pick } from '../random.ts'

const NOTHING: Otherwise = { kind: 'nothing' }
const RUNS = ['b', 'a', 'c'].map((key) => ({ key, name: `run ${key}` }))
const CONFIGS: Record<string, Record<string, string>> = {
  a: { lr: '0.1', 'model.depth': '12' },
  b: { lr: '0.01', 'model.depth': '2' },
  c: { lr: '0.1' },
}

const value = (run: string, step: number, caption?: string): Placed => ({ run, step, caption })

function places(values: readonly Placed[], rows: Dimension, columns: Dimension) {
  return placesOf({
    ...{ values, rows, columns, runs: RUNS },
    config: (run, path) => CONFIGS[run]?.[path] ?? '',
  })
}

const texts = (heads: readonly GridHead[]): string[] => heads.map(({ text }) => text)

/** All cells as `row / column: what is there`. */
function cellsOf(
  values: readonly Placed[],
  rows: Dimension,
  columns: Dimension,
  asked: number | undefined,
  otherwise: Otherwise = NOTHING,
): string[] {
  const grid = gridOf(places(values, rows, columns), asked, otherwise)
  return grid.rows.flatMap((row) =>
    grid.columns.map((column) => {
      const { items, asked: of, why } = grid.cell(row, column)
      const told = [items.join(' '), of === undefined ? '' : `for ${of}`, why ?? ''].filter(Boolean)
      return `${row.text} / ${column.text}: ${told.join(', ')}`
    }),
  )
}

const SOME = [
  value('a', 10, 'cat'),
  value('a', 20, 'dog'),
  value('b', 10, 'cat'),
  value('b', 30, ''),
  value('b', 30, 'cat'),
]

describe('by run and step', () => {
  test('runs stand in their order, steps ascending, several of one step in one cell', () => {
    expect(cellsOf(SOME, 'run', 'step', 30)).toEqual([
      'run b / 10: 2',
      'run b / 20: between 10 and 30',
      'run b / 30: 3 4',
      'run a / 10: 0',
      'run a / 20: 1',
      'run a / 30: run ended at 20',
    ])
  })

  test('the rule holds for the asked step alone, and what is of another step says so', () => {
    expect(cellsOf(SOME, 'run', 'step', 30, { kind: 'nearest' })).toEqual([
      'run b / 10: 2',
      'run b / 20: between 10 and 30',
      'run b / 30: 3 4',
      'run a / 10: 0',
      'run a / 20: 1',
      'run a / 30: 1, for 30',
    ])
    expect(cellsOf(SOME, 'run', 'step', 30, { kind: 'before', within: 9 })[5]).toBe(
      'run a / 30: run ended at 20',
    )
  })

  test('the asked step has a head in its place, whether it was logged or not', () => {
    const heads = (asked: number | undefined) =>
      texts(gridOf(places(SOME, 'run', 'step'), asked, NOTHING).columns)
    expect(heads(15)).toEqual(['10', '15', '20', '30'])
    expect(heads(5)).toEqual(['5', '10', '20', '30'])
    expect(heads(99)).toEqual(['10', '20', '30', '99'])
    expect(heads(20)).toEqual(['10', '20', '30'])
    expect(heads(undefined)).toEqual(['10', '20', '30'])
  })

  test('turned around it is the same', () => {
    const there = cellsOf(SOME, 'run', 'step', 30).map((text) => text.replace(/^(.*) \/ (.*?):/, '$2 / $1:'))
    expect(cellsOf(SOME, 'step', 'run', 30).sort()).toEqual(there.sort())
  })

  test('steps by steps have each value once', () => {
    const cells = cellsOf([value('a', 10), value('a', 20)], 'step', 'step', 20)
    expect(cells).toEqual(['10 / 10: 0', '10 / 20: another step', '20 / 10: another step', '20 / 20: 1'])
  })
})

describe('by run alone', () => {
  test('each cell is the asked step', () => {
    expect(cellsOf(SOME, 'run', 'none', 20)).toEqual(['run b / : between 10 and 30', 'run a / : 1'])
    expect(cellsOf(SOME, 'run', 'none', 20, { kind: 'before', within: 10 })).toEqual([
      'run b / : 2, for 20',
      'run a / : 1',
    ])
  })
  test('without a step all of them', () => {
    expect(cellsOf(SOME, 'run', 'none', undefined)).toEqual(['run b / : 2 3 4', 'run a / : 0 1'])
  })
  test('all steps of a run, wrapped, in their order', () => {
    const values = [value('a', 30), value('a', 10), value('b', 5), value('a', 20)]
    expect(cellsOf(values, 'run', 'all', 10)).toEqual(['run b / : 2', 'run a / : 1 3 0'])
    expect(cellsOf(values, 'none', 'all', 10)).toEqual([' / : 2 1 3 0'])
    expect(cellsOf(values, 'step', 'all', 10)).toEqual(['5 / : 2', '10 / : 1', '20 / : 3', '30 / : 0'])
  })
})

describe('values without a step', () => {
  const values = [value('a', Number.NaN), value('a', 10), value('b', Number.NaN)]
  test('stand under a head of their own, the last', () => {
    expect(cellsOf(values, 'run', 'step', 10)).toEqual([
      'run b / 10: logged without a step',
      'run b / no step: 2',
      'run a / 10: 1',
      'run a / no step: 0',
    ])
  })
  test('also where all columns of a row are wrapped', () => {
    expect(cellsOf(values, 'step', 'all', 10)).toEqual(['10 / : 1', 'no step / : 2 0'])
  })
})

describe('by caption and config', () => {
  test('captions by the alphabet with numbers by size, those without last', () => {
    const values = ['step 10', 'step 9', '', 'ape', 'step 9'].map((caption, i) => value('a', i * 10, caption))
    expect(texts(places(values, 'caption', 'step').rows)).toEqual(['ape', 'step 9', 'step 10', 'no caption'])
  })

  test('values of a config key by size, runs without it under "not set"', () => {
    const values = [value('a', 10), value('b', 10), value('c', 10)]
    expect(cellsOf(values, 'config:lr', 'config:model.depth', 10)).toEqual([
      '0.01 / 2: 1',
      '0.01 / 12: none logged',
      '0.01 / not set: none logged',
      '0.1 / 2: none logged',
      '0.1 / 12: 0',
      '0.1 / not set: 2',
    ])
  })

  test('runs of one cell stand in their order, each by the rule', () => {
    const values = [value('c', 10), value('a', 10), value('a', 20), value('c', 15)]
    expect(cellsOf(values, 'config:lr', 'none', 20, { kind: 'nearest' })).toEqual(['0.1 / : 2 3, for 20'])
    expect(cellsOf(values, 'config:lr', 'none', 20)).toEqual(['0.1 / : 2'])
  })

  test('the order of heads does not hang on that of the data', () => {
    const captions = ['5', '1e3', '2a', 'a', '', '1.0', '1', '-3', 'B', 'b', '0x10', ' ', 'é', 'e\u0301', '٣']
    const heads = (of: readonly string[]) =>
      places(
        of.map((caption) => value('a', 1, caption)),
        'caption',
        'step',
      ).rows.map(({ id }) => id)
    const expected = heads(captions)
    const random = makeRandom(3)
    for (let round = 0; round < 200; round++) {
      const other = [...captions]
      for (let i = other.length - 1; i > 0; i--) {
        const j = Math.floor(random() * (i + 1))
        ;[other[i], other[j]] = [other[j] ?? '', other[i] ?? '']
      }
      expect(heads(other)).toEqual(expected)
    }
  })
})

test('of any values and sides, each value has one place, and no cell holds one of another head', () => {
  const random = makeRandom(11)
  const sides: Dimension[] = ['run', 'step', 'caption', 'none', 'config:lr']
  for (let round = 0; round < 300; round++) {
    const values = Array.from({ length: round % 30 }, () =>
      value(
        pick(random, ['a', 'b', 'c']),
        pick(random, [10, 20, 30, Number.NaN]),
        pick(random, ['x', 'y', '']),
      ),
    )
    const [rows, columns] = [pick(random, sides), pick(random, [...sides, 'all' as const])]
    // without an asked step, every value stands somewhere, once
    const grid = gridOf(places(values, rows, columns), undefined, NOTHING)
    const seen: number[] = []
    for (const row of grid.rows)
      for (const column of grid.columns) {
        const { items } = grid.cell(row, column)
        seen.push(...items)
        for (const head of [row, column])
          for (const i of items) {
            if (head.run !== undefined) expect(values[i]?.run).toBe(head.run)
            if (head.step !== undefined) expect(values[i]?.step).toBe(head.step)
          }
      }
    expect(
      seen.sort((a, b) => a - b),
      `${rows} by ${columns}`,
    ).toEqual(values.map((_, i) => i))
    for (const heads of [grid.rows, grid.columns])
      expect(new Set(heads.map(({ id }) => id)).size).toBe(heads.length)
  }
})

test('an empty cell says why, a full one never does', () => {
  const random = makeRandom(12)
  for (let round = 0; round < 200; round++) {
    const values = Array.from({ length: 8 }, () =>
      value(pick(random, ['a', 'b', 'c']), pick(random, [10, 20, 30, Number.NaN]), pick(random, ['x', ''])),
    )
    const rule = pick<Otherwise>(random, [NOTHING, { kind: 'nearest' }, { kind: 'before', within: 10 }])
    const sides = pick<[Dimension, Dimension]>(random, [
      ['run', 'step'],
      ['run', 'none'],
      ['caption', 'run'],
      ['config:lr', 'caption'],
    ])
    const grid = gridOf(places(values, ...sides), pick(random, [5, 10, 20, 25, 40]), rule)
    for (const row of grid.rows)
      for (const column of grid.columns) {
        const { items, why, asked } = grid.cell(row, column)
        const head = column.text === 'no step'
        if (items.length > 0) expect(why).toBeUndefined()
        else expect([asked, why !== undefined || head]).toEqual([undefined, true])
      }
  }
})

describe('which columns are shown where not all fit', () => {
  test('all that fit, else the ends and evenly between them', () => {
    expect(spread(3, 5, -1)).toEqual([0, 1, 2])
    expect(spread(101, 5, -1)).toEqual([0, 25, 50, 75, 100])
    expect(spread(101, 1, 40)).toEqual([40])
    expect(spread(101, 1, -1)).toEqual([0])
  })

  test('always ascending, as many as fit, with the one that is held', () => {
    for (let count = 1; count < 60; count += 7)
      for (let room = 1; room < 12; room++)
        for (let hold = -1; hold < count; hold++) {
          const found = spread(count, room, hold)
          expect(found.length).toBe(Math.min(count, room))
          expect(new Set(found).size).toBe(found.length)
          expect(found).toEqual([...found].sort((a, b) => a - b))
          expect(found.every((place) => place >= 0 && place < count)).toBe(true)
          if (hold >= 0) expect(found, `${hold} of ${count} in ${room}`).toContain(hold)
          // the ends stay while there is a third place
          if (room > 2) expect([found[0], found.at(-1)]).toEqual([0, count - 1])
        }
  })

  test('those from a place on, never beyond the last', () => {
    expect(pageOfColumns(10, 4, 2)).toEqual([2, 3, 4, 5])
    expect(pageOfColumns(10, 4, 9)).toEqual([6, 7, 8, 9])
    expect(pageOfColumns(10, 4, -3)).toEqual([0, 1, 2, 3])
    expect(pageOfColumns(3, 4, 2)).toEqual([0, 1, 2])
  })
})
