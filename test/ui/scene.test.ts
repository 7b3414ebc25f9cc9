import { describe, expect, test } from 'vitest'
import type { Frame, FrameQuery } from '../../src/model/view.ts'
import type { ShownRun } from '../../src/state/view/chart-context.ts'
import { nearestRun } from '../../src/ui/charts/hit.ts'
import {
  type Box,
  fromPixel,
  makeScene,
  pointBefore,
  toPixel,
  valueAt,
  xMap,
  yMap,
} from '../../src/ui/charts/scene.ts'
import { PLAIN, plainEnd } from '../frames.ts'

const box: Box = { left: 50, top: 10, width: 100, height: 200 }
const query: FrameQuery = {
  project: 'p',
  metric: 'loss',
  runs: ['a', 'b'],
  x: { kind: 'step' },
  xScale: 'linear',
  yScale: 'linear',
  range: { kind: 'full' },
  smoothing: { kind: 'mean', width: 0, factor: 1 },
  raw: false,
  width: 100,
}
const runs: ShownRun[] = ['a', 'b'].map((key, slot) => ({
  key,
  name: key,
  slot,
  style: { color: '#000000', dash: [] },
}))

// a: (0,0) (10,10); b: (0,5) (4,NaN) (8,1) (20,1)
function frame(): Frame {
  const main = {
    xs: Float64Array.of(0, 10, 0, 4, 8, 20),
    ys: Float64Array.of(0, 10, 5, NaN, 1, 1),
    starts: Uint32Array.of(0, 2, 6),
  }
  return {
    x: [0, 10],
    y: [0, 10],
    xFull: [0, 20],
    main,
    raw: { xs: new Float64Array(0), ys: new Float64Array(0), starts: new Uint32Array(3) },
    ends: [plainEnd(0, 10, 10, 2), plainEnd(1, 10, 10, 2)],
    marks: { run: new Uint32Array(0), x: new Float64Array(0), kind: new Uint8Array(0) },
    above: 0,
    below: 0,
    nonPositive: 0,
    nonFinite: 1,
    ...PLAIN,
    single: false,
    version: 'v1',
    fidelity: { rows: 6, drawn: 6, kind: 'exact' },
  }
}

const scene = makeScene(frame(), query, runs, 'light', false, 'utc')

describe('scene', () => {
  test('maps data to pixels and back, also on log axes', () => {
    expect(toPixel(xMap(scene, box), 5)).toBe(100)
    expect(toPixel(yMap(scene, box), 10)).toBe(10)
    const log = makeScene(
      { ...frame(), y: [1, 100] },
      { ...query, yScale: 'log' },
      runs,
      'light',
      false,
      'utc',
    )
    expect(toPixel(yMap(log, box), 10)).toBeCloseTo(110)
    expect(fromPixel(yMap(log, box), 110)).toBeCloseTo(10)
  })

  test('a run that was hidden since the frame was asked is left out', () => {
    expect(
      makeScene(frame(), query, runs.slice(1), 'light', false, 'utc').lines.map((line) => [
        line.run.key,
        line.index,
      ]),
    ).toEqual([['b', 1]])
  })

  test('finds points and heights within one line, not in its neighbours', () => {
    const { main } = scene.frame
    expect(pointBefore(main, 0, 12)).toBe(1)
    expect(pointBefore(main, 1, -1)).toBe(-1)
    expect(valueAt(main, 0, 2.5, false)).toBe(2.5)
    expect(valueAt(main, 0, 11, false)).toBeNaN()
    expect(valueAt(main, 1, 2, false)).toBeNaN() // between a point and a gap
    expect(valueAt(main, 1, 14, false)).toBe(1)
  })

  test('the nearest run is found by distance to its segments and only within reach', () => {
    expect(nearestRun(scene, box, 100, 112)).toBe('a') // a passes (100, 110)
    expect(nearestRun(scene, box, 140, 185)).toBe('b') // b lies at y = 190 there
    expect(nearestRun(scene, box, 60, 40)).toBe(undefined)
  })
})
