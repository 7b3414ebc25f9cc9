import { directionOf } from '../../../compute/metric-words.ts'
import { formatCount } from '../../../compute/number.ts'
import { percentileMetric, percentileOf } from '../../../compute/percentile-name.ts'
import type { ColumnSpec, Statistic, Taken } from '../../../compute/run-columns.ts'

/* What columns are called, and which end of them is the good one. */

const FACT_LABELS = {
  group: 'Group',
  state: 'State',
  started: 'Started',
  duration: 'Duration',
  steps: 'Steps',
  rows: 'Rows',
  user: 'User',
  tags: 'Tags',
  note: 'Note',
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
  if (spec.kind === 'told') return 'Frontier'
  if (spec.kind === 'logged') return loggedLabel(spec)
  const name = shortName(spec.metric)
  if (spec.kind === 'spark') return name
  const delta = spec.delta === undefined ? '' : spec.delta === 'value' ? 'Δ ' : 'Δ % '
  return `${delta}${name}, ${takenWords(spec)}`
}

function loggedLabel({ of, key }: ColumnSpec & { kind: 'logged' }): string {
  if (of === 'traces') return 'Traces'
  return `${shortName(key)}, ${{ media: 'values', picture: 'last picture', table: 'rows' }[of]}`
}

/** Without the section that stands over it; of a percentile, the key is without it. */
function shortName(metric: string): string {
  const of = percentileOf(metric)
  const name = of?.key ?? metric
  const short = name.slice(name.lastIndexOf('/') + 1) || name
  return of ? percentileMetric(of.name, short) : short
}

/** `max`, `at step 1,000`, `at max of eval/acc`, `steps to ≥ 0.7`. */
export function takenWords(taken: Taken): string {
  switch (taken.by) {
    case 'at':
      return `at step ${formatCount(taken.step)}`
    case 'best':
      return `at ${taken.end} of ${taken.of}`
    case 'reach':
      return `steps to ${taken.end === 'min' ? '≤' : '≥'} ${taken.value}`
    case 'area':
      return 'area'
    default:
      return STATISTIC_WORDS[taken.by]
  }
}

/** What stands over neighbours that have it in common. */
export function sectionOf(spec: ColumnSpec): string {
  if (spec.kind === 'fact' || spec.kind === 'told') return ''
  if (spec.kind === 'config') return 'Config'
  if (spec.kind === 'logged' && spec.of === 'traces') return ''
  const name = spec.kind === 'logged' ? spec.key : (percentileOf(spec.metric)?.key ?? spec.metric)
  const slash = name.lastIndexOf('/')
  return slash > 0 ? name.slice(0, slash) : spec.kind === 'logged' ? 'Logged' : 'Metrics'
}

/**
 * Of counts, and of how much is not finite, neither end is good; nor of an area, which is less of a run that
 * stopped early. Few steps to a value are good.
 */
export function directionOfColumn(spec: ColumnSpec): 'min' | 'max' | undefined {
  if (spec.kind !== 'metric' || spec.by === 'count' || spec.by === 'nonfinite' || spec.by === 'area')
    return undefined
  if (spec.by === 'reach') return 'min'
  return directionOf(spec.metric)
}
