import '../../styles/charts.css'
import '../../styles/histograms.css'
import { createMemo, type JSX, Match, Show, Switch } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { binsAt } from '../../../compute/histogram-strip.ts'
import { formatCount, formatValue } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { HistogramsQuery } from '../../../model/histogram.ts'
import { useApp } from '../../../state/app.ts'
import { createHistograms } from '../../../state/pages/histograms.ts'
import type { ShownRun } from '../../../state/view/chart-context.ts'
import { Name } from '../../components/name.tsx'
import { ProgressLine } from '../../components/progress-line.tsx'
import { ChartIcon } from '../chart-icons.tsx'
import { readTokens } from '../design-tokens.ts'
import { createTableSwitch } from '../table-switch.ts'
import { BinsSide } from './bins-side.tsx'
import { BinsTable } from './bins-table.tsx'
import { rampGradient, rampOf } from './draw.ts'
import { createHeat, Heat } from './heat.tsx'
import { Outlines, outlineBox, outlinesOf } from './outlines.tsx'
import { Ridge, ridgeEntries } from './ridge.tsx'
import { AXIS_WORD, countText, shareText, type ValueAxis, xWords } from './scene.ts'

export type HistogramKind = 'heat' | 'ridge' | 'outlines'

export const CAPTION = 30
/** Cards as wide as this have room for all words, and for the key of colours. */
const WIDE = 600
/** Width of the bins beside an open strip. */
export const SIDE = 264

export interface HistogramCardProps {
  /** The key that they are logged under. */
  metric: string
  title: string
  kind: HistogramKind
  /** Whose histograms are shown; of a ridge the first one's. */
  runs: readonly ShownRun[]
  axis: ValueAxis
  /** The page's step; the crosshair's comes before it. Undefined: the last one. */
  step: number | undefined
  /** Of the whole card, CSS pixels. */
  width: number
  height: number
  /** The bins of the crosshair's step stand beside it. */
  side?: boolean
  sectionHidden?: boolean
  /** It is not known yet which runs have some. */
  waits?: boolean
  /** Named apart from others of the same key on the page. */
  figure?: string
  onOpen?(): void
  /** What it opens: `Open`, `Close`. */
  opens?: string
  onStep?(step: number): void
}

/** The histograms of one key as a picture, with what it leaves out beside its name. */
export function HistogramCard(props: HistogramCardProps) {
  const app = useApp()
  const { view, data, settled, theme, preferences } = app
  let figure: HTMLElement | undefined
  const [table, setTable] = createTableSwitch(() => figure)
  /** The step that outlines are of: the crosshair's, where the axis has steps. */
  const at = createMemo(() => {
    const x = view.x().kind === 'step' ? view.cursor()?.x : undefined
    return x ?? props.step ?? Number.MAX_SAFE_INTEGER
  })
  const query = createMemo((): HistogramsQuery | undefined => {
    const runs = (props.kind === 'ridge' ? props.runs.slice(0, 1) : props.runs).map(({ key }) => key)
    if (runs.length === 0) return undefined
    const common = { project: view.project(), key: props.metric, runs }
    return props.kind === 'outlines' ? { ...common, at: at() } : common
  })
  const asked = createHistograms({ ask: app.ask, settled, version: data.version }, query)
  const heat = createHeat({
    data: asked.answer,
    runs: () => runsOf(),
    axis: () => props.axis,
    width: () => (props.side ? props.width - SIDE : props.width),
    height: () => Math.max(40, props.height - CAPTION - 1),
  })
  /** The runs of the answer, which may lag behind those that are asked for. */
  const runsOf = createMemo((): ShownRun[] => {
    const now = asked.answer()
    const byKey = new Map(props.runs.map((run) => [run.key, run]))
    return (now?.runs ?? []).map(
      (key) => byKey.get(key) ?? { key, name: key, slot: 0, style: { color: '#808080', dash: [] } },
    )
  })
  const outlines = createMemo(() => {
    const [now, scale] = [asked.answer(), heat.scale()]
    if (!now || !scale || props.kind !== 'outlines') return []
    return outlinesOf(now, props.runs, scale, outlineBox(props.width, props.height - CAPTION).width)
  })

  /** The entry of a run at the crosshair, else at the page's step. */
  function entryOf(r: number): number | undefined {
    const now = asked.answer()
    if (!now) return undefined
    const x = view.cursor()?.x
    if (x !== undefined && props.kind !== 'outlines') {
      const column = heat.columnAt(r, x)
      return column < 0 ? undefined : heat.columns()[r]?.entries[column]
    }
    let found: number | undefined
    for (let e = now.runStarts[r] as number; e < (now.runStarts[r + 1] as number); e++) {
      const step = now.steps[e] as number
      if (step <= at() && (found === undefined || step >= (now.steps[found] as number))) found = e
    }
    return found
  }
  const chosen = createMemo(() => entryOf(0))
  /** The page's step, where the run has none at it and another one stands for it. */
  const elsewhere = () => {
    const e = chosen()
    const step = e === undefined ? undefined : asked.answer()?.steps[e]
    return view.cursor() === undefined &&
      props.step !== undefined &&
      step !== undefined &&
      step !== props.step
      ? props.step
      : undefined
  }
  const xOf = (e: number | undefined): string =>
    e === undefined ? '' : xWords(heat.axis(), heat.xs()[e] as number, preferences.value().timeZone)

  const empty = () => {
    const now = asked.answer()
    return now !== undefined && now.steps.length === 0
  }
  const state = () =>
    asked.error()
      ? 'error'
      : !asked.answer() && (props.waits || query())
        ? 'loading'
        : empty()
          ? 'empty'
          : 'ready'
  const unreadable = () => asked.answer()?.notices[0]?.text ?? ''

  const notes = createMemo((): string[] => {
    const now = asked.answer()
    if (!now || empty()) return []
    if (props.kind === 'outlines') {
      const all = outlines()
      const steps = new Set(all.map(({ step }) => step))
      const [only] = steps
      const where =
        steps.size === 1 && only !== undefined
          ? `at step ${formatCount(only)}`
          : `at or before step ${formatCount(Math.min(at(), Math.max(...steps)))}`
      const none = all.filter(({ line }) => line.total === 0).length
      const total = all.reduce((sum, { line }) => sum + line.total, 0)
      const outside = all.reduce((sum, { line }) => sum + line.outside, 0)
      return [
        `${formatPlural(all.length, 'run')} ${where}`,
        none > 0 ? (none === all.length ? 'nothing was counted' : `${formatCount(none)} of them empty`) : '',
        'share in each 1/100 of the axis',
        total > 0 ? `${shareText(outside / total)} outside the range` : '',
      ].filter(Boolean)
    }
    const { entries, outside, together } = heat.facts()
    const run =
      props.runs.length === 1 || props.kind === 'ridge'
        ? (runsOf()[0]?.name ?? '')
        : formatPlural(runsOf().length, 'run')
    const left = `${shareText(outside)} outside the range`
    const steps =
      props.kind === 'ridge'
        ? `${formatCount(ridgeEntries(heat, chosen()).length)} of ${formatPlural(entries, 'step')}`
        : formatPlural(entries, 'step')
    const said = [
      `${run}, ${steps}`,
      left,
      together > 1 && props.kind === 'heat' ? `greatest count of up to ${together} steps a pixel` : '',
    ]
    // where there is little room the run goes first: the list names it
    return (props.width < WIDE ? [steps, ...said.slice(1), run] : said).filter(Boolean)
  })
  const warning = () => {
    const { empty: none } = heat.facts()
    const placed = heat.columns().reduce((sum, { entries }) => sum + entries.length, 0)
    const lost = (asked.answer()?.steps.length ?? 0) - placed
    const parts = [
      props.kind !== 'outlines' && none > 0 ? `${formatPlural(none, 'step')} empty` : '',
      props.kind !== 'outlines' && lost > 0
        ? `${formatCount(lost)} without a ${heat.axis().kind === 'step' ? 'step' : 'time'}, not drawn`
        : '',
      unreadable(),
    ]
    return parts.filter(Boolean).join(', ')
  }
  const scaleEnds = () => asked.answer()?.common.counts ?? [0, 0]
  const rampStyle = () => {
    const [run] = runsOf()
    const tokens = readTokens(theme())
    return rampGradient(rampOf(runsOf().length === 1 && run ? run.style.color : tokens.ink2, tokens))
  }
  const tableOf = () => {
    const now = asked.answer()
    if (!now) return []
    return runsOf().flatMap((run, r) => {
      const e = entryOf(r)
      return e === undefined ? [] : [{ name: run.name, step: xOf(e), bins: binsAt(now, e) }]
    })
  }

  return (
    <figure
      class="chart histogram"
      classList={{ sided: props.side === true && !table() }}
      ref={figure}
      style={{ height: `${props.height}px` }}
      aria-label={props.figure ?? props.metric}
      data-histogram={props.metric}
      data-kind={props.kind}
      data-state={state()}
      data-series={String(props.kind === 'outlines' ? outlines().length : runsOf().length)}
      data-entries={String(heat.facts().entries)}
      data-x={heat.axis().kind}
      data-xmin={String(heat.extent()[0])}
      data-xmax={String(heat.extent()[1])}
      data-vmin={String(heat.scale()?.low ?? '')}
      data-vmax={String(heat.scale()?.high ?? '')}
      data-outside={String(heat.facts().outside)}
    >
      <figcaption class="chart-caption">
        <b class="chart-name" title={visibleName(props.metric)}>
          <Name of={props.sectionHidden ? props.metric : props.title} />
        </b>
        <span class="chart-space" />
        <span class="chart-note">
          <span title={notes().join(', ')}>{notes().join(', ')}</span>
          <Show when={warning()}>
            <span class="chart-warn" role="status" title={warning()}>
              {warning()}
            </span>
          </Show>
          <Show when={props.kind === 'heat' && scaleEnds()[1] > 0 && props.width >= WIDE}>
            <span class="histogram-key" title="Colour by the logarithm of the count of a bin">
              {short(scaleEnds()[0])}
              <i style={{ background: rampStyle() }} />
              {short(scaleEnds()[1])}
            </span>
          </Show>
        </span>
        <span class="chart-tools">
          <Tool
            label={table() ? 'Show as chart' : 'Show as table'}
            icon={table() ? 'chart' : 'table'}
            onClick={() => setTable(!table())}
          />
          <Show when={props.onOpen}>
            <Tool
              label={props.opens ?? 'Open'}
              icon={props.opens === 'Close' ? 'close' : 'expand'}
              onClick={() => props.onOpen?.()}
            />
          </Show>
        </span>
      </figcaption>
      <Switch>
        <Match when={asked.error()}>
          {(cause) => (
            <div class="chart-state" role="alert">
              <b class="chart-error">Could not read these histograms</b>
              <code class="chart-error-cause">{cause()}</code>
              <span class="chart-acts">
                <button type="button" class="chart-link" onClick={asked.retry}>
                  Retry
                </button>
              </span>
            </div>
          )}
        </Match>
        <Match when={!props.waits && (query() === undefined || empty())}>
          <div class="chart-state">
            <b>No shown run logged this histogram</b>
            <Show when={unreadable()}>
              <span>{unreadable()}</span>
            </Show>
          </div>
        </Match>
        <Match when={!asked.answer()}>
          <div class="histogram-wait patient">
            <ProgressLine label={props.metric} share={undefined} words="reading histograms" />
          </div>
        </Match>
        <Match when={table() && asked.answer()}>
          <BinsTable metric={props.metric} of={tableOf()} />
        </Match>
        <Match when={asked.answer() && heat.scale()}>
          <Picture>
            <Show when={props.kind === 'heat'}>
              <Heat model={heat} metric={props.metric} {...(props.onStep && { onStep: props.onStep })} />
            </Show>
            <Show when={props.kind === 'ridge'}>
              <Ridge
                model={heat}
                metric={props.metric}
                run={runsOf()[0]}
                chosen={chosen()}
                {...(props.onStep && { onStep: props.onStep })}
              />
            </Show>
            <Show when={props.kind === 'outlines' && heat.scale()}>
              {(scale) => (
                <Outlines
                  metric={props.metric}
                  outlines={outlines()}
                  scale={scale()}
                  width={props.width}
                  height={props.height - CAPTION - 1}
                />
              )}
            </Show>
          </Picture>
        </Match>
      </Switch>
      <Show when={props.side && !table() && asked.answer()}>
        <div class="histogram-side" style={{ width: `${SIDE}px` }}>
          <div class="chart-caption">
            <b class="chart-name">
              {chosen() === undefined
                ? 'No histogram here'
                : `${AXIS_WORD[heat.axis().kind]} ${xOf(chosen())}`}
            </b>
            <span class="chart-space" />
            <span class="chart-note">
              <Show when={elsewhere()} fallback={<span>count, log</span>}>
                {(asked) => <span class="chart-warn">{`asked ${formatCount(asked())}`}</span>}
              </Show>
            </span>
          </div>
          <BinsSide
            model={heat}
            run={runsOf()[0]}
            entry={chosen()}
            width={SIDE - 1}
            label={`Bins of ${props.metric} at ${AXIS_WORD[heat.axis().kind].toLowerCase()} ${xOf(chosen())}`}
          />
        </div>
      </Show>
    </figure>
  )
}

function Picture(props: { children: JSX.Element }) {
  return <div class="histogram-picture">{props.children}</div>
}

function Tool(props: { label: string; icon: 'table' | 'chart' | 'expand' | 'close'; onClick(): void }) {
  return (
    <button
      type="button"
      class="chart-tool"
      aria-label={props.label}
      title={props.label}
      onClick={() => props.onClick()}
    >
      <ChartIcon name={props.icon} />
    </button>
  )
}

function short(count: number): string {
  return count >= 1e4 ? formatValue(count, 2) : countText(count)
}
