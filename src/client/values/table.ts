import { TrackioError } from '../../model/errors.ts'
import { kindOf } from './media.ts'
import { type Part, partsOf, stringText } from './stored-json.ts'

/** Columns and rows of a `Table`. */
export interface TableOptions {
  columns?: readonly string[] | null
  /** Rows, as lists or as objects. */
  data?: readonly (readonly unknown[] | Record<string, unknown>)[] | null
}

/**
 * Rows of values. Cells may be numbers, texts, lists, objects, or media. Missing cells of named columns are
 * null; cells beyond them, and all where no columns are named, are called `0`, `1` … by their place.
 *
 * @example
 * trackio.log({ samples: new trackio.Table({ columns: ['input', 'output'], data: [['2+2', '4']] }) })
 */
export class Table {
  readonly data: readonly Record<string, unknown>[]
  /** Cells in their order, which objects lose for names like `0`. */
  readonly #rows: (readonly [string, unknown])[][]

  constructor(options?: TableOptions | readonly string[] | null, data?: TableOptions['data']) {
    const given: TableOptions = isColumns(options)
      ? { columns: options, data: data ?? null }
      : (options ?? {})
    const rows = given.data ?? []
    if (!Array.isArray(rows))
      throw new TrackioError('Table', `data must be a list of rows, got ${kindOf(rows)}`)
    const objects = rows.length > 0 && !Array.isArray(rows[0])
    this.#rows = rows.map((row: unknown) =>
      objects ? ofObject(row) : ofList(row, given.columns ?? undefined),
    )
    this.data = this.#rows.map((row) => Object.fromEntries(row))
  }

  /**
   * JSON of the stored value, with gaps where media are. Throws Unstorable for a cell that cannot be stored.
   */
  parts(): Part[] {
    const parts: Part[] = ['{"_type":"trackio.table","_value":[']
    this.#rows.forEach((row, r) => {
      parts.push(r === 0 ? '{' : ',{')
      row.forEach(([name, value], c) => {
        parts.push(`${c === 0 ? '' : ','}${stringText(name)}:`, ...partsOf(value ?? null))
      })
      parts.push('}')
    })
    parts.push(']}')
    return parts
  }
}

function isColumns(options: unknown): options is readonly string[] {
  return Array.isArray(options)
}

function ofObject(row: unknown): (readonly [string, unknown])[] {
  if (typeof row !== 'object' || row === null)
    throw new TrackioError('Table', `expected rows that are objects, got ${kindOf(row)}`)
  return Object.entries(row)
}

function ofList(row: unknown, columns: readonly string[] | undefined): (readonly [string, unknown])[] {
  if (!Array.isArray(row)) throw new TrackioError('Table', `expected rows that are lists, got ${kindOf(row)}`)
  const named = (columns ?? []).map((name, i) => [name, row[i] ?? null] as const)
  const rest = row.slice(named.length).map((value: unknown, i) => [String(named.length + i), value] as const)
  return [...named, ...rest]
}
