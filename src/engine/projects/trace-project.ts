import { quantile } from '../../compute/quantile.ts'
import { tracesOf } from '../../model/source.ts'
import type { TraceColumns } from '../../model/trace.ts'
import { emptyReader } from '../formats/empty-reader.ts'
import { makeLooseRows } from '../formats/loose-rows.ts'
import { makeProject, type Project } from './project.ts'

const encoder = new TextEncoder()

/**
 * Numbers of the traces of each run and step as the metrics of a project of their own, which charts, tables and
 * CSV then take like any other: how many there are, shares of failed calls and of traces with an error, means
 * of turns, tokens, cost and of the numbers of their metadata, quantiles of latency (s). Of what no trace of a
 * step logged there is no point. The time of a step is that of its last trace.
 */
export function makeTraceProject(main: Project, traces: TraceColumns): Project {
  const rows = makeLooseRows()
  const groups = new Map<string, number[]>()
  for (let at = 0; at < traces.run.length; at++) {
    const step = traces.step[at] as number
    // without a step there is no place on the axis, without a run no line
    if (Number.isNaN(step) || traces.runs[traces.run[at] as number]?.key === undefined) continue
    const name = `${traces.run[at]} ${step}`
    const group = groups.get(name)
    if (group) group.push(at)
    else groups.set(name, [at])
  }
  const ordered = [...groups.values()].sort(
    ([a = 0], [b = 0]) => (traces.step[a] as number) - (traces.step[b] as number),
  )
  for (const group of ordered) {
    const [first = 0] = group
    const run = traces.runs[traces.run[first] as number]
    const time = group.reduce(
      (latest, at) => Math.max(latest, traces.time[at] as number),
      Number.NEGATIVE_INFINITY,
    )
    rows.add({
      id: run?.key ?? null,
      name: run?.name ?? '',
      timestamp: Number.isFinite(time) ? new Date(time).toISOString() : '',
      step: traces.step[first] as number,
      payload: encoder.encode(JSON.stringify(numbersOf(traces, group), asLogged)),
    })
  }
  rows.settle()
  const info = { ...main.info, id: tracesOf(main.info.id) }
  return makeProject(info, {
    ...emptyReader(() => ({ state: 'done', bytes: 0, totalBytes: 0, rows: rows.rows })),
    keys: () => rows.keys,
    runs: () => rows.runs,
    version: () => 1,
    hasIds: () => true,
    readUpTo: () => Number.POSITIVE_INFINITY,
  })
}

function numbersOf(traces: TraceColumns, group: readonly number[]): object {
  const { calls, failed, error, turns, tokens, cost, duration, scores } = traces
  const sum = (values: ArrayLike<number>): number =>
    group.reduce((all, at) => all + (values[at] as number), 0)
  const known = (values: ArrayLike<number>): number[] =>
    group.map((at) => values[at] as number).filter((value) => !Number.isNaN(value))
  const mean = (values: ArrayLike<number>): number | undefined => {
    const all = known(values)
    return all.length === 0 ? undefined : all.reduce((a, b) => a + b, 0) / all.length
  }
  const latencies = Float64Array.from(known(duration).filter(Number.isFinite), (ms) => ms / 1000)
  const latency = (q: number): number | undefined =>
    latencies.length === 0 ? undefined : quantile(latencies, q)
  const all = sum(calls)
  const own = {
    'traces/count': group.length,
    'traces/tool_error_share': all === 0 ? undefined : sum(failed) / all,
    'traces/error_share': sum(error) / group.length,
    'traces/turns_mean': mean(turns),
    'traces/tokens_mean': mean(tokens),
    'traces/latency_p50': latency(0.5),
    'traces/latency_p95': latency(0.95),
    'traces/cost_mean': mean(cost),
  }
  const named = (name: string): string => {
    const plain = `traces/${name}_mean`
    // metadata may have a number of the same name, which is another one
    return plain in own ? `traces/metadata/${name}_mean` : plain
  }
  return { ...own, ...Object.fromEntries(scores.map(({ name, values }) => [named(name), mean(values)])) }
}

/** JSON has no infinite numbers: they stand as trackio writes them. */
function asLogged(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}
