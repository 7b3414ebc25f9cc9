import { Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { useApp } from '../../../state/app.ts'
import { ChartFullscreen } from '../../charts/chart-fullscreen.tsx'
import { Failed } from '../../common/page-states.tsx'
import { createWidth } from '../../components/width.ts'
import type { TracesModel } from './model.ts'
import { createTraceSeries } from './series.ts'
import { SeriesGrid } from './series-grid.tsx'
import { Reading } from './states.tsx'

const HEIGHT = 236
/** A chart is no narrower, where there is room for several. */
const NARROWEST = 320

/** Numbers of the traces by step as charts like those of the metrics; a point that is pinned lists its traces. */
export function Charts(props: { model: TracesModel }) {
  const { model } = props
  const { view, runs } = useApp()
  const [width, takeSheet] = createWidth()
  let sheet: HTMLElement | undefined
  const series = createTraceSeries({
    project: model.project,
    list: model.list,
    open({ step, run }) {
      // the list beside the charts then has them
      model.set({ step: String(step), run: run ?? '' })
      return false
    },
  })
  const metrics = () => [...(series.metrics() ?? [])]
  const words = () =>
    [
      'By run and step; "mean" is that of the traces of a step.',
      series.opens() ? 'A click on a point lists its traces.' : '',
      runs.shownCount() < runs.all().length
        ? `${formatCount(runs.shownCount())} of ${formatCount(runs.all().length)} runs are shown.`
        : '',
      (model.list()?.moreScores ?? 0) > 0
        ? `${formatCount(model.list()?.moreScores ?? 0)} further numbers of their metadata stand in the traces alone.`
        : '',
    ]
      .filter(Boolean)
      .join(' ')
  const columns = () => Math.max(1, Math.min(3, Math.floor(width() / NARROWEST)))
  return (
    <section
      class="trace-charts"
      aria-label="Numbers of the traces"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reached by keys
      tabIndex={0}
      ref={(element) => {
        sheet = element
        takeSheet(element)
      }}
    >
      <p class="charts-note">{words()}</p>
      <Show when={series.failure()}>
        {(notice) => (
          <Failed
            what="numbers of the traces"
            cause={`${notice().subject}: ${notice().text}`}
            onRetry={series.retry}
          />
        )}
      </Show>
      <Show when={series.metrics()} fallback={<Reading count={model.list()?.run.length ?? 0} />}>
        <Show when={width() > 0}>
          <SeriesGrid
            series={series}
            metrics={metrics()}
            columns={columns()}
            width={width()}
            height={HEIGHT}
            legend={false}
          />
        </Show>
      </Show>
      <Show when={view.fullscreen() !== undefined && metrics().includes(view.fullscreen() ?? '')}>
        <ChartFullscreen view={series.view} metrics={metrics()} onLost={() => sheet?.focus()} />
      </Show>
    </section>
  )
}
