import sqlite3InitModule, { type Database, type Sqlite3Static } from '@sqlite.org/sqlite-wasm'
import { type Header, parseHeader } from '../../src/engine/formats/sqlite/database-header.ts'
import {
  type Image,
  makeImage,
  makePages,
  type Pages,
} from '../../src/engine/formats/sqlite/database-image.ts'
import { readSchema } from '../../src/engine/formats/sqlite/schema.ts'
import type { Table } from '../../src/engine/formats/sqlite/sqlite-table.ts'
import type { WalIndex } from '../../src/engine/formats/sqlite/wal.ts'
import { memoryBytes } from '../../src/storage/bytes.ts'

let starting: Promise<Sqlite3Static> | undefined

/** A database in memory, written by SQLite itself. `file` gives its bytes as they would lie on disk. */
export async function memoryDatabase(
  pageSize = 4096,
): Promise<{ db: Database; file(): Uint8Array; close(): void }> {
  starting ??= sqlite3InitModule()
  const sqlite3 = await starting
  const db = new sqlite3.oo1.DB(':memory:')
  db.exec(`PRAGMA page_size = ${pageSize}`)
  return { db, file: () => sqlite3.capi.sqlite3_js_db_export(db), close: () => db.close() }
}

export function headerOf(file: Uint8Array): Header {
  const header = parseHeader(file.subarray(0, 100))
  if (!header) throw new Error('not a database')
  return header
}

export function imageOf(file: Uint8Array, wal?: Uint8Array, index?: WalIndex): Image {
  return makeImage(headerOf(file), memoryBytes(file), wal && memoryBytes(wal), index)
}

/**
 * Pages through small blocks of which few are kept, so that everything has to be read, dropped and read
 * again.
 */
export function smallPages(image: Image): Pages {
  return makePages(image, { block: 4 * image.pageSize, keep: 4, ahead: 1 })
}

export async function tableIn(pages: Pages, name: string): Promise<Table> {
  const table = (await readSchema(pages)).tables.get(name)
  if (!table) throw new Error(`no table ${name}`)
  return table
}
