import { Artifact as ArtifactClass } from '../client/artifacts/artifact.ts'
import { type Callable, callable } from '../client/base/case.ts'
import { useWriter } from '../client/page-connection.ts'
import { useReader } from '../client/reader/reader.ts'
import { useHome } from '../client/show.ts'
import { Audio as AudioClass } from '../client/values/audio.ts'
import { Histogram as HistogramClass } from '../client/values/histogram.ts'
import { Html as HtmlClass } from '../client/values/html.ts'
import { Image as ImageClass } from '../client/values/image.ts'
import { Markdown as MarkdownClass } from '../client/values/markdown.ts'
import { Object3D as Object3DClass } from '../client/values/object3d.ts'
import { Table as TableClass } from '../client/values/table.ts'
import { Trace as TraceClass } from '../client/values/trace.ts'
import { Video as VideoClass } from '../client/values/video.ts'
import { startHubProgram, startReader, startWriter } from './writer-start.ts'

export type { AlertsWanted } from '../bridge/logged-alerts.ts'
export type { ArtifactUser, LoggedArtifact, LoggedArtifactVersion } from '../bridge/logged-artifacts.ts'
export type { FilesWanted, LoggedFile, LoggedFiles } from '../bridge/logged-files.ts'
export type { LoggedMedia, MediaWanted } from '../bridge/logged-media.ts'
export type { LoggedReport, ReportsWanted } from '../bridge/logged-reports.ts'
export type { LoggedTable, TablesWanted } from '../bridge/logged-tables.ts'
export type { LoggedTrace, TracesWanted } from '../bridge/logged-traces.ts'
export {
  alert,
  config,
  deleteProject,
  deleteProject as delete_project,
  download,
  exportDatabase,
  exportFiles,
  finish,
  flush,
  init,
  log,
  logArtifact,
  logArtifact as log_artifact,
  logSystem,
  logSystem as log_system,
  projects,
  run,
  save,
  useArtifact,
  useArtifact as use_artifact,
} from '../client/api.ts'
export type { ArtifactOptions } from '../client/artifacts/run-artifacts.ts'
export { type FitCallbacks, trackioCallback, withRun } from '../client/callbacks.ts'
export { type LoginOptions, login, type SyncOptions, sync } from '../client/hub.ts'
export type { ApiProject, QueryOptions } from '../client/reader/api-project.ts'
export type { ApiRun } from '../client/reader/api-run.ts'
export type { ReadOptions } from '../client/reader/ask.ts'
export { Api, type OpenOptions, type StoredAlert } from '../client/reader/reader.ts'
export type { AlertOptions } from '../client/run/alerts.ts'
export { AlertLevel } from '../client/run/alerts.ts'
export type { Finished } from '../client/run/finish.ts'
export { Run } from '../client/run/run.ts'
export type { InitOptions } from '../client/run/run-options.ts'
export { type Shown, type ShowOptions, show } from '../client/show.ts'
export * from '../client/unsupported.ts'
export type { AudioOptions, AudioSource } from '../client/values/audio.ts'
export type { HistogramOptions } from '../client/values/histogram.ts'
export type { HtmlOptions } from '../client/values/html.ts'
export type { ImageOptions, ImageSource } from '../client/values/image.ts'
export type { FileSource } from '../client/values/media.ts'
export type { Object3DOptions } from '../client/values/object3d.ts'
export type { TableOptions } from '../client/values/table.ts'
export type { TraceOptions } from '../client/values/trace.ts'
export type { VideoOptions, VideoSource } from '../client/values/video.ts'
export type { Alert as LoggedAlert } from '../model/alert.ts'
export type { MetricInfo, Series } from '../model/metric.ts'
export type { Published, PublishProgress } from '../model/publish.ts'
export type { SqlAnswer as SqlRows } from '../model/sql.ts'
export type { Delivered, ManifestEntry, ProjectFile, SqlValue } from '../model/tracking.ts'

// Called with or without `new`, as in Python. The types are written out: inferred ones would repeat every
// parameter in what is shipped.

/** Named, versioned files: `trackio.Artifact(name, type)`, see {@link ArtifactClass}. */
export const Artifact: Callable<typeof ArtifactClass> = callable(ArtifactClass)
/** Sound: `trackio.Audio(samples, { sampleRate })`, see {@link AudioClass}. */
export const Audio: Callable<typeof AudioClass> = callable(AudioClass)
/** How values are spread: `trackio.Histogram(values)`, see {@link HistogramClass}. */
export const Histogram: Callable<typeof HistogramClass> = callable(HistogramClass)
/** Markup, shown in a sandboxed frame: `trackio.Html(text)`, see {@link HtmlClass}. */
export const Html: Callable<typeof HtmlClass> = callable(HtmlClass)
/** A picture: `trackio.Image(canvas, caption)`, see {@link ImageClass}. */
export const Image: Callable<typeof ImageClass> = callable(ImageClass)
/** A report: `trackio.Markdown(text)`, see {@link MarkdownClass}. */
export const Markdown: Callable<typeof MarkdownClass> = callable(MarkdownClass)
/** A mesh, a splat or points: `trackio.Object3D(file)`, see {@link Object3DClass}. */
export const Object3D: Callable<typeof Object3DClass> = callable(Object3DClass)
/** Rows of values: `trackio.Table({ columns, data })`, see {@link TableClass}. */
export const Table: Callable<typeof TableClass> = callable(TableClass)
/** A conversation or an agent's request: `trackio.Trace(messages)`, see {@link TraceClass}. */
export const Trace: Callable<typeof TraceClass> = callable(TraceClass)
/** A film: `trackio.Video(frames, { fps })`, see {@link VideoClass}. */
export const Video: Callable<typeof VideoClass> = callable(VideoClass)
export type Artifact = ArtifactClass
export type Audio = AudioClass
export type Histogram = HistogramClass
export type Html = HtmlClass
export type Image = ImageClass
export type Markdown = MarkdownClass
export type Object3D = Object3DClass
export type Table = TableClass
export type Trace = TraceClass
export type Video = VideoClass

useWriter(startWriter, startHubProgram)
useReader(startReader)
useHome(import.meta.url)
