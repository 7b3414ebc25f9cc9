import { createMemo, For, onCleanup, Show } from 'solid-js'
import { splitMiddle } from '../../../compute/format.ts'
import { formatCount, formatValue } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { RunLink } from '../../common/run-link.tsx'
import { Swatch } from '../../components/swatch.tsx'
import { cellText, signed, valueText } from './cells.ts'
import type { TableColumn } from './columns.ts'
import type { Line } from './lines.ts'
import { keysOf, type RunsModel } from './model.ts'
import { startsSection, useZone } from './runs-head.tsx'

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
  onReach(column: number): void
  onToggle(): void
  /** The pointer rests on a cell, or left. */
  onPoint(column: number | undefined): void
}

/** One run, or the head of a group: its name, then the cells in sight. */
export function RunLine(props: RunLineProps) {
  const { runs, view } = useApp()
  const keys = createMemo(() => keysOf(props.model, props.line))
  const first = () => keys()[0] ?? ''
  const styled = createMemo(() => runs.styled(first()))
  const shown = createMemo(() => keys().filter((key) => runs.isShown(key)).length)
  const state = () => (shown() === 0 ? 'false' : shown() === keys().length ? 'true' : 'mixed')
  const name = () =>
    props.line.kind === 'group' ? props.line.label : (props.model.all()[props.line.run]?.name ?? '')
  const parts = createMemo(() => splitMiddle(visibleName(name()), 12))
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
      aria-level={props.model.groups() ? (props.line.kind === 'run' ? 2 : 1) : undefined}
      aria-expanded={props.line.kind === 'group' ? props.line.open : undefined}
      class="runs-line"
      classList={{
        group: props.line.kind === 'group',
        off: shown() === 0,
        hot: keys().length === 1 && view.highlight() === first(),
      }}
      data-line={props.line.id}
      style={{ transform: `translateY(${props.top}px)`, height: `${props.height}px` }}
      onPointerEnter={() => keys().length === 1 && view.setHighlight(first())}
      onPointerLeave={() => {
        point(undefined)
        if (view.highlight() === first()) view.setHighlight(undefined)
      }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: the same */}
      <div
        role="gridcell"
        aria-colindex="1"
        class="runs-name"
        classList={{ inside: props.line.kind === 'run' && props.line.inside }}
        style={{ width: `${props.nameWidth}px` }}
        data-column="-1"
        tabIndex={props.reached === -1 ? 0 : -1}
        title={visibleName(name())}
        onFocus={() => props.onReach(-1)}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: a native box cannot carry the colour */}
        <button
          type="button"
          class="runs-tick"
          role="checkbox"
          tabIndex={-1}
          aria-checked={state()}
          aria-label={`Show ${name()} in charts`}
          onClick={() => props.onToggle()}
        >
          <Swatch
            color={styled()?.style.color ?? ''}
            dash={styled()?.style.dash ?? []}
            on={state() !== 'false'}
          />
        </button>
        <Show when={props.line.kind === 'group' && props.line}>
          {(group) => (
            <button
              type="button"
              class="runs-twist"
              tabIndex={-1}
              aria-label={`${group().open ? 'Close' : 'Open'} ${group().label}`}
              onClick={() => props.model.toggleGroup(group().id.slice(2))}
            >
              {group().open ? '⌄' : '›'}
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
          <RunLink run={first()} class="runs-name-text" tabIndex={-1}>
            <span>{parts()[0]}</span>
            <span>{parts()[1]}</span>
          </RunLink>
        </Show>
        <Show when={props.line.kind === 'group' && props.line}>
          {(group) => <span class="runs-n">{formatCount(group().runs.length)}</span>}
        </Show>
        <Show when={props.model.isBaseline(props.line)}>
          <span class="runs-base">baseline</span>
        </Show>
      </div>
      <For each={props.columns}>
        {(column) => {
          const place = () => props.placeOfColumn.get(column.id) ?? 0
          return (
            // biome-ignore lint/a11y/useSemanticElements: the same
            <div
              role="gridcell"
              aria-colindex={place() + 2}
              class="runs-cell"
              classList={{
                number: column.data()?.kind !== 'text',
                rule: startsSection(props.model, place()),
              }}
              style={{
                transform: `translateX(${props.lefts[place()] ?? 0}px)`,
                width: `${props.widthOf(column)}px`,
              }}
              data-column={place()}
              tabIndex={props.reached === place() ? 0 : -1}
              onFocus={() => props.onReach(place())}
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

interface CellProps {
  line: Line
  model: RunsModel
  column: TableColumn
}

function RunCell(props: CellProps) {
  const { zone } = useZone()
  const run = () => (props.line.kind === 'run' ? props.line.run : -1)
  const value = () => {
    const data = props.column.data()
    return data && data.kind !== 'text' && data.has[run()] ? data.values[run()] : undefined
  }
  const text = createMemo(() => {
    const data = props.column.data()
    return data ? cellText(props.column.spec, data, run(), zone()) : undefined
  })
  return (
    <Show when={text() !== undefined} fallback={<i class="cell-waits" />}>
      <Show when={hasTrack(props.column) && Number.isFinite(value() ?? Number.NaN)}>
        <Track column={props.column} mean={value() ?? 0} half={Number.NaN} run={run()} model={props.model} />
      </Show>
      <span
        classList={{
          best: props.model.best(props.column).run === run(),
          bad: value() !== undefined && !Number.isFinite(value()),
          ...deltaClasses(props.model, props.column, value(), 1),
        }}
      >
        <Show
          when={props.column.spec.kind === 'metric' && props.column.spec.delta}
          fallback={visibleName(text() ?? '')}
        >
          {props.model.isBaseline(props.line) ? 'baseline' : deltaText(props.model, props.column, value(), 1)}
        </Show>
      </span>
    </Show>
  )
}

function GroupCell(props: CellProps) {
  const { zone } = useZone()
  const members = () => (props.line.kind === 'group' ? props.line.runs : [])
  const spread = createMemo(() => props.model.spread(props.column, members()))
  /** Of texts, and of what is the same in all runs of the group, that; else how many there are. */
  const common = createMemo(() => {
    const data = props.column.data()
    if (!data) return undefined
    const each = new Set(members().map((run) => cellText(props.column.spec, data, run, zone())))
    if (each.size === 1) return [...each][0]
    return data.kind === 'text' || props.column.spec.kind === 'config' ? `${each.size} distinct` : undefined
  })
  const isMetric = () => props.column.spec.kind === 'metric'
  const text = createMemo(() => {
    const found = spread()
    if (!isMetric() && common() !== undefined) return common()
    if (!found) return common()
    if (found.n === 0) return ''
    const data = props.column.data()
    return data && data.kind !== 'text' ? valueText(props.column.spec, data.kind, found.mean, zone()) : ''
  })
  const isDelta = () => props.column.spec.kind === 'metric' && props.column.spec.delta !== undefined
  return (
    <Show when={props.column.data()} fallback={<i class="cell-waits" />}>
      <Show when={hasTrack(props.column) && (spread()?.n ?? 0) > 0}>
        <Track
          column={props.column}
          mean={spread()?.mean ?? 0}
          half={spread()?.half ?? Number.NaN}
          run={members()[0] ?? 0}
          model={props.model}
        />
      </Show>
      <span
        classList={{
          best: props.model.best(props.column).group === props.line.id,
          ...deltaClasses(props.model, props.column, spread()?.mean, members().length),
        }}
      >
        <Show when={isDelta()} fallback={visibleName(text() ?? '')}>
          {props.model.isBaseline(props.line)
            ? 'baseline'
            : deltaText(props.model, props.column, spread()?.mean, members().length)}
        </Show>
      </span>
      <Show when={isMetric() && !isDelta() && !Number.isNaN(spread()?.half ?? Number.NaN)}>
        <span class="half">{`± ${formatValue(spread()?.half ?? 0, 2)}`}</span>
      </Show>
    </Show>
  )
}

/** A value's place between the least and the greatest of all runs; of a group with its interval. */
function Track(props: { column: TableColumn; mean: number; half: number; run: number; model: RunsModel }) {
  const { runs } = useApp()
  const range = () => props.column.summary()?.summary
  const at = (value: number): number => {
    const found = range()
    if (!found || !(found.greatest > found.least)) return 50
    const scale = found.log && value > 0 ? Math.log : (one: number) => one
    const [from, to] = [scale(found.least), scale(found.greatest)]
    return Math.max(0, Math.min(100, (100 * (scale(value) - from)) / (to - from)))
  }
  const color = () => runs.styled(props.model.all()[props.run]?.key ?? '')?.style.color
  const wide = () => !Number.isNaN(props.half)
  return (
    <span class="track" aria-hidden="true" style={{ '--c': color() }}>
      <Show when={wide()}>
        <b
          style={{
            left: `${at(props.mean - props.half)}%`,
            width: `${at(props.mean + props.half) - at(props.mean - props.half)}%`,
          }}
        />
      </Show>
      <i classList={{ mean: wide() }} style={{ left: `${at(props.mean)}%` }} />
    </span>
  )
}

function hasTrack({ spec, direction }: TableColumn): boolean {
  return spec.kind === 'metric' && !spec.delta && direction !== undefined
}

/** `≈` stands before what is within the noise of the baseline's seeds. */
function deltaText(model: RunsModel, column: TableColumn, value: number | undefined, n: number): string {
  if (value === undefined || Number.isNaN(value)) return ''
  return `${isNoise(model, column, value, n) ? '≈ ' : ''}${signed(value)}`
}

function deltaClasses(model: RunsModel, column: TableColumn, value: number | undefined, n: number) {
  if (column.spec.kind !== 'metric' || !column.spec.delta || value === undefined) return {}
  const noise = isNoise(model, column, value, n)
  const better = column.direction === 'max' ? value > 0 : column.direction === 'min' ? value < 0 : false
  return { noise, good: !noise && better }
}

function isNoise(model: RunsModel, column: TableColumn, value: number, n: number): boolean {
  const limit = model.noise(column, n)
  return !Number.isNaN(limit) && Math.abs(value) <= limit
}
