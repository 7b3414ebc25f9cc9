import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeSqlThread, type SqlThread } from '../../../src/engine/questions/sql-worker.ts'
import { TrackioError } from '../../../src/model/errors.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const FILE = { path: 'p.db', db: new Blob(), wal: undefined }
const ASKED = { text: 'SELECT 1', bind: [], most: 1 }
const ANSWER = { columns: [], rows: [], truncated: false, took: 0 }

/** Threads that answer by `call`; they are there when `come` is called. */
function threads(call: (args: unknown[], signal?: AbortSignal) => Promise<unknown> = async () => ANSWER) {
  const begun: { come: (there: boolean) => void; ended: boolean; asked: unknown[][] }[] = []
  const start = (): SqlThread => {
    let come = (_there: boolean): void => {}
    const there = new Promise<boolean>((resolve) => {
      come = resolve
    })
    const one = { come, ended: false, asked: [] as unknown[][] }
    begun.push(one)
    const caller = {
      call: (_method: string, args: unknown[], options?: { signal?: AbortSignal | undefined }) => {
        one.asked.push(args)
        return call(args, options?.signal)
      },
      ...{ answered: () => true, close: () => {} },
    }
    const end = (): void => {
      one.ended = true
    }
    return { caller, there, end }
  }
  return { begun, start }
}

test('a thread that starts late is used once it is there, and nobody waits for it twice', async () => {
  const { begun, start } = threads()
  const ask = makeSqlThread(start)
  // this one runs here, where the file is none
  const first = ask('1', FILE, ASKED, undefined, undefined).catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(5000)
  expect(await first).toBeInstanceOf(Error)
  expect(begun.map(({ ended }) => ended)).toEqual([true, false])
  await ask('1', FILE, ASKED, undefined, undefined).catch(() => {})
  expect(begun).toHaveLength(2)
  begun[1]?.come(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(await ask('1', FILE, ASKED, undefined, undefined)).toBe(ANSWER)
})

test('a file is handed over once, and again to the thread after one that was ended', async () => {
  const answers = [
    async () => ANSWER,
    async () => ANSWER,
    () => Promise.reject(new Error('its thread ended')),
  ]
  const { begun, start } = threads(() => (answers.shift() ?? (async () => ANSWER))())
  const ask = makeSqlThread(start)
  const asked = async () => {
    const answer = ask('1', FILE, ASKED, undefined, undefined)
    await vi.advanceTimersByTimeAsync(0)
    begun.at(-1)?.come(true)
    return answer
  }
  await asked()
  await asked()
  await expect(asked()).rejects.toThrow('its thread ended')
  await asked()
  expect(begun.map((one) => one.asked.map(([, file]) => file !== undefined))).toEqual([
    [true, false, false],
    [true],
  ])
  expect(begun[0]?.ended).toBe(true)
})

test('a statement that waits for another one is given up at once', async () => {
  const { begun, start } = threads(() => new Promise(() => {}))
  const ask = makeSqlThread(start)
  void ask('1', FILE, ASKED, undefined, undefined)
  const abort = new AbortController()
  const second = ask('1', FILE, ASKED, abort.signal, undefined)
  await vi.advanceTimersByTimeAsync(0)
  begun[0]?.come(true)
  abort.abort()
  await expect(second).rejects.toMatchObject({ name: 'AbortError' })
})

test('what SQLite refuses does not end the thread', async () => {
  const { begun, start } = threads(() => Promise.reject(new TrackioError('SQL', 'no such table: a')))
  const ask = makeSqlThread(start)
  const answer = ask('1', FILE, ASKED, undefined, undefined)
  await vi.advanceTimersByTimeAsync(0)
  begun[0]?.come(true)
  await expect(answer).rejects.toThrow('no such table: a')
  expect(begun.map(({ ended }) => ended)).toEqual([false])
})
