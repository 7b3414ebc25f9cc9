import { describe, expect, test } from 'vitest'
import { zoomOn } from '../../../src/engine/questions/zoom-on.ts'
import type { XAxis, Zoom } from '../../../src/model/view.ts'
import { projectOf, START } from '../made-project.ts'

const STEP: XAxis = { kind: 'step' }
const RELATIVE: XAxis = { kind: 'relative' }
const WALL: XAxis = { kind: 'wall' }
const EPOCH: XAxis = { kind: 'metric', name: 'epoch' }

describe('a zoom on another axis', () => {
  // a row a second, and every two: step 100 after 10 s and after 20 s; epochs in every second row
  const project = projectOf({
    fast: [0, 1, 2, 3, 4].map((i) => ({ step: 10 * i, time: START + 1000 * i, y: i })),
    slow: [0, 1, 2, 3, 4].map((i) => ({
      step: 10 * i,
      time: START + 5000 + 2000 * i,
      y: i,
      ...(i % 2 === 0 && { epoch: i / 4 }),
    })),
  })
  const on = (runs: string[], from: XAxis, to: XAxis, zoom: Zoom): Zoom | undefined =>
    zoomOn(project, { project: 'made', runs, from, to, zoom })

  test('spans what the runs have at its steps', () => {
    expect(on(['fast'], STEP, RELATIVE, { min: 10, max: 30 })).toEqual({ min: 1, max: 3 })
    expect(on(['fast', 'slow'], STEP, RELATIVE, { min: 10, max: 30 })).toEqual({ min: 1, max: 6 })
    expect(on(['slow'], STEP, WALL, { min: 10, max: 30 })).toEqual({ min: START + 7000, max: START + 11_000 })
    // 4 s to 6 s are the steps 20 and 30 of the slow run, and the step 40 of the fast one
    expect(on(['fast', 'slow'], RELATIVE, STEP, { min: 4, max: 6 })).toEqual({ min: 20, max: 40 })
    expect(on(['slow'], RELATIVE, WALL, { min: 2, max: 4 })).toEqual({ min: START + 7000, max: START + 9000 })
  })
  test('takes a metric by the steps that it was logged at', () => {
    expect(on(['slow'], STEP, EPOCH, { min: 5, max: 40 })).toEqual({ min: 0.5, max: 1 })
    expect(on(['slow'], EPOCH, STEP, { min: 0.25, max: 1 })).toEqual({ min: 20, max: 40 })
    expect(on(['slow'], EPOCH, RELATIVE, { min: 0, max: 0.5 })).toEqual({ min: 0, max: 4 })
  })
  test('leaves an open end open', () => {
    expect(on(['fast'], STEP, RELATIVE, { min: 20 })).toEqual({ min: 2, max: undefined })
    expect(on(['fast'], STEP, RELATIVE, { max: 20 })).toEqual({ min: undefined, max: 2 })
  })
  test('is none where no two places are left', () => {
    expect(on(['fast'], STEP, RELATIVE, { min: 11, max: 19 })).toBeUndefined()
    expect(on(['fast'], STEP, RELATIVE, { min: 10, max: 12 })).toBeUndefined()
    expect(on(['fast'], STEP, EPOCH, { min: 0, max: 40 })).toBeUndefined()
    expect(on(['gone'], STEP, RELATIVE, { min: 0, max: 40 })).toBeUndefined()
  })
  test('of rows without times the step is the time', () => {
    const untimed = projectOf({ a: [0, 10, 20].map((step) => ({ step, time: Number.NaN, y: 1 })) })
    expect(
      zoomOn(untimed, {
        project: 'made',
        runs: ['a'],
        from: STEP,
        to: RELATIVE,
        zoom: { min: 5, max: 20 },
      }),
    ).toEqual({ min: 10, max: 20 })
  })
})
