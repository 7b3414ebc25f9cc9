import { createRoot } from 'solid-js'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLatest } from '../../../src/state/base/latest.ts'

interface Request {
  subject: string
  /** What was wanted when it was asked. */
  wanted: number
  signal: AbortSignal
  answer(): void
  fail(error?: Error): void
  settled: boolean
}

/** An engine that answers when the test says so, and in the order that the test says. */
function setUp() {
  return createRoot((dispose) => {
    const requests: Request[] = []
    const told: (string | number)[] = []
    const state = { wanted: 0, nothing: false }
    const latest = createLatest<number>({
      ask(subject, signal) {
        if (state.nothing) return undefined
        const { wanted } = state
        return new Promise((resolve, reject) => {
          const request: Request = {
            subject,
            wanted,
            signal,
            settled: false,
            answer() {
              request.settled = true
              resolve(wanted)
            },
            fail(error = new Error(`broken ${wanted}`)) {
              request.settled = true
              reject(error)
            },
          }
          requests.push(request)
        })
      },
      answered: (answer) => told.push(answer),
      failed: (error) => told.push(String(error)),
    })
    const ask = (subject: string, wanted: number, wait?: number) => {
      state.wanted = wanted
      latest.ask(subject, wait)
    }
    return { latest, ask, requests, told, state, dispose }
  })
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

test('what is asked while a request is under way is asked once, after it, as it is wanted then', async () => {
  const { ask, requests, told } = setUp()
  for (const n of [1, 2, 3, 4]) ask('a', n)
  expect(requests.map(({ wanted }) => wanted)).toEqual([1])
  requests[0]?.answer()
  await settle()
  expect(requests.map(({ wanted }) => wanted)).toEqual([1, 4])
  requests[1]?.answer()
  await settle()
  expect([told, requests.length]).toEqual([[1, 4], 2])
})

test('another subject gives up the request of the one before, whose late answer counts for nothing', async () => {
  const { ask, requests, told } = setUp()
  ask('a', 1)
  ask('a', 2)
  ask('b', 3)
  expect(requests.map(({ signal }) => signal.aborted)).toEqual([true, false])
  requests[1]?.answer()
  requests[0]?.answer()
  await settle()
  expect([told, requests.length]).toEqual([[3], 2])
})

test('a failure is told, and neither holds up what follows nor is asked again by itself', async () => {
  const { ask, requests, told } = setUp()
  ask('a', 1)
  ask('a', 2)
  requests[0]?.fail()
  await settle()
  requests[1]?.fail()
  await settle()
  expect([told, requests.length]).toEqual([['Error: broken 1', 'Error: broken 2'], 2])
  ask('a', 3)
  requests[2]?.answer()
  await settle()
  expect(told.at(-1)).toBe(3)
})

test('an abort is never told, whoever caused it', async () => {
  const { latest, ask, requests, told } = setUp()
  ask('a', 1)
  requests[0]?.fail(new DOMException('aborted', 'AbortError'))
  await settle()
  expect([told, latest.busy()]).toEqual([[], false])
  ask('a', 2)
  ask('a', 3)
  latest.abort()
  expect([requests[1]?.signal.aborted, latest.busy()]).toEqual([true, false])
  requests[1]?.fail(new DOMException('aborted', 'AbortError'))
  await settle()
  expect([told, requests.length]).toEqual([[], 2])
})

test('of several waits the shortest counts, and a request meanwhile makes them needless', async () => {
  const { ask, requests } = setUp()
  ask('a', 1, 500)
  ask('a', 2, 100)
  ask('a', 3, 900)
  await settle(99)
  expect(requests.length).toBe(0)
  await settle(1)
  expect(requests.map(({ wanted }) => wanted)).toEqual([3])
  requests[0]?.answer()
  ask('a', 4, 100)
  await settle()
  ask('a', 5)
  requests[1]?.answer()
  await settle(1000)
  expect(requests.map(({ wanted }) => wanted)).toEqual([3, 5])
})

test('growing data is asked for no sooner than the pause after the last request of its subject began', async () => {
  const { latest, requests, state } = setUp()
  latest.again('a', 1000)
  expect(requests.length).toBe(1)
  await settle(300)
  requests[0]?.answer()
  await settle()
  state.wanted = 2
  for (let i = 0; i < 5; i++) latest.again('a', 1000)
  await settle(699)
  expect(requests.length).toBe(1)
  await settle(1)
  expect(requests.map(({ wanted }) => wanted)).toEqual([0, 2])
  // another subject has waited for nothing
  latest.again('b', 1000)
  expect(requests.length).toBe(3)
})

test('where nothing is to be asked nothing is under way', async () => {
  const { latest, ask, requests, state } = setUp()
  state.nothing = true
  ask('a', 1)
  expect([latest.busy(), requests.length]).toEqual([false, 0])
  await latest.idle()
  state.nothing = false
  ask('a', 2)
  expect(requests.length).toBe(1)
})

test('it is idle once nothing is under way and nothing follows', async () => {
  const { latest, ask, requests } = setUp()
  let idle = false
  ask('a', 1)
  ask('a', 2)
  void latest.idle().then(() => (idle = true))
  requests[0]?.answer()
  await settle()
  expect(idle).toBe(false)
  requests[1]?.fail()
  await settle()
  expect(idle).toBe(true)
})

test('nothing is asked or told any more once its owner is gone', async () => {
  const { latest, ask, requests, told, dispose } = setUp()
  ask('a', 1)
  ask('a', 2, 100)
  dispose()
  expect(requests[0]?.signal.aborted).toBe(true)
  requests[0]?.answer()
  ask('a', 3)
  latest.again('b', 0)
  await settle(1000)
  expect([told, requests.length]).toEqual([[], 1])
})

test('whatever the order of questions, answers and failures, the newest question is the last one told of', async () => {
  let seed = 7
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return Math.floor((seed / 2 ** 31) * below)
  }
  for (let round = 0; round < 60; round++) {
    const { latest, ask, requests, told, dispose } = setUp()
    let newest = 0
    for (let step = 1; step <= 40; step++) {
      const open = requests.filter(({ settled }) => !settled)
      const one = open[random(open.length)]
      switch (random(5)) {
        case 0:
          one?.fail()
          break
        case 1:
          one?.answer() // also one that was given up
          break
        case 2:
          await settle(random(50))
          break
        default:
          newest = step
          ask('abc'[random(3)] ?? '', newest, random(3) === 0 ? random(60) : 0)
      }
      expect(
        requests.filter(({ settled, signal }) => !settled && !signal.aborted).length,
      ).toBeLessThanOrEqual(1)
    }
    // what is left is answered, newest first
    for (let i = 0; i < 5; i++) {
      for (const request of requests.filter(({ settled }) => !settled).reverse()) request.answer()
      await settle(60)
    }
    expect(latest.busy()).toBe(false)
    expect(requests.at(-1)?.wanted).toBe(newest)
    expect(String(told.at(-1))).toMatch(new RegExp(`^(Error: broken )?${newest}$`))
    // in the order in which they were asked, each at most once
    const order = told.map((one) => Number(String(one).replace(/\D+/, '')))
    expect(order).toEqual([...new Set(order)].sort((a, b) => a - b))
    dispose()
  }
})
