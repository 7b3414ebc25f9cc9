import type { RunKey } from './run.ts'

/**
 * A line of a chart: its run's key, and of a chart of several metrics the metric behind a mark that no key
 * holds.
 */
export type LineKey = string

const MARK = '\u0000metric\u0000'

export function lineKey(run: RunKey, metric: string): LineKey {
  return run + MARK + metric
}

/** The run of a line. */
export function runOf(line: LineKey): RunKey {
  const at = line.indexOf(MARK)
  return at < 0 ? line : line.slice(0, at)
}

/** The metric of a line: its own, or that of its chart. */
export function metricOf(line: LineKey, chart: string): string {
  const at = line.indexOf(MARK)
  return at < 0 ? chart : line.slice(at + MARK.length)
}

/** All metrics that the lines of a chart are of. */
export function metricsOf(lines: readonly LineKey[], chart: string): string[] {
  return [...new Set(lines.map((line) => metricOf(line, chart)))]
}
