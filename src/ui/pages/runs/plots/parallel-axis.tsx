import { createMemo, createSignal, For, Show } from 'solid-js'
import type { Brush } from '../../../../compute/brush.ts'
import { formatPlural } from '../../../../compute/format.ts'
import { formatCount } from '../../../../compute/number.ts'
import { plotTicks } from '../../../../compute/plot-axis.ts'
import { visibleName } from '../../../../compute/visible-name.ts'
import { useApp } from '../../../../state/app.ts'
import { exact, valueText } from '../cells.ts'
import { type AxisView, placeOf } from './axes.ts'
import {
  changedBrush,
  type Stretch,
  stretchesOf,
  toggledValue,
  valuesOf,
  withoutStretch,
} from './brushing.ts'

/** Room for one label of an axis of words, of one of numbers, px. */
const WORD_ROOM = 14
const TICK_ROOM = 34
/** The grip at an end of a brush, px: there it is made longer, elsewhere it is moved. */
const GRIP = 7
/** Less than this is a click, px. */
const STILL = 3
/** A key moves or widens by so much of an axis of numbers. */
const KEY_STEP = 0.05

export interface ParallelAxisProps {
  view: AxisView
  /** Middle of the axis, its top and its length, px; where runs without a value are. */
  x: number
  top: number
  length: number
  nowhere: number
  brush: Brush | undefined
  /** Runs of each word, by its place. */
  counts: readonly number[]
  /** Called with each change; `done` once it is let go. */
  onBrush(brush: Brush | undefined, done: boolean): void
  onStep(by: -1 | 1, move: boolean): void
}

/** The line of an axis with its ticks, words and counts, and what is brushed on it. */
export function ParallelAxis(props: ParallelAxisProps) {
  const { preferences } = useApp()
  const axis = () => props.view.axis()
  const yOf = (share: number): number => props.top + placeOf(props.view, share) * props.length
  const shareAt = (y: number): number => {
    const place = Math.max(0, Math.min(1, (y - props.top) / props.length))
    return placeOf(props.view, place)
  }
  /** What is dragged, as shares, before it snaps to values. */
  const [drag, setDrag] = createSignal<[number, number]>()

  const stretches = createMemo((): Stretch[] => {
    const [now, brush] = [axis(), props.brush]
    return now && brush ? stretchesOf(now, brush) : []
  })
  const ticks = createMemo(() => {
    const now = axis()
    const kind = props.view.column.data()?.kind
    if (!now || now.kind === 'words' || !kind) return []
    const { values, labels } = plotTicks(
      ...([now, kind, Math.floor(props.length / TICK_ROOM), preferences.value().timeZone, exact] as const),
    )
    return values.flatMap((value, i) => {
      const share = now.share(value)
      return share >= 0 && share <= 1 ? [{ y: yOf(share), text: labels[i] ?? '' }] : []
    })
  })
  /** All words have a mark; of many, those have a label that there is room for. */
  const words = createMemo(() => {
    const now = axis()
    if (now?.kind !== 'words') return []
    let free = -Infinity
    const places = now.words.map((text, i) => ({
      text,
      y: yOf(now.share(i)),
      count: props.counts[i] ?? 0,
      label: false,
    }))
    for (const place of [...places].sort((a, b) => a.y - b.y)) {
      if (place.y < free) continue
      place.label = true
      free = place.y + WORD_ROOM
    }
    return places
  })
  const rect = (low: number, high: number): { y: number; height: number } => {
    const [a, b] = [yOf(low), yOf(high)]
    return { y: Math.min(a, b), height: Math.max(3, Math.abs(b - a)) }
  }

  function change(replaced: number | undefined, ends: readonly [number, number], done: boolean): void {
    const now = axis()
    if (now) props.onBrush(changedBrush(now, props.brush, replaced, ends, 1 / props.length), done)
  }

  function onPointerDown(event: PointerEvent): void {
    const now = axis()
    if (event.button !== 0 || !now || !props.view.subject) return
    const target = event.currentTarget as HTMLElement
    const above = target.getBoundingClientRect().top
    const y = (at: PointerEvent): number => at.clientY - above + props.top
    const begin = y(event)
    const before = props.brush
    const at = stretches().findIndex(({ low, high }) => {
      const { y: top, height } = rect(low, high)
      return begin >= top - GRIP / 2 && begin <= top + height + GRIP / 2
    })
    const taken = stretches()[at]
    // the end that stays, where one of the grips was taken
    let fixed: number | undefined = shareAt(begin)
    if (taken) {
      const [a, b] = [yOf(taken.low), yOf(taken.high)]
      fixed = Math.abs(begin - a) <= GRIP ? taken.high : Math.abs(begin - b) <= GRIP ? taken.low : undefined
      if (Math.abs(a - b) < 3 * GRIP) fixed = undefined
    }
    const endsAt = (to: number): [number, number] => {
      if (fixed !== undefined) {
        const other = shareAt(to)
        return [Math.min(fixed, other), Math.max(fixed, other)]
      }
      // moved as a whole, at most to the ends of the axis
      const [low, high] = [taken?.low ?? 0, taken?.high ?? 0]
      const by = shareAt(to) - shareAt(begin) || 0
      const held = Math.max(-low, Math.min(1 - high, by))
      return [low + held, high + held]
    }
    let moved = false
    let frame = 0
    let last = event
    const apply = (done: boolean): void => {
      const ends = endsAt(y(last))
      setDrag(done ? undefined : ends)
      props.onBrush(changedBrush(now, before, taken ? at : undefined, ends, 1 / props.length), done)
    }
    const onMove = (next: PointerEvent): void => {
      last = next
      if (Math.abs(y(next) - begin) > STILL) moved = true
      if (moved && frame === 0)
        frame = requestAnimationFrame(() => {
          frame = 0
          apply(false)
        })
    }
    const onEnd = (): void => {
      cancelAnimationFrame(frame)
      target.removeEventListener('pointermove', onMove)
      if (moved) apply(true)
      else click(begin, at)
    }
    target.setPointerCapture(event.pointerId)
    target.addEventListener('pointermove', onMove)
    target.addEventListener('lostpointercapture', onEnd, { once: true })
  }

  /** A value by itself is taken or left; a brush that was clicked goes. */
  function click(y: number, at: number): void {
    const now = axis()
    if (!now) return
    const values = valuesOf(now)
    const nearest = values
      ?.map(({ share }, i) => ({ i, far: Math.abs(yOf(share) - y) }))
      .sort((a, b) => a.far - b.far)[0]
    if (nearest && nearest.far <= WORD_ROOM) props.onBrush(toggledValue(now, props.brush, nearest.i), true)
    else if (at >= 0 && props.brush) props.onBrush(withoutStretch(now, props.brush, at), true)
  }

  function onKeyDown(event: KeyboardEvent): void {
    const now = axis()
    if (event.ctrlKey || event.metaKey || !now) return
    const up = event.key === 'ArrowUp'
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight')
      props.onStep(event.key === 'ArrowLeft' ? -1 : 1, event.altKey)
    else if (event.key === 'Delete' || event.key === 'Backspace') {
      if (props.brush) props.onBrush(undefined, true)
    } else if ((up || event.key === 'ArrowDown') && props.view.subject) {
      // which way a greater share lies
      const rises = placeOf(props.view, 1) < placeOf(props.view, 0)
      key(up === rises ? 1 : -1, event.shiftKey)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** The last stretch is moved, or its far end alone; without one, the end of the axis is taken. */
  function key(sign: 1 | -1, widen: boolean): void {
    const now = axis()
    if (!now) return
    const values = valuesOf(now)
    const last = stretches().at(-1)
    if (values) {
      const [from, to] = last ? [last.from, last.to] : sign > 0 ? [values.length, values.length] : [-1, -1]
      const move = (at: number): number =>
        Math.max(0, Math.min(values.length - 1, at + sign * (last ? 1 : -1)))
      const [a, b] = widen ? (sign > 0 ? [from, move(to)] : [move(from), to]) : [move(from), move(to)]
      return change(last && stretches().length - 1, [values[a]?.share ?? 0, values[b]?.share ?? 0], true)
    }
    if (!last) return change(undefined, sign > 0 ? [1 - 2 * KEY_STEP, 1] : [0, 2 * KEY_STEP], true)
    const by = (at: number): number => Math.max(0, Math.min(1, at + sign * KEY_STEP))
    const ends: [number, number] = widen
      ? sign > 0
        ? [last.low, by(last.high)]
        : [by(last.low), last.high]
      : sign > 0
        ? [by(last.high) - (last.high - last.low), by(last.high)]
        : [by(last.low), by(last.low) + (last.high - last.low)]
    change(stretches().length - 1, ends, true)
  }

  /** What is brushed, in words. */
  const brushWords = (): string => {
    const [now, data] = [axis(), props.view.column.data()]
    if (!now || !data) return 'still computed'
    if (!props.view.subject) return 'no filter can ask for it'
    if (!props.brush) return 'nothing brushed'
    const values = valuesOf(now)
    if (values)
      return stretches()
        .flatMap(({ from, to }) => values.slice(from, to + 1).map(({ text }) => text))
        .join(', ')
    const text = (value: number): string =>
      data.kind === 'text' ? '' : valueText(props.view.spec, data.kind, value, preferences.value().timeZone)
    return props.brush.intervals
      .map(({ low, high }) =>
        low === -Infinity
          ? `up to ${text(high)}`
          : high === Infinity
            ? `from ${text(low)}`
            : `${text(low)} to ${text(high)}`,
      )
      .join(', ')
  }

  return (
    <>
      <svg
        class="parallel-axis"
        style={{ left: `${props.x - 100}px` }}
        width="200"
        height={props.nowhere + 26}
        aria-hidden="true"
      >
        <g transform="translate(100.5 0)">
          <line class="axis" x1="0" x2="0" y1={props.top} y2={props.top + props.length} />
          <For each={words()}>
            {(word) => (
              <>
                <rect
                  class="mark"
                  x="-3"
                  width="6"
                  y={word.y - Math.min(10, props.length / words().length / 2 - 0.5)}
                  height={Math.max(1, Math.min(20, props.length / words().length - 1))}
                />
                <Show when={word.label}>
                  <text class="word" x={props.brush ? 13 : 9} y={word.y + 4}>
                    {clipped(visibleName(word.text))} <tspan>{formatCount(word.count)}</tspan>
                  </text>
                </Show>
              </>
            )}
          </For>
          <For each={ticks()}>
            {(tick) => (
              <>
                <line
                  class="axis"
                  x1="-4"
                  x2="0"
                  y1={Math.round(tick.y) + 0.5}
                  y2={Math.round(tick.y) + 0.5}
                />
                <text class="tick" x={props.brush ? -13 : -8} y={tick.y + 4}>
                  {tick.text}
                </text>
              </>
            )}
          </For>
          <Show when={drag()}>
            {(ends) => <rect class="brush drag" x="-9" width="18" {...rect(ends()[0], ends()[1])} />}
          </Show>
          <For each={stretches()}>
            {(one) => {
              const box = () => rect(one.low, one.high)
              return (
                <>
                  <rect class="brush" x="-9" width="18" {...box()} />
                  <path class="grip" d={`M-4 ${box().y + 3.5}h8M-4 ${box().y + box().height - 3.5}h8`} />
                </>
              )
            }}
          </For>
          <Show when={(axis()?.without ?? 0) > 0}>
            <circle class="nowhere" cx="0" cy={props.nowhere} r="3" />
            <text
              class="none"
              x="0"
              y={props.nowhere + 16}
            >{`no value ${formatCount(axis()?.without ?? 0)}`}</text>
          </Show>
        </g>
      </svg>
      <button
        type="button"
        class="parallel-keys"
        classList={{ fixed: !props.view.subject }}
        data-axis={props.view.id}
        aria-roledescription="axis"
        aria-label={`${props.view.column.label}: ${brushWords()}${stretches().length > 1 ? `, ${formatPlural(stretches().length, 'brush', 'brushes')}` : ''}`}
        title={
          props.view.subject
            ? 'Drag to brush; ↑ ↓ brush, with Shift they widen, Delete clears, ← → other axes'
            : 'No filter can ask for this, so it cannot be brushed'
        }
        style={{ left: `${props.x - 14}px`, top: `${props.top}px`, height: `${props.length}px` }}
        onPointerDown={onPointerDown}
        onDblClick={() => props.brush && props.onBrush(undefined, true)}
        onKeyDown={onKeyDown}
      />
    </>
  )
}

/** Labels of words stay short of the next axis. */
function clipped(text: string): string {
  return text.length > 15 ? `${text.slice(0, 7)}…${text.slice(-7)}` : text
}
