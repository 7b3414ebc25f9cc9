import { nextTurn } from '../../bridge/turn.ts'
import { guessKind } from '../../compute/file-kind.ts'
import { bytesOfTable, makeColumn, makeTableData } from '../../compute/logged-table/columns.ts'
import { isAbort, TrackioError } from '../../model/errors.ts'
import type { TableFile, TableRef } from '../../model/logged-table.ts'
import type { OpenProgress, Waiting } from '../../model/questions.ts'
import { keyOf, type OpenFile, type OpenFiles } from '../files/open-file.ts'
import type { RowReader } from '../files/row-reader.ts'
import type { LoggedTable } from './table-store.ts'

/** Bytes of a file that are read by themselves: of this machine, and behind a network. */
const FIRST_NEAR = 64 << 20
const FIRST_FAR = 1 << 20
/** Rows cost so much memory at most, bytes. */
const MOST_MEMORY = 1 << 30
const KEEP = 4
const LOOK_EVERY = 16

interface Entry {
  table: LoggedTable
  file: OpenFile
  reader: RowReader
  done: boolean
  /** There are more rows than a page has memory for. */
  full: boolean
  /** Why no more rows could be read. */
  why: string | undefined
  reading: Promise<void>
}

export interface FileTables {
  /** The rows of a file that were read: the first ones, or all of them where they are asked for. */
  table(ref: TableRef & { file: TableFile }, waiting: Waiting<OpenProgress>): Promise<LoggedTable>
  forgetClosed(isOpen: (project: string) => boolean): void
}

let serials = 0

/** Rows of files as tables, kept like those that runs logged. */
export function makeFileTables(files: OpenFiles): FileTables {
  const entries = new Map<string, Promise<Entry>>()
  return {
    async table({ file, project }, waiting) {
      const id = JSON.stringify([project, keyOf(file.of), file.table, file.as])
      const known = entries.get(id)
      const opened = await files.open(file.of, waiting.signal)
      // what was opened anew is another file
      const same = (await known?.catch(() => undefined))?.file === opened
      const made = (same ? known : undefined) ?? makeEntry(opened, file)
      entries.delete(id) // moves it to the young end
      entries.set(id, made)
      made.catch(() => entries.get(id) === made && entries.delete(id))
      for (const old of entries.keys()) {
        if (entries.size <= KEEP) break
        entries.delete(old)
      }
      const entry = await made
      // one after the other: each reads on from where the one before has come
      const turn = entry.reading.catch(() => undefined).then(() => readOn(entry, file, waiting))
      entry.reading = turn
      await turn
      return entry.table
    },
    forgetClosed(isOpen) {
      for (const id of entries.keys()) if (!isOpen(JSON.parse(id)[0] as string)) entries.delete(id)
    },
  }
}

async function makeEntry(file: OpenFile, of: TableFile): Promise<Entry> {
  const reader = await readerOf(file, of)
  const data = makeTableData()
  const entry: Entry = {
    ...{ file, reader, done: false, full: false, why: undefined, reading: Promise.resolve() },
    table: {
      serial: -++serials,
      ...{ data, places: [], step: makeColumn('step'), run: makeColumn('run'), complete: true },
      valueAt: (row) => ({ run: '', row, step: Number.NaN, time: Number.NaN }),
      notes: () => reader.notes(),
      file: () => ({
        all: entry.done,
        full: entry.full,
        why: entry.why,
        total: entry.done ? data.rows : reader.total,
        size: file.size,
        read: file.read(),
        next: reader.next?.() ?? 0,
      }),
    },
  }
  return entry
}

async function readerOf(file: OpenFile, { as, table }: TableFile): Promise<RowReader> {
  const head = await file.bytes.load(0, Math.min(4096, file.size))
  const { encoding } = guessKind(file.name, head, file.size)
  switch (as) {
    case 'csv':
      return (await import('../files/csv-rows.ts')).csvRows(file, encoding, undefined)
    case 'tsv':
      return (await import('../files/csv-rows.ts')).csvRows(file, encoding, '\t')
    case 'jsonl':
      return (await import('../files/line-rows.ts')).lineRows(file, encoding)
    case 'parquet': {
      const { parquetRows, parquetTable } = await import('../files/parquet-rows.ts')
      return parquetRows(file, await parquetTable(file))
    }
    case 'sqlite':
      if (table === undefined) throw new TrackioError(file.name, 'no table of it was chosen')
      return (await import('../files/sqlite-rows.ts')).sqliteRows(file, table, undefined)
  }
}

async function readOn(
  entry: Entry,
  { all, as }: TableFile,
  { signal, onProgress }: Waiting<OpenProgress>,
): Promise<void> {
  const { file, reader, table } = entry
  const { data } = table
  const budget = file.far ? FIRST_FAR : FIRST_NEAR
  if (all && as === 'sqlite' && !entry.done) await (await import('../files/sqlite-rows.ts')).takeWhole(file)
  for (let piece = 1; !entry.done && !entry.full; piece++) {
    if (!all && data.rows > 0 && reader.cost() >= budget) return
    if (!all && file.far && (reader.next?.() ?? 0) > budget) return
    try {
      entry.done = !(await reader.more(data, signal))
      entry.why = undefined
    } catch (cause) {
      // rows that were read are rows all the same
      if (isAbort(cause) || data.rows === 0) throw cause
      entry.why = cause instanceof Error ? cause.message : String(cause)
      return
    }
    onProgress?.({
      text: `reading rows: ${data.rows.toLocaleString('en')}${reader.total === undefined ? '' : ` of ${reader.total.toLocaleString('en')}`}`,
      bytes: file.read().bytes,
      totalBytes: file.size,
    })
    if (piece % LOOK_EVERY === 0) entry.full = bytesOfTable(data) > MOST_MEMORY
    await nextTurn()
  }
}
