import { histogramFacts } from '../../compute/histogram-facts.ts'
import type { HistogramFacts, Histograms, HistogramsQuery } from '../../model/histogram.ts'
import { histogramsOf, type KeyHistograms, type RunHistograms } from '../projects/histograms.ts'
import { type Project, startOf } from '../projects/project.ts'

/** An entry of a run, or a stretch of them. */
interface Part {
  run: RunHistograms
  from: number
  to: number
}

const facts = new WeakMap<KeyHistograms, HistogramFacts>()

/** Histograms of a key of some runs, copied out of what is decoded. */
export async function histogramsAnswer(
  project: Project,
  { key, runs, at }: HistogramsQuery,
  signal?: AbortSignal | undefined,
): Promise<Histograms> {
  const all = await histogramsOf(project, key, signal)
  const parts = runs.map((name): Part | undefined => {
    const run = all.runs.get(name)
    if (!run) return undefined
    if (at === undefined) return { run, from: 0, to: run.rows.length }
    const entry = entryAt(run, at)
    return entry < 0 ? undefined : { run, from: entry, to: entry + 1 }
  })
  const runStarts = new Uint32Array(runs.length + 1)
  parts.forEach((part, i) => {
    runStarts[i + 1] = (runStarts[i] as number) + (part ? part.to - part.from : 0)
  })
  const common = facts.get(all) ?? histogramFacts(copied([...all.runs.values()].map(whole)))
  facts.set(all, common)
  return {
    runs,
    runStarts,
    begun: Float64Array.from(runs, (name) => {
      const run = project.run(name)
      return run ? startOf(run) : Number.NaN
    }),
    ...copied(parts.filter((part) => part !== undefined)),
    common,
    reading: all.index.reading,
    notices: all.notices,
    version: all.content,
  }
}

/** The same, or undefined while it would be the one that has this version. */
export async function newHistogramsAnswer(
  project: Project,
  { histograms, version }: { histograms: HistogramsQuery; version: string },
  signal?: AbortSignal | undefined,
): Promise<Histograms | undefined> {
  const { content } = await histogramsOf(project, histograms.key, signal)
  return content === version ? undefined : histogramsAnswer(project, histograms, signal)
}

function whole(run: RunHistograms): Part {
  return { run, from: 0, to: run.rows.length }
}

/** The last entry at or before a step: of that step twice the one that was logged last. */
function entryAt({ steps }: RunHistograms, at: number): number {
  let found = -1
  for (let e = 0; e < steps.length; e++) {
    const step = steps.data[e] as number
    if (step <= at && (found < 0 || step >= (steps.data[found] as number))) found = e
  }
  return found
}

function copied(parts: readonly Part[]): Pick<Histograms, 'steps' | 'times' | 'starts' | 'edges' | 'counts'> {
  const binsTo = ({ run }: Part, e: number): number => run.starts.data[e] as number
  const entries = parts.reduce((sum, { from, to }) => sum + to - from, 0)
  const bins = parts.reduce((sum, part) => sum + binsTo(part, part.to) - binsTo(part, part.from), 0)
  const steps = new Float64Array(entries)
  const times = new Float64Array(entries)
  const starts = new Uint32Array(entries + 1)
  const counts = new Float64Array(bins)
  const edges = new Float64Array(bins + entries)
  let [entry, bin] = [0, 0]
  for (const part of parts) {
    const { run, from, to } = part
    const [first, end] = [binsTo(part, from), binsTo(part, to)]
    steps.set(run.steps.data.subarray(from, to), entry)
    times.set(run.times.data.subarray(from, to), entry)
    for (let e = from; e < to; e++) starts[entry + e - from + 1] = bin + binsTo(part, e + 1) - first
    counts.set(run.counts.data.subarray(first, end), bin)
    edges.set(run.edges.data.subarray(first + from, end + to), bin + entry)
    entry += to - from
    bin += end - first
  }
  return { steps, times, starts, edges, counts }
}
