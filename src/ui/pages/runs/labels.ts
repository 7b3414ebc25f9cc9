import { directionOf } from '../../../compute/metric-words.ts'
import type { ColumnSpec, Statistic } from '../../../compute/run-columns.ts'

/* What columns are called, and which end of them is the good one. */

const FACT_LABELS = {
  group: 'Group',
  state: 'State',
  started: 'Started',
  duration: 'Duration',
  steps: 'Steps',
  rows: 'Rows',
  user: 'User',
} as const

export const STATISTIC_WORDS: Record<Statistic, string> = {
  last: 'last',
  first: 'first',
  min: 'min',
  max: 'max',
  mean: 'mean',
  tail: 'mean of last tenth',
  count: 'points',
  nonfinite: 'not finite',
}

export function labelOf(spec: ColumnSpec): string {
  if (spec.kind === 'fact') return FACT_LABELS[spec.fact]
  if (spec.kind === 'config') return spec.path
  const name = spec.metric.slice(spec.metric.lastIndexOf('/') + 1) || spec.metric
  return `${spec.delta ? 'Δ ' : ''}${name}, ${STATISTIC_WORDS[spec.by]}`
}

/** What stands over neighbours that have it in common. */
export function sectionOf(spec: ColumnSpec): string {
  if (spec.kind === 'fact') return ''
  if (spec.kind === 'config') return 'Config'
  const slash = spec.metric.lastIndexOf('/')
  return slash > 0 ? spec.metric.slice(0, slash) : 'Metrics'
}

/** Of counts, and of how much is not finite, neither end is good. */
export function directionOfColumn(spec: ColumnSpec): 'min' | 'max' | undefined {
  if (spec.kind !== 'metric' || spec.by === 'count' || spec.by === 'nonfinite') return undefined
  return directionOf(spec.metric)
}
