import { describe, expect, it } from 'vitest'
import { inWalMode, logOf } from '../fuzz/bases.ts'
import { type Dropped, dropWhole } from './drop.ts'
import { namedFile } from './golden-fixtures.ts'
import { memoryDatabase } from './sqlite-files.ts'

/*
 * Kinds of damage that the files of attack.test.ts do not have, each made on purpose; test/fuzz finds the
 * others.
 */

const SCHEMA = `CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL,
  step INTEGER NOT NULL, metrics TEXT NOT NULL);
CREATE INDEX by_run ON metrics(run_id, step);`

describe('a database', () => {
  it('a leaf where the root of the table should be: the index has more rows, and that is said', async () => {
    const { bytes, root, pages } = await made(60)
    const leaf = pages.find(({ type, page }) => type === 13 && page > 3)?.page ?? 0
    bytes.copyWithin((root - 1) * 512, (leaf - 1) * 512, leaf * 512)
    expectSaid(await drop(bytes), /the table has \d+ rows, its index by_run 60/)
  })

  it('an interior page that counts a page less: said', async () => {
    const { bytes, root } = await made(60)
    const view = new DataView(bytes.buffer)
    view.setUint16((root - 1) * 512 + 3, view.getUint16((root - 1) * 512 + 3) - 1)
    expectSaid(await drop(bytes), /neither rows nor free/)
  })

  it('a run name and a timestamp that are no UTF-8: said', async () => {
    for (const text of ['run 1', '2026-08-21T10:00:02']) {
      const { bytes } = await made(8)
      const at = Buffer.from(bytes).lastIndexOf(text)
      bytes[at + 2] = 0xff
      expectSaid(await drop(bytes), /not UTF-8/)
    }
  })

  it('a time that no clock shows is no time', async () => {
    const { bytes } = await made(8)
    const hour = Buffer.from(bytes).lastIndexOf('T10:00:00')
    bytes.set(Buffer.from('T10:6:'), hour)
    const { projects } = await drop(bytes)
    const times = projects[0]?.runs.flatMap(({ metrics }) => metrics.loss?.times ?? []) ?? []
    expect(times.filter(Number.isNaN)).toHaveLength(1)
    expect(times).toHaveLength(8)
  })

  it('a header that reserves too much, and one that is not a database’s: said', async () => {
    for (const [at, value] of [
      [20, 200],
      [21, 65],
    ] as const) {
      const { bytes } = await made(8)
      bytes[at] = value
      expectSaid(await drop(bytes), /header/)
    }
  })

  it('rows with more columns than the table: said', async () => {
    const { bytes } = await made(8)
    const text = Buffer.from(bytes)
    // the column metrics is the last one: without the one before it, it stands where step is
    bytes.set(Buffer.from('  /* no step anymore */  '), text.indexOf(' step INTEGER NOT NULL, m'))
    expectSaid(await drop(bytes), /column|skipped/)
  })

  it('a column that an index names and the table does not: said', async () => {
    const { bytes } = await made(8)
    bytes.set(Buffer.from('sort'), Buffer.from(bytes).indexOf('step INTEGER'))
    expectSaid(await drop(bytes), /names no column step/)
  })
})

describe('a log', () => {
  it('of a version that does not exist is not read, and that is said', async () => {
    const { first, log } = await madeWithLog()
    new DataView(log.buffer).setUint32(4, 3007001)
    const dropped = await drop(inWalMode(first), log)
    expect(rowsOf(dropped)).toBe(8)
    expectSaid(dropped, /-wal: holds no committed rows/)
  })

  it('with a broken frame before its last commit: rows up to there, and that is said', async () => {
    const { first, log } = await madeWithLog()
    const broken = log.slice()
    broken[32 + 24 + 100] = (broken[32 + 24 + 100] ?? 0) ^ 1
    const dropped = await drop(inWalMode(first), broken)
    expect(rowsOf(dropped)).toBe(8)
    expectSaid(dropped, /-wal/)
    expect(rowsOf(await drop(inWalMode(first), log))).toBe(16)
  })
})

describe('lines of an inbox', () => {
  const line = (step: number): string =>
    `{"kind":"metric","project":"demo","run":"run","run_id":"id","timestamp":"2026-08-21T10:00:0${step}+00:00","step":${step},"metrics":{"loss":${step}}}`

  it('that are no JSON are counted and said; a last one that is being written is not', async () => {
    const bytes = Buffer.from(
      [line(0), line(1).slice(0, 60), line(2), `\ufeff${line(3)}`, line(4), line(5).slice(0, 50)].join('\n'),
    )
    // a byte that is no UTF-8, in a line of its own
    bytes[bytes.indexOf('"loss":4')] = 0xff
    const dropped = await dropWhole([namedFile('inbox/writer/00000001.jsonl', new Uint8Array(bytes))])
    expect(dropped.projects[0]?.runs[0]?.metrics.loss?.steps).toEqual([0, 2])
    expectSaid(dropped, /\b3 lines skipped/)
  })

  it('that are healthy say nothing', async () => {
    const { said } = await dropWhole([namedFile('inbox/writer/00000001.jsonl', `${line(0)}\r\n${line(1)}\n`)])
    expect(said).toEqual([])
  })
})

async function made(
  rows: number,
): Promise<{ bytes: Uint8Array; root: number; pages: { page: number; type: number }[] }> {
  const { db, file, close } = await memoryDatabase(512)
  db.exec(SCHEMA)
  addRows(db, 0, rows)
  const root = Number(db.selectValue("SELECT rootpage FROM sqlite_schema WHERE name = 'metrics'"))
  const bytes = file().slice()
  close()
  const pages = Array.from({ length: bytes.length / 512 }, (_, i) => ({
    page: i + 1,
    type: bytes[i * 512] as number,
  }))
  return { bytes, root, pages }
}

async function madeWithLog(): Promise<{ first: Uint8Array; log: Uint8Array }> {
  const { db, file, close } = await memoryDatabase(512)
  db.exec(SCHEMA)
  addRows(db, 0, 8)
  const states = [file()]
  for (let i = 8; i < 16; i += 4) {
    addRows(db, i, 4)
    states.push(file())
  }
  close()
  return { first: states[0] as Uint8Array, log: logOf(states, 512) }
}

function addRows(db: Awaited<ReturnType<typeof memoryDatabase>>['db'], from: number, count: number): void {
  for (let i = from; i < from + count; i++) {
    db.exec({
      sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?,?,?,?,?)',
      bind: [
        `id${i % 2}`,
        `2026-08-21T10:00:${String(i % 60).padStart(2, '0')}.5+00:00`,
        `run ${i % 2}`,
        i,
        `{"loss":${i / 7}}`,
      ],
    })
  }
}

async function drop(db: Uint8Array, wal?: Uint8Array): Promise<Dropped> {
  return dropWhole([
    namedFile('hurt.db', db.slice()),
    ...(wal ? [namedFile('hurt.db-wal', wal.slice())] : []),
  ])
}

function expectSaid({ said }: Dropped, words: RegExp): void {
  expect(
    said.filter((line) => words.test(line)),
    `${words} among ${JSON.stringify(said)}`,
  ).not.toEqual([])
}

function rowsOf({ projects }: Dropped): number {
  return projects.flatMap(({ runs }) => runs).reduce((sum, { rows }) => sum + rows, 0)
}
