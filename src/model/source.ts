/** Names one open source (a dropped file, a folder, an address) for as long as it is open. */
export type SourceId = string

/** A file and where it stood: `path` is relative to the dropped or chosen folder (`trackio/demo.db`), or just its name. */
export interface NamedFile {
  path: string
  file: File
}

/**
 * Where bytes are, as a description that can cross threads. `live`: the page can fetch the same files anew (a dropped
 * folder or file entry), so a change on disk is followed instead of reported.
 */
export type SourceRef = { kind: 'files'; name: string; files: NamedFile[]; live: boolean } | { kind: 'url'; name: string; url: string }

/** What a person is told about something that failed or is incomplete; drawn where they look, never only logged. */
export interface Notice {
  level: 'info' | 'warn' | 'error'
  /** The file, project, metric or parameter it is about. */
  subject: string
  /** Lower case, with the offending value: `cut off: 194,974 of 344,064 bytes`. */
  text: string
  /** What to do next, as a sentence; absent where nothing can be done. */
  action?: string
}

export interface SourceInfo {
  id: SourceId
  name: string
  /** Bytes of all its databases, write-ahead logs included. */
  bytes: number
  live: boolean
  /** True for sources that never leave this machine (files); false for an address. */
  local: boolean
  projects: ProjectInfo[]
  /** What failed or is incomplete in opening; the projects that could be opened are there all the same. */
  notices: Notice[]
}

/** Unique among all open sources. */
export type ProjectId = string

export interface ProjectInfo {
  id: ProjectId
  /** As trackio lists it: the file's stem, or the project_name column of files older than 0.1. */
  name: string
  source: SourceId
  /** Path of its database within the source. */
  file: string
  bytes: number
}
