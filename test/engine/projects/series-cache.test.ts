import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { makeSeriesCache } from '../../../src/engine/projects/series-cache.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Room for ten of what is kept, which says itself how large it is. */
const make = () => makeSeriesCache<{ size: number }>(10, ({ size }) => size)

describe('makeSeriesCache', () => {
  test('keeps one value in each slot of a series', () => {
    const cache = make()
    const [a, b] = [{}, {}]
    cache.put(a, 'x', { size: 1 })
    cache.put(a, 'y', { size: 2 })
    cache.put(b, 'x', { size: 3 })
    cache.put(a, 'x', { size: 4 })
    expect([cache.get(a, 'x'), cache.get(a, 'y'), cache.get(b, 'x'), cache.get(b, 'y')]).toEqual([
      { size: 4 },
      { size: 2 },
      { size: 3 },
      undefined,
    ])
  })
  test('what was longest not used goes first, with all slots of its series', () => {
    const cache = make()
    const [a, b, c] = [{}, {}, {}]
    cache.put(a, 'x', { size: 3 })
    cache.put(a, 'y', { size: 2 })
    cache.put(b, 'x', { size: 5 })
    // 10 of 10; asked for, so `a` is younger than `b`
    cache.get(a, 'x')
    cache.put(c, 'x', { size: 1 })
    expect([a, b, c].map((one) => cache.get(one, 'x')?.size)).toEqual([3, undefined, 1])
    cache.put(c, 'x', { size: 9 })
    expect([cache.get(a, 'x'), cache.get(a, 'y'), cache.get(c, 'x')?.size]).toEqual([undefined, undefined, 9])
  })
  test('the series that was used last stays, however large it is', () => {
    const cache = make()
    const [a, b] = [{}, {}]
    cache.put(a, 'x', { size: 50 })
    expect(cache.get(a, 'x')?.size).toBe(50)
    cache.put(b, 'x', { size: 1 })
    expect([cache.get(a, 'x'), cache.get(b, 'x')?.size]).toEqual([undefined, 1])
  })
  test('a smaller value gives its room back', () => {
    const cache = make()
    const [a, b] = [{}, {}]
    cache.put(a, 'x', { size: 9 })
    cache.put(a, 'x', { size: 2 })
    cache.put(b, 'x', { size: 8 })
    expect([a, b].map((one) => cache.get(one, 'x')?.size)).toEqual([2, 8])
  })
  test('neither a series nor what was worked out from it is held for it', async () => {
    const cache = make()
    const gone = putOne()
    for (let i = 0; i < 5 && gone.some((one) => one.deref()); i++) {
      await new Promise((resolve) => setTimeout(resolve))
      collect()
    }
    expect(gone.map((one) => one.deref())).toEqual([undefined, undefined])
    const [a, b] = [{}, {}]
    // the 6 of the other are given up for these
    cache.put(a, 'x', { size: 5 })
    cache.put(b, 'x', { size: 5 })
    expect([a, b].map((one) => cache.get(one, 'x')?.size)).toEqual([5, 5])

    function putOne(): WeakRef<object>[] {
      const [identity, value] = [{}, { size: 6 }]
      cache.put(identity, 'x', value)
      return [new WeakRef(identity), new WeakRef(value)]
    }
  })
})
