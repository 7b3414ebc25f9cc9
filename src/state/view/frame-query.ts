import type { FrameQuery } from '../../model/view.ts'
import type { ChartGroups, ChartView } from './chart-context.ts'

/**
 * Series up to which lines are 1.5 px with end dots and crosshair dots, and the logged ones stand behind them;
 * behind more the logged ones are a fog, so an area shows their extremes.
 */
export const FEW = 24

/**
 * What a chart of the page asks, `width` device pixels wide: every pixel column keeps its least and greatest
 * value. Undefined where no run is shown, or there is no room.
 */
export function frameQuery(view: ChartView, metric: string, width: number): FrameQuery | undefined {
  const shown = view.lines(metric)
  const groups = groupsOf(view, metric)
  if (shown.length === 0 || !(width >= 1) || groups === 'waits') return undefined
  const { runs, ...lines } = groups?.asked(metric) ?? { runs: shown.map(({ key }) => key) }
  const plain = lines.groups === undefined
  const zoom = view.zoom()
  const smoothing = view.smoothing()
  return {
    project: view.project(),
    metric,
    runs,
    ...lines,
    x: view.x(),
    xScale: view.xScale(),
    yScale: view.yScale(metric),
    range: view.range(metric),
    ...(zoom ? { zoom } : {}),
    smoothing,
    raw: view.showRaw() && plain && runs.length <= FEW && smoothing.width > 0,
    ...(plain && runs.length > FEW && { area: true }),
    ...(plain && runs.length <= FEW && view.envelope() && { envelope: true }),
    width,
  }
}

/** What groups the lines of a chart; of several metrics nothing does. */
export function groupsOf(view: ChartView, metric: string): ChartGroups | 'waits' | undefined {
  return view.isSeveral(metric) ? undefined : view.groups()
}
