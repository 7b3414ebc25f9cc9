import { describe, expect, test } from 'vitest'
import type { EngineApi } from '../../src/bridge/engine-api.ts'
import { createEngine } from '../../src/engine/api.ts'
import { parseLoose } from '../../src/engine/columns/json.ts'
import { openServer } from '../../src/engine/connectors/served.ts'
import { rowsOf } from '../../src/engine/projects/logged-rows.ts'
import type { Run } from '../../src/model/run.ts'
import type { RunRow } from '../../src/model/run-rows.ts'
import { filesOf, fixtureFolders, numberOf, readFixture } from './golden-fixtures.ts'
import { checkLines, lineOf, ROWS } from './row-lines.ts'
import { makeDatabase, startDouble } from './server-double.ts'

/*
 * Rows of every run of test/fixtures as they were logged: those of databases beside what Python's sqlite3 and
 * json read of them (test/make/rows.py), character by character; those of Parquet beside what pyarrow read.
 */

describe.each(Object.keys(ROWS))('%s', (folder) => {
  test('every row of every run is as it was logged', async () => {
    const engine = createEngine()
    // what waits beside a database is none of its rows
    const files = filesOf(folder, /\.db(-wal)?(\.gz)?$/)
    const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
    let checked = 0
    for (const [file, { keys, runs }] of Object.entries(ROWS[folder] ?? {})) {
      for (const { id: project, name } of source.projects.filter((one) => one.file === file)) {
        await engine.ask('settled', { project })
        const catalogue = await engine.ask('catalogue', { project })
        const hasIds = catalogue.runs.some((run) => run.id !== null)
        for (const wanted of runs) {
          if (wanted.project !== null && wanted.project !== name) continue
          const run = catalogue.runs.find(
            (one) => one.name === wanted.name && (!hasIds || one.id === wanted.id),
          )
          expect(run, `${file}: ${wanted.name}`).toBeDefined()
          const rows = await allRows(engine, project, run as Run, keys, true)
          checkLines(
            rows.map((row) => lineOf(row, keys)),
            wanted,
          )
          checked++
        }
      }
    }
    expect(checked).toBeGreaterThan(0)
  })
})

// a server takes in its log and its inbox; here the databases alone are served
const served = Object.keys(ROWS).filter(
  (folder) => !readFixture(folder).files.some(({ path }) => /-wal$|\.jsonl$/.test(path)),
)

describe.each(served)('%s', (folder) => {
  test('a server gives the same rows', async () => {
    const double = await startDouble()
    try {
      const connector = await openServer(double.url)
      for (const { path, file } of readFixture(folder).files)
        double.projects.set(
          path.replace(/^.*\//, '').replace(/\.db$/, ''),
          await makeDatabase(new Uint8Array(await file.arrayBuffer())),
        )
      for (const files of await connector.look()) {
        const stored = Object.entries(ROWS[folder] ?? {}).find(([path]) =>
          path.endsWith(`${files.path}.db`),
        )?.[1]
        const opened = await connector.open(files)
        await opened.read(() => {})
        for (const { reader } of opened.projects)
          for (const logged of reader.runs()) {
            const wanted = stored?.runs.find(
              ({ id, name, project }) =>
                (id === logged.id || !reader.hasIds()) &&
                name === logged.name &&
                (project === null || project === reader.part()),
            )
            if (!wanted || !stored) continue
            const range = { keys: stored.keys, from: 0, count: logged.rows }
            const { rows } = await rowsOf(reader, logged, range, undefined)
            checkLines(
              rows.map((row) => lineOf(row, stored.keys)),
              wanted,
            )
          }
      }
    } finally {
      await double.stop()
    }
  })
})

describe.each(fixtureFolders('tables'))('%s', (folder) => {
  test('rows of Parquet have every value of every key', async () => {
    const { projects } = readFixture(folder)
    const engine = createEngine()
    const source = await engine.open({
      kind: 'files',
      name: 'drop',
      files: filesOf(folder, /./),
      live: false,
    })
    for (const wanted of projects) {
      const project = source.projects.find(({ name }) => projects.length === 1 || name === wanted.project)?.id
      if (project === undefined) throw new Error(`no project ${wanted.project}`)
      await engine.ask('settled', { project })
      const catalogue = await engine.ask('catalogue', { project })
      const metrics = catalogue.metrics.map(({ name }) => name)
      const keys = [...new Set([...metrics, ...catalogue.others.map(({ name }) => name)])]
      for (const expected of wanted.runs) {
        if (expected.only_in_artifact_links) continue
        const run = catalogue.runs.find(({ id, name }) => id === expected.id && name === expected.name)
        const rows = await allRows(engine, project, run as Run, keys)
        expect(rows.length).toBe(expected.rows)
        if (rows.length === 0) continue
        expect([rows[0]?.timestamp, rows.at(-1)?.timestamp]).toEqual([
          expected.created_at,
          expected.last_timestamp ?? '',
        ])
        for (const [i, key] of keys.entries()) {
          const values = rows.flatMap(({ cells, step }) =>
            // a null is no value
            cells[i] === undefined || cells[i] === 'null'
              ? []
              : [{ step, value: parseLoose(cells[i] ?? '') }],
          )
          const isNumber = (value: unknown): boolean =>
            typeof value === 'number' || /^(NaN|-?Infinity)$/.test(String(value))
          const numbers = values.filter(({ value }) => isNumber(value))
          const metric = Object.hasOwn(expected.metrics, key) ? expected.metrics[key] : undefined
          expect(numbers.map(({ value }) => numberOf(value as number | string))).toEqual(
            (metric?.values ?? []).map(numberOf),
          )
          expect(numbers.map(({ step }) => step)).toEqual(metric?.steps ?? [])
          const other = Object.hasOwn(expected.other, key) ? expected.other[key]?.kinds : undefined
          expect(values.length - numbers.length, key).toBe(
            Object.values(other ?? {}).reduce((sum, n) => sum + n, 0),
          )
        }
      }
    }
  })
})

/** All rows of a run, in pages of an odd size. */
async function allRows(
  engine: EngineApi,
  project: string,
  run: Run,
  keys: string[],
  keepsText?: boolean,
): Promise<RunRow[]> {
  const rows: RunRow[] = []
  for (let total = Number.POSITIVE_INFINITY; rows.length < total; ) {
    const page = await engine.ask('runRows', { project, run: run.key, keys, from: rows.length, count: 37 })
    expect(page.from).toBe(rows.length)
    if (keepsText !== undefined) expect(page.keepsText).toBe(keepsText)
    total = page.total
    rows.push(...page.rows)
  }
  return rows
}
