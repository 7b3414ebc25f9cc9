import { describe, expect, test } from 'vitest'
import {
  nearestTick,
  type Otherwise,
  ordinal,
  otherwiseText,
  parseOtherwise,
  pickStep,
  stepsBy,
  tickFrom,
  unionSteps,
  usualGap,
  whyNone,
} from '../../src/compute/media-steps.ts'
import { lowerBound } from '../../src/compute/thin.ts'
import { makeRandom } from '../random.ts'

const NOTHING: Otherwise = { kind: 'nothing' }
const NEAREST: Otherwise = { kind: 'nearest' }
const before = (within: number): Otherwise => ({ kind: 'before', within })

describe('which step of a run stands for the asked one', () => {
  const steps = [100, 200, 400, 1000]
  test.each<[number, Otherwise, number | undefined]>([
    // what was logged there, whatever the rule
    [400, NOTHING, 400],
    [400, NEAREST, 400],
    [400, before(0), 400],
    [300, NOTHING, undefined],
    // of two as near the earlier
    [300, NEAREST, 200],
    [301, NEAREST, 400],
    [0, NEAREST, 100],
    [5000, NEAREST, 1000],
    // the distance itself is within
    [300, before(100), 200],
    [300, before(99.5), undefined],
    [99, before(Number.POSITIVE_INFINITY), undefined],
    [5000, before(Number.POSITIVE_INFINITY), 1000],
    [5000, before(3999), undefined],
    [999.5, NEAREST, 1000],
  ])('%d, %j: %s', (asked, otherwise, found) => {
    expect(pickStep(steps, asked, otherwise)).toBe(found)
  })

  test('of a run without steps none', () => {
    for (const rule of [NOTHING, NEAREST, before(1e9)]) expect(pickStep([], 5, rule)).toBeUndefined()
  })

  test('by any rule what looking through all of them finds', () => {
    const random = makeRandom(5)
    for (let round = 0; round < 500; round++) {
      const some = [...new Set(Array.from({ length: round % 9 }, () => Math.floor(random() * 40) - 9))]
      const sorted = some.sort((a, b) => a - b)
      const asked = Math.floor(random() * 50) - 14
      const within = Math.floor(random() * 12)
      const earlier = sorted.filter((step) => step <= asked && asked - step <= within)
      expect(pickStep(sorted, asked, before(within))).toBe(earlier.at(-1))
      const least = Math.min(...sorted.map((step) => Math.abs(step - asked)))
      expect(pickStep(sorted, asked, NEAREST)).toBe(sorted.find((step) => Math.abs(step - asked) === least))
      expect(pickStep(sorted, asked, NOTHING)).toBe(sorted.includes(asked) ? asked : undefined)
      expect(lowerBound(sorted, asked)).toBe(sorted.filter((step) => step < asked).length)
    }
  })
})

describe('why none does', () => {
  const steps = [1000, 9200]
  test.each<[number[], number, Otherwise, string]>([
    [[], 5, NEAREST, 'run has none'],
    [steps, 9300, NOTHING, 'run ended at 9,200'],
    [steps, 9300, before(10), 'run ended at 9,200'],
    [steps, 999, before(10), 'run begins at 1,000'],
    [steps, 5000, before(1500), 'none within 1,500'],
    [steps, 5000, NOTHING, 'between 1,000 and 9,200'],
  ])('%j at %d, %j: %s', (logged, asked, otherwise, why) => {
    expect(pickStep(logged, asked, otherwise)).toBeUndefined()
    expect(whyNone(logged, asked, otherwise)).toBe(why)
  })
})

describe('ticks', () => {
  test('are the steps of all runs, and tell where every run logged', () => {
    const { steps, every } = unionSteps([
      [30, 10, 10, 20],
      [20, Number.NaN, 30],
      Float64Array.from([30, 20, 5]),
    ])
    expect([[...steps], [...every]]).toEqual([
      [5, 10, 20, 30],
      [0, 0, 1, 1],
    ])
    expect(unionSteps([]).steps.length).toBe(0)
  })

  test('are in the order of numbers, not of digits', () => {
    expect([...unionSteps([[1000, 9, -5, 0.5, 20]]).steps]).toEqual([-5, 0.5, 9, 20, 1000])
  })

  test('are walked one by one, held at both ends', () => {
    const steps = [10, 20, 30, 40]
    expect(tickFrom(steps, 20, 1)).toBe(30)
    expect(tickFrom(steps, 20, -1)).toBe(10)
    expect(tickFrom(steps, 10, -1)).toBe(10)
    expect(tickFrom(steps, 40, 10)).toBe(40)
    expect(tickFrom(steps, 30, -10)).toBe(10)
    expect(tickFrom([], 3, 1)).toBeUndefined()
  })

  test('between two of them the next one is one place away, to both sides', () => {
    const steps = [10, 20, 30]
    expect([tickFrom(steps, 15, 1), tickFrom(steps, 15, -1)]).toEqual([20, 10])
    expect([tickFrom(steps, 5, 1), tickFrom(steps, 99, -1)]).toEqual([10, 30])
    expect(tickFrom(steps, 15, 2)).toBe(30)
  })

  test('forwards and back again is where one was', () => {
    const steps = [1, 2, 5, 9, 14, 30]
    for (const step of steps.slice(1, -1)) {
      const next = tickFrom(steps, step, 1) ?? Number.NaN
      expect(tickFrom(steps, next, -1)).toBe(step)
    }
  })

  test('the nearest one is found for any place', () => {
    expect([nearestTick([10, 20], 14), nearestTick([10, 20], 15), nearestTick([10, 20], 16)]).toEqual([
      10, 10, 20,
    ])
    expect(nearestTick([], 3)).toBeUndefined()
  })
})

describe('how far back is usual', () => {
  test('the largest of the median distances of the runs', () => {
    expect(
      usualGap([
        [0, 10, 20, 30],
        [0, 100, 200, 300, 5000],
      ]),
    ).toBe(100)
    expect(usualGap([[30, 20, 20, 10, Number.NaN]])).toBe(10)
  })
  test('of keys that a run logs in turn, that of each key', () => {
    const logged = ['a', 'b'].flatMap((key, k) =>
      Array.from({ length: 5 }, (_, i) => ({ run: 'r', key, step: 100 * i + 3 * k })),
    )
    const byKey = stepsBy(logged, ({ run, key }) => JSON.stringify([run, key]))
    expect(byKey.map(({ length }) => length)).toEqual([5, 5])
    expect(usualGap(byKey)).toBe(100)
    // so at the last step of all, that of b, a still shows what it logged last
    expect(pickStep(byKey[0] ?? [], 403, before(usualGap(byKey)))).toBe(400)
  })
  test('none where no run has two steps', () => {
    expect(usualGap([])).toBe(0)
    expect(usualGap([[5], [5, 5], [], [Number.NaN]])).toBe(0)
  })
  test('a run that logs every n steps is never missing between its steps', () => {
    const every = (n: number) => Array.from({ length: 20 }, (_, i) => i * n)
    const within = usualGap([every(10), every(70)])
    for (let asked = 0; asked <= 19 * 70; asked += 10)
      expect(pickStep(every(70), asked, before(within)), String(asked)).toBeDefined()
  })
})

describe('as the address has it', () => {
  test('what is written is read again, and the usual one is not written', () => {
    for (const rule of [
      NOTHING,
      NEAREST,
      before(0),
      before(10),
      before(0.5),
      before(1e21),
      before(Number.POSITIVE_INFINITY),
    ])
      expect(parseOtherwise(otherwiseText(rule, 10), 10), JSON.stringify(rule)).toEqual(rule)
    expect(otherwiseText(before(10), 10)).toBe('')
  })
  test('what cannot be read is the usual one', () => {
    for (const text of [undefined, '', 'before:', 'before:x', 'before:-3', 'after:3', 'Nearest'])
      expect(parseOtherwise(text, 25), String(text)).toEqual(before(25))
  })
})

test('places are told as English does', () => {
  expect([1, 2, 3, 4, 10, 11, 12, 13, 20, 21, 22, 23, 101, 111, 1001].map(ordinal).join(' ')).toBe(
    '1st 2nd 3rd 4th 10th 11th 12th 13th 20th 21st 22nd 23rd 101st 111th 1,001st',
  )
})
