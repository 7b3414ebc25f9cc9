import { expect } from 'vitest'
import type { Catalogue } from '../../src/model/catalogue.ts'
import type { OtherKey, Series } from '../../src/model/metric.ts'
import type { Run } from '../../src/model/run.ts'
import type { ExpectedProject, ExpectedRun } from './golden-fixtures.ts'
import { numberOf, spelled, timeOf } from './golden-fixtures.ts'

/*
 * What an expected.json says, against what a project says. Whatever the format: the same checks.
 */

/** A run's metrics by name, in row order. */
export type History = (run: Run) => Promise<Record<string, Series>>

/** `listed`: the runs to look at. */
export async function checkRuns(
  catalogue: Catalogue,
  historyOf: History,
  wanted: ExpectedProject,
  listed: (run: Run) => boolean = () => true,
): Promise<void> {
  const order = inOrder(wanted.runs)
  expect(new Set(catalogue.runs.map((run) => run.key)).size, 'keys are unique').toBe(catalogue.runs.length)
  expect(catalogue.runs.map((run) => run.slot)).toEqual(catalogue.runs.map((_, i) => i))
  const runs = catalogue.runs.filter(listed)
  expect(runs.map(describeRun)).toEqual(order.map(describeExpected))
  expect(catalogue.rows).toBe(order.reduce((sum, run) => sum + run.rows, 0))
  for (const [i, run] of runs.entries()) {
    const metrics = order[i]?.metrics ?? {}
    const history = await historyOf(run)
    expect(Object.keys(history).sort(), `metrics of ${run.name}`).toEqual(Object.keys(metrics).sort())
    for (const [name, series] of Object.entries(metrics))
      checkSeries(history[name] as Series, series, `${name} of ${run.name}`)
  }
}

export function checkSeries(got: Series, series: ExpectedRun['metrics'][string], place: string): void {
  same(got.steps, series.steps.map(numberOf), `step of ${place}`)
  same(got.values, series.values.map(numberOf), `value of ${place}`)
  expect(got.times.length, place).toBe(got.values.length)
  const [first, last] = series.timestamps_first_last
  close(got.times[0], timeOf(first), `first time of ${place}`)
  close(got.times.at(-1), timeOf(last), `last time of ${place}`)
}

export function checkMetrics(catalogue: Catalogue, wanted: ExpectedProject): void {
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
    expect([...catalogue.counts.subarray(m * width, (m + 1) * width)], `points of ${metric.name}`).toEqual(
      counts,
    )
    expect(metric.points, `points of ${metric.name}`).toBe(counts.reduce((sum, n) => sum + n, 0))
    expect(metric.mostInOneRun).toBe(Math.max(...counts))
    if (wanted.integer_metrics)
      expect(metric.integer, `${metric.name} is integer`).toBe(wanted.integer_metrics.includes(metric.name))
    if (wanted.beyond_safe)
      expect(metric.beyondSafe, `${metric.name} beyond 2^53`).toBe(countOf(wanted.beyond_safe, metric.name))
  }
}

/** Keys that are no metrics, with their kinds over all runs. */
export function checkOthers(others: readonly OtherKey[], wanted: ExpectedProject): void {
  const expected = new Map<string, Record<string, number>>()
  for (const run of wanted.runs) {
    for (const [name, { kinds }] of Object.entries(run.other)) {
      const sum = expected.get(name) ?? {}
      for (const [kind, n] of Object.entries(kinds)) sum[kind] = (sum[kind] ?? 0) + n
      expected.set(name, sum)
    }
  }
  expect(new Map(others.map((other) => [other.name, other.kinds]))).toEqual(expected)
}

function countOf(counts: Record<string, number>, name: string): number {
  return Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0
}

/** Oldest first, as a catalogue has them. */
export function inOrder(runs: ExpectedRun[]): ExpectedRun[] {
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
  // one id under two names (renamed while it went on logging) is two runs: only the first can have the id as
  // its key
  const key = run.key === (id ?? name) || run.key.startsWith(`${id}/`)
  const times = [run.created, run.last].map((time, i) =>
    withinMs(time, timeOf(i ? lastTimestamp : createdAt)),
  )
  const config = run.config && spelled(run.config)
  return {
    key,
    id,
    name,
    group,
    username,
    status,
    config,
    createdAt,
    lastTimestamp,
    times,
    rows,
    firstStep,
    lastStep,
  }
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
