import type { ChartView } from './chart-context.ts'

/** A view of lines that stand for no runs of their own metrics: nothing that is made of several runs is offered. */
export function derivedView(view: ChartView): ChartView {
  return {
    ...view,
    isSeveral: () => false,
    editSeveral: undefined,
    groups: () => undefined,
    envelope: () => false,
    hotLine: () => undefined,
    xScale: () => 'linear',
    alerts: () => [],
    under: () => undefined,
  }
}
