import { createEffect, createMemo, createSignal, For, mapArray, on, onCleanup, onMount, Show } from 'solid-js'
import { formatPlural } from '../../../../compute/format.ts'
import { formatCount } from '../../../../compute/number.ts'
import { rampColors } from '../../../../compute/ramp.ts'
import { type ColumnSpec, columnId } from '../../../../compute/run-columns.ts'
import { visibleName } from '../../../../compute/visible-name.ts'
import { useApp } from '../../../../state/app.ts'
import { parseColor, readTokens } from '../../../charts/design-tokens.ts'
import { setPageWords } from '../../../common/page-words.ts'
import type { RunsModel } from '../model.ts'
import { SelectionBar } from '../selection-bar.tsx'
import { type AxisView, placeOf } from './axes.ts'
import { TableBelow } from './below.tsx'
import { stretchesOf, valuesOf } from './brushing.ts'
import type { Choices } from './choices.ts'
import { ColorKey } from './color-key.tsx'
import type { ColorState } from './color-state.ts'
import { type Held, placesIn } from './held.ts'
import { ParallelAxis } from './parallel-axis.tsx'
import { ParallelHead } from './parallel-head.tsx'
import { ParallelLines } from './parallel-lines.ts'

/** Heads above the axes; what is below them: the mark of runs without a value, and its words. */
const TOP = 76
const FOOT = 52
const NOWHERE = 30
/** Room beside the first and the last axis, for heads and labels. */
const SIDE = 76
/** Axes are never closer; then they scroll sideways. */
const LEAST_GAP = 120
/** Lines through one word, or one of few numbers, spread by so much, so that each is seen. */
const SPREAD_WORDS = 16
const SPREAD_VALUES = 6
/** Lines are drawn for so long in a frame, ms; what is left comes with the next one. */
const DRAW_MS = 6
/** A line that is so near is meant, px. */
const NEAR = 8
/** So many lines at .2 each are as dense as faint ones may be. */
const FAINT_MOST = 200

export interface ParallelProps {
  model: RunsModel
  choices: Choices
  colors: ColorState
  axes: readonly AxisView[]
  held: Held
  phone: boolean
}

/** Each run as a line over axes; a brush on an axis is a condition of the filter. */
export function Parallel(props: ParallelProps) {
  const { model, choices, held, colors } = props
  const { view, theme, settled } = useApp()
  const height = () => (props.phone ? 400 : 500)
  const length = () => height() - TOP - FOOT
  let scroller: HTMLDivElement | undefined
  const [sight, setSight] = createSignal({ left: 0, width: 0 })
  /** A head that is dragged, and how far. */
  const [dragged, setDragged] = createSignal<{ id: string; by: number }>()
  const [took, setTook] = createSignal<number>()

  onMount(() => {
    const element = scroller
    if (!element) return
    const measure = (): void => {
      setSight({ left: element.scrollLeft, width: element.clientWidth })
    }
    measure()
    const sized = new ResizeObserver(measure)
    sized.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    onCleanup(() => sized.disconnect())
  })

  const gap = createMemo(() => {
    const room = sight().width - 2 * SIDE
    return Math.max(LEAST_GAP, Math.floor(room / Math.max(1, props.axes.length - 1)))
  })
  const xOf = (index: number): number => SIDE + index * gap()
  const width = () => Math.max(sight().width, 2 * SIDE + (props.axes.length - 1) * gap())
  const count = () => model.all().length

  const places = mapArray(
    () => props.axes,
    (axis) => createMemo(() => placesOn(axis, length(), count())),
  )
  const counts = mapArray(
    () => props.axes,
    (axis) => createMemo(() => countsOf(axis)),
  )
  const gaps = createMemo(() => props.axes.slice(1).map(({ id }, i) => `${props.axes[i]?.id}\n${id}`))

  // what is drawn pixel by pixel

  const lines = new ParallelLines()
  const canvases = new Map<string, HTMLCanvasElement>()
  let queued = false
  /** The axis that is brushed: what is next to it is drawn first. */
  let around = 0
  let rest = 0
  onCleanup(() => cancelAnimationFrame(rest))
  function schedule(): void {
    if (queued) return
    queued = true
    // once for all that changes together, and still in this frame
    queueMicrotask(() => {
      queued = false
      draw()
    })
  }
  function draw(): void {
    const { left, width: seen } = sight()
    const first = Math.floor((left - SIDE) / gap())
    const began = performance.now()
    const end = Math.max(0, Math.ceil((left + seen - SIDE) / gap()))
    cancelAnimationFrame(rest)
    if (lines.draw(Math.max(0, first), end, around, DRAW_MS)) rest = requestAnimationFrame(draw)
    if (held.moving()) setTook(performance.now() - began)
    setRange(lines.heldRange())
  }
  const [range, setRange] = createSignal<readonly [number, number]>([0, 1], {
    equals: (a, b) => Object.is(a[0], b[0]) && Object.is(a[1], b[1]),
  })
  createEffect(() => {
    const now = colors.colors()
    const tokens = readTokens(theme())
    const n = count()
    if (!now) return
    lines.setLook({
      edge: parseColor(getComputedStyle(document.documentElement).getPropertyValue('--edge').trim()),
      plain: parseColor(tokens.ink2),
      ramp: rampColors(theme()).map(parseColor),
      faint: (theme() === 'dark' ? 0.26 : 0.2) * Math.min(1, Math.sqrt(FAINT_MOST / n)),
      colors:
        now.kind === 'scale'
          ? { kind: 'scale', shares: now.shares, spread: now.each === undefined }
          : { kind: 'own', rgb: Int32Array.from({ length: n }, (_, run) => parseColor(now.of(run))) },
    })
    schedule()
  })
  createEffect(() => {
    const arrays = places().map((one) => one())
    const ids = gaps()
    const size = [gap(), height() - TOP - NOWHERE + 20] as const
    const found = ids.flatMap((id) => canvases.get(id) ?? [])
    if (found.length !== ids.length) return
    lines.setAxes(arrays, found, size[0], size[1], window.devicePixelRatio || 1)
    schedule()
  })
  createEffect(() => {
    lines.setHeld(held.mask())
    schedule()
  })
  createEffect(on(sight, schedule, { defer: true }))
  createEffect(() => {
    const waits = props.axes.some((axis) => !axis.axis()) || colors.colors() === undefined
    settled.setBusy('plot', waits)
  })
  onCleanup(() => settled.setBusy('plot', false))

  // what is pointed at

  function nearest(x: number, y: number): number | undefined {
    const index = Math.max(0, Math.min(props.axes.length - 2, Math.floor((x - SIDE) / gap())))
    const [left, right] = [places()[index]?.(), places()[index + 1]?.()]
    const at = (x - xOf(index)) / gap()
    if (!left || !right || at < -0.1 || at > 1.1 || left.length === 0 || right.length === 0) return undefined
    const mask = held.mask()
    let [best, least] = [-1, NEAR]
    for (let run = 0; run < mask.length; run++) {
      // one that is not held has to be nearer by half
      const far = Math.abs(left[run]! + (right[run]! - left[run]!) * at - y) * (mask[run] ? 1 : 2)
      if (far < least) [best, least] = [run, far]
    }
    return best < 0 ? undefined : best
  }
  let frame = 0
  let pointer: PointerEvent | undefined
  function onPointerMove(event: PointerEvent): void {
    pointer = event
    if (frame !== 0 || event.buttons !== 0) return
    frame = requestAnimationFrame(() => {
      frame = 0
      if (!pointer || !scroller) return
      const box = scroller.getBoundingClientRect()
      const run = nearest(
        pointer.clientX - box.left + scroller.scrollLeft,
        pointer.clientY - box.top - (TOP - 10),
      )
      view.setHighlight(run === undefined ? undefined : model.all()[run]?.key)
    })
  }
  onCleanup(() => {
    cancelAnimationFrame(frame)
    view.setHighlight(undefined)
  })
  const placeOfRun = createMemo(() => new Map(model.all().map(({ key }, i) => [key, i])))
  const hot = createMemo(() => placeOfRun().get(view.highlight() ?? ''))
  const hotPath = createMemo(() => {
    const run = hot()
    if (run === undefined) return undefined
    return places()
      .flatMap((one, i) => {
        const y = one()[run]
        return y === undefined ? [] : `${xOf(i) + 0.5},${y + TOP - 10}`
      })
      .join(' ')
  })

  // order of the axes

  function moveAxis(id: string, by: number): void {
    const specs = props.axes.map(({ spec }) => spec)
    const from = specs.findIndex((spec) => columnId(spec) === id)
    const [taken] = specs.splice(from, 1)
    if (!taken || by === 0) return
    specs.splice(Math.max(0, Math.min(specs.length, from + by)), 0, taken)
    choices.setAxes(specs)
  }
  function stepFrom(index: number, by: -1 | 1, move: boolean): void {
    const view = props.axes[index]
    const to = props.axes[index + by]
    if (!view || !to) return
    if (move) moveAxis(view.id, by)
    focusAxis(move ? view.id : to.id)
  }
  function focusAxis(id: string): void {
    queueMicrotask(() =>
      scroller?.querySelector<HTMLElement>(`.parallel-keys[data-axis="${CSS.escape(id)}"]`)?.focus(),
    )
  }
  function change(view: AxisView, spec: ColumnSpec | undefined): void {
    choices.setAxes(props.axes.flatMap((one) => (one === view ? (spec ?? []) : one.spec)))
  }

  /** Its last part, if that says which one it is. */
  function nameOf(axis: AxisView): string {
    const { spec } = axis
    if (spec.kind !== 'metric' && spec.kind !== 'spark') return axis.column.label
    const leaf = leafOf(spec.metric)
    const alike = props.axes.filter(
      ({ spec: other }) =>
        (other.kind === 'metric' || other.kind === 'spark') &&
        other.metric !== spec.metric &&
        leafOf(other.metric) === leaf,
    )
    return alike.length > 0 ? spec.metric : leaf
  }

  const heldRuns = createMemo(() => placesIn(held.mask()))
  const restingKeys = createMemo(() => held.resting().flatMap((run) => model.all()[run]?.key ?? []))
  const brushes = createMemo(() => props.axes.reduce((sum, axis) => sum + brushesOn(axis), 0))
  function brushesOn(one: AxisView): number {
    const [brush, axis] = [held.brushOf(one.subject), one.axis()]
    return brush && axis ? stretchesOf(axis, brush).length : 0
  }
  const how = (): string => {
    const words = brushes() > 0 ? `by ${formatPlural(brushes(), 'brush', 'brushes')}` : ''
    const other = held.terms().some(({ brush }) => !brush)
    return (
      words || (other || held.terms().length > 0 ? 'by the filter' : 'nothing brushed: drag along an axis')
    )
  }
  const nowhere = createMemo(() => {
    const without = new Set<number>()
    for (const one of props.axes)
      one.axis()?.shares.forEach((share, run) => {
        if (share !== share) without.add(run)
      })
    return without.size
  })
  createEffect(() => {
    const without = nowhere()
    const [n, on] = [count(), heldRuns().length]
    const target = props.axes.at(-1)
    const explains = props.axes.some((one) => one.explained() !== undefined)
    setPageWords(
      [
        `${formatPlural(n, 'run')} drawn, ${formatCount(on)} held, ${formatCount(n - on)} faint`,
        without > 0
          ? `${formatPlural(without, 'run')} ${without === 1 ? 'ends' : 'end'} at a “no value” mark`
          : '',
        explains && target
          ? `Share of ${visibleName(target.column.label)} explained: one-way ε², over all runs`
          : '',
        took() === undefined ? '' : `Brushed in ${Math.max(1, Math.round(took() ?? 0))} ms`,
      ]
        .filter(Boolean)
        .join(' · '),
    )
  })
  const hotName = () => {
    const run = hot()
    return run === undefined ? undefined : model.all()[run]?.name
  }

  return (
    <>
      <div
        class="parallel"
        style={{ height: `${height()}px` }}
        ref={scroller}
        onPointerMove={onPointerMove}
        onPointerLeave={() => view.setHighlight(undefined)}
      >
        <div class="parallel-inner" style={{ width: `${width()}px` }}>
          <For each={gaps()}>
            {(id, i) => (
              <canvas
                ref={(canvas) => {
                  canvases.set(id, canvas)
                  onCleanup(() => canvases.get(id) === canvas && canvases.delete(id))
                }}
                style={{
                  left: `${xOf(i()) + 0.5}px`,
                  top: `${TOP - 10}px`,
                  width: `${gap()}px`,
                  height: `${height() - TOP - NOWHERE + 20}px`,
                }}
              />
            )}
          </For>
          <svg class="parallel-hot" width={width()} height={height()} aria-hidden="true">
            <Show when={hotPath()}>
              {(points) => (
                <>
                  <polyline class="halo" points={points()} />
                  <polyline class="line" points={points()} />
                </>
              )}
            </Show>
          </svg>
          <For each={props.axes}>
            {(axis, i) => (
              <>
                <ParallelAxis
                  view={axis}
                  x={xOf(i())}
                  top={TOP}
                  length={length()}
                  nowhere={height() - NOWHERE}
                  brush={held.brushOf(axis.subject)}
                  counts={counts()[i()]?.() ?? []}
                  onBrush={(brush, done) => {
                    around = i()
                    held.brush(axis, brush, done)
                  }}
                  onStep={(by, move) => stepFrom(i(), by, move)}
                />
                <ParallelHead
                  view={axis}
                  name={nameOf(axis)}
                  left={xOf(i()) - gap() / 2 + 6 + (dragged()?.id === axis.id ? (dragged()?.by ?? 0) : 0)}
                  width={gap() - 12}
                  brushes={brushesOn(axis)}
                  values={axis.axis() && valuesOf(axis.axis()!)?.length}
                  first={i() === 0}
                  last={i() === props.axes.length - 1}
                  onLog={(on) => {
                    const summary = axis.column.summary()?.summary
                    if (summary) choices.setLog(axis.spec, summary, on)
                  }}
                  onFlip={(on) => choices.setFlipped(axis.spec, on)}
                  onStatistic={(by) =>
                    axis.spec.kind === 'metric' &&
                    change(axis, { kind: 'metric', metric: axis.spec.metric, by })
                  }
                  onHide={() => change(axis, undefined)}
                  onClear={() => held.brush(axis, undefined, true)}
                  onMove={(by) => moveAxis(axis.id, by)}
                  onDrag={(by, done) => {
                    setDragged(done ? undefined : { id: axis.id, by })
                    if (done) moveAxis(axis.id, Math.round(by / gap()))
                  }}
                />
              </>
            )}
          </For>
        </div>
      </div>
      <SelectionBar
        model={model}
        keys={restingKeys()}
        count={heldRuns().length}
        of={count()}
        word="held"
        how={how()}
        held
        clear={brushes() > 0 ? 'Clear brushes' : undefined}
        onClear={held.clear}
        onLeave={held.terms().length > 0 ? held.leaveOut : undefined}
      >
        <ColorKey state={colors} runs={heldRuns()} range={Number.isNaN(range()[0]) ? [0, 1] : range()} />
        <Show when={hotName()}>{(name) => <span class="plot-hot clip">{visibleName(name())}</span>}</Show>
      </SelectionBar>
      <TableBelow model={model} runs={held.resting()} phone={props.phone} />
    </>
  )
}

/** Where each run is on an axis, px from the top of the lines; runs without a value at the mark below it. */
function placesOn(view: AxisView, length: number, runs: number): Float32Array {
  const axis = view.axis()
  if (!axis) return new Float32Array(0)
  const values = valuesOf(axis)
  const room = values ? length / Math.max(1, values.length) : 0
  const spread = values ? Math.min(axis.kind === 'words' ? SPREAD_WORDS : SPREAD_VALUES, 0.8 * room) : 0
  const nowhere = length + FOOT - NOWHERE + 10
  return Float32Array.from({ length: runs }, (_, run) => {
    const share = axis.shares[run] ?? Number.NaN
    if (share !== share) return nowhere
    // the same for a run wherever its axis stands: a fraction of its place times the golden ratio
    const aside = ((run * 0.6180339887498949) % 1) - 0.5
    return 10 + placeOf(view, share) * length + aside * spread
  })
}

function leafOf(metric: string): string {
  return metric.slice(metric.lastIndexOf('/') + 1) || metric
}

/** Runs of each word of an axis. */
function countsOf(view: AxisView): number[] {
  const axis = view.axis()
  if (axis?.kind !== 'words') return []
  const found = new Map<number, number>()
  for (const share of axis.shares) found.set(share, (found.get(share) ?? 0) + 1)
  return axis.words.map((_, i) => found.get(axis.share(i)) ?? 0)
}
