import type { ColumnMetaData, FileMetaData, SchemaElement, SchemaTree } from 'hyparquet'
import { parquetMetadata, parquetSchema } from 'hyparquet'
import { TrackioError } from '../../../model/errors.ts'
import type { Bytes } from '../../../storage/bytes.ts'
import { loadSpan, withTail } from './fetch.ts'
import type { Limits, Span } from './plan.ts'

/** A column that holds values: the end of a path through nested columns. */
export interface Leaf {
  /** Its place among the chunks of a row group. */
  index: number
  /** From the root of the schema to the leaf itself. */
  path: SchemaTree[]
  element: SchemaElement
}

/** A column of the table, as trackio names its keys: a leaf, or a struct or list of them. */
export interface Column {
  name: string
  tree: SchemaTree
  leaves: Leaf[]
}

/** A leaf's values in one row group. */
export interface Chunk extends Span {
  leaf: Leaf
  meta: ColumnMetaData
  /** Rows of its group. */
  rows: number
  /** Where the file says which rows each of its pages holds; undefined where its writer did not. */
  index: Span | undefined
}

export interface Group {
  rows: number
  /** By leaf. */
  chunks: Chunk[]
}

/** A Parquet file whose footer was read. */
export interface Table {
  path: string
  bytes: Bytes
  metadata: FileMetaData
  rows: number
  columns: Column[]
  /** Those with rows. */
  groups: Group[]
  createdBy: string
  /** Names of what its writer added to the footer: `pandas`, `ARROW:schema`. */
  notes: string[]
}

const AGAIN = 'Copy or export the file again.'

/**
 * Reads the footer: one request, and a second where it is longer than `limits.tail`. Throws TrackioError for
 * anything that is no whole Parquet file.
 */
export async function openTable(path: string, bytes: Bytes, limits: Limits): Promise<Table> {
  if (bytes.size === 0)
    throw new TrackioError(path, 'empty: a Parquet file has a footer even where it has no rows', AGAIN)
  let from = Math.max(0, bytes.size - Math.max(8, limits.tail))
  let tail = await loadSpan(path, bytes, { start: from, end: bytes.size }, limits)
  const magic = latin(tail.subarray(-4))
  if (magic === 'PARE') throw encrypted(path)
  if (tail.length < 12 || magic !== 'PAR1') throw await notParquet(path, bytes)
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(tail.length - 8, true)
  if (length + 12 > bytes.size)
    throw new TrackioError(
      path,
      `broken: its footer should have ${length.toLocaleString('en')} bytes, more than the file has`,
      AGAIN,
    )
  const start = bytes.size - 8 - length
  if (start < from) {
    const rest = await loadSpan(path, bytes, { start, end: from }, limits)
    const joined = new Uint8Array(rest.length + tail.length)
    joined.set(rest)
    joined.set(tail, rest.length)
    tail = joined
    from = start
  }
  try {
    return readFooter(path, withTail(bytes, tail, from), tail.subarray(start - from))
  } catch (cause) {
    if (cause instanceof TrackioError) throw cause
    throw new TrackioError(
      path,
      `broken: its footer cannot be read (${cause instanceof Error ? cause.message : String(cause)})`,
      AGAIN,
    )
  }
}

function readFooter(path: string, bytes: Bytes, footer: Uint8Array): Table {
  const metadata = parquetMetadata(footer, { geoparquet: false })
  const root = parquetSchema(metadata)
  let count = 0
  const columns = root.children.map((tree): Column => {
    const leaves = leavesOf(tree, [root]).map(
      (way): Leaf => ({ index: count++, path: way, element: (way.at(-1) as SchemaTree).element }),
    )
    return { name: tree.element.name, tree, leaves }
  })
  if (metadata.schema.some(({ name }) => typeof name !== 'string'))
    throw new TrackioError(path, 'broken: a column without a name', AGAIN)
  const leaves = columns.flatMap((column) => column.leaves)
  const groups = metadata.row_groups.map((group, g) => {
    const rows = Number(group.num_rows)
    if (group.columns.length !== leaves.length)
      throw new TrackioError(
        path,
        `broken: row group ${g} has ${group.columns.length} columns instead of ${leaves.length}`,
        AGAIN,
      )
    return { rows, chunks: leaves.map((leaf, i) => chunkOf(path, bytes.size, leaf, group.columns[i], rows)) }
  })
  return {
    path,
    bytes,
    metadata,
    rows: groups.reduce((sum, group) => sum + group.rows, 0),
    columns,
    groups: groups.filter((group) => group.rows > 0),
    createdBy: metadata.created_by ?? '',
    notes: metadata.key_value_metadata?.map(({ key }) => key) ?? [],
  }
}

function chunkOf(
  path: string,
  size: number,
  leaf: Leaf,
  column: FileMetaData['row_groups'][0]['columns'][0] | undefined,
  rows: number,
): Chunk {
  const meta = column?.meta_data
  if (column?.crypto_metadata || column?.encrypted_column_metadata || !meta) throw encrypted(path)
  const name = nameOf(leaf)
  if (meta.type !== leaf.element.type)
    throw new TrackioError(
      path,
      `broken: ${name} is ${leaf.element.type} in one place and ${meta.type} in another`,
      AGAIN,
    )
  if (column.file_path)
    throw new TrackioError(
      path,
      `the values of ${name} are in another file, ${column.file_path}, which is not read`,
      AGAIN,
    )
  // some writers leave the dictionary's place 0 or out; it lies before the data
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset)
  const end = start + Number(meta.total_compressed_size)
  if (!(start >= 0 && end >= start && end <= size))
    throw new TrackioError(
      path,
      `broken: bytes ${start} to ${end} of ${name} are not in the file, which has ${size}`,
      AGAIN,
    )
  // without lists a row is a value; who trusted a garbled count would reserve memory for it
  const isPlain = leaf.path.every(({ element }) => element.repetition_type !== 'REPEATED')
  if (!(rows >= 0) || (isPlain && Number(meta.num_values) !== rows))
    throw new TrackioError(path, `broken: ${name} has ${meta.num_values} values in ${rows} rows`, AGAIN)
  return { leaf, meta, start, end, rows, index: indexOf(size, column) }
}

function indexOf(size: number, column: FileMetaData['row_groups'][0]['columns'][0]): Span | undefined {
  const start = Number(column.offset_index_offset ?? 0)
  const end = start + (column.offset_index_length ?? 0)
  return start > 0 && end > start && end <= size ? { start, end } : undefined
}

function leavesOf(tree: SchemaTree, above: SchemaTree[]): SchemaTree[][] {
  const way = [...above, tree]
  return tree.children.length > 0 ? tree.children.flatMap((child) => leavesOf(child, way)) : [way]
}

/** A leaf as a person knows it: `optimizer.betas.list.element`. */
export function nameOf(leaf: Leaf): string {
  return leaf.path
    .slice(1)
    .map(({ element }) => element.name)
    .join('.')
}

async function notParquet(path: string, bytes: Bytes): Promise<TrackioError> {
  const head = await bytes.load(0, Math.min(16, bytes.size))
  if (latin(head.subarray(0, 4)) === 'PAR1')
    return new TrackioError(
      path,
      `cut off: it begins as a Parquet file, but has no footer at its end (${bytes.size.toLocaleString('en')} bytes)`,
      AGAIN,
    )
  const text = latin(head).replace(/[^ -~]/g, '·')
  return new TrackioError(
    path,
    `not a Parquet file: it begins with ${JSON.stringify(text)}`,
    'Choose a .parquet file that trackio wrote.',
  )
}

function encrypted(path: string): TrackioError {
  return new TrackioError(
    path,
    'encrypted: trackio never writes such files',
    'Decrypt it with the program that wrote it.',
  )
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
