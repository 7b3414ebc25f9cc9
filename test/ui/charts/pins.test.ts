import { expect, test } from 'vitest'
import { led, leftBehind, pinned } from '../../../src/ui/charts/pins.ts'

const at = (x: number, rest = {}) => ({ x, metric: 'loss', pinned: false, ...rest })

test('a press pins, the second pins another, the third begins anew; one on what is pinned lets it go', () => {
  const first = pinned(at(5), 5, 'loss', true)
  expect(first).toEqual(at(5, { pinned: true }))
  const second = pinned(first, 9, 'other', false)
  expect(second).toEqual({ x: 9, metric: 'other', pinned: true, from: 5 })
  expect(pinned(second, 2, 'loss', false)).toEqual(at(2, { pinned: true }))
  expect(pinned(second, 9, 'loss', true)).toEqual(at(9))
  expect(pinned(undefined, 3, 'loss', false)).toEqual(at(3, { pinned: true }))
})

test('led by keys or a finger a second one goes from what is pinned, until it is pinned too', () => {
  const first = at(5, { pinned: true })
  const going = led(first, 6, 'loss')
  expect(going).toEqual(at(6, { from: 5 }))
  expect(led(going, 7, 'loss')).toEqual(at(7, { from: 5 }))
  expect(pinned(led(going, 7, 'loss'), 7, 'loss', true)).toEqual(at(7, { pinned: true, from: 5 }))
  expect(led(at(1), 2, 'loss')).toEqual(at(2))
  // a pair that is pinned is left for a new one, which goes from where it began
  expect(led(at(7, { pinned: true, from: 5 }), 8, 'loss')).toEqual(at(8, { from: 5 }))
})

test('what is pinned stays when whoever led the crosshair goes', () => {
  expect(leftBehind(at(3))).toBeUndefined()
  expect(leftBehind(at(7, { from: 5 }))).toEqual(at(5, { pinned: true }))
  expect(leftBehind(at(5, { pinned: true }))).toEqual(at(5, { pinned: true }))
  expect(leftBehind(undefined)).toBeUndefined()
})
