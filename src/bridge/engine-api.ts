import type { Catalogue, Reading, SideCount } from '../model/catalogue.ts'
import type { KeptProject, StorageRoom, TrackedProject } from '../model/library.ts'
import type { RunValues, Series } from '../model/metric.ts'
import type { Published, PublishOptions, PublishProgress } from '../model/publish.ts'
import type { RunKey } from '../model/run.ts'
import type { NamedFile, Notice, ProjectId, SourceId, SourceInfo, SourceRef } from '../model/source.ts'
import type { Frame, FrameQuery, Probe, ProbeQuery, TablePage } from '../model/view.ts'

/** What the worker says unasked. `data` and `reading` come a few times a second while rows are read. */
export type EngineEvent =
  /** More rows are in the store: frames asked now show more than before. */
  | { kind: 'data'; project: ProjectId }
  | { kind: 'reading'; project: ProjectId; reading: Reading }
  /** Runs, metrics or notices changed: ask for the catalogue again. */
  | { kind: 'catalogue'; project: ProjectId }
  /** The file differs from what was opened (or vanished); nothing is re-read until `refresh`. */
  | { kind: 'changed'; source: SourceId; notice: Notice }
  /** Bytes that came over the network for a source so far. */
  | { kind: 'received'; source: SourceId; bytes: number }
  /** Bytes of requests that went out to a host so far: what is published, asked of a server, changed there. */
  | { kind: 'sent'; host: string; bytes: number }
  /** Its place asks for a pause; said once a second while that lasts. */
  | { kind: 'waiting'; source: SourceId; text: string }

export interface OpenProgress {
  /** What is being done, in words: `opening nanogpt.db`, `downloading`. */
  text: string
  bytes: number
  totalBytes: number
}

export interface WaitOptions {
  signal?: AbortSignal
  onProgress?: (progress: OpenProgress) => void
}

/** How all rows of something are asked for. */
export interface RowsOptions {
  signal?: AbortSignal
  /** Where not all rows could be read, those that were; else that is an IncompleteError. */
  part?: boolean
}

/**
 * `db`: the database, its write-ahead log folded in. `parquet`: the tables of trackio's static export, as a .zip. `csv`: every metric of every run. `html`: this page
 * with the data inside, one file that opens from disk.
 */
export type ExportForm = 'db' | 'parquet' | 'csv' | 'html'

export interface Export {
  /** Name of the file. */
  name: string
  blob: Blob
  /** What the form cannot hold. */
  notices: Notice[]
}

/**
 * All that the page can ask of the worker that owns the data. Every call settles. Errors are TrackioError (something a
 * person can act on; AccessError where the place wants to know who asks), AbortError (`signal` fired: the work it was for has ended) or EngineClosedError
 * (the worker is gone). What answers with rows answers with all of them, or with an IncompleteError that says how many were read, and why no more. Where a project is asked for, several may be given together (`combinedId`).
 */
export interface EngineApi {
  /** Opens a source; files that fail become notices, and it rejects only when nothing could be opened. Reading of rows starts by itself. */
  open(ref: SourceRef, options?: WaitOptions): Promise<SourceInfo>
  /**
   * Looks at a source again and reads only what is new. Sources made of files need fresh File objects; the others look by themselves. A part whose new rows are being
   * taken when `signal` fires takes them all: half of them would be neither the old state nor the new.
   */
  refresh(source: SourceId, files?: NamedFile[], signal?: AbortSignal): Promise<SourceInfo>
  close(source: SourceId): Promise<void>
  /** A token for a host (the Hub's or a server's origin), kept in memory alone and sent to that host alone; undefined forgets it. */
  authorize(origin: string, token: string | undefined): Promise<void>
  /** Whether the page at `base` was served with something to open (`{ kind: 'beside' }`): by a trackio server, or as a static dashboard. */
  beside(base: string): Promise<'server' | 'static' | 'none'>
  catalogue(project: ProjectId): Promise<Catalogue>
  /** Rows of the tables that stand beside the metrics, those without any left out. Looks at the tables only now. */
  countBeside(project: ProjectId): Promise<SideCount[]>
  /** The project on screen: where several are being read, its rows are read first. */
  watch(project: ProjectId): Promise<void>
  frame(query: FrameQuery, signal?: AbortSignal): Promise<Frame>
  /** The same, or undefined while it would be the one that has this version: charts of what did not change are sent nothing. */
  newFrame(query: FrameQuery, version: string, signal?: AbortSignal): Promise<Frame | undefined>
  probe(query: ProbeQuery, signal?: AbortSignal): Promise<Probe>
  /** Last, least, greatest and mean logged value of each run, from the rows read so far. */
  runValues(project: ProjectId, metric: string, runs: RunKey[], signal?: AbortSignal): Promise<RunValues>
  /** Logged values by step, for "Show as table". Waits until the rows are read. */
  table(project: ProjectId, metric: string, runs: RunKey[], from: number, count: number, options?: RowsOptions): Promise<TablePage>
  /** Every logged point of a run, unsampled, in row order; waits until all rows are read. Without `metrics`: all of them. */
  history(project: ProjectId, run: RunKey, metrics?: string[], signal?: AbortSignal): Promise<Record<string, Series>>
  /** All logged rows of a metric as CSV (`run,id,step,timestamp,value`), in chunks so that a million rows fit. A part says so in its first line: `# part: …`. */
  csv(project: ProjectId, metric: string, runs: RunKey[], options?: RowsOptions): Promise<Blob>
  /** The file that a logged value names by its `file_path` (an image, a table's cell), or undefined where it is lost. */
  media(project: ProjectId, path: string, signal?: AbortSignal): Promise<Blob | undefined>
  /** Copies that this browser keeps, the projects that its own tracking wrote, and the room for them. Throws TrackioError where the browser lets this page store nothing. */
  kept(): Promise<{ projects: KeptProject[]; tracked: TrackedProject[]; room: StorageRoom }>
  /** Keeps a copy of a project in this browser, whole or not at all. */
  keep(project: ProjectId, options?: WaitOptions): Promise<KeptProject>
  /** `tracked`: no copy, but what this browser tracked itself. */
  renameKept(name: string, to: string, tracked?: boolean): Promise<void>
  removeKept(name: string, tracked?: boolean): Promise<void>
  /**
   * A project as one file for the downloads. `frontend`: address of the folder that the page's own files are served from. `part` is for CSV alone, which is made of the
   * rows that were read: the other forms are made of the source's files, read anew and whole.
   */
  export(project: ProjectId, form: ExportForm, frontend: string, options?: WaitOptions & RowsOptions): Promise<Export>
  /** Publishes a project as trackio's static export: its data in a bucket or dataset, this app in a static Space. Sends only what is not there yet. */
  publish(
    project: ProjectId,
    options: PublishOptions,
    waiting?: { signal?: AbortSignal; onProgress?: (progress: PublishProgress) => void },
  ): Promise<Published>
  /** What is kept of the Hub for the next visit, bytes; and forgetting it. */
  cacheSize(): Promise<number>
  forgetCache(): Promise<void>
  /** Changes at the source itself, where it is writable. */
  renameRun(project: ProjectId, run: RunKey, name: string): Promise<void>
  deleteRun(project: ProjectId, run: RunKey): Promise<void>
  /** Resolves when all rows of the project are read, or reading ended otherwise. */
  settled(project: ProjectId, signal?: AbortSignal): Promise<void>
  /** Stops reading rows; what was read stays. */
  cancel(project: ProjectId): Promise<void>
  /** Reads on after `cancel`, a failure or a preview. */
  resume(project: ProjectId): Promise<void>
  onEvent(listener: (event: EngineEvent) => void): Promise<void>
}
