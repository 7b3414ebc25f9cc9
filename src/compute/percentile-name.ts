/*
 * Percentiles of histograms are asked for as metrics are, by names of their own. Apart from what works them out:
 * whoever answers questions has to know such a name from any other.
 */

/** The percentiles that stand as series, and the part of the whole below each. */
export const PERCENTILES = [
  { name: 'p1', q: 0.01 },
  { name: 'p25', q: 0.25 },
  { name: 'p50', q: 0.5 },
  { name: 'p75', q: 0.75 },
  { name: 'p99', q: 0.99 },
] as const
export type PercentileName = (typeof PERCENTILES)[number]['name']

const OF = ' of '

/** `p50 of grads/layer3`: the metric under which a percentile of a histogram is asked for. */
export function percentileMetric(name: PercentileName, key: string): string {
  return name + OF + key
}

/** The percentile and the histogram of such a name; undefined of any other. */
export function percentileOf(metric: string): { name: PercentileName; q: number; key: string } | undefined {
  const found = PERCENTILES.find(({ name }) => metric.startsWith(name + OF))
  return found && { ...found, key: metric.slice(found.name.length + OF.length) }
}
