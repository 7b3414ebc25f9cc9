import { describe, expect, test } from 'vitest'
import { makePool, nextPause, pauseOf } from '../../../src/storage/http/request-pool.ts'
import { pause } from '../../../src/storage/pause.ts'

const headers = (all: Record<string, string>) => (name: string) => all[name]

describe('turns at a Hub', () => {
  test('are four at a time, in the order they were asked for', async () => {
    const pool = makePool()
    const ends: (() => void)[] = []
    const started: number[] = []
    const all = Array.from({ length: 7 }, (_, index) =>
      pool.run(undefined, () => {
        started.push(index)
        return new Promise<number>((resolve) => ends.push(() => resolve(index)))
      }),
    )
    await Promise.resolve()
    expect(started).toEqual([0, 1, 2, 3])
    ends[2]?.()
    expect(await all[2]).toBe(2)
    expect(started).toEqual([0, 1, 2, 3, 4])
    for (let index = 0; index < 7; index++) {
      ends[index]?.()
      await all[[0, 1, 2, 3, 4, 5, 6][index] ?? 0]
    }
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6])
  })
  test('go on when one fails', async () => {
    const pool = makePool(1)
    const failing = pool.run(undefined, () => Promise.reject(new Error('no')))
    const next = pool.run(undefined, async () => 'yes')
    await expect(failing).rejects.toThrow('no')
    expect(await next).toBe('yes')
  })
  test('are given up without having begun', async () => {
    const pool = makePool(1)
    let end = (): void => undefined
    const first = pool.run(undefined, () => new Promise<void>((resolve) => (end = resolve)))
    const controller = new AbortController()
    let began = false
    const second = pool.run(controller.signal, async () => {
      began = true
    })
    const third = pool.run(undefined, async () => 'third')
    controller.abort()
    await expect(second).rejects.toMatchObject({ name: 'AbortError' })
    end()
    await first
    expect(await third).toBe('third')
    expect(began).toBe(false)
    await expect(pool.run(AbortSignal.abort(), async () => 1)).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('a pause the Hub wants', () => {
  const now = Date.parse('2026-11-01T00:00:00Z')
  test.each([
    [{ ratelimit: '"api";r=0;t=55' }, 55],
    [{ ratelimit: '"resolvers"; r=0; t = 7' }, 7],
    [{ ratelimit: '"api";r=0;t=55', 'retry-after': '9' }, 55],
    [{ 'retry-after': '9' }, 9],
    [{ 'retry-after': 'Sun, 01 Nov 2026 00:01:30 GMT' }, 90],
    [{ 'retry-after': 'Sat, 31 Oct 2026 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('is read from %j: %s s', (all, seconds) => {
    expect(pauseOf(headers(all as Record<string, string>), now)).toBe(seconds)
  })
  test('is kept, as long as all pauses of a request are within one window of five minutes', () => {
    expect(nextPause(55, 0, 0)).toBe(55)
    expect(nextPause(0, 0, 0)).toBe(1)
    expect(nextPause(300, 0, 0)).toBe(300)
    expect(nextPause(301, 0, 0)).toBeUndefined()
    expect(nextPause(200, 1, 150)).toBeUndefined()
    expect(nextPause(1, 5, 5)).toBeUndefined()
  })
  test('is guessed where the browser hides it: 5, 10, 20, 40, 80 s', () => {
    let waited = 0
    const all: (number | undefined)[] = []
    for (let attempt = 0; attempt < 6; attempt++) {
      const seconds = nextPause(undefined, attempt, waited)
      all.push(seconds)
      waited += seconds ?? 0
    }
    expect(all).toEqual([5, 10, 20, 40, 80, undefined])
  })
  test('ends when it is given up', async () => {
    await pause(0)
    const controller = new AbortController()
    const waiting = pause(1e6, controller.signal)
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    await expect(pause(1e6, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
  })
})
