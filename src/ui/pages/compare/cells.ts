import { createMemo } from 'solid-js'
import { spreadOf } from '../../../compute/interval.ts'
import { directionOf } from '../../../compute/metric-words.ts'
import { formatPercent, makeRowFormat, type RowFormat } from '../../../compute/row-format.ts'
import { factColumn } from '../../../compute/run-columns.ts'
import { useApp } from '../../../state/app.ts'
import { cellText } from '../runs/cells.ts'
import type { Analysis } from './analysis.ts'
import { configText } from './config-text.ts'
import type { CompareLine } from './lines.ts'
import type { CompareModel } from './model.ts'

/** What stands in a cell. */
export interface CellView {
  text: string
  /** Of a metric: how far from the baseline. */
  change?: string | undefined
  tone?: 'base' | 'equal' | 'other' | 'none' | 'bad' | undefined
  changeTone?: 'noise' | 'good' | 'plain' | undefined
  best?: boolean
  /** Every digit. */
  exact?: string
  /** Still read. */
  waits?: boolean
  /** A text that does not fit: it opens below. */
  long?: { base: string | undefined; text: string } | undefined
}

/** Longer texts are compared by words, in a line of their own. */
const LONG = 40

/** The numbers of one metric in all columns. */
export interface MetricRow {
  /** Undefined where it was not logged; means of the baseline's group. */
  values: (number | undefined)[]
  noise: number
  best: number | undefined
  format: RowFormat
  direction: 'min' | 'max' | undefined
}

export type Cells = ReturnType<typeof createCells>

export function createCells(model: CompareModel, analysis: Analysis) {
  const { runs, marks, preferences } = useApp()
  const { choices } = model

  const rows = new Map<string, () => MetricRow | undefined>()
  /** Undefined while it is read. */
  function metricRow(metric: string): MetricRow | undefined {
    let row = rows.get(metric)
    if (!row) {
      row = model.lasting(() => createMemo(() => makeRow(metric)))
      rows.set(metric, row)
    }
    return row()
  }
  function makeRow(metric: string): MetricRow | undefined {
    const of = model.valuesOf(metric)
    if (!of) return undefined
    const values = model.columns().map(({ places, isGroup }) => {
      if (!isGroup) return of(places[0] ?? -1)
      const { n, mean } = spreadOf(places.map((place) => of(place) ?? Number.NaN))
      return n > 0 ? mean : undefined
    })
    const direction = directionOf(metric)
    const single = model.columns().map(({ isGroup }, i) => (isGroup ? undefined : values[i]))
    let best: number | undefined
    single.forEach((value, i) => {
      if (!direction || value === undefined || !Number.isFinite(value)) return
      const than = best === undefined ? undefined : single[best]
      if (than === undefined || (direction === 'max' ? value > than : value < than)) best = i
    })
    const known = values.filter((value) => value !== undefined)
    return {
      values,
      direction,
      // where all are equal none is the best
      best: new Set(known).size > 1 ? best : undefined,
      noise: analysis.noise(of),
      format: makeRowFormat(known, values[0] ?? Number.NaN),
    }
  }

  function metricCell(metric: string, column: number): CellView {
    const row = metricRow(metric)
    if (!row) return { text: '', waits: true }
    const value = row.values[column]
    if (value === undefined) return { text: 'not logged', tone: 'none' }
    const show = choices.values()
    const base = row.values[0]
    const view: CellView = {
      text: show === 'both' || show === 'value' || column === 0 ? row.format.value(value) : '',
      tone: Number.isFinite(value) ? undefined : 'bad',
      best: row.best === column,
      exact: String(value),
    }
    if (column === 0 || show === 'value' || base === undefined) return view
    const change = value - base
    if (Number.isNaN(change)) return view
    const noise = Math.abs(change) <= row.noise
    const better = row.direction === 'max' ? change > 0 : row.direction === 'min' ? change < 0 : false
    const text = show === 'percent' ? formatPercent(change, base) : row.format.change(change)
    view.change = noise && change !== 0 && text !== '' ? `≈ ${text}` : text
    view.changeTone = noise ? 'noise' : better ? 'good' : 'plain'
    return view
  }

  function configCell(key: number, column: number): CellView {
    const values = model.table().values[key] ?? []
    const members = model.columnMembers()
    const inColumn = new Set((members[column] ?? []).map((member) => values[member]))
    if (inColumn.size > 1) return { text: `${inColumn.size} distinct`, tone: 'none' }
    const inBase = new Set((members[0] ?? []).map((member) => values[member]))
    const [value] = inColumn
    const [base] = inBase
    const equal = column > 0 && inBase.size === 1 && value === base
    const view: CellView = {
      text: configText(value),
      tone: column === 0 ? (value === undefined ? 'none' : 'base') : equal ? 'equal' : 'other',
    }
    if (value !== undefined) view.exact = typeof value === 'string' ? value : JSON.stringify(value)
    if (typeof value === 'string' && (value.length > LONG || value.includes('\n')))
      view.long = {
        text: value,
        base: column > 0 && !equal && typeof base === 'string' && inBase.size === 1 ? base : undefined,
      }
    return view
  }

  const facts = new Map<string, () => ReturnType<typeof factColumn>>()
  function factCell(line: CompareLine & { kind: 'fact' }, column: number): CellView {
    let found = facts.get(line.fact)
    if (!found) {
      found = model.lasting(() =>
        createMemo(() =>
          factColumn(model.all(), line.fact, {
            state: ({ key }) => (runs.isLive(key) ? 'live' : 'ended'),
            tags: ({ key }) => marks.of(key)?.tags?.join(', '),
            note: ({ key }) => marks.of(key)?.note,
          }),
        ),
      )
      facts.set(line.fact, found)
    }
    const data = found()
    const { places = [] } = model.columns()[column] ?? {}
    const each = new Set(
      places.map((place) =>
        cellText({ kind: 'fact', fact: line.fact }, data, place, preferences.value().timeZone),
      ),
    )
    const [text = ''] = each
    return each.size > 1 ? { text: `${each.size} distinct`, tone: 'none' } : { text }
  }

  return {
    metricRow,
    of(line: CompareLine, column: number): CellView {
      if (line.kind === 'metric') return metricCell(line.metric, column)
      if (line.kind === 'config') return configCell(line.key, column)
      if (line.kind === 'fact') return factCell(line, column)
      return { text: '' }
    },
  }
}
