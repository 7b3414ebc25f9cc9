import type { SchemaElement } from 'hyparquet'
import { parseLoose } from '../../columns/json.ts'
import type { Chunk, Column, Leaf, Table } from './parquet-table.ts'

/**
 * Columns of trackio's own that are no keys. A metric called run_id, log_id or space_id was possible before
 * they were; it is a number then.
 */
export interface Structure {
  id: Column | undefined
  runId: Column | undefined
  time: Column | undefined
  runName: Column | undefined
  step: Column | undefined
}

/** A key whose values are numbers. */
export interface NumberColumn {
  name: string
  leaf: Leaf
  /** Integers by their type. */
  integer: boolean
  /** Digits after the point of a decimal, which is stored as an integer. */
  scale: number
  /** Values over all rows, exactly; undefined where the footer does not say. */
  points: number | undefined
  /** A column of JSON values, of which the numbers count; the others are the key's other kinds. */
  mixed: boolean
}

/** What the columns of a metrics table are. */
export interface Keys {
  structure: Structure
  numbers: NumberColumn[]
  others: Column[]
  /** 0.2.0–0.2.3: everything logged in a row, as JSON text. */
  payload: Column | undefined
  /** Numeric columns that share their name with an earlier one and are not read. */
  twice: string[]
}

const STRUCTURAL = ['id', 'run_id', 'timestamp', 'run_name', 'step', 'log_id', 'space_id']

export function keysOf(table: Table): Keys {
  const own = new Map<string, Column>()
  const rest: Column[] = []
  for (const column of table.columns) {
    if (isStructural(column) && !own.has(column.name)) own.set(column.name, column)
    else rest.push(column)
  }
  const structure = {
    id: own.get('id'),
    runId: own.get('run_id'),
    time: own.get('timestamp'),
    runName: own.get('run_name'),
    step: own.get('step'),
  }
  const [only] = rest
  if (rest.length === 1 && only?.name === 'metrics' && isText(only)) {
    return { structure, numbers: [], others: [], payload: only, twice: [] }
  }
  const keys: Keys = { structure, numbers: [], others: [], payload: undefined, twice: [] }
  const mixed = mixedNumbers(table)
  for (const column of rest) {
    const known = isJson(column) ? mixed.get(column.name) : undefined
    if (known) keys.others.push(column)
    const form = known ? { integer: known.integer, scale: 0 } : numberForm(column)
    if (form === 'null') continue
    if (!form) keys.others.push(column)
    else if (keys.numbers.some(({ name }) => name === column.name)) keys.twice.push(column.name)
    else {
      const leaf = column.leaves[0] as Leaf
      const points = known ? known.points : totalOf(chunksOf(table, leaf).map(presentIn))
      // a column of nulls is a key that was only ever logged as null: no metric
      if (points !== 0)
        keys.numbers.push({ name: column.name, leaf, ...form, points, mixed: known !== undefined })
    }
  }
  return keys
}

function isStructural(column: Column): boolean {
  if (!STRUCTURAL.includes(column.name) || column.tree.children.length > 0) return false
  const needsText = column.name === 'run_id' || column.name === 'log_id' || column.name === 'space_id'
  return !needsText || isText(column) || numberForm(column) === 'null'
}

/** Numbers among the values of a column of JSON. */
export interface MixedNumbers {
  points: number
  /** All were written as integers. */
  integer: boolean
}

/**
 * Key of the footer under which our own exports say which columns of JSON hold numbers, since nobody would
 * look for them there.
 */
export const MIXED_NOTE = 'trackio-lite.numbers'

/** What the footer says of columns of JSON, by name; nothing where it was written by others. */
function mixedNumbers({ metadata }: Table): Map<string, MixedNumbers> {
  const found = new Map<string, MixedNumbers>()
  const note = parseLoose(metadata.key_value_metadata?.find(({ key }) => key === MIXED_NOTE)?.value ?? '')
  if (!Array.isArray(note)) return found
  for (const entry of note) {
    if (!Array.isArray(entry)) continue
    const [name, points, integer] = entry
    if (typeof name === 'string' && typeof points === 'number' && typeof integer === 'boolean')
      found.set(name, { points, integer })
  }
  return found
}

export function isJson({ tree: { element, children } }: Column): boolean {
  return children.length === 0 && element.type === 'BYTE_ARRAY' && element.converted_type === 'JSON'
}

/** One text a row. */
export function isText(column: Column): boolean {
  const { element, children } = column.tree
  if (children.length > 0 || element.type !== 'BYTE_ARRAY' || element.repetition_type === 'REPEATED')
    return false
  return element.converted_type !== 'DECIMAL' && element.converted_type !== 'BSON'
}

/** Undefined for what holds no numbers; 'null' for a column that was made for nulls alone. */
function numberForm(column: Column): { integer: boolean; scale: number } | 'null' | undefined {
  const { element, children } = column.tree
  if (children.length > 0 || element.repetition_type === 'REPEATED') return undefined
  const { type, converted_type: converted, logical_type: logical } = element
  if (logical?.type === 'NULL') return 'null'
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') {
    const scale = scaleOf(element)
    return { integer: scale <= 0, scale }
  }
  if (type === 'DOUBLE' || type === 'FLOAT') return { integer: false, scale: 0 }
  if (type === 'FIXED_LEN_BYTE_ARRAY' && logical?.type === 'FLOAT16') return { integer: false, scale: 0 }
  if (type !== 'INT32' && type !== 'INT64') return undefined
  // dates and times are stored as integers too
  const isTime = /^(DATE|TIME|TIMESTAMP)/
  return isTime.test(converted ?? '') || isTime.test(logical?.type ?? '')
    ? undefined
    : { integer: true, scale: 0 }
}

function scaleOf({ scale, logical_type: logical }: SchemaElement): number {
  return (logical?.type === 'DECIMAL' ? logical.scale : undefined) ?? scale ?? 0
}

export function chunksOf(table: Table, leaf: Leaf): Chunk[] {
  return table.groups.map((group) => group.chunks[leaf.index] as Chunk)
}

/** The sum, or undefined where a part is unknown. */
export function totalOf(parts: readonly (number | undefined)[]): number | undefined {
  return parts.reduce<number | undefined>(
    (sum, part) => (sum === undefined || part === undefined ? undefined : sum + part),
    0,
  )
}

/**
 * How many rows of a chunk have a value, as the footer says: all where the column takes no nulls, else by the
 * count of nulls, else by the histogram of definition levels, whose last entry counts what is there.
 * Undefined where the writer left all of them out. For leaves without lists above them.
 */
export function presentIn(chunk: Chunk): number | undefined {
  const { leaf, meta } = chunk
  if (leaf.path.slice(1).every(({ element }) => element.repetition_type === 'REQUIRED')) return chunk.rows
  const { null_count: nulls, min_value: least } = meta.statistics ?? {}
  // a count that cannot be, or that says that there is nothing where there is a least value, is not believed
  const present = nulls === undefined ? undefined : chunk.rows - Number(nulls)
  if (
    present !== undefined &&
    present >= 0 &&
    present <= chunk.rows &&
    !(present === 0 && least !== undefined)
  )
    return present
  if (nulls !== undefined) return undefined
  const last = meta.size_statistics?.definition_level_histogram?.at(-1)
  return last === undefined ? undefined : Number(last)
}

/**
 * How many rows of a chunk have a top-level value, be it an empty list: a null takes up one entry of level 0.
 */
export function presentAtTop(chunk: Chunk): number | undefined {
  if (chunk.leaf.path[1]?.element.repetition_type === 'REQUIRED') return chunk.rows
  const nulls = chunk.meta.size_statistics?.definition_level_histogram?.[0]
  return nulls === undefined ? undefined : chunk.rows - Number(nulls)
}
