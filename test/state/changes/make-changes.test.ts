import { createRoot } from 'solid-js'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { EngineApi } from '../../../src/bridge/engine-api.ts'
import { TrackioError } from '../../../src/model/errors.ts'
import type { SourceInfo } from '../../../src/model/source.ts'
import type { Entry } from '../../../src/state/changes/entry.ts'
import { createMadeChanges, type MadeChanges } from '../../../src/state/changes/make-changes.ts'
import type { OpenSource } from '../../../src/state/sources/source-list.ts'

const KEY = 'trackio-lite:change:'
const closing: (() => void)[] = []
let stored: Map<string, string>

beforeEach(() => {
  vi.useFakeTimers()
  stored = new Map()
  vi.stubGlobal('window', {
    localStorage: {
      get length() {
        return stored.size
      },
      key: (i: number) => [...stored.keys()][i] ?? null,
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
      removeItem: (key: string) => void stored.delete(key),
    },
    addEventListener: () => {},
    removeEventListener: () => {},
  })
  vi.stubGlobal('navigator', {})
})
afterEach(() => {
  for (const close of closing.splice(0)) close()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const run = { key: 'k', id: 'k', name: 'a' }
const remove = { kind: 'delete' as const, runs: [run] }
const place = { kind: 'kept' as const, name: 'copy', project: 'demo' }
const kept = sourceOf('kept', 's1', 'copy')

function sourceOf(kind: OpenSource['kind'], id: string, name: string): OpenSource {
  const info: Partial<SourceInfo> = {
    ...{ id, name, live: false, writable: true, host: 'h', local: kind !== 'address' },
    projects: [{ id: `${id}/demo.db/demo`, name: 'demo', source: id, file: 'demo.db', bytes: 1 }],
    ...(kind === 'address' && { link: { as: 'server', texts: ['http://h/'] } }),
  }
  return { kind, info: info as SourceInfo, received: 0 }
}

function made(
  list: OpenSource[] = [kept],
  fails?: () => Promise<never>,
): { changes: MadeChanges; asked: string[] } {
  const asked: string[] = []
  const ask = async (kind: string, query?: object): Promise<unknown> => {
    if (fails && kind.startsWith('change')) return fails()
    const changes: unknown = Reflect.get(query ?? {}, 'changes')
    asked.push(Array.isArray(changes) ? `${kind} ${changes.length}` : kind)
    return undefined
  }
  const changes = createRoot((dispose) => {
    closing.push(dispose)
    return createMadeChanges({
      engine: { ask } as unknown as Pick<EngineApi, 'ask'>,
      sources: {
        list: () => list,
        look: async () => {},
        refresh: async () => {},
        close: async () => {},
      } as never,
      library: { look: async () => {}, status: () => ({ kind: 'unknown' }) },
      restarting: () => false,
      fail: (error) => {
        throw error
      },
    })
  })
  return { changes, asked }
}

const states = (changes: MadeChanges) => changes.entries().map(({ state }) => state)

async function wait(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
}

describe('a change', () => {
  test('is shown at once, made after ten seconds, and read before it is no longer laid over', async () => {
    const { changes, asked } = made()
    changes.add(place, remove)
    await wait(9000)
    expect([asked, states(changes)]).toEqual([['hold 1'], ['waiting']])
    await wait(1500)
    expect([asked, states(changes)]).toEqual([['hold 1', 'changeStored', 'reread', 'hold 0'], ['made']])
    await wait(20_000)
    expect(asked.length).toBe(4)
  })

  test('that is undone is never made', async () => {
    const { changes, asked } = made()
    changes.add(place, remove)
    await wait(3000)
    await changes.undo(changes.entries()[0]?.id ?? '')
    await wait(20_000)
    expect([asked, states(changes)]).toEqual([['hold 1', 'hold 0'], ['undone']])
  })

  test('takes what was asked of the same run afterwards back with it', async () => {
    const { changes } = made()
    changes.add(place, { kind: 'rename', runs: [run], name: 'b' })
    await wait(10)
    changes.add(place, { ...remove, runs: [{ ...run, name: 'b' }] })
    changes.add(place, { ...remove, runs: [{ key: 'other', id: 'other', name: 'c' }] })
    const first = changes.entries().find(({ change }) => change.kind === 'rename')
    await changes.undo(first?.id ?? '')
    expect(states(changes).sort()).toEqual(['undone', 'undone', 'waiting'])
  })

  test('that fails says why, and what is shown is as it was', async () => {
    const { changes, asked } = made([kept], async () => {
      throw new TrackioError('demo', 'no room', 'Delete something.')
    })
    changes.add(place, remove)
    await wait(10_500)
    expect(changes.entries()[0]).toMatchObject({ state: 'failed', why: 'no room. Delete something.' })
    expect(asked).toEqual(['hold 1', 'hold 0'])
  })

  test('of what this browser keeps is made by any page that comes after a kill, once its time is over', async () => {
    for (const state of ['waiting', 'making'] as const) {
      stored = new Map()
      const entry: Entry = {
        ...{ id: 'one', at: Date.now() - 60_000, until: Date.now() - 50_000, place, change: remove },
        ...{ page: 'one that is gone', state },
      }
      stored.set(`${KEY}one`, JSON.stringify(entry))
      const { changes, asked } = made([])
      await wait(1000)
      expect([state, asked, states(changes)]).toEqual([state, ['changeStored'], ['made']])
      for (const close of closing.splice(0)) close()
    }
  })

  test('for a server that was never sent is told of, and asked for again only by a person', async () => {
    const server = { kind: 'server' as const, url: 'http://h/', host: 'h', project: 'demo' }
    const entry: Entry = {
      ...{ id: 'one', at: Date.now() - 90_000, until: Date.now() - 80_000, place: server, change: remove },
      ...{ page: 'one that is gone', state: 'waiting' },
    }
    stored.set(`${KEY}one`, JSON.stringify(entry))
    const { changes, asked } = made([sourceOf('address', 's1', 'h')])
    await wait(1000)
    expect([asked, states(changes)]).toEqual([[], ['left']])
    const [left] = changes.entries()
    if (!left) throw new Error('no entry')
    expect(changes.canAgain(left)).toBe(true)
    changes.again(left.id)
    await wait(10_500)
    expect(asked).toEqual(['hold 1', 'changeThere', 'reread', 'hold 0'])
    expect(states(changes).sort()).toEqual(['left', 'made'])
  })

  test('is asked for once, however many looks come while it is made', async () => {
    const { changes, asked } = made()
    changes.add(place, remove)
    const id = changes.entries()[0]?.id ?? ''
    await Promise.all([changes.makeNow(id), changes.makeNow(id), wait(1000)])
    expect(asked.filter((kind) => kind === 'changeStored')).toHaveLength(1)
  })

  test('beyond the last thirty is forgotten', async () => {
    const { changes } = made()
    for (let i = 0; i < 40; i++) {
      changes.add(place, remove)
      await changes.undo(changes.entries().find(({ state }) => state === 'waiting')?.id ?? '')
      await wait(1)
    }
    expect(changes.entries().length).toBe(30)
    expect([...stored.keys()].length).toBe(30)
  })
})
