import { describe, expect, test } from 'vitest'
import { changeCopy } from '../../../src/engine/tracking/change-copy.ts'
import { deleteRunsIn, renameRunIn } from '../../../src/engine/tracking/change-runs.ts'
import { runTablesOf } from '../../../src/engine/tracking/run-tables.ts'
import type { WritableDatabase } from '../../../src/engine/tracking/writable.ts'
import type { ChangedRun } from '../../../src/model/change.ts'
import { memoryFile, type SyncFile } from '../../../src/storage/opfs/sync-file.ts'
import { memoryDatabase } from '../sqlite-files.ts'
import { openCopy } from '../tracking/copy.ts'

/* Databases as releases leave them that differ in what tells a run, one table from the next. */

const OLD = `
CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT);
CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_name TEXT NOT NULL, config TEXT NOT NULL, created_at TEXT NOT NULL, UNIQUE(run_name));
CREATE UNIQUE INDEX idx_metrics_log_id ON metrics(log_id) WHERE log_id IS NOT NULL;
INSERT INTO metrics (timestamp, run_name, step, metrics, log_id, space_id) VALUES ('t', 'a', 0, '{"x": NaN}', 'l1', 'me/space'), ('t', 'b', 0, '{}', 'l2', NULL);
INSERT INTO configs (run_name, config, created_at) VALUES ('a', '{}', 't'), ('b', '{}', 't');`
/** Of 0.23, continued by 0.36. */
const MIXED = `${OLD}
CREATE TABLE alerts (id INTEGER PRIMARY KEY, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, title TEXT NOT NULL);
CREATE TABLE traces (id TEXT PRIMARY KEY, run_id TEXT NOT NULL, timestamp TEXT, run_name TEXT NOT NULL, step INTEGER, key TEXT, messages TEXT, metadata TEXT, search_text TEXT);
INSERT INTO alerts VALUES (1, 'uuid of a', 't', 'a', 'hot'), (2, 'b', 't', 'b', 'cold');
INSERT INTO traces VALUES ('a:1:k', 'a', 't', 'a', 0, 'k', '[]', '{}', '');`
/** Migrated by 0.41: traces and links know other ids than the metrics. */
const MIGRATED = `
CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL, run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT);
CREATE TABLE configs (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL UNIQUE, run_name TEXT NOT NULL, config TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE traces (id TEXT PRIMARY KEY, run_id TEXT NOT NULL, timestamp TEXT, run_name TEXT NOT NULL, step INTEGER, key TEXT, messages TEXT, metadata TEXT, search_text TEXT);
CREATE TABLE artifact_versions (id INTEGER PRIMARY KEY, producer_run_id TEXT, producer_run_name TEXT);
CREATE TABLE run_artifact_links (id INTEGER PRIMARY KEY, run_id TEXT, run_name TEXT, artifact_version_id INTEGER, direction TEXT, created_at TEXT, run_project TEXT);
INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES ('1', 't', 'a', 0, '{}'), ('2', 't', 'twin', 0, '{}'), ('3', 't', 'twin', 0, '{}');
INSERT INTO configs (run_id, run_name, config, created_at) VALUES ('1', 'a', '{}', 't'), ('2', 'twin', '{}', 't');
INSERT INTO traces VALUES ('x', 'unknown', 't', 'a', 0, 'k', '[]', '{}', ''), ('y', 'unknown too', 't', 'twin', 0, 'k', '[]', '{}', '');
INSERT INTO artifact_versions VALUES (1, 'unknown', 'a'), (2, NULL, 'twin'), (3, '2', 'twin');
INSERT INTO run_artifact_links VALUES (1, NULL, 'a', 1, 'output', 't', NULL), (2, 'unknown', 'a', 1, 'input', 't', 'elsewhere'), (3, NULL, 'twin', 1, 'input', 't', NULL);
PRAGMA user_version = 2;`

async function fileOf(sql: string): Promise<SyncFile> {
  const { db, file, close } = await memoryDatabase()
  db.exec(sql)
  const made = memoryFile()
  made.write(file(), 0)
  close()
  return made
}

const run = (name: string, id: string | null = null): ChangedRun => ({ key: id ?? name, id, name })

async function changed(
  file: SyncFile,
  act: (db: WritableDatabase, tables: ReturnType<typeof runTablesOf>) => unknown,
): Promise<(sql: string) => unknown[][]> {
  await changeCopy('p.db', file, (db) => void act(db, runTablesOf(db, 'p')))
  const bytes = new Uint8Array(file.size)
  file.read(bytes, 0)
  const db = await openCopy(bytes)
  return (sql) => db.rows(sql)
}

describe('a file without run ids', () => {
  test('has its runs renamed by name; rows keep ids, log ids and what they wait for', async () => {
    const rows = await changed(await fileOf(OLD), (db, tables) => renameRunIn(db, tables, 'p', run('a'), 'c'))
    expect(rows('SELECT id, run_name, metrics, log_id, space_id FROM metrics')).toEqual([
      [1, 'c', '{"x": NaN}', 'l1', 'me/space'],
      [2, 'b', '{}', 'l2', null],
    ])
    expect(rows('SELECT run_name FROM configs ORDER BY id')).toEqual([['c'], ['b']])
    expect(rows('PRAGMA user_version')).toEqual([[0]])
  })

  test('takes no name that another run has, nor one of which a deleted run left rows', async () => {
    const taken = changed(await fileOf(OLD), (db, tables) => renameRunIn(db, tables, 'p', run('a'), 'b'))
    await expect(taken).rejects.toThrow('there is a run called b already')
    const left = `${OLD}; DELETE FROM metrics WHERE run_name = 'b'`
    const kept = changed(await fileOf(left), (db, tables) => renameRunIn(db, tables, 'p', run('a'), 'b'))
    await expect(kept).rejects.toThrow('its table configs still has rows of a deleted run called b')
  })

  test('loses the config with the run', async () => {
    const rows = await changed(await fileOf(OLD), (db, tables) => deleteRunsIn(db, tables, [run('a')]))
    expect(rows('SELECT run_name FROM configs UNION ALL SELECT run_name FROM metrics')).toEqual([
      ['b'],
      ['b'],
    ])
  })

  test('may have tables with ids, of a newer release: the name decides there too', async () => {
    const renamed = await changed(await fileOf(MIXED), (db, tables) =>
      renameRunIn(db, tables, 'p', run('a'), 'c'),
    )
    expect(renamed('SELECT run_id, run_name FROM alerts')).toEqual([
      ['uuid of a', 'c'],
      ['b', 'b'],
    ])
    // where the id is the name, trackio finds it by the new one
    expect(renamed('SELECT id, run_id, run_name FROM traces')).toEqual([['a:1:k', 'c', 'c']])
    const deleted = await changed(await fileOf(MIXED), (db, tables) => deleteRunsIn(db, tables, [run('a')]))
    expect(deleted('SELECT run_name FROM alerts UNION ALL SELECT run_name FROM traces')).toEqual([['b']])
  })
})

describe('a file that was migrated', () => {
  test('has rows with ids that the metrics do not know: those of the only run of their name', async () => {
    const rows = await changed(await fileOf(MIGRATED), (db, tables) =>
      renameRunIn(db, tables, 'p', run('a', '1'), 'c'),
    )
    expect(rows('SELECT run_id, run_name FROM traces ORDER BY id')).toEqual([
      ['unknown', 'c'],
      ['unknown too', 'twin'],
    ])
    expect(rows('SELECT producer_run_name FROM artifact_versions ORDER BY id')).toEqual([
      ['c'],
      ['twin'],
      ['twin'],
    ])
    // a run of another project that is called alike is another run
    expect(rows('SELECT run_name FROM run_artifact_links ORDER BY id')).toEqual([['c'], ['a'], ['twin']])
    expect(rows('PRAGMA user_version')).toEqual([[2]])
  })

  test('keeps what may be another run’s of the same name', async () => {
    const rows = await changed(await fileOf(MIGRATED), (db, tables) =>
      deleteRunsIn(db, tables, [run('twin', '2')]),
    )
    expect(rows('SELECT run_id FROM metrics ORDER BY id')).toEqual([['1'], ['3']])
    expect(rows('SELECT run_id FROM configs')).toEqual([['1']])
    expect(rows("SELECT count(*) FROM traces WHERE run_name = 'twin'")).toEqual([[1]])
    expect(rows('SELECT producer_run_name FROM artifact_versions ORDER BY id')).toEqual([
      ['a'],
      ['twin'],
      [null],
    ])
  })

  test('is not renamed a run that is gone', async () => {
    const gone = changed(await fileOf(MIGRATED), (db, tables) =>
      renameRunIn(db, tables, 'p', run('x', '9'), 'c'),
    )
    await expect(gone).rejects.toThrow('no run x in it any more')
  })
})

test('a run whose rows have no id, in a table that has room for one, is told by its name', async () => {
  const sql = `CREATE TABLE metrics (run_id TEXT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);
CREATE TABLE traces (id TEXT PRIMARY KEY, run_id TEXT, timestamp TEXT, run_name TEXT, step INTEGER, messages TEXT);
INSERT INTO metrics VALUES (NULL, 't', 'a', 0, '{}'), ('1', 't', 'a', 0, '{}'), (NULL, 't', 'b', 0, '{}');
INSERT INTO traces VALUES ('x', 'unknown', 't', 'a', 0, '[]'), ('y', 'unknown', 't', 'b', 0, '[]');`
  const names = 'SELECT run_name FROM metrics ORDER BY rowid'
  const renamed = await changed(await fileOf(sql), (db, tables) =>
    renameRunIn(db, tables, 'p', run('a'), 'c'),
  )
  expect(renamed(names)).toEqual([['c'], ['a'], ['b']])
  // it may be the other one's
  expect(renamed('SELECT run_name FROM traces ORDER BY id')).toEqual([['a'], ['b']])
  const left = await changed(await fileOf(sql), (db, tables) => deleteRunsIn(db, tables, [run('b')]))
  expect(left(names)).toEqual([['a'], ['a']])
  expect(left('SELECT run_name FROM traces')).toEqual([['a']])
})

describe('refused with words, and nothing changed', () => {
  test.each([
    [
      'triggers',
      `${OLD}; CREATE TRIGGER shout AFTER DELETE ON metrics BEGIN DELETE FROM configs; END`,
      /the trigger shout of its table metrics/,
    ],
    [
      'tables of runs that are not known',
      `${OLD}; CREATE TABLE summaries (run_name TEXT, best REAL)`,
      /its table summaries names runs too/,
    ],
    ['no metrics', 'CREATE TABLE other (a)', /no table of metrics/],
    [
      'a view in place of a table',
      `CREATE TABLE m (run_name); CREATE VIEW metrics AS SELECT * FROM m`,
      /metrics is a view in it/,
    ],
    [
      'a table without ids where names are shared',
      `${MIGRATED}; CREATE TABLE alerts (id INTEGER PRIMARY KEY, run_name TEXT, title TEXT); INSERT INTO alerts VALUES (1, 'twin', 'hot')`,
      /its table alerts has no run ids, and several runs are called twin/,
    ],
  ])('%s', async (_, sql, words) => {
    const file = await fileOf(sql)
    const before = new Uint8Array(file.size)
    file.read(before, 0)
    await expect(
      changeCopy('p.db', file, (db) => deleteRunsIn(db, runTablesOf(db, 'p'), [run('twin', '2')])),
    ).rejects.toThrow(words)
  })

  test('files that are damaged, or no database', async () => {
    const file = await fileOf(
      `${OLD}; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO metrics (timestamp, run_name, step, metrics) SELECT 't', 'c', i, '{"x":' || hex(randomblob(100)) || '}' FROM n`,
    )
    file.write(new Uint8Array(2000).fill(7), 4 * 4096)
    await expect(changeCopy('p.db', file, () => {})).rejects.toThrow(
      /the database is damaged, so it is not written to/,
    )
    const text = memoryFile()
    text.write(new TextEncoder().encode('not a database'.repeat(20)), 0)
    await expect(changeCopy('p.db', text, () => {})).rejects.toThrow(/does not begin as a database does/)
  })
})
