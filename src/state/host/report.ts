import { formatX } from '../address/link-values.ts'
import type { App } from '../app.ts'

/** Of trackio's own protocol for pages around the dashboard, see host.ts. */
export const PROTOCOL_VERSION = 1

/** What is on screen, in trackio's words. */
export interface ViewReport {
  page: string
  project: string | null
  space_id: string | null
  runs: { name: string; id: string | null }[]
  x_axis: string
  x_range: [number, number] | null
  smoothing: number
  log_x: boolean
  log_y: boolean
  metric_filter: string | null
  metrics: string[]
  metrics_on_screen: string[]
  latest_x: number | null
  captured_at: string
  view_url: string
}

/** What is on screen now. */
export function reportOf(app: App): ViewReport {
  const view = app.location.view()
  const { zoom } = view
  const source = app.sources.source()
  const runs = app.runs.shown()
  const last = Math.max(
    ...runs.map(({ key }) => app.runs.byKey().get(key)?.lastStep ?? Number.NEGATIVE_INFINITY),
  )
  return {
    page: app.page(),
    project: app.sources.project()?.name ?? null,
    space_id: source?.info.link?.as === 'space' ? (source.info.link.texts[0] ?? null) : null,
    runs: runs.map(({ key, name }) => ({ name, id: app.runs.byKey().get(key)?.id ?? null })),
    x_axis: formatX(view.x),
    x_range: zoom?.min !== undefined && zoom.max !== undefined ? [zoom.min, zoom.max] : null,
    smoothing: view.smoothing.width,
    log_x: view.xScale === 'log',
    log_y: view.yScale === 'log',
    metric_filter: view.search.text || null,
    metrics: app.metrics.listed(),
    metrics_on_screen: onScreen(),
    latest_x: Number.isFinite(last) ? last : null,
    captured_at: new Date().toISOString(),
    view_url: app.location.link(),
  }
}

/** Charts of which at least half is in sight. */
function onScreen(): string[] {
  return [...document.querySelectorAll<HTMLElement>('figure[data-metric]')].flatMap((figure) => {
    const { top, bottom, height } = figure.getBoundingClientRect()
    const seen = Math.min(bottom, window.innerHeight) - Math.max(top, 0)
    return height > 0 && seen >= height / 2 ? [figure.dataset.metric ?? ''] : []
  })
}
