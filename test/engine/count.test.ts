import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countTables } from '../../src/engine/formats/sqlite/count-tables.ts'
import { makePages } from '../../src/engine/formats/sqlite/database-image.ts'
import { readSchema } from '../../src/engine/formats/sqlite/schema.ts'
import { imageOf, memoryDatabase } from './sqlite-files.ts'

const TABLES = `
  CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_name TEXT, step INTEGER, metrics TEXT);
  CREATE TABLE alerts (id INTEGER PRIMARY KEY AUTOINCREMENT, run_name TEXT, title TEXT);
  CREATE TABLE traces (id TEXT PRIMARY KEY, run_id TEXT, step INTEGER, messages TEXT);
  CREATE INDEX idx_traces_run_step ON traces(run_id, step);
  CREATE TABLE artifacts (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
  CREATE TABLE system_metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_name TEXT, timestamp TEXT, metrics TEXT, space_id TEXT);
  CREATE INDEX idx_system_metrics_pending ON system_metrics(space_id) WHERE space_id IS NOT NULL;`

describe('rows of the tables beside the metrics', () => {
  let made: Awaited<ReturnType<typeof memoryDatabase>>
  beforeAll(async () => {
    made = await memoryDatabase(1024)
    made.db.exec(TABLES)
    const rows = (n: number) =>
      `WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ${n})`
    made.db.exec(`
      INSERT INTO alerts (run_name, title) VALUES ('a', 'x'), ('a', 'y'), ('b', 'z');
      ${rows(2400)} INSERT INTO traces SELECT 't' || n, 'run', n, printf('%.*c', 900, 'x') FROM i;
      ${rows(5000)} INSERT INTO system_metrics (run_name, timestamp, metrics) SELECT 'a', 't', '{"gpu": 1}' FROM i;`)
  })
  afterAll(() => made.close())

  test('are counted as SQLite counts them, empty tables left out', async () => {
    const image = imageOf(made.file())
    const schema = await readSchema(makePages(image, { block: 4096, keep: 4, ahead: 0 }))
    expect(await countTables(image, schema, false)).toEqual([
      { table: 'alerts', rows: 3 },
      { table: 'traces', rows: 2400 },
      { table: 'system', rows: 5000 },
    ])
  })

  test('behind a network, large ones are told without a number', async () => {
    const image = imageOf(made.file())
    const schema = await readSchema(makePages(image, { block: 4096, keep: 4, ahead: 0 }))
    expect(await countTables(image, schema, true)).toEqual([
      { table: 'alerts', rows: 3 },
      { table: 'traces', rows: undefined },
      { table: 'system', rows: undefined },
    ])
  })

  test('a damaged index is passed by; of a damaged table the rest is counted, and nothing goes round for ever', async () => {
    const file = made.file()
    const whole = imageOf(file)
    const schema = await readSchema(makePages(whole, { block: 4096, keep: 4, ahead: 0 }))
    const wipe = (root: number | undefined) => file.fill(0, ((root ?? 0) - 1) * 1024, (root ?? 0) * 1024)
    wipe(schema.indexes.find(({ name }) => name === 'idx_traces_run_step')?.root)
    wipe(schema.tables.get('alerts')?.root)
    // the root of the system metrics names itself as its last child
    const root = schema.tables.get('system_metrics')?.root ?? 0
    new DataView(file.buffer, file.byteOffset).setUint32((root - 1) * 1024 + 8, root)
    const counts = await countTables(imageOf(file), schema, false)
    expect(counts.map(({ table }) => table)).toEqual(['traces', 'system'])
    expect(counts[0]).toEqual({ table: 'traces', rows: 2400 })
    expect(counts[1]?.rows).toBeGreaterThan(0)
    expect(counts[1]?.rows).toBeLessThan(5000)
  })
})
