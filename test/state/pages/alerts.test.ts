import { createRoot, createSignal } from 'solid-js'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Alerts } from '../../../src/model/alert.ts'
import type { ProjectData } from '../../../src/state/data/catalogue.ts'
import { createSideCounts } from '../../../src/state/data/side-counts.ts'
import { createAlerts } from '../../../src/state/pages/alerts.ts'
import { engineDouble } from '../../engine-double.ts'

function alertsOf(ids: number[]): Alerts {
  const one = {
    run: 'a',
    runName: 'a',
    step: 1,
    time: 1,
    timestamp: '',
    title: 't',
    text: '',
    stored: 'warn',
  }
  return { alerts: ids.map((id) => ({ ...one, level: 'warn', id: String(id) })), notices: [] }
}

/** A project that is read, and whose questions wait for the test to answer them. */
function setUp<A>(kind: 'alerts' | 'countBeside') {
  return createRoot((dispose) => {
    const [project, setProject] = createSignal<string | undefined>('one')
    const [version, setVersion] = createSignal(1)
    const [live, setLive] = createSignal(false)
    const asked: {
      project: string
      signal: AbortSignal | undefined
      answer(answer: A): void
      fail(error: Error): void
    }[] = []
    const engine = engineDouble({
      [kind]: (query: { project: string }, waiting: { signal?: AbortSignal }) =>
        new Promise((answer, fail) => asked.push({ ...query, signal: waiting.signal, answer, fail })),
    })
    const yes = () => true
    const data: ProjectData = {
      status: () => ({ kind: 'none' }),
      catalogue: () => undefined,
      reading: () => undefined,
      version,
      exact: yes,
      ended: yes,
      expectMore() {},
      onEvent() {},
    }
    const settled = { ready: yes, poke() {}, setBusy() {}, wait: () => Promise.resolve() }
    return {
      alerts: () => createAlerts({ engine, project, data, ready: yes, wanted: yes, live }),
      counts: () => createSideCounts({ engine, project, data, settled }),
      asked,
      setProject,
      setLive,
      grow: () => setVersion((now) => now + 1),
      run: <T>(make: () => T): T => createRoot(make),
      dispose,
    }
  })
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

test('alerts of a project that grows faster than they are read are shown all the same', async () => {
  const { alerts, asked, grow, run } = setUp<Alerts>('alerts')
  const { status, all } = run(alerts)
  await settle()
  for (let second = 0; second < 9; second++) {
    grow()
    await settle(1000)
  }
  expect([asked.length, asked[0]?.signal?.aborted]).toEqual([1, false])
  asked[0]?.answer(alertsOf([1]))
  await settle()
  expect([status().kind, all().length, asked.length]).toEqual(['ready', 1, 2])
})

test('alerts that cannot be read are said so; those that were read stay while a source does not answer', async () => {
  const { alerts, asked, grow, run } = setUp<Alerts>('alerts')
  const { status, retry } = run(alerts)
  await settle()
  asked[0]?.fail(new Error('no such table'))
  await settle()
  expect(status()).toMatchObject({ kind: 'failed', notice: { text: 'no such table' } })
  retry()
  expect(status().kind).toBe('loading')
  asked[1]?.answer(alertsOf([1]))
  await settle()
  grow()
  await settle(2000)
  asked[2]?.fail(new Error('503'))
  await settle()
  expect(status()).toMatchObject({ kind: 'ready', alerts: [{ id: '1' }] })
})

test('a live project is looked at again though no rows came; another project gives up what was asked', async () => {
  const { alerts, asked, setLive, setProject, run } = setUp<Alerts>('alerts')
  const { status } = run(alerts)
  await settle()
  asked[0]?.answer(alertsOf([1]))
  setLive(true)
  await settle(2000)
  expect(asked.length).toBe(2)
  setProject('two')
  expect([asked[1]?.signal?.aborted, status().kind]).toEqual([true, 'loading'])
  asked[1]?.answer(alertsOf([1, 2]))
  await settle()
  expect([asked.at(-1)?.project, status().kind]).toEqual(['two', 'loading'])
})

test('what stands beside the metrics is counted again as it grows, at most every five seconds', async () => {
  const { counts, asked, grow, run } = setUp<{ table: string; rows: number }[]>('countBeside')
  const found = run(counts)
  await settle()
  asked[0]?.answer([{ table: 'traces', rows: 1 }])
  await settle()
  expect(found()).toEqual([{ table: 'traces', rows: 1 }])
  grow()
  grow()
  await settle(4999)
  expect(asked.length).toBe(1)
  await settle(1)
  asked[1]?.fail(new Error('gone'))
  await settle(9000)
  // what was counted stays, and is counted again with the next rows
  expect([asked.length, found().length]).toEqual([2, 1])
  grow()
  await settle()
  expect(asked.length).toBe(3)
})
