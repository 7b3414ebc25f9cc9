import { createMemo, Show } from 'solid-js'
import { formatPlural } from '../../../../compute/format.ts'
import { STATISTICS } from '../../../../compute/run-columns.ts'
import { visibleName } from '../../../../compute/visible-name.ts'
import { MenuItems } from '../../../components/menu-items.tsx'
import { Popover } from '../../../components/popover.tsx'
import { STATISTIC_WORDS, takenWords } from '../labels.ts'
import type { AxisView } from './axes.ts'

/** Farther than this a press on a head is a drag, px. */
const STILL = 4

const EXPLAINED =
  'Share of the last axis’ variance that this key explains alone: ε² of a one-way analysis over all runs, ' +
  '1 − (SS within / (n − k)) / (SS total / (n − 1)), never below 0'

export interface ParallelHeadProps {
  view: AxisView
  name: string
  left: number
  width: number
  brushes: number
  values: number | undefined
  first: boolean
  last: boolean
  onLog(on: boolean): void
  onFlip(on: boolean): void
  onStatistic(by: (typeof STATISTICS)[number]): void
  onHide(): void
  onClear(): void
  onMove(by: -1 | 1): void
  /** Dragged by so many pixels; `done` once it is let go. */
  onDrag(by: number, done: boolean): void
}

/**
 * Name of an axis, what of it is shown, what is brushed: a button with a menu, which moves the axis when dragged.
 */
export function ParallelHead(props: ParallelHeadProps) {
  const { view } = props
  const spec = view.spec
  const explained = createMemo(() => view.explained())
  let dragged = false

  function onPointerDown(event: PointerEvent): void {
    if (event.button !== 0) return
    const from = event.clientX
    const target = event.currentTarget as HTMLElement
    dragged = false
    const onMove = (move: PointerEvent): void => {
      const by = move.clientX - from
      if (!dragged && Math.abs(by) <= STILL) return
      if (!dragged) target.setPointerCapture(event.pointerId)
      dragged = true
      props.onDrag(by, false)
    }
    const onEnd = (end: PointerEvent): void => {
      window.removeEventListener('pointermove', onMove)
      window.removeEventListener('pointerup', onEnd)
      window.removeEventListener('pointercancel', onEnd)
      if (dragged) props.onDrag(end.clientX - from, true)
    }
    window.addEventListener('pointermove', onMove)
    window.addEventListener('pointerup', onEnd)
    window.addEventListener('pointercancel', onEnd)
  }

  return (
    <div
      class="parallel-head"
      style={{ left: `${props.left}px`, width: `${props.width}px` }}
      onPointerDown={onPointerDown}
      // a head that was dragged does not open
      on:click={{
        capture: true,
        handleEvent: (event: Event) => {
          if (!dragged) return
          event.preventDefault()
          event.stopPropagation()
          dragged = false
        },
      }}
    >
      <Popover
        label={`Axis ${view.column.label}`}
        class="parallel-name"
        role="menu"
        title={visibleName(spec.kind === 'metric' ? spec.metric : view.column.label)}
        button={<b class="clip">{visibleName(props.name)}</b>}
      >
        <MenuItems
          items={[
            ...(spec.kind === 'metric'
              ? STATISTICS.map((by) => ({
                  text: STATISTIC_WORDS[by],
                  checked: spec.by === by,
                  onSelect: () => props.onStatistic(by),
                }))
              : []),
            ...(spec.kind === 'metric' ? [undefined] : []),
            ...(view.axis()?.kind === 'number'
              ? [{ text: 'Log', checked: view.log(), many: true, onSelect: () => props.onLog(!view.log()) }]
              : []),
            {
              text: 'Flipped',
              checked: view.flipped(),
              many: true,
              onSelect: () => props.onFlip(!view.flipped()),
            },
            undefined,
            { text: 'Move left', disabled: props.first, onSelect: () => props.onMove(-1) },
            { text: 'Move right', disabled: props.last, onSelect: () => props.onMove(1) },
            { text: 'Clear brush', disabled: props.brushes === 0, onSelect: () => props.onClear() },
            { text: 'Hide axis', onSelect: () => props.onHide() },
          ]}
        />
      </Popover>
      <span class="parallel-note">
        <Show when={spec.kind === 'metric' && spec}>{(metric) => <span>{takenWords(metric())}</span>}</Show>
        <Show when={explained() !== undefined}>
          <span
            class="clip"
            title={EXPLAINED}
          >{`explains ${Math.round(100 * (explained() ?? 0))} % alone`}</span>
        </Show>
        <Show when={view.log()}>
          <i>log</i>
        </Show>
        <Show when={view.flipped()}>
          <i>flipped</i>
        </Show>
      </span>
      <span class="parallel-note">
        {props.brushes > 0
          ? formatPlural(props.brushes, 'brush', 'brushes')
          : props.values !== undefined
            ? formatPlural(props.values, 'value')
            : ''}
      </span>
    </div>
  )
}
