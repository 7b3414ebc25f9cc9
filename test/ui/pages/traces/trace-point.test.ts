import { expect, test } from 'vitest'
import type { TraceRows } from '../../../../src/model/trace.ts'
import { tracePoint } from '../../../../src/ui/pages/traces/trace-point.ts'

const LIST = {
  runs: [
    { key: 'a', name: 'a' },
    { key: 'b', name: 'b' },
    { key: undefined, name: 'gone' },
  ],
  run: Int32Array.of(0, 0, 1, 1, 2),
  step: Float64Array.of(0, 100, 40, Number.NaN, 60),
} as unknown as TraceRows

test('a point is of the nearest step that has traces', () => {
  expect(tracePoint(LIST, 48, undefined)).toEqual({ step: 40, run: undefined })
  expect(tracePoint(LIST, 1000, undefined)).toEqual({ step: 100, run: undefined })
})

test('of a run whose line is pointed at it is one of its own steps', () => {
  expect(tracePoint(LIST, 48, 'a')).toEqual({ step: 0, run: 'a' })
  expect(tracePoint(LIST, 51, 'a')).toEqual({ step: 100, run: 'a' })
})

test('a run without traces has no point of its own: those of all runs are meant', () => {
  expect(tracePoint(LIST, 48, 'elsewhere')).toEqual({ step: 40, run: undefined })
})

test('without steps there is none', () => {
  expect(tracePoint({ ...LIST, step: new Float64Array(5).fill(Number.NaN) }, 0, undefined)).toBeUndefined()
})
