import type { Alerts } from './alert.ts'
import type { ArtifactFile, ArtifactManifest, Artifacts, VerifiedFile, VerifyProgress } from './artifact.ts'
import type { Catalogue, SideCount } from './catalogue.ts'
import type { RunChange, StoredChange, StoredPlace, WritableFile } from './change.ts'
import type {
  FileBytes,
  FileHits,
  FileLines,
  FileList,
  FileLook,
  FileRef,
  FileSearch,
  JsonPart,
  TextEncoding,
} from './file.ts'
import type { BaseLine, GroupLines, GroupPage } from './groups.ts'
import type { Histograms, HistogramsQuery } from './histogram.ts'
import type { CachedPlace, KeptProject, StorageRoom, TrackedProject } from './library.ts'
import type { LineKey } from './line-key.ts'
import type {
  TableCell,
  TableCopy,
  TableDiff,
  TableDiffQuery,
  TableQuery,
  TableRef,
  TableRows,
  TableSummary,
  TableView,
} from './logged-table.ts'
import type { RunMark } from './mark.ts'
import type { Measure, Measured, Sparks } from './measure.ts'
import type { Memory } from './memory.ts'
import type { Series } from './metric.ts'
import type { Published, PublishOptions, PublishProgress } from './publish.ts'
import type { Registries } from './registry.ts'
import type { FileHash, ReportChange, ReportHead, ReportHits, ReportPair } from './report.ts'
import type { Json, RunKey } from './run.ts'
import type { RowsRange, RunBeside, RunRows } from './run-rows.ts'
import type { NamedFile, Notice, ProjectId } from './source.ts'
import type { SqlAnswer, SqlQuery } from './sql.ts'
import type { RunStats } from './stats.ts'
import type { Samples, SamplesQuery, Strip, StripQuery, SystemQuery, SystemStats } from './system.ts'
import type { Trace, TraceHits, TracePreview, TraceRows } from './trace.ts'
import type { TypedValues, ValuePlace } from './typed-values.ts'
import type { Frame, FrameQuery, Probe, ProbeQuery, TablePage, XAxis, Zoom, ZoomQuery } from './view.ts'

/** How far a long question is. */
export interface OpenProgress {
  /** What is being done, in words: `opening nanogpt.db`, `downloading`. */
  text: string
  bytes: number
  totalBytes: number
}

/**
 * Rows of some runs of a metric. `part`: where not all rows could be read, those that were; else that is an
 * IncompleteError.
 */
export interface MetricRows {
  project: ProjectId
  metric: string
  runs: LineKey[]
  part?: boolean
}

/** The lines of a chart of groups, of what was logged. */
export interface GroupRows extends MetricRows {
  x: XAxis
  groups: GroupLines
  base?: BaseLine | undefined
}

/**
 * `db`: the database, its write-ahead log folded in. `folder`: it as trackio's own folder has it, with media and
 * artifacts, as a .zip. `parquet`: trackio's static export, media and artifacts included, as a .zip. `csv`: every
 * metric of every run. `html`: this page with the data inside, one file that opens from disk.
 */
export const EXPORT_FORMS = ['db', 'folder', 'parquet', 'csv', 'html'] as const
export type ExportForm = (typeof EXPORT_FORMS)[number]

/** What would become of a project in a form, told before it is made. */
export interface ExportPlan {
  form: ExportForm
  /** Bytes that go in, before they are packed: of the data and of the files beside them. */
  bytes: number
  /** What the form leaves behind. */
  notices: Notice[]
  /** Why this project cannot have it. */
  refused?: string | undefined
}

export interface Export {
  /** Name of the file. */
  name: string
  blob: Blob
  /** What the form cannot hold. */
  notices: Notice[]
  /** Nothing is left behind: it is known, not only that nobody knows of any. */
  whole: boolean
}

/**
 * Files of a folder that a person gave: media and artifacts, which its listing leaves out, for whoever copies all of
 * it.
 */
export interface Beside {
  beside?: NamedFile[] | undefined
}

/**
 * All that can be asked of the open sources and of what this browser keeps: the query, what is told
 * meanwhile, and the answer. A new question is a line here and its answer in the engine; the compiler finds
 * what is missing. What answers with rows answers with all of them, or with an IncompleteError that says how
 * many were read, and why no more. Where a project is asked for, several may be given together
 * (`combinedId`).
 */
export interface Questions {
  catalogue(query: { project: ProjectId }): Catalogue
  /**
   * Rows of the tables that stand beside the metrics, those without any left out. Looks at the tables only
   * now.
   */
  countBeside(query: { project: ProjectId }): SideCount[]
  /** What runs warned of, newest first, from the table as it is now. */
  alerts(query: { project: ProjectId }): Alerts
  /** Artifacts with their versions, and the runs that made and used them, from the tables as they are now. */
  artifacts(query: { project: ProjectId }): Artifacts
  /**
   * Files and references of a version; `project` is one alone, `version` its id there. Undefined where there is
   * none.
   */
  artifactManifest(query: { project: ProjectId; version: string }): ArtifactManifest | undefined
  /**
   * A stored file by its SHA-256, or undefined where it is missing; `bytes` of it from byte `from` on where
   * they are given.
   */
  artifactFile(
    query: { project: ProjectId; digest: string; from?: number | undefined; bytes?: number | undefined },
    progress: OpenProgress,
  ): Blob | undefined
  /**
   * All files of a version under their own names in one .zip. `given`: by SHA-256, those that the page holds;
   * the engine was handed what holds rows alone.
   */
  artifactZip(
    query: { project: ProjectId; version: string; given?: ReadonlyMap<string, Blob> | undefined },
    progress: OpenProgress,
  ): Blob | undefined
  /** Files that the manifests of all versions name, each content once. */
  artifactFiles(query: { project: ProjectId }): ArtifactFile[]
  /** Reads stored files and compares them with their SHA-256, each content once; `given` as above. */
  verifyArtifacts(
    query: { project: ProjectId; files: ArtifactFile[]; given?: ReadonlyMap<string, Blob> | undefined },
    progress: VerifyProgress,
  ): VerifiedFile[]
  /** The registries of the sources that this project, or these several, are of. */
  registries(query: { project: ProjectId }, progress: OpenProgress): Registries
  /**
   * Traces, from row `from` of the state `store` on (0 and 0 for all), as far as they were read: of many those
   * of the first half a second, until `complete`. Whoever asks again is given the next ones.
   */
  traces(query: { project: ProjectId; from: number; store: number }): TraceRows
  /** Lines of the list, of traces by their places; around the first hit of `text`. '': of what is asked in it. */
  tracePreviews(query: { project: ProjectId; at: number[]; text: string }): TracePreview[]
  /** One as it is stored; waits until it was read. Undefined where there is none of this id. */
  trace(query: { project: ProjectId; id: string }): Trace | undefined
  /** Several, by their places in the state `store`; undefined where those are other ones by now. */
  tracesAt(query: { project: ProjectId; at: number[]; store: number }): Trace[] | undefined
  /** Where traces say this text, without case, of those that were read; those that came last first. */
  searchTraces(query: { project: ProjectId; text: string }, progress: TraceHits): TraceHits
  /**
   * Numbers of the traces of each run and step as metrics: shares of failed calls, tokens, turns, latency,
   * cost, and the numbers of their metadata. Of those that were read by now; has to be asked before anything
   * else is asked of `tracesOf(project)`, and again for those of later ones.
   */
  traceSeries(query: { project: ProjectId }): Catalogue
  /**
   * System metrics: the runs with what their machines logged in place of their own metrics. Reads what is
   * there by now, and has to be asked before anything else is asked of `systemOf(project)`, which frames,
   * probes, tables, CSV and histories then take like any project.
   */
  system(query: { project: ProjectId }, progress: OpenProgress): Catalogue
  systemStats(query: SystemQuery): SystemStats
  systemStrip(query: StripQuery): Strip
  systemSamples(query: SamplesQuery): Samples
  frame(query: FrameQuery): Frame
  /**
   * The same, or undefined while it would be the one that has this version: charts of what did not change are
   * sent nothing.
   */
  newFrame(query: { frame: FrameQuery; version: string }): Frame | undefined
  probe(query: ProbeQuery): Probe
  /** Those of several charts at once. */
  probes(queries: ProbeQuery[]): Probe[]
  /** By the steps in it; undefined where the runs have no two places there. */
  zoomOn(query: ZoomQuery): Zoom | undefined
  /**
   * First, last, least, greatest and mean logged values, from the rows read so far. Without `metrics` of all
   * there are, without `runs` of all runs.
   */
  stats(query: { project: ProjectId; metrics?: string[] | undefined; runs?: RunKey[] | undefined }): RunStats
  /** A number of a metric for each of some runs that asks for more than the above, from the rows read so far. */
  measure(query: { project: ProjectId; metric: string; measure: Measure; runs: RunKey[] }): Measured
  /** Lines of a metric as small as a cell of a table, from the rows read so far. */
  sparks(query: { project: ProjectId; metric: string; runs: RunKey[]; width: number }): Sparks
  /**
   * Logged values by step, for "Show as table": `count` rows from row `from` on. Waits until the rows are
   * read.
   */
  table(query: MetricRows & { from: number; count: number }): TablePage
  /** Groups in place of runs: the same of what stands for them, with its band and n. */
  groupTable(query: GroupRows & { from: number; count: number }): GroupPage
  /** All rows of that table as CSV (`line,x,value,low,high,n`). */
  groupCsv(query: GroupRows & { names: Record<string, string> }): Blob
  /**
   * Rows of a run exactly as they were logged, of the rows read so far: waits for none.
   */
  runRows(query: { project: ProjectId; run: RunKey } & RowsRange): RunRows
  /** How many traces a run has, in the table of traces and among its values; undefined where nobody can tell. */
  countTraces(query: { project: ProjectId; run: RunKey }): number | undefined
  /** What a run holds beside numbers, as far as it was read. */
  runBeside(query: { project: ProjectId; run: RunKey }): RunBeside
  /**
   * Every logged point of a run, unsampled, in row order; waits until all rows are read. Without `metrics`:
   * all of them.
   */
  history(query: { project: ProjectId; run: RunKey; metrics?: string[] | undefined }): Record<string, Series>
  /**
   * All logged rows of a metric as CSV (`run,id,step,timestamp,value`; of several metrics with
   * a column `metric`), in chunks so that a million rows fit.
   * A part says so in its first line: `# part: …`.
   */
  csv(query: MetricRows): Blob
  /**
   * Which values of these kinds (`trackio.table`, …; without: of all) were logged, of the rows read so far:
   * waits for none. An index, whose values `valuesAt` reads.
   */
  values(query: { project: ProjectId; kinds?: string[] | undefined }): TypedValues
  /**
   * Logged values, read again where they lie: undefined for those that are not found there any more. Numbers
   * that JSON has no word for are the strings "NaN", "Infinity", "-Infinity", as trackio stores them.
   */
  valuesAt(query: { project: ProjectId; at: ValuePlace[] }): (Json | undefined)[]
  /** What a list shows of logged texts: titles, lengths. */
  reportHeads(query: { project: ProjectId; at: ValuePlace[] }): ReportHead[]
  /** How often each of them says this text, without case. */
  searchReports(
    query: { project: ProjectId; at: ValuePlace[]; text: string },
    progress: ReportHits,
  ): ReportHits
  /** How many words differ from the first of each pair to the second. */
  reportChanges(query: { project: ProjectId; pairs: ReportPair[] }): ReportChange[]
  /** SHA-256 of the files that a project is read from, as they are now. A live server gives out none. */
  fileHashes(query: { project: ProjectId }, progress: OpenProgress): FileHash[]
  /** A logged table, read whole: which rows pass the filters, in which order, and where something is found. */
  tableView(query: TableQuery, progress: OpenProgress): TableView
  /** Rows [from, from + count) of those, cells cut to `most` letters. */
  tableRows(query: TableQuery & { columns: string[]; from: number; count: number; most: number }): TableRows
  tableSummary(query: TableQuery & { columns: string[] }): TableSummary[]
  /** All cells of a row by its place among all rows, whole. */
  tableRow(query: TableRef & { place: number }): TableCell[]
  /** Those rows as a file or for the clipboard. */
  tableText(
    query: TableQuery & { columns: string[]; form: TableCopy; from?: number; count?: number },
    progress: OpenProgress,
  ): Blob
  /** Id of the column whose values tell the rows of a table apart best; undefined where none does. */
  tableKey(query: TableRef): string | undefined
  /** Two tables by the values of a column. */
  tableDiff(query: TableDiffQuery & { project: ProjectId }, progress: OpenProgress): TableDiff
  /**
   * Histograms of a key, of the rows read so far: waits for none. Their percentiles are metrics of the project,
   * under names like `p50 of grads/layer3`.
   */
  histograms(query: HistogramsQuery): Histograms
  /** The same, or undefined while there are no others than those of this version. */
  newHistograms(query: { histograms: HistogramsQuery; version: string }): Histograms | undefined
  /**
   * The file that a logged value names by its `file_path` (an image, a table's cell), or undefined where it
   * is lost.
   */
  media(query: { project: ProjectId; path: string }): Blob | undefined
  /** Files of the project as its place has them now: those that were saved, its data, its media and artifacts. */
  files(query: { project: ProjectId }): FileList
  /** What a file is, by its ends: nothing more of it is read. */
  fileLook(query: { file: FileRef }): FileLook
  /** Bytes [from, from + count) of it; fewer at its end. */
  fileBytes(query: { file: FileRef; from: number; count: number }): FileBytes
  /** How many lines begin in each slice of a text; reads all of it. */
  fileLines(query: { file: FileRef; encoding: TextEncoding }, progress: FileLines): FileLines
  /** Lines that hold a text; reads all of it. */
  searchFile(
    query: { file: FileRef; encoding: TextEncoding; search: FileSearch },
    progress: FileHits,
  ): FileHits
  /** Members [first, first + count) of the value at byte `from` of a JSON file; −1: the whole text. */
  jsonPart(
    query: { file: FileRef; encoding: TextEncoding; from: number; first: number; count: number },
    progress: OpenProgress,
  ): JsonPart
  /** SHA-256, 64 hex digits; reads all of it. */
  fileHash(query: { file: FileRef }, progress: OpenProgress): string
  fileBlob(query: { file: FileRef }, progress: OpenProgress): Blob
  /** Resolves when all rows of the project are read, or reading ended otherwise. */
  settled(query: { project: ProjectId }): void
  /**
   * Copies that this browser keeps, the projects that its own tracking wrote, and the room for them. Throws
   * TrackioError where the browser lets this page store nothing.
   */
  kept(query?: undefined): { projects: KeptProject[]; tracked: TrackedProject[]; room: StorageRoom }
  /** Keeps a copy of a project in this browser, with its media and artifacts, whole or not at all. */
  keep(query: { project: ProjectId } & Beside, progress: OpenProgress): KeptProject
  /** `tracked`: no copy, but what this browser tracked itself. */
  renameKept(query: { name: string; to: string; tracked?: boolean }): void
  removeKept(query: { name: string; tracked?: boolean }): void
  /**
   * A project as one file for the downloads. `frontend`: address of the folder that the page's own files are
   * served from. `part` is for CSV alone, which is made of the rows that were read: the other forms are made
   * of the source's files, read anew and whole.
   */
  export(
    query: { project: ProjectId; form: ExportForm; frontend: string; part?: boolean } & Beside,
    progress: OpenProgress,
  ): Export
  /** What each form would hold, and what it would leave behind. */
  exportPlans(query: { project: ProjectId } & Beside): ExportPlan[]
  /**
   * Publishes a project as trackio's static export: its data in a bucket or dataset, this app in a static
   * Space. Sends only what is not there yet.
   */
  publish(
    query: { project: ProjectId; options: PublishOptions } & Beside,
    progress: PublishProgress,
  ): Published
  /** What is kept of the Hub for the next visit, by place; and forgetting it. */
  cached(query?: undefined): CachedPlace[]
  /** `of`: of one place; without, all of it. */
  forgetCache(query: { of?: string | undefined }): void
  /** What is held in memory, by project and part, bytes as they were counted. */
  memory(query?: undefined): Memory
  /** Lets go of what is made again when somebody asks (`FREED_PARTS`): of one project, or of all. */
  freeMemory(query: { project?: ProjectId | undefined }): void
  /**
   * One statement of SQL that reads, over the tables of trackio's database; waits until the rows are read where the
   * source has no database. Throws TrackioError in SQLite's words, with the place in the text.
   */
  sql(query: SqlQuery, progress: OpenProgress): SqlAnswer
  /** Notes and tags of runs, from the project's metadata. */
  marks(query: { project: ProjectId }): Record<RunKey, RunMark>
  /** Writes them, where the project takes them. */
  setMark(query: { project: ProjectId; run: RunKey; mark: RunMark }): void
  /** Shows a project as though these changes were made already; without any, as it is. */
  hold(query: { project: ProjectId; changes: StoredChange[] }): void
  /** The next look at the project opens it anew: something other than new rows happened to it. */
  reread(query: { project: ProjectId }): void
  /**
   * Changes what this browser keeps, opened or not: all of it or nothing. `id`: random, the same when the same
   * is asked again after a kill; what is done already is not done twice.
   */
  changeStored(query: { place: StoredPlace; change: StoredChange; id: string }): void
  /** Changes runs at a server, one after the other; says how many where one fails. */
  changeThere(query: { project: ProjectId; change: RunChange }): void
  /** Changes runs in a file on this machine, which a person allowed. `folder`: where it lies, if the page sees that. */
  changeFile(query: {
    project: ProjectId
    change: RunChange
    file: WritableFile
    folder: FileSystemDirectoryHandle | undefined
  }): void
}

export type Kind = keyof Questions
export type Query<K extends Kind> = Parameters<Questions[K]>[0]
export type Answer<K extends Kind> = ReturnType<Questions[K]>
export type Progress<K extends Kind> = Parameters<Questions[K]> extends [unknown, infer P] ? P : never

/**
 * How anything is asked that takes its time. `signal` ends the work; the asker is then rejected with an
 * AbortError.
 */
export interface Waiting<P = never> {
  signal?: AbortSignal | undefined
  onProgress?: ((progress: P) => void) | undefined
}

/** Whoever answers them: the compiler finds the one that is missing. */
export type Answers = { [K in Kind]: (query: Query<K>, waiting: Waiting<Progress<K>>) => Promise<Answer<K>> }
