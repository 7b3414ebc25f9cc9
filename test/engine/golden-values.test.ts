import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EngineApi } from '../../src/bridge/engine-api.ts'
import { createEngine } from '../../src/engine/api.ts'
import type { Json } from '../../src/model/run.ts'
import { combinedId, type ProjectId } from '../../src/model/source.ts'
import type { TypedValues, ValuePlace } from '../../src/model/typed-values.ts'
import { filesOf, fixtureFolders, namedFile, readFixture } from './golden-fixtures.ts'
import { makeDatabase, startDouble } from './server-double.ts'
import { memoryDatabase } from './sqlite-files.ts'

/*
 * Values with a `_type` of every run of test/fixtures: those of databases beside what Python's sqlite3 and
 * json read (test/make/values.py), those of Parquet beside what pyarrow read.
 */

interface Wanted {
  project: string | null
  run: string
  id: string | null
  row: number
  step: number | null
  key: string
  kind: string
  value: Json
}

const WANTED: Record<string, Record<string, Wanted[]>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'values.json'), 'utf8'),
)

describe.each(Object.keys(WANTED))('%s', (folder) => {
  test('every value with a _type is found where it is', async () => {
    const engine = createEngine()
    const files = filesOf(folder, /\.db(-wal)?(\.gz)?$/)
    const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
    for (const [file, wanted] of Object.entries(WANTED[folder] ?? {}))
      for (const { id, name } of source.projects.filter((one) => one.file === file)) {
        await engine.ask('settled', { project: id })
        await checkValues(
          engine,
          id,
          wanted.filter(({ project }) => project === null || project === name),
        )
      }
  })
})

const served = Object.keys(WANTED).filter(
  (folder) => !readFixture(folder).files.some(({ path }) => /-wal$|\.jsonl$/.test(path)),
)

describe.each(served)('%s', (folder) => {
  test('a server gives the same values', async () => {
    const double = await startDouble()
    try {
      for (const { path, file } of readFixture(folder).files)
        double.projects.set(stemOf(path), await makeDatabase(new Uint8Array(await file.arrayBuffer())))
      const engine = createEngine()
      const source = await engine.open({
        kind: 'address',
        as: 'server',
        texts: [double.url],
        base: double.url,
      })
      for (const [file, wanted] of Object.entries(WANTED[folder] ?? {})) {
        const project = source.projects.find(({ name }) => name === stemOf(file))
        await engine.ask('settled', { project: project?.id ?? '' })
        await checkValues(engine, project?.id ?? '', wanted)
      }
    } finally {
      await double.stop()
    }
  })
})

interface ExpectedTyped {
  tables?: { key: string; step: number; rows: Json }[]
  histograms?: { key: string; step: number; bins: Json; values: Json }[]
  markdown?: { key: string; step: number; text: string }[]
  media?: { key: string; step: number; in: string; type: string; file_path: string }[]
}

const tables = fixtureFolders('tables').filter((folder) =>
  readFixture(folder).projects.some(({ runs }) => runs.some((run) => 'histograms' in run)),
)

describe.each(tables)('%s', (folder) => {
  test('Parquet has every value with a _type where pyarrow finds it', async () => {
    const engine = createEngine()
    const source = await engine.open({
      kind: 'files',
      name: 'drop',
      files: filesOf(folder, /./),
      live: false,
    })
    const { projects } = readFixture(folder)
    for (const wanted of projects) {
      const project = source.projects.find(({ name }) => projects.length === 1 || name === wanted.project)
      if (!project) throw new Error(`no project ${wanted.project}`)
      await engine.ask('settled', { project: project.id })
      for (const run of wanted.runs) {
        const typed: ExpectedTyped = JSON.parse(JSON.stringify(run))
        const all = await valuesOf(engine, project.id, undefined)
        const key = run.id ?? run.name
        const found = all.filter((one) => one.run === key)
        const of = (kind: string): typeof found => found.filter((one) => one.kind === kind)
        expect(
          of('trackio.table').map(({ key, step, value }) => ({ key, step, rows: valueIn(value) })),
        ).toEqual(
          inOrder(typed.tables ?? [], of('trackio.table')).map(({ key, step, rows }) => ({
            key,
            step,
            rows: withoutNulls(rows),
          })),
        )
        expect(
          of('trackio.histogram').map(({ key, step, value }) => ({ key, step, ...object(value) })),
        ).toEqual(
          inOrder(typed.histograms ?? [], of('trackio.histogram')).map((one) => ({
            _type: 'trackio.histogram',
            ...one,
          })),
        )
        expect(
          of('trackio.markdown').map(({ key, step, value }) => ({ key, step, text: valueIn(value) })),
        ).toEqual(inOrder(typed.markdown ?? [], of('trackio.markdown')))
        const media = (typed.media ?? []).filter((one) => one.in === 'metric')
        expect(
          found
            .filter(({ value }) => 'file_path' in object(value))
            .map(({ key, step, kind, value }) => ({
              key,
              step,
              type: kind,
              file_path: object(value).file_path,
            }))
            .sort(byKey),
        ).toEqual(media.map(({ key, step, type, file_path }) => ({ key, step, type, file_path })).sort(byKey))
      }
    }
  })
})

function byKey(a: { key: string; step: number | null }, b: { key: string; step: number | null }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : (a.step ?? 0) - (b.step ?? 0)
}

/** Both may tell the values of a step in another order. */
function inOrder<T extends { key: string; step: number }>(
  wanted: T[],
  found: { key: string; step: number | null }[],
): T[] {
  return found.map(
    ({ key, step }) => wanted.find((one) => one.key === key && one.step === step) ?? (undefined as never),
  )
}

/** Parquet has a null for each key of other rows. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (one === null ? [] : [[key, withoutNulls(one)]])),
  )
}

test('log fragments hold values too', async () => {
  const engine = createEngine()
  const value = { _type: 'trackio.table', _value: [{ a: 1 }, { a: null }] }
  const line = (step: number, metrics: object): string =>
    JSON.stringify({
      ...{ kind: 'metric', project: 'waits', run: 'one', run_id: 'id', step, metrics },
      timestamp: `2026-01-01T00:00:0${step}+00:00`,
      log_id: String(step),
    })
  const lines = [line(2, { loss: 1, t: value }), line(1, { loss: 2 }), line(3, { h: { _type: 'x.y' } })]
  const files = [namedFile('inbox/w/1.jsonl', `${lines.join('\n')}\n`)]
  const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
  const project = source.projects[0]?.id ?? ''
  const found = await valuesOf(engine, project, undefined)
  expect(found.map(({ key, kind, row, step, value: of }) => ({ key, kind, row, step, of }))).toEqual([
    { key: 't', kind: 'trackio.table', row: 1, step: 2, of: value },
    { key: 'h', kind: 'x.y', row: 2, step: 3, of: { _type: 'x.y' } },
  ])
  expect((await valuesOf(engine, project, ['trackio.table'])).length).toBe(1)
})

test('a table of several megabytes is read again whole, with what stands beside it', async () => {
  const { db, file, close } = await memoryDatabase()
  db.exec(`CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL,
    run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT)`)
  const rows = Array.from({ length: 60_000 }, (_, i) => ({ i, text: `row \\ "${i}" {[,:` }))
  const metrics = { loss: 1, big: { _type: 'trackio.table', _value: rows }, 'a"b': 2 }
  for (const payload of [{ loss: 0 }, metrics, { loss: 2 }])
    db.exec({
      sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
      bind: ['id', '2026-01-01T00:00:00+00:00', 'run', 0, JSON.stringify(payload)],
    })
  const engine = createEngine()
  const files = [namedFile('big.db', new Uint8Array(file()))]
  close()
  const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
  const project = source.projects[0]?.id ?? ''
  await engine.ask('settled', { project })
  const [found] = await valuesOf(engine, project, ['trackio.table'])
  expect(found?.row).toBe(1)
  expect(valueIn(found?.value)).toEqual(rows)
  const at = [{ run: 'id', key: 'a"b', row: 1 }]
  expect(await engine.ask('valuesAt', { project, at })).toEqual([2])
})

test('projects that are compared have the values of both, under their runs', async () => {
  const engine = createEngine()
  const open = async (folder: string): Promise<ProjectId> => {
    const files = filesOf(folder, /\.db(-wal)?(\.gz)?$/)
    const source = await engine.open({ kind: 'files', name: folder, files, live: false })
    const file = Object.keys(WANTED[folder] ?? {})[0]
    const project = source.projects.find((one) => one.file === file)?.id ?? ''
    await engine.ask('settled', { project })
    return project
  }
  const [one, other] = [await open('v0.23.0'), await open('v0.43.0')]
  const apart = [await valuesOf(engine, one, undefined), await valuesOf(engine, other, undefined)]
  const together = await valuesOf(engine, combinedId([one, other]), undefined)
  expect(together.map(({ value }) => value)).toEqual(apart.flat().map(({ value }) => value))
})

/** Holds all values of a project against the wanted ones, one after the other. */
async function checkValues(engine: EngineApi, project: ProjectId, wanted: Wanted[]): Promise<void> {
  const found = await valuesOf(engine, project, undefined)
  const catalogue = await engine.ask('catalogue', { project })
  const names = new Map(catalogue.runs.map((run) => [run.key, run]))
  const sorted = wanted.toSorted(
    (a, b) => placeOf(a, catalogue.runs) - placeOf(b, catalogue.runs) || a.row - b.row,
  )
  expect(found.map(({ run, ...rest }) => ({ run: names.get(run)?.name, ...rest }))).toEqual(
    sorted.map(({ run, row, step, key, kind, value }) => ({ run, row, step, key, kind, value })),
  )
  for (const kind of new Set(wanted.map((one) => one.kind)))
    expect((await valuesOf(engine, project, [kind])).length).toBe(
      wanted.filter((one) => one.kind === kind).length,
    )
}

function placeOf({ run, id }: Wanted, runs: { name: string; id: string | null }[]): number {
  return runs.findIndex((one) => one.name === run && (one.id === null || one.id === id))
}

type Found = ValuePlace & { kind: string; step: number | null; value: Json | undefined }

async function valuesOf(
  engine: EngineApi,
  project: ProjectId,
  kinds: string[] | undefined,
): Promise<Found[]> {
  const index = await engine.ask('values', { project, kinds })
  expect(index.complete).toBe(true)
  const places = placesOf(index)
  const values = await engine.ask('valuesAt', { project, at: places })
  return places.map((place, i) => {
    const step = index.step[i] as number
    return {
      ...place,
      kind: index.kinds[index.kind[i] as number] as string,
      step: Number.isNaN(step) ? null : step,
      value: values[i],
    }
  })
}

function placesOf({ runs, keys, run, key, row }: TypedValues): ValuePlace[] {
  return Array.from(run, (r, i) => ({
    run: runs[r] as string,
    key: keys[key[i] as number] as string,
    row: row[i] as number,
  }))
}

function object(value: Json | undefined): { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function valueIn(value: Json | undefined): Json | undefined {
  return object(value)._value
}

function stemOf(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.db$/, '')
}
