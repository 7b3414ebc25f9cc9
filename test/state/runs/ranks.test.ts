import { createRoot, createSignal } from 'solid-js'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Run } from '../../../src/model/run.ts'
import type { Points, RunStats } from '../../../src/model/stats.ts'
import { createRanks, pick } from '../../../src/state/runs/ranks.ts'
import { engineDouble } from '../../engine-double.ts'

function statsOf(metrics: string[], runs: string[], last: number[]): RunStats {
  const all = Float64Array.from(last)
  const none = new Uint32Array(last.length)
  const points = (values: Float64Array): Points => ({
    values,
    index: new Int32Array(last.length),
    steps: all,
    times: all,
  })
  return {
    metrics,
    runs,
    count: none.map(() => 2),
    nonFinite: none,
    first: points(all),
    last: points(all),
    min: points(all.map((v) => v - 1)),
    max: points(all.map((v) => v + 1)),
    mean: all,
    tail: all,
    exact: true,
  }
}

function run(key: string): Run {
  return {
    key,
    id: null,
    name: key,
    group: null,
    username: null,
    status: null,
    config: null,
    createdAt: '',
    created: 0,
    lastTimestamp: '',
    last: 0,
    slot: 0,
    rows: 1,
    firstStep: 0,
    lastStep: 1,
  }
}

function setUp() {
  return createRoot((dispose) => {
    const [project, setProject] = createSignal<string | undefined>('one')
    const [runs, setRuns] = createSignal<Run[]>([run('a'), run('b')])
    const [version, setVersion] = createSignal(1)
    const [ended, setEnded] = createSignal(true)
    const asked: {
      project: string
      metric: string
      runs: string[]
      signal: AbortSignal | undefined
      answer(last: number[]): void
      fail(cause: Error): void
    }[] = []
    const engine = engineDouble({
      stats: ({ project, metrics = [], runs = [] }, { signal }) =>
        new Promise<RunStats>((resolve, reject) => {
          asked.push({
            project,
            metric: metrics.join(),
            runs,
            signal,
            answer: (last) => resolve(statsOf(metrics, runs, last)),
            fail: reject,
          })
        }),
    })
    const ranks = createRanks({ engine, project, runs, version, ended })
    return { ranks, asked, setProject, setRuns, setVersion, setEnded, dispose }
  })
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
/** Longer than charts are given to ask first. */
const pass = (ms = 61) => vi.advanceTimersByTimeAsync(ms)

describe('createRanks', () => {
  test('asking for a metric reads it, for all runs at once', async () => {
    const { ranks, asked, dispose } = setUp()
    expect(ranks.values('loss')).toBeUndefined()
    await pass()
    expect(asked.map(({ project, metric, runs }) => [project, metric, runs])).toEqual([
      ['one', 'loss', ['a', 'b']],
    ])
    asked[0]?.answer([1, 2])
    await pass()
    expect(ranks.values('loss')?.get('b')).toEqual({ last: 2, min: 1, max: 3, mean: 2 })
    dispose()
  })

  test('an answer about the project before lands nowhere, and nothing more is asked about it', async () => {
    const { ranks, asked, setProject, dispose } = setUp()
    ranks.values('loss')
    ranks.values('acc')
    await pass()
    setProject('two')
    expect(asked[0]?.signal?.aborted).toBe(true)
    // the worker had answered before it heard that it is given up
    asked[0]?.answer([100, 200])
    await pass()
    expect(asked.length).toBe(1)
    expect(ranks.values('loss')).toBeUndefined()
    await pass()
    expect(asked.slice(1).map(({ project, metric }) => [project, metric])).toEqual([['two', 'loss']])
    asked[1]?.answer([1, 2])
    await pass()
    expect(ranks.values('loss')?.get('a')?.last).toBe(1)
    dispose()
  })

  test('values of the project before are no values of this one, nor the other way round', async () => {
    const { ranks, asked, setProject, dispose } = setUp()
    ranks.values('loss')
    await pass()
    asked[0]?.answer([1, 2])
    await pass()
    setProject('two')
    expect(ranks.values('loss')).toBeUndefined()
    await pass()
    asked[1]?.answer([7, 8])
    await pass()
    setProject('one')
    expect(ranks.values('loss')).toBeUndefined()
    dispose()
  })

  test('waits until the rows are read', async () => {
    const { ranks, asked, setEnded, dispose } = setUp()
    setEnded(false)
    ranks.values('loss')
    await pass(10_000)
    expect(asked).toEqual([])
    setEnded(true)
    await pass()
    expect(asked.length).toBe(1)
    dispose()
  })

  test('another metric is read by itself; more rows read all again, at most every two seconds', async () => {
    const { ranks, asked, setVersion, dispose } = setUp()
    ranks.values('loss')
    await pass()
    asked[0]?.answer([1, 2])
    await pass()
    ranks.values('acc')
    await pass()
    expect(asked.map(({ metric }) => metric)).toEqual(['loss', 'acc'])
    asked[1]?.answer([5, 6])
    await pass()
    for (let i = 2; i < 40; i++) {
      setVersion(i)
      await pass(10)
    }
    expect(asked.length).toBe(2)
    await pass(2000)
    expect(asked.map(({ metric }) => metric)).toEqual(['loss', 'acc', 'loss'])
    // the old values stay until the new ones are there
    expect(ranks.values('loss')?.get('a')?.last).toBe(1)
    dispose()
  })

  test('a metric that is asked for while another is read does not read that one twice', async () => {
    const { ranks, asked, dispose } = setUp()
    ranks.values('loss')
    await pass()
    ranks.values('acc')
    await pass()
    asked[0]?.answer([1, 2])
    await pass()
    asked[1]?.answer([3, 4])
    await pass(5000)
    expect(asked.map(({ metric }) => metric)).toEqual(['loss', 'acc'])
    expect(ranks.values('acc')?.get('b')?.last).toBe(4)
    dispose()
  })

  test('rows that come while it is read wait their two seconds', async () => {
    const { ranks, asked, setVersion, dispose } = setUp()
    ranks.values('loss')
    await pass()
    setVersion(2)
    asked[0]?.answer([1, 2])
    await pass(1000)
    expect(asked.length).toBe(1)
    await pass(1500)
    expect(asked.length).toBe(2)
    dispose()
  })

  test('a run that is new is asked about', async () => {
    const { ranks, asked, setRuns, dispose } = setUp()
    ranks.values('loss')
    await pass()
    asked[0]?.answer([1, 2])
    await pass()
    setRuns([run('a'), run('b'), run('c')])
    await pass(3000)
    expect(asked[1]?.runs).toEqual(['a', 'b', 'c'])
    dispose()
  })

  test('a metric that cannot be read has no values, and nobody waits for it', async () => {
    const { ranks, asked, dispose } = setUp()
    ranks.values('loss')
    await pass()
    asked[0]?.fail(new Error('broken'))
    await pass()
    expect(ranks.values('loss')?.size).toBe(0)
    expect(asked.length).toBe(1)
    dispose()
  })

  test('nothing goes on after disposal', async () => {
    const { ranks, asked, setVersion, dispose } = setUp()
    ranks.values('loss')
    await pass()
    dispose()
    expect(asked[0]?.signal?.aborted).toBe(true)
    setVersion(2)
    await pass(5000)
    expect(asked.length).toBe(1)
  })
})

test('a run that ended in NaN or an infinity says so, whatever its best was', () => {
  const values = { last: Number.NaN, min: 1, max: 3, mean: 2 }
  for (const by of ['last', 'min', 'max', 'mean'] as const) expect(pick(values, by)).toBeNaN()
  expect(pick({ ...values, last: Infinity }, 'min')).toBe(Infinity)
  expect(pick({ ...values, last: 2.5 }, 'min')).toBe(1)
  expect(pick({ ...values, last: 2.5 }, 'mean')).toBe(2)
})
