import { Failed } from '../../common/page-states.tsx'
import '../../styles/traces.css'
import { createEffect, createMemo, createSignal, onCleanup, onMount, Show } from 'solid-js'
import { makeMetricTest } from '../../../compute/filter.ts'
import { formatCount } from '../../../compute/number.ts'
import type { ProjectId } from '../../../model/source.ts'
import { useApp } from '../../../state/app.ts'
import { createTraces } from '../../../state/pages/traces.ts'
import { ChartFullscreen } from '../../charts/chart-fullscreen.tsx'
import { Icon } from '../../components/icon.tsx'
import { TRACES } from '../ids.ts'
import { createTraceSeries } from './series.ts'
import { SeriesGrid } from './series-grid.tsx'
import { Reading } from './states.tsx'

/** So far below the window traces begin to be read. */
const NEAR = '300px 0px'

export interface SheetTracesProps {
  open: boolean
  onToggle(): void
  /** No head is drawn above charts of this sheet. */
  plain: boolean
  columns: number
  width: number
  height: number
  /** Charts name their runs. */
  legend: boolean
}

/**
 * Below the last chart of the metrics: numbers of the traces of each step. Traces are read once this comes near
 * the window, and followed as long as it is there.
 */
export function SheetTraces(props: SheetTracesProps) {
  const { ask, sources, data, location, patterns, settled, runs } = useApp()
  const [near, setNear] = createSignal(false)
  const [fullscreen, setFullscreen] = createSignal<string>()
  const open = () => props.open || props.plain
  let section: HTMLElement | undefined
  onMount(() => {
    if (!section) return
    const looked = new IntersectionObserver(
      (entries) => setNear(entries[entries.length - 1]?.isIntersecting ?? false),
      { rootMargin: NEAR, scrollMargin: NEAR },
    )
    looked.observe(section)
    onCleanup(() => looked.disconnect())
  })
  const asked = () => sources.project()?.id && sources.asked()
  const seen = createMemo<ProjectId | undefined>((before) => (near() && open() ? asked() : before))
  const project = createMemo(() => (seen() === asked() ? seen() : undefined))
  const traces = createTraces({
    ...{ ask, project, data, text: () => '' },
    wanted: () => data.ended() && near() && open(),
    live: () => Boolean(sources.source()?.info.live),
  })
  const series = createTraceSeries({
    ...{ project, list: traces.list },
    open({ step, run }) {
      const { own } = location.view()
      location.patch({ page: TRACES, own: { ...own, [TRACES]: { step: String(step), run: run ?? '' } } })
      return true
    },
    own: { fullscreen, setFullscreen: (metric) => void setFullscreen(metric) },
  })
  const search = location.field('search')
  const metrics = createMemo<string[]>((before) => {
    const { text, regex } = search()
    const all = [...(series.metrics() ?? [])]
    return patterns.attempt(
      () => (text === '' ? all : all.filter(makeMetricTest(text, regex))),
      () => before,
    )
  }, [])
  const failed = () => {
    const now = traces.status()
    return now.kind === 'failed' ? now.notice : series.failure()
  }
  const waits = () => project() !== undefined && series.metrics() === undefined && !failed()
  createEffect(() => settled.setBusy('sheet traces', near() && open() && waits()))
  onCleanup(() => settled.setBusy('sheet traces', false))
  const words = () =>
    [
      'Numbers of the traces of each run and step.',
      series.opens() ? 'A click on a point opens its traces.' : '',
    ]
      .filter(Boolean)
      .join(' ')
  return (
    <section class="sheet-traces" aria-label="Traces" tabIndex={-1} ref={section}>
      <Show when={!props.plain}>
        <div class="section-head">
          <h2>
            <button type="button" aria-expanded={props.open} onClick={() => props.onToggle()}>
              <Icon name={props.open ? 'down' : 'right'} />
              <b>Traces</b> <em>{series.metrics() ? formatCount(metrics().length) : ''}</em>
              <Show when={props.open && !props.legend}>
                <span class="hush">{words()}</span>
              </Show>
            </button>
          </h2>
        </div>
      </Show>
      <Show when={open() && !runs.noneDrawn()}>
        <Show when={failed()}>
          {(notice) => (
            <Failed
              what="the traces"
              cause={`${notice().subject}: ${notice().text}`}
              onRetry={() => (traces.status().kind === 'failed' ? traces.retry() : series.retry())}
            />
          )}
        </Show>
        <Show when={waits()}>
          <Reading count={traces.list()?.run.length ?? 0} />
        </Show>
        <Show when={series.metrics() && props.width > 0}>
          <SeriesGrid
            series={series}
            metrics={metrics()}
            columns={props.columns}
            width={props.width}
            height={props.height}
            legend={props.legend}
          />
        </Show>
      </Show>
      <ChartFullscreen view={series.view} metrics={metrics()} onLost={() => section?.focus()} />
    </section>
  )
}
