import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/engine/formats/sqlite/database.ts'
import { makeRowReader } from '../../src/engine/formats/sqlite/sqlite-rows.ts'
import { imageFile } from '../../src/engine/formats/sqlite/vfs.ts'
import { type Log, readLog, readWal } from '../../src/engine/formats/sqlite/wal.ts'
import { memoryBytes } from '../../src/storage/bytes.ts'
import { countedBytes } from '../storage/counted-bytes.ts'
import { headerOf, imageOf, memoryDatabase, smallPages, tableIn } from './sqlite-files.ts'

const PAGE = 512
const SALTS: [number, number] = [0x1234, 0xfedcba98]

interface Frame {
  page: number
  data: Uint8Array
  /** Pages of the database after the commit that this frame ends; 0 within a transaction. */
  commit: number
  salts?: [number, number] | undefined
}

/**
 * The write-ahead log format (sqlite.org/walformat.html): all numbers big-endian, the checksum's words in the
 * order its magic says.
 */
function walOf(frames: Frame[], order: 'big' | 'little', pageSize = PAGE, own = SALTS): Uint8Array {
  const bytes = new Uint8Array(32 + frames.length * (24 + pageSize))
  const view = new DataView(bytes.buffer)
  const little = order === 'little'
  let [a, b] = [0, 0]
  const add = (from: number, length: number): void => {
    for (let i = from; i < from + length; i += 8) {
      a = (a + b + view.getUint32(i, little)) >>> 0
      b = (b + a + view.getUint32(i + 4, little)) >>> 0
    }
  }
  const put = (at: number, ...words: number[]): void => {
    for (const [i, word] of words.entries()) view.setUint32(at + i * 4, word)
  }
  put(0, little ? 0x377f0682 : 0x377f0683, 3007000, pageSize, 0, ...own)
  add(0, 24)
  put(24, a, b)
  frames.forEach(({ page, data, commit, salts = own }, i) => {
    const at = 32 + i * (24 + pageSize)
    put(at, page, commit, ...salts)
    bytes.set(data, at + 24)
    add(at, 8)
    add(at + 24, pageSize)
    put(at + 16, a, b)
  })
  return bytes
}

const filled = (byte: number, size = PAGE): Uint8Array => new Uint8Array(size).fill(byte)

describe('a log that grows', () => {
  const frame = (page: number, byte: number, commit: number, salts?: [number, number]): Frame => ({
    page,
    data: filled(byte),
    commit,
    salts,
  })
  const many = Array.from({ length: 2000 }, (_, i) => frame((i % 50) + 1, i % 251, 50))
  const log = (frames: Frame[]) => countedBytes(walOf(frames, 'little'))
  const whole = async (frames: Frame[]) => (await readLog(log(frames)))?.index
  const read = async (bytes: ReturnType<typeof log>, before?: Log): Promise<Log> =>
    (await readLog(bytes, before)) ?? expect.fail('a log')

  test('is read on from its last commit: what was read before is not read again', async () => {
    const first = await read(log(many))
    const more = log([...many, frame(3, 99, 50), frame(51, 98, 51)])
    const next = await read(more, first)
    expect(next.index).toEqual(await whole([...many, frame(3, 99, 50), frame(51, 98, 51)]))
    expect(more.bytes()).toBe(32 + 2 * (24 + PAGE))
    const at = next.index.pages.get(51) ?? 0
    expect([next.bytes.read(at, PAGE), next.bytes.read(first.index.pages.get(50) ?? 0, 1)[0]]).toEqual([
      filled(98),
      1999 % 251,
    ])
    expect(first.index.pages.get(3), 'the older state stays').not.toBe(next.index.pages.get(3))
    const idle = log([...many, frame(3, 99, 50), frame(51, 98, 51)])
    expect((await read(idle, next)).index).toEqual(next.index)
    expect(idle.bytes()).toBe(32)
  })
  test('and was not committed to its end is read on from there, whatever took the place of the rest', async () => {
    const first = await read(log([...many, frame(7, 200, 0), frame(8, 201, 0)]))
    const committed = [...many, frame(9, 210, 50)]
    const next = await read(log([...committed, frame(8, 201, 0)]), first)
    expect(next.index).toEqual(await whole(committed))
    expect(next.bytes.read(next.index.pages.get(9) ?? 0, PAGE)).toEqual(filled(210))
  })
  test('and was begun anew is read from its start, past which the older generation does not count', async () => {
    const first = await read(log(many))
    const salts: [number, number] = [SALTS[0] + 1, 77]
    const start = walOf([frame(2, 222, 50, salts)], 'little', PAGE, salts)
    const bytes = walOf(many, 'little')
    bytes.set(start)
    const again = countedBytes(bytes)
    const next = await read(again, first)
    expect([...next.index.pages.keys(), next.index.frames]).toEqual([2, 1])
    expect(again.bytes(), 'not all that is left of it').toBeLessThan(200_000)
    expect(first.bytes.read(first.index.pages.get(2) ?? 0, PAGE), 'the older state stays').toEqual(
      filled(1951 % 251),
    )
  })
  test('and shrank is read from its start', async () => {
    const first = await read(log(many))
    expect((await read(log(many.slice(0, 10)), first)).index).toEqual(await whole(many.slice(0, 10)))
  })
})

describe.each(['big', 'little'] as const)('a log with %s-endian checksums', (order) => {
  const frames: Frame[] = [
    { page: 1, data: filled(1), commit: 0 },
    { page: 3, data: filled(2), commit: 3 },
    { page: 3, data: filled(3), commit: 0 },
    { page: 4, data: filled(4), commit: 4 },
  ]
  const at = (frame: number): number => 32 + frame * (24 + PAGE) + 24

  test('gives the newest frame of each page up to the last commit', async () => {
    expect(await readWal(memoryBytes(walOf(frames, order)))).toEqual({
      pages: new Map([
        [1, at(0)],
        [3, at(2)],
        [4, at(3)],
      ]),
      pageCount: 4,
      pageSize: PAGE,
      frames: 4,
      committedBytes: 32 + 4 * (24 + PAGE),
    })
  })
  test('leaves an uncommitted tail out', async () => {
    const tail = [...frames, { page: 1, data: filled(9), commit: 0 }, { page: 2, data: filled(9), commit: 0 }]
    const index = await readWal(memoryBytes(walOf(tail, order)))
    expect(index?.pages).toEqual(
      new Map([
        [1, at(0)],
        [3, at(2)],
        [4, at(3)],
      ]),
    )
    expect(index?.committedBytes).toBe(32 + 4 * (24 + PAGE))
    expect(await readWal(memoryBytes(walOf(frames.slice(0, 1), order)))).toBeUndefined()
  })
  test('ends at a frame of other salts: what an earlier generation left behind', async () => {
    for (const salts of [
      [SALTS[0] - 1, SALTS[1]],
      [SALTS[0], SALTS[1] ^ 1],
    ] as [number, number][]) {
      const index = await readWal(
        memoryBytes(
          walOf([...frames.slice(0, 2), { ...(frames[2] as Frame), salts }, frames[3] as Frame], order),
        ),
      )
      expect(index).toMatchObject({
        frames: 2,
        pageCount: 3,
        pages: new Map([
          [1, at(0)],
          [3, at(1)],
        ]),
      })
    }
  })
  test('ends at a cut frame', async () => {
    const whole = walOf(frames, order)
    for (const cut of [1, 100, 24 + PAGE - 1])
      expect(await readWal(memoryBytes(whole.subarray(0, whole.length - cut)))).toMatchObject({
        frames: 2,
        pageCount: 3,
      })
    // a commit frame that is cut takes its transaction along
    expect(await readWal(memoryBytes(whole.subarray(0, at(1) + PAGE - 1)))).toBeUndefined()
  })
  test('ends where one bit is wrong, in a header or in a page', async () => {
    const whole = walOf(frames, order)
    for (const offset of [at(2) - 24, at(2) - 20, at(2) - 8, at(2) + 5, at(3) + PAGE - 1]) {
      const bytes = whole.slice()
      bytes[offset] = (bytes[offset] as number) ^ 1
      expect(await readWal(memoryBytes(bytes)), `byte ${offset}`).toMatchObject({ frames: 2, pageCount: 3 })
    }
  })
  test('with a wrong header is none', async () => {
    const whole = walOf(frames, order)
    for (const offset of [0, 3, 8, 17, 21, 25, 31]) {
      const bytes = whole.slice()
      bytes[offset] = (bytes[offset] as number) ^ 0x10
      expect(await readWal(memoryBytes(bytes)), `byte ${offset}`).toBeUndefined()
    }
  })
})

test('an empty log, a header alone and other bytes are none', async () => {
  for (const bytes of [new Uint8Array(0), filled(0, 32), walOf([], 'big'), filled(7, 4000)])
    expect(await readWal(memoryBytes(bytes))).toBeUndefined()
})

describe('rows through a log', () => {
  test('are those of the last commit, for the row reader and for SQLite alike', async () => {
    for (const pageSize of [512, 4096, 65536]) {
      const { before, after, wal } = await twoStates(pageSize, 400, 900)
      const index = await readWal(memoryBytes(wal))
      expect(await sumOf(before)).toEqual({ rows: 400, sum: sum(400) })
      expect(await sumOf(after)).toEqual({ rows: 900, sum: sum(900) })
      const image = imageOf(before, wal, index)
      expect(image.pageCount).toBe(after.length / pageSize)
      expect(await sumOf(before, wal)).toEqual({ rows: 900, sum: sum(900) })
      const db = await openDatabase(image)
      expect(
        db.rows("SELECT count(*), sum(json_extract(metrics, '$.v')) FROM metrics WHERE step >= ?", [0]),
      ).toEqual([[900, sum(900)]])
      expect(db.rows('PRAGMA integrity_check')).toEqual([['ok']])
      db.close()
    }
  })
  test('of a torn log are those of the commit before', async () => {
    const { before, wal } = await twoStates(PAGE, 400, 900)
    expect(await sumOf(before, wal.subarray(0, wal.length - 7))).toEqual({ rows: 400, sum: sum(400) })
  })
  test('deleted in the log are gone, and the database is smaller', async () => {
    const { before, after, wal } = await twoStates(PAGE, 900, 0)
    expect(after.length).toBeLessThan(before.length)
    expect(await sumOf(before, wal)).toEqual({ rows: 0, sum: 0 })
  })
  test('of a log with another page size are left alone', async () => {
    const { before } = await twoStates(PAGE, 400, 900)
    const other = await twoStates(1024, 400, 900)
    expect(await sumOf(before, other.wal)).toEqual({ rows: 400, sum: sum(400) })
  })
})

test('the image shows SQLite the committed bytes, marked as a database without a log', async () => {
  const { before, after, wal } = await twoStates(1024, 300, 500)
  const image = imageOf(before, wal, await readWal(memoryBytes(wal)))
  const file = imageFile(image)
  expect(file.size).toBe(after.length)
  const bytes = new Uint8Array(after.length)
  expect(file.read(bytes, 0)).toBe(true)
  expect([bytes[18], bytes[19]]).toEqual([1, 1])
  bytes.set(after.subarray(18, 20), 18)
  expect(Buffer.compare(bytes, after)).toBe(0)
  // across pages, and beyond the end: zeros, and told
  const part = filled(9, 3000)
  expect(file.read(part, after.length - 1000)).toBe(false)
  expect(Buffer.compare(part.subarray(0, 1000), after.subarray(after.length - 1000))).toBe(0)
  expect(part.subarray(1000).every((byte) => byte === 0)).toBe(true)
})

/**
 * A database before and after a transaction, and the log of that transaction: every page that differs, in
 * random order.
 */
async function twoStates(
  pageSize: number,
  first: number,
  then: number,
): Promise<{ before: Uint8Array; after: Uint8Array; wal: Uint8Array }> {
  const { db, file, close } = await memoryDatabase(pageSize)
  db.exec(
    'CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)',
  )
  db.exec('CREATE INDEX i ON metrics (run_name, step)')
  const insert = (from: number, to: number): void => {
    for (let i = from; i < to; i++)
      db.exec({
        sql: "INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES ('2026-01-01T00:00:00+00:00', 'run', ?, ?)",
        bind: [i, `{"v": ${i}}`],
      })
  }
  insert(0, first)
  const before = file()
  db.exec('BEGIN')
  if (then > first) insert(first, then)
  else db.exec('DELETE FROM metrics')
  db.exec('COMMIT')
  if (then < first) db.exec('VACUUM')
  const after = file()
  close()
  const frames: Frame[] = []
  for (let at = 0; at < after.length; at += pageSize) {
    const data = after.subarray(at, at + pageSize)
    if (Buffer.compare(data, before.subarray(at, at + pageSize)) !== 0)
      frames.push({ page: at / pageSize + 1, data, commit: 0 })
  }
  // an older content of the same pages comes first, as in a log that holds several transactions
  const old = frames.slice(0, 3).map((frame) => ({ ...frame, data: filled(0, pageSize) }))
  const all = [...old, ...frames.reverse()]
  all[all.length - 1] = { ...(all[all.length - 1] as Frame), commit: after.length / pageSize }
  return { before, after, wal: walOf(all, 'little', pageSize) }
}

const sum = (n: number): number => (n * (n - 1)) / 2

async function sumOf(file: Uint8Array, wal?: Uint8Array): Promise<{ rows: number; sum: number }> {
  const pages = smallPages(imageOf(file, wal, wal && (await readWal(memoryBytes(wal)))))
  expect(headerOf(file).encoding).toBe(1)
  const reader = makeRowReader(await tableIn(pages, 'metrics'))
  await reader?.read(pages, { stop: () => false, pauseDue: () => false, pause: async () => {} })
  const column = reader?.runs[0]?.columns.metrics[0]
  expect(reader?.damage).toEqual([])
  return {
    rows: reader?.rows ?? -1,
    sum: column ? column.data.subarray(0, column.length).reduce((a, b) => a + b, 0) : 0,
  }
}
