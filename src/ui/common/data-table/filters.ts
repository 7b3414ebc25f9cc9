import { visibleName } from '../../../compute/visible-name.ts'
import { RUN_COLUMN, STEP_COLUMN, type TableFilter } from '../../../model/logged-table.ts'

/** Of the address: what is no list of filters is passed by. */
export function parseFilters(text: string | undefined): TableFilter[] {
  return parseList(text).flatMap((entry): TableFilter[] => {
    if (!Array.isArray(entry)) return []
    const [column, op, value, high, end] = entry as unknown[]
    if (typeof column !== 'string' || !/^[.@]/.test(column)) return []
    if (op === '=' || op === '≠') {
      const known = value === null || ['string', 'number', 'boolean'].includes(typeof value)
      return known ? [{ column, op, value: value as string | number | boolean | null }] : []
    }
    if (op === '≥' || op === '≤') return typeof value === 'number' ? [{ column, op, value }] : []
    if (op === 'in')
      return typeof value === 'number' && typeof high === 'number'
        ? [{ column, op, low: value, high, ...(end === 'below' && { below: true }) }]
        : []
    return op === 'has' && typeof value === 'string' && value !== '' ? [{ column, op, value }] : []
  })
}

export function formatFilters(filters: readonly TableFilter[]): string {
  if (filters.length === 0) return ''
  return JSON.stringify(
    filters.map((filter) =>
      filter.op === 'in'
        ? [filter.column, filter.op, filter.low, filter.high, ...(filter.below ? ['below'] : [])]
        : [filter.column, filter.op, filter.value],
    ),
  )
}

export function parseList(text: string | undefined): unknown[] {
  if (!text) return []
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

export function columnName(id: string): string {
  return id === STEP_COLUMN ? 'step' : id === RUN_COLUMN ? 'run' : id.slice(1)
}

/** `accuracy = 0`, `tokens 38 to 100`, `completion has remain`. */
export function filterWords(filter: TableFilter): string {
  const name = visibleName(columnName(filter.column))
  switch (filter.op) {
    case 'in':
      return `${name} ${shortest(filter.low)} to ${filter.below ? 'below ' : ''}${shortest(filter.high)}`
    case 'has':
      return `${name} has “${visibleName(filter.value)}”`
    default:
      return `${name} ${filter.op} ${filter.value === '' ? '“”' : visibleName(cut(String(filter.value)))}`
  }
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

function shortest(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)))
}

/** What `=` of a filter holds a cell against. */
export function filterValueOf(cell: { kind: string; text: string }): string | number | boolean | null {
  if (cell.kind === 'none' || cell.kind === 'null') return null
  if (cell.kind === 'bool') return cell.text === 'true'
  // integers beyond ±2^53 are told apart by their digits
  const number = Number(cell.text)
  if (cell.kind !== 'number' || !Number.isFinite(number)) return cell.text
  return Number.isInteger(number) && !Number.isSafeInteger(number) && /^-?\d+$/.test(cell.text)
    ? cell.text
    : number
}
