import { createMemo } from 'solid-js'
import { mixOklab } from '../../../compute/oklab.ts'
import { PERCENTILES, type PercentileName, percentileMetric } from '../../../compute/percentile-name.ts'
import { lineKey } from '../../../model/line-key.ts'
import { useApp } from '../../../state/app.ts'
import type { ChartView, ShownRun } from '../../../state/view/chart-context.ts'
import { ChartCard } from '../../charts/chart-card.tsx'
import { readTokens } from '../../charts/design-tokens.ts'
import { hexOf } from '../../charts/histogram/draw.ts'
import type { HistogramsModel } from './model.ts'

/** How strong the line of each percentile is: what is far from the middle stands back. */
const STRENGTH: Record<PercentileName, number> = { p1: 0.66, p25: 0.82, p50: 1, p75: 0.82, p99: 0.66 }

/** What the chart of all percentiles of a histogram is called. */
export function percentilesName(key: string): string {
  return `percentiles of ${key}`
}

/** The name of the percentile chart of a histogram on the page. */
export function chartName(key: string, only: PercentileName | undefined): string {
  return only ? percentileMetric(only, key) : percentilesName(key)
}

/** What a chart of percentiles knows: the same as those of the metrics, of lines that are percentiles. */
export function createPercentileView(model: HistogramsModel, key: () => string): ChartView {
  const { view, theme, runs, downloads } = useApp()
  const lines = createMemo((): ShownRun[] => {
    const only = model.only()
    const paper = hexOf(readTokens(theme()).paper)
    const own = model.runOf(key())
    // beside a strip of one run stand the percentiles of that run
    const all = model.view() === 'mixed' && own ? [own] : model.runsWith(key())
    if (only) return model.runsWith(key())
    return all.flatMap((run) =>
      PERCENTILES.map(({ name }): ShownRun => {
        const rgb = mixOklab(paper, hexOf(run.style.color), STRENGTH[name])
        return {
          ...run,
          key: lineKey(run.key, percentileMetric(name, key())),
          name: all.length === 1 ? name : `${run.name} ${name}`,
          label: name,
          style: { ...run.style, color: `rgb(${rgb.join(' ')})` },
        }
      }),
    )
  })
  return {
    ...view,
    lines,
    isSeveral: () => false,
    editSeveral: undefined,
    // of all five a group would have five lines too, which no chart of groups can name
    groups: (chart) => (model.only() ? view.groups(chart) : undefined),
    hiddenWith: () => model.hiddenWith().length,
    showHidden: () => runs.set(model.hiddenWith(), true),
    alerts: () => [],
    under: () => undefined,
    integer: () => false,
    note: () => `${model.only() ?? 'percentiles'}, linear within a bin`,
    table: (metric, from, count, how) =>
      view.tableOf(
        { project: view.project(), metric, runs: lines().map(({ key: line }) => line), from, count },
        how,
      ),
    downloadCsv: (metric) =>
      downloads.csv(
        view.project(),
        view.projectName(),
        metric,
        lines().map(({ key: line }) => line),
      ),
    hotLine: () => {
      const hot = view.hotLine()
      return hot !== undefined && lines().some(({ key: line }) => line === hot) ? hot : undefined
    },
  }
}

/** Percentiles of a histogram over the steps, as any metric is drawn. */
export function PercentileCard(props: {
  model: HistogramsModel
  metric: string
  title: string
  width: number
  height: number
  legend: boolean
}) {
  const view = createPercentileView(props.model, () => props.metric)
  return (
    <ChartCard
      metric={chartName(props.metric, props.model.only())}
      title={props.title}
      view={view}
      width={props.width}
      height={props.height}
      legend={props.legend}
    />
  )
}
