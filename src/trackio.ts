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
