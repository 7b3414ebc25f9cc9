import { beforeEach, describe, expect, test } from 'vitest'
import { keptBytes } from '../../../src/storage/hub/cached-bytes.ts'
import { BLOCK } from '../../../src/storage/hub/hub-blocks.ts'
import { makeHubCache } from '../../../src/storage/hub/hub-cache.ts'
import type { RangeSource, Span } from '../../../src/storage/hub/hub-ranges.ts'
import { type MemoryStore, memoryStore } from '../memory-store.ts'

const B = BLOCK
const DATA = Uint8Array.from({ length: 40 * B + 1000 }, (_, i) => (i * 31 + (i >> 8)) % 256)

interface Far extends RangeSource {
  asked: Span[]
  /** Answers of `load` wait for it. */
  gate: Promise<void> | undefined
}

function far(data = DATA): Far {
  const source: Far = {
    size: data.length,
    asked: [],
    gate: undefined,
    async load({ start, end }, { signal, onBytes } = {}) {
      source.asked.push({ start, end })
      await source.gate
      signal?.throwIfAborted()
      onBytes?.(end - start)
      return data.slice(start, end)
    },
    read({ start, end }) {
      source.asked.push({ start, end })
      return data.slice(start, end)
    },
  }
  return source
}

/** As bytes: vitest would go through them one by one. */
function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect([actual.length, Buffer.compare(actual, expected)]).toEqual([expected.length, 0])
}

let store: MemoryStore
let time: number
const open = (limit?: number) => makeHubCache(store, limit, () => time)

beforeEach(() => {
  store = memoryStore()
  time = 1_700_000_000_000
})

describe('bytes that are kept', () => {
  test('come from far once, in either way of reading', async () => {
    const source = far()
    const bytes = keptBytes(source)
    expect(bytes.size).toBe(DATA.length)
    expectBytes(bytes.read(5, 10), DATA.slice(5, 15))
    expectBytes(bytes.read(100, 1000), DATA.slice(100, 1100))
    expectBytes(await bytes.load(0, B), DATA.slice(0, B))
    expect(source.asked).toEqual([{ start: 0, end: B }])
    expectBytes(await bytes.load(B - 5, 10), DATA.slice(B - 5, B + 5))
    expectBytes(bytes.read(B, 2 * B), DATA.slice(B, 3 * B))
    expect(source.asked.slice(1)).toEqual([
      { start: B, end: 2 * B },
      { start: 2 * B, end: 3 * B },
    ])
  })
  test('end where the file does, and cost nothing behind it', async () => {
    const source = far()
    const bytes = keptBytes(source)
    expectBytes(await bytes.load(DATA.length - 3, 100), DATA.slice(-3))
    expect(await bytes.load(DATA.length, 100)).toEqual(new Uint8Array(0))
    expect(bytes.read(DATA.length + 5, 100)).toEqual(new Uint8Array(0))
    expect(source.asked).toEqual([{ start: 40 * B, end: DATA.length }])
  })
  test('are asked for once by two readers at a time', async () => {
    const source = far()
    const bytes = keptBytes(source)
    const [a, b] = await Promise.all([bytes.load(0, 3 * B), bytes.load(B, 3 * B)])
    expectBytes(a, DATA.slice(0, 3 * B))
    expectBytes(b, DATA.slice(B, 4 * B))
    expect(source.asked).toEqual([
      { start: 0, end: 3 * B },
      { start: 3 * B, end: 4 * B },
    ])
  })
  test('are asked for again when the one who asked gave up and another waits', async () => {
    const source = far()
    const bytes = keptBytes(source)
    const controller = new AbortController()
    let open = (): void => undefined
    source.gate = new Promise((resolve) => {
      open = resolve
    })
    const first = bytes.load(0, 10, { signal: controller.signal })
    const second = bytes.load(0, 10)
    controller.abort()
    open()
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
    expectBytes(await second, DATA.slice(0, 10))
    expect(source.asked.length).toBe(2)
  })
  test('are asked for again after a failure', async () => {
    const source = far()
    const bytes = keptBytes(source)
    source.gate = Promise.reject(new Error('line broke'))
    await expect(bytes.load(0, 10)).rejects.toThrow('line broke')
    source.gate = undefined
    expectBytes(await bytes.load(0, 10), DATA.slice(0, 10))
  })
  test('report how many of them came', async () => {
    const bytes = keptBytes(far())
    const seen: number[] = []
    await bytes.load(0, 10)
    await bytes.load(0, 3 * B, { onBytes: (count) => seen.push(count) })
    expect(seen).toEqual([2 * B])
  })
  test('stay in memory only as far as 16 MiB, however long a read is', () => {
    const data = new Uint8Array(40 << 20)
    data.set([1, 2, 3], (30 << 20) + 5)
    const source = far(data)
    const bytes = keptBytes(source)
    expectBytes(bytes.read(0, data.length), data)
    expect(source.asked.length).toBe(5)
    expect(bytes.read((30 << 20) + 5, 3)).toEqual(Uint8Array.of(1, 2, 3))
    expect(source.asked.length).toBe(5)
    bytes.read(0, 10)
    expect(source.asked.length).toBe(6)
  })
})

describe('the cache', () => {
  test('gives on the next visit what was read before, and asks only for the rest', async () => {
    const first = far()
    const cache = open()
    const bytes = keptBytes(first, await cache.file('a'))
    await bytes.load(0, 2 * B)
    bytes.read(5 * B + 3, 10)
    expect(await cache.size()).toBe(3 * B)

    const source = far()
    const again = keptBytes(source, await open().file('a'))
    expectBytes(await again.load(0, 2 * B), DATA.slice(0, 2 * B))
    expectBytes(again.read(5 * B, 100), DATA.slice(5 * B, 5 * B + 100))
    expect(source.asked).toEqual([])
    expectBytes(await again.load(B, 6 * B), DATA.slice(B, 7 * B))
    expect(source.asked).toEqual([
      { start: 2 * B, end: 5 * B },
      { start: 6 * B, end: 7 * B },
    ])
  })
  test('knows files apart by their keys', async () => {
    const cache = open()
    await keptBytes(far(), await cache.file('a')).load(0, 10)
    await cache.size()
    const source = far()
    await keptBytes(source, await cache.file('b')).load(0, 10)
    expect(source.asked.length).toBe(1)
  })
  test('writes each span once, also when another tab has it', async () => {
    const one = open()
    const other = open()
    const a = keptBytes(far(), await one.file('a'))
    const b = keptBytes(far(), await other.file('a'))
    await a.load(0, 10)
    await one.size()
    const before = store.writes
    await b.load(0, 10)
    await other.size()
    expect(store.writes).toBe(before)
  })
  test('takes no span that was cut off', async () => {
    const cache = open()
    await keptBytes(far(), await cache.file('a')).load(0, 10)
    await cache.size()
    for (const files of store.files.values())
      for (const [name, data] of files)
        if (name.startsWith('b.')) files.set(name, data.subarray(0, data.length - 1))
    const source = far()
    expectBytes(await keptBytes(source, await open().file('a')).load(0, 10), DATA.slice(0, 10))
    expect(source.asked.length).toBe(1)
  })
  test('that is forgotten while it is read costs another read, no more', async () => {
    const cache = open()
    const source = far()
    const bytes = keptBytes(source, await cache.file('a'))
    await bytes.load(0, 2 * B)
    await cache.size()
    await cache.forget()
    expect(await cache.size()).toBe(0)
    expectBytes(bytes.read(10, 5), DATA.slice(10, 15))
    expectBytes(await bytes.load(B, 5), DATA.slice(B, B + 5))
    expect(source.asked.length).toBe(3)
  })
  test('keeps to its limit: the least recently used go first', async () => {
    const cache = open(4 * B)
    for (const key of ['a', 'b', 'c']) {
      time += 120_000
      await keptBytes(far(), await cache.file(key)).load(0, B)
      await cache.size()
    }
    time += 120_000
    await cache.file('a')
    time += 120_000
    await keptBytes(far(), await cache.file('d')).load(0, 3 * B)
    expect(await cache.size()).toBe(4 * B)
    const has = async (key: string): Promise<number | undefined> =>
      (await open(4 * B).file(key))?.spans.length
    expect([await has('a'), await has('b'), await has('c'), await has('d')]).toEqual([1, 0, 0, 1])
  })
  test('keeps no more of a file than fits, and reads on', async () => {
    const cache = open(3 * B)
    const source = far()
    const bytes = keptBytes(source, await cache.file('a'))
    for (let block = 0; block < 6; block++)
      expectBytes(await bytes.load(block * B, B), DATA.slice(block * B, (block + 1) * B))
    expect(await cache.size()).toBe(3 * B)
    expectBytes(bytes.read(5 * B, 10), DATA.slice(5 * B, 5 * B + 10))
    expect(source.asked.length).toBe(6)
  })
  test('without room on the disk stops keeping, and everything else goes on', async () => {
    store.room = 2 * B
    const cache = open()
    const bytes = keptBytes(far(), await cache.file('a'))
    for (let block = 0; block < 5; block++)
      expectBytes(await bytes.load(block * B, B), DATA.slice(block * B, (block + 1) * B))
    expect(await cache.size()).toBe(2 * B)
    const writes = store.writes
    await bytes.load(9 * B, B)
    await cache.size()
    expect(store.writes).toBe(writes)
  })
  test('is no cache where the browser has no such storage', async () => {
    const cache = makeHubCache(Promise.resolve(undefined))
    expect(await cache.file('a')).toBeUndefined()
    await cache.note('k', 1)
    expect(await cache.recall('k')).toBeUndefined()
    expect(await cache.size()).toBe(0)
    await cache.forget()
  })
  test('notes small values, the newest counts', async () => {
    const cache = open()
    expect(await cache.recall('k')).toBeUndefined()
    await cache.note('k', { sha: 'é' })
    await cache.note('k', { sha: 'b' })
    await cache.note('other', [1])
    expect(await open().recall('k')).toEqual({ sha: 'b' })
    expect(
      [...store.files.values()].flatMap((files) => [...files.keys()]).filter((name) => name.startsWith('n.'))
        .length,
    ).toBe(2)
  })
  test('holds no names: what was read stands under a hash', async () => {
    await keptBytes(far(), await open().file('secret/name')).load(0, 10)
    expect(JSON.stringify([...store.files.keys()])).not.toContain('secret')
  })
})

test('what is kept is listed by what it is of, the newest first, and forgotten by that', async () => {
  const cache = open()
  const add = async (key: string, of: string | undefined, blocks: number): Promise<void> => {
    const file = await cache.file(key, of)
    await file?.keep({ start: 0, end: blocks * B }, DATA.slice(0, blocks * B))
  }
  await add('one', 'hub/datasets/a', 1)
  time += 120_000
  await add('two', 'hub/datasets/b', 2)
  await cache.note('list of b', { x: 1 }, 'hub/datasets/b')
  time += 120_000
  await add('old', undefined, 1)
  const listed = await open().list()
  expect(listed.map(({ of }) => of)).toEqual(['', 'hub/datasets/b', 'hub/datasets/a'])
  expect(listed.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(await cache.size())
  const [, b] = listed
  expect(b?.bytes).toBeGreaterThan(2 * B)
  await cache.forget('hub/datasets/b')
  expect((await open().list()).map(({ of }) => of)).toEqual(['', 'hub/datasets/a'])
  expect(await cache.recall('list of b')).toBeUndefined()
  // what is left is read as before
  const kept = await open().file('one')
  expect(kept?.spans).toHaveLength(1)
  await cache.forget()
  expect(await open().list()).toEqual([])
})
