import type { Published, PublishOptions, PublishProgress } from '../model/publish.ts'
import type { Waiting } from '../model/questions.ts'

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
  ids: PendingIds
}

/** Which rows those are: all that wait for the Space up to these row ids, and alerts by their own. */
export interface PendingIds {
  space: string
  metrics: number
  system: number
  alerts: string[]
}

/** What became of the rows of a project that are meant for a Space. */
export type Delivered =
  /**
   * All of them are in the Space's bucket, from where it takes them within seconds. `rows`: since this tab
   * began.
   */
  | { state: 'sent'; target: string; bucket: string; rows: number }
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

/**
 * All that logging can ask of whoever owns the storage. Every call settles: errors are TrackioError
 * (something a person can act on) or EngineClosedError. Calls may be made twice without harm: whoever owns
 * the storage may close between the doing and the answer, and the next owner is asked again.
 */
export interface DeskApi {
  keeping(): Promise<Keeping>
  begin(start: RunStart): Promise<RunBegun>
  /** Resolves when the rows are committed: they outlast the end of the page. */
  write(batch: Batch): Promise<Receipt>
  /** What is committed would outlast a loss of power, too. */
  sync(project: string): Promise<void>
  /** Nothing more comes for now: folds the log into the database. */
  fold(project: string): Promise<void>
  logArtifact(artifact: ArtifactToLog): Promise<ArtifactRecord>
  /** `spec`: `v3`, an alias, or '' for `latest`; undefined where there is none. */
  artifact(project: string, name: string, spec: string): Promise<ArtifactRecord | undefined>
  /** Notes that a run used a version of an artifact of `project`. */
  useArtifact(project: string, versionId: number, run: RunRef): Promise<void>
  artifactBlob(project: string, digest: string): Promise<Blob | undefined>
  /** Keeps a file of the project that belongs to no run. */
  save(project: string, path: string, blob: Blob): Promise<void>
  /** Canonical names, sorted. */
  projects(): Promise<string[]>
  /** The project's database as one file, its log folded in. */
  exportDatabase(project: string): Promise<Blob>
  /** All files of a project, as they would stand in trackio's folder. */
  exportFiles(project: string): Promise<ProjectFile[]>
  /** Rows of a query, with the names of their columns. Statements that change anything are refused. */
  query(
    project: string,
    sql: string,
    bind: readonly SqlValue[],
  ): Promise<{ columns: string[]; rows: SqlValue[][] }>
  renameRun(project: string, runId: string, name: string): Promise<void>
  /** False when there is no such run. */
  deleteRun(project: string, runId: string): Promise<boolean>
  /**
   * The oldest rows that wait for a Space, so many that they make one fragment; undefined when none do.
   * `known`: configs that are there already.
   */
  pending(project: string, space: string, known: string[]): Promise<PendingRows | undefined>
  /** They arrived: they wait no more. */
  delivered(project: string, ids: PendingIds): Promise<void>
  /** A file by its path below `media/`. */
  mediaFile(path: string): Promise<Blob | undefined>
  /** False when there is no such project. */
  deleteProject(project: string): Promise<boolean>
  /**
   * Gives a project another name, its media and artifacts with it. Rejects where that name is taken. What
   * logs to the old name goes on there. `id`: random, the same when the same is asked again.
   */
  renameProject(project: string, to: string, id: string): Promise<void>
  /** The page goes to rest (it may come back): another tab may take the storage. */
  rest(): Promise<void>
  wake(): Promise<void>
}

/** What brings rows that are stored to Spaces, with the tokens of this tab. */
export interface DeliveryApi {
  /** A token for a Hub, kept in memory and sent to it alone; undefined forgets it. */
  authorize(origin: string, token: string | undefined): Promise<void>
  /** Rows wait for a Space: they go out within a while. `to` comes with the first of a run. */
  soon(project: string, space: string, to?: DeliverTo): Promise<void>
  /** Sends what waits for a Space now, instead of in a while; resolves with what became of it. */
  deliver(project: string, space: string, to?: DeliverTo): Promise<Delivered>
}

export interface PublisherApi {
  authorize(origin: string, token: string | undefined): Promise<void>
  /** Publishes a project as a static Space, see engine/publish. */
  publish(project: string, options: PublishOptions, waiting?: Waiting<PublishProgress>): Promise<Published>
}

/** All of it: each end answers for the part it has. */
export interface WriterApi extends DeskApi, DeliveryApi, PublisherApi {}

/** Rows may be meant for a Space, or for a trackio server, which is named by its address. */
export function isSpace(target: string | null): target is string {
  return target !== null && !/^https?:/.test(target)
}

/** What the writer tells every tab, on the channel below, once rows are committed. */
export interface RowsWritten {
  kind: 'rows'
  /** Canonical name. */
  project: string
  lastId: number
}

/** Of a BroadcastChannel: who shows a project of this browser listens here. */
export const ROWS_CHANNEL = 'trackio-lite:rows'

/** A Web Lock of this name and a run's id is held while the run goes on. */
export const RUN_LOCK = 'trackio-lite:run:'
