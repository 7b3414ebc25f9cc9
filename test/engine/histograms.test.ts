import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EngineApi } from '../../src/bridge/engine-api.ts'
import { binnedQuantile, readBins } from '../../src/compute/histogram.ts'
import { binsAt } from '../../src/compute/histogram-strip.ts'
import { PERCENTILES, percentileMetric } from '../../src/compute/percentile-name.ts'
import { createEngine } from '../../src/engine/api.ts'
import type { Histograms } from '../../src/model/histogram.ts'
import { lineKey } from '../../src/model/line-key.ts'
import type { Json } from '../../src/model/run.ts'
import { combinedId, type NamedFile, type ProjectId } from '../../src/model/source.ts'
import type { FrameQuery } from '../../src/model/view.ts'
import { filesOf, fixtureFolders, namedFile, readFixture } from './golden-fixtures.ts'
import { makeDatabase, startDouble } from './server-double.ts'
import { memoryDatabase } from './sqlite-files.ts'

/*
 * Histograms of test/fixtures as Python's sqlite3 and json, and pyarrow, read them; their percentiles are held
 * against numpy in test/compute/histogram.test.ts.
 */

interface Wanted {
  run: string
  id: string | null
  row: number
  step: number
  key: string
  kind: string
  value?: Json
}

const WANTED: Record<string, Record<string, Wanted[]>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'values.json'), 'utf8'),
)
const isHistogram = ({ kind }: { kind: string }): boolean => kind === 'trackio.histogram'
const withSome = Object.keys(WANTED).filter((folder) =>
  Object.values(WANTED[folder] ?? {}).some((all) => all.some(isHistogram)),
)

describe.each(withSome)('%s', (folder) => {
  test('a database gives every histogram as Python reads it, and its percentiles as series', async () => {
    const engine = createEngine()
    const files = filesOf(folder, /\.db(-wal)?(\.gz)?$/)
    const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
    for (const [file, wanted] of Object.entries(WANTED[folder] ?? {}))
      for (const { id } of source.projects.filter((one) => one.file === file)) {
        await engine.ask('settled', { project: id })
        await check(
          engine,
          id,
          wanted.filter(isHistogram).map(({ run, key, step, value }) => ({ run, key, step, value })),
        )
      }
  })
})

const tables = fixtureFolders('tables').filter((folder) =>
  readFixture(folder).projects.some(({ runs }) => runs.some((run) => histogramsIn(run).length > 0)),
)

describe.each(tables)('%s', (folder) => {
  test('Parquet gives every histogram as pyarrow reads it', async () => {
    const engine = createEngine()
    const files = filesOf(folder, /./)
    const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
    const { projects } = readFixture(folder)
    for (const wanted of projects) {
      const project = source.projects.find(({ name }) => projects.length === 1 || name === wanted.project)
      await engine.ask('settled', { project: project?.id ?? '' })
      const all = wanted.runs.flatMap((run) =>
        histogramsIn(run).map(({ key, step, bins, values }) => ({
          ...{ run: run.name, key, step, value: { bins, values } },
        })),
      )
      await check(engine, project?.id ?? '', all)
    }
  })
})

test('a server gives the same', async () => {
  const double = await startDouble()
  try {
    const { files } = readFixture('v0.43.0')
    const database = files.find(({ path }) => path.endsWith('.db'))
    const stem = database?.path.replace(/^.*\//, '').replace(/\.db$/, '') ?? ''
    double.projects.set(
      stem,
      await makeDatabase(new Uint8Array((await database?.file.arrayBuffer()) ?? new ArrayBuffer(0))),
    )
    const engine = createEngine()
    const source = await engine.open({
      ...{ kind: 'address', as: 'server', texts: [double.url], base: 'http://page.test/' },
    })
    const project = source.projects.find(({ name }) => name === stem)?.id ?? ''
    await engine.ask('settled', { project })
    const wanted = Object.values(WANTED['v0.43.0'] ?? {})
      .flat()
      .filter(isHistogram)
    await check(
      engine,
      project,
      wanted.map(({ run, key, step, value }) => ({ run, key, step, value })),
    )
  } finally {
    await double.stop()
  }
})

/** A live file of log fragments: lines that are appended. */
const line = (run: string, step: number, metrics: object): string =>
  JSON.stringify({
    ...{ kind: 'metric', project: 'made', run, run_id: run, step, metrics },
    timestamp: new Date(1.77e12 + step * 1000).toISOString().replace('Z', '+00:00'),
    log_id: `${run}${step}`,
  })
const histogram = (bins: Json, values: Json): object => ({ _type: 'trackio.histogram', bins, values })

async function openLines(lines: string[]): Promise<{ engine: EngineApi; project: ProjectId }> {
  const engine = createEngine()
  const files = [namedFile('inbox/w/1.jsonl', `${lines.join('\n')}\n`)]
  const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
  const project = source.projects[0]?.id ?? ''
  await engine.ask('settled', { project })
  return { engine, project }
}

const LINES = [
  line('one', 0, { h: histogram([0, 1, 2], [1, 1]), loss: 3 }),
  line('one', 1, { loss: 2 }),
  line('one', 2, { h: histogram([0, 2, 4], [1, 1]), loss: 1 }),
  line('one', 3, { h: histogram([], []) }),
  line('one', 4, { h: { _type: 'trackio.histogram', bins: [0, 1], values: [1, 2] } }),
  line('two', 0, { h: histogram([0, 4, 8], [1, 1]) }),
  line('two', 2, { h: histogram([0, 8, 16], [1, 1]) }),
]
const THREE = [
  line('three', 0, { h: histogram([0, 3, 6], [1, 1]) }),
  line('three', 2, { h: histogram([0, 5, 10], [1, 1]) }),
]

test('one that cannot be read is said with its run, its step and why; the others are there', async () => {
  const { engine, project } = await openLines(LINES)
  const found = await engine.ask('histograms', { project, key: 'h', runs: ['one', 'two', 'nobody'] })
  expect(Array.from(found.runStarts)).toEqual([0, 3, 5, 5])
  expect(Array.from(found.steps)).toEqual([0, 2, 3, 0, 2])
  expect(found.notices).toMatchObject([
    {
      level: 'warn',
      subject: 'h',
      text: '1 histogram cannot be read: run one, step 4: 2 edges for 2 counts: there should be 3',
    },
  ])
  expect(found.common).toMatchObject({ entries: 5, empty: 1, full: [0, 16], counts: [1, 1] })
})

test('at a step each run has the last one before it, and none before its first', async () => {
  const { engine, project } = await openLines(LINES)
  const at = async (step: number): Promise<(number | undefined)[]> => {
    const { runStarts, steps } = await engine.ask('histograms', {
      ...{ project, key: 'h', runs: ['one', 'two'], at: step },
    })
    return [0, 1].map((r) =>
      (runStarts[r] as number) < (runStarts[r + 1] as number) ? steps[runStarts[r] as number] : undefined,
    )
  }
  expect(await at(-1)).toEqual([undefined, undefined])
  expect(await at(1)).toEqual([0, 0])
  expect(await at(2)).toEqual([2, 2])
  expect(await at(99)).toEqual([3, 2])
})

test('a percentile is a metric: frames, groups, tables, CSV, statistics and histories know it', async () => {
  const { engine, project } = await openLines([...LINES, ...THREE])
  const metric = 'p50 of h'
  expect(await engine.ask('history', { project, run: 'one', metrics: [metric, 'loss'] })).toMatchObject({
    [metric]: { steps: Float64Array.of(0, 2), values: Float64Array.of(1, 2) },
    loss: { values: Float64Array.of(3, 2, 1) },
  })
  const query: FrameQuery = {
    ...{ project, metric, runs: ['one', 'two'], x: { kind: 'step' }, xScale: 'linear', yScale: 'linear' },
    ...{ range: { kind: 'full' }, smoothing: { kind: 'mean', width: 0, factor: 1 }, raw: false, width: 100 },
  }
  const frame = await engine.ask('frame', query)
  expect(frame.ends.map(({ logged, rows }) => [logged, rows])).toEqual([
    [2, 2],
    [8, 2],
  ])
  const several = await engine.ask('frame', {
    ...query,
    metric: 'percentiles of h',
    runs: PERCENTILES.map(({ name }) => lineKey('one', percentileMetric(name, 'h'))),
  })
  expect(several.ends.map(({ logged }) => logged)).toEqual([0.04, 1, 2, 3, 3.96])
  const grouped = await engine.ask('frame', {
    ...query,
    runs: ['one', 'two', 'three'],
    groups: {
      list: [{ id: 'g:all', runs: ['one', 'two', 'three'] }],
      statistic: 'mean',
      band: 'range',
      both: false,
    },
  })
  expect(grouped.ends[0]).toMatchObject({ x: 2, logged: (2 + 8 + 5) / 3 })
  expect(Array.from(grouped.bands?.low ?? [])).toEqual([1, 2])
  const table = await engine.ask('table', { project, metric, runs: ['one', 'two'], from: 0, count: 10 })
  expect(Array.from(table.steps)).toEqual([0, 2])
  expect(Array.from(table.values)).toEqual([1, 4, 2, 8])
  const csv = await engine.ask('csv', { project, metric, runs: ['one', 'two'] })
  expect((await csv.text()).split('\n')[2]).toContain(',2,')
  const stats = await engine.ask('stats', { project, metrics: [metric], runs: ['two'] })
  expect(Array.from(stats.last.values)).toEqual([8])
})

test('the value of a metric where a percentile is best is known before any percentile was asked for', async () => {
  const { engine, project } = await openLines(LINES)
  const measure = { by: 'best', of: 'p50 of h', end: 'max' } as const
  const found = await engine.ask('measure', { project, metric: 'loss', measure, runs: ['one'] })
  expect(Array.from(found.values)).toEqual([1])
})

test('what a live file gains is read on from where it was, percentiles too', async () => {
  const engine = createEngine()
  const file = (lines: string[]) => [namedFile('inbox/w/1.jsonl', `${lines.join('\n')}\n`)]
  const source = await engine.open({ kind: 'files', name: 'drop', files: file(LINES), live: true })
  const project = source.projects[0]?.id ?? ''
  await engine.ask('settled', { project })
  const count = async (): Promise<number[]> => {
    const found = await engine.ask('histograms', { project, key: 'h', runs: ['one', 'two'] })
    const { 'p50 of h': p50 } = await engine.ask('history', { project, run: 'two', metrics: ['p50 of h'] })
    return [found.steps.length, found.common.full[1], p50?.values.at(-1) ?? Number.NaN]
  }
  expect(await count()).toEqual([5, 16, 8])
  const asked = { project, key: 'h', runs: ['two'] }
  const { version } = await engine.ask('histograms', asked)
  expect(await engine.ask('newHistograms', { histograms: asked, version: 'other' })).toBeDefined()
  const more = [...LINES, line('two', 7, { h: histogram([0, 20, 40], [1, 1]) })]
  await engine.refresh({ source: source.id, files: file(more) })
  await engine.ask('settled', { project })
  expect(await count()).toEqual([6, 40, 20])
  expect((await engine.ask('newHistograms', { histograms: asked, version }))?.steps.length).toBe(3)
  // and once more, so that what was read on is read on from
  await engine.refresh({
    source: source.id,
    files: file([...more, line('two', 8, { h: histogram([0, 1, 2], [0, 0]) })]),
  })
  await engine.ask('settled', { project })
  expect(await count()).toEqual([7, 40, 20])
  // of rows without any nothing is sent anew
  const fewer = { project, key: 'g', runs: ['two'] }
  const none = await engine.ask('histograms', fewer)
  expect(await engine.ask('newHistograms', { histograms: fewer, version: none.version })).toBeUndefined()
})

test('a row that comes late and belongs between others leaves each histogram at its own step', async () => {
  const { db, file, close } = await memoryDatabase()
  db.exec(`CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, timestamp TEXT NOT NULL,
    run_name TEXT NOT NULL, step INTEGER NOT NULL, metrics TEXT NOT NULL, log_id TEXT, space_id TEXT)`)
  const write = (...steps: number[]): NamedFile[] => {
    for (const step of steps)
      db.exec({
        sql: 'INSERT INTO metrics (run_id, timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?, ?)',
        bind: [
          'id',
          `2026-01-01T00:00:0${step}+00:00`,
          'run',
          step,
          JSON.stringify({ h: histogram([step, step + 1], [1]) }),
        ],
      })
    return [namedFile('p.db', new Uint8Array(file()))]
  }
  const engine = createEngine()
  const source = await engine.open({ kind: 'files', name: 'drop', files: write(0, 5), live: true })
  const project = source.projects[0]?.id ?? ''
  await engine.ask('settled', { project })
  const lows = async (): Promise<(number | undefined)[][]> => {
    const found = await engine.ask('histograms', { project, key: 'h', runs: ['id'] })
    return Array.from(found.steps, (step, e) => [step, binsAt(found, e).edges[0]])
  }
  expect(await lows()).toEqual([
    [0, 0],
    [5, 5],
  ])
  await engine.refresh({ source: source.id, files: write(3) })
  await engine.ask('settled', { project })
  expect(await lows()).toEqual([
    [0, 0],
    [3, 3],
    [5, 5],
  ])
  close()
})

test('a logged metric of such a name comes first', async () => {
  const { engine, project } = await openLines([...LINES, line('one', 9, { 'p50 of h': 77 })])
  const { 'p50 of h': found } = await engine.ask('history', { project, run: 'one', metrics: ['p50 of h'] })
  expect(found?.values).toEqual(Float64Array.of(77))
})

test('projects that are compared have the histograms and percentiles of both', async () => {
  const engine = createEngine()
  const open = async (name: string): Promise<ProjectId> => {
    const files = [namedFile('inbox/w/1.jsonl', `${LINES.join('\n')}\n`)]
    const source = await engine.open({ kind: 'files', name, files, live: false })
    await engine.ask('settled', { project: source.projects[0]?.id ?? '' })
    return source.projects[0]?.id ?? ''
  }
  const project = combinedId([await open('a'), await open('b')])
  const { runs } = await engine.ask('catalogue', { project })
  const keys = runs.map(({ key }) => key)
  const found = await engine.ask('histograms', { project, key: 'h', runs: keys })
  expect(found.common.entries).toBe(10)
  for (const run of keys) {
    const { 'p99 of h': p99 } = await engine.ask('history', { project, run, metrics: ['p99 of h'] })
    expect(p99?.values.length).toBe(2)
  }
})

test('keys that are asked for at once are read in one pass, and one that gives up holds up no other', async () => {
  const { engine, project } = await openLines([
    ...LINES,
    line('one', 5, { g: histogram([0, 1], [9]), h: histogram([0, 1], [9]) }),
  ])
  const gone = new AbortController()
  const [h, g] = await Promise.allSettled([
    engine.ask('histograms', { project, key: 'h', runs: ['one'] }),
    engine.ask('histograms', { project, key: 'g', runs: ['one'] }, { signal: gone.signal }),
    Promise.resolve(gone.abort()),
  ])
  expect(h).toMatchObject({ status: 'fulfilled', value: { runStarts: Uint32Array.of(0, 4) } })
  expect(g.status).toBe('rejected')
  const again = await engine.ask('histograms', { project, key: 'g', runs: ['one'] })
  expect(Array.from(again.counts)).toEqual([9])
})

interface Made {
  run: string
  key: string
  step: number
  value: Json | undefined
}

/** Holds the histograms of a project, and their percentiles, against those that are wanted. */
async function check(engine: EngineApi, project: ProjectId, wanted: readonly Made[]): Promise<void> {
  const { runs } = await engine.ask('catalogue', { project })
  for (const key of new Set(wanted.map((one) => one.key)))
    for (const run of runs) {
      const own = wanted.filter((one) => one.key === key && one.run === run.name)
      const found = await engine.ask('histograms', { project, key, runs: [run.key] })
      expect(found.notices).toEqual([])
      const clear = own.map(({ step, value }) => {
        const read = readBins(value)
        if ('why' in read) throw new Error(read.why)
        return {
          step,
          edges: Array.from(read.bins.edges),
          counts: Array.from(read.bins.counts),
          bins: read.bins,
        }
      })
      clear.sort((a, b) => a.step - b.step)
      expect(entriesOf(found)).toEqual(clear.map(({ bins: _, ...one }) => one))
      for (const { name, q } of PERCENTILES) {
        const metric = percentileMetric(name, key)
        const { [metric]: series } = await engine.ask('history', { project, run: run.key, metrics: [metric] })
        const counted = clear.filter(({ counts }) => counts.some((n) => n > 0))
        expect(Array.from(series?.values ?? [])).toEqual(counted.map(({ bins }) => binnedQuantile(bins, q)))
        expect(Array.from(series?.steps ?? [])).toEqual(counted.map(({ step }) => step))
      }
    }
}

function entriesOf(found: Histograms): { step: number; edges: number[]; counts: number[] }[] {
  return Array.from(found.steps, (step, e) => {
    const { edges, counts } = binsAt(found, e)
    return { step, edges: counts.length === 0 ? [] : Array.from(edges), counts: Array.from(counts) }
  }).sort((a, b) => a.step - b.step)
}

function histogramsIn(run: object): { key: string; step: number; bins: Json; values: Json }[] {
  return (run as { histograms?: { key: string; step: number; bins: Json; values: Json }[] }).histograms ?? []
}
