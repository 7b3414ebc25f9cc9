import { expect, test } from 'vitest'
import {
  type AlertFilter,
  countLevels,
  filterAlerts,
  foldAlerts,
  formatWhen,
  sortAlerts,
  stepsAround,
} from '../../src/compute/alert-list.ts'
import type { Alert } from '../../src/model/alert.ts'

const NONE: AlertFilter = { text: '', level: undefined, run: undefined, shown: false }
let ids = 0

function alert(change: Partial<Alert>): Alert {
  const plain = {
    id: `${++ids}`,
    run: 'r1',
    runName: 'one',
    level: 'warn',
    stored: 'warn',
    timestamp: '',
    time: 0,
    step: 1,
  } as const
  return { ...plain, title: 'Spike', text: null, ...change }
}

/** Newest first, as the engine gives them. */
const ALL = [
  alert({ step: 900, text: 'loss = NaN' }),
  alert({ step: null, level: 'info', title: 'Best yet', run: 'r10', runName: 'run 10' }),
  alert({ step: 500, level: 'error', title: 'NaN', text: 'in loss', run: 'r2', runName: 'run 2' }),
  alert({ step: 400 }),
  alert({ step: 1000, run: undefined, runName: 'gone' }),
]
const steps = (filter: Partial<AlertFilter>) =>
  filterAlerts(ALL, { ...NONE, ...filter }, (run) => run === 'r1').map(({ step }) => step)

test('words are sought in title and text, all of them, in any case', () => {
  expect(steps({})).toEqual([900, null, 500, 400, 1000])
  expect(steps({ text: 'nan' })).toEqual([900, 500])
  expect(steps({ text: ' LOSS  spike ' })).toEqual([900])
  expect(steps({ text: '(' })).toEqual([])
})

test.each([
  ['step > 500', [900, 1000]],
  ['step >= 500', [900, 500, 1000]],
  ['step<500', [400]],
  ['step = 1,000', [1000]],
  ['nan step > 400 step <= 500', [500]],
  ['step > ', []],
])('%s compares the step; alerts without one pass no comparison', (text, wanted) => {
  expect(steps({ text })).toEqual(wanted)
})

test('level, run by key or name, and shown runs alone', () => {
  expect(steps({ level: 'error' })).toEqual([500])
  expect(steps({ run: 'r1' })).toEqual([900, 400])
  expect(steps({ run: 'gone' })).toEqual([1000])
  expect(steps({ shown: true })).toEqual([900, 400])
  expect(countLevels(ALL)).toEqual({ error: 1, warn: 3, info: 1 })
})

test('repeats of a run, level and title are one line, where the newest stood, from the first step to the last', () => {
  const rows = foldAlerts(ALL, true)
  expect(rows.map(({ count, first, last }) => [count, first, last])).toEqual([
    [2, 400, 900],
    [1, null, null],
    [1, 500, 500],
    [1, 1000, 1000],
  ])
  expect(rows[0]?.alert).toBe(ALL[0])
  // nothing is lost, and the line stays itself when another repeat comes
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(ALL.length)
  expect(foldAlerts([alert({ step: 950 }), ...ALL], true)[0]).toMatchObject({
    id: rows[0]?.id,
    count: 3,
    last: 950,
  })
  expect(foldAlerts(ALL, false).map(({ id }) => id)).toEqual(ALL.map(({ id }) => id))
})

test('lines are put in order by time, step, level and run; equal ones stay newest first', () => {
  const rows = foldAlerts(ALL, false)
  const by = (...how: [Parameters<typeof sortAlerts>[1], boolean]) =>
    sortAlerts(rows, ...how).map(({ alert }) => alert.step)
  expect(by('time', true)).toEqual([900, null, 500, 400, 1000])
  expect(by('time', false)).toEqual([1000, 400, 500, null, 900])
  expect(by('step', false)).toEqual([400, 500, 900, 1000, null])
  expect(by('step', true)).toEqual([1000, 900, 500, 400, null])
  expect(by('level', true)).toEqual([500, 900, 400, 1000, null])
  // gone, one, one, run 2, run 10
  expect(by('run', false)).toEqual([1000, 900, 400, 500, null])
})

test('charts are looked at 5 % of the run to both sides', () => {
  expect(stepsAround(770, 770, { firstStep: 0, lastStep: 780 })).toEqual([731, 809])
  expect(stepsAround(650, 760, { firstStep: 0, lastStep: 780 })).toEqual([611, 799])
  expect(stepsAround(3, 3, { firstStep: 3, lastStep: 3 })).toEqual([2, 4])
})

test('times are told by their day', () => {
  const now = Date.UTC(2026, 10, 24, 12)
  expect(formatWhen(now - 4_860_000, now, 'utc')).toBe('Today 10:39')
  expect(formatWhen(Date.UTC(2026, 10, 23, 21, 58), now, 'utc')).toBe('Yesterday 21:58')
  expect(formatWhen(Date.UTC(2026, 10, 22, 8, 29), now, 'utc')).toBe('22 Nov 08:29')
  expect(formatWhen(Date.UTC(2025, 10, 22, 8, 29), now, 'utc')).toBe('22 Nov 2025 08:29')
  expect(formatWhen(Number.NaN, now, 'utc')).toBe('')
})
