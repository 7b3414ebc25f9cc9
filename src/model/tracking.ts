/*
 * What the tracking API, the writer and what delivers say to each other: runs that begin, rows on their way
 * to the database and from there to a Space, artifacts. Times are ms since 1970 (UTC) unless said otherwise.
 */

/**
 * Where rows are kept: in this browser's storage (by this tab or by another one that owns it), or only in
 * memory.
 */
export interface Keeping {
  kind: 'stored' | 'memory'
  /** Why it is memory: what the browser said. */
  why?: string | undefined
}

/** What `init` asks for. */
export interface RunStart {
  /** As the person wrote it; its file has the canonical name. */
  project: string
  /** Null: the next free automatic name. */
  name: string | null
  /** 32 hex digits: the run's id if it is a new one. */
  id: string
  resume: 'never' | 'allow' | 'must'
  /** Space that the run's rows are meant for; they wait for it in the database. */
  space: string | null
  deliverTo?: DeliverTo
}

/** What is known of the run from then on. */
export interface RunBegun {
  id: string
  name: string
  resumed: boolean
  /** One above the largest step stored, or 0. */
  nextStep: number
  /** Newest timestamp stored for the run, ms; 0 for none. Later rows never get an earlier one. */
  lastTime: number
  keeping: Keeping
}

export interface RunRef {
  project: string
  id: string
  name: string
}

/**
 * Rows of one run, in columns. The row at `i` has the id `ids` + 12 hex digits of `first + i`, which makes
 * sending it again harmless.
 */
export interface Rows {
  /** 20 hex digits, random for each run object. */
  ids: string
  first: number
  /** ms, UTC. */
  times: Float64Array
  /** As many as `times`; empty for system metrics, which have none. */
  steps: Float64Array
  /** JSON objects without line breaks, one a line. */
  payloads: string
}

/** A trace, cut out of the row that it was logged in. */
export interface TraceRow {
  /** Number of the row, as in `Rows`. */
  row: number
  step: number
  time: number
  key: string
  /** Place in the list that was logged; null for a single one. */
  index: number | null
  /** JSON arrays and an object. */
  messages: string
  metadata: string
  spans: string
  /** What can be searched for, without the id and key. */
  words: string
}

export interface AlertRow {
  id: string
  time: number
  title: string
  text: string | null
  level: string
  step: number
}

/** A file that rows of the same batch name: its path below `media/`. */
export interface MediaFile {
  path: string
  blob: Blob
}

export interface Batch {
  run: RunRef
  /** Rows not yet delivered to this Space; null for a local run. */
  space: string | null
  rows?: Rows
  system?: Rows
  traces?: TraceRow[]
  alerts?: AlertRow[]
  /** JSON; comes with the first rows of a run object and replaces what is stored for the run. */
  config?: string | undefined
  files?: MediaFile[] | undefined
}

export interface Receipt {
  /** Largest row id of the project's metrics after the batch. */
  lastId: number
  /**
   * The browser had removed the project's files: what was stored before is gone, this batch is in new ones.
   */
  cleared?: true
  /** Files of the batch that could not be put; the rows that name them are stored. */
  unstored?: UnstoredFile[]
}

export interface UnstoredFile {
  /** As the batch has it. */
  path: string
  why: string
  /** For want of room: it may be put another time. */
  full: boolean
}

/** A file or a reference of an artifact, as trackio's manifests have it. */
export interface ManifestEntry {
  path: string
  /** sha256 of the content, 64 hex digits; of a reference, whatever tells its version. */
  digest: string
  /** Bytes; 0 if unknown. */
  size: number
  /** Of a reference: where the data is. */
  ref?: string
}

export interface ArtifactToLog {
  run: RunRef
  /** Space that its files are meant for; they wait for it in the database. */
  space: string | null
  name: string
  type: string
  description: string | null
  /** JSON object, or null. */
  metadata: string | null
  /** Files in the order they were added; a reference has no blob. */
  entries: (ManifestEntry & { blob?: Blob | undefined })[]
  aliases: string[]
  overwrite: boolean
}

export interface ArtifactRecord {
  versionId: number
  version: number
  name: string
  type: string
  description: string | null
  metadata: string | null
  manifest: ManifestEntry[]
  manifestDigest: string
  size: number
  aliases: string[]
}

/** A value of a row, as SQLite has it. */
export type SqlValue = string | number | Uint8Array | null

/** A file of a project: `demo.db`, `media/demo/…`, `artifacts/demo/…`. */
export interface ProjectFile {
  path: string
  blob: Blob
}

/** Rows that wait for a Space, as lines of a log fragment (trackio's form of rows on their way). */
export interface PendingRows {
  /** A JSON object a line. */
  lines: string
  /** Metrics, system metrics and alerts. */
  rows: number
  /** Which configs are in the lines, to be told again as `known`. */
  configs: string[]
  /** Files that the lines name: paths below `media/`. */
  media: string[]
  /** Files that no row names, of artifacts and saved ones: paths below trackio's folder. */
  files: string[]
  ids: PendingIds
}

/** Which rows those are: all that wait for the Space up to these row ids; alerts and files by their own. */
export interface PendingIds {
  space: string
  metrics: number
  system: number
  alerts: string[]
  uploads: number[]
}

/** What became of the rows of a project that are meant for a Space. */
export type Delivered =
  /**
   * All of them are in the Space's bucket, from where it takes them within seconds. `rows` and `files` (of artifacts,
   * and saved ones; left out for none): since this tab began.
   */
  | { state: 'sent'; target: string; bucket: string; rows: number; files?: number }
  /**
   * They wait in this browser, marked for it, and are tried again while a tab logs to it. `origin`: who wants
   * a token.
   */
  | { state: 'kept'; target: string; why: string; action: string; origin?: string }

export interface DeliverTo {
  /** Default: the bucket that the Space mounts. */
  bucketId?: string
  /** Origin of another Hub than huggingface.co. */
  hub?: string | undefined
}

/** What the writer tells every tab, on `ROWS_CHANNEL`, once rows are committed. */
export interface RowsWritten {
  kind: 'rows'
  /** Canonical name. */
  project: string
  lastId: number
}
