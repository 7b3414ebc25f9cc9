import { parquetReadObjects } from 'hyparquet'
import { nextTurn } from '../../bridge/turn.ts'
import { setCell } from '../../compute/logged-table/columns.ts'
import { isAbort, TrackioError } from '../../model/errors.ts'
import type { FileHeader } from '../../model/file.ts'
import { asyncBuffer } from '../formats/parquet/fetch.ts'
import { checkedBytes, compressorsFor } from '../formats/parquet/pages.ts'
import { type Group, nameOf, openTable, type Table } from '../formats/parquet/parquet-table.ts'
import { LIMITS } from '../formats/parquet/plan.ts'
import { cellValue } from './cell-values.ts'
import type { OpenFile } from './open-file.ts'
import { addColumn, type RowReader } from './row-reader.ts'

/** Rows that a first look reads of a file behind a network. */
const FIRST = 1000

const opened = new WeakMap<OpenFile, Promise<Table>>()

export function parquetTable(file: OpenFile): Promise<Table> {
  let table = opened.get(file)
  if (!table) {
    table = openTable(file.ref.path, file.bytes, LIMITS)
    opened.set(file, table)
    table.catch(() => opened.delete(file))
  }
  return table
}

/** Columns, row groups and what the writer noted. */
export function parquetHeader(table: Table): Extract<FileHeader, { kind: 'parquet' }> {
  const leaves = table.columns.flatMap((column) => column.leaves)
  return {
    kind: 'parquet',
    rows: table.rows,
    columns: leaves.map((leaf) => {
      const chunks = table.groups.flatMap(({ chunks }) => chunks[leaf.index] ?? [])
      const sum = (of: 'total_compressed_size' | 'total_uncompressed_size'): number =>
        chunks.reduce((bytes, { meta }) => bytes + Number(meta[of]), 0)
      return {
        name: nameOf(leaf),
        type: typeWords(leaf.element),
        codec: [...new Set(chunks.map(({ meta }) => meta.codec))].join(', '),
        packed: sum('total_compressed_size'),
        plain: sum('total_uncompressed_size'),
      }
    }),
    groups: table.groups.map((group) => ({ rows: group.rows, bytes: groupBytes(group) })),
    createdBy: table.createdBy,
    metadata: (table.metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? '']),
  }
}

function typeWords({
  type,
  logical_type: logical,
  converted_type: converted,
  type_length: length,
}: {
  type?: string
  logical_type?: { type: string } | undefined
  converted_type?: string | undefined
  type_length?: number | undefined
}): string {
  const plain = (type ?? '').toLowerCase().replace('byte_array', 'bytes').replace('fixed_len_', '')
  const sized = length && plain === 'bytes' ? `${plain}[${length}]` : plain
  const meant = (logical?.type ?? converted ?? '').toLowerCase().replace('utf8', 'string')
  return meant === '' ? sized : meant === 'string' ? meant : `${meant} (${sized})`
}

function groupBytes(group: Group): number {
  return group.chunks.reduce((bytes, { start, end }) => bytes + end - start, 0)
}

/**
 * Rows of a Parquet file, a row group at a time, one column after the other: every page is held against what the
 * file promises of it before its values are taken.
 */
export function parquetRows(file: OpenFile, table: Table): RowReader {
  let group = 0
  /** Rows of the group that are here already, by a first look at its pages. */
  let within = 0
  const named = (): string[] => table.columns.map(({ name }) => name)
  const looksOnly = (): boolean => {
    const [first] = table.groups
    return (
      file.far &&
      group === 0 &&
      within === 0 &&
      first !== undefined &&
      first.rows > 4 * FIRST &&
      first.chunks.every(({ index }) => index !== undefined)
    )
  }
  return {
    total: table.rows,
    cost: () => table.groups.slice(0, group).reduce((bytes, one) => bytes + groupBytes(one), 0),
    next: () => (looksOnly() ? 0 : groupBytes(table.groups[group] ?? { rows: 0, chunks: [] })),
    async more(into, signal) {
      for (const name of named()) if (!into.byName.has(name)) addColumn(into, name)
      const now = table.groups[group]
      if (!now) return false
      const before = table.groups.slice(0, group).reduce((rows, one) => rows + one.rows, 0)
      const look = looksOnly()
      const [from, end] = [before + within, look ? before + FIRST : before + now.rows]
      for (const name of named()) {
        signal?.throwIfAborted()
        const column = into.byName.get(name)
        // the one before was given up behind this column
        if (!column || column.length >= end) continue
        const values = await columnValues(table, now, name, from, end, look)
        for (let i = 0; i < values.length; i++) setCell(column, from + i, cellValue(values[i]))
        await nextTurn()
      }
      into.rows = end
      within = look ? FIRST : 0
      if (!look) group++
      return look || group < table.groups.length
    },
    notes: () => [],
  }
}

async function columnValues(
  table: Table,
  group: Group,
  name: string,
  from: number,
  end: number,
  look: boolean,
): Promise<unknown[]> {
  const compressors = await compressorsFor(table.path, group.chunks)
  try {
    const bytes = look
      ? table.bytes
      : await checkedBytes({ ...table, groups: [group] }, [name], compressors, LIMITS)
    const rows = await parquetReadObjects({
      file: asyncBuffer(table.path, bytes, LIMITS),
      metadata: table.metadata,
      columns: [name],
      rowStart: from,
      rowEnd: end,
      useOffsetIndex: look,
      ...(compressors ? { compressors } : {}),
    })
    if (rows.length !== end - from)
      throw new TrackioError(
        table.path,
        `${name} has ${rows.length} values in ${end - from} rows`,
        'Copy or export the file again.',
      )
    return rows.map((row) => row[name] as unknown)
  } catch (cause) {
    if (isAbort(cause) || cause instanceof TrackioError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TrackioError(table.path, `${name} cannot be read: ${why}`, 'Copy or export the file again.')
  }
}
