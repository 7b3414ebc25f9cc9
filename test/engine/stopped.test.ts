import { afterEach, expect, test } from 'vitest'
import type { OpenDataset } from '../../src/engine/formats/dataset.ts'
import { layoutOf } from '../../src/engine/formats/layout.ts'
import { openSqlite } from '../../src/engine/formats/sqlite/sqlite-file.ts'
import { serverFiles } from '../../src/engine/formats/trackio-server/server-files.ts'
import { memoryBytes } from '../../src/storage/bytes.ts'
import { type CountedBytes, countedBytes } from '../storage/counted-bytes.ts'
import { memoryDatabase } from './sqlite-files.ts'

/*
 * Databases whose reading was stopped, or is held back behind a network, and that are looked at again all the
 * same.
 */

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const FILES = serverFiles('x.db', '')

interface Made {
  file: OpenDataset
  add(rows: number): void
  /** What was read since the file was opened or looked at last. */
  bytes(): CountedBytes
  state(): string | undefined
  rows(): number
}

/** `holdFrom`: it lies behind a network, where larger ones are shown as a sample. */
async function database(rows: number, holdFrom?: number): Promise<Made> {
  const made = await memoryDatabase()
  closing.push(made.close)
  made.db.exec(
    'CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)',
  )
  let count = 0
  const add = (more: number): void => {
    made.db.transaction(() => {
      for (let i = 0; i < more; i++, count++) {
        const time = new Date(Date.UTC(2026, 0, 1) + count * 1000).toISOString().replace('Z', '000+00:00')
        const metrics = JSON.stringify({ loss: count, text: 'x'.repeat(300) })
        made.db.exec({
          sql: 'INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?,?,?,?)',
          bind: [time, 'run', count, metrics],
        })
      }
    })
  }
  add(rows)
  let bytes = countedBytes(made.file().slice())
  const again = async () => {
    bytes = countedBytes(made.file().slice())
    return { db: bytes, wal: undefined, stamp: String(count) }
  }
  const file = await openSqlite({
    path: 'x.db',
    db: bytes,
    wal: undefined,
    folderSeen: true,
    holdFrom,
    reopen: again,
  })
  if (!file) throw new Error('no database')
  const reader = () => file.projects[0]?.reader
  return {
    file,
    add,
    bytes: () => bytes,
    state: () => reader()?.reading().state,
    rows: () => reader()?.runs()[0]?.rows ?? 0,
  }
}

test('one that waits to be read can be cancelled, and is read when it is resumed', async () => {
  const { file, state, rows } = await database(10)
  file.stop('cancel')
  expect(state()).toBe('cancelled')
  await file.read(() => {})
  expect([state(), rows()]).toEqual(['done', 10])
})

test('a look does not read what somebody said should not be read; resuming reads it as it is by then', async () => {
  const { file, add, state, rows } = await database(2000)
  const reading = file.read(() => {})
  file.stop('cancel')
  await reading
  const before = rows()
  expect([state(), before < 2000]).toEqual(['cancelled', true])
  add(1000)
  expect(await file.refresh(FILES)).toBe('same')
  expect([state(), rows()]).toEqual(['cancelled', before])
  await file.read(() => {}, true)
  expect([state(), rows()]).toEqual(['done', 3000])
})

test('behind a network, a look at one that is still to be sampled reads no more of it than that', async () => {
  const { file, add, bytes, state, rows } = await database(20_000, 1 << 20)
  add(1000)
  expect(await file.refresh(FILES)).toBe('same')
  expect(state()).toBe('reading')
  await file.read(() => {})
  expect([state(), rows()]).toEqual(['held', 0])
  expect(bytes().bytes()).toBeLessThan(bytes().size / 2)
})

test('a sample that gave way to another file is taken when its turn comes', async () => {
  const { file, state } = await database(20_000, 1 << 20)
  const told: string[] = []
  const reading = file.read((what) => told.push(what))
  file.stop('pause')
  await reading
  expect([state(), told]).toEqual(['reading', []])
  await file.read((what) => told.push(what))
  expect([state(), told]).toEqual(['held', ['sample']])
  expect(file.projects[0]?.reader.samples()[0]?.rows).toBeGreaterThan(500)
})

test('a file that is looked at while it is read is read on in large pieces', async () => {
  const { file, add, bytes, state, rows } = await database(30_000)
  const reading = file.read(() => {})
  file.stop('pause')
  await reading
  add(10)
  expect(await file.refresh(FILES)).toBe('same')
  await file.read(() => {})
  expect([state(), rows()]).toEqual(['done', 30_010])
  const whole = bytes().loads.map(([, length]) => length)
  expect(Math.max(...whole)).toBeGreaterThan(1 << 20)
})

test('an empty file that is still empty is the same', async () => {
  const file = await openSqlite({
    path: 'x.db',
    db: memoryBytes(new Uint8Array(0)),
    wal: undefined,
    folderSeen: true,
  })
  const [files] = await layoutOf([{ path: 'x.db', size: 0, stamp: '' }], { name: 'x', prefer: 'database' })
  expect(files && (await file?.refresh(files))).toBe('same')
})
