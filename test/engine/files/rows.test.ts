import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  makeTableData,
  orderColumns,
  type TableData,
  textAt,
} from '../../../src/compute/logged-table/columns.ts'
import { csvRows } from '../../../src/engine/files/csv-rows.ts'
import { lineRows } from '../../../src/engine/files/line-rows.ts'
import type { OpenFile } from '../../../src/engine/files/open-file.ts'
import { parquetHeader, parquetRows, parquetTable } from '../../../src/engine/files/parquet-rows.ts'
import type { RowReader } from '../../../src/engine/files/row-reader.ts'
import { sqliteHeader, sqliteRows } from '../../../src/engine/files/sqlite-rows.ts'
import type { ExpectedRun } from '../golden-fixtures.ts'
import { memoryDatabase } from '../sqlite-files.ts'
import { fileOf, textFile } from './file-of.ts'

const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures')

async function all(reader: RowReader): Promise<TableData> {
  const data = makeTableData()
  while (await reader.more(data, undefined));
  return data
}

/** Rows as texts, '' for a cell that is not there. */
function rowsOf(data: TableData): string[][] {
  const columns = orderColumns(data)
  return Array.from({ length: data.rows }, (_, row) => columns.map((column) => textAt(column, row)))
}

describe('CSV', () => {
  const read = (text: string, delimiter?: string) => all(csvRows(textFile('a.csv', text), 'utf-8', delimiter))

  test('has names, numbers, quotes, and cells that are not there', async () => {
    const data = await read('id,text,n\n007,"a, ""b""\nsecond line",1.50\n8,,-2e3\n')
    expect(data.columns.map(({ name }) => name)).toEqual(['id', 'text', 'n'])
    expect(rowsOf(data)).toEqual([
      ['007', 'a, "b"\nsecond line', '1.5'],
      ['8', '', '-2000'],
    ])
  })

  test('integers keep their digits, numbers too large for a double are texts', async () => {
    const data = await read('a,b\n12345678901234567890,1e999\n')
    expect(rowsOf(data)).toEqual([['12345678901234567890', '1e999']])
  })

  test('semicolons and tabs, ends of lines of Windows, and a byte order mark are understood', async () => {
    expect(rowsOf(await read('\ufeffa;b\r\n1;2\r\n'))).toEqual([['1', '2']])
    expect((await read('\ufeffa;b\r\n1;2\r\n')).columns[0]?.name).toBe('a')
    expect(rowsOf(await read('a\tb\n1\tx,y\n', '\t'))).toEqual([['1', 'x,y']])
  })

  test('a file without names, with names twice, or with longer rows says so', async () => {
    const reader = csvRows(textFile('a.csv', '1,2\n3,4,5\n'), 'utf-8', undefined)
    const data = await all(reader)
    expect(data.columns.map(({ name }) => name)).toEqual(['column 1', 'column 2', 'column 3'])
    expect(rowsOf(data)).toEqual([
      ['1', '2', ''],
      ['3', '4', '5'],
    ])
    expect(reader.notes()).toEqual([
      'no line of names: the first line is a row',
      '1 row has more cells than the first line',
    ])
    expect((await read('a,a,__proto__\nx,y,z\n')).columns.map(({ name }) => name)).toEqual([
      'a',
      'a (2)',
      '__proto__',
    ])
  })

  test('one cell or line with the other end of lines changes no other row', async () => {
    const data = await read('id,text\n1,"asked\r\nanswered"\n2,b\r\n3,"c"\r\n')
    expect(data.columns.map(({ name }) => name)).toEqual(['id', 'text'])
    expect(rowsOf(data)).toEqual([
      ['1', 'asked\r\nanswered'],
      ['2', 'b'],
      ['3', 'c'],
    ])
  })

  test('the index that pandas writes has no name, and the others keep theirs', async () => {
    const reader = csvRows(textFile('a.csv', ',step,loss\n0,10,0.5\n1,20,0.25\n'), 'utf-8', undefined)
    const data = await all(reader)
    expect(data.columns.map(({ name }) => name)).toEqual(['column 1', 'step', 'loss'])
    expect(rowsOf(data)).toEqual([
      ['0', '10', '0.5'],
      ['1', '20', '0.25'],
    ])
    expect(reader.notes()).toEqual([])
  })

  test('rows that lie over the ends of pieces come whole', async () => {
    const lines = Array.from(
      { length: 60_000 },
      (_, i) => `${i},"é, line ${i}\nsecond ""${'x'.repeat(i % 40)}"""`,
    )
    const data = await read(`n,text\n${lines.join('\n')}\n`)
    expect(data.rows).toBe(60_000)
    const rows = rowsOf(data)
    for (const i of [0, 1, 20_000, 33_333, 59_999])
      expect(rows[i]).toEqual([String(i), `é, line ${i}\nsecond "${'x'.repeat(i % 40)}"`])
  })

  test('a quote that is never closed loses no row before it', async () => {
    const reader = csvRows(textFile('a.csv', 'a,b\n1,2\n3,"4\n5,6\n'), 'utf-8', undefined)
    const data = await all(reader)
    expect(rowsOf(data)).toEqual([
      ['1', '2'],
      ['3', '4\n5,6\n'],
    ])
    expect(reader.notes()).toEqual(['1 quote is never closed'])
  })
})

describe('JSON lines', () => {
  test('have a row each, those that are no JSON among them', async () => {
    const text = '{"a": 1, "b": {"c": [1, 2]}}\n\n{"a": 12345678901234567890}\nnot json\n[1, 2]\n{"a": NaN}'
    const reader = lineRows(textFile('a.jsonl', text), 'utf-8')
    const data = await all(reader)
    const names = orderColumns(data).map(({ name }) => name)
    expect(names).toEqual(['a', 'b', 'not JSON', '0', '1'])
    expect(rowsOf(data)).toEqual([
      ['1', '{"c":[1,2]}', '', '', ''],
      ['12345678901234567890', '', '', '', ''],
      ['', '', 'not json', '', ''],
      ['', '', '', '1', '2'],
      ['NaN', '', '', '', ''],
    ])
    expect(reader.notes()).toEqual(['1 line is no JSON (the first: line 4)'])
  })
})

describe('Parquet', () => {
  function fixture(name: string, far = false): OpenFile {
    return fileOf(name, new Uint8Array(readFileSync(join(FIXTURES, name))), far)
  }

  test('rows, columns and groups are those of the file', async () => {
    const file = fixture('static-0.43.0/data/bucket/metrics.parquet')
    const table = await parquetTable(file)
    const header = parquetHeader(table)
    const data = await all(parquetRows(file, table))
    expect(data.rows).toBe(header.rows)
    expect(data.columns.map(({ name }) => name)).toEqual(table.columns.map(({ name }) => name))
    const expected = JSON.parse(readFileSync(join(FIXTURES, 'static-0.43.0/expected.json'), 'utf8'))
    const rows = expected.runs.reduce((sum: number, run: { rows: number }) => sum + run.rows, 0)
    expect(data.rows).toBe(rows)
    const names = new Set(
      rowsOf(data).map((row) => row[table.columns.findIndex(({ name }) => name === 'run_name')]),
    )
    expect([...names].sort()).toEqual(
      [
        ...new Set(
          expected.runs.filter(({ rows }: ExpectedRun) => rows > 0).map(({ name }: ExpectedRun) => name),
        ),
      ].sort(),
    )
    expect(header.groups.reduce((sum, group) => sum + group.rows, 0)).toBe(data.rows)
  })
})

describe('SQLite', () => {
  async function made(): Promise<OpenFile> {
    const { db, file, close } = await memoryDatabase()
    db.exec(`CREATE TABLE "odd ""name" (id INTEGER PRIMARY KEY, n, t TEXT, b BLOB);
      INSERT INTO "odd ""name" VALUES (-5, 9007199254740993, 'x', x'0001ff'), (7, 1.5, NULL, CAST('{"a":1}' AS BLOB));
      CREATE TABLE keyed (k TEXT PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO keyed VALUES ('b', 1), ('a', 2);
      CREATE VIEW seen AS SELECT n FROM "odd ""name";
      CREATE TABLE many (v); WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM c WHERE x < 4500) INSERT INTO many SELECT x FROM c;
      CREATE TABLE empty (v);
      CREATE TABLE made (a, twice AS (a * 2), b); INSERT INTO made VALUES (3, 'x')`)
    const bytes = file()
    close()
    return fileOf('a.db', bytes)
  }

  test('tables and views are listed with their SQL', async () => {
    const { tables } = await sqliteHeader(await made(), undefined)
    expect(tables.map(({ name, view }) => [name, view])).toEqual([
      ['odd "name', false],
      ['keyed', false],
      ['seen', true],
      ['many', false],
      ['empty', false],
      ['made', false],
    ])
    expect(tables[1]?.sql).toMatch(/WITHOUT ROWID$/)
  })

  test('rows come with all their digits, texts in blobs as texts, other bytes in hex', async () => {
    const file = await made()
    expect(rowsOf(await all(await sqliteRows(file, 'odd "name', undefined)))).toEqual([
      ['-5', '9007199254740993', 'x', '3 bytes: 00 01 ff'],
      ['7', '1.5', 'null', '{"a":1}'],
    ])
    expect(rowsOf(await all(await sqliteRows(file, 'keyed', undefined)))).toEqual([
      ['a', '2'],
      ['b', '1'],
    ])
    const computed = await all(await sqliteRows(file, 'made', undefined))
    expect(computed.columns.map(({ name }) => name)).toEqual(['a', 'twice', 'b'])
    expect(rowsOf(computed)).toEqual([['3', '6', 'x']])
    expect(rowsOf(await all(await sqliteRows(file, 'seen', undefined)))).toEqual([
      ['9007199254740993'],
      ['1.5'],
    ])
  })

  test('all rows of more than one piece, none of an empty table', async () => {
    const file = await made()
    const data = await all(await sqliteRows(file, 'many', undefined))
    expect(rowsOf(data).map(([v]) => Number(v))).toEqual(Array.from({ length: 4500 }, (_, i) => i + 1))
    const empty = await all(await sqliteRows(file, 'empty', undefined))
    expect([empty.rows, empty.columns.map(({ name }) => name)]).toEqual([0, ['v']])
  })

  test('a view without an end is given up, and the next one is read', async () => {
    const { db, file: bytes, close } = await memoryDatabase()
    db.exec(`CREATE VIEW endless AS WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c;
      CREATE VIEW one AS SELECT 1 AS v`)
    const file = fileOf('a.db', bytes())
    close()
    const endless = await sqliteRows(file, 'endless', undefined, 1e6)
    await expect(all(endless)).rejects.toThrow(/for ever/)
    expect(rowsOf(await all(await sqliteRows(file, 'one', undefined, 1e6)))).toEqual([['1']])
  })

  test('a table that is not there, and a damaged file, say so', async () => {
    await expect(sqliteRows(await made(), 'x"; DROP TABLE many; --', undefined)).rejects.toThrow(
      /no table or view/,
    )
    const damaged = fileOf(
      'a.db',
      new Uint8Array(readFileSync(join(FIXTURES, 'damaged-random/data/project.db'))),
    )
    await expect(sqliteHeader(damaged, undefined)).rejects.toThrow(/no SQLite database|SQLite:/)
  })
})
