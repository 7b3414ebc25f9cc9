import { beforeAll, describe, expect, test } from 'vitest'
import type { EngineApi } from '../../../src/bridge/engine-api.ts'
import { createEngine } from '../../../src/engine/api.ts'
import type { ProjectReader } from '../../../src/engine/formats/dataset.ts'
import { emptyReader } from '../../../src/engine/formats/empty-reader.ts'
import type { TableRows } from '../../../src/engine/formats/table-rows.ts'
import { makeSql } from '../../../src/engine/questions/sql.ts'
import { combinedId, type NamedFile } from '../../../src/model/source.ts'
import type { SqlQuery } from '../../../src/model/sql.ts'
import { opened } from '../exports/inventory.ts'
import { richProject } from '../exports/rich-project.ts'
import { filesOf } from '../golden-fixtures.ts'

let files: NamedFile[]
let engine: EngineApi
let project: string
beforeAll(async () => {
  files = await richProject()
  ;({ engine, project } = await opened(files, 'rich'))
})

const ask = (text: string, more: Partial<SqlQuery> = {}) => engine.ask('sql', { project, text, ...more })

describe('SQL about a database', () => {
  test('is answered by SQLite as it lies, payloads as text', async () => {
    const { columns, rows, truncated, copied } = await ask(
      "SELECT run_name, count(*) AS n, max(metrics ->> 'loss') AS most FROM metrics GROUP BY 1 ORDER BY 1",
    )
    expect({ columns, rows, truncated, copied }).toEqual({
      columns: ['run_name', 'n', 'most'],
      rows: [
        ['run 2 é', 13, 0.5],
        ['run/1', 13, 1],
      ],
      truncated: false,
      copied: false,
    })
    const payloads = await ask('SELECT metrics FROM metrics WHERE step = ? LIMIT 1', { bind: [0] })
    expect(JSON.parse(String(payloads.rows[0]?.[0]))).toMatchObject({ loss: 1, n: 0 })
  })

  test('takes values for its question marks, and comments and a semicolon behind it', async () => {
    const { rows } = await ask('SELECT ?1 + ?2, ?3; -- that is all\n', { bind: [1, 2, 'ö'] })
    expect(rows).toEqual([[3, 'ö']])
  })

  test('gives as many rows as are asked for, and says when there are more', async () => {
    const some = await ask('SELECT id FROM metrics ORDER BY id', { most: 3 })
    expect([some.rows.length, some.truncated]).toEqual([3, true])
    const all = await ask('SELECT id FROM metrics ORDER BY id LIMIT 3', { most: 3 })
    expect([all.rows.length, all.truncated]).toEqual([3, false])
    await expect(ask('SELECT 1', { most: -1 })).rejects.toThrow('cannot answer with -1 rows')
    const most = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10001) SELECT i FROM n'
    expect((await ask(most)).rows).toHaveLength(10_000)
  })

  test.each([
    ["INSERT INTO metrics (run_id) VALUES ('x')", 'INSERT metrics'],
    ['UPDATE runs SET a = 1', undefined],
    ['UPDATE metrics SET step = 1', 'UPDATE metrics'],
    ['DELETE FROM alerts', 'DELETE alerts'],
    ['WITH a AS (SELECT 1) DELETE FROM alerts', 'DELETE alerts'],
    ["ATTACH 'x.db' AS x", 'ATTACH x.db'],
    ['PRAGMA journal_mode = DELETE', 'PRAGMA journal_mode'],
    ['PRAGMA user_version = 7', 'PRAGMA user_version'],
    ['PRAGMA writable_schema = 1', 'PRAGMA writable_schema'],
    ['BEGIN', 'a transaction BEGIN'],
    ['SAVEPOINT a', 'a savepoint BEGIN'],
    ['CREATE TABLE a (b)', undefined],
    ['CREATE TEMP TABLE a (b)', undefined],
    ['DROP TABLE metrics', undefined],
    ['VACUUM', undefined],
    ["VACUUM INTO 'x.db'", undefined],
    ['REINDEX', undefined],
    ['ANALYZE', undefined],
    ["SELECT load_extension('x')", undefined],
  ])('refuses %s', async (text, words) => {
    const failed = ask(text)
    await expect(failed).rejects.toMatchObject({ name: 'TrackioError', subject: 'SQL' })
    if (words) await expect(failed).rejects.toThrow(`only reading is allowed here, not ${words}`)
    // and nothing was changed
    expect((await ask('SELECT count(*) FROM alerts')).rows).toEqual([[4]])
  })

  test.each([
    ['', 'no statement in the text'],
    ['  -- nothing\n', 'no statement in the text'],
    ['SELEC 1', 'near "SELEC": syntax error, at line 1, letter 1 (SELEC 1)'],
    ['SELECT 1\nFORM metrics', 'near "metrics": syntax error, at line 2, letter 6 (metrics)'],
    ['SELECT ö, nope FROM metrics', 'no such column: ö, at line 1, letter 8 (ö, nope FROM metrics)'],
    ['SELECT * FROM nope', 'no such table: nope'],
    ['SELECT 1; SELECT 2', 'one statement at a time: another begins at line 1, letter 11 (SELECT 2)'],
    [
      'SELECT 1;\nDELETE FROM alerts',
      'one statement at a time: another begins at line 2, letter 1 (DELETE FROM alerts)',
    ],
    ['SELECT ?', undefined],
  ])('%j: says what SQLite says, and where', async (text, words) => {
    if (words === undefined) await expect(ask(text)).resolves.toMatchObject({ rows: [[null]] })
    else await expect(ask(text)).rejects.toThrow(words)
  })

  test('tells the schema', async () => {
    const { rows } = await ask('PRAGMA table_info(alerts)')
    expect(rows.map(([, name]) => name)).toContain('level')
    expect((await ask('PRAGMA user_version')).rows).toEqual([[2]])
  })

  test('is given up between two rows where there is no thread to be ended', async () => {
    const abort = new AbortController()
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n'
    const heard: string[] = []
    // what it tells, not a timer: those of Node wait for a thousand turns
    const onProgress = ({ text }: { text: string }) => {
      heard.push(text)
      abort.abort()
    }
    const asked = { project, text: endless, most: 1e12 }
    await expect(engine.ask('sql', asked, { signal: abort.signal, onProgress })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(heard[0]).toMatch(/^asking rich: [\d,]+ rows$/)
    expect((await ask('SELECT 1')).rows).toEqual([[1]])
  })

  test('has the rows of its write-ahead log', async () => {
    const wal = await opened(filesOf('wal-0.43.0'))
    const { rows } = await wal.engine.ask('sql', {
      project: wal.project,
      text: 'SELECT count(*) FROM metrics',
    })
    const { runs } = await wal.engine.ask('catalogue', { project: wal.project })
    expect(rows).toEqual([[runs.reduce((sum, run) => sum + run.rows, 0)]])
  })

  test('is asked of one project at a time', async () => {
    await expect(ask('SELECT 1', { project: combinedId([project, project]) })).rejects.toThrow(
      'asks one project at a time',
    )
  })
})

describe('SQL about what the pages show', () => {
  test('changes that can still be undone are in the answer', async () => {
    const { engine, project } = await opened(files, 'rich')
    const names = async () => {
      const text = 'SELECT DISTINCT run_name FROM metrics UNION SELECT run_name FROM configs ORDER BY 1'
      const { rows, copied } = await engine.ask('sql', { project, text })
      return { names: rows.flat(), copied }
    }
    const before = { names: ['run 2 é', 'run/1'], copied: false }
    expect(await names()).toEqual(before)
    const { runs } = await engine.ask('catalogue', { project })
    const [run] = runs.filter(({ name }) => name === 'run/1').map(({ key, id, name }) => ({ key, id, name }))
    if (!run) throw new Error('no run/1')
    await engine.ask('hold', { project, changes: [{ kind: 'rename', runs: [run], name: 'new name' }] })
    expect(await names()).toEqual({ names: ['new name', 'run 2 é'], copied: true })
    await engine.ask('hold', { project, changes: [{ kind: 'delete', runs: [run] }] })
    expect(await names()).toEqual({ names: ['run 2 é'], copied: true })
    await engine.ask('hold', { project, changes: [] })
    expect(await names()).toEqual(before)
  })

  test('log calls that wait beside a database are in the answer', async () => {
    const { engine, project } = await opened(filesOf('bucket-0.43.0'))
    const { rows: shown } = await engine.ask('catalogue', { project })
    const { rows, copied } = await engine.ask('sql', { project, text: 'SELECT count(*) FROM metrics' })
    expect([rows, copied]).toEqual([[[shown]], true])
  })

  test('of two sources that are alike but for their rows, each gives its own', async () => {
    const engine = createEngine()
    const inbox = filesOf('bucket-0.43.0', /\/inbox\//)
    const asked = async (name: string) => {
      const named = await Promise.all(
        inbox.map(async ({ path, file }) => ({
          path,
          file: new File([(await file.text()).replaceAll('only fragments', name)], file.name, {
            lastModified: 1,
          }),
        })),
      )
      const { projects } = await engine.open({ kind: 'files', name: 'inbox', files: named, live: false })
      const text = 'SELECT DISTINCT run_name FROM metrics'
      return (await engine.ask('sql', { project: projects[0]?.id ?? '', text })).rows.flat()
    }
    expect(await asked('only-fragments')).toContain('only-fragments')
    expect(await asked('more fragments')).toContain('more fragments')
  })

  test('side tables of a server are read for every statement, its metrics once', async () => {
    let alerts = 1
    let reads = 0
    const table = (): TableRows => ({
      rows: alerts,
      columns: { title: Array(alerts).fill('a') },
      notices: [],
    })
    const reader: ProjectReader = {
      ...emptyReader(
        () => ({ state: 'done', bytes: 0, totalBytes: 0, rows: 0 }),
        () => [{ level: 'warn', subject: 'p', text: 'rows are missing' }],
      ),
      tableRows: async (name) => {
        reads++
        return name === 'alerts'
          ? { ...table(), notices: [{ level: 'warn', subject: 'p', text: 'a row is bad' }] }
          : undefined
      },
    }
    const sql = makeSql()
    const about = {
      name: 'p',
      reader,
      changed: false,
      tree: undefined,
      files: undefined,
      whole: async () => {},
    }
    const counts = async (text: string) => {
      const { rows, notices } = await sql.ask(about, { text }, {})
      return [rows[0]?.[0], notices.map(({ text }) => text)]
    }
    const missing = 'rows are missing'
    expect(await counts('SELECT count(*) FROM alerts')).toEqual([1, [missing, 'a row is bad']])
    alerts = 2
    expect(await counts('SELECT count(*) FROM alerts')).toEqual([2, [missing, 'a row is bad']])
    expect(reads).toBe(2)
    expect(await counts('SELECT count(*) FROM traces')).toEqual([
      0,
      [missing, 'has no table traces: it was asked as one without rows'],
    ])
  })

  test('of a file with several projects it is said that all of them are asked', async () => {
    const { engine, project, named } = await opened(filesOf('extra-0.0.5'))
    const { notices } = await engine.ask('sql', { project, text: 'SELECT count(*) FROM metrics' })
    expect(notices.map(({ text, action }) => `${text}. ${action}`)).toEqual([
      `keeps projects together: SQL was asked about all of them, not ${named} alone. Ask for its rows with WHERE project_name = '${named}'.`,
    ])
    const text = 'SELECT count(*) > 0 FROM metrics WHERE project_name = ?'
    expect((await engine.ask('sql', { project, text, bind: [named] })).rows).toEqual([[1]])
  })
})

describe('SQL about a source that is no database', () => {
  test('Parquet: the tables that are named are copied, and answer the same', async () => {
    const { name, blob } = await engine.ask('export', { project, form: 'parquet', frontend: '' })
    const parquet = await opened([{ path: name, file: new File([blob], name) }], 'rich')
    const text = `SELECT m.run_name, count(*), sum(m.metrics ->> '$.loss'), c.config ->> 'lr', (SELECT count(*) FROM alerts AS a WHERE a.run_id = m.run_id)
      FROM metrics AS m JOIN configs AS c USING (run_id) GROUP BY 1 ORDER BY 1`
    const [here, there] = [
      await ask(text),
      await parquet.engine.ask('sql', { project: parquet.project, text }),
    ]
    expect(there.rows).toEqual(here.rows)
    expect(there.copied).toBe(true)
    const typed = await parquet.engine.ask('sql', {
      project: parquet.project,
      text: 'SELECT typeof(step), typeof(metrics), typeof(id) FROM metrics LIMIT 1',
    })
    expect(typed.rows).toEqual([['integer', 'text', 'integer']])
    // what nobody named is there, and empty
    const others = await parquet.engine.ask('sql', {
      project: parquet.project,
      text: "SELECT count(*) FROM sqlite_master WHERE type = 'table'",
    })
    expect(others.rows).toEqual([[15]])
    await expect(
      parquet.engine.ask('sql', { project: parquet.project, text: 'DELETE FROM metrics' }),
    ).rejects.toThrow('only reading is allowed here, not DELETE metrics')
  })

  test('log fragments: metrics, configs, samples of the machine, alerts and traces', async () => {
    const inbox = filesOf('bucket-0.43.0', /\/inbox\//)
    const { engine, project } = await opened(inbox)
    const counts = async (table: string) =>
      (await engine.ask('sql', { project, text: `SELECT count(*) FROM ${table}` })).rows[0]?.[0]
    const catalogue = await engine.ask('catalogue', { project })
    expect(await counts('metrics')).toBe(catalogue.rows)
    for (const table of ['configs', 'alerts']) expect(Number(await counts(table))).toBeGreaterThan(0)
  })

  test('an empty database has no tables yet, which are there', async () => {
    const { engine, project } = await opened([{ path: 'empty.db', file: new File([], 'empty.db') }])
    const { rows } = await engine.ask('sql', { project, text: 'SELECT count(*) FROM metrics' })
    expect(rows).toEqual([[0]])
  })
})
