import { useWriter } from './client/page.ts'
import { startWriter } from './writer-start.ts'

export { AlertLevel } from './client/alerts.ts'
export {
  alert,
  config,
  deleteProject,
  download,
  exportDatabase,
  exportFiles,
  finish,
  flush,
  init,
  log,
  logArtifact,
  logSystem,
  projects,
  run,
  save,
  useArtifact,
} from './client/api.ts'
export { Artifact } from './client/artifact.ts'
export type { InitOptions } from './client/options.ts'
export type { AlertOptions, ArtifactOptions, Finished } from './client/run.ts'
export { Run } from './client/run.ts'
export * from './client/unsupported.ts'
export { Audio } from './client/values/audio.ts'
export { Histogram } from './client/values/histogram.ts'
export { Html } from './client/values/html.ts'
export { Image } from './client/values/image.ts'
export { Markdown } from './client/values/markdown.ts'
export { Object3D } from './client/values/object3d.ts'
export { Table } from './client/values/table.ts'
export { Trace } from './client/values/trace.ts'
export { Video } from './client/values/video.ts'

useWriter(startWriter)
