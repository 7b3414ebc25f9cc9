import { createRoot } from 'solid-js'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { EngineApi } from '../../../src/bridge/engine-api.ts'
import type { ChangedRun } from '../../../src/model/change.ts'
import { TrackioError } from '../../../src/model/errors.ts'
import type { SourceInfo } from '../../../src/model/source.ts'
import type { Entry } from '../../../src/state/changes/entry.ts'
import { seenNow } from '../../../src/state/changes/file-access.ts'
import { createMadeChanges, type MadeChanges } from '../../../src/state/changes/make-changes.ts'
import type { OpenSource } from '../../../src/state/sources/source-list.ts'

const KEY = 'trackio-lite:change:'
const closing: (() => void)[] = []
let stored: Map<string, string>
/** Hears what another page stored. */
let told: ((event: { key: null }) => void) | undefined

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
    addEventListener: (_: string, listener: typeof told) => (told = listener),
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
  making?: (kind: string, query: object) => Promise<void>,
): { changes: MadeChanges; asked: string[] } {
  const asked: string[] = []
  const ask = async (kind: string, query?: object): Promise<unknown> => {
    if (fails && kind.startsWith('change')) return fails()
    const changes: unknown = Reflect.get(query ?? {}, 'changes')
    asked.push(Array.isArray(changes) ? `${kind} ${changes.length}` : kind)
    await making?.(kind, query ?? {})
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

  test('that a page meets long after it was asked for can be undone there once more', async () => {
    const entry: Entry = {
      ...{ id: 'one', at: Date.now() - 9e8, until: Date.now() - 8e8, place, change: remove },
      ...{ page: 'one that is gone', state: 'waiting' },
    }
    stored.set(`${KEY}one`, JSON.stringify(entry))
    const { changes, asked } = made()
    await wait(9000)
    expect([asked, states(changes)]).toEqual([['hold 1'], ['waiting']])
    await changes.makeNow('one')
    expect(states(changes)).toEqual(['made'])
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

  const rename = {
    kind: 'rename' as const,
    runs: [{ key: 'a', id: null, name: 'a' }] as [ChangedRun],
    name: 'b',
  }
  const next = { ...rename, runs: [{ key: 'b', id: null, name: 'b' }] as [ChangedRun], name: 'c' }
  const then = { kind: 'delete' as const, runs: [{ key: 'c', id: null, name: 'c' }] }

  test('is made after what was asked of the place before, one at a time, also by a page that comes late', async () => {
    for (const [n, change] of [rename, next, then].entries()) {
      const entry: Entry = {
        ...{ id: `${9 - n}`, at: Date.now() - 60_000 + n, until: Date.now() - 50_000 + n, place, change },
        ...{ page: 'one that is gone', state: 'waiting' },
      }
      stored.set(`${KEY}${entry.id}`, JSON.stringify(entry))
    }
    const found: string[] = []
    const { changes } = made([], undefined, async (kind, query) => {
      if (kind !== 'changeStored') return
      const what = Reflect.get(Reflect.get(query, 'change'), 'kind')
      found.push(`${what} begins`)
      // of the test's own clock
      await new Promise<void>((resolve) => {
        setTimeout(resolve, 700)
      })
      found.push(`${what} ends`)
    })
    await wait(5000)
    expect(found).toEqual(
      ['rename', 'rename', 'delete'].flatMap((what) => [`${what} begins`, `${what} ends`]),
    )
    expect(states(changes)).toEqual(['made', 'made', 'made'])
  })

  test('that is made now is made after what it rests on, and is undone with it', async () => {
    const queries: object[] = []
    const { changes } = made([kept], undefined, async (kind, query) => {
      if (kind === 'changeStored') queries.push(Reflect.get(query, 'change'))
    })
    for (const change of [rename, { ...remove, runs: [{ key: 'x', id: 'x', name: 'x' }] }, next, then]) {
      changes.add(place, change)
      await wait(1)
    }
    // the same names elsewhere are other runs
    changes.add({ ...place, name: 'another copy' }, next)
    const [, last] = changes.entries()
    await changes.makeNow(last?.id ?? '')
    expect(queries).toEqual([rename, next, then])
    expect(states(changes)).toEqual(['waiting', 'made', 'made', 'waiting', 'made'])

    for (const change of [rename, next, then]) {
      await wait(1)
      changes.add(place, change)
    }
    await changes.undo(changes.entries()[2]?.id ?? '')
    expect(states(changes).slice(0, 4)).toEqual(['undone', 'undone', 'undone', 'waiting'])
  })

  test('fails with what it rests on: the name it was asked by is another run', async () => {
    let tries = 0
    const { changes } = made([kept], async () => {
      tries++
      throw new TrackioError('demo', 'there is a run called b already')
    })
    changes.add(place, rename)
    await wait(1)
    changes.add(place, { ...remove, runs: [{ key: 'b', id: null, name: 'b' }] })
    await wait(11_000)
    expect([tries, states(changes)]).toEqual([1, ['failed', 'failed']])
    expect(changes.entries()[0]?.why).toBe('“Renamed a to b”, which was asked for before, failed')
  })

  test('of a file that another one of it comes before is made of the file as that one left it', async () => {
    let file = new File(['first'], 'demo.db', { lastModified: 1 })
    const handle = { name: 'demo.db', getFile: async () => file } as unknown as FileSystemFileHandle
    const source = { ...sourceOf('file', 's1', 'demo.db'), handles: Promise.resolve([handle]) }
    const [found, sizes] = [{ handle, folder: undefined }, [] as unknown[]]
    const { changes } = made([source], undefined, async (kind, query) => {
      if (kind !== 'changeFile') return
      sizes.push(Reflect.get(Reflect.get(query, 'file'), 'size'))
      file = new File(['as it was written'], 'demo.db', { lastModified: 2 })
    })
    const there = { kind: 'file' as const, source: 's1', path: 'demo.db', project: 'demo' }
    for (const change of [remove, { ...remove, runs: [{ key: 'x', id: 'x', name: 'x' }] }]) {
      changes.add(there, change, { found, seen: await seenNow(found) })
      await wait(1000)
    }
    await wait(12_000)
    expect([sizes, states(changes)]).toEqual([
      [5, 17],
      ['made', 'made'],
    ])
  })

  test('whose page was killed while it was sent is not told of as not sent', async () => {
    const server = { kind: 'server' as const, url: 'http://h/', host: 'h', project: 'demo' }
    const entry: Entry = {
      ...{ id: 'one', at: Date.now() - 90_000, until: Date.now() - 80_000, place: server, change: remove },
      ...{ page: 'one that is gone', state: 'making' },
    }
    stored.set(`${KEY}one`, JSON.stringify(entry))
    const { changes } = made([])
    await wait(1000)
    expect(changes.entries()[0]).toMatchObject({ state: 'left', why: expect.stringMatching('may be done') })
  })

  test('is not made again where the storage has no room for what became of it, or another page forgot it', async () => {
    const { changes, asked } = made([kept], async () => {
      throw new TrackioError('demo', 'no room')
    })
    changes.add(place, remove)
    const put = stored.set.bind(stored)
    stored.set = (key, value) => {
      if (value.includes('no room')) throw new DOMException('full', 'QuotaExceededError')
      return put(key, value)
    }
    await wait(11_000)
    expect([asked, states(changes)]).toEqual([['hold 1', 'hold 0'], ['failed']])

    stored.set = put
    changes.add(place, remove)
    const [key = '', text = ''] = [...stored].at(-1) ?? []
    stored.set(key, text.replace('"waiting"', '"made"'))
    told?.({ key: null })
    stored.delete(key)
    told?.({ key: null })
    expect(states(changes)).toEqual(['made', 'failed'])
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
