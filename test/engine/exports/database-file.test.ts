import { isDeepStrictEqual } from 'node:util'
import sqlite3InitModule from '@sqlite.org/sqlite-wasm'
import { expect, test } from 'vitest'
import { exportDatabase } from '../../../src/engine/exports/database-file.ts'
import { openDatabase } from '../../../src/engine/formats/sqlite/database.ts'
import { makeImage } from '../../../src/engine/formats/sqlite/database-image.ts'
import type { DatabaseSource } from '../../../src/engine/formats/sqlite/database-source.ts'
import { countedBytes } from '../../storage/counted-bytes.ts'
import { fixtureFolders } from '../golden-fixtures.ts'
import { headerOf, imageOf, memoryDatabase } from '../sqlite-files.ts'
import { databasesOf, openFixture } from './sources.ts'

const sqlite3 = await sqlite3InitModule()

/** All rows of all tables of a database in memory, opened by SQLite as a plain file. */
function dump(bytes: Uint8Array): { check: unknown; tables: Record<string, unknown[][]> } {
  const db = new sqlite3.oo1.DB()
  try {
    const pointer = sqlite3.wasm.allocFromTypedArray(bytes)
    const flags = sqlite3.capi.SQLITE_DESERIALIZE_FREEONCLOSE | sqlite3.capi.SQLITE_DESERIALIZE_RESIZEABLE
    expect(sqlite3.capi.sqlite3_deserialize(db, 'main', pointer, bytes.length, bytes.length, flags)).toBe(0)
    const names = db
      .selectValues("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .map(String)
    const rows = names.map((name) => [name, db.selectArrays(`SELECT rowid, * FROM "${name}" ORDER BY rowid`)])
    return { check: db.selectValue('PRAGMA integrity_check'), tables: Object.fromEntries(rows) }
  } finally {
    db.close()
  }
}

/** The same through the engine's own view of file and log. */
async function dumpImage({ image }: DatabaseSource): Promise<Record<string, unknown[][]>> {
  if (!image) return {}
  const db = await openDatabase(image)
  try {
    const names = db
      .rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .map(([name]) => String(name))
    return Object.fromEntries(
      names.map((name) => [name, db.rows(`SELECT rowid, * FROM "${name}" ORDER BY rowid`)]),
    )
  } finally {
    db.close()
  }
}

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer())

test.each(fixtureFolders('runs'))(
  '%s: the exported file is whole by itself and holds every row',
  async (folder) => {
    for (const fixture of databasesOf(folder)) {
      const source = await openFixture(fixture)
      const steps: number[] = []
      const bytes = await bytesOf(
        await exportDatabase(source, { onProgress: (_, done, total) => steps.push(done / total) }),
      )
      if (!source.image) continue
      expect(steps.at(-1)).toBe(1)
      expect([...bytes.slice(18, 20)]).toEqual([1, 1])
      const { check, tables } = dump(bytes)
      expect(check).toBe('ok')
      // vitest's own comparison takes seconds for the larger ones
      expect(isDeepStrictEqual(tables, await dumpImage(source)), fixture.projectFiles.path).toBe(true)
    }
  },
)

test('a log in many pieces is folded in page by page, over a file of several pieces', async () => {
  // 20 MB in pages of 1,024 bytes: the log's blocks of 1 MiB end within pages
  const { db: sql, file, close } = await memoryDatabase(1024)
  sql.exec('CREATE TABLE t (x)')
  sql.exec(
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) INSERT INTO t SELECT zeroblob(900) FROM n',
  )
  const before = file().slice()
  sql.exec("UPDATE t SET x = 'new' WHERE rowid % 3 = 0")
  const after = file().slice()
  close()
  const frame = 24 + 1024
  const pages = new Map<number, number>()
  const changed: Uint8Array[] = []
  for (let page = 1; page <= after.length / 1024; page++) {
    const now = after.subarray((page - 1) * 1024, page * 1024)
    if (Buffer.compare(now, before.subarray((page - 1) * 1024, page * 1024)) === 0) continue
    pages.set(page, 32 + changed.length * frame + 24)
    changed.push(now)
  }
  expect(changed.length).toBeGreaterThan(3000)
  const wal = new Uint8Array(32 + changed.length * frame)
  changed.forEach((page, i) => {
    wal.set(page, 32 + i * frame + 24)
  })
  const index = {
    pages,
    pageCount: after.length / 1024,
    pageSize: 1024,
    frames: changed.length,
    committedBytes: wal.length,
  }
  const [db, log] = [countedBytes(before), countedBytes(wal)]
  const image = makeImage(headerOf(before), db, log, index)
  const bytes = await bytesOf(await exportDatabase({ path: 't.db', image, remote: false }))
  // the file in pieces of 4 MiB, the log in blocks of 1 MiB
  expect(db.loads).toHaveLength(Math.ceil(before.length / (4 << 20)))
  expect(log.loads).toHaveLength(Math.ceil(wal.length / (1 << 20)))
  expect(bytes.length).toBe(after.length)
  after.fill(1, 18, 20)
  expect(Buffer.compare(bytes, after)).toBe(0)
  // what was opened is not written to
  expect(headerOf(before).pageSize).toBe(1024)
})

test('pages that only the log has, beyond the end of the file, are there', async () => {
  const { db, file, close } = await memoryDatabase(4096)
  db.exec('CREATE TABLE t (x)')
  const before = file().slice()
  db.exec(
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO t SELECT zeroblob(3000) FROM n',
  )
  const after = file().slice()
  close()
  const count = after.length / 4096
  const wal = new Uint8Array(count * 4120 + 32)
  const pages = new Map<number, number>()
  for (let page = 1; page <= count; page++) {
    pages.set(page, 32 + (page - 1) * 4120 + 24)
    wal.set(after.subarray((page - 1) * 4096, page * 4096), 32 + (page - 1) * 4120 + 24)
  }
  const image = imageOf(before, wal, {
    pages,
    pageCount: count,
    pageSize: 4096,
    frames: count,
    committedBytes: wal.length,
  })
  const bytes = await bytesOf(await exportDatabase({ path: 't.db', image, remote: false }))
  expect(dump(bytes).tables.t).toHaveLength(100)
})

test('a file that was cut off stays as it is, and is not filled up with nothing', async () => {
  const [fixture] = databasesOf('damaged-truncated')
  if (!fixture) throw new Error('no fixture')
  const original = new Uint8Array(await (fixture.files[0]?.file ?? new Blob()).arrayBuffer())
  const bytes = await bytesOf(await exportDatabase(await openFixture(fixture)))
  expect(bytes.length - original.length).toBeLessThan(4096)
  original.fill(1, 18, 20)
  expect(Buffer.compare(bytes.subarray(0, original.length), original)).toBe(0)
})

test('an empty file gives an empty file', async () => {
  const [fixture] = databasesOf('damaged-empty')
  if (!fixture) throw new Error('no fixture')
  expect((await exportDatabase(await openFixture(fixture))).size).toBe(0)
})

test('an export that is given up ends, and a failure of the source is told once', async () => {
  const [fixture] = databasesOf('v0.43.0')
  if (!fixture) throw new Error('no fixture')
  const source = await openFixture(fixture)
  const abort = new AbortController()
  abort.abort()
  await expect(exportDatabase(source, { signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' })
  if (source.image)
    source.image.db = { ...source.image.db, load: async () => Promise.reject(new Error('gone')) }
  await expect(exportDatabase(source)).rejects.toThrow('gone')
})
