import type { RunChange } from '../model/change.ts'
import type { Published, PublishOptions, PublishProgress } from '../model/publish.ts'
import type { Waiting } from '../model/questions.ts'
import type {
  ArtifactRecord,
  ArtifactToLog,
  Batch,
  Delivered,
  DeliverTo,
  Keeping,
  PendingIds,
  PendingRows,
  ProjectFile,
  Receipt,
  RunBegun,
  RunRef,
  RunStart,
  SqlValue,
} from '../model/tracking.ts'

/**
 * All that logging can ask of whoever owns the storage. Every call settles: errors are TrackioError
 * (something a person can act on) or EngineClosedError. Calls may be made twice without harm: whoever owns
 * the storage may close between the doing and the answer, and the next owner is asked again.
 */
export interface LocalStoreApi {
  keeping(): Promise<Keeping>
  begin(start: RunStart): Promise<RunBegun>
  /** Resolves when the rows are committed: they outlast the end of the page. */
  write(batch: Batch): Promise<Receipt>
  /** What is committed would outlast a loss of power, too. */
  sync(project: string): Promise<void>
  /** Nothing more comes for now: writes the write-ahead log (WAL) back into the database. */
  checkpoint(project: string): Promise<void>
  logArtifact(artifact: ArtifactToLog): Promise<ArtifactRecord>
  /** `spec`: `v3`, an alias, or '' for `latest`; undefined where there is none. */
  artifact(project: string, name: string, spec: string): Promise<ArtifactRecord | undefined>
  /** Notes that a run used a version of an artifact of `project`. */
  useArtifact(project: string, versionId: number, run: RunRef): Promise<void>
  artifactBlob(project: string, digest: string): Promise<Blob | undefined>
  /** Keeps a file of the project that belongs to no run. `space`: where it is to be brought, too. */
  save(project: string, path: string, blob: Blob, space?: string | undefined): Promise<void>
  /** Canonical names, sorted. */
  projects(): Promise<string[]>
  /** The project's database as one file, its WAL checkpointed into it. */
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
  /**
   * Changes runs of a project, each step whole or not at all; deleted ones with their media. `id`: random, the
   * same when the same is asked again.
   */
  changeRuns(project: string, change: RunChange, id: string): Promise<void>
  /** Writes an entry of the project's metadata, in the place of one with its key. */
  setMetadata(project: string, key: string, value: string): Promise<void>
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
  /** The page is suspended (it may come back): another tab may take the storage. */
  suspend(): Promise<void>
  /** The page is back, and stands in line for the storage again. */
  resume(): Promise<void>
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
export interface WriterApi extends LocalStoreApi, DeliveryApi, PublisherApi {}

/** Rows may be meant for a Space, or for a trackio server, which is named by its address. */
export function isSpace(target: string | null): target is string {
  return target !== null && !/^https?:/.test(target)
}

/** Of a BroadcastChannel: who shows a project of this browser listens here. */
export const ROWS_CHANNEL = 'trackio-lite:rows'

/** A Web Lock of this name and a run's id is held while the run goes on. */
export const RUN_LOCK = 'trackio-lite:run:'
