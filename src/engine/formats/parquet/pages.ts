import type { CompressionCodec, Compressors, DecodedArray, PageHeader, ParquetParsers } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { nextTurn } from '../../../bridge/turn.ts'
import { isAbort, TrackioError } from '../../../model/errors.ts'
import type { Bytes } from '../../../storage/bytes.ts'
import { type ColumnDecoder, checkPage, decodeDictionary, decodePage, type Promised } from './decode.ts'
import { loadSpan, withSpan } from './fetch.ts'
import { type Chunk, nameOf, type Table } from './parquet-table.ts'
import type { Limits } from './plan.ts'

/*
 * The values of a column chunk, page by page. The loop over the pages is here, because hyparquet's own one
 * holds a whole chunk (a million rows) as one plain array and cannot be paused.
 */

/**
 * hyparquet reads these by itself; the others come with a package of 56 kB that is fetched when first needed.
 */
const BUILT_IN: readonly CompressionCodec[] = ['UNCOMPRESSED', 'SNAPPY']
const SLICE_MS = 12

let compressors: Promise<Compressors> | undefined

/**
 * What is needed to unpack these chunks; undefined where nothing is. Throws TrackioError for a codec that
 * cannot be read.
 */
export async function compressorsFor(
  subject: string,
  chunks: readonly Chunk[],
): Promise<Compressors | undefined> {
  const odd = chunks.find(({ meta }) => !BUILT_IN.includes(meta.codec))
  if (!odd) return undefined
  if (!compressors) {
    compressors = import('./compressors.ts').then((loaded) => loaded.compressors)
    // what failed for want of a network is asked for again next time
    compressors.catch(() => {
      compressors = undefined
    })
  }
  const known = await compressors
  const unknown = chunks.find(({ meta }) => !BUILT_IN.includes(meta.codec) && !known[meta.codec])
  if (!unknown) return known
  throw new TrackioError(
    subject,
    `${nameOf(unknown.leaf)} is compressed with ${unknown.meta.codec ?? 'an unknown codec'}, which cannot be read here`,
    'Write the file again with Snappy or zstd compression.',
  )
}

/**
 * As `bytes`, texts come as Uint8Arrays: views into a page, and one object for all rows that share an entry
 * of its dictionary.
 */
export type TextsAs = 'text' | 'bytes'

export interface PageOptions {
  compressors: Compressors | undefined
  texts: TextsAs
}

/** Lets waiting questions be answered after each slice of work, 12 ms. */
export function makeBreath(): () => Promise<void> | undefined {
  let ends = performance.now() + SLICE_MS
  return () => {
    if (performance.now() < ends) return undefined
    return nextTurn().then(() => {
      ends = performance.now() + SLICE_MS
    })
  }
}

/**
 * Calls `use` with the values of each page and the row of the first, counted from the start of the row group;
 * null is a row without a value. Of a leaf below optional structs (no lists), a row is a nested array: `[]`
 * where the struct is null, `[null]` where its member is. Numbers come as the file has them: int64 as BigInt,
 * decimals as their unscaled integers. `breathe` is awaited between pages.
 */
export async function eachPage(
  subject: string,
  chunk: Chunk,
  bytes: Uint8Array,
  options: PageOptions & { breathe: () => Promise<void> | undefined },
  use: (values: DecodedArray, row: number) => void,
): Promise<void> {
  const decoder = decoderOf(chunk, options)
  const promised = promisedBy(chunk)
  let dictionary: DecodedArray | undefined
  let row = 0
  try {
    for (const { header, body } of pagesIn(bytes, () => row < chunk.rows)) {
      if (header.type === 'DICTIONARY_PAGE') dictionary = decodeDictionary(body, header, decoder, promised)
      if (header.type !== 'DATA_PAGE' && header.type !== 'DATA_PAGE_V2') continue
      const data = decodePage(body, header, decoder, dictionary, { ...promised, values: chunk.rows - row })
      if (data.length === 0) continue
      use(data, row)
      row += data.length
      const pause = options.breathe()
      if (pause) await pause
    }
    if (row !== chunk.rows) throw new Error(`${row} values instead of ${chunk.rows}`)
  } catch (cause) {
    if (isAbort(cause) || cause instanceof TrackioError) throw cause
    throw unreadable(subject, chunk, cause)
  }
}

/**
 * The bytes of some columns of a small table, looked through and at hand, for hyparquet to put their rows
 * together: it takes what is there, whatever was promised. Throws TrackioError where they are damaged.
 */
export async function checkedBytes(
  table: Table,
  names: readonly string[],
  compressors: PageOptions['compressors'],
  limits: Limits,
): Promise<Bytes> {
  const leaves = table.columns.filter(({ name }) => names.includes(name)).flatMap((column) => column.leaves)
  const chunks = table.groups.flatMap((group) => leaves.map((leaf) => group.chunks[leaf.index] as Chunk))
  if (chunks.length === 0) return table.bytes
  const start = Math.min(...chunks.map((chunk) => chunk.start))
  const end = Math.max(...chunks.map((chunk) => chunk.end))
  const bytes = await withSpan(table.path, table.bytes, { start, end }, limits)
  for (const chunk of chunks)
    checkChunk(
      table.path,
      chunk,
      await loadSpan(table.path, bytes, chunk, { most: end - start }),
      compressors,
    )
  return bytes
}

/** Looks whether a chunk can be read: of any leaf, lists among them. Throws TrackioError where it cannot. */
function checkChunk(
  subject: string,
  chunk: Chunk,
  bytes: Uint8Array,
  compressors: PageOptions['compressors'],
): void {
  guarded(subject, chunk, () => {
    const decoder = decoderOf(chunk, { compressors, texts: 'bytes' })
    const promised = promisedBy(chunk)
    let dictionary: DecodedArray | undefined
    let values = 0
    for (const { header, body } of pagesIn(bytes, () => values < promised.values)) {
      if (header.type === 'DICTIONARY_PAGE') dictionary = decodeDictionary(body, header, decoder, promised)
      if (header.type === 'DATA_PAGE' || header.type === 'DATA_PAGE_V2')
        values += checkPage(body, header, decoder, dictionary, {
          ...promised,
          values: promised.values - values,
        })
    }
    if (values !== promised.values) throw new Error(`${values} values instead of ${promised.values}`)
  })
}

function promisedBy({ meta }: Chunk): Promised {
  return { values: Number(meta.num_values), bytes: Number(meta.total_uncompressed_size) }
}

/** The pages that lie one after the other in a chunk's bytes, while `wanted`. */
function* pagesIn(
  bytes: Uint8Array,
  wanted: () => boolean,
): Generator<{ header: PageHeader; body: Uint8Array }> {
  const reader = readerOf(bytes)
  // a header alone has more than one byte: what is left after the last page is padding
  while (wanted() && reader.offset < bytes.length - 1) yield pageAt(reader, bytes)
}

function pageAt(
  reader: { view: DataView; offset: number },
  bytes: Uint8Array,
): { header: PageHeader; body: Uint8Array } {
  const header = parquetHeader(reader)
  const size = header.compressed_page_size
  const after = reader.offset + size
  if (!(size >= 0) || after > bytes.length)
    throw new Error(`a page should end at byte ${after} of ${bytes.length}`)
  const body = bytes.subarray(reader.offset, after)
  reader.offset = after
  return { header, body }
}

/** The dictionary of a chunk: `bytes` are its page with the header, as they are for `onePage`. */
export function dictionaryOf(
  subject: string,
  chunk: Chunk,
  bytes: Uint8Array,
  options: PageOptions,
): DecodedArray {
  const decoder = decoderOf(chunk, options)
  return guarded(subject, chunk, () => {
    const { header, body } = pageAt(readerOf(bytes), bytes)
    return decodeDictionary(body, header, decoder, promisedBy(chunk))
  })
}

/** The values of one data page, see `eachPage`. */
export function onePage(
  subject: string,
  chunk: Chunk,
  bytes: Uint8Array,
  dictionary: DecodedArray | undefined,
  options: PageOptions,
): DecodedArray {
  return guarded(subject, chunk, () => {
    const { header, body } = pageAt(readerOf(bytes), bytes)
    return decodePage(body, header, decoderOf(chunk, options), dictionary, promisedBy(chunk))
  })
}

function guarded<T>(subject: string, chunk: Chunk, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw cause instanceof TrackioError ? cause : unreadable(subject, chunk, cause)
  }
}

function readerOf(bytes: Uint8Array): { view: DataView; offset: number } {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
}

function decoderOf(chunk: Chunk, options: PageOptions): ColumnDecoder {
  const { leaf, meta } = chunk
  const parsers: ParquetParsers =
    options.texts === 'bytes' ? { ...DEFAULT_PARSERS, stringFromBytes: (bytes) => bytes } : DEFAULT_PARSERS
  // decimals stay integers: hyparquet multiplies by a power of ten, which makes 0.30000000000000004 of 0.3
  const decimal = leaf.element.converted_type === 'DECIMAL' || leaf.element.logical_type?.type === 'DECIMAL'
  const { converted_type: _type, logical_type: _logical, ...plain } = leaf.element
  const element = decimal ? plain : leaf.element
  return {
    pathInSchema: meta.path_in_schema,
    type: meta.type,
    element,
    schemaPath: leaf.path,
    codec: meta.codec,
    parsers,
    ...(options.compressors ? { compressors: options.compressors } : {}),
    utf8: !decimal,
  }
}

function unreadable(subject: string, chunk: Chunk, cause: unknown): TrackioError {
  const why = (cause instanceof Error ? cause.message : String(cause))
    .replace(/^parquet /, '')
    .replace('encoding: undefined', 'encoding')
  const unsupported = why.startsWith('unsupported')
  return new TrackioError(
    subject,
    `${nameOf(chunk.leaf)} cannot be read: ${why}`,
    unsupported
      ? 'Write the file again with the default settings of pyarrow.'
      : 'The file is damaged there: copy or export it again.',
  )
}
