import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import sqlite3InitModule from '@sqlite.org/sqlite-wasm'
import { expect, test } from 'vitest'
import { openProjectDb } from '../../../src/engine/tracking/project-db.ts'
import { memoryFile } from '../../../src/storage/opfs/sync-file.ts'

const THEIRS = new URL('../../fixtures/v0.43.0/data/demoprojectv4öcsv.db', import.meta.url)

test('the tables, indexes, columns and settings are those of a file that trackio 0.43 wrote', async () => {
  const theirs = await schemaOf(readFileSync(THEIRS))
  const ours = await schemaOf(await emptyDatabase())
  expect(ours).toEqual(theirs)
  expect(theirs.objects.length).toBeGreaterThan(30)
})

test('a file of an older trackio is refused, not mixed', async () => {
  const old = memoryFile()
  old.write(
    gunzipSync(readFileSync(new URL('../../fixtures/v0.23.0/data/sweep202603.db.gz', import.meta.url))),
    0,
  )
  await expect(openProjectDb('old.db', { main: old, wal: memoryFile() })).rejects.toThrow(
    /older trackio \(columns id, timestamp, run_name/,
  )
})

async function emptyDatabase(): Promise<Uint8Array> {
  const main = memoryFile()
  const db = await openProjectDb('x.db', { main, wal: memoryFile() })
  db.checkpoint()
  db.close()
  const bytes = new Uint8Array(main.size)
  main.read(bytes, 0)
  return bytes
}

async function schemaOf(file: Uint8Array) {
  const sqlite3 = await sqlite3InitModule()
  const bytes = new Uint8Array(file)
  bytes.fill(1, 18, 20) // no log beside it
  const db = new sqlite3.oo1.DB(':memory:')
  const pointer = sqlite3.wasm.allocFromTypedArray(bytes)
  sqlite3.capi.sqlite3_deserialize(
    Number(db.pointer),
    'main',
    pointer,
    bytes.length,
    bytes.length,
    sqlite3.capi.SQLITE_DESERIALIZE_FREEONCLOSE,
  )
  const rows = (sql: string): unknown[][] => db.selectArrays(sql)
  const objects = rows('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name').map(
    ([type, name, table, sql]) => ({
      type,
      name,
      table,
      sql: plain(sql),
    }),
  )
  const columns = objects
    .filter((object) => object.type === 'table')
    .map(({ name }) =>
      rows(`SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo('${name}')`),
    )
  const settings = ['user_version', 'page_size', 'encoding', 'auto_vacuum', 'application_id'].map((name) => [
    name,
    rows(`PRAGMA ${name}`)[0]?.[0],
  ])
  db.close()
  return { objects, columns, settings }
}

/** SQL as SQLite keeps it, without the layout. */
function plain(sql: unknown): string {
  return String(sql)
    .replace(/\s+/g, ' ')
    .replace(/\s*([(),])\s*/g, '$1')
    .trim()
}
