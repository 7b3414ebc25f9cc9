import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { memoryDatabase } from '../engine/sqlite-files.ts'
import { makeRandom } from '../random.ts'

/** A healthy database, with a log or without. */
export interface DatabaseBase {
  name: string
  db: Uint8Array
  wal: Uint8Array | undefined
  pageSize: number
}

/** Columns of its metrics, and the other tables that are read. */
export const COLUMNS = ['id', 'run_id', 'timestamp', 'run_name', 'step', 'metrics']
export const TABLES = ['configs']

const SCHEMA = `
CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL,
  step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT);
CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, run_name TEXT NOT NULL, config TEXT NOT NULL,
  created_at TEXT NOT NULL, UNIQUE(run_id));
CREATE INDEX i1 ON metrics(run_id, step);
CREATE INDEX i2 ON metrics(timestamp);`

/**
 * Databases of several forms, small, so that a mutation mostly meets something that matters. The same ones
 * each time.
 */
export async function databaseBases(): Promise<DatabaseBase[]> {
  const attack = gunzipSync(readFileSync(join(import.meta.dirname, '../fixtures/attack/data/00-good.db.gz')))
  const bases: DatabaseBase[] = [
    { name: 'attack', db: new Uint8Array(attack), wal: undefined, pageSize: 512 },
  ]
  for (const [name, pageSize, rows, long] of [
    ['small pages', 512, 60, 0],
    ['one page', 4096, 8, 0],
    ['long rows', 1024, 24, 5000],
    ['large pages', 4096, 120, 0],
    ['gaps', 512, 90, 200],
  ] as const) {
    const { db, file, close } = await memoryDatabase(pageSize)
    const random = makeRandom(pageSize + rows)
    db.exec(SCHEMA)
    addRows(db, random, 0, rows, long)
    if (name === 'gaps') db.exec('DELETE FROM metrics WHERE id % 3 = 0')
    const first = file()
    bases.push({ name, db: first, wal: undefined, pageSize })
    if (name === 'small pages' || name === 'large pages') {
      const states = [first]
      for (let commit = 0; commit < 3; commit++) {
        addRows(db, random, rows + commit * 7, 7, long)
        states.push(file())
      }
      bases.push({
        name: `${name}, with a log`,
        db: inWalMode(first),
        wal: logOf(states, pageSize),
        pageSize,
      })
    }
    close()
  }
  return bases
}

function addRows(
  db: { exec(options: { sql: string; bind: (string | number | null)[] }): unknown },
  random: () => number,
  from: number,
  rows: number,
  long: number,
): void {
  for (let i = from; i < from + rows; i++) {
    const run = i % 3
    const payload = {
      loss: random(),
      acc: Math.floor(random() * 1000) / 1000,
      step_count: i,
      ...(i % 7 === 0 ? { note: 'é'.repeat(Math.floor(random() * long)) } : {}),
    }
    const time = `2026-08-21T10:${String(Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}.250000+00:00`
    db.exec({
      sql: 'INSERT INTO metrics (timestamp, run_id, run_name, step, metrics, log_id, space_id) VALUES (?,?,?,?,?,?,NULL)',
      bind: [
        time,
        `id-${run}-${'x'.repeat(run)}`,
        `run ${run}`,
        Math.floor(i / 3),
        JSON.stringify(payload),
        `log${i}`,
      ],
    })
    if (i < 3)
      db.exec({
        sql: 'INSERT INTO configs (run_id, run_name, config, created_at) VALUES (?,?,?,?)',
        bind: [`id-${run}-${'x'.repeat(run)}`, `run ${run}`, '{"lr":0.5}', time],
      })
  }
}

export function inWalMode(db: Uint8Array): Uint8Array {
  const marked = db.slice()
  marked.set([2, 2], 18)
  return marked
}

const WAL_HEADER = 32
export const FRAME_HEADER = 24

/** A log that takes a database through its states, a commit each. */
export function logOf(states: readonly Uint8Array[], pageSize: number): Uint8Array {
  const frames: { page: number; after: number; bytes: Uint8Array }[] = []
  for (let s = 1; s < states.length; s++) {
    const before = states[s - 1] as Uint8Array
    const now = inWalMode(states[s] as Uint8Array)
    const changed: number[] = []
    for (let page = 1; page * pageSize <= now.length; page++) {
      const from = (page - 1) * pageSize
      const same =
        from + pageSize <= before.length &&
        Buffer.compare(before.subarray(from, from + pageSize), now.subarray(from, from + pageSize)) === 0
      if (!same || page === 1) changed.push(page)
    }
    changed.forEach((page, i) => {
      const last = i === changed.length - 1
      frames.push({
        page,
        after: last ? now.length / pageSize : 0,
        bytes: now.subarray((page - 1) * pageSize, page * pageSize),
      })
    })
  }
  const log = new Uint8Array(WAL_HEADER + frames.length * (FRAME_HEADER + pageSize))
  const view = new DataView(log.buffer)
  view.setUint32(0, 0x377f0682)
  view.setUint32(4, 3007000)
  view.setUint32(8, pageSize)
  view.setUint32(16, 0x1234567)
  view.setUint32(20, 0x89abcde)
  frames.forEach(({ page, after, bytes }, f) => {
    const at = WAL_HEADER + f * (FRAME_HEADER + pageSize)
    view.setUint32(at, page)
    view.setUint32(at + 4, after)
    view.setUint32(at + 8, 0x1234567)
    view.setUint32(at + 12, 0x89abcde)
    log.set(bytes, at + FRAME_HEADER)
  })
  return withSums(log, pageSize)
}

/** Where the commits of a log end, the last one first. */
export function commitsOf(log: Uint8Array, pageSize: number): number[] {
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength)
  const ends: number[] = []
  for (let at = WAL_HEADER; at + FRAME_HEADER + pageSize <= log.length; at += FRAME_HEADER + pageSize)
    if (view.getUint32(at + 4) > 0) ends.unshift(at + FRAME_HEADER + pageSize)
  return ends
}

/** The log with checksums that are right, whatever it holds. */
export function withSums(log: Uint8Array, pageSize: number): Uint8Array {
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength)
  if (log.length < WAL_HEADER) return log
  let [a, b] = [0, 0]
  const add = (from: number, to: number): void => {
    for (let i = from; i + 8 <= to; i += 8) {
      a = (a + view.getUint32(i, true) + b) >>> 0
      b = (b + view.getUint32(i + 4, true) + a) >>> 0
    }
  }
  add(0, 24)
  view.setUint32(24, a)
  view.setUint32(28, b)
  for (let at = WAL_HEADER; at + FRAME_HEADER + pageSize <= log.length; at += FRAME_HEADER + pageSize) {
    add(at, at + 8)
    add(at + FRAME_HEADER, at + FRAME_HEADER + pageSize)
    view.setUint32(at + 16, a)
    view.setUint32(at + 20, b)
  }
  return log
}

/** Parquet files of many forms from the fixtures, small ones. */
export function tableBases(): { name: string; bytes: Uint8Array }[] {
  const folder = join(import.meta.dirname, '../fixtures')
  const odd = [
    'brotli',
    'dictionaries overflow',
    'encodings',
    'gzip',
    'lz4',
    'no nulls allowed',
    'no statistics',
    'none',
    'pages v2',
    'row groups',
    'zstd',
  ]
  const paths = [
    ...odd.map((name) => `parquet-odd/data/${name}.parquet`),
    'parquet-0.43.0/data/demoprojectv4ö.parquet',
  ]
  return paths.map((path) => ({ name: path, bytes: new Uint8Array(readFileSync(join(folder, path))) }))
}
