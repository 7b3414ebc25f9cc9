import { createMemo, createRoot, createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import type { Probe, ProbeQuery } from '../../../src/model/view.ts'
import { createCrosshair } from '../../../src/state/view/crosshair.ts'
import { settle } from '../../settle.ts'

function queryAt(at: number): ProbeQuery {
  return {
    project: 'p',
    metric: 'loss',
    runs: ['a'],
    x: { kind: 'step' },
    smoothing: { kind: 'mean', width: 0, factor: 1 },
    at,
    reach: 1,
  }
}

function probeOf(at: number): Probe {
  const one = Float64Array.of(at)
  return { index: Int32Array.of(0), x: one, steps: one, times: one, drawn: one, logged: one, since: one }
}

interface Asked {
  at: number
  signal: AbortSignal | undefined
  answer(): void
  fail(): void
}

function setUp() {
  const asked: Asked[] = []
  const [query, setQuery] = createSignal<ProbeQuery>()
  return createRoot((dispose) => {
    const crosshair = createCrosshair(
      createMemo(query),
      (asking, signal) =>
        new Promise<Probe>((resolve, reject) => {
          const { at } = asking
          asked.push({
            at,
            signal,
            answer: () => resolve(probeOf(at)),
            fail: () => reject(new Error('broken')),
          })
        }),
    )
    return { asked, setQuery, crosshair, dispose }
  })
}

test('the newest question waits behind the one on its way, and is asked also when that one fails', async () => {
  const { asked, setQuery, crosshair, dispose } = setUp()
  await settle()
  setQuery(queryAt(1))
  setQuery(queryAt(2))
  setQuery(queryAt(3))
  expect(asked.map(({ at }) => at)).toEqual([1])
  asked[0]?.fail()
  await settle()
  expect(asked.map(({ at }) => at)).toEqual([1, 3])
  asked[1]?.answer()
  await settle()
  expect([crosshair.answered()?.at, crosshair.point('a')?.logged]).toEqual([3, 3])
  expect(await crosshair.settled()).toBe(true)
  // what failed is not asked again by itself
  setQuery(queryAt(4))
  asked[2]?.fail()
  await settle()
  expect([asked.length, crosshair.answered()?.at, await crosshair.settled()]).toEqual([3, 3, false])
  dispose()
})

test('a question is given up when nobody points any more, and when the chart goes', async () => {
  const { asked, setQuery, crosshair, dispose } = setUp()
  await settle()
  setQuery(queryAt(1))
  setQuery(undefined)
  expect(asked[0]?.signal?.aborted).toBe(true)
  asked[0]?.fail()
  await settle()
  setQuery(queryAt(2))
  expect(asked.map(({ at }) => at)).toEqual([1, 2])
  dispose()
  expect(asked[1]?.signal?.aborted).toBe(true)
  expect([crosshair.answered(), crosshair.point('a')]).toEqual([undefined, undefined])
})
