import { createEffect, createSignal, createUniqueId, onCleanup, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { Icon } from '../../components/icon.tsx'
import { MenuItems } from '../../components/menu-items.tsx'
import { Popover } from '../../components/popover.tsx'
import { isAwaited, type TableColumn } from './columns.ts'
import { HeadSummary } from './head-summary.tsx'
import { takenWords } from './labels.ts'
import type { RunsModel } from './model.ts'
import { clampWidth } from './widths.ts'

/** A drag begins here; less is a click that slipped. */
const SLIP = 6

export interface HeadCellProps {
  model: RunsModel
  column: TableColumn
  index: number
  left: number
  width: number
  pinned: boolean
  onWidth(width: number): void
  /** Before which column a head that is let go at this place would stand; undefined: after all. */
  placeAt(clientX: number): { before: string | undefined; x: number }
  /** Draws where it would. */
  onDrop(x: number | undefined): void
}

/** The name of a column, which sorts by it, is dragged and has a menu; below it what the column holds. */
export function HeadCell(props: HeadCellProps) {
  const { model } = props
  const { runs, settled } = useApp()
  const column = () => props.column
  const numeric = () => column().data()?.kind !== 'text'
  const [dragging, setDragging] = createSignal(false)
  let pressed: number | undefined
  let dropped = false
  // values that are still to come change what stands in the column
  const id = createUniqueId()
  createEffect(() => settled.setBusy(id, isAwaited(column())))
  onCleanup(() => settled.setBusy(id, false))

  function onMove(event: PointerEvent): void {
    if (pressed === undefined) return
    if (!dragging() && Math.abs(event.clientX - pressed) < SLIP) return
    setDragging(true)
    props.onDrop(props.placeAt(event.clientX).x)
  }

  function onRelease(event: PointerEvent): void {
    if (dragging()) {
      dropped = true
      model.moveColumn(column().chosen, props.placeAt(event.clientX).before)
    }
    cancel()
  }

  function cancel(): void {
    pressed = undefined
    setDragging(false)
    props.onDrop(undefined)
  }

  function onKeyDown(event: KeyboardEvent): void {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (event.altKey && by !== 0) model.shiftColumn(column().chosen, by)
    else if (event.key === 'Delete') model.removeColumn(column().chosen)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table's cell would need a table
    // biome-ignore lint/a11y/useFocusableInteractive: its buttons have the keys
    <div
      role="columnheader"
      aria-colindex={props.index + 2}
      aria-sort={sortOf(model, column().spec)}
      class="runs-head-cell"
      classList={{
        number: numeric(),
        rule: startsSection(model, props.index),
        pinned: props.pinned,
        dragging: dragging(),
      }}
      style={
        props.pinned
          ? { left: `${props.left}px`, width: `${props.width}px` }
          : { transform: `translateX(${props.left}px)`, width: `${props.width}px` }
      }
      data-column-id={column().chosen}
    >
      <div class="head-line">
        <button
          type="button"
          class="head-name"
          title={titleOf(column())}
          onClick={(event) => {
            if (!dropped) model.sort(column().spec, event.shiftKey)
            dropped = false
          }}
          onPointerDown={(event) => {
            dropped = false
            if (event.button !== 0 || event.pointerType === 'touch') return
            pressed = event.clientX
            // at once: the next move may be over another head already
            event.currentTarget.setPointerCapture(event.pointerId)
          }}
          onPointerMove={onMove}
          onPointerUp={onRelease}
          onPointerCancel={cancel}
          onKeyDown={onKeyDown}
        >
          <span class="clip">{visibleName(column().label)}</span>
          {arrow(model, column().spec)}
        </button>
        <Popover
          label={`More about ${column().label}`}
          class="icon-button head-more"
          role="menu"
          button={<Icon name="more" />}
        >
          <HeadMenu model={model} column={column()} index={props.index} pinned={props.pinned} />
        </Popover>
      </div>
      <Show
        when={column().summary()}
        fallback={
          <Show when={column().failed()} fallback={<i class="head-waits" />}>
            {(why) => (
              <span class="head-failed" role="alert" title={why()}>
                <span class="clip">{`could not be read: ${why()}`}</span>
                <button type="button" class="text-button" onClick={() => column().retry?.()}>
                  Try again
                </button>
              </span>
            )}
          </Show>
        }
      >
        {(found) => (
          <Show when={column().spec.kind !== 'spark'} fallback={<SparkSteps of={runsSteps(column())} />}>
            <HeadSummary model={model} column={column()} summary={found().summary} binOf={found().binOf} />
          </Show>
        )}
      </Show>
      {/* biome-ignore lint/a11y/useSemanticElements: a rule between columns that is dragged */}
      <span
        class="head-edge"
        role="separator"
        aria-orientation="vertical"
        aria-label={`Width of ${column().label}`}
        aria-valuenow={props.width}
        tabIndex={0}
        {...edge()}
      />
    </div>
  )

  function runsSteps({ spec }: TableColumn): { from: number; to: number } | undefined {
    const { ranks } = useApp()
    return spec.kind === 'spark' && runs.all().length > 0 ? ranks.sparks(spec.metric) : undefined
  }

  /** The edge is dragged, or moved by arrows. */
  function edge() {
    let from = 0
    return {
      onPointerDown(event: PointerEvent & { currentTarget: HTMLElement }) {
        from = event.clientX - props.width
        event.currentTarget.setPointerCapture(event.pointerId)
        event.preventDefault()
      },
      onPointerMove(event: PointerEvent & { currentTarget: HTMLElement }) {
        if (event.buttons === 1 && event.currentTarget.hasPointerCapture(event.pointerId))
          props.onWidth(clampWidth(event.clientX - from))
      },
      onKeyDown(event: KeyboardEvent) {
        const step = event.key === 'ArrowRight' ? 16 : event.key === 'ArrowLeft' ? -16 : 0
        if (step === 0) return
        props.onWidth(clampWidth(props.width + step))
        event.preventDefault()
        event.stopPropagation()
      },
    }
  }
}

/** Under the name of a column of lines: over which steps they go. */
function SparkSteps(props: { of: { from: number; to: number } | undefined }) {
  return (
    <Show when={props.of && Number.isFinite(props.of.to) && props.of}>
      {(found) => (
        <span class="head-range spark-steps">
          <span>{`step ${formatCount(found().from)} to ${formatCount(found().to)}`}</span>
        </span>
      )}
    </Show>
  )
}

function HeadMenu(props: { model: RunsModel; column: TableColumn; index: number; pinned: boolean }) {
  const { model } = props
  const id = () => props.column.chosen
  return (
    <MenuItems
      items={[
        { text: 'Sort, smallest first', onSelect: () => model.sortBy(props.column.spec, false) },
        { text: 'Sort, largest first', onSelect: () => model.sortBy(props.column.spec, true) },
        undefined,
        { text: props.pinned ? 'Unpin' : 'Pin to the left', onSelect: () => model.togglePin(id()) },
        {
          text: 'Move left',
          note: 'Alt ←',
          disabled: props.index === 0,
          onSelect: () => model.shiftColumn(id(), -1),
        },
        {
          text: 'Move right',
          note: 'Alt →',
          disabled: props.index === model.columns().length - 1,
          onSelect: () => model.shiftColumn(id(), 1),
        },
        { text: 'Hide', note: 'Del', onSelect: () => model.removeColumn(id()) },
      ]}
    />
  )
}

export function sortOf(
  model: RunsModel,
  spec: TableColumn['spec'] | 'name',
): 'none' | 'ascending' | 'descending' {
  const found = model.sortKey(spec)
  return !found ? 'none' : found.descending ? 'descending' : 'ascending'
}

export function arrow(model: RunsModel, spec: TableColumn['spec'] | 'name') {
  const found = () => model.sortKey(spec)
  return (
    <span class="head-arrow" aria-hidden="true">
      <Show when={found()}>
        {(key) =>
          `${key().descending ? ' ↓' : ' ↑'}${key().place > 0 || model.sorting().length > 1 ? key().place + 1 : ''}`
        }
      </Show>
    </span>
  )
}

/** A rule stands where another section begins. */
export function startsSection(model: RunsModel, index: number): boolean {
  const all = model.columns()
  return index > 0 && all[index]?.section !== all[index - 1]?.section
}

function titleOf({ spec, label }: TableColumn): string {
  if (spec.kind === 'spark') return visibleName(spec.metric)
  if (spec.kind === 'logged' && spec.of !== 'traces') return visibleName(`${spec.key}, ${label}`)
  if (spec.kind !== 'metric') return visibleName(label)
  return visibleName(`${spec.metric}, ${takenWords(spec)}`)
}
