import type { ProjectFiles } from '../project-files.ts'

const ID = 'server'

/** A project of a trackio server; its path is its name. */
export interface ServerFiles extends ProjectFiles {
  format: typeof ID
  project: string
  /** Differs whenever its rows may differ. */
  stamp: string
}

export function serverFiles(project: string, stamp: string): ServerFiles {
  return { format: ID, path: project, project, media: '', stamp }
}

export function isServer(files: ProjectFiles): files is ServerFiles {
  return files.format === ID
}
