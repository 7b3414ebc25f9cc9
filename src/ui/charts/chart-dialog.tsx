import type { ChartView } from '../../state/view/chart-context.ts'
import '../styles/fullscreen.css'
import {
  createEffect,
  createMemo,
  createSignal,
  For,
  lazy,
  on,
  onCleanup,
  onMount,
  Show,
  Suspense,
} from 'solid-js'
import { splitMiddle } from '../../compute/format.ts'
import { formatCount, formatValue } from '../../compute/number.ts'
import { visibleName } from '../../compute/visible-name.ts'
import type { RunStyle } from '../../state/view/chart-context.ts'
import { blur } from '../components/focus.ts'
import { Name } from '../components/name.tsx'
import { ChartBody } from './chart-body.tsx'
import { ChartNotes } from './chart-card.tsx'
import { ChartIcon } from './chart-icons.tsx'
import { ChartLegend } from './chart-legend.tsx'
import { ChartLimits } from './chart-limits.tsx'
import { ChartMenu } from './chart-menu.tsx'
import { type ChartModel, createChartModel } from './chart-model.ts'
import { changeWords, createStart } from './delta.ts'
import { Overview } from './overview.tsx'
import { createRatio } from './ratio.ts'
import { Sample } from './sample.tsx'
import { createTableSwitch } from './table-switch.ts'

export interface ChartFullscreenProps {
  view: ChartView
  /** In page order: the arrows walk them. */
  metrics: string[]
  /** The card that the full screen came from is not in the page any more: brings it there, with the focus. */
  onLost(metric: string): void
}

const GroupSide = lazy(async () => ({ default: (await import('./group-side.tsx')).GroupSide }))

const HEAD = 44
const SIDE = 344
const LEGEND = 24
const OVERVIEW = 92
/** Lower windows have room for the chart alone. */
const LEAST_HEIGHT = 420

/** One chart alone over the page; the arrows walk the metrics, Esc closes. */
export function ChartDialog(props: ChartFullscreenProps) {
  const { view } = props
  let dialog: HTMLDialogElement | undefined
  let heading: HTMLHeadingElement | undefined
  const [size, setSize] = createSignal({ width: 0, height: 0 })
  const [table, setTable] = createTableSwitch(() => dialog)
  const [limits, setLimits] = createSignal(false)
  const [problem, setProblem] = createSignal('')
  const ratio = createRatio()
  const metric = createMemo<string>((old) => view.fullscreen() ?? old, '')
  const aside = () => (size().width >= 720 ? SIDE : 0)
  const width = () => size().width - aside()
  const named = () => aside() === 0 && !table() && !model.scene()?.frame.single
  const isHigh = () => size().height >= LEAST_HEIGHT
  const height = () => size().height - HEAD - (named() ? LEGEND : 0) - (overview() ? OVERVIEW : 0)
  const model = createChartModel({
    view,
    metric,
    visible: () => size().width > 0,
    width,
    height,
    ratio,
    table,
    everyRun: () => true,
  })
  // a memo: made once, not with every frame
  const overview = createMemo(() => isHigh() && !table() && !model.scene()?.frame.single)
  const before = document.activeElement
  const from = before?.closest<HTMLElement>('figure[data-metric]')?.dataset.metric

  onMount(() => {
    if (!dialog) return
    dialog.showModal()
    // Not its first button: the arrows walk the metrics at once, and no ring is drawn.
    heading?.focus()
    const sized = new ResizeObserver(() =>
      setSize({ width: dialog?.clientWidth ?? 0, height: dialog?.clientHeight ?? 0 }),
    )
    sized.observe(dialog)
    onCleanup(() => {
      sized.disconnect()
      if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus()
      else props.onLost(from ?? metric())
    })
  })
  createEffect(
    on(metric, () => {
      setLimits(false)
      setProblem('')
      view.setCursor(undefined)
    }),
  )

  function walk(by: number): void {
    const at = props.metrics.indexOf(metric())
    const next = props.metrics[(at + by + props.metrics.length) % props.metrics.length]
    if (next !== undefined) view.setFullscreen(next)
  }

  function key(event: KeyboardEvent): void {
    // of a dialog over this one
    if (event.target instanceof Element && event.target.closest('dialog') !== dialog) return
    // there the arrows scroll
    const inTable = event.target instanceof Element && event.target.closest('.chart-table') !== null
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return
    if (!inTable && (event.key === 'ArrowRight' || event.key === 'ArrowDown')) walk(1)
    else if (!inTable && (event.key === 'ArrowLeft' || event.key === 'ArrowUp')) walk(-1)
    else if (event.key === '[') view.zoomBack()
    else if (event.key === ']') view.zoomForward()
    else if (event.key === '0') view.setZoom(undefined)
    else if (event.key === 't') {
      blur()
      setTable(!table())
    }
    // The page's own keys stay quiet below the dialog; Escape goes to the browser, which closes it.
    else return event.stopPropagation()
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <dialog
      class="chart-full"
      ref={dialog}
      aria-label={metric()}
      onKeyDown={key}
      onClose={() => view.setFullscreen(undefined)}
      onCancel={(event) => event.target !== dialog && event.preventDefault()}
    >
      <div class="chart-full-head">
        <button
          type="button"
          class="chart-tool"
          aria-label="Previous metric"
          title="Previous metric"
          onClick={() => walk(-1)}
        >
          <ChartIcon name="left" />
        </button>
        <button
          type="button"
          class="chart-tool"
          aria-label="Next metric"
          title="Next metric"
          onClick={() => walk(1)}
        >
          <ChartIcon name="right" />
        </button>
        <h2 ref={heading} tabindex="-1" title={visibleName(metric())}>
          <Name of={metric()} />
        </h2>
        <span class="chart-hint">{`${formatCount(props.metrics.indexOf(metric()) + 1)} of ${formatCount(props.metrics.length)}`}</span>
        <span class="chart-space" />
        <Show
          when={!problem()}
          fallback={
            <span class="chart-note chart-warn" role="status">
              {problem()}
            </span>
          }
        >
          <ChartNotes model={model} />
        </Show>
        <Show when={view.zoom()}>
          <button type="button" class="chart-link" onClick={() => view.setZoom(undefined)}>
            Reset zoom
          </button>
        </Show>
        <button
          type="button"
          class="chart-tool"
          aria-label={table() ? 'Show as chart' : 'Show as table'}
          onClick={() => setTable(!table())}
        >
          <ChartIcon name={table() ? 'chart' : 'table'} />
        </button>
        <ChartMenu model={model} onLimits={() => setLimits(true)} onError={setProblem} />
        <button
          type="button"
          class="chart-tool"
          aria-label="Close"
          title="Close"
          onClick={() => dialog?.close()}
        >
          <ChartIcon name="close" />
        </button>
      </div>
      <Show when={limits()}>
        <ChartLimits model={model} onClose={() => setLimits(false)} />
      </Show>
      <div class="chart-full-body">
        <div class="chart-full-plot">
          <ChartBody
            model={model}
            table={table()}
            width={width()}
            height={height()}
            ratio={ratio()}
            active={true}
            onTable={setTable}
          />
          <Show when={overview()}>
            <Overview model={model} width={width()} height={OVERVIEW} ratio={ratio()} />
          </Show>
          <Show when={named()}>
            <ChartLegend model={model} />
          </Show>
        </div>
        <Show when={aside() > 0}>
          <Show when={model.scene()?.query.groups} fallback={<RunTable model={model} />}>
            <Suspense>
              <GroupSide model={model} />
            </Suspense>
          </Show>
        </Show>
      </div>
    </dialog>
  )
}

/** Logged values, `smoothed` apart; undefined: the run has none there. */
interface RunRow {
  key: string
  name: string
  style: RunStyle
  logged: number | undefined
  min: number | undefined
  max: number | undefined
  smoothed: number | undefined
  /** Since the crosshair that was pinned before. */
  change: number | undefined
}

const COLUMNS = [
  ['name', 'Run'],
  ['logged', 'Last'],
  ['min', 'Min'],
  ['max', 'Max'],
  ['smoothed', 'Smoothed'],
  ['change', 'Change'],
] as const
type Column = (typeof COLUMNS)[number][0]

/**
 * The legend of the full screen: one row a run, sorted by any column; values at the crosshair, else the last
 * ones.
 */
function RunTable(props: { model: ChartModel }) {
  const { view } = props.model
  const [sort, setSort] = createSignal<{ by: Column; down: boolean }>({ by: 'logged', down: true })
  const { crosshair } = props.model
  const isHere = () => crosshair.answered() !== undefined
  const start = createStart(props.model)
  const hasStart = () => view.cursor()?.from !== undefined && start.answered() !== undefined
  /** Some line is drawn otherwise than it was logged. */
  const columns = createMemo(() => {
    const { treatment, ends = [] } = props.model.scene()?.frame ?? {}
    const smoothed = (treatment?.logged ?? 0) < ends.length
    // where two crosshairs are held against each other, what was logged counts
    return COLUMNS.filter(([by]) =>
      by === 'change' ? hasStart() : by !== 'smoothed' || (smoothed && !hasStart()),
    )
  })
  const rows = createMemo(() => {
    const scene = props.model.scene()
    if (!scene) return []
    const here = isHere()
    const made = scene.lines.map(({ run, end }): RunRow => {
      const { logged, drawn } = (here ? crosshair.point(run.key) : end) ?? {}
      const range = Number.isNaN(end.least) ? {} : { min: end.least, max: end.greatest }
      return {
        key: run.key,
        name: run.name,
        style: run.style,
        min: undefined,
        max: undefined,
        ...range,
        logged,
        smoothed: drawn,
        change: hasStart() ? (logged ?? NaN) - (start.point(run.key)?.logged ?? NaN) : undefined,
      }
    })
    const { by, down } = sort()
    const sign = down ? -1 : 1
    return made.sort((a, b) => {
      const p = a[by]
      const q = b[by]
      if (typeof p === 'string' || typeof q === 'string')
        return sign * String(p).localeCompare(String(q), undefined, { numeric: true })
      const [m, n] = [p ?? NaN, q ?? NaN]
      if (Number.isNaN(m) || Number.isNaN(n)) return Number(Number.isNaN(m)) - Number(Number.isNaN(n))
      return sign * (m - n)
    })
  })
  const write = (value: number | undefined): string =>
    value === undefined ? '–' : formatValue(value, 4, props.model.scene()?.integer)
  return (
    <div class="chart-runs">
      <table aria-label="Runs of this metric">
        <thead>
          <tr>
            <For each={columns()}>
              {([by, word]) => (
                <th
                  scope="col"
                  aria-sort={sort().by !== by ? 'none' : sort().down ? 'descending' : 'ascending'}
                >
                  <button
                    type="button"
                    onClick={() => setSort({ by, down: sort().by === by ? !sort().down : by !== 'name' })}
                  >
                    {by === 'logged' && isHere() ? 'Here' : word}
                  </button>
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>
            {(row) => (
              <tr
                classList={{ hot: props.model.hot() === row.key }}
                onPointerEnter={() => view.setHighlight(row.key)}
                onPointerLeave={() => view.setHighlight(undefined)}
              >
                <td title={visibleName(row.name)}>
                  <span class="run-name">
                    <Sample style={row.style} />
                    <span>{splitMiddle(visibleName(row.name), 5)[0]}</span>
                    <span>{splitMiddle(visibleName(row.name), 5)[1]}</span>
                  </span>
                </td>
                <td>{write(row.logged)}</td>
                <td>{write(row.min)}</td>
                <td>{write(row.max)}</td>
                <Show when={columns().some(([by]) => by === 'smoothed')}>
                  <td>{write(row.smoothed)}</td>
                </Show>
                <Show when={columns().some(([by]) => by === 'change') && props.model.scene()}>
                  {(scene) => <td>{changeWords(0, row.change, scene())}</td>}
                </Show>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  )
}
