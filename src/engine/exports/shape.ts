import type { SchemaElement } from 'hyparquet'
import type { Value } from './export-values.ts'

/*
 * Which Parquet type holds all values of a column: what pyarrow infers, which is what trackio exports with.
 * Where pyarrow gives up (string and number, boolean and number, an empty object, an integer beyond 64 bits),
 * so that trackio exports nothing at all, the smallest part that is mixed becomes JSON text instead, and the
 * integer a double.
 */

/** What was seen of a column so far; grows with `addTo`. */
export interface Seen {
  bool: number
  int: number
  double: number
  text: number
  list: number
  object: number
  /** Integers beyond the 64 bits of a Parquet integer. */
  huge: number
  /** Integers that no double equals. */
  inexact: number
  item: Seen | undefined
  /** Undefined once an object had more different keys than columns make sense for. */
  fields: Map<string, Seen> | undefined
}

/** The type of a column or of a part of it. */
export type Shape =
  | { kind: 'null' | 'bool' | 'int' | 'double' | 'text' }
  /** `mixed`: the kinds of values that stand side by side. */
  | { kind: 'json'; mixed: string[] }
  | { kind: 'list'; item: Shape }
  | { kind: 'struct'; fields: Map<string, Shape> }

/**
 * Objects with more different keys are maps in truth (a count per word): a column for each would be mostly
 * empty.
 */
const MOST_FIELDS = 1000
const INT64 = 2n ** 63n
const SAFE = BigInt(Number.MAX_SAFE_INTEGER)

export function makeSeen(): Seen {
  return {
    bool: 0,
    int: 0,
    double: 0,
    text: 0,
    list: 0,
    object: 0,
    huge: 0,
    inexact: 0,
    item: undefined,
    fields: new Map(),
  }
}

export function addTo(seen: Seen, value: Value): void {
  if (value === null) return
  switch (typeof value) {
    case 'boolean':
      seen.bool++
      return
    case 'bigint':
      seen.int++
      if (value >= INT64 || value < -INT64) seen.huge++
      if ((value > SAFE || value < -SAFE) && BigInt(Number(value)) !== value) seen.inexact++
      return
    case 'number':
      seen.double++
      return
    case 'string':
      seen.text++
      return
  }
  if (Array.isArray(value)) {
    seen.list++
    seen.item ??= makeSeen()
    for (const item of value) addTo(seen.item, item)
    return
  }
  seen.object++
  for (const [key, member] of value) {
    const { fields } = seen
    if (!fields) return
    let field = fields.get(key)
    if (!field) {
      if (fields.size === MOST_FIELDS) {
        seen.fields = undefined
        return
      }
      field = makeSeen()
      fields.set(key, field)
    }
    addTo(field, member)
  }
}

export function shapeOf(seen: Seen): Shape {
  const kinds = [
    seen.bool && 'boolean',
    seen.int + seen.double && 'number',
    seen.text && 'string',
    seen.list && 'list',
    seen.object && 'object',
  ].filter((kind) => typeof kind === 'string')
  if (kinds.length > 1) return { kind: 'json', mixed: kinds }
  if (seen.bool) return { kind: 'bool' }
  if (seen.double || seen.huge) return { kind: 'double' }
  if (seen.int) return { kind: 'int' }
  if (seen.text) return { kind: 'text' }
  if (seen.list) return { kind: 'list', item: seen.item ? shapeOf(seen.item) : { kind: 'null' } }
  if (!seen.object) return { kind: 'null' }
  if (!seen.fields) return { kind: 'json', mixed: [`objects with more than ${MOST_FIELDS} different keys`] }
  // Parquet has no struct without members
  if (seen.fields.size === 0) return { kind: 'json', mixed: ['empty object'] }
  return { kind: 'struct', fields: new Map([...seen.fields].map(([key, field]) => [key, shapeOf(field)])) }
}

/** Integers that stand rounded, because a double beside them or their size made the column one of doubles. */
export function roundedIn(seen: Seen, shape: Shape): number {
  if (shape.kind === 'double') return seen.inexact
  if (shape.kind === 'json') {
    const parts = [...(seen.fields?.values() ?? []), ...(seen.item ? [seen.item] : [])]
    return parts.reduce((sum, part) => sum + roundedIn(part, shape), seen.inexact)
  }
  if (shape.kind === 'list') return seen.item ? roundedIn(seen.item, shape.item) : 0
  if (shape.kind !== 'struct') return 0
  return [...shape.fields].reduce((sum, [key, field]) => {
    const part = seen.fields?.get(key)
    return part ? sum + roundedIn(part, field) : sum
  }, 0)
}

/**
 * Parts of a column that became JSON text: their path within it (`_value.element.note`, '' for the column
 * itself) and why.
 */
export function jsonParts(shape: Shape, path = ''): { path: string; mixed: string[] }[] {
  const inner = (name: string): string => (path ? `${path}.${name}` : name)
  if (shape.kind === 'json') return [{ path, mixed: shape.mixed }]
  if (shape.kind === 'list') return jsonParts(shape.item, inner('element'))
  if (shape.kind === 'struct')
    return [...shape.fields].flatMap(([key, field]) => jsonParts(field, inner(key)))
  return []
}

/** A column as Parquet's schema has it, with the three levels of a list that pyarrow writes. */
export function schemaOfShape(name: string, shape: Shape): SchemaElement[] {
  const repetition_type = 'OPTIONAL'
  switch (shape.kind) {
    case 'null':
      return [{ name, repetition_type, type: 'INT32', logical_type: { type: 'NULL' } }]
    case 'bool':
      return [{ name, repetition_type, type: 'BOOLEAN' }]
    case 'int':
      return [{ name, repetition_type, type: 'INT64' }]
    case 'double':
      return [{ name, repetition_type, type: 'DOUBLE' }]
    case 'text':
      return [
        {
          name,
          repetition_type,
          type: 'BYTE_ARRAY',
          converted_type: 'UTF8',
          logical_type: { type: 'STRING' },
        },
      ]
    case 'json':
      return [
        { name, repetition_type, type: 'BYTE_ARRAY', converted_type: 'JSON', logical_type: { type: 'JSON' } },
      ]
    case 'list':
      return [
        { name, repetition_type, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...schemaOfShape('element', shape.item),
      ]
    case 'struct':
      return [
        { name, repetition_type, num_children: shape.fields.size },
        ...[...shape.fields].flatMap(([key, field]) => schemaOfShape(key, field)),
      ]
  }
}

/** A value as the writer takes it for a column of this shape. */
export function cellOf(shape: Shape, value: Value | undefined): unknown {
  if (value === null || value === undefined) return null
  switch (shape.kind) {
    case 'double':
      return Number(value)
    case 'json':
      return plain(value)
    case 'list':
      return Array.isArray(value) ? value.map((item) => cellOf(shape.item, item)) : null
    case 'struct': {
      if (!(value instanceof Map)) return null
      // without a prototype: a member may be called `constructor` or `__proto__`
      const cell: Record<string, unknown> = Object.create(null)
      for (const [key, field] of shape.fields) cell[key] = cellOf(field, value.get(key))
      return cell
    }
    default:
      return value
  }
}

/** A value as JSON.stringify takes it; non-finite numbers are spelled as trackio's payloads do. */
function plain(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (Array.isArray(value)) return value.map(plain)
  if (!(value instanceof Map)) return value
  const object: Record<string, unknown> = Object.create(null)
  for (const [key, member] of value) object[key] = plain(member)
  return object
}
