import { type Accessor, createMemo } from 'solid-js'
import { groupRuns } from '../../../../compute/group.ts'
import { type Frontier, type Good, paretoFrontier, runsBehind } from '../../../../compute/pareto.ts'
import { type PlotAxis, plotAxis } from '../../../../compute/plot-axis.ts'
import { type ColumnSpec, columnId } from '../../../../compute/run-columns.ts'
import type { TableColumn } from '../columns.ts'
import type { RunsModel } from '../model.ts'
import type { Choices } from './choices.ts'

/** One axis of the scatter plot. */
export interface ScatterAxis {
  column: TableColumn
  axis: PlotAxis
  log: boolean
  /** Which end is the good one, as its name tells or as somebody said. */
  good: Good | undefined
}

export interface ScatterScene {
  x: ScatterAxis
  y: ScatterAxis
  /** Places of the runs that pass the filter and have both values; the last is drawn on top. */
  drawn: number[]
  /** Runs that pass the filter without one of them. */
  without: number
  /** Undefined where the good end of an axis is not known. */
  frontier: Frontier | undefined
  /** How many runs beat each of them; −1 of those that are not drawn. */
  behind: Int32Array | undefined
  /** Runs that repeat one configuration, at least two of them drawn. */
  groups: number[][]
  /** Share of the size column, 0 to 1; undefined without one. */
  sizes: Float64Array | undefined
}

/** What the scatter plot shows, in shares of its axes; undefined while a column is computed. */
export function createScatterScene(model: RunsModel, choices: Choices): Accessor<ScatterScene | undefined> {
  const x = createAxis(model, choices, choices.x)
  const y = createAxis(model, choices, choices.y)
  const size = createMemo(() => {
    const spec = choices.size()
    if (!spec) return null
    const column = model.columnOf(spec)
    const [data, summary] = [column.data(), column.summary()?.summary]
    return data && summary && plotAxis(data, summary, choices.isLog(spec, summary), false).shares
  })
  /** Of the groups that are on screen, or of runs that are the same but for their seed. */
  const seeds = createMemo(() => {
    const shown = model.groups()
    if (shown) return shown.map(({ runs }) => runs)
    const place = new Map(model.all().map(({ key }, i) => [key, i]))
    return groupRuns(model.all(), { kind: 'seeds' }).map(({ runs }) =>
      runs.flatMap(({ key }) => place.get(key) ?? []),
    )
  })
  return createMemo(() => {
    const [atX, atY, sizes] = [x(), y(), size()]
    if (!atX || !atY || sizes === undefined) return undefined
    const has = (run: number): boolean =>
      !Number.isNaN(atX.axis.shares[run]!) && !Number.isNaN(atY.axis.shares[run]!)
    const listed = [...model.listed()].sort((a, b) => a - b)
    const drawn = listed.filter(has)
    const on = new Set(drawn)
    const [vx, vy] = [atX.column.data(), atY.column.data()]
    const judged =
      atX.good && atY.good && vx && vy && vx.kind !== 'text' && vy.kind !== 'text'
        ? ([vx.values, vy.values, atX.good, atY.good, drawn] as const)
        : undefined
    return {
      x: atX,
      y: atY,
      drawn,
      without: listed.length - drawn.length,
      frontier: judged && paretoFrontier(...judged),
      behind: judged && runsBehind(...judged),
      groups: seeds()
        .map((runs) => runs.filter((run) => on.has(run)))
        .filter((runs) => runs.length > 1),
      sizes: sizes ?? undefined,
    }
  })
}

function createAxis(
  model: RunsModel,
  choices: Choices,
  spec: Accessor<ColumnSpec>,
): Accessor<ScatterAxis | undefined> {
  const axis = createMemo(() => {
    const column = model.columnOf(spec())
    const [data, summary] = [column.data(), column.summary()?.summary]
    return (
      data &&
      summary &&
      plotAxis(data, summary, choices.isLog(spec(), summary), column.spec.kind === 'config')
    )
  })
  return createMemo(() => {
    const found = axis()
    const column = model.columnOf(spec())
    return (
      found && {
        column,
        axis: found,
        log: found.log,
        good: choices.goodOf(columnId(spec()), column.direction),
      }
    )
  })
}
