import { Artifact as ArtifactClass } from '../client/artifact.ts'
import { callable } from '../client/case.ts'
import { useWriter } from '../client/page-connection.ts'
import { useReader } from '../client/reader.ts'
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

export { AlertLevel } from '../client/alerts.ts'
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
export { type FitCallbacks, trackioCallback, withRun } from '../client/callbacks.ts'
export { type LoginOptions, login, type SyncOptions, sync } from '../client/hub.ts'
export {
  Api,
  type ApiProject,
  type ApiRun,
  type OpenOptions,
  type ReadOptions,
  type StoredAlert,
} from '../client/reader.ts'
export type { AlertOptions, ArtifactOptions, Finished } from '../client/run.ts'
export { Run } from '../client/run.ts'
export type { InitOptions } from '../client/run-options.ts'
export { type Shown, type ShowOptions, show } from '../client/show.ts'
export * from '../client/unsupported.ts'

// with or without `new`, as in Python
export const Artifact = callable(ArtifactClass)
export const Audio = callable(AudioClass)
export const Histogram = callable(HistogramClass)
export const Html = callable(HtmlClass)
export const Image = callable(ImageClass)
export const Markdown = callable(MarkdownClass)
export const Object3D = callable(Object3DClass)
export const Table = callable(TableClass)
export const Trace = callable(TraceClass)
export const Video = callable(VideoClass)
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
