import { describe, expect, test } from 'vitest'
import type { XAxis } from '../../src/model/view.ts'
import type { AlertMark, ShownRun } from '../../src/state/view/chart-context.ts'
import {
  firstLine,
  headingsOf,
  makeAlerts,
  mergeMarks,
  placeAlerts,
  spokenAlerts,
} from '../../src/ui/charts/alert-marks.ts'
import { type Box, makeScene, type PlacedAlert } from '../../src/ui/charts/scene.ts'
import { PLAIN, plainEnd } from '../frames.ts'

const runs: ShownRun[] = ['a', 'b'].map((key, slot) => ({
  key,
  name: `run ${key}`,
  slot,
  created: 1000 * (slot + 1),
  style: { color: '#000000', dash: [] },
}))

/** Of two runs, x from 0 to 100. */
function sceneOf(
  x: XAxis = { kind: 'step' },
  shown = runs,
  more: { single?: boolean; x?: [number, number] } = {},
) {
  const none = { xs: new Float64Array(0), ys: new Float64Array(0), starts: new Uint32Array(3) }
  return makeScene(
    {
      x: [0, 100],
      y: [0, 1],
      xFull: [0, 100],
      main: none,
      raw: none,
      ends: [plainEnd(0, 100, 1, 2), plainEnd(1, 100, 1, 2)],
      marks: { run: new Uint32Array(0), x: new Float64Array(0), kind: new Uint8Array(0) },
      above: 0,
      below: 0,
      nonPositive: 0,
      nonFinite: 0,
      ...PLAIN,
      single: false,
      version: 'v1',
      fidelity: { rows: 4, drawn: 4, kind: 'exact' },
      ...more,
    },
    {
      project: 'p',
      metric: 'loss',
      runs: ['a', 'b'],
      x,
      xScale: 'linear',
      yScale: 'linear',
      range: { kind: 'full' },
      smoothing: { kind: 'mean', width: 0, factor: 1 },
      raw: false,
      width: 200,
    },
    shown,
    'light',
    false,
    'utc',
  )
}

function alert(run: string, step: number | null, level: AlertMark['level'] = 'info', time = NaN): AlertMark {
  return { run, step, level, time, title: `${level} at ${step}`, text: null }
}

const placed = (x: number, level: AlertMark['level'] = 'info'): PlacedAlert => ({
  alert: alert('a', x, level),
  shown: runs[0]!,
  x,
})
const shapes = (all: PlacedAlert[]) =>
  mergeMarks(all, (x) => x).map(({ px, alerts }) => [px, alerts[0]?.alert.level, alerts.length])

describe('alerts on an axis', () => {
  test('stand at their step, from left to right, of drawn runs and in view only', () => {
    const found = placeAlerts(sceneOf(), [
      alert('a', 60),
      alert('b', 7),
      alert('c', 8),
      alert('a', 101),
      alert('a', -1),
      alert('a', null),
    ])
    expect(found.map(({ x, shown }) => [x, shown.key])).toEqual([
      [7, 'b'],
      [60, 'a'],
    ])
    expect(placeAlerts(sceneOf({ kind: 'step' }, [runs[0]!]), [alert('b', 7)])).toEqual([])
  })

  test('stand at their time: seconds since the first row of their own run, or ms since 1970', () => {
    // 31,000 ms, of runs that started at 1,000 and 2,000 ms
    const all = [alert('a', 5, 'info', 31_000), alert('b', 5, 'info', 31_000), alert('a', 5)]
    expect(placeAlerts(sceneOf({ kind: 'relative' }), all).map(({ x }) => x)).toEqual([29, 30])
    const wall = placeAlerts(sceneOf({ kind: 'wall' }, runs, { x: [0, 1e6] }), all)
    expect(wall.map(({ x }) => x)).toEqual([31_000, 31_000])
  })

  test('have no place where x is a metric, or where there are bars', () => {
    expect(placeAlerts(sceneOf({ kind: 'metric', name: 'epoch' }), [alert('a', 5)])).toEqual([])
    expect(placeAlerts(sceneOf({ kind: 'step' }, runs, { single: true }), [alert('a', 5)])).toEqual([])
    expect(makeAlerts(sceneOf(), [alert('c', 5)])).toBeUndefined()
  })
})

describe('shapes', () => {
  test('nearer than 9 px are one, of the gravest level and at its place', () => {
    expect(shapes([placed(10), placed(18, 'error'), placed(14, 'warn'), placed(27, 'warn')])).toEqual([
      [18, 'error', 3],
      [27, 'warn', 1],
    ])
  })

  test('of a long row stay a row: none is further than 9 px from its own', () => {
    const row = Array.from({ length: 1000 }, (_, i) => placed(i / 2))
    const marks = mergeMarks(row, (x) => x)
    expect(marks.map(({ px }) => px)).toEqual(Array.from({ length: 56 }, (_, i) => 9 * i))
    expect(marks.reduce((sum, { alerts }) => sum + alerts.length, 0)).toBe(1000)
    for (const { px, alerts } of marks) for (const { x } of alerts) expect(Math.abs(x - px)).toBeLessThan(9)
  })
})

describe('the crosshair', () => {
  const box: Box = { left: 50, top: 8, width: 200, height: 100 }
  const picture = makeAlerts(sceneOf(), [
    alert('a', 20, 'warn'),
    alert('b', 20, 'error'),
    alert('b', 23),
    alert('a', 80),
  ])

  test('goes to a shape within 6 px, near the upper edge only', () => {
    // step 20 is at 50 + 2 × 20 = 90
    expect(picture?.snap(box, 95, 8)).toBe(20)
    expect(picture?.snap(box, 97, 8)).toBeUndefined()
    expect(picture?.snap(box, 90, 40)).toBeUndefined()
  })

  test('stands on all that a shape is of, the gravest first, and on steps that have none of their own', () => {
    const at = (x: number) => picture?.at(box, x).map(({ alert: { title } }) => title)
    expect(at(20)).toEqual(['error at 20', 'warn at 20', 'info at 23'])
    expect(at(23)).toEqual(['info at 23'])
    expect(at(80)).toEqual(['info at 80'])
    expect(at(21)).toEqual([])
  })

  test('says level, title, run, step and the first line of the text, of three at most', () => {
    const long: PlacedAlert = {
      ...placed(1200, 'error'),
      alert: { ...alert('a', 1200, 'error'), text: 'first\n\nsecond' },
    }
    expect(spokenAlerts([long])).toBe('Error: error at 1200, run a, step 1,200, first')
    expect(spokenAlerts([1, 2, 3, 4, 5].map((x) => placed(x)))).toMatch(
      /^Info: info at 1, run a, step 1\. .*step 3\. and 2 more$/,
    )
    expect(firstLine(null)).toBe('')
    expect(firstLine('\n  one \ntwo')).toBe('one')
  })

  test('has runs that warned of the same under one title', () => {
    const again = { ...placed(7, 'warn'), shown: runs[1]! }
    const folds = headingsOf([placed(7, 'warn'), placed(7), again, placed(8, 'warn')])
    expect(
      folds.map(({ alert: { title }, all }) => [title, all.map(({ shown }) => shown.key).join()]),
    ).toEqual([
      ['warn at 7', 'a,b'],
      ['info at 7', 'a'],
      ['warn at 8', 'a'],
    ])
  })

  test('is told how many there are, and of which levels', () => {
    expect(picture?.words).toBe('4 alerts')
    expect(picture?.key).toBe('4 alerts: 1 error ▼, 1 warn ▲, 2 info ●')
  })
})
