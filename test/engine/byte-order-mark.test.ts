import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/api.ts'
import { memoryDatabase } from './sqlite-files.ts'

/*
 * A byte order mark is a letter of a name like any other: Python's sqlite3 and json keep it, and so do names
 * here. In front of JSON there may be none.
 */

const MARK = '\ufeff'

async function opened(rows: [name: string, payload: string][]) {
  const made = await memoryDatabase()
  made.db.exec(
    'CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)',
  )
  for (const [name, payload] of rows) {
    const bind = ['2026-01-01T00:00:00+00:00', name, 0, payload]
    made.db.exec({
      sql: 'INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?)',
      bind,
    })
  }
  const file = new File([new Uint8Array(made.file())], 'marks.db')
  made.close()
  const engine = createEngine()
  const source = await engine.open({
    kind: 'files',
    name: 'drop',
    files: [{ path: 'marks.db', file }],
    live: false,
  })
  const project = source.projects[0]?.id ?? ''
  await engine.ask('settled', { project })
  return { engine, project, catalogue: await engine.ask('catalogue', { project }) }
}

test('names of runs and metrics that differ by it are two', async () => {
  const { engine, project, catalogue } = await opened([
    ['a', '{"loss": 1}'],
    [`${MARK}a`, `{"loss": 2, "${MARK}loss": 3, "\\ufeffother": 4}`],
  ])
  expect(catalogue.runs.map(({ name }) => name).sort()).toEqual(['a', `${MARK}a`])
  expect(catalogue.metrics.map(({ name }) => name).sort()).toEqual(['loss', `${MARK}loss`, `${MARK}other`])
  const { loss } = await engine.ask('history', { project, run: 'a' })
  expect([...(loss?.values ?? [])]).toEqual([1])
})

test('a payload that begins with it is no JSON, and counted as skipped', async () => {
  const { catalogue } = await opened([
    ['a', '{"loss": 1}'],
    ['a', `${MARK}{"loss": 2}`],
  ])
  expect(catalogue.metrics.map(({ points }) => points)).toEqual([1])
  expect(catalogue.notices.map(({ text }) => text).join()).toMatch(
    /1 row skipped: the payload is not a JSON object/,
  )
})
