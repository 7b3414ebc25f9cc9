import { parquetRead } from 'hyparquet'
import { isAbort } from '../../../model/errors.ts'
import type { OtherKey } from '../../../model/metric.ts'
import { parseLoose } from '../../columns/json.ts'
import { asyncBuffer, makeFetcher } from './fetch.ts'
import { chunksOf, isJson, isText, presentAtTop, presentIn, totalOf } from './key-structure.ts'
import { checkedBytes, compressorsFor, eachPage, makeBreath } from './pages.ts'
import { numberAmong } from './parquet-metrics.ts'
import type { Chunk, Column, Leaf, Table } from './parquet-table.ts'
import type { Limits } from './plan.ts'

/*
 * What kinds of values the keys hold that are no metrics. Their columns may be the largest of the file
 * (tables, texts), so they are not read for it: the footer nearly always says enough.
 */

type Counts = Record<string, number>

export interface Kinds {
  /** Sorted by name. */
  others: OtherKey[]
  /** Names of those whose counts are an estimate: neither the footer nor a small read told. */
  estimated: string[]
}

/**
 * What the footer leaves open: `leaf` tells it without the rest of the column; the whole column where that is
 * undefined.
 */
interface Question {
  column: Column
  leaf: Leaf | undefined
  bytes: number
  /** The most general kind, with as many rows as the footer allows. */
  estimate: Counts
}

/**
 * What the footer leaves open is read up to so many bytes in all: a `_type` column of 100,000 rows has less
 * than 1 kB.
 */
const READ_UP_TO = 256 << 10

/**
 * Counts the kinds of `columns` (those of one name are added up), without reading them where the footer says
 * it:
 * - true and false, texts, dates: rows without the nulls. Texts that may begin with { or [ are a foreign
 *   exporter's JSON, so they are read;
 * - lists: rows without the nulls, by the histogram of levels;
 * - structs: their `_type`, when its least and greatest value are the same; the rest are dicts. What is
 *   open is read, the smallest first, up to 256 kB in all; the rest is an estimate.
 */
export async function countKinds(table: Table, columns: readonly Column[], limits: Limits): Promise<Kinds> {
  const found = new Map<string, Counts>()
  const open: Question[] = []
  for (const column of columns) {
    const answer = fromFooter(table, column)
    if ('column' in answer) open.push(answer)
    else add(found, column.name, answer.counts)
  }
  open.sort((a, b) => a.bytes - b.bytes)
  const estimated: string[] = []
  let left = READ_UP_TO
  for (const question of open) {
    left -= question.bytes
    const counts = left >= 0 ? await readCounts(table, question, limits) : undefined
    add(found, question.column.name, counts ?? question.estimate)
    if (!counts) estimated.push(question.column.name)
  }
  const others = [...found]
    .map(([name, kinds]) => ({ name, kinds }))
    .filter(({ kinds }) => Object.keys(kinds).length > 0)
  return { others: others.sort((a, b) => (a.name < b.name ? -1 : 1)), estimated }
}

function add(found: Map<string, Counts>, name: string, counts: Counts): void {
  const sum = found.get(name) ?? {}
  for (const [kind, n] of Object.entries(counts)) if (n > 0) sum[kind] = (sum[kind] ?? 0) + n
  found.set(name, sum)
}

/** The counts, or what would have to be read for them. */
function fromFooter(table: Table, column: Column): { counts: Counts } | Question {
  const { element, children } = column.tree
  const first = column.leaves[0]
  if (!first) return { counts: {} }
  const ask = (leaf: Leaf | undefined, estimate: Counts): Question => {
    const chunks = (leaf ? [leaf] : column.leaves).flatMap((one) => chunksOf(table, one))
    return { column, leaf, estimate, bytes: chunks.reduce((sum, { start, end }) => sum + end - start, 0) }
  }
  const chunks = chunksOf(table, first)
  if (
    element.repetition_type === 'REPEATED' ||
    element.converted_type === 'LIST' ||
    element.logical_type?.type === 'LIST'
  ) {
    const list = totalOf(chunks.map(presentAtTop))
    return list === undefined ? ask(undefined, { list: table.rows }) : { counts: { list } }
  }
  if (children.length === 0) {
    const present = totalOf(chunks.map(presentIn))
    const counts = { [element.type === 'BOOLEAN' ? 'bool' : 'string']: present ?? table.rows }
    return present === undefined || (isText(column) && !chunks.every(noJsonIn))
      ? ask(first, counts)
      : { counts }
  }
  const present = totalOf(chunks.map(presentAtTop))
  const estimate = { dict: present ?? table.rows }
  const type = typeLeafOf(column)
  if (!type)
    return present === undefined
      ? ask(
          column.leaves.find(({ path }) => isPlain(path)),
          estimate,
        )
      : { counts: { dict: present } }
  const parts = chunksOf(table, type).map(oneType)
  const counts: Counts = {}
  let typed = 0
  for (const part of parts) {
    if (!part || present === undefined) return ask(type, estimate)
    counts[part.type] = (counts[part.type] ?? 0) + part.n
    typed += part.n
  }
  counts.dict = (counts.dict ?? 0) + (present ?? 0) - typed
  return { counts }
}

/** The one `_type` of a chunk and how many rows have it; undefined where there may be several. */
function oneType(chunk: Chunk): { type: string; n: number } | undefined {
  const n = presentIn(chunk)
  if (n === undefined) return undefined
  if (n === 0) return { type: 'dict', n }
  const {
    min_value: least,
    max_value: most,
    is_min_value_exact,
    is_max_value_exact,
  } = chunk.meta.statistics ?? {}
  // a writer may cut long texts, and says so
  if (
    typeof least !== 'string' ||
    least !== most ||
    is_min_value_exact === false ||
    is_max_value_exact === false
  )
    return undefined
  return { type: least || 'dict', n }
}

/** No text of the chunk begins with { or [: those would lie between the least and the greatest. */
function noJsonIn(chunk: Chunk): boolean {
  if (presentIn(chunk) === 0) return true
  const { min_value: least, max_value: most } = chunk.meta.statistics ?? {}
  return (
    typeof least === 'string' &&
    typeof most === 'string' &&
    ['[', '{'].every((c) => most < c || least.slice(0, 1) > c)
  )
}

/**
 * The leaf that tells the kinds of a column's values by itself: the `_type` of a struct, or texts that may be
 * JSON. Undefined where no value has a `_type`.
 */
export function typeLeafOf(column: Column): Leaf | undefined {
  const { children } = column.tree
  if (children.length === 0) return isText(column) ? column.leaves[0] : undefined
  return column.leaves.find(
    ({ path }) => path.length === 3 && path[2]?.element.name === '_type' && isPlain(path),
  )
}

/** Calls `use` with the kind of each value of a page of such a leaf; undefined for null. */
export async function eachKindOf(
  table: Table,
  column: Column,
  leaf: Leaf,
  groups: number,
  limits: Limits,
  use: (kinds: (string | undefined)[], group: number, row: number) => void,
): Promise<void> {
  const chunks = chunksOf(table, leaf).slice(0, groups)
  const compressors = await compressorsFor(table.path, chunks)
  const fetcher = makeFetcher(table.path, table.bytes, chunks, limits)
  const isStruct = leaf.path.length > 2
  const json = isJson(column)
  const pages = { compressors, texts: 'text' as const, breathe: makeBreath() }
  for (const [group, chunk] of chunks.entries())
    await eachPage(table.path, chunk, await fetcher.take(group), pages, (values, row) =>
      use(
        Array.from(values, (value: unknown) =>
          isStruct ? kindByLeaf(leaf, value) : json ? kindOfJson(value) : kindOf(value),
        ),
        group,
        row,
      ),
    )
}

/** No list on the way to the leaf. */
function isPlain(path: Leaf['path']): boolean {
  return path.slice(1).every(({ element }) => element.repetition_type !== 'REPEATED')
}

/** Undefined where the column is damaged: it does not keep the metrics from being shown. */
async function readCounts(
  table: Table,
  { column, leaf }: Question,
  limits: Limits,
): Promise<Counts | undefined> {
  const counts: Counts = {}
  const count = (kind: string | undefined): void => {
    if (kind) counts[kind] = (counts[kind] ?? 0) + 1
  }
  try {
    const chunks = (leaf ? [leaf] : column.leaves).flatMap((one) => chunksOf(table, one))
    const compressors = await compressorsFor(table.path, chunks)
    if (!leaf) {
      const file = asyncBuffer(
        table.path,
        await checkedBytes(table, [column.name], compressors, limits),
        limits,
      )
      const onChunk = ({ columnData }: { columnData: Iterable<unknown> }): void => {
        for (const value of columnData) count(kindOf(value))
      }
      await parquetRead({
        file,
        metadata: table.metadata,
        columns: [column.name],
        ...(compressors ? { compressors } : {}),
        onChunk,
      })
      return counts
    }
    await eachKindOf(table, column, leaf, chunks.length, limits, (kinds) => kinds.forEach(count))
    return counts
  } catch (cause) {
    if (isAbort(cause)) throw cause
    return undefined
  }
}

/** Of a struct by one of its leaves, a nested array where the struct can be null (see eachPage). */
function kindByLeaf(leaf: Leaf, value: unknown): string | undefined {
  const optional = leaf.path[1]?.element.repetition_type !== 'REQUIRED'
  if (optional && Array.isArray(value) && value.length === 0) return undefined
  const member: unknown = optional && Array.isArray(value) ? value[0] : value
  return leaf.path.length === 3 && leaf.element.name === '_type' && typeof member === 'string' && member
    ? member
    : 'dict'
}

/** Of a column of JSON: its numbers are the metric's, and a text that looks like JSON is a text. */
function kindOfJson(value: unknown): string | undefined {
  if (numberAmong(value) !== undefined) return undefined
  return typeof value === 'string' ? 'string' : kindOf(value)
}

/** As scan.ts tells values apart; undefined for null. */
function kindOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'boolean') return 'bool'
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof Uint8Array))) return 'list'
  if (typeof value === 'string') {
    const json = /^[[{]/.test(value) ? parseLoose(value) : undefined
    return json !== null && typeof json === 'object' ? kindOf(json) : 'string'
  }
  if (typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array) return 'string'
  return '_type' in value && typeof value._type === 'string' && value._type ? value._type : 'dict'
}
