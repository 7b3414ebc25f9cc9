import type { CompressionCodec, Compressors, DecodedArray, ParquetParsers } from 'hyparquet'
import { parquetHeader, readPage } from 'hyparquet/src/column.js'
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { nextTurn } from '../../../bridge/turn.ts'
import { isAbort, TrackioError } from '../../../model/errors.ts'
import { type Chunk, nameOf } from './table.ts'

/*
 * The values of a column chunk, page by page. hyparquet decodes the pages; the loop over them is here, because its own one holds a
 * whole chunk (a million rows) as one plain array and cannot be paused.
 */

/** hyparquet reads these by itself; the others come with a package of 56 kB that is fetched when first needed. */
const BUILT_IN: readonly CompressionCodec[] = ['UNCOMPRESSED', 'SNAPPY']
const SLICE_MS = 12

type ColumnDecoder = Parameters<typeof readPage>[2]

let compressors: Promise<Compressors> | undefined

/** What is needed to unpack these chunks; undefined where nothing is. Throws TrackioError for a codec that cannot be read. */
export async function compressorsFor(subject: string, chunks: readonly Chunk[]): Promise<Compressors | undefined> {
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

/** As `bytes`, texts come as Uint8Arrays: views into a page, and one object for all rows that share an entry of its dictionary. */
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
 * Calls `use` with the values of each page and the row of the first, counted from the start of the row group; null is a row without a value. Of a leaf below
 * optional structs (no lists), a row is a nested array: `[]` where the struct is null, `[null]` where its member is. Numbers come as the file has them:
 * int64 as BigInt, decimals as their unscaled integers. `breathe` is awaited between pages.
 */
export async function eachPage(
  subject: string,
  chunk: Chunk,
  bytes: Uint8Array,
  options: PageOptions & { breathe: () => Promise<void> | undefined },
  use: (values: DecodedArray, row: number) => void,
): Promise<void> {
  const decoder = decoderOf(chunk, options)
  const reader = readerOf(bytes)
  let dictionary: DecodedArray | undefined
  let row = 0
  try {
    // a header alone has more than one byte: what is left after the last page is padding
    while (row < chunk.rows && reader.offset < bytes.length - 1) {
      const header = parquetHeader(reader)
      const after = reader.offset + header.compressed_page_size
      if (after > bytes.length) throw new Error(`a page should end at byte ${after} of ${bytes.length}`)
      if (header.type === 'DICTIONARY_PAGE') {
        const { data } = readPage(reader, header, decoder, undefined, undefined, 0)
        dictionary = data && convert(data, decoder)
      } else if (header.type === 'DATA_PAGE' || header.type === 'DATA_PAGE_V2') {
        const count = header.data_page_header?.num_values ?? header.data_page_header_v2?.num_values ?? 0
        if (count > 0) {
          const { data = [] } = readPage(reader, header, decoder, dictionary, undefined, 0)
          use(data, row)
          row += data.length
          const pause = options.breathe()
          if (pause) await pause
        }
      }
      reader.offset = after
    }
    if (row !== chunk.rows) throw new Error(`${row} values instead of ${chunk.rows}`)
  } catch (cause) {
    if (isAbort(cause) || cause instanceof TrackioError) throw cause
    throw unreadable(subject, chunk, cause)
  }
}

/** The dictionary of a chunk: `bytes` are its page with the header, as they are for `onePage`. */
export function dictionaryOf(subject: string, chunk: Chunk, bytes: Uint8Array, options: PageOptions): DecodedArray {
  const decoder = decoderOf(chunk, options)
  return guarded(subject, chunk, () => {
    const reader = readerOf(bytes)
    const { data } = readPage(reader, parquetHeader(reader), decoder, undefined, undefined, 0)
    if (!data) throw new Error('a dictionary without values')
    return convert(data, decoder)
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
    const reader = readerOf(bytes)
    const { data } = readPage(reader, parquetHeader(reader), decoderOf(chunk, options), dictionary, undefined, 0)
    return data ?? []
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
  const parsers: ParquetParsers = options.texts === 'bytes' ? { ...DEFAULT_PARSERS, stringFromBytes: (bytes) => bytes } : DEFAULT_PARSERS
  // decimals stay integers: hyparquet multiplies by a power of ten, which makes 0.30000000000000004 of 0.3
  const decimal = leaf.element.converted_type === 'DECIMAL' || leaf.element.logical_type?.type === 'DECIMAL'
  const element = decimal ? { ...leaf.element, converted_type: undefined, logical_type: undefined } : leaf.element
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
  const why = (cause instanceof Error ? cause.message : String(cause)).replace(/^parquet /, '').replace('encoding: undefined', 'encoding')
  const unsupported = why.startsWith('unsupported')
  return new TrackioError(
    subject,
    `${nameOf(chunk.leaf)} cannot be read: ${why}`,
    unsupported ? 'Write the file again with the default settings of pyarrow.' : 'The file is damaged there: copy or export it again.',
  )
}
