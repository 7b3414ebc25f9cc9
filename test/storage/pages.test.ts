import { describe, expect, test } from 'vitest'
import { makeImage, makePages } from '../../src/engine/formats/sqlite/database-image.ts'
import { openSqlite } from '../../src/engine/formats/sqlite/sqlite-file.ts'
import type { WalIndex } from '../../src/engine/formats/sqlite/wal.ts'
import { headerOf, memoryDatabase } from '../engine/sqlite-files.ts'
import { makeRandom } from '../random.ts'
import { type CountedBytes, countedBytes } from './counted-bytes.ts'

const PAGE = 1024

/** `count` pages of which each byte is the page's number. */
function numbered(count: number): Uint8Array {
  const bytes = new Uint8Array(count * PAGE)
  for (let page = 1; page <= count; page++) bytes.fill(page % 251, (page - 1) * PAGE, page * PAGE)
  return bytes
}

const HEADER = {
  pageSize: PAGE,
  usable: PAGE,
  wal: false,
  pageCount: 0,
  changeCounter: 0,
  schemaCookie: 0,
  encoding: 1,
}

function pagesOf(
  count: number,
  options: { block: number; keep: number; ahead: number },
  wal?: { bytes: CountedBytes; index: WalIndex },
) {
  const bytes = countedBytes(numbered(count))
  return { bytes, pages: makePages(makeImage(HEADER, bytes, wal?.bytes, wal?.index), options) }
}

describe('reading through', () => {
  test('reads each block once, in order, and ahead', async () => {
    const { bytes, pages } = pagesOf(100, { block: 8 * PAGE, keep: 4, ahead: 2 })
    for (let page = 1; page <= 100; page++) {
      if (!pages.peek(page)) expect(await pages.load(page)).toBe(true)
      expect(pages.bytes[pages.at]).toBe(page % 251)
      expect(pages.bytes[pages.at + PAGE - 1]).toBe(page % 251)
    }
    expect(bytes.loads).toEqual(
      Array.from({ length: 13 }, (_, i) => [i * 8 * PAGE, i < 12 ? 8 * PAGE : 4 * PAGE]),
    )
    expect(bytes.reads).toEqual([])
    expect(pages.bytesRead).toBe(100 * PAGE)
  })
  test('starts the next blocks before they are asked for', async () => {
    const { bytes, pages } = pagesOf(100, { block: 8 * PAGE, keep: 4, ahead: 2 })
    await pages.load(1)
    expect(bytes.loads.map(([offset]) => offset / (8 * PAGE))).toEqual([0, 1, 2])
  })
  test('starts a page without turning to it', async () => {
    const { bytes, pages } = pagesOf(100, { block: 8 * PAGE, keep: 4, ahead: 0 })
    await pages.load(1)
    for (const page of [20, 21, 40, 0, 101]) pages.start(page)
    expect(bytes.loads.map(([offset]) => offset / (8 * PAGE))).toEqual([0, 2, 4])
    await Promise.resolve()
    expect(pages.bytes[pages.at]).toBe(1)
    expect(await pages.load(40)).toBe(true)
    expect(pages.bytes[pages.at]).toBe(40)
    expect(bytes.loads.length).toBe(3)
  })
  test('never reads beyond the end', async () => {
    const { bytes, pages } = pagesOf(10, { block: 8 * PAGE, keep: 4, ahead: 5 })
    await pages.load(1)
    expect(bytes.loads.map(([offset]) => offset)).toEqual([0, 8 * PAGE])
    for (const page of [0, -1, 11, 1e6])
      expect([pages.peek(page), pages.get(page), await pages.load(page)]).toEqual([false, false, false])
    expect(bytes.loads.length + bytes.reads.length).toBe(2)
  })
})

describe('looking up', () => {
  test('reads a block at a time, and keeps the ones used last', () => {
    const { bytes, pages } = pagesOf(100, { block: 4 * PAGE, keep: 3, ahead: 0 })
    const ask = (page: number): void => {
      expect(pages.get(page)).toBe(true)
      expect(pages.bytes[pages.at]).toBe(page)
    }
    for (const page of [1, 2, 4, 3, 1]) ask(page)
    expect(bytes.reads).toEqual([[0, 4 * PAGE]])
    ask(5)
    ask(9)
    ask(1) // young again
    ask(13) // so the block of 5 goes
    expect(bytes.reads.length).toBe(4)
    for (const page of [1, 9, 13]) ask(page)
    expect(bytes.reads.length).toBe(4)
    ask(5)
    expect(bytes.reads.length).toBe(5)
  })
  test('finds the right page whatever the order, and however small the cache', async () => {
    const { pages } = pagesOf(200, { block: 3 * PAGE, keep: 2, ahead: 1 })
    const random = makeRandom(1)
    for (let i = 0; i < 2000; i++) {
      const page = 1 + Math.floor(random() * 200)
      expect(random() < 0.5 ? await pages.load(page) : pages.get(page)).toBe(true)
      expect(pages.bytes[pages.at]).toBe(page)
    }
  })
  test('a page larger than a block is a block of its own', () => {
    const { bytes, pages } = pagesOf(10, { block: 512, keep: 2, ahead: 0 })
    expect(pages.get(7)).toBe(true)
    expect(bytes.reads).toEqual([[6 * PAGE, PAGE]])
  })
  test('a page that is cut off is not there', () => {
    const bytes = countedBytes(numbered(10).subarray(0, 9 * PAGE + 100))
    const pages = makePages(makeImage(HEADER, bytes), { block: 4 * PAGE, keep: 2, ahead: 0 })
    expect([pages.get(9), pages.get(10)]).toEqual([true, false])
  })
})

test('pages of a log lie over those of the file, and only they are read from it', async () => {
  const log = countedBytes(new Uint8Array(4 * PAGE).fill(250))
  const index = {
    pages: new Map([
      [3, PAGE],
      [12, 2 * PAGE],
    ]),
    pageCount: 12,
    pageSize: PAGE,
    frames: 2,
    committedBytes: 0,
  }
  const { bytes, pages } = pagesOf(10, { block: 4 * PAGE, keep: 9, ahead: 0 }, { bytes: log, index })
  expect(pages.peek(3)).toBe(false)
  for (const [page, content] of [
    [2, 2],
    [3, 250],
    [4, 4],
    [12, 250],
  ] as const) {
    expect(page % 2 ? pages.get(page) : await pages.load(page)).toBe(true)
    expect(pages.bytes[pages.at]).toBe(content)
  }
  expect([...log.reads, ...log.loads].sort((a, b) => a[0] - b[0])).toEqual([
    [PAGE, PAGE],
    [2 * PAGE, PAGE],
  ])
  expect(bytes.bytes()).toBe(4 * PAGE)
})

test('a failed read is told to who asked for it, and may be tried again', async () => {
  let broken = true
  const memory = countedBytes(numbered(10))
  const pages = makePages(
    makeImage(HEADER, {
      ...memory,
      load: (offset, length) => (broken ? Promise.reject(new Error('gone')) : memory.load(offset, length)),
    }),
    { block: 4 * PAGE, keep: 3, ahead: 1 },
  )
  await expect(pages.load(1)).rejects.toThrow('gone')
  broken = false
  expect(await pages.load(1)).toBe(true)
})

describe('a database of 6 MB', () => {
  test('tells what it is from a few blocks, and is read through once', async () => {
    const { db, file, close } = await memoryDatabase()
    db.exec(
      'CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)',
    )
    db.exec('CREATE TABLE configs (id INTEGER PRIMARY KEY, run_name TEXT, config TEXT, created_at TEXT)')
    db.exec("INSERT INTO configs (run_name, config) VALUES ('run', '{\"lr\": 1}')")
    db.exec(`WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < 39999)
      INSERT INTO metrics SELECT i + 1, '2026-01-01T00:00:00.000000+00:00', 'run', i, '{"loss": ' || (i / 7.0) || ', "note": "' || hex(zeroblob(30)) || '"}' FROM c`)
    const data = file()
    close()
    expect(headerOf(data).pageSize).toBe(4096)
    expect(data.length).toBeGreaterThan(6e6)
    const bytes = countedBytes(data)
    const opened = await openSqlite({ path: 'big.db', db: bytes, wal: undefined, folderSeen: true })
    // the header, and the blocks of 64 KiB that hold the schema and the configs
    expect(bytes.reads.length + bytes.loads.length).toBeLessThanOrEqual(4)
    expect(bytes.bytes()).toBeLessThan(300_000)
    const looked = bytes.bytes()
    await opened?.read(() => {})
    expect(opened?.projects[0]?.reader.runs()[0]?.rows).toBe(40_000)
    expect(bytes.bytes() - looked).toBeLessThanOrEqual(data.length)
  })
})
