import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Project } from '../../../src/engine/projects/project.ts'
import { searchTraces, seriesOf, traceOf, tracesAt, tracesOf } from '../../../src/engine/questions/traces.ts'
import type { TraceRow } from '../../../src/engine/tables/trace-store.ts'
import { TrackioError } from '../../../src/model/errors.ts'
import type { Notice } from '../../../src/model/source.ts'
import { projectOf } from '../made-project.ts'

const NONE = { from: 0, store: 0 }
const ROW: TraceRow = {
  ...{ id: 'a', run: 'r', runName: 'r', timestamp: '2026-01-01T00:00:00+00:00', step: 1, key: 'chat' },
  ...{ index: null, messages: '[{"role":"user","content":"one"}]', metadata: '{}', spans: '[]' },
}
const rowOf = (id: string, change: Partial<TraceRow> = {}): TraceRow => ({ ...ROW, id, ...change })

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A project whose table of traces is read by `read`; `grow` has a run log one row more. */
function tracesBy(read: (take: (row: TraceRow) => void, signal?: AbortSignal) => Promise<void>) {
  const { runs, ...rest } = projectOf({ r: [{ step: 1, loss: 1 }] })
  let more = 0
  const project: Project = {
    ...rest,
    runs: () =>
      runs().map((run) => ({
        ...run,
        logged: run.logged && { ...run.logged, rows: run.logged.rows + more },
      })),
    async eachTrace(take, signal): Promise<Notice[]> {
      await read(take, signal)
      return []
    },
    typedValues: async () => ({
      ...{ runs: [], keys: [], kinds: [], run: new Int32Array(0), key: new Int32Array(0) },
      ...{
        kind: new Int32Array(0),
        row: new Int32Array(0),
        step: new Float64Array(0),
        time: new Float64Array(0),
      },
      ...{ complete: true, notices: [], version: '' },
      reading: { state: 'done', bytes: 0, totalBytes: 0, rows: 0 },
    }),
  }
  return { project, grow: () => more++ }
}

/** The answer, with the time moved on until it is here. */
async function passing<T>(answer: Promise<T>): Promise<T> {
  let done = false
  void answer.then(
    () => (done = true),
    () => (done = true),
  )
  while (!done) await vi.advanceTimersByTimeAsync(100)
  return answer
}

test('a table whose first rows take long is read while somebody waits for it', async () => {
  let begun = 0
  const { project } = tracesBy(async (take, signal) => {
    begun++
    await new Promise<void>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason))
      setTimeout(resolve, 25_000)
    })
    take(ROW)
  })
  const list = await passing(tracesOf(project, NONE, undefined))
  expect([list.run.length, list.complete, begun]).toEqual([1, true, 1])
})

test('reading that nobody waits for any longer is given up', async () => {
  let gone = false
  const { project } = tracesBy(
    (_, signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => {
          gone = true
          reject(signal.reason)
        })
      }),
  )
  const abort = new AbortController()
  const answer = tracesOf(project, NONE, abort.signal)
  await vi.advanceTimersByTimeAsync(5000)
  abort.abort()
  await expect(answer).rejects.toThrow()
  await vi.advanceTimersByTimeAsync(11_000)
  expect(gone).toBe(true)
})

test('a reading that ends by an error behind a trace that was written anew is an error, then read again whole', async () => {
  let rows = [rowOf('a'), rowOf('b')]
  let broken = false
  const { project, grow } = tracesBy(async (take) => {
    for (const row of rows) {
      take(row)
      if (broken) throw new TrackioError('p', 'page 7 is damaged')
    }
  })
  const before = await passing(tracesOf(project, NONE, undefined))
  expect(before.run.length).toBe(2)
  rows = [rowOf('a', { messages: '[{"role":"user","content":"two"}]' }), rowOf('b')]
  broken = true
  grow()
  await expect(passing(tracesOf(project, { from: 2, store: before.store }, undefined))).rejects.toThrow(
    'page 7 is damaged',
  )
  broken = false
  const after = await passing(tracesOf(project, { from: 2, store: before.store }, undefined))
  expect([after.run.length, after.complete, after.first]).toEqual([2, true, false])
})

test('where only what was added cannot be read, the rows from before stay, with what is wrong, until it can', async () => {
  let rows = [rowOf('a')]
  let broken = false
  const { project, grow } = tracesBy(async (take) => {
    for (const row of rows) take(row)
    if (broken) throw new TrackioError('p', 'page 7 is damaged')
  })
  const before = await passing(tracesOf(project, NONE, undefined))
  broken = true
  grow()
  const during = await passing(tracesOf(project, { from: 1, store: before.store }, undefined))
  expect(during.complete).toBe(false)
  expect(during.notices.map(({ text }) => text).join()).toContain('page 7 is damaged')
  broken = false
  rows = [rowOf('a'), rowOf('b')]
  const after = await passing(tracesOf(project, { from: 1, store: before.store }, undefined))
  expect([after.run.length, after.complete, after.notices]).toEqual([1, true, []])
})

test('a trace that came after the first reading is waited for', async () => {
  const rows = [rowOf('a')]
  const { project, grow } = tracesBy(async (take) => {
    for (const row of rows) take(row)
  })
  await passing(tracesOf(project, NONE, undefined))
  rows.push(rowOf('late'))
  grow()
  await vi.advanceTimersByTimeAsync(3000)
  expect(await passing(traceOf(project, 'late', undefined))).toMatchObject({ id: 'late', at: 1 })
})

test('places of a state that is gone tell no traces', async () => {
  let rows = [rowOf('a')]
  const { project, grow } = tracesBy(async (take) => {
    for (const row of rows) take(row)
  })
  const { store } = await passing(tracesOf(project, NONE, undefined))
  expect(tracesAt(project, [0], store)?.map(({ id }) => id)).toEqual(['a'])
  rows = [rowOf('other')]
  grow()
  await passing(tracesOf(project, { from: 1, store }, undefined))
  expect(tracesAt(project, [0], store)).toBeUndefined()
})

test('a letter that is searched for after its other case is found where it stands', async () => {
  const said = (text: string): Partial<TraceRow> => ({
    messages: JSON.stringify([{ role: 'user', content: text }]),
  })
  const { project } = tracesBy(async (take) => {
    take(rowOf('a', said('STRAẞE')))
    take(rowOf('b', said('Straße')))
  })
  await passing(tracesOf(project, NONE, undefined))
  const found = async (text: string) => [...(await searchTraces(project, text, undefined, undefined)).trace]
  expect(await found('ẞ')).toEqual([0])
  expect(await found('ß')).toEqual([1])
})

test('a number of the metadata named like one of ours is a metric of its own; infinite ones stay', async () => {
  const { project } = tracesBy(async (take) => {
    take(rowOf('a', { metadata: '{"turns": 40, "reward": Infinity}' }))
  })
  await passing(tracesOf(project, NONE, undefined))
  const series = seriesOf(project)
  const run = series.run('r')
  if (!run) throw new Error('no such run')
  const last = (metric: string) => series.series(run, metric)?.values.at(-1)
  expect(last('traces/turns_mean')).toBe(0)
  expect(last('traces/metadata/turns_mean')).toBe(40)
  expect(last('traces/reward_mean')).toBe(Number.POSITIVE_INFINITY)
})
