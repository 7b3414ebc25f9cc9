import { readName, words } from './metric-words.ts'

/** What a metric is by its name. The sheet shows results first, counters and timings last. */
export type MetricKind = 'result' | 'other' | 'counter' | 'timing'

const TIMING = words(`
  time times timing timings timer runtime duration elapsed latency second seconds sec secs ms minutes hours fps sps tps its throughput
  speed eta wait overhead mfu walltime wallclock dt timestamp`)
const COUNTER = words(`
  step steps epoch epochs iter iters iteration iterations timestep timesteps tokens samples examples episode episodes updates batch batches
  frames flos flops count num n idx index`)
/** Of a mean, a norm or a ratio of tokens and steps nobody counts anything. */
const NO_COUNTER = words(
  'mean avg average median min max std ratio frac fraction length len norm size rate entropy logps prob kl',
)

/** A sort of 10,000 names asks 130,000 times. */
const MOST_KEPT = 50_000
const known = new Map<string, MetricKind>()

/** `loss`: result, `grad_norm`: other, `num_tokens`: counter, `eval/samples_per_second`: timing. */
export function kindOf(metric: string): MetricKind {
  const before = known.get(metric)
  if (before) return before
  const { words: all, direction } = readName(metric)
  const has = (set: ReadonlySet<string>) => all.some((word) => set.has(word))
  const counted = has(COUNTER) && !has(NO_COUNTER)
  const now = direction ? 'result' : has(TIMING) ? 'timing' : counted ? 'counter' : 'other'
  if (known.size >= MOST_KEPT) known.clear()
  known.set(metric, now)
  return now
}
