import type { Reading } from '../../../model/catalogue.ts'
import type { Notice } from '../../../model/source.ts'
import type { OpenDataset } from '../dataset.ts'
import type { Damage } from './btree.ts'
import type { Header } from './database-header.ts'
import type { Blocks, Image, Pages } from './database-image.ts'
import type { SqliteInput } from './input.ts'
import type { Schema } from './schema.ts'
import type { RunSorter } from './sort.ts'
import type { RowReader } from './sqlite-rows.ts'
import type { ReadTables } from './sqlite-run-tables.ts'
import type { Table } from './sqlite-table.ts'
import type { Log } from './wal.ts'

/** An open database: what is known of it, and how far it was read. The steps beside this file work on it. */
export interface OpenFile {
  readonly input: SqliteInput
  readonly header: Header
  /** The metrics' table, and what reads and orders its rows; undefined where nothing was logged yet. */
  readonly table: Table | undefined
  readonly root: number
  readonly hasIds: boolean
  readonly rows: RowReader | undefined
  readonly sorter: RunSorter | undefined
  readonly damage: Damage[]
  readonly projects: OpenDataset['projects']
  /** Adds the projects that the rows read so far name. */
  listProjects(): void

  // as of the last look
  image: Image
  log: Log | undefined
  schema: Schema
  beside: ReadTables
  /** The greatest id that a row of metrics was ever given, where it is known. */
  lastId: number | undefined
  /** Blocks that were read for the last look, while only the log changes. */
  looked: { generation: string | undefined; blocks: Blocks } | undefined

  state: Reading['state']
  failure: Notice | undefined
  stop: 'no' | 'cancel' | 'pause'
  /** Rows are being read. */
  active: boolean
  /** Somebody wants more than the sample of a file behind a network. */
  wholeWanted: boolean
  /** Rows from places all over the file, until all are read. */
  samples: RowReader | undefined
  /** What rows are read through. */
  through: Pages | undefined
  bytesDone: number
  /**
   * Rows that are new in a file that was read before: all that was there is shown, so it goes on counting as
   * read.
   */
  following: boolean
  /** Rows that were put in order do not lie in the file as they are kept. */
  tangled: boolean
  /** Runs that were looked at whether they are still there. */
  checked: number
  /** Rows of the inbox that are shown with the database's. */
  merged: number
  /** Lines of the inbox that are no JSON. */
  skippedLines: number
}

/** Reading in slices: when one is over, and what is done then. */
export interface Slices {
  pauseDue(): boolean
  pause(): Promise<void>
}
