import type { Json, RunKey } from './run.ts'
import type { Notice, ProjectId } from './source.ts'

/**
 * All artifacts of a project, or of several side by side, with the runs that made and used their versions. A
 * version's files are another question (`artifactManifest`).
 */
export interface Artifacts {
  /** By project, type and name, as trackio lists them. */
  artifacts: Artifact[]
  /** Between runs and versions of `artifacts`; each version, run and direction once. */
  links: ArtifactLink[]
  /** Runs of these projects that used or made versions of artifacts of projects that are not among them. */
  foreign: ForeignArtifactLink[]
  projects: ArtifactProject[]
  /** What of them cannot be read (`error`: rows may be missing), and what is odd about others. */
  notices: Notice[]
}

/** A project whose artifacts they are. */
export interface ArtifactProject {
  /** To ask for manifests and files with: one project, never several. */
  id: ProjectId
  name: string
  /** Why the files themselves are not in this source; undefined where they can be asked for. */
  without: string | undefined
  /** Sum of all files of all versions, bytes. */
  named: number
  /** The same with each content once, as it is stored. */
  stored: number
}

export interface Artifact {
  /** Tells it from all others of the answer. */
  key: string
  project: ProjectId
  name: string
  type: string
  description: string | null
  /** As stored ('' for none), and in ms since 1970 (NaN where it is no time). */
  createdAt: string
  created: number
  /** The highest first. Numbers may have gaps and may begin above 0: an overwritten one is deleted. */
  versions: ArtifactVersion[]
}

/** Tells a version from all others of the answer; the same in every answer about the same projects. */
export type VersionKey = string

export interface ArtifactVersion {
  key: VersionKey
  /** Within `Artifact.project`, to ask for its manifest with. */
  id: string
  version: number
  /** Sorted. */
  aliases: string[]
  /** SHA-256 of its manifest, as stored; '' where none is. */
  digest: string
  /** Bytes of all entries, as stored. */
  bytes: number
  /** Entries that are files, and entries that only name what lies elsewhere. */
  files: number
  references: number
  /** In words, why its manifest cannot be read; files and references are 0 then. */
  unreadable: string | undefined
  /** What stands in it beside: usually an object; null for none. */
  metadata: Json
  createdAt: string
  created: number
  /** The run that logged it first, as its row names it. */
  producer: ArtifactRun | undefined
}

/**
 * A run as an artifact names it, found among the listed ones as trackio finds it: by its id, else by its name
 * where one run alone has it; of another project by its id alone.
 */
export interface ArtifactRun {
  /** Of the catalogue; undefined for a run that is not listed, or of another project. */
  run: RunKey | undefined
  id: string | null
  /** As it is listed, or as the row names it; '' where it names none. */
  name: string
  /** Canonical name of the other project that it is of; undefined for one of the version's own. */
  project: string | undefined
}

/** `output`: the run made the version; `input`: it used it. */
export type ArtifactDirection = 'input' | 'output'

export interface ArtifactLink extends ArtifactRun {
  version: VersionKey
  direction: ArtifactDirection
  createdAt: string
  created: number
}

/** A version as the project of the run that used it keeps it: its own project is not open here. */
export interface ForeignArtifactLink extends ArtifactRun {
  direction: ArtifactDirection
  createdAt: string
  created: number
  /** Canonical name of the project that it is of. */
  source: string
  /** Within the database of that project. */
  versionId: string
  artifact: string
  type: string
  version: number
  bytes: number
}

/** A version's files and references, by path. */
export interface ArtifactManifest {
  entries: ManifestEntry[]
  /** SHA-256 as stored ('' where none is), and worked out from the entries: the same in what trackio wrote. */
  digest: string
  computed: string
  /** Entries that cannot be read (`error`), and what is odd about others. */
  notices: Notice[]
}

export interface ManifestEntry {
  path: string
  /** SHA-256 of a file's content; of a reference whatever its host gave: a hash, an ETag or the address. */
  digest: string
  /** Bytes; 0 for a reference whose size nobody knows. */
  bytes: number
  /** Where a reference leads; null for a file. */
  ref: string | null
}

/** A file's content as it is stored: by its SHA-256. */
export interface ArtifactFile {
  digest: string
  bytes: number
}

/** How far a check has come. */
export interface VerifyProgress {
  /** Files that were read whole, or are missing. */
  files: number
  totalFiles: number
  bytes: number
  totalBytes: number
  /** Since the check began, ms. */
  ms: number
  /** The file that is being read, and how many of its bytes were. */
  current: string | undefined
  currentBytes: number
  /** Those that came since the last one was told. */
  came: VerifiedFile[]
}

/** What reading a stored file again says of it. */
export interface VerifiedFile extends ArtifactFile {
  result: 'same' | 'differs' | 'missing' | 'failed'
  /** Of what was read: differs from `digest` where the result does. */
  found?: string
  foundBytes?: number
  /** Why it could not be read. */
  why?: string
}
