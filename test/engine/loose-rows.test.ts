import { describe, expect, test } from 'vitest'
import { seriesOf } from '../../src/engine/columns/series-store.ts'
import type { LoggedRun } from '../../src/engine/formats/dataset.ts'
import { type LooseRow, type LooseRows, makeLooseRows } from '../../src/engine/formats/loose-rows.ts'
import { makeRandom, pick } from '../random.ts'

const encoder = new TextEncoder()

function row(
  name: string,
  timestamp: string,
  step: number | undefined,
  values: string,
  more: Partial<LooseRow> = {},
): LooseRow {
  return { id: null, name, timestamp, step, payload: encoder.encode(values), ...more }
}

function at(second: number, zone = '+00:00'): string {
  return `2026-01-01T00:00:${String(second).padStart(2, '0')}${zone}`
}

function runOf(rows: LooseRows, name: string, id: string | null = null): LoggedRun {
  return rows.runs.find((run) => run.name === name && run.id === id) ?? expect.fail(`no run ${name}`)
}

/** Steps and values of a metric, in row order. */
function points(rows: LooseRows, name: string, metric: string, id: string | null = null): [number, number][] {
  const run = runOf(rows, name, id)
  const column = run.columns.metrics[rows.keys.byName.get(metric) ?? -1]
  if (!column) return []
  const { steps, values } = seriesOf(run.columns, column)
  return Array.from(values, (value, i) => [steps[i] as number, value])
}

describe('rows that come as values', () => {
  test('make runs by id and name, in order of first appearance', () => {
    const rows = makeLooseRows()
    rows.add(row('a', at(1), 0, '{"v":1}', { id: '1' }))
    rows.add(row('b', at(1), 0, '{"v":2}', { id: '2' }))
    rows.add(row('a', at(2), 1, '{"v":3}', { id: '1' }))
    rows.add(row('a', at(2), 0, '{"v":4}', { id: '3' }))
    rows.add(row('a', at(3), 0, '{"v":5}'))
    expect(rows.runs.map(({ id, name, rows }) => [id, name, rows])).toEqual([
      ['1', 'a', 2],
      ['2', 'b', 1],
      ['3', 'a', 1],
      [null, 'a', 1],
    ])
    expect(points(rows, 'a', 'v', '1')).toEqual([
      [0, 1],
      [1, 3],
    ])
    expect(rows.rows).toBe(5)
  })

  test('keep what each row logged, and only that', () => {
    const rows = makeLooseRows()
    rows.add(row('a', at(1), 0, '{"loss":"NaN","acc":1}'))
    rows.add(row('a', at(2), 1, '{"loss":"-Infinity","img":{"_type":"trackio.image","file_path":"x"}}'))
    rows.add(row('a', at(3), 2, '{"loss":0.1,"acc":2,"on":true}'))
    expect(points(rows, 'a', 'loss')).toEqual([
      [0, Number.NaN],
      [1, Number.NEGATIVE_INFINITY],
      [2, 0.1],
    ])
    expect(points(rows, 'a', 'acc')).toEqual([
      [0, 1],
      [2, 2],
    ])
    const kinds = runOf(rows, 'a').kinds.flatMap((kinds, key) =>
      kinds ? [[rows.keys.names[key], Object.fromEntries(kinds)]] : [],
    )
    expect(Object.fromEntries(kinds)).toEqual({ img: { 'trackio.image': 1 }, on: { bool: 1 } })
  })

  test('may lie anywhere in one buffer or in buffers of their own', () => {
    const rows = makeLooseRows()
    const page = encoder.encode('{"v":1}{"v":22}')
    rows.add(row('a', at(1), 0, '', { payload: page.subarray(0, 7) }))
    rows.add(row('a', at(1), 1, '', { payload: encoder.encode('{"v":333}') }))
    rows.add(row('a', at(1), 2, '', { payload: page.subarray(7) }))
    expect(points(rows, 'a', 'v').map(([, value]) => value)).toEqual([1, 333, 22])
  })

  test('count without values where the payload is no JSON object, and are told apart', () => {
    const rows = makeLooseRows()
    const read = ['{"v":1}', '', '[1]', '{"v":', 'null', '{}', '{"v":2}'].map((text, step) =>
      rows.add(row('a', at(step), step, text)),
    )
    expect(read).toEqual([true, false, false, false, false, true, true])
    expect([rows.rows, rows.unreadable, runOf(rows, 'a').rows]).toEqual([7, 4, 7])
    expect(points(rows, 'a', 'v')).toEqual([
      [0, 1],
      [6, 2],
    ])
  })
})

describe('order', () => {
  test('is that of the timestamp’s text, then of arrival', () => {
    const rows = makeLooseRows()
    // as text `…T…` sorts behind `… …`, and +00:00 before .5
    const stamps = [at(5), at(3), at(5), '', '2026-01-01 00:00:09', at(3, '.5+00:00'), at(3)]
    stamps.forEach((stamp, step) => {
      rows.add(row('a', stamp, step, `{"v":${step}}`))
    })
    expect(runOf(rows, 'a').columns.ordered).toBe(false)
    rows.settle()
    expect(points(rows, 'a', 'v').map(([step]) => step)).toEqual([3, 4, 1, 6, 5, 0, 2])
    expect(runOf(rows, 'a').columns).toMatchObject({ ordered: true, monotone: false })
    expect(runOf(rows, 'a').span()).toMatchObject({
      firstTime: '',
      lastTime: at(5),
      firstStep: 0,
      lastStep: 6,
    })
  })

  test('is that of a rank where rows of one time have one', () => {
    const rows = makeLooseRows()
    for (const [step, rank] of [3, Number.NEGATIVE_INFINITY, 1, 3, 2].entries())
      rows.add(row('a', at(1), step, '{"v":1}', { rank }))
    rows.add(row('a', at(0), 5, '{"v":1}', { rank: 9 }))
    rows.settle()
    rows.add(row('a', at(1), 6, '{"v":1}', { rank: 2 }))
    rows.settle()
    expect(points(rows, 'a', 'v').map(([step]) => step)).toEqual([5, 1, 2, 4, 6, 0, 3])
  })

  test('holds however often late rows come', () => {
    const rows = makeLooseRows()
    const random = makeRandom(7)
    const wanted: { stamp: string; step: number }[] = []
    for (let step = 0; step < 400; step++) {
      const stamp = at(Math.floor(random() * 60), pick(random, ['+00:00', '.25+00:00']))
      rows.add(row('a', stamp, step, step % 3 === 0 ? `{"v":${step},"w":1}` : `{"w":${step}}`))
      wanted.push({ stamp, step })
      if (step % 50 === 49) rows.settle()
    }
    const sorted = wanted.sort((a, b) => (a.stamp < b.stamp ? -1 : a.stamp > b.stamp ? 1 : a.step - b.step))
    const { steps, times } = runOf(rows, 'a').columns
    expect([...steps.data.subarray(0, steps.length)]).toEqual(sorted.map(({ step }) => step))
    expect([...times.data.subarray(0, times.length)]).toEqual(sorted.map(({ stamp }) => Date.parse(stamp)))
    const logged = sorted.filter(({ step }) => step % 3 === 0)
    expect(points(rows, 'a', 'v')).toEqual(logged.map(({ step }) => [step, step]))
  })

  test('numbers the rows where no step is stored', () => {
    const rows = makeLooseRows()
    for (const [i, second] of [30, 10, 20].entries()) rows.add(row('a', at(second), undefined, `{"v":${i}}`))
    rows.settle()
    expect(points(rows, 'a', 'v')).toEqual([
      [0, 1],
      [1, 2],
      [2, 0],
    ])
  })

  test('a batch that shares one time stays as it came, and has that time', () => {
    const rows = makeLooseRows()
    for (const [step, second] of [4, 4, 4, 2, 2].entries())
      rows.add(row('a', at(second), step, `{"v":${step}}`))
    rows.settle()
    for (const step of [5, 6]) rows.add(row('a', at(4), step, `{"v":${step}}`))
    rows.settle()
    expect(points(rows, 'a', 'v').map(([step]) => step)).toEqual([3, 4, 0, 1, 2, 5, 6])
    const { times } = runOf(rows, 'a').columns
    expect([...times.data.subarray(0, times.length)]).toEqual(
      [2, 2, 4, 4, 4, 4, 4].map((second) => Date.parse(at(second))),
    )
  })
})

test('steps that go back or are missing are kept and told', () => {
  const rows = makeLooseRows()
  for (const [i, step] of [5, Number.NaN, -2, 2.5].entries()) rows.add(row('a', at(i), step, '{"v":1}'))
  rows.settle()
  expect(runOf(rows, 'a').columns.monotone).toBe(false)
  expect(runOf(rows, 'a').span()).toMatchObject({ firstStep: -2, lastStep: 5 })
})

test('a sample shares the keys and keeps the rows’ ids', () => {
  const rows = makeLooseRows()
  rows.add(row('a', at(1), 0, '{"v":1}'))
  const sample = makeLooseRows({ keys: rows.keys, keepRowids: true })
  for (const rowid of [3, 90, 7000]) sample.add(row('a', at(2), rowid, '{"w":1,"v":2}', { rowid }))
  expect([...(runOf(sample, 'a').rowids ?? [])]).toEqual([3, 90, 7000])
  expect(runOf(rows, 'a').rowids).toBeUndefined()
  expect(rows.keys.names).toEqual(['v', 'w'])
  expect(points(sample, 'a', 'v').length).toBe(3)
})
