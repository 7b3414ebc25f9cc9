import { createMemo, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatFixed, formatValue } from '../../../compute/number.ts'
import type { ColumnSpec } from '../../../compute/run-columns.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { cellText, signed, valueText } from './cells.ts'
import type { TableColumn } from './columns.ts'
import { useZone } from './head-summary.tsx'
import type { Line } from './lines.ts'
import type { RunsModel } from './model.ts'
import { SparkCell } from './spark-cell.tsx'

/** Height of the picture of a cell, px: that of its line, less what parts lines. */
const CELL_PICTURE = 24

interface CellProps {
  line: Line
  model: RunsModel
  column: TableColumn
}

/** A value of a run. */
export function RunCell(props: CellProps) {
  const { zone } = useZone()
  // a cell stays with its column
  const spark = props.column.spec.kind === 'spark'
  const logged = props.column.spec.kind === 'logged' ? props.column.spec : undefined
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
    <Show
      when={text() !== undefined}
      fallback={<Show when={!props.column.failed()}>{<i class="cell-waits" />}</Show>}
    >
      {logged && <LoggedPart model={props.model} spec={logged} run={run()} />}
      {spark && <SparkCell column={props.column} model={props.model} runs={[run()]} />}
      <Show when={hasTrack(props.column) && Number.isFinite(value() ?? Number.NaN)}>
        <Track column={props.column} mean={value() ?? 0} half={Number.NaN} run={run()} model={props.model} />
      </Show>
      <span
        classList={{
          unseen: spark,
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
      {/* numbers of runs stand below those of their groups */}
      <Show when={props.model.groups() && hasHalf(props.column)}>
        <span class="half" />
      </Show>
    </Show>
  )
}

/** The picture of a cell, or why its value could not be read. */
function LoggedPart(props: { model: RunsModel; spec: ColumnSpec & { kind: 'logged' }; run: number }) {
  const why = () => props.model.logged()?.failedOf(props.spec, props.run)
  return (
    <>
      <Show when={why()}>
        <span class="bad" title={why()}>
          could not be read
        </span>
      </Show>
      <Show when={props.spec.of === 'picture'}>
        {props.model.logged()?.picture(props.spec, props.run, CELL_PICTURE)}
      </Show>
    </>
  )
}

/** What the runs of a group have in common, or their mean. */
export function GroupCell(props: CellProps) {
  const { zone } = useZone()
  // a cell stays with its column
  const spark = props.column.spec.kind === 'spark'
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
  const isMetric = () => props.column.spec.kind === 'metric' || props.column.spec.kind === 'spark'
  const isPicture = () => props.column.spec.kind === 'logged' && props.column.spec.of === 'picture'
  const text = createMemo(() => {
    const found = spread()
    if (!isMetric() && !isPicture() && common() !== undefined) return common()
    if (!found) return common()
    if (found.n === 0) return ''
    // the mean of steps is none at which there is a picture
    if (isPicture()) return formatPlural(found.n, 'picture')
    const data = props.column.data()
    return data && data.kind !== 'text' ? valueText(props.column.spec, data.kind, found.mean, zone()) : ''
  })
  const isDelta = () => props.column.spec.kind === 'metric' && props.column.spec.delta !== undefined
  return (
    <Show when={props.column.data()} fallback={<i class="cell-waits" />}>
      {spark && <SparkCell column={props.column} model={props.model} runs={members()} />}
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
          unseen: spark,
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
      <Show when={hasHalf(props.column)}>
        <span class="half">
          {Number.isNaN(spread()?.half ?? Number.NaN) ? '' : `± ${halfText(spread()?.half ?? 0)}`}
        </span>
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

/** Two digits, in the notation of the means above and below: `0.00097`, not `9.7e−4` between `0.0045` and `0.011`. */
function halfText(half: number): string {
  if (!(half >= 1e-6 && half < 1e-3)) return formatValue(half, 2)
  return formatFixed(half, 1 - Math.floor(Math.log10(half)))
}

/** Its groups have an interval beside their mean. */
function hasHalf({ spec }: TableColumn): boolean {
  return spec.kind === 'metric' && !spec.delta
}

function hasTrack({ spec, direction }: TableColumn): boolean {
  return spec.kind === 'metric' && !spec.delta && direction !== undefined
}

/** `≈` stands before what is within the noise of the baseline's seeds. */
function deltaText(model: RunsModel, column: TableColumn, value: number | undefined, n: number): string {
  if (value === undefined || Number.isNaN(value)) return ''
  const percent = column.spec.kind === 'metric' && column.spec.delta === 'percent' ? ' %' : ''
  return `${isNoise(model, column, value, n) ? '≈ ' : ''}${signed(value)}${percent}`
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
