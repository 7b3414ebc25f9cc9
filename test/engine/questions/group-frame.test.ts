import { describe, expect, test } from 'vitest'
import { groupFrameOf } from '../../../src/engine/questions/group-frame.ts'
import { groupProbeOf } from '../../../src/engine/questions/group-probe.ts'
import { groupCsvOf, groupPageOf } from '../../../src/engine/questions/group-rows.ts'
import type { GroupLines } from '../../../src/model/groups.ts'
import type { Lines } from '../../../src/model/view.ts'
import { makeRandom } from '../../random.ts'
import { ask, askAt, projectOf, valuesOf } from '../made-project.ts'

function line(lines: Lines, i: number): [number, number][] {
  const [from, to] = [lines.starts[i] as number, lines.starts[i + 1] as number]
  return Array.from({ length: to - from }, (_, k) => [
    lines.xs[from + k] as number,
    lines.ys[from + k] as number,
  ])
}

const groups = (list: Record<string, string[]>, change: Partial<GroupLines> = {}): GroupLines => ({
  list: Object.entries(list).map(([id, runs]) => ({ id, runs })),
  ...{ statistic: 'mean', band: 'range', both: false, ...change },
})

/** a ends first, b logs every second step, c begins late; d is alone. */
const project = () =>
  projectOf({
    a: valuesOf([1, 2, 3]),
    b: [
      { step: 0, y: 3 },
      { step: 2, y: 5 },
      { step: 4, y: 9 },
    ],
    c: [
      { step: 1, y: 6 },
      { step: 2, y: 7 },
      { step: 4, y: 8 },
    ],
    d: valuesOf([10, 20, 30, 40, 50]),
  })
const RUNS = ['a', 'b', 'c', 'd']
const QUERY = { groups: groups({ 'g:=x': ['a', 'b', 'c'], 'g:=y': ['d'] }) }

describe('a frame of groups', () => {
  test('has the mean of what runs have at each x that one of them logged, inside their ranges', () => {
    const frame = groupFrameOf(project(), ask(RUNS, QUERY))
    // d stands for itself; at 1 b is between 3 and 5, at 4 a has ended
    expect(frame.ends.map(({ run }) => run)).toEqual([3, 4])
    expect(line(frame.main, 0)).toEqual([0, 1, 2, 3, 4].map((x) => [x, 10 * (x + 1)]))
    expect(line(frame.main, 1)).toEqual([
      [0, 2],
      [1, 4],
      [2, 5],
      [4, 8.5],
    ])
    expect(frame.groups).toEqual({
      runs: Uint32Array.of(0, 3),
      small: 1,
      linePlaces: Number.POSITIVE_INFINITY,
      bandPlaces: Number.POSITIVE_INFINITY,
      best: undefined,
    })
    // a band only where three runs are
    const { starts, xs, low, high } = frame.bands as NonNullable<typeof frame.bands>
    expect([...starts]).toEqual([0, 0, 4])
    expect([...xs]).toEqual([0, 1, 2, 4])
    expect([...low]).toEqual([NaN, 2, 3, NaN])
    expect([...high]).toEqual([NaN, 6, 7, NaN])
    expect(frame.ends[1]).toMatchObject({
      x: 4,
      drawn: 8.5,
      logged: 8.5,
      ending: 8.5,
      rows: 3,
      least: 1,
      greatest: 9,
    })
    expect(frame.fidelity).toEqual({ rows: 14, drawn: 14, kind: 'exact' })
    expect(frame.y[0]).toBeLessThanOrEqual(2)
    expect(frame.y[1]).toBeGreaterThanOrEqual(50)
  })
  test('zoomed between two points the line goes through', () => {
    const frame = groupFrameOf(project(), ask(RUNS, { ...QUERY, zoom: { min: 2.5, max: 3.5 } }))
    expect(line(frame.main, 1).slice(0, 2)).toEqual([
      [2, 5],
      [4, 8.5],
    ])
    expect(frame.ends[1]?.seen).toBeNaN()
  })
  test('with their runs behind has those as one broken line', () => {
    const frame = groupFrameOf(project(), ask(RUNS, { groups: { ...QUERY.groups, both: true } }))
    const behind = line(frame.raw, 1)
    expect(behind.filter(([, y]) => Number.isNaN(y)).length).toBe(3)
    expect(behind.filter(([, y]) => !Number.isNaN(y)).map(([, y]) => y)).toEqual([1, 2, 3, 3, 5, 9, 6, 7, 8])
    expect(line(frame.raw, 0)).toEqual([])
  })
  test('smooths each run first, and prints the statistic of what was logged', () => {
    const random = makeRandom(4)
    const values = [0, 1, 2].map(() => Array.from({ length: 200 }, random))
    const made = projectOf(Object.fromEntries(values.map((v, i) => [`r${i}`, valuesOf(v)])))
    const smoothing = { kind: 'mean', width: 10, factor: 1 } as const
    const asked = ask(['r0', 'r1', 'r2'], {
      smoothing,
      width: 2000,
      groups: groups({ 'g:=': ['r0', 'r1', 'r2'] }),
    })
    const frame = groupFrameOf(made, asked)
    const middle = line(frame.main, 0)[100] as [number, number]
    const wanted = values.reduce((sum, v) => sum + v.slice(95, 106).reduce((s, x) => s + x, 0) / 11, 0) / 3
    expect(middle[1]).toBeCloseTo(wanted, 12)
    expect(frame.ends[0]?.ending).toBeCloseTo(values.reduce((sum, v) => sum + (v[199] as number), 0) / 3, 12)
    expect(frame.treatment).toMatchObject({ logged: 0, from: 11, to: 11 })
    // the same question again is answered from what is known
    expect(groupFrameOf(made, { ...asked, range: { kind: 'zero' } }).main).toEqual(frame.main)
  })
  test('names the best logged value and where it stands', () => {
    const made = projectOf(
      Object.fromEntries(
        [3, 1, 2].map((low, i) => [`r${i}`, [9, low, 5].map((loss, step) => ({ step, loss }))]),
      ),
    )
    const asked = { metric: 'loss', groups: groups({ 'g:=': ['r0', 'r1', 'r2'] }) }
    expect(groupFrameOf(made, ask(['r0', 'r1', 'r2'], asked)).groups?.best).toEqual({
      run: 'r1',
      x: 1,
      value: 1,
    })
  })
  test('keeps the extremes of a long line in every pixel', () => {
    const spike = Array.from({ length: 50_000 }, (_, i) => (i === 33_333 ? 90 : 1))
    const made = projectOf({ a: valuesOf(spike), b: valuesOf(spike), c: valuesOf(spike.map(() => 1)) })
    const frame = groupFrameOf(made, ask(['a', 'b', 'c'], { groups: groups({ 'g:=': ['a', 'b', 'c'] }) }))
    const ys = line(frame.main, 0).map(([, y]) => y)
    expect(ys.length).toBeLessThan(1300)
    expect(Math.max(...ys)).toBeCloseTo(181 / 3, 12)
    expect(Math.max(...(frame.bands?.high ?? []))).toBe(90)
    expect(frame.bands?.xs.length).toBeLessThanOrEqual(301)
  })
  test('of single values is that of the runs', () => {
    const made = projectOf({ a: valuesOf([1]), b: valuesOf([2]), c: valuesOf([3]) })
    const frame = groupFrameOf(made, ask(['a', 'b', 'c'], { groups: groups({ 'g:=': ['a', 'b', 'c'] }) }))
    expect(frame.single).toBe(true)
    expect(frame.ends.length).toBe(3)
  })
})

describe('differences', () => {
  test('of runs to a run, inside its range', () => {
    const base = { runs: ['b'], group: false, statistic: 'mean' } as const
    const frame = groupFrameOf(project(), ask(['a', 'c', 'd'], { base: { ...base, runs: ['b'] } }))
    expect(line(frame.main, 0)).toEqual([
      [0, -2],
      [1, -2],
      [2, -2],
    ])
    expect(line(frame.main, 2).map(([, y]) => y)).toEqual([7, 16, 25, 33, 41])
    expect(frame.ends[1]).toMatchObject({ ending: -1, least: -1, greatest: 2 })
  })
  test('by seed are averaged run by run; without partners group from group', () => {
    const made = projectOf({
      ...{ a: valuesOf([1, 2]), b: valuesOf([3, 4]), c: valuesOf([5, 9]) },
      ...{ p: valuesOf([0, 0]), q: valuesOf([1, 1]), r: valuesOf([5, 5]) },
    })
    const asked = { 'g:=x': ['a', 'b', 'c'] }
    const base = { runs: ['p', 'q', 'r'], group: true, statistic: 'mean' as const }
    const plain = groupFrameOf(made, ask(['a', 'b', 'c'], { groups: groups(asked), base }))
    expect(line(plain.main, 0)).toEqual([
      [0, 1],
      [1, 3],
    ])
    expect([...(plain.bands?.low ?? [])]).toEqual([1 - 5, 2 - 5])
    const list = [{ id: 'g:=x', runs: ['a', 'b', 'c'], paired: true }]
    const partners = { a: 'p', b: 'q', c: 'r' }
    const paired = groupFrameOf(
      made,
      ask(['a', 'b', 'c'], { groups: { ...groups({}), list }, base: { ...base, partners } }),
    )
    expect(line(paired.main, 0)).toEqual([
      [0, 1],
      [1, 3],
    ])
    // differences by seed: 1 2 0, then 2 3 4
    expect([...(paired.bands?.low ?? [])]).toEqual([0, 2])
    expect([...(paired.bands?.high ?? [])]).toEqual([2, 4])
  })
  test('to what logged nothing there are none', () => {
    const frame = groupFrameOf(
      project(),
      ask(['a'], { base: { runs: ['gone'], group: false, statistic: 'mean' } }),
    )
    expect(frame.ends).toEqual([])
  })
})

test('at the crosshair a group has its value there, its band and n, and the pairs above the baseline', () => {
  const probe = groupProbeOf(project(), askAt(1, ['g:=x', 'd'], { ...QUERY, pairs: ['a', 'd'] }))
  expect([...probe.drawn]).toEqual([4, 20])
  expect([...probe.logged]).toEqual([4, 20])
  expect([...probe.x]).toEqual([1, 1])
  expect([...(probe.groups?.low ?? [])]).toEqual([2, NaN])
  expect([...(probe.groups?.n ?? [])]).toEqual([3, 0])
  // 2 4 6 against 2 20: one tie, two above
  expect([probe.groups?.above[0], probe.groups?.pairs[0]]).toEqual([2.5, 6])
  const late = groupProbeOf(project(), askAt(9, ['g:=x'], QUERY))
  expect([...late.index]).toEqual([-1])
})

test('the table and the file have a row for each x, with n', async () => {
  const rows = {
    project: 'made',
    metric: 'y',
    runs: RUNS,
    x: { kind: 'step' } as const,
    groups: QUERY.groups,
  }
  const page = groupPageOf(project(), { ...rows, from: 0, count: 3 })
  expect(page.lines).toEqual(['g:=x', 'd'])
  expect([...page.xs]).toEqual([0, 1, 2])
  expect(page.total).toBe(5)
  expect([...page.value]).toEqual([2, 10, 4, 20, 5, 30])
  expect([...page.n]).toEqual([2, 1, 3, 1, 3, 1])
  expect([...page.low]).toEqual([NaN, NaN, 2, NaN, 3, NaN])
  const text = await (await groupCsvOf(project(), { ...rows, names: { 'g:=x': 'x, all' } })).text()
  expect(text.split('\n').slice(0, 4)).toEqual([
    'line,step,mean of y,low (range),high (range),n',
    '"x, all",0,2,,,2',
    '"x, all",1,4,2,6,3',
    '"x, all",2,5,3,7,3',
  ])
  expect(text).toContain('\nd,4,50,,,1\n')
})
