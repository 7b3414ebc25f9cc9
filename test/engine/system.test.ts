import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import type { EngineApi } from '../../src/bridge/engine-api.ts'
import { lineKey } from '../../src/compute/line-key.ts'
import { createEngine } from '../../src/engine/api.ts'
import type { RunKey } from '../../src/model/run.ts'
import {
  combinedId,
  type NamedFile,
  type ProjectId,
  type SourceRef,
  systemOf,
} from '../../src/model/source.ts'
import type { SystemStats } from '../../src/model/system.ts'
import type { FrameQuery, XAxis, Zoom } from '../../src/model/view.ts'
import { filesOf, namedFile } from './golden-fixtures.ts'
import { makeDatabase, type ServerDouble, startDouble } from './server-double.ts'
import { memoryDatabase } from './sqlite-files.ts'

/* System metrics in each of trackio's forms, beside what numpy says of them (test/make/system.py). */

interface Told {
  start: number
  series: Record<string, { steps: (number | null)[]; times: number[]; values: (number | null)[] }>
  stats: Record<string, Record<string, number | string | null>>
}

const FIXTURES = join(import.meta.dirname, '..', 'fixtures')
const TOLD: Record<string, Told> = JSON.parse(readFileSync(join(FIXTURES, 'system-data.json'), 'utf8'))
const form = (name: string): Uint8Array<ArrayBuffer> => {
  const bytes = readFileSync(join(FIXTURES, 'system-0.43.0', 'forms', name))
  return new Uint8Array(name.endsWith('.gz') ? gunzipSync(bytes) : bytes)
}
const database = (): NamedFile[] => filesOf('system-0.43.0')

let double: ServerDouble | undefined
afterAll(() => double?.stop())

const FORMS: Record<string, () => Promise<SourceRef>> = {
  database: async () => ({ kind: 'files', name: 'drop', files: database(), live: false }),
  parquet: async () => ({
    kind: 'files',
    name: 'drop',
    files: ['machines.parquet', 'machines_system.parquet'].map((name) => namedFile(name, form(name))),
    live: false,
  }),
  fragments: async () => ({
    kind: 'files',
    name: 'drop',
    files: [namedFile('trackio/inbox/writer/00000000.jsonl', form('00000000.jsonl.gz'))],
    live: false,
  }),
  server: async () => {
    double = await startDouble()
    const [file] = database()
    if (!file) throw new Error('no database')
    double.projects.set('machines', await makeDatabase(new Uint8Array(await file.file.arrayBuffer())))
    return { kind: 'address', as: 'server', texts: [double.url], base: '' }
  },
}

async function opened(ref: SourceRef): Promise<{ engine: EngineApi; project: ProjectId }> {
  const engine = createEngine()
  const source = await engine.open(ref)
  const project = source.projects[0]?.id ?? ''
  await engine.ask('settled', { project })
  return { engine, project }
}

describe.each(Object.keys(FORMS))('%s', (name) => {
  test('every sample is read once, and has the step that its run logged last', async () => {
    const { engine, project } = await opened(await (FORMS[name] as () => Promise<SourceRef>)())
    const { runs, metrics, notices } = await engine.ask('system', { project })
    expect(runs.map(({ name }) => name)).toEqual(['two-gpus', 'sixteen-gpus', 'no-machine'])
    expect(notices.map(({ text }) => text)).toContain(
      'system metrics of a run not shown: no metrics were logged by monitor-only',
    )
    for (const [r, run] of runs.entries()) {
      const told = TOLD[run.name] as Told
      const history = await engine.ask('history', { project: systemOf(project), run: run.key })
      // of columns that are read when somebody looks it is known how many samples there are, not whose
      const { counts } = await engine.ask('system', { project })
      metrics.forEach((metric, m) => {
        expect(counts[m * runs.length + r], metric.name).toBe(history[metric.name]?.values.length ?? 0)
      })
      for (const [metric, wanted] of Object.entries(told.series)) {
        const found = history[metric]
        expect(Array.from(found?.steps ?? [], orNull)).toEqual(wanted.steps)
        expect(Array.from(found?.values ?? [], orNull)).toEqual(wanted.values)
        expect(Array.from(found?.times ?? [], (time) => Math.round(time * 1000) / 1e6)).toEqual(wanted.times)
      }
    }
  })

  test('statistics are those that numpy finds, of all and of a stretch', async () => {
    const { engine, project } = await opened(await (FORMS[name] as () => Promise<SourceRef>)())
    const { runs } = await engine.ask('system', { project })
    for (const { key, name } of runs) {
      for (const [what, wanted] of Object.entries((TOLD[name] as Told).stats)) {
        const [metric = '', axis, min, max] = what.split(' ')
        const x = { kind: axis === 'relative' ? 'relative' : 'step' } as const
        const zoom = min === undefined ? undefined : { min: Number(min), max: Number(max) }
        const stats = await statsOf(engine, project, [key], [metric], x, zoom)
        expect(stats.count[0], what).toBe(wanted.count)
        if (wanted.count === 0) continue
        for (const of of ['mean', 'p5', 'idle', 'sum', 'integral', 'seconds', 'min', 'max'] as const)
          expect((stats[of][0] ?? Number.NaN) / Number(wanted[of] || 1), `${name} ${what} ${of}`).toBeCloseTo(
            Number(wanted[of]) === 0 ? 0 : 1,
            8,
          )
        expect(orNull(stats.maxStep[0] ?? Number.NaN), what).toBe(wanted.maxStep)
        expect(stats.deviceNames[stats.maxDevice[0] ?? -1] ?? null, what).toBe(wanted.maxDevice)
      }
    }
  })
})

test('lines of devices break at a gap, and nowhere else', async () => {
  const { engine, project } = await opened(await (FORMS.database as () => Promise<SourceRef>)())
  const { runs } = await engine.ask('system', { project })
  const key = runs[0]?.key ?? ''
  const lines = [0, 1].map((gpu) => lineKey(key, { kind: 'device', device: `gpu/${gpu}` }))
  const frame = await engine.ask('frame', ask(project, 'gpu/utilization', lines, { kind: 'relative' }))
  expect(frame.ends.map(({ rows }) => rows)).toEqual([526, 526])
  expect(frame.nonFinite).toBe(0)
  const breaks = Array.from(frame.main.ys).flatMap((y, i) => (Number.isNaN(y) ? [frame.main.xs[i] ?? 0] : []))
  // the last sample before the gap, as the run counts its time from its first logged row
  expect(breaks.map((x) => Math.round(x))).toEqual([287, 287])
  const strip = await engine.ask('systemStrip', {
    ...{ project: systemOf(project), metric: 'gpu/utilization', lines },
    ...{ x: { kind: 'relative' } as const, width: 60 },
  })
  expect(Array.from(strip.longestGap, Math.round)).toEqual([75, 75])
  // cells of ten seconds: six lie whole within the gap
  const hatched = Array.from(strip.means.subarray(0, 60)).filter(Number.isNaN).length
  expect([6, 7]).toContain(hatched)
})

test('a mean over devices is that of every sample, also of devices in rows of their own', async () => {
  const { engine, project } = await opened(await (FORMS.database as () => Promise<SourceRef>)())
  const { runs } = await engine.ask('system', { project })
  const key = runs[0]?.key ?? ''
  const devices = ['gpu/0', 'gpu/1']
  const mean = lineKey(key, { kind: 'mean', devices })
  const history = await engine.ask('history', { project: systemOf(project), run: key })
  const [one, two] = devices.map((device) => history[`${device}/power`]?.values ?? [])
  const table = await engine.ask('probe', {
    ...{ project: systemOf(project), metric: 'gpu/power', runs: [mean], x: { kind: 'relative' } as const },
    ...{ smoothing: { kind: 'mean', width: 0, factor: 1 } as const, at: 1e6, reach: 1e9 },
  })
  const last = (one?.length ?? 0) - 1
  expect(table.index[0]).toBe(last)
  expect(table.logged[0]).toBeCloseTo(((one?.[last] ?? 0) + (two?.[last] ?? 0)) / 2, 9)
})

test('several projects have the samples of all, under the keys of their runs', async () => {
  const engine = createEngine()
  const files = [...database(), ...database().map(({ file }) => ({ path: 'other/second.db', file }))]
  const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
  const project = combinedId(source.projects.map(({ id }) => id))
  await engine.ask('settled', { project })
  const logged = await engine.ask('catalogue', { project })
  const { runs } = await engine.ask('system', { project })
  expect(runs.map(({ key }) => key)).toEqual(logged.runs.map(({ key }) => key))
  const twice = runs.filter(({ name }) => name.endsWith('two-gpus')).map(({ key }) => key)
  const stats = await statsOf(engine, project, twice, ['gpu/power'], { kind: 'step' })
  expect(stats.mean[0]).toBeCloseTo(Number(TOLD['two-gpus']?.stats['gpu/power all']?.mean), 6)
  expect(stats.mean[1]).toBe(stats.mean[0])
})

test('of a project that is written to the new samples come, and steps that were logged late', async () => {
  const { db, file, close } = await memoryDatabase(4096)
  db.exec(`CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);
    CREATE TABLE system_metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT, timestamp TEXT, run_name TEXT, metrics TEXT)`)
  let writes = 0
  const files = (): NamedFile[] => [
    { path: 'live.db', file: new File([file().slice()], 'live.db', { lastModified: ++writes }) },
  ]
  const at = (second: number): string => `2026-01-01T00:00:${String(second).padStart(2, '0')}+00:00`
  const step = (second: number, number: number): void =>
    void db.exec(
      `INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES ('a', '${at(second)}', 'a', ${number}, '{"v":1}')`,
    )
  const sample = (second: number): void =>
    void db.exec(
      `INSERT INTO system_metrics (run_id, timestamp, run_name, metrics) VALUES ('a', '${at(second)}', 'a', '{"gpu/0/power":${second}}')`,
    )
  step(1, 0)
  for (const second of [0, 1, 2, 3]) sample(second)
  const engine = createEngine()
  const source = await engine.open({ kind: 'files', name: 'live', files: files(), live: true })
  const project = source.projects[0]?.id ?? ''
  await engine.ask('settled', { project })
  const steps = async (): Promise<(number | null)[]> => {
    await engine.ask('system', { project })
    const history = await engine.ask('history', { project: systemOf(project), run: 'a' })
    return Array.from(history['gpu/0/power']?.steps ?? [], orNull)
  }
  expect(await steps()).toEqual([null, 0, 0, 0])
  const query = ask(project, 'gpu/0/power', ['a'], { kind: 'step' })
  const { version } = await engine.ask('frame', query)
  expect(await engine.ask('newFrame', { frame: query, version })).toBeUndefined()
  // a row of the metrics is sent late: its step was logged before the last samples
  step(3, 1)
  for (const second of [4, 5]) sample(second)
  await engine.refresh({ source: source.id, files: files() })
  expect(await steps()).toEqual([null, 0, 0, 1, 1, 1])
  expect(await engine.ask('newFrame', { frame: query, version })).toBeDefined()
  // samples alone
  sample(6)
  await engine.refresh({ source: source.id, files: files() })
  expect(await steps()).toEqual([null, 0, 0, 1, 1, 1, 1])
  close()
})

test('a project without samples says so, and has none', async () => {
  const { engine, project } = await opened({
    ...{ kind: 'files', name: 'drop', live: false },
    files: filesOf('v0.5.3'),
  })
  expect((await engine.ask('system', { project })).metrics).toEqual([])
})

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value
}

function statsOf(
  engine: EngineApi,
  project: ProjectId,
  runs: RunKey[],
  metrics: string[],
  x: XAxis,
  zoom?: Zoom,
): Promise<SystemStats> {
  return engine.ask('systemStats', { project: systemOf(project), runs, metrics, x, zoom, idleBelow: 50 })
}

function ask(project: ProjectId, metric: string, runs: RunKey[], x: XAxis): FrameQuery {
  return {
    ...{ project: systemOf(project), metric, runs, x, xScale: 'linear', yScale: 'linear' },
    ...{ range: { kind: 'full' }, smoothing: { kind: 'mean', width: 0, factor: 1 }, raw: false, width: 300 },
  }
}
