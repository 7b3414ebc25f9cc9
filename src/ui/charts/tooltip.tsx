import '../styles/tooltip.css'
import { createMemo, For, lazy, Show, Suspense } from 'solid-js'
import { Portal } from 'solid-js/web'
import { linesWords } from '../../compute/group-words.ts'
import { formatCount, formatDuration, formatValue } from '../../compute/number.ts'
import { formatClock } from '../../compute/ticks.ts'
import { nameInText } from '../../compute/visible-name.ts'
import type { RunStyle } from '../../state/view/chart-context.ts'
import type { Crosshair, PointHere } from '../../state/view/crosshair.ts'
import { Name } from '../components/name.tsx'
import { formatX, xWord } from './chart-axes.ts'
import type { ChartModel } from './chart-model.ts'
import { changeWords, createStart, distanceWords } from './delta.ts'
import { Sample } from './sample.tsx'
import { type Scene, toPixel, valueText, xMap, yMap } from './scene.ts'
import { rowsWords, treatmentWords } from './words.ts'

const AlertRows = lazy(async () => ({ default: (await import('./alert-rows.tsx')).AlertRows }))

export interface TooltipProps {
  model: ChartModel
  /** Where the chart's canvas is in the window. */
  rect: DOMRect
  /** The dialog that the chart is in: nothing outside it would be seen. */
  dialog: HTMLElement | undefined
  x: number
  /** Pointer height in CSS pixels of the chart; undefined for the keyboard. */
  pointerY: number | undefined
  docked: boolean
}

interface Row {
  key: string
  name: string
  style: RunStyle
  drawn: number
  logged: number
  /** Words instead of values: `NaN from 910`, `NaN at 7,400`. */
  words: string
  time: number
  created: number | undefined
  /** Of a group. */
  group?: PointHere['group']
}

/**
 * Runs up to which all are listed, and how many otherwise. Docked it covers at most a third of a phone's low
 * card: a head and two rows of two.
 */
const ROOM = { all: 12, nearest: 5 }
const DOCKED_ROOM = { all: 4, nearest: 4 }
const WIDTH = 300
/** With three columns, or band and n of groups. */
const WIDE = 420

/** Values of the runs at the crosshair. Placed 12 px right of it, or left where the window ends. */
export function Tooltip(props: TooltipProps) {
  const { crosshair, view } = props.model
  const start = createStart(props.model)
  /** The crosshair before this one, once its values are known: three columns, from, to and the change. */
  const from = createMemo(() => (view.cursor()?.from === undefined ? undefined : start.answered()?.at))
  const rows = createMemo(() => {
    const asked = crosshair.answered()
    const scene = props.model.scene()
    if (!asked || !scene) return []
    // the pointer has just come here from another chart: of the other runs the answer is on its way
    if (asked.runs.length === 1 && scene.lines.length > 1) return []
    return rowsOf(asked.runs, crosshair, scene)
  })
  const room = () => (props.docked ? DOCKED_ROOM : ROOM)
  const few = createMemo(() => rows().length <= room().all)
  const shown = createMemo(() => {
    const all = [...rows()].sort((a, b) => order(b) - order(a))
    if (few()) return all
    const drawn = props.model.drawn()
    const y = drawn && yMap(drawn.scene, drawn.box)
    const far = (row: Row): number => {
      const height = y ? toPixel(y, row.drawn) : NaN
      return Number.isNaN(height) ? Infinity : Math.abs(height - (props.pointerY ?? height))
    }
    const near = new Set([...all].sort((a, b) => far(a) - far(b)).slice(0, room().nearest))
    return all.filter((row) => near.has(row))
  })
  const bold = createMemo(
    () => props.model.hot() ?? (shown().length === 1 ? undefined : props.model.focus()?.key),
  )
  /** Some line is drawn otherwise than it was logged. */
  const smoothed = createMemo(() => {
    const { treatment, ends } = props.model.scene()?.frame ?? {}
    return (crosshair.answered()?.smoothing.width ?? 0) > 0 && (treatment?.logged ?? 0) < (ends?.length ?? 0)
  })
  const grouped = createMemo(() => props.model.scene()?.query.groups)
  const alerts = createMemo(() => {
    const drawn = props.model.drawn()
    return drawn?.scene.alerts?.at(drawn.box, props.x) ?? []
  })
  const place = createMemo(() => {
    const drawn = props.model.drawn()
    if (!drawn) return { display: 'none' }
    const { rect } = props
    const px = rect.left + toPixel(xMap(drawn.scene, drawn.box), props.x)
    const height = 58 + 17 * shown().length + 51 * Math.min(4, alerts().length)
    const top = Math.max(
      8,
      Math.min(innerHeight - height - 8, rect.top + (props.pointerY ?? drawn.box.height / 3) - 20),
    )
    if (px + 12 + (grouped() || from() !== undefined ? WIDE : WIDTH) <= innerWidth)
      return { left: `${px + 12}px`, top: `${top}px` }
    return { right: `${innerWidth - px + 12}px`, top: `${top}px` }
  })

  const body = () => (
    <Show when={rows().length > 0 && props.model.scene()}>
      {(scene) => (
        <div
          class="chart-tip"
          classList={{ 'chart-tip-docked': props.docked, 'chart-tip-delta': from() !== undefined }}
          style={props.docked ? {} : place()}
          aria-hidden="true"
        >
          <div class="chart-tip-head">
            <b>
              {scene().query.x.kind === 'wall' ? '' : `${xWord(scene().query)} `}
              {from() === undefined ? '' : `${formatX(scene(), from() ?? NaN)} to `}
              {formatX(scene(), crosshair.answered()?.at ?? props.x)}
            </b>
            <Show
              when={!few() || props.docked}
              fallback={
                <span class="chart-tip-columns">
                  {from() !== undefined ? (
                    <>
                      <i>from</i>
                      <i>to</i>
                      <i>change</i>
                    </>
                  ) : smoothed() ? (
                    <>
                      <i>logged</i>
                      <i>smoothed</i>
                    </>
                  ) : (
                    <i>logged</i>
                  )}
                  <Show when={from() === undefined && grouped()}>
                    {(asked) => (
                      <i class="chart-tip-bandword">{linesWords(asked().statistic, asked().band)}</i>
                    )}
                  </Show>
                </span>
              }
            >
              <span>
                {[
                  few() ? '' : `${room().nearest} of ${formatCount(rows().length)}`,
                  // docked there is no foot
                  props.docked && treatmentWords(scene()),
                ]
                  .filter(Boolean)
                  .join(', ')}
              </span>
            </Show>
          </div>
          <For each={shown()}>
            {(row) => (
              <div class="chart-tip-row" classList={{ hot: row.key === bold() }}>
                <Sample style={row.style} />
                <span class="chart-tip-name">
                  <Name of={row.name} />
                </span>
                <Show
                  when={from() === undefined}
                  fallback={
                    <Change
                      from={start.point(row.key)?.logged}
                      to={crosshair.point(row.key)?.logged}
                      short={!few() || props.docked}
                      scene={scene()}
                    />
                  }
                >
                  <Show when={!row.words} fallback={<span class="chart-tip-value">{row.words}</span>}>
                    <span class="chart-tip-value">{cell(row.logged, scene())}</span>
                    <Show when={smoothed() && few()}>
                      <em>{cell(row.drawn, scene())}</em>
                    </Show>
                    <Show when={grouped() && few() && !props.docked}>
                      <em class="chart-tip-band">{row.group ? bandText(row, scene()) : ''}</em>
                      <em class="chart-tip-n">{row.group ? `n ${row.group.n}` : ''}</em>
                    </Show>
                  </Show>
                </Show>
              </div>
            )}
          </For>
          <Show when={alerts().length > 0}>
            <Suspense>
              <AlertRows alerts={alerts()} />
            </Suspense>
          </Show>
          <div class="chart-tip-foot">
            <Show when={few()} fallback={<Spread rows={rows()} scene={scene()} />}>
              <Show
                when={from() === undefined}
                fallback={<span>{between(start, crosshair, bold() ?? shown()[0]?.key, scene())}</span>}
              >
                <span>
                  {[pairsWords(shown(), bold()), elapsed(shown(), bold(), scene()), treatmentWords(scene())]
                    .filter(Boolean)
                    .join(', ')}
                </span>
              </Show>
              <span>{from() === undefined ? rowsWords(scene()) : 'logged values'}</span>
            </Show>
          </div>
        </div>
      )}
    </Show>
  )
  return (
    <Show when={!props.docked} fallback={body()}>
      <Portal mount={props.dialog ?? document.body}>{body()}</Portal>
    </Show>
  )
}

/** What a run logged at both crosshairs, and the difference; `short`: the difference alone. */
function Change(props: { from: number | undefined; to: number | undefined; short: boolean; scene: Scene }) {
  const write = (value: number | undefined): string =>
    value === undefined ? '–' : formatValue(value, 5, props.scene.integer)
  return (
    <>
      <span class="chart-tip-value" />
      <Show when={!props.short}>
        <em>{write(props.from)}</em>
        <em>{write(props.to)}</em>
      </Show>
      <span class="chart-tip-change">{changeWords(props.from, props.to, props.scene)}</span>
    </>
  )
}

/** How far apart the crosshairs are: in x, and in the time of the run that stands out. */
function between(start: Crosshair, end: Crosshair, key: string | undefined, scene: Scene): string {
  const [a, b] = [start.answered()?.at, end.answered()?.at]
  if (a === undefined || b === undefined) return ''
  const [from, to] = [start.point(key ?? '')?.time, end.point(key ?? '')?.time]
  const far = distanceWords(scene, a, b)
  const time = ((to ?? Number.NaN) - (from ?? Number.NaN)) / 1000
  const timed = scene.query.x.kind !== 'relative' && scene.query.x.kind !== 'wall' && time > 0
  return timed ? `${far}, ${formatDuration(time)}` : far
}

function Spread(props: { rows: Row[]; scene: Scene }) {
  const sorted = createMemo(() =>
    props.rows
      .map((row) => row.logged)
      .filter(Number.isFinite)
      .sort((a, b) => a - b),
  )
  const write = (share: number): string =>
    cell(sorted()[Math.round(share * (sorted().length - 1))] ?? NaN, props.scene, 4)
  return (
    <Show when={sorted().length > 0}>
      <span>min {write(0)}</span>
      <span>median {write(0.5)}</span>
      <span>max {write(1)}</span>
    </Show>
  )
}

function rowsOf(keys: readonly string[], crosshair: Crosshair, scene: Scene): Row[] {
  const runs = new Map(scene.lines.map((line) => [line.run.key, line.run]))
  return keys.flatMap((key) => {
    const run = runs.get(key)
    if (!run) return []
    const { name, style, created } = run
    const row = { key, name, style, created, drawn: NaN, logged: NaN, time: NaN, words: '–' }
    const here = crosshair.point(key)
    if (!here) return [row]
    const { time, logged, drawn, group } = here
    return [{ ...row, time, logged, drawn, group, words: nonFiniteWords(scene, here) }]
  })
}

/** `NaN from 910` where it goes on, `NaN at 7,400` where it stands alone; '' for a number. */
export function nonFiniteWords(scene: Scene, { x, logged, since }: PointHere): string {
  if (Number.isFinite(logged)) return ''
  const value = formatValue(logged)
  return Number.isNaN(since) ? `${value} at ${formatX(scene, x)}` : `${value} from ${formatX(scene, since)}`
}

/** `± 0.0037`, or both ends where the band does not lie evenly around the line; '' where there is none. */
function bandText({ drawn, group }: Row, scene: Scene): string {
  if (!group || Number.isNaN(group.low)) return ''
  const { statistic, band } = scene.query.groups ?? {}
  const even = statistic === 'mean' && (band === 't95' || band === 'sem' || band === 'std')
  if (even) return `± ${formatValue(group.high - drawn, 3)}`
  return `${cell(group.low, scene, 4)} to ${cell(group.high, scene, 4)}`
}

/** How often runs of the group are above those of the baseline's, of all pairs. */
function pairsWords(rows: Row[], bold: string | undefined): string {
  const { name, group } = rows.find((row) => row.key === bold && row.group) ?? {}
  if (!name || !group || group.pairs === 0) return ''
  return `${nameInText(name)} above baseline in ${group.above} of ${formatCount(group.pairs)} pairs`
}

function order(row: Row): number {
  return Number.isFinite(row.drawn) ? row.drawn : -Infinity
}

function cell(value: number, scene: Scene, digits = 5): string {
  return Number.isNaN(value) ? '–' : valueText(scene, value, digits)
}

function elapsed(rows: Row[], bold: string | undefined, scene: Scene): string {
  const row = rows.find((candidate) => candidate.key === bold) ?? rows[0]
  if (!row || !Number.isFinite(row.time) || scene.query.x.kind === 'relative') return ''
  if (row.created !== undefined && Number.isFinite(row.created))
    return formatDuration((row.time - row.created) / 1000)
  return scene.query.x.kind === 'wall' ? '' : formatClock(row.time, scene.timeZone)
}
