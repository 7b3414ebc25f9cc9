import { describe, expect, test } from 'vitest'
import { changeCopy } from '../../../src/engine/tracking/change-copy.ts'
import { deleteRunsIn, renameRunIn } from '../../../src/engine/tracking/change-runs.ts'
import { type RunTables, runTablesOf } from '../../../src/engine/tracking/run-tables.ts'
import type { ChangedRun } from '../../../src/model/change.ts'
import { memoryFile, type SyncFile } from '../../../src/storage/opfs/sync-file.ts'
import { dropWhole } from '../drop.ts'
import { fixtureFolders, readFixture } from '../golden-fixtures.ts'
import { openCopy } from '../tracking/copy.ts'
import { cell, type Dump, dumpOf, without } from './dump.ts'

/*
 * Runs of the databases of every release, changed where they are. What must come of it is told by rows and
 * bytes, from outside of what changes them; what can be read afterwards by what reads them.
 */

/** Named by the release's rows, or told by other means than this test knows of. */
const SKIPPED = /-wal$/
/** Two and more projects of one file, or rows that belong to several. */
const FEW = 2

interface Case {
  name: string
  path: string
  file: SyncFile
  bytes: Uint8Array
  part: string
}

/** Has a trigger, and is refused: see schemas.test.ts. */
const REFUSED = 'altered.db'

const cases: Case[] = []
for (const folder of fixtureFolders('runs')) {
  const { files, projects } = readFixture(folder)
  for (const { path, file } of files) {
    if (SKIPPED.test(path) || !path.endsWith('.db')) continue
    if (path.endsWith(REFUSED) || files.some((other) => other.path === `${path}-wal`)) continue
    const bytes = new Uint8Array(await file.arrayBuffer())
    const copy = memoryFile()
    copy.write(bytes, 0)
    const name = path.slice(path.lastIndexOf('/') + 1)
    const part = projects.find((one) => one.file === name)?.project ?? name.replace(/\.db$/, '')
    cases.push({ name: `${folder}/${name}`, path: name, file: copy, bytes, part })
  }
}

function bytesOf(file: SyncFile): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(file.size)
  file.read(bytes, 0)
  return bytes
}

async function dumped(file: SyncFile | Uint8Array): Promise<Dump> {
  const db = await openCopy(file instanceof Uint8Array ? file.slice() : bytesOf(file))
  const dump = dumpOf(db)
  db.close()
  return dump
}

/** Runs of the metrics as SQLite groups them. */
async function runsOf({ bytes, part }: Case): Promise<ChangedRun[]> {
  const db = await openCopy(bytes.slice())
  try {
    const columns = db.rows("SELECT name FROM pragma_table_info('metrics')").map(String)
    const id = columns.includes('run_id') ? 'run_id' : 'NULL'
    const where = columns.includes('project_name') ? 'WHERE project_name = ?' : ''
    return db
      .rows(`SELECT DISTINCT ${id}, run_name FROM metrics ${where} ORDER BY 2, 1`, where === '' ? [] : [part])
      .map(([run, name]) => ({
        id: run === null ? null : String(run),
        name: String(name),
        key: String(run ?? name),
      }))
      .map((run, _, all) => ({
        ...run,
        ...(run.id !== null && all.filter(({ id }) => id === run.id).length > 1 && { shared: true as const }),
      }))
  } finally {
    db.close()
  }
}

const tables = (one: Case, db: Parameters<typeof runTablesOf>[0]): RunTables =>
  runTablesOf(db, one.path.replace(/\.db$/, ''), one.part)

describe.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
  test('a run that is deleted is gone from every table, and nothing else is', async () => {
    const runs = await runsOf(one)
    const before = await dumped(one.bytes)
    for (const run of runs.slice(0, FEW)) {
      const copy = memoryFile()
      copy.write(one.bytes, 0)
      await changeCopy(one.path, copy, (db) => deleteRunsIn(db, tables(one, db), [run]))
      const after = await dumped(copy)
      expect(bytesOf(copy).slice(18, 20)).toEqual(one.bytes.slice(18, 20))
      for (const [table, rows] of before) {
        const left = after.get(table) ?? []
        if (table === 'artifact_versions') continue
        expect(
          rows.filter((row) => left.includes(row)),
          `${table}: rows that stay`,
        ).toEqual(left)
        const mine = rows.filter((row) => !left.includes(row))
        for (const row of mine) expect(isOf(row, run), `${table}: ${run.name} lost ${row}`).toBe(true)
        // an id says whose a row is
        const hasIds = cell(before.get('metrics')?.[0] ?? '', 'run_id') !== undefined
        for (const row of left) {
          const id = cell(row, 'run_id')
          const name = cell(row, 'run_name')?.value
          const own = hasIds ? id?.value === run.id && name === run.name : name === run.name
          // a link of a run of another project, the queue of what is sent, and another project of an old file
          if (own && !foreign(row) && table !== 'pending_uploads' && !cell(row, 'project_name'))
            expect(row, `${table}: what is left of ${run.name}`).toBe('')
        }
      }
      const again = memoryFile()
      again.write(bytesOf(copy), 0)
      await changeCopy(one.path, again, (db) => deleteRunsIn(db, tables(one, db), [run]))
      expect(await dumped(again)).toEqual(after)
    }
  })

  test('a run that is renamed keeps its rows to the last byte but for the name', async () => {
    const runs = await runsOf(one)
    const before = await dumped(one.bytes)
    for (const run of runs.slice(0, FEW)) {
      const copy = memoryFile()
      copy.write(one.bytes, 0)
      const to = ' né "w"/$& '
      await changeCopy(one.path, copy, (db) => renameRunIn(db, tables(one, db), one.path, run, to))
      const after = await dumped(copy)
      let renamed = 0
      for (const [table, rows] of before) {
        const now = after.get(table) ?? []
        expect(now.length, table).toBe(rows.length)
        rows.forEach((row, i) => {
          if (now[i] === row) return
          const column = table === 'artifact_versions' ? 'producer_run_name' : 'run_name'
          // by its id, whatever name another program left there
          const id = cell(row, table === 'artifact_versions' ? 'producer_run_id' : 'run_id')?.value
          if (id !== run.id) expect(cell(row, column)?.value, `${table}: ${row}`).toBe(run.name)
          expect(cell(now[i] ?? '', column)?.value, table).toBe(to.trim())
          if (run.id !== null) expect(without(now[i] ?? '', column), table).toBe(without(row, column))
          renamed++
        })
      }
      expect(renamed).toBeGreaterThan(0)
    }
  })

  test('is read as before but for that run', async () => {
    const [run] = await runsOf(one)
    if (!run) return
    const whole = await dropWhole([{ path: one.path, file: new File([one.bytes.slice()], one.path) }])
    const copy = memoryFile()
    copy.write(one.bytes, 0)
    await changeCopy(one.path, copy, (db) => deleteRunsIn(db, tables(one, db), [run]))
    const left = await dropWhole([{ path: one.path, file: new File([bytesOf(copy)], one.path) }])
    const others = whole.projects.map(({ runs, ...rest }) => ({
      ...rest,
      runs: runs.filter(
        (other) =>
          !(rest.name === one.part || whole.projects.length === 1) ||
          !(other.name === run.name && (other.id === run.id || run.id === null)),
      ),
    }))
    // which project of a file comes first is told by its rows
    const byName = (projects: typeof others): [string, (typeof others)[0]['runs']][] =>
      projects
        .map(({ name, runs }): [string, typeof runs] => [name, runs])
        .sort(([a], [b]) => (a < b ? -1 : 1))
    expect(byName(left.projects)).toEqual(byName(others.filter(({ runs }, i) => runs.length > 0 || i === 0)))
  })
})

function isOf(row: string, run: { id: string | null; name: string; key: string }): boolean {
  if (cell(row, 'key')?.value === `trackio-lite:run:${run.key}`) return true
  const [id, name] = [cell(row, 'run_id'), cell(row, 'run_name')]
  return (run.id !== null && id?.value === run.id) || name?.value === run.name
}

function foreign(row: string): boolean {
  return cell(row, 'run_project')?.type === 'text'
}
