import { formatValue } from '../../../compute/number.ts'
import { asUsual } from '../../../compute/number-style.ts'
import type { TextTable } from '../../../compute/table-text.ts'
import { cellText, filterSubject, valueText } from './cells.ts'
import type { TableColumn } from './columns.ts'
import { labelOf } from './labels.ts'
import type { Line } from './lines.ts'
import type { RunsModel } from './model.ts'

/** Lines as texts; numbers of runs with every digit, those of groups as means with their intervals. */
export function textTableOf(
  model: RunsModel,
  lines: readonly Line[],
  columns: readonly TableColumn[],
  names = true,
): TextTable {
  return asUsual(() => textTable(model, lines, columns, names))
}

function textTable(
  model: RunsModel,
  lines: readonly Line[],
  columns: readonly TableColumn[],
  names: boolean,
): TextTable {
  const name = <T>(cell: T): T[] => (names ? [cell] : [])
  return {
    head: [...name('Run'), ...columns.map(headOf)],
    numbers: [...name(false), ...columns.map((column) => column.data()?.kind !== 'text')],
    rows: lines.map((line) => [
      ...name(line.kind === 'group' ? line.label : (model.all()[line.run]?.name ?? '')),
      ...columns.map((column) => exactText(model, column, line)),
    ]),
    bold(row, column) {
      const [line, of] = [lines[row], columns[names ? column - 1 : column]]
      if (!line || !of) return false
      const best = model.best(of)
      return line.kind === 'run' ? best.run === line.run : best.group === line.id
    },
  }
}

/** As a filter asks for it, where it can: `max(eval/acc)`. */
function headOf({ spec }: TableColumn): string {
  return (spec.kind === 'metric' || spec.kind === 'spark' ? filterSubject(spec) : undefined) ?? labelOf(spec)
}

function exactText(model: RunsModel, column: TableColumn, line: Line): string {
  const data = column.data()
  if (!data) return ''
  const { spec } = column
  if (line.kind === 'run') {
    if (data.kind === 'number') return data.has[line.run] ? String(data.values[line.run]) : ''
    if (data.kind === 'time') return data.has[line.run] ? new Date(data.values[line.run]!).toISOString() : ''
    return cellText(spec, data, line.run, 'utc')
  }
  const spread = model.spread(column, line.runs)
  if ((spec.kind !== 'metric' && spec.kind !== 'spark') || !spread) {
    const each = new Set(line.runs.map((run) => cellText(spec, data, run, 'utc')))
    return each.size === 1 ? ([...each][0] ?? '') : ''
  }
  if (spread.n === 0 || data.kind === 'text') return ''
  const mean = valueText(spec, data.kind, spread.mean, 'utc')
  return Number.isNaN(spread.half) ? mean : `${mean} ± ${formatValue(spread.half, 2)}`
}
