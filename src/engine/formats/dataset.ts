import type { Reading, SideCount } from '../../model/catalogue.ts'
import type { MetricInfo, OtherKey } from '../../model/metric.ts'
import type { Notice, ProjectInfo } from '../../model/source.ts'
import type { Bytes } from '../../storage/bytes.ts'
import type { KeyTable } from '../columns/scan.ts'
import type { RunColumns } from '../columns/series-store.ts'
import type { ProjectFiles } from './project-files.ts'
import type { RowTableName, RunTables, TableRows } from './table-rows.ts'

export interface OpenOptions {
  signal?: AbortSignal | undefined
  /** What is being done, in words, and how far it is. */
  onProgress?: ((text: string, bytes: number, totalBytes: number) => void) | undefined
}

/** A run as a format delivers it; grows while rows are read. */
export interface LoggedRun {
  id: string | null
  name: string
  rows: number
  columns: RunColumns
  /** By key: how many values of each kind that is no number. */
  kinds: (Map<string, number> | undefined)[]
  /** Row ids of a sample's rows, to know which were read since; absent in what is read in full. */
  rowids: Float64Array | undefined
  /** Smallest and largest timestamp, as text and in ms; first and last step (NaN without any). */
  span(): {
    firstTime: string
    lastTime: string
    first: number
    last: number
    firstStep: number
    lastStep: number
  }
}

/** A row as it lies in its place. */
export interface StoredRow {
  /** As stored; '' where none is. */
  timestamp: string
  /** JSON text of each member, as it is written where the place keeps text. */
  members: ReadonlyMap<string, string>
  /** Where the payload is no JSON object: what is stored instead. */
  unreadable?: string
}

/** Which rows of a run are read again: by their place among its rows, and the members that are wanted of them. */
export interface StoredRange {
  rows: Uint32Array
  keys: readonly string[]
}

/**
 * What every format implements: one project, read in the background. A page never asks which format answers.
 */
export interface ProjectReader {
  keys(): KeyTable
  runs(): LoggedRun[]
  /** Grows whenever `runs` or `samples` would say something new. */
  version(): number
  /**
   * Rows from all over the project, read first; empty when everything is read so soon that it is not worth
   * it.
   */
  samples(): LoggedRun[]
  /** What says something of its runs beside the metrics: configs, artifact links, a list of runs. */
  runTables(): RunTables
  /** The metrics have run ids: else a run is told by its name, whatever other tables say. */
  hasIds(): boolean
  /** As its rows name the project, where a file holds several; null elsewhere. */
  part(): string | null
  /** Every row is in `runs()`. */
  exact(): boolean
  /** Rows with ids up to this one are in `runs()`. */
  readUpTo(): number
  reading(): Reading
  notices(): Notice[]
  /**
   * Of formats whose columns are read only when somebody looks (Parquet): makes the columns of these metrics
   * ready in `runs()`; names that do not exist are no error. Absent where `read` brings everything. `metrics`
   * undefined: all of them.
   */
  load?(metrics: readonly string[] | undefined, signal?: AbortSignal | undefined): Promise<void>
  /**
   * Of the same formats: what is known of every metric without reading it. `points` is exact, the rest as far
   * as the file says.
   */
  unread?(): MetricInfo[]
  /**
   * Of the same formats: the keys that are no metrics, over all runs. Which run holds how many is not known
   * without reading, so the runs' `kinds` are empty.
   */
  others?(): OtherKey[]
  /**
   * Rows of one of its `runs()`, in the order asked for, read again from where they lie: undefined for those
   * that are not found there any more. The places of `keepsText` have the text that was written, others the shortest
   * form of a double.
   */
  storedRows?(
    run: LoggedRun,
    range: StoredRange,
    signal?: AbortSignal | undefined,
  ): Promise<(StoredRow | undefined)[]>
  keepsText?: boolean
  /**
   * Of the same formats: puts where the values with these `_type`s stand into the runs' columns, of the rows
   * that were read; all of them without.
   */
  loadTyped?(kinds: readonly string[] | undefined, signal?: AbortSignal | undefined): Promise<void>
  /**
   * Counts what stands in the tables beside the metrics; those that are empty or missing are left out. Not
   * before somebody asks: charts come first.
   */
  countBeside?(): Promise<SideCount[]>
  /**
   * Rows of a table beside the metrics, read when somebody looks; undefined where there is no such table.
   * Absent where a format has none. `onPart` takes rows as they are read, of a table that is too large to be
   * held at once; what the answer still has comes after them. Formats that read a table whole never call it.
   * `columns`: what is needed of it alone; formats that have more at hand may give more.
   */
  tableRows?(
    table: RowTableName,
    signal?: AbortSignal | undefined,
    onPart?: (part: TableRows) => void,
    columns?: readonly string[],
  ): Promise<TableRows | undefined>
  /**
   * Samples of the machines that runs ran on, read when somebody looks; undefined where there are none.
   * Absent where a format has none.
   */
  system?(): Promise<SystemReader | undefined>
}

/**
 * Rows of system metrics in columns, as those of metrics are. None has a step: what stands in `steps` means
 * nothing. Rows of a run are in the order of their times.
 */
export interface SystemReader extends Pick<ProjectReader, 'keys' | 'runs' | 'version' | 'notices'> {
  /** All that is there by now was read. */
  done(): boolean
  /** Reads what is there by now and was not read yet. Whoever gives up leaves it to those who wait still. */
  update(onProgress: (rows: number) => void, signal?: AbortSignal | undefined): Promise<void>
  /** Of formats whose columns are read only when somebody looks, as in ProjectReader. */
  load?: ProjectReader['load']
  unread?: ProjectReader['unread']
  others?: ProjectReader['others']
}

/** A project's files (or its place at a server), opened: its projects, and the one reading that serves them all. */
export interface OpenDataset {
  path: string
  bytes: number
  projects: { info: Omit<ProjectInfo, 'id' | 'source'>; reader: ProjectReader }[]
  notices: Notice[]
  /**
   * Reads on from where it is; resolves when done, stopped, held or failed. `onProgress` comes between
   * slices, a few times a second. A file behind a network may hold after a sample, unless it is asked for
   * `whole`.
   */
  read(onProgress: (what: 'rows' | 'sample') => void, whole?: boolean): Promise<void>
  /**
   * Of a part that is opened only when somebody looks: opens it, so that its tables can be asked for, and reads
   * no rows. Absent where it is open.
   */
  opened?: ((signal?: AbortSignal | undefined) => Promise<void>) | undefined
  /** Ends a `read` at the next page. A pause is not seen by anyone; a cancelled reading says so. */
  stop(how: 'cancel' | 'pause'): void
  done(): boolean
  /**
   * Takes the files as their source has them now and reads what is new. 'other': it is not the same any more
   * and has to be opened anew.
   */
  refresh(files: ProjectFiles): Promise<'same' | 'more' | 'other'>
  /**
   * A file that a logged value names (`file_path` of an image), or undefined where it is lost. Absent where
   * there are none.
   */
  media?: ((path: string, signal?: AbortSignal | undefined) => Promise<Blob | undefined>) | undefined
  /**
   * A file of an artifact by its SHA-256, or undefined where it is missing. Absent where it lies among the
   * project's own files.
   */
  artifactFile?:
    | ((digest: string, signal?: AbortSignal | undefined) => Promise<Bytes | undefined>)
    | undefined
  /** Bytes of its files that are in memory, so that they need not be read again; and letting go of them. */
  held?: (() => number) | undefined
  free?: (() => void) | undefined
  /** Changes at the source itself, where it takes them (a trackio server with a write token). */
  renameRun?:
    | ((project: string, run: { id: string | null; name: string }, name: string) => Promise<void>)
    | undefined
  /** Writes an entry of the project's metadata. */
  setMetadata?: ((project: string, key: string, value: string) => Promise<void>) | undefined
  deleteRun?: ((project: string, run: { id: string | null; name: string }) => Promise<void>) | undefined
}
