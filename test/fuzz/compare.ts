import { canonicalProject } from '../../src/model/project-name.ts'
import type { Dropped } from '../engine/drop.ts'
import { timeOf } from '../engine/golden-fixtures.ts'
import type { JudgedDatabase, JudgedFragments, JudgedTable, Spelled } from './judge.ts'

/** A run as it should be: points in row order. */
export interface Wanted {
  project: string | undefined
  id: string | null
  name: string
  rows: number
  metrics: Map<string, { steps: number[]; times: number[]; values: number[] }>
}

interface Row {
  project?: string | undefined
  id: string | null
  name: string
  time: string | null
  step: number
  values: [string, number][]
}

const NAMES: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}

function numberOf(value: Spelled): number {
  return typeof value === 'number' ? value : (NAMES[value] as number)
}

/** Rows in their order → runs. */
function runsOf(rows: readonly Row[]): Wanted[] {
  const runs = new Map<string, Wanted>()
  for (const { project, id, name, time, step, values } of rows) {
    const key = JSON.stringify([project, id, name])
    const run = runs.get(key) ?? { project, id, name, rows: 0, metrics: new Map() }
    runs.set(key, run)
    run.rows++
    for (const [metric, value] of values) {
      const series = run.metrics.get(metric) ?? { steps: [], times: [], values: [] }
      run.metrics.set(metric, series)
      series.steps.push(step)
      series.times.push(timeOf(time))
      series.values.push(value)
    }
  }
  return [...runs.values()]
}

export function ofDatabase({ rows }: JudgedDatabase): Wanted[] {
  return runsOf(
    rows.flatMap(({ id, name, time, step, values }) =>
      name === null
        ? []
        : [
            {
              id,
              name,
              time,
              step: numberOf(step),
              values: (values ?? []).map(([key, value]): [string, number] => [key, numberOf(value)]),
            },
          ],
    ),
  )
}

/** Columns of a Parquet file; `base`: those to take for the ones that were refused. */
export function ofTable({ columns, refusedColumns }: JudgedTable, base: JudgedTable | undefined): Wanted[] {
  const all = {
    ...columns,
    ...Object.fromEntries(Object.keys(refusedColumns).map((name) => [name, base?.columns[name] ?? {}])),
  }
  const texts = (name: string): (string | null)[] =>
    all[name]?.texts ?? all[name]?.numbers?.map((cell) => (cell === null ? null : String(cell))) ?? []
  const names = texts('run_name')
  const own = ['id', 'run_id', 'timestamp', 'run_name', 'step', 'log_id', 'space_id']
  const metrics = Object.entries(all).filter(([name, column]) => !own.includes(name) && column.numbers)
  const [ids, times, steps, order] = [texts('run_id'), texts('timestamp'), all.step?.numbers, all.id?.numbers]
  const rows = names.flatMap((name, i): (Row & { rank: number })[] => {
    if (name === null) return []
    const values = metrics.flatMap(([key, { numbers = [] }]): [string, number][] => {
      const cell = numbers[i]
      return cell === null || cell === undefined ? [] : [[key, numberOf(cell)]]
    })
    const rank = order?.[i] ?? null
    return [
      {
        id: 'run_id' in all ? (ids[i] ?? null) : null,
        name,
        time: times[i] ?? null,
        step: numberOf(steps?.[i] ?? 'NaN'),
        values,
        rank: rank === null ? Number.NEGATIVE_INFINITY : numberOf(rank),
      },
    ]
  })
  rows.sort((a, b) => compare(a.time ?? '', b.time ?? '') || compare(a.rank, b.rank))
  return runsOf(rows)
}

export function ofFragments({ calls }: JudgedFragments): Wanted[] {
  const seen = new Set<string>()
  const next = new Map<string, number>()
  const rows = calls.flatMap(({ project, id, name, time, step, log, values }): Row[] => {
    if (log !== null && seen.has(log)) return []
    if (log !== null) seen.add(log)
    const key = JSON.stringify([canonicalProject(project), id, name])
    const place = next.get(key) ?? 0
    if (step === null) next.set(key, place + 1)
    return [
      {
        project: canonicalProject(project),
        id,
        name,
        time,
        step: step === null ? place : numberOf(step),
        values: values.map(([metric, value]) => [metric, numberOf(value)]),
      },
    ]
  })
  rows.sort((a, b) => compare(a.time ?? '', b.time ?? ''))
  return runsOf(rows)
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The first thing in which what was read is not what should have been; undefined when nothing is. */
export function difference({ projects }: Dropped, wanted: readonly Wanted[]): string | undefined {
  const runs = projects.flatMap(({ name, runs }) =>
    runs.filter(({ rows }) => rows > 0).map((run) => ({ ...run, project: name })),
  )
  if (runs.length !== wanted.length) return `${runs.length} runs instead of ${wanted.length}`
  for (const run of wanted) {
    const got = runs.find(
      ({ id, name, project }) => id === run.id && name === run.name && (run.project ?? project) === project,
    )
    const place = `${JSON.stringify(run.name)} (${JSON.stringify(run.id)})`
    if (!got) return `no run ${place}`
    if (got.rows !== run.rows) return `${got.rows} rows of ${place} instead of ${run.rows}`
    const names = Object.keys(got.metrics).filter((name) => got.metrics[name]?.values.length)
    const lost = [...run.metrics.keys()].find((name) => !names.includes(name))
    if (lost !== undefined) return `no ${JSON.stringify(lost)} of ${place}`
    for (const name of names) {
      const series = got.metrics[name]
      const right = run.metrics.get(name)
      if (!series || !right) return `${JSON.stringify(name)} of ${place}, which is not there`
      if (series.values.length !== right.values.length)
        return `${series.values.length} of ${name} of ${place} instead of ${right.values.length}`
      for (let i = 0; i < right.values.length; i++) {
        if (!Object.is(series.values[i], right.values[i]))
          return `${name} of ${place}: ${series.values[i]} instead of ${right.values[i]}`
        if (!Object.is(series.steps[i], right.steps[i]))
          return `${name} of ${place}: step ${series.steps[i]} instead of ${right.steps[i]}`
        // what is no time by the forms of trackio may be one for the browser
        const time = right.times[i] as number
        if (Number.isFinite(time) && Math.abs((series.times[i] as number) - time) > 1e-3)
          return `${name} of ${place}: ${series.times[i]} instead of ${time}`
      }
    }
  }
  return undefined
}
