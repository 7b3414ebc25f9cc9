import { type Accessor, createMemo } from 'solid-js'
import { shareExplained } from '../../../../compute/explained.ts'
import { type PlotAxis, plotAxis } from '../../../../compute/plot-axis.ts'
import { type ColumnSpec, columnId } from '../../../../compute/run-columns.ts'
import { createLasting } from '../../../common/lasting.ts'
import { filterSubject } from '../cells.ts'
import type { TableColumn } from '../columns.ts'
import type { RunsModel } from '../model.ts'
import type { Choices } from './choices.ts'

/** An axis of parallel coordinates. */
export interface AxisView {
  id: string
  spec: ColumnSpec
  column: TableColumn
  /** Undefined while its column is computed. */
  axis: Accessor<PlotAxis | undefined>
  log: Accessor<boolean>
  /** The least value, or the first word, stands at the top. */
  flipped: Accessor<boolean>
  /** What the filter asks for; undefined where it cannot, so that nothing can be brushed. */
  subject: string | undefined
  /** Share of the last axis' variance that a config key explains alone. */
  explained: Accessor<number | undefined>
}

/** The axes in their order. Each is made once: one that is moved keeps what was computed of it. */
export function createAxes(model: RunsModel, choices: Choices) {
  const lasting = createLasting()
  const kept = new Map<string, AxisView>()

  /** The metric that keys are held against: the last axis, if it is one of numbers. */
  const target = createMemo(() => {
    const spec = choices.axes().at(-1)
    const data = spec && model.columnOf(spec).data()
    return spec?.kind === 'metric' && data && data.kind !== 'text' ? data.values : undefined
  })

  function viewOf(spec: ColumnSpec): AxisView {
    const id = columnId(spec)
    const known = kept.get(id)
    if (known) return known
    return lasting(() => {
      const column = model.columnOf(spec)
      const summary = () => column.summary()?.summary
      const log = createMemo(() => {
        const found = summary()
        return found !== undefined && choices.isLog(spec, found)
      })
      const axis = createMemo(() => {
        const [data, found] = [column.data(), summary()]
        return data && found && plotAxis(data, found, log(), spec.kind === 'config')
      })
      const made: AxisView = {
        ...{ id, spec, column, axis },
        log: () => axis()?.log ?? false,
        flipped: () => choices.isFlipped(spec),
        subject: filterSubject(spec),
        explained: createMemo(() => {
          const [key, metric] = [column.data(), target()]
          return spec.kind === 'config' && key && metric ? shareExplained(key, metric) : undefined
        }),
      }
      kept.set(id, made)
      return made
    })
  }

  const chosen = createMemo(() => choices.axes().map(viewOf))
  /** Keys that explain most come first; what is no key keeps its place behind them. */
  const ordered = createMemo(() => {
    if (!choices.byExplained()) return chosen()
    const keys = chosen().filter(({ spec }) => spec.kind === 'config')
    const others = chosen().filter(({ spec }) => spec.kind !== 'config')
    return [...keys.sort((a, b) => (b.explained() ?? -1) - (a.explained() ?? -1)), ...others]
  })
  return { axes: ordered, target }
}

/** Words fall from the top in their order, numbers rise to it, unless they are flipped. */
export function placeOf(view: AxisView, share: number): number {
  const down = (view.axis()?.kind === 'words') !== view.flipped()
  return down ? share : 1 - share
}
