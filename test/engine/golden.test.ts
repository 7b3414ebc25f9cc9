import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EngineApi } from '../../src/bridge/engine-api.ts'
import { createEngine } from '../../src/engine/api.ts'
import type { Catalogue } from '../../src/model/catalogue.ts'
import type { Series } from '../../src/model/metric.ts'
import type { Run } from '../../src/model/run.ts'
import type { NamedFile, Notice } from '../../src/model/source.ts'
import type { ExpectedProject, ExpectedRun } from './golden-fixtures.ts'
import { fixtureFolders, namedFile, numberOf, readFixture, renamed, spelled, timeOf } from './golden-fixtures.ts'

/*
 * One checker for every folder of test/fixtures: what the engine says must be what Python's sqlite3 and json read.
 */

describe.each(fixtureFolders('runs'))('%s', (folder) => {
  const fixture = readFixture(folder)
  // what waits in an inbox is in no database yet: such a folder is read as a whole
  const hasInbox = fixture.files.some(({ path }) => path.endsWith('.jsonl'))
  const files = hasInbox ? [] : [...new Set(fixture.projects.map((project) => project.file))]

  it('reads the dropped folder as Python does', async () => {
    const beside = [namedFile(`${fixture.projects[0]?.project}.lock`, ''), namedFile('media/a/0/picture.png', 'no database')]
    await check(fixture.files.concat(beside), fixture.projects)
  })

  it.each(files)('reads %s alone', async (file) => {
    await check(renamed(fixture.files, file, file), projectsIn(fixture.projects, file))
  })

  it.each(files)('reads %s under names that say nothing', async (file) => {
    for (const name of ['copy (2) of #1.v2.db', 'download']) {
      const expected = projectsIn(fixture.projects, file).map((project) => ({
        ...project,
        // a file older than 0.0.20 names its projects itself
        project: isNamedByFile(project) ? name.replace(/\.db$/, '') : project.project,
        file: name,
        // which project a link without a run belongs to hangs on the file's name
        runs: project.runs.filter((run) => !run.only_in_artifact_links),
      }))
      await check(renamed(fixture.files, file, name), expected, (run) => run.rows > 0)
    }
  })
})

function projectsIn(projects: ExpectedProject[], file: string): ExpectedProject[] {
  return projects.filter((project) => project.file === file)
}

function isNamedByFile(project: ExpectedProject): boolean {
  return `${project.project}.db` === project.file && !project.named_by_column
}

async function check(files: NamedFile[], expected: ExpectedProject[], listed: (run: Run) => boolean = () => true): Promise<void> {
  const engine = createEngine()
  const source = await engine.open({ kind: 'files', name: 'drop', files, live: false })
  const label = (name: string, file: string): string => `${name} in ${basename(file)}`
  expect(complaints(source.notices)).toEqual([])
  expect(source.projects.map((project) => label(project.name, project.file)).sort()).toEqual(
    expected.map((project) => label(project.project, project.file)).sort(),
  )
  for (const wanted of expected) {
    const project = source.projects.find((one) => label(one.name, one.file) === label(wanted.project, wanted.file))
    if (!project) throw new Error(`no project ${wanted.project}`)
    await engine.settled(project.id)
    const catalogue = await engine.catalogue(project.id)
    expect(complaints(catalogue.notices)).toEqual([])
    expect({ exact: catalogue.exact, state: catalogue.reading.state }).toEqual({ exact: true, state: 'done' })
    expect(catalogue.project.name).toBe(wanted.project)
    await checkRuns(engine, catalogue, wanted, listed)
    checkMetrics(catalogue, wanted)
  }
  await engine.close(source.id)
}

async function checkRuns(engine: EngineApi, catalogue: Catalogue, wanted: ExpectedProject, listed: (run: Run) => boolean): Promise<void> {
  const order = inOrder(wanted.runs)
  expect(new Set(catalogue.runs.map((run) => run.key)).size, 'keys are unique').toBe(catalogue.runs.length)
  expect(catalogue.runs.map((run) => run.slot)).toEqual(catalogue.runs.map((_, i) => i))
  const runs = catalogue.runs.filter(listed)
  expect(runs.map(describeRun)).toEqual(order.map(describeExpected))
  expect(catalogue.rows).toBe(order.reduce((sum, run) => sum + run.rows, 0))
  for (const [i, run] of runs.entries()) {
    const metrics = order[i]?.metrics ?? {}
    const history = await engine.history(catalogue.project.id, run.key)
    expect(Object.keys(history).sort(), `metrics of ${run.name}`).toEqual(Object.keys(metrics).sort())
    for (const [name, series] of Object.entries(metrics)) {
      const place = `${name} of ${run.name}`
      const got = history[name] as Series
      same(got.steps, series.steps.map(numberOf), `step of ${place}`)
      same(got.values, series.values.map(numberOf), `value of ${place}`)
      expect(got.times.length, place).toBe(got.values.length)
      const [first, last] = series.timestamps_first_last
      close(got.times[0], timeOf(first), `first time of ${place}`)
      close(got.times.at(-1), timeOf(last), `last time of ${place}`)
    }
  }
}

function checkMetrics(catalogue: Catalogue, wanted: ExpectedProject): void {
  const names = [...new Set(wanted.runs.flatMap((run) => Object.keys(run.metrics)))]
  const points = (run: ExpectedRun | undefined, name: string): number =>
    run && Object.hasOwn(run.metrics, name) ? (run.metrics[name]?.values.length ?? 0) : 0
  const order = inOrder(wanted.runs)
  expect(catalogue.metrics.map((metric) => metric.name).sort()).toEqual(names.sort())
  for (const [m, metric] of catalogue.metrics.entries()) {
    const counts = catalogue.runs.map((run) =>
      points(
        order.find(({ id, name }) => id === run.id && name === run.name),
        metric.name,
      ),
    )
    const width = catalogue.runs.length
    expect([...catalogue.counts.subarray(m * width, (m + 1) * width)], `points of ${metric.name}`).toEqual(counts)
    expect(metric.points, `points of ${metric.name}`).toBe(counts.reduce((sum, n) => sum + n, 0))
    expect(metric.mostInOneRun).toBe(Math.max(...counts))
    if (wanted.integer_metrics) expect(metric.integer, `${metric.name} is integer`).toBe(wanted.integer_metrics.includes(metric.name))
    if (wanted.beyond_safe) expect(metric.beyondSafe, `${metric.name} beyond 2^53`).toBe(countOf(wanted.beyond_safe, metric.name))
  }
  const others = new Map<string, Record<string, number>>()
  for (const run of wanted.runs) {
    for (const [name, { kinds }] of Object.entries(run.other)) {
      const sum = others.get(name) ?? {}
      for (const [kind, n] of Object.entries(kinds)) sum[kind] = (sum[kind] ?? 0) + n
      others.set(name, sum)
    }
  }
  expect(new Map(catalogue.others.map((other) => [other.name, other.kinds]))).toEqual(others)
}

/** All but what is no fault: that newer rows may be in a -wal that did not come along, or that some are still in the inbox. */
function complaints(notices: Notice[]): Notice[] {
  return notices.filter((notice) => !/newer rows|of the inbox/.test(notice.text))
}

function countOf(counts: Record<string, number>, name: string): number {
  return Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0
}

function inOrder(runs: ExpectedRun[]): ExpectedRun[] {
  return runs.toSorted((a, b) => compare(a.created_at, b.created_at) || compare(keyOf(a), keyOf(b)))
}

function keyOf(run: ExpectedRun): string {
  return run.id ?? run.name
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function describeRun(run: Run): object {
  const { id, name, group, username, status, createdAt, lastTimestamp, rows, firstStep, lastStep } = run
  // one id under two names (renamed while it went on logging) is two runs: only the first can have the id as its key
  const key = run.key === (id ?? name) || run.key.startsWith(`${id}/`)
  const times = [run.created, run.last].map((time, i) => withinMs(time, timeOf(i ? lastTimestamp : createdAt)))
  const config = run.config && spelled(run.config)
  return { key, id, name, group, username, status, config, createdAt, lastTimestamp, times, rows, firstStep, lastStep }
}

function describeExpected(run: ExpectedRun): object {
  return {
    key: true,
    id: run.id,
    name: run.name,
    group: run.group,
    username: run.username,
    status: null,
    config: run.config,
    createdAt: run.created_at,
    lastTimestamp: run.last_timestamp ?? '',
    times: [true, true],
    rows: run.rows,
    firstStep: run.first_step,
    lastStep: run.last_step,
  }
}

/** Bit for bit: -0 is not 0, NaN is NaN. */
function same(got: Float64Array, wanted: number[], what: string): void {
  expect(got.length, `number of points, ${what}`).toBe(wanted.length)
  const at = wanted.findIndex((value, i) => !Object.is(got[i], value))
  if (at >= 0) expect.fail(`${what}, point ${at}: ${got[at]} instead of ${wanted[at]}`)
}

function close(got: number | undefined, wanted: number, what: string): void {
  if (!withinMs(got, wanted)) expect.fail(`${what}: ${got} instead of ${wanted}`)
}

/** Equal to a microsecond, or both no time. */
function withinMs(got: number | undefined, wanted: number): boolean {
  return Number.isNaN(wanted) ? Number.isNaN(got) : Math.abs((got ?? Number.NaN) - wanted) <= 1e-3
}
