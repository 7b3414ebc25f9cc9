import { expect, test } from 'vitest'
import type { EngineApi } from '../../../src/bridge/engine-api.ts'
import { createEngine } from '../../../src/engine/api.ts'
import type { TableQuery } from '../../../src/model/logged-table.ts'
import type { Json } from '../../../src/model/run.ts'
import type { ProjectId } from '../../../src/model/source.ts'
import { namedFile } from '../golden-fixtures.ts'
import { memoryDatabase } from '../sqlite-files.ts'

/** A database with a run that logged these tables under `t`, a step each. */
async function databaseOf(tables: readonly Json[], before = ''): Promise<Uint8Array<ArrayBuffer>> {
  const { db, file, close } = await memoryDatabase()
  if (before) db.exec(before)
  db.exec(`CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL,
    run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT)`)
  tables.forEach((value, step) => {
    const payload = JSON.stringify({ loss: step, t: { _type: 'trackio.table', _value: value } })
    db.exec({
      sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
      bind: ['id', '2026-01-01T00:00:00+00:00', 'run', step, payload],
    })
  })
  const bytes = new Uint8Array(file())
  close()
  return bytes
}

const queryOf = (project: ProjectId, more: Partial<TableQuery> = {}): TableQuery => ({
  ...{ project, key: 't', runs: ['id'], filters: [], find: '' },
  ...more,
})

async function texts(engine: EngineApi, query: TableQuery, column: string): Promise<(string | undefined)[]> {
  const { cells } = await engine.ask('tableRows', {
    ...query,
    columns: [column],
    from: 0,
    count: 1e6,
    most: 99,
  })
  return cells.map(([cell]) => cell?.text)
}

test('a file that was replaced is read anew, though its rows have the steps and times of the old one', async () => {
  const engine = createEngine()
  const source = await engine.open({
    ...{ kind: 'files', name: 'drop', live: true },
    files: [namedFile('p.db', await databaseOf([[{ a: 'old' }]]))],
  })
  const project = source.projects[0]?.id ?? ''
  await engine.ask('settled', { project })
  expect(await texts(engine, queryOf(project), '.a')).toEqual(['old'])
  // its table lies on another page, so that it is another file
  const other = await databaseOf([[{ a: 'new' }], [{ a: 'newer' }]], 'CREATE TABLE configs (id INTEGER)')
  await engine.refresh({ source: source.id, files: [namedFile('p.db', other)] })
  await engine.ask('settled', { project })
  expect(await texts(engine, queryOf(project), '.a')).toEqual(['new', 'newer'])
})

test('of long texts that are compared the part is shown that differs', async () => {
  const engine = createEngine()
  const long = 'the same words again and again '.repeat(40)
  const bytes = await databaseOf([[{ q: 'one', a: `${long}first` }], [{ q: 'one', a: `${long}second` }]])
  const files = [namedFile('p.db', bytes)]
  const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
  const project = source.projects[0]?.id ?? ''
  await engine.ask('settled', { project })
  const side = (row: number) => ({ project, key: 't', runs: ['id'], at: [{ run: 'id', row }] })
  const { rows } = await engine.ask('tableDiff', {
    ...{ project, a: side(0), b: side(1), key: '.q', show: 'all', find: '', from: 0, count: 9, most: 100 },
  })
  expect(rows[0]?.sign).toBe('changed')
  expect([rows[0]?.a?.[0], rows[0]?.b?.[0]]).toMatchObject([
    { text: expect.stringMatching(/^….*first$/), length: long.length + 5 },
    { text: expect.stringMatching(/^….*second$/), length: long.length + 6 },
  ])
})
