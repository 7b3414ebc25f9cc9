import { createMemo, createSignal, For, onCleanup, Show } from 'solid-js'
import { splitMiddle } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { RunLink } from '../../common/run-link.tsx'
import { Icon } from '../../components/icon.tsx'
import { Swatch } from '../../components/swatch.tsx'
import type { TableColumn } from './columns.ts'
import { startsSection } from './head-cell.tsx'
import type { Line } from './lines.ts'
import { keysOf, type RunsModel } from './model.ts'
import { GroupCell, RunCell } from './run-cell.tsx'

/** The strip of a cell opens under a pointer that rests. */
const REST_MS = 150

export interface RunLineProps {
  model: RunsModel
  line: Line
  index: number
  top: number
  height: number
  nameWidth: number
  columns: readonly TableColumn[]
  lefts: readonly number[]
  placeOfColumn: ReadonlyMap<string, number>
  widthOf(column: TableColumn): number
  /** The column of the one cell that Tab reaches, where it is in this line. */
  reached: number | undefined
  /** Columns of this line that are in the range, first and last. */
  range: readonly [number, number] | undefined
  onReach(column: number): void
  onToggle(): void
  /** A cell was pressed, with keys that make a range or a selection of it. */
  onPress(event: PointerEvent, column: number): void
  onMenu(button: HTMLElement): void
  /** The pointer rests on a cell, or left. */
  onPoint(column: number | undefined): void
}

/** One run, or the head of a group: its name, then the cells in sight. */
export function RunLine(props: RunLineProps) {
  const { runs, view } = useApp()
  const keys = createMemo(() => keysOf(props.model, props.line))
  const first = () => keys()[0] ?? ''
  const shown = createMemo(() => keys().filter((key) => runs.isShown(key)).length)
  const hot = () => keys().length === 1 && view.highlight() === first()
  const picked = createMemo(
    () => props.model.selection.count() > 0 && keys().every((key) => props.model.selection.has(key)),
  )
  /** The pointer or the focus is in the line. */
  const [near, setNear] = createSignal(false)
  let inside = false
  /** What it highlighted: the line may have become another one since. */
  let lit: string | undefined
  let rests: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(rests))

  function point(column: number | undefined): void {
    clearTimeout(rests)
    if (column === undefined) return
    rests = setTimeout(() => props.onPoint(column), REST_MS)
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table's row would need a table
    // biome-ignore lint/a11y/useFocusableInteractive: its cells have the keys
    <div
      role="row"
      aria-rowindex={props.index + 2}
      aria-level={props.model.groups() ? props.line.level + 1 : undefined}
      aria-expanded={props.line.kind === 'group' ? props.line.open : undefined}
      aria-selected={picked()}
      class="runs-line"
      classList={{
        group: props.line.kind === 'group',
        off: shown() === 0,
        hot: hot(),
        picked: picked(),
      }}
      data-line={props.line.id}
      data-run-id={props.line.kind === 'run' ? (props.model.all()[props.line.run]?.id ?? first()) : undefined}
      style={{ transform: `translateY(${props.top}px)`, height: `${props.height}px` }}
      onFocusIn={() => {
        inside = true
        setNear(true)
      }}
      onFocusOut={() => {
        inside = false
        setNear(false)
      }}
      onPointerEnter={() => {
        setNear(true)
        lit = keys().length === 1 ? first() : undefined
        if (lit !== undefined) view.setHighlight(lit)
      }}
      onPointerLeave={() => {
        point(undefined)
        if (!inside) setNear(false)
        if (lit !== undefined && view.highlight() === lit) view.setHighlight(undefined)
      }}
    >
      <NameCell
        {...props}
        keys={keys()}
        state={shown() === 0 ? 'false' : shown() === keys().length ? 'true' : 'mixed'}
        tools={near()}
      />
      <For each={props.columns}>
        {(column) => {
          const place = () => props.placeOfColumn.get(column.id) ?? 0
          const pinned = () => place() < props.model.pinned()
          return (
            // biome-ignore lint/a11y/useSemanticElements: the same
            <div
              role="gridcell"
              aria-colindex={place() + 2}
              class="runs-cell"
              classList={{
                number: column.data()?.kind !== 'text',
                rule: startsSection(props.model, place()),
                pinned: pinned(),
                ranged: props.range !== undefined && place() >= props.range[0] && place() <= props.range[1],
              }}
              // a transform of its own for each cell would be a layer to be sorted in each frame
              style={{ left: `${props.lefts[place()] ?? 0}px`, width: `${props.widthOf(column)}px` }}
              data-column={place()}
              tabIndex={props.reached === place() ? 0 : -1}
              onFocus={() => props.onReach(place())}
              onPointerDown={(event) => props.onPress(event, place())}
              onPointerEnter={() => point(place())}
            >
              <Show
                when={props.line.kind === 'group'}
                fallback={<RunCell line={props.line} model={props.model} column={column} />}
              >
                <GroupCell line={props.line} model={props.model} column={column} />
              </Show>
            </div>
          )
        }}
      </For>
    </div>
  )
}

interface NameCellProps extends RunLineProps {
  keys: readonly string[]
  state: 'true' | 'false' | 'mixed'
  tools: boolean
}

function NameCell(props: NameCellProps) {
  const { runs } = useApp()
  const styled = createMemo(() => runs.styled(props.keys[0] ?? ''))
  const name = () =>
    props.line.kind === 'group' ? props.line.label : (props.model.all()[props.line.run]?.name ?? '')
  const parts = createMemo(() => splitMiddle(visibleName(name())))
  const group = () => (props.line.kind === 'group' ? props.line : undefined)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table's cell would need a table
    <div
      role="gridcell"
      aria-colindex="1"
      class="runs-name"
      classList={{ ranged: props.range !== undefined && props.range[0] < 0 }}
      style={{ width: `${props.nameWidth}px`, '--level': props.line.level }}
      data-column="-1"
      tabIndex={props.reached === -1 ? 0 : -1}
      title={visibleName(name())}
      onFocus={() => props.onReach(-1)}
      onPointerDown={(event) => props.onPress(event, -1)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a native box cannot carry the colour */}
      <button
        type="button"
        class="runs-tick"
        role="checkbox"
        tabIndex={-1}
        aria-checked={props.state}
        aria-label={`Show ${name()} in charts`}
        onClick={() => props.onToggle()}
      >
        <Swatch
          color={styled()?.style.color ?? ''}
          dash={styled()?.style.dash ?? []}
          on={props.state !== 'false'}
          some={props.state === 'mixed'}
        />
      </button>
      <Show when={group()}>
        {(found) => (
          <button
            type="button"
            class="runs-twist"
            tabIndex={-1}
            aria-label={`${found().open ? 'Close' : 'Open'} ${found().label}`}
            onClick={() => props.model.toggleGroup(found().id.slice(2))}
          >
            {found().open ? '⌄' : '›'}
          </button>
        )}
      </Show>
      <Show
        when={props.line.kind === 'run'}
        fallback={
          <span class="runs-name-text">
            <span>{parts()[0]}</span>
            <span>{parts()[1]}</span>
          </span>
        }
      >
        {/* Enter on the cell does the same; keys with a click select */}
        <RunLink run={props.keys[0] ?? ''} class="runs-name-text" tabIndex={-1} plain>
          <span>{parts()[0]}</span>
          <span>{parts()[1]}</span>
        </RunLink>
      </Show>
      <Show when={group()}>{(found) => <span class="runs-n">{formatCount(found().runs.length)}</span>}</Show>
      <Show when={props.model.isBaseline(props.line)}>
        <span class="runs-base">baseline</span>
      </Show>
      <Show when={props.tools}>
        <span class="runs-tools">
          <button
            type="button"
            class="icon-button"
            tabIndex={-1}
            aria-label={`Show only ${name()}`}
            title="Show only this in charts (o)"
            onClick={() => runs.solo(props.keys)}
          >
            <Icon name="solo" />
          </button>
          <button
            type="button"
            class="icon-button"
            tabIndex={-1}
            aria-label={`More about ${name()}`}
            aria-haspopup="dialog"
            title="More (m)"
            onClick={(event) => props.onMenu(event.currentTarget)}
          >
            <Icon name="more" />
          </button>
        </span>
      </Show>
    </div>
  )
}
