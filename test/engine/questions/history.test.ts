import { isDeepStrictEqual } from 'node:util'
import type { Database } from '@sqlite.org/sqlite-wasm'
import { describe, expect, test } from 'vitest'
import { seriesOf } from '../../../src/engine/columns/series-store.ts'
import { parseTimeText } from '../../../src/engine/columns/time.ts'
import {
  childrenOf,
  readVarint,
  spreadLeaves,
  varint,
  varintEnd,
  walkTable,
} from '../../../src/engine/formats/sqlite/btree.ts'
import { makePages } from '../../../src/engine/formats/sqlite/database-image.ts'
import { lengthOf, numberOf, type RecordCursor, textOf } from '../../../src/engine/formats/sqlite/record.ts'
import { columnsOf, findRow, readRows } from '../../../src/engine/formats/sqlite/schema.ts'
import { makeRowReader, type RowReader } from '../../../src/engine/formats/sqlite/sqlite-rows.ts'
import { makeRandom, pick } from '../../random.ts'
import { imageOf, memoryDatabase, smallPages, tableIn } from '../sqlite-files.ts'

const WHOLE = { stop: () => false, pauseDue: () => false, pause: async () => {} }

describe('the row reader finds what SQLite finds, in the same order', () => {
  for (const pageSize of [512, 1024, 4096, 65536]) {
    for (const shape of ['none', 'full', 'incremental'] as const) {
      test(`pages of ${pageSize} bytes, auto_vacuum ${shape}`, async () => {
        const random = makeRandom(pageSize + shape.length)
        const { db, file, close } = await memoryDatabase(pageSize)
        db.exec(`PRAGMA auto_vacuum = ${shape}`)
        fill(db, random)
        await compare(db, file())
        churn(db, random)
        if (shape === 'incremental') db.exec('PRAGMA incremental_vacuum(7)')
        await compare(db, file())
        db.exec('VACUUM')
        await compare(db, file())
        close()
      })
    }
  }
})

describe('values', () => {
  test('of every storage class and width come back as they were stored', async () => {
    const { db, file, close } = await memoryDatabase()
    db.exec('CREATE TABLE v (id INTEGER PRIMARY KEY, a, b, c)')
    const values: (number | bigint | string | null | Uint8Array)[] = [
      null,
      0,
      1,
      0.5,
      -0.1,
      5e-324,
      '',
      'é🙂',
      new Uint8Array([1, 2, 3]),
      new Uint8Array(0),
    ]
    for (const bits of [7, 8, 15, 16, 23, 24, 31, 32, 39, 40, 47, 48, 52])
      for (const d of [-1, 0, 1]) values.push(2 ** bits + d, -(2 ** bits) + d)
    for (const v of values) db.exec({ sql: 'INSERT INTO v (a, b, c) VALUES (?, ?, ?)', bind: [v, 7, v] })
    db.exec(
      'INSERT INTO v (a, b, c) VALUES (9223372036854775807, -9223372036854775808, 9007199254740993), (1e300, -1e300, -1.5)',
    )
    const pages = smallPages(imageOf(file()))
    const got: unknown[][] = []
    await readRows(
      pages,
      (await tableIn(pages, 'v')).root,
      (row) => got.push([row.rowid, cell(row, 1), cell(row, 2), cell(row, 3)]),
      [],
    )
    const wanted = values.map((v, i) => [i + 1, plain(v), 7, plain(v)])
    expect(got).toEqual([
      ...wanted,
      [wanted.length + 1, 2 ** 63, -(2 ** 63), 2 ** 53],
      [wanted.length + 2, 1e300, -1e300, -1.5],
    ])
    close()
  })
  test('row ids may be negative, sparse and huge', async () => {
    const { db, file, close } = await memoryDatabase(512)
    db.exec('CREATE TABLE v (x TEXT)')
    const random = makeRandom(5)
    const ids = new Set<number>([
      0,
      -1,
      1,
      127,
      128,
      16383,
      16384,
      2 ** 32,
      -(2 ** 32),
      2 ** 53,
      -(2 ** 53),
      2 ** 62,
      -(2 ** 62),
    ])
    for (let i = 0; i < 500; i++) ids.add(Math.floor((random() - 0.5) * 2 ** Math.floor(random() * 52)))
    for (const id of ids)
      db.exec({ sql: 'INSERT INTO v (rowid, x) VALUES (?, ?)', bind: [BigInt(id), `row ${id}`] })
    const pages = smallPages(imageOf(file()))
    const { root } = await tableIn(pages, 'v')
    const got: string[] = []
    await readRows(pages, root, (row) => got.push(`${row.rowid}: ${textOf(row, 0)}`), [])
    const sorted = [...ids].sort((a, b) => a - b)
    expect(got).toEqual(sorted.map((id) => `${id}: row ${id}`))
    for (const id of sorted.slice(0, 60))
      expect(textOf((await findRow(pages, root, id)) as RecordCursor, 0)).toBe(`row ${id}`)
    expect(await findRow(pages, root, 3.5)).toBeUndefined()
    close()
  })
  test('a row is found by its id, also one of many pages', async () => {
    const { db, file, close } = await memoryDatabase(512)
    db.exec('CREATE TABLE v (x TEXT)')
    for (let i = 1; i <= 40; i++)
      db.exec({ sql: 'INSERT INTO v VALUES (?)', bind: [`${i}`.repeat(i % 3 === 0 ? 4000 : 3)] })
    const pages = smallPages(imageOf(file()))
    const { root } = await tableIn(pages, 'v')
    for (let i = 1; i <= 40; i++)
      expect(textOf((await findRow(pages, root, i)) as RecordCursor, 0)?.length).toBe(
        `${i}`.length * (i % 3 === 0 ? 4000 : 3),
      )
    expect(await findRow(pages, root, 41)).toBeUndefined()
    close()
  })
  test('columns that came later are absent in older rows', async () => {
    const { db, file, close } = await memoryDatabase()
    db.exec(
      "CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_name TEXT, metrics TEXT); INSERT INTO metrics (run_name, metrics) VALUES ('r', '{\"a\": 1}')",
    )
    db.exec(
      "ALTER TABLE metrics ADD COLUMN step INTEGER; ALTER TABLE metrics ADD COLUMN run_id TEXT; INSERT INTO metrics (run_name, metrics, step, run_id) VALUES ('r', '{\"a\": 2}', 8, 'x')",
    )
    const reader = await readerOf(file())
    expect(reader.runs.map((run) => [run.id, run.name, run.rows, run.columns.steps.data[0]])).toEqual([
      [null, 'r', 1, Number.NaN],
      ['x', 'r', 1, 8],
    ])
    close()
  })
})

describe('reading', () => {
  test('goes on after a row id, across a stop', async () => {
    const { db, file, close } = await memoryDatabase(1024)
    fill(db, makeRandom(11))
    const bytes = file()
    const whole = await readerOf(bytes)
    const pages = smallPages(imageOf(bytes))
    const parts = makeRowReader(await tableIn(pages, 'metrics')) as RowReader
    let stops = 0
    for (let round = 0; round < 1000 && parts.rows < whole.rows; round++) {
      let leaves = 0
      await parts.read(pages, { ...WHOLE, after: parts.lastRowid, stop: () => leaves++ > 9 })
      stops++
    }
    expect(stops).toBeGreaterThan(5)
    expect(parts.runs.map((run) => [run.name, run.rows])).toEqual(
      whole.runs.map((run) => [run.name, run.rows]),
    )
    expect(columnsIn(parts)).toEqual(columnsIn(whole))
    close()
  })
  test('a sample holds true rows of the table, evenly spread', async () => {
    const { db, file, close } = await memoryDatabase(1024)
    db.exec(
      'CREATE TABLE metrics (id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)',
    )
    db.exec(`WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < 19999)
      INSERT INTO metrics SELECT i + 1, '2026-01-01T00:00:00.000000+00:00', 'run', i, '{"i": ' || i || '}' FROM c`)
    const pages = smallPages(imageOf(file()))
    const table = await tableIn(pages, 'metrics')
    const reader = makeRowReader(table, { keepRowids: true }) as RowReader
    const groups = await spreadLeaves(pages, table.root, 10, 1)
    expect(groups.length).toBeGreaterThanOrEqual(10)
    for (const leaves of groups) {
      await pages.load(leaves[0] as number)
      reader.sample(pages, leaves)
    }
    const [run] = reader.runs
    const values = run?.columns.metrics[0]?.data.subarray(0, run.rows) ?? []
    expect(run?.rows).toBeGreaterThan(50)
    for (let i = 0; i < values.length; i++) expect((run?.rowids?.data[i] as number) - 1).toBe(values[i])
    // each tenth of the table is there
    expect(new Set([...values].map((v) => Math.floor(v / 2000))).size).toBe(10)
    close()
  })
  test('a row that was cut from its chain is told, and the others are read', async () => {
    const { db, file, close } = await memoryDatabase(512)
    db.exec(
      'CREATE TABLE metrics (id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)',
    )
    for (let i = 0; i < 20; i++) {
      db.exec({
        sql: 'INSERT INTO metrics VALUES (?, ?, ?, ?, ?)',
        bind: [
          i,
          '2026-01-01T00:00:00+00:00',
          'run',
          i,
          `{"i": ${i}, "pad": "${'x'.repeat(i % 5 === 0 ? 3000 : 10)}"}`,
        ],
      })
    }
    const bytes = file()
    const before = await readerOf(bytes)
    expect([before.rows, before.damage]).toEqual([20, []])
    // an overflow page starts with the number of the next one: all that look like it are ended
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    for (let at = 512; at < bytes.length; at += 512) if (bytes[at + 4] === 0x78) view.setUint32(at, 0)
    const reader = await readerOf(bytes)
    expect([reader.rows, reader.lostRows]).toEqual([16, 4])
    expect(reader.damage.length).toBeGreaterThan(0)
    close()
  })
})

describe('a garbled tree', () => {
  test('ends, whatever its bytes are, and says that it is damaged', async () => {
    const { db, file, close } = await memoryDatabase(512)
    fill(db, makeRandom(3))
    const good = file()
    const table = await tableIn(smallPages(imageOf(good)), 'metrics')
    let told = 0
    for (let seed = 0; seed < 60; seed++) {
      const random = makeRandom(seed)
      const bytes = good.slice()
      // all but the header and the first page's own
      for (let i = 0; i < 1 + seed * 3; i++)
        bytes[512 + Math.floor(random() * (bytes.length - 512))] = Math.floor(random() * 256)
      const pages = smallPages(imageOf(bytes))
      const reader = makeRowReader(table) as RowReader
      await reader.read(pages, WHOLE)
      if (reader.damage.length + reader.unreadableCount + reader.namelessRows > 0) told++
    }
    expect(told).toBeGreaterThan(40)
    close()
  })
  test('that points to itself is walked once', async () => {
    const { db, file, close } = await memoryDatabase(512)
    fill(db, makeRandom(4))
    const bytes = file()
    const pages = smallPages(imageOf(bytes))
    const { root } = await tableIn(pages, 'metrics')
    pages.get(root)
    const { pages: children = [] } = childrenOf(pages, root, Number.NEGATIVE_INFINITY) ?? {}
    // the right-most child becomes the root itself
    new DataView(bytes.buffer, bytes.byteOffset).setUint32((root - 1) * 512 + 8, root)
    const damage: unknown[] = []
    let leaves = 0
    await walkTable(smallPages(imageOf(bytes)), root, {
      ...WHOLE,
      onLeaf: () => void leaves++,
      onDamage: (d) => damage.push(d),
    })
    expect(children.length).toBeGreaterThan(1)
    expect(leaves).toBeGreaterThan(0)
    expect(damage).toEqual([{ page: root, why: 'reached twice' }])
    close()
  })
})

test('varints of one to nine bytes', () => {
  const read = (...bytes: number[]): [number, number] => {
    readVarint(Uint8Array.from(bytes), 0)
    return [varint, varintEnd]
  }
  expect(read(0x7f)).toEqual([127, 1])
  expect(read(0x81, 0x00)).toEqual([128, 2])
  expect(read(0xff, 0x7f)).toEqual([16383, 2])
  expect(read(0x81, 0x80, 0x80, 0x80, 0x00)).toEqual([2 ** 28, 5])
  expect(read(...new Array(8).fill(0xff), 0xff)).toEqual([-1, 9])
  expect(read(0xc0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00)).toEqual([-(2 ** 63), 9])
})

describe('columns of a CREATE TABLE', () => {
  test.each([
    ['CREATE TABLE m (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL, b)', ['id', 'a', 'b'], 0],
    ['CREATE TABLE "m"("a b" TEXT, [c,d] INT, `e` DEFAULT (1 + (2)), \'f\')', ['a b', 'c,d', 'e', 'f'], -1],
    [
      'CREATE TABLE m (a, -- a comment, with comma\n b /* and, another */, c DECIMAL(10, 2) CHECK (c > 0))',
      ['a', 'b', 'c'],
      -1,
    ],
    ['CREATE TABLE m (a INTEGER, b TEXT, PRIMARY KEY (a))', ['a', 'b'], 0],
    [
      'CREATE TABLE m (a TEXT, b TEXT, PRIMARY KEY (a, b), UNIQUE (b), FOREIGN KEY (a) REFERENCES t (x))',
      ['a', 'b'],
      -1,
    ],
    ['CREATE TABLE m (a INT PRIMARY KEY, "primary" TEXT)', ['a', 'primary'], -1],
    ['CREATE TABLE m(a INTEGER PRIMARY KEY DESC, b)', ['a', 'b'], -1],
    ["CREATE TABLE m (a TEXT DEFAULT ',)', b TEXT DEFAULT 'it''s, ok', c)", ['a', 'b', 'c'], -1],
  ])('%s', (sql, columns, rowidColumn) => {
    expect(columnsOf(sql)).toEqual({ columns, rowidColumn })
  })
})

const PARTS = ['loss', 'acc', 'lr', 'grad_norm', 'eval/loss']

/** Some runs side by side, with payloads from a few bytes to several pages. */
function fill(db: Database, random: () => number): void {
  db.exec('CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_name TEXT, config TEXT)')
  db.exec(
    'CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL)',
  )
  db.exec('CREATE INDEX idx_run ON metrics (run_name)')
  db.exec('BEGIN')
  for (let i = 0; i < 700; i++) insert(db, random, i)
  db.exec('COMMIT')
}

function insert(db: Database, random: () => number, i: number): void {
  const members = PARTS.filter(() => random() < 0.8).map((name) => `"${name}": ${random() * 10}`)
  const size = random() < 0.04 ? 20_000 : random() < 0.1 ? 1500 : 0
  if (size > 0) members.push(`"note": "${'y'.repeat(Math.floor(random() * size))}"`)
  const time = new Date(1.77e12 + i * 1000).toISOString().replace('Z', '000+00:00')
  db.exec({
    sql: 'INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?)',
    bind: [time, `run ${Math.floor(random() * 4)}`, i, `{${members.join(', ')}}`],
  })
}

/**
 * Leaves the file as months of use do: rows deleted, grown and shrunk, pages freed and used again out of
 * order.
 */
function churn(db: Database, random: () => number): void {
  db.exec('BEGIN')
  for (let i = 0; i < 200; i++)
    db.exec({ sql: 'DELETE FROM metrics WHERE id = ?', bind: [1 + Math.floor(random() * 700)] })
  db.exec('DELETE FROM metrics WHERE id BETWEEN 300 AND 380')
  for (let i = 0; i < 60; i++) {
    db.exec({
      sql: 'UPDATE metrics SET metrics = ?, run_name = ? WHERE id = ?',
      bind: [
        `{"loss": ${i}, "pad": "${'z'.repeat(Math.floor(random() ** 3 * 30_000))}"}`,
        pick(random, ['run 1', 'new run']),
        1 + Math.floor(random() * 700),
      ],
    })
  }
  db.exec('ALTER TABLE metrics ADD COLUMN log_id TEXT')
  for (let i = 700; i < 1000; i++) insert(db, random, i)
  for (const id of [-5, 305, 2 ** 40, 2 ** 40 + 1]) {
    db.exec({
      sql: "INSERT INTO metrics (id, timestamp, run_name, step, metrics, log_id) VALUES (?, '2026-03-01T00:00:00+00:00', 'odd ids', 1, '{\"loss\": 1}', 'x')",
      bind: [id],
    })
  }
  db.exec('COMMIT')
}

async function readerOf(file: Uint8Array): Promise<RowReader> {
  const pages = smallPages(imageOf(file))
  const reader = makeRowReader(await tableIn(pages, 'metrics'), { keepRowids: true }) as RowReader
  await reader.read(pages, WHOLE)
  return reader
}

async function compare(db: Database, file: Uint8Array): Promise<void> {
  // cell by cell, of every table
  const pages = smallPages(imageOf(file))
  for (const name of ['metrics', 'configs', 'sqlite_sequence']) {
    const table = await tableIn(pages, name)
    const wanted = db
      .selectArrays(`SELECT rowid, * FROM ${name} ORDER BY rowid`)
      .map((row) => row.map((v) => (typeof v === 'bigint' ? Number(v) : v)))
    const got: unknown[][] = []
    const damage: unknown[] = []
    await readRows(
      pages,
      table.root,
      (row) =>
        got.push([
          row.rowid,
          ...table.columns.map((_, c) => (c === table.rowidColumn ? row.rowid : cell(row, c))),
        ]),
      damage as never[],
    )
    same(damage, [])
    expect(got.length).toBe(wanted.length)
    same(got, wanted)
  }
  // as runs with columns
  const reader = await readerOf(file)
  same(reader.damage, [])
  const runs = db.selectArrays(
    'SELECT run_name, count(*), min(timestamp) FROM metrics GROUP BY run_name ORDER BY min(rowid)',
  )
  same(
    reader.runs.map((run) => [run.name, run.rows, run.firstTime]),
    runs,
  )
  for (const run of reader.runs) {
    const rows = db.selectArrays(
      'SELECT rowid, timestamp, step, metrics FROM metrics WHERE run_name = ? ORDER BY rowid',
      [run.name],
    )
    same(
      [...(run.rowids?.data.subarray(0, run.rows) ?? [])],
      rows.map((row) => Number(row[0])),
    )
    same(
      [...run.columns.times.data.subarray(0, run.rows)],
      rows.map((row) => parseTimeText(String(row[1]))),
    )
    same(
      [...run.columns.steps.data.subarray(0, run.rows)],
      rows.map((row) => row[2]),
    )
    for (const name of PARTS) {
      const column = run.columns.metrics[reader.keys.byName.get(name) ?? -1]
      const logged = rows.map((row) => JSON.parse(String(row[3]))[name]).filter((v) => v !== undefined)
      same([...(column ? seriesOf(run.columns, column).values : [])], logged)
    }
  }
  // and the same through one block that holds all, where nothing is ever dropped
  const roomy = makePages(imageOf(file), { block: 8 << 20, keep: 99, ahead: 0 })
  const again = makeRowReader(await tableIn(roomy, 'metrics'), { keepRowids: true }) as RowReader
  await again.read(roomy, WHOLE)
  same(columnsIn(again), columnsIn(reader))
}

/** toEqual takes a second for what this compares in a millisecond; it only has to say what differs. */
function same(got: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(got, wanted)) expect(got).toEqual(wanted)
}

function columnsIn(reader: RowReader): unknown[] {
  return reader.runs.map((run) => ({
    name: run.name,
    steps: [...run.columns.steps.data.subarray(0, run.rows)],
    metrics: run.columns.metrics.map((column) => column && [...seriesOf(run.columns, column).values]),
  }))
}

/** As SQLite's JavaScript gives a value: null, a number, text, or the bytes of a blob. */
function cell(row: RecordCursor, column: number): unknown {
  const length = lengthOf(row, column)
  if (length < 0) return column < row.count && row.serial[column] !== 0 ? numberOf(row, column) : null
  if ((row.serial[column] as number) % 2 === 1) return textOf(row, column)
  return row.bytes.slice(row.offset[column], (row.offset[column] as number) + length)
}

function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}
