import { fileName } from '../../../compute/file-name.ts'
import { asUsual } from '../../../compute/number-style.ts'
import { type TableForm, type TextTable, tableText } from '../../../compute/table-text.ts'
import type { Json } from '../../../model/run.ts'
import { save } from '../../../state/base/save.ts'
import { copyText } from '../../common/clipboard.ts'
import type { Analysis } from './analysis.ts'
import type { Cells } from './cells.ts'
import { effectText } from './effect-cell.tsx'
import type { Lines } from './lines.ts'
import type { CompareModel } from './model.ts'

export interface Parts {
  model: CompareModel
  analysis: Analysis
  lines: Lines
  cells: Cells
}

/** Lines that are still read: a file waits for them. */
export function waitingFor({ model, lines }: Parts): number {
  const { metrics, beside } = lines.whole()
  const waits = beside.filter(({ line }) => lines.sides()?.waits(line)).length
  return metrics.filter((metric) => model.valuesOf(metric) === undefined).length + waits
}

export function download(parts: Parts): void {
  save(
    new Blob(
      [
        tableText(
          asUsual(() => textOf(parts, 'csv')),
          'csv',
        ),
      ],
      { type: 'text/csv' },
    ),
    fileName([parts.model.projectName(), 'compare'], 'csv'),
  )
}

export function copy(parts: Parts, form: TableForm): void {
  void copyText(
    tableText(
      asUsual(() => textOf(parts, form)),
      form,
    ),
  )
}

/**
 * Every line that the search and the switches leave, closed sections too: a column for each run, and in a CSV
 * another one for how far it is from the baseline. CSV has every digit.
 */
function textOf({ model, analysis, lines, cells }: Parts, form: TableForm): TextTable {
  const { differing, metrics, facts, same, beside } = lines.whole()
  const columns = model.columns()
  const whole = form === 'csv' || form === 'tsv'
  const changes = whole && model.choices.values() !== 'value'
  const members = model.columnMembers()
  const { paths, values } = model.table()
  const configLine = (key: number, section: string, effect: string): string[] => [
    ...[section, paths[key] ?? '', effect],
    ...members.map((of) => {
      const each = new Set(of.map((member) => values[key]?.[member]))
      const [value] = each
      return each.size > 1 ? `${each.size} distinct` : rawText(value)
    }),
    ...(changes ? columns.slice(1).map(() => '') : []),
  ]
  const metricLine = (metric: string): string[] => {
    const row = cells.metricRow(metric)
    const text = (value: number | undefined): string =>
      value === undefined ? '' : whole ? String(value) : (row?.format.value(value) ?? '')
    const base = row?.values[0]
    return [
      ...['metrics', `${metric}, ${model.statisticOf(metric)}`, ''],
      ...columns.map((_, i) => text(row?.values[i])),
      ...(changes
        ? columns.slice(1).map((_, i) => {
            const value = row?.values[i + 1]
            return value === undefined || base === undefined ? '' : String(value - base)
          })
        : []),
    ]
  }
  const rows = [
    ...differing.map((key) => configLine(key, 'config', effectText(model, analysis, key))),
    ...metrics.map(metricLine),
    ...facts.map(([fact, label]) => [
      ...['runs', label, ''],
      ...columns.map((_, i) => cells.of({ kind: 'fact', id: '', label, fact }, i).text),
      ...(changes ? columns.slice(1).map(() => '') : []),
    ]),
    ...same.map((key) => configLine(key, 'same', '')),
    ...beside.map(({ section, line }) => [
      ...[section, line.label, ''],
      ...columns.map((_, i) => lines.sides()?.text(line, i) ?? ''),
      ...(changes ? columns.slice(1).map(() => '') : []),
    ]),
  ]
  const firstMetric = differing.length
  return {
    head: [
      ...['section', 'key', 'effect'],
      ...columns.map(({ label }) => label),
      ...(changes ? columns.slice(1).map(({ label }) => `Δ ${label}`) : []),
    ],
    numbers: [
      false,
      false,
      false,
      ...columns.map(() => true),
      ...(changes ? columns.slice(1).map(() => true) : []),
    ],
    rows,
    bold(row, column) {
      const metric = metrics[row - firstMetric]
      return metric !== undefined && cells.metricRow(metric)?.best === column - 3
    },
  }
}

/** As it was set: texts bare, the rest as JSON. */
function rawText(value: Json | undefined): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
