import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { methodsOf } from '../../../src/bridge/rpc.ts'
import type { WriterApi } from '../../../src/bridge/writer-api.ts'
import { makeOutbox, type Outbox, type Parcel, type Sender } from '../../../src/client/run/outbox.ts'
import type { Batch, MediaFile, Receipt } from '../../../src/model/tracking.ts'

const RUN = { project: 'demo', id: 'a', name: 'r' }

let calls: { method: string; batch: Batch | undefined; answer: (failure?: Error | Receipt) => void }[]
let writer: WriterApi
let warnings: string[]

beforeEach(() => {
  calls = []
  warnings = []
  vi.useFakeTimers()
  vi.spyOn(console, 'warn').mockImplementation((text: unknown) => void warnings.push(String(text)))
  const call = (method: string, args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const answer = (said?: Error | Receipt): void =>
        said instanceof Error ? reject(said) : resolve(said ?? { lastId: 1 })
      calls.push({ method, batch: method === 'write' ? (args[0] as Batch) : undefined, answer })
    })
  writer = methodsOf<WriterApi>(call)
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('batches', () => {
  test('are sent half a second after the first row, and at once when that time has gone by without the thread being free', async () => {
    const outbox = makeOutbox(() => writer)
    const rows = sender(outbox)
    rows.log(1)
    outbox.soon(Date.now())
    await vi.advanceTimersByTimeAsync(499)
    expect(calls).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(calls).toHaveLength(1)
    // a loop that never gives its thread back: timers do not run, the clock does
    const sent: number[] = []
    for (let tenth = 1; tenth <= 20; tenth++) {
      vi.setSystemTime(Date.now() + 100)
      rows.log(1)
      outbox.soon(Date.now())
      if (calls.splice(0).length > 0) sent.push(tenth)
    }
    expect(sent).toEqual([1, 5, 10, 15, 20])
  })

  test('no more than so much is on its way; the rest follows as answers come', async () => {
    const outbox = makeOutbox(() => writer, { sent: 250, kept: 1e6 })
    const rows = sender(outbox)
    for (let i = 0; i < 5; i++) rows.log(1)
    outbox.send()
    expect(calls).toHaveLength(3)
    calls[0]?.answer()
    await vi.advanceTimersByTimeAsync(500)
    expect(calls).toHaveLength(4)
  })
})

describe('a storage that refuses', () => {
  test('is asked again after ever longer pauses, in the same order, and said once', async () => {
    const outbox = makeOutbox(() => writer)
    const rows = sender(outbox)
    rows.log(1)
    rows.log(2)
    outbox.send()
    const times: number[] = []
    const start = Date.now()
    for (let round = 0; round < 8; round++) {
      const asked = calls.splice(0)
      expect(asked.map(({ batch }) => batch?.config)).toEqual(['1', '2'])
      times.push(Date.now() - start)
      for (const { answer } of asked) answer(new Error('no room'))
      await vi.advanceTimersToNextTimerAsync()
    }
    expect(times).toEqual([0, 500, 1500, 3500, 7500, 15_500, 31_500, 61_500])
    expect(warnings).toEqual([
      "trackio could not store what was logged: no room. It waits in this tab's memory and is tried again.",
    ])
    expect(rows.kept).toBe(0)
    for (const { answer } of calls.splice(0)) answer()
    await vi.advanceTimersByTimeAsync(0)
    expect(rows.kept).toBe(2)
    expect(outbox.kept).toBe(0)
  })

  test('or does not answer for twenty seconds: that is said, once', async () => {
    const outbox = makeOutbox(() => writer)
    const rows = sender(outbox)
    for (let second = 0; second < 30; second++) {
      rows.log(second)
      outbox.soon(Date.now())
      await vi.advanceTimersByTimeAsync(1000)
    }
    expect(warnings).toEqual([
      expect.stringMatching(/^trackio: this browser's storage has not answered for 20 seconds/),
    ])
  })

  test('ends a flush with its words; a later flush asks at once', async () => {
    const outbox = makeOutbox(() => writer)
    const rows = sender(outbox)
    rows.log(1)
    const first = settled(outbox.flush())
    calls.splice(0)[0]?.answer(new Error('no room'))
    await vi.advanceTimersByTimeAsync(0)
    expect(first.state()).toBe('rejected: no room')
    const second = settled(outbox.flush())
    expect(calls.map(({ method }) => method)).toEqual(['write'])
    calls.splice(0)[0]?.answer()
    await vi.advanceTimersByTimeAsync(0)
    expect(calls.map(({ method }) => method)).toEqual(['sync'])
    calls.splice(0)[0]?.answer()
    await vi.advanceTimersByTimeAsync(0)
    expect(second.state()).toBe('resolved')
  })

  test('rows find no more room once so much is kept, and again when some of it is stored', async () => {
    const outbox = makeOutbox(() => writer, { sent: 1e6, kept: 250 })
    const rows = sender(outbox)
    rows.log(1)
    expect([outbox.admit(100), outbox.admit(100)]).toEqual([true, false])
    outbox.send()
    calls[0]?.answer()
    await vi.advanceTimersByTimeAsync(0)
    expect(outbox.admit(100)).toBe(true)
  })
})

describe('a media file that cannot be stored', () => {
  const file = { path: 'demo/r/0/a.png', why: 'NotReadableError: the file has changed', full: false }

  test('is counted and said with its name and why; its rows are stored, and nothing waits for it', async () => {
    const outbox = makeOutbox(() => writer)
    const rows = sender(outbox)
    rows.log(1)
    rows.log(2)
    const flush = settled(outbox.flush())
    const [first, second] = calls.splice(0)
    first?.answer({ lastId: 1, unstored: [file] })
    second?.answer()
    await vi.advanceTimersByTimeAsync(0)
    calls.splice(0)[0]?.answer()
    await vi.advanceTimersByTimeAsync(60_000)
    expect([flush.state(), rows.kept, rows.lost, calls.length]).toEqual(['resolved', 2, 1, 0])
    expect(warnings).toEqual([
      "trackio could not store the file demo/r/0/a.png of run 'r': NotReadableError: the file has changed. The row that names it is stored.",
    ])
  })

  test('for want of room is tried again a few times, by itself, while rows go on', async () => {
    const outbox = makeOutbox(() => writer)
    const rows = sender(outbox, [{ path: file.path, blob: new Blob(['a']) }])
    const noRoom = { lastId: 1, unstored: [{ ...file, full: true, why: 'QuotaExceededError: no room' }] }
    rows.log(1)
    outbox.send()
    const start = Date.now()
    const times: number[] = []
    calls.splice(0)[0]?.answer(noRoom)
    await vi.advanceTimersByTimeAsync(0)
    expect(rows.kept).toBe(1)
    rows.log(2)
    outbox.send()
    expect(calls.splice(0).map(({ batch, answer }) => [batch?.config, batch?.files, answer()])).toEqual([
      ['2', undefined, undefined],
    ])
    for (let round = 0; round < 12; round++) {
      await vi.advanceTimersByTimeAsync(500)
      for (const { batch, answer } of calls.splice(0)) {
        expect(batch).toEqual({ run: RUN, space: null, files: [{ path: file.path, blob: expect.any(Blob) }] })
        times.push(Date.now() - start)
        answer(noRoom)
      }
    }
    await vi.advanceTimersByTimeAsync(120_000)
    expect(times).toEqual([500, 1500, 3500])
    expect(calls.map(({ batch }) => batch?.files?.length)).toEqual([1])
    calls.splice(0)[0]?.answer(noRoom)
    await vi.advanceTimersByTimeAsync(120_000)
    expect([rows.lost, calls.length, warnings.length]).toEqual([1, 0, 1])
  })

  test('is waited for by a flush, which says why it cannot be stored; once there is room it is', async () => {
    const outbox = makeOutbox(() => writer)
    const rows = sender(outbox, [{ path: file.path, blob: new Blob(['a']) }])
    rows.log(1)
    const first = settled(outbox.flush())
    calls
      .splice(0)[0]
      ?.answer({ lastId: 1, unstored: [{ ...file, full: true, why: 'QuotaExceededError: no room' }] })
    await vi.advanceTimersByTimeAsync(0)
    expect(first.state()).toBe(
      'rejected: the file demo/r/0/a.png could not be stored: QuotaExceededError: no room',
    )
    const second = settled(outbox.flush())
    calls.splice(0)[0]?.answer()
    await vi.advanceTimersByTimeAsync(0)
    calls.splice(0)[0]?.answer()
    await vi.advanceTimersByTimeAsync(0)
    expect([second.state(), rows.lost, warnings.length]).toEqual(['resolved', 0, 0])
  })
})

describe('flush', () => {
  test('waits for what was logged before it, not for what comes after', async () => {
    const outbox = makeOutbox(() => writer)
    const rows = sender(outbox)
    rows.log(1)
    const flush = settled(outbox.flush())
    rows.log(2)
    outbox.send()
    calls[0]?.answer()
    await vi.advanceTimersByTimeAsync(0)
    calls.find(({ method }) => method === 'sync')?.answer()
    await vi.advanceTimersByTimeAsync(0)
    expect(flush.state()).toBe('resolved')
    expect(rows.kept).toBe(1)
  })

  test('waits for a row whose picture is still being made', async () => {
    const outbox = makeOutbox(() => writer)
    const rows = sender(outbox)
    const ready = rows.block()
    rows.log(1)
    const flush = settled(outbox.flush())
    await vi.advanceTimersByTimeAsync(0)
    expect(calls).toHaveLength(0)
    ready()
    await vi.advanceTimersByTimeAsync(0)
    for (let i = 0; i < 2; i++) {
      for (const { answer } of calls.splice(0)) answer()
      await vi.advanceTimersByTimeAsync(0)
    }
    expect(flush.state()).toBe('resolved')
  })
})

test('a flush whose last step failed is not taken for done: the next one waits for the disk again', async () => {
  const outbox = makeOutbox(() => writer)
  const rows = sender(outbox)
  rows.log(1)
  const answer = async (method: string, failure?: Error): Promise<void> => {
    const [call] = calls.splice(0)
    expect(call?.method).toBe(method)
    call?.answer(failure)
    await vi.advanceTimersByTimeAsync(0)
  }
  const first = settled(outbox.flush())
  await answer('write')
  await answer('sync', new Error('disk error'))
  expect(first.state()).toBe('rejected: disk error')
  const second = settled(outbox.flush())
  const beside = settled(outbox.flush())
  await vi.advanceTimersByTimeAsync(0)
  expect([second.state(), beside.state()]).toEqual(['pending', 'pending'])
  await answer('sync')
  expect([second.state(), beside.state()]).toEqual(['resolved', 'resolved'])
  const third = settled(outbox.flush())
  await vi.advanceTimersByTimeAsync(0)
  expect([third.state(), calls.length]).toEqual(['resolved', 0])
})

interface Rows extends Sender {
  log(row: number): void
  /** Nothing is ready until the function that it gives is called. */
  block(): () => void
  /** How many are stored. */
  kept: number
  /** How many of its files are not. */
  lost: number
}

/** A run of which every row is a parcel of its own, of 100 bytes. */
function sender(outbox: Outbox, files?: MediaFile[]): Rows {
  const waiting: number[] = []
  let held: Promise<void> | undefined
  const rows: Rows & { logged: number; taken: number } = {
    project: 'demo',
    logged: 0,
    taken: 0,
    kept: 0,
    lost: 0,
    log(row) {
      outbox.admit(100)
      waiting.push(row)
      rows.logged++
    },
    take(): Parcel | undefined {
      const row = held ? undefined : waiting.shift()
      if (row === undefined) return undefined
      rows.taken++
      return {
        batch: { run: RUN, space: null, config: String(row), ...(row === 1 && files && { files }) },
        pieces: 1,
        size: 100,
      }
    },
    stored(pieces) {
      rows.kept += pieces
    },
    unstored(files) {
      rows.lost += files
    },
    hold: () => held,
    block() {
      let release = (): void => {}
      held = new Promise((resolve) => {
        release = () => {
          held = undefined
          resolve()
        }
      })
      return () => release()
    },
  }
  outbox.join(rows)
  return rows
}

function settled(promise: Promise<unknown>): { state(): string } {
  let state = 'pending'
  promise.then(
    () => {
      state = 'resolved'
    },
    (cause: Error) => {
      state = `rejected: ${cause.message}`
    },
  )
  return { state: () => state }
}
