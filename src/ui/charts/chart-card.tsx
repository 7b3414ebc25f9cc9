import { createMemo, createSignal, type JSX, lazy, onCleanup, onMount, Show, untrack } from 'solid-js'
import { kindOf } from '../../compute/metric-kind.ts'
import { formatCount } from '../../compute/number.ts'
import { visibleName } from '../../compute/visible-name.ts'
import { Name } from '../components/name.tsx'
import '../styles/charts.css'
import type { ChartView } from '../../state/view/chart-context.ts'
import { ChartBody } from './chart-body.tsx'
import { ChartIcon } from './chart-icons.tsx'
import { ChartMenu } from './chart-menu.tsx'
import { type ChartModel, createChartModel } from './chart-model.ts'
import { createRatio } from './ratio.ts'
import { bestValues, type Scene } from './scene.ts'
import { createTableSwitch } from './table-switch.ts'
import { carriedWords, clippedWords, treatmentWords } from './words.ts'

const ChartLimits = lazy(async () => ({ default: (await import('./chart-limits.tsx')).ChartLimits }))
const ChartUnder = lazy(async () => ({ default: (await import('./chart-under.tsx')).ChartUnder }))
const ChartLegend = lazy(async () => ({ default: (await import('./chart-legend.tsx')).ChartLegend }))

export interface ChartCardProps {
  metric: string
  /** The leaf name, as its section shows it. */
  title: string
  view: ChartView
  /**
   * Of the whole card, CSS pixels: known from the layout, so that no card has the page laid out to measure
   * itself.
   */
  width: number
  height: number
  /** It counts as seen from the start, wherever it stands. */
  inSight?: boolean
  /** The section's heading is not drawn: the card gives the full name. */
  sectionHidden?: boolean
  /** The runs are named below the picture. */
  legend?: boolean
  /** It is drawn wherever it stands. */
  always?: boolean
  /** Its first tool, in place of the pin. */
  tools?: JSX.Element
}

const CAPTION = 30
const LEGEND = 24
/** As high as a strip under it is (`chart-under.tsx`, which comes later). */
const UNDER = 48
/** Charts this far outside the window are drawn already. */
const MARGIN = '200px 0px'

/**
 * One chart in the sheet: caption with notes and tools, and the picture, drawn while it is near the window.
 */
export function ChartCard(props: ChartCardProps) {
  let figure: HTMLElement | undefined
  const [seen, setSeen] = createSignal<boolean | undefined>(untrack(() => props.inSight) || undefined)
  const visible = () => props.always || seen()
  const width = () => props.width
  const [table, setTable] = createTableSwitch(() => figure)
  const [limits, setLimits] = createSignal(false)
  const [problem, setProblem] = createSignal('')
  const ratio = createRatio()
  // One pixel is the sheet's rule below the card.
  const height = () => props.height - CAPTION - 1 - (legend() ? LEGEND : 0) - (under() ? UNDER : 0)
  const model = createChartModel({
    view: props.view,
    metric: () => props.metric,
    visible,
    width,
    height,
    ratio,
    table,
    everyRun: () => props.view.fullscreen() === undefined && props.view.cursor()?.metric === props.metric,
  })

  onMount(() => {
    if (!figure) return
    // scrollMargin is for the sheet, which scrolls within the window; browsers without it draw charts as they
    // come in.
    const near = { rootMargin: MARGIN, scrollMargin: MARGIN }
    const watched = new IntersectionObserver(
      (entries) => setSeen(entries[entries.length - 1]?.isIntersecting ?? false),
      near,
    )
    watched.observe(figure)
    onCleanup(() => watched.disconnect())
  })

  function under() {
    const shown = props.view.under?.()
    return table() || model.scene()?.frame.single ? undefined : shown
  }
  // bars carry their names
  function legend() {
    return props.legend && !table() && !model.scene()?.frame.single
  }
  const data = createMemo(() => chartData(model))
  const fullscreen = () => props.view.setFullscreen(props.metric)
  return (
    <figure
      class="chart"
      ref={figure}
      style={{ height: `${props.height}px` }}
      aria-label={props.metric}
      data-metric={props.metric}
      {...data()}
    >
      <figcaption class="chart-caption">
        <b class="chart-name" title={visibleName(props.metric)}>
          <Name of={props.sectionHidden ? props.metric : props.title} />
        </b>
        <Show when={props.view.unit?.(props.metric)}>
          {(unit) => <span class="chart-unit">{unit()}</span>}
        </Show>
        <span class="chart-space" />
        <Show
          when={!problem()}
          fallback={
            <span class="chart-note chart-warn" role="status" title={problem()}>
              {problem()}
            </span>
          }
        >
          <Show when={model.reading()} fallback={<ChartNotes model={model} />}>
            {(reading) => (
              <span class="chart-reading">
                <i style={{ background: reading().color }} />
                {reading().text}
              </span>
            )}
          </Show>
        </Show>
        <span class="chart-tools">
          <Show
            when={props.tools}
            fallback={
              <button
                type="button"
                class="chart-tool"
                aria-label="Pin"
                aria-pressed={props.view.isPinned(props.metric)}
                title={props.view.isPinned(props.metric) ? 'Unpin (p)' : 'Pin to the top (p)'}
                onClick={() => props.view.setPinned(props.metric, !props.view.isPinned(props.metric))}
              >
                <ChartIcon name="pin" />
              </button>
            }
          >
            {props.tools}
          </Show>
          <button
            type="button"
            class="chart-tool"
            aria-label={table() ? 'Show as chart' : 'Show as table'}
            title={table() ? 'Show as chart' : 'Show as table'}
            onClick={() => setTable(!table())}
          >
            <ChartIcon name={table() ? 'chart' : 'table'} />
          </button>
          <button
            type="button"
            class="chart-tool"
            aria-label="Fullscreen"
            title="Fullscreen"
            onClick={fullscreen}
          >
            <ChartIcon name="expand" />
          </button>
          <ChartMenu model={model} onLimits={() => setLimits(true)} onError={setProblem} />
        </span>
      </figcaption>
      <Show when={limits()}>
        <ChartLimits model={model} onClose={() => setLimits(false)} />
      </Show>
      <ChartBody
        model={model}
        table={table()}
        width={width()}
        height={height()}
        ratio={ratio()}
        active={props.view.fullscreen() === undefined}
        onFullscreen={fullscreen}
        onTable={setTable}
      />
      <Show when={under()}>
        {(metric) => <ChartUnder model={model} under={metric()} width={width()} ratio={ratio()} />}
      </Show>
      <Show when={legend()}>
        <ChartLegend model={model} />
      </Show>
    </figure>
  )
}

/** Right end of the caption: what the picture leaves out or does to the values. */
export function ChartNotes(props: { model: ChartModel }) {
  const { view, metric } = props.model
  const frame = () => props.model.told()?.frame
  const words = createMemo(() => {
    const scene = props.model.told()
    if (!scene) return props.model.state() === 'loading' ? view.readingText() : ''
    const parts: string[] = [view.note?.(metric()) ?? '', ...(scene.groups?.words ?? [])]
    if (scene.frame.fidelity.kind === 'preview') parts.push(view.readingText() || 'preview')
    if (scene.frame.single) parts.push('single values, sorted')
    else if (scene.query.yScale === 'log') parts.push('log')
    if (scene.frame.nonPositive > 0) parts.push(`${formatCount(scene.frame.nonPositive)} ≤ 0`)
    if (props.model.axisNote()) parts.push(props.model.axisNote())
    if (!scene.frame.single && scene.lines.length > 0)
      parts.push(...carriedWords(scene), treatmentWords(scene), bestsInView(scene))
    if (scene.frame.area) parts.push('grey: least and greatest logged')
    // their marks are seen: of a caption that is cut they go first
    parts.push(scene.alerts?.words ?? '')
    return parts.filter(Boolean).join(', ')
  })
  const clipped = createMemo(() => {
    const now = frame()
    return now && !now.single ? clippedWords(now) : ''
  })
  // a linear axis shows one decade well, and what lies below as a flat line
  const wide = createMemo(() => {
    const scene = props.model.told()
    const offered =
      scene !== undefined &&
      !scene.frame.single &&
      scene.query.yScale === 'linear' &&
      scene.frame.decades > DECADES
    // whatever starts near 0 and only counts up spans decades too
    return offered && kindOf(metric()) !== 'counter'
  })
  return (
    <span class="chart-note">
      <Show when={words()}>
        <span title={words()}>{words()}</span>
      </Show>
      <Show when={clipped()}>
        <button
          type="button"
          class="chart-clipped"
          title={`${clipped()}: show the full range`}
          onClick={() => view.setRange(metric(), { kind: 'full' })}
        >
          {clipped()}
        </button>
      </Show>
      <Show when={wide()}>
        <button
          type="button"
          class="chart-clipped"
          title={`The values span ${(frame()?.decades ?? 0).toFixed(1)} powers of ten: show them on a log axis`}
          onClick={() => view.setYScale(metric(), 'log')}
        >
          log?
        </button>
      </Show>
    </span>
  )
}

/** Powers of ten from which a log axis is offered. */
const DECADES = 2

/** `30 of 30 best values in view`, where bests are drawn. */
function bestsInView(scene: Scene): string {
  const bests = bestValues(scene)
  const [low, high] = scene.frame.y
  const inside = bests.filter(({ value }) => value >= low && value <= high).length
  return bests.length > 0 ? `${formatCount(inside)} of ${formatCount(bests.length)} best values in view` : ''
}

/** What checks from outside read on the figure. */
function chartData(model: ChartModel): Record<string, string | undefined> {
  const scene = model.told()
  const state = model.state()
  if (!scene || state !== 'ready') return { 'data-state': state, 'data-series': '0' }
  const { frame, query } = scene
  return {
    'data-state': state,
    'data-series': String(scene.lines.length),
    'data-x': query.x.kind === 'metric' ? query.x.name : query.x.kind,
    'data-y-scale': query.yScale,
    'data-xmin': String(frame.x[0]),
    'data-xmax': String(frame.x[1]),
    'data-ymin': String(frame.y[0]),
    'data-ymax': String(frame.y[1]),
    'data-clipped': String(frame.above + frame.below),
    'data-nonfinite': String(frame.nonFinite),
    ...(query.base && { 'data-difference': '' }),
    ...(frame.groups && { 'data-groups': String(frame.groups.runs.filter((n) => n > 0).length) }),
    'data-alerts': String(scene.alerts?.inView.length ?? 0),
  }
}
