import { describe, expect, it } from 'vitest'
import type { NamedFile } from '../../src/model/source.ts'
import { type Dropped, dropWhole } from './drop.ts'
import { filesOf } from './golden-fixtures.ts'

/*
 * Small files with damage that a reader can miss: a bit of the schema, a count of cells, a pointer, a
 * checksum. Each is read exactly, or what is wrong is said.
 */

const good = await dropWhole(ofName('00-good.db'))

describe('databases', () => {
  it('00: the healthy one says nothing', () => {
    expect(good.said).toEqual([])
    expect(good.projects[0]?.runs.map(({ rows }) => rows)).toEqual([8, 8, 8])
  })

  it('01: a table under another name than its SQL gives it: said, and read by the two names that agree', async () => {
    const bad = await dropWhole(ofName('01-schema-name-1bit.db'))
    expectSaid(bad, /list of tables/)
    expect(bad.projects[0]?.runs).toEqual(good.projects[0]?.runs)
  })

  it('02: a list of tables without an entry is no empty project', async () => {
    const bad = await dropWhole(ofName('02-schema-no-cells.db'))
    expectSaid(bad, /list of tables/)
    expect(bad.projects.flatMap(({ runs }) => runs)).toEqual([])
  })

  it('03: a step column that cannot be named: said, and no step is made up', async () => {
    const bad = await dropWhole(ofName('03-step-column-1bit.db'))
    expectSaid(bad, /3tep/)
    const steps = bad.projects
      .flatMap(({ runs }) => runs)
      .flatMap(({ metrics }) => Object.values(metrics).flatMap((one) => one.steps))
    expect(steps.filter((step) => !Number.isNaN(step))).toEqual([])
    // times and values are what they were
    expect(withoutSteps(bad)).toEqual(withoutSteps(good))
  })

  it('04: a column of run ids under another name: said', async () => {
    expectSaid(await dropWhole(ofName('04-run_id-column-1bit.db')), /sun_id.*run_id/)
  })

  it('05: a cell that the page does not count: said', async () => {
    expectSaid(
      await dropWhole(ofName('05-leaf-one-cell-less.db')),
      /damaged: page 10 \(\d+ of its bytes are neither/,
    )
  })

  it('06: two pointers to one cell: said, and the row is there once', async () => {
    const bad = await dropWhole(ofName('06-cell-pointer-twice.db'))
    expectSaid(bad, /damaged: page 10 .*row/)
    expect(rowsOf(bad)).toBe(23)
  })

  it('07: leaves in the wrong order: said as damage, and all rows are there', async () => {
    const bad = await dropWhole(ofName('07-two-leaves-swapped.db'))
    expectSaid(bad, /damaged: page \d+ .*order/)
    expect(rowsOf(bad)).toBe(24)
  })

  it('08: a leaf without cells: said', async () => {
    const bad = await dropWhole(ofName('08-leaf-without-cells.db'))
    expectSaid(bad, /damaged: page \d+ \(no rows/)
    expect(rowsOf(bad)).toBe(21)
  })

  it('09: a control character in a key: that row is refused and counted', async () => {
    const bad = await dropWhole(ofName('09-control-char-in-key.db'))
    expectSaid(bad, /1 row skipped/)
    const points = (dropped: Dropped): number =>
      dropped.projects
        .flatMap(({ runs }) => runs)
        .reduce((sum, { metrics }) => sum + (metrics.loss?.values.length ?? 0), 0)
    expect(points(bad)).toBe(points(good) - 1)
    expect(Object.keys(bad.projects[0]?.runs[0]?.metrics ?? {})).toEqual(
      Object.keys(good.projects[0]?.runs[0]?.metrics ?? {}),
    )
  })

  it('14: a log with a frame of page 0 counts up to the commit before it', async () => {
    const bad = await dropWhole(ofName('14-wal-page-number-0.db', '14-wal-page-number-0.db-wal'))
    expect(rowsOf(bad)).toBe(15)
    expectSaid(bad, /-wal.*frame/)
  })
})

describe('Parquet', () => {
  it.each([
    ['10-gzip-crc-broken.parquet', 'train/loss'],
    ['11-column-ends-early.parquet', 'step'],
    ['12-page-header.parquet', 'train/lr'],
    ['13-levels-out-of-range.parquet', 'score'],
  ])('%s: %s is said to be damaged and not shown', async (name, column) => {
    const bad = await dropWhole(ofName(name))
    expectSaid(bad, new RegExp(`${column} cannot be read`))
    for (const { metrics } of bad.projects.flatMap(({ runs }) => runs))
      expect(metrics[column]).toBeUndefined()
  })
})

function ofName(...names: string[]): NamedFile[] {
  return filesOf('attack', /./).filter(({ path }) => names.includes(path))
}

function expectSaid({ said }: Dropped, words: RegExp): void {
  expect(
    said.filter((line) => words.test(line)),
    `${words} among ${JSON.stringify(said)}`,
  ).not.toEqual([])
}

function rowsOf({ projects }: Dropped): number {
  return projects.flatMap(({ runs }) => runs).reduce((sum, { rows }) => sum + rows, 0)
}

function withoutSteps({ projects }: Dropped): unknown {
  return projects.map(({ runs }) =>
    runs.map((run) => ({
      ...run,
      metrics: Object.fromEntries(
        Object.entries(run.metrics).map(([name, { times, values }]) => [name, { times, values }]),
      ),
    })),
  )
}
