import { FILE_KINDS } from './data-files.mjs'

/** Names one open source (a dropped file, a folder, an address) for as long as it is open. */
export type SourceId = string

/**
 * A file and where it stood: `path` is relative to the dropped or chosen folder (`trackio/demo.db`), or just
 * its name.
 */
export interface NamedFile {
  path: string
  file: File
}

/**
 * What an address or a typed name is meant as; `auto` decides by its form. Each but `auto` is a parameter of
 * the page's address too.
 */
export const ADDRESS_KINDS = [
  'auto',
  ...FILE_KINDS,
  'dataset',
  'bucket',
  'space',
  'server',
  'folder',
] as const
export type AddressKind = (typeof ADDRESS_KINDS)[number]

/**
 * Where bytes are, as a description that can cross threads. `live`: the page can fetch the same files anew (a
 * dropped folder or file entry), so a change on disk is followed instead of reported. An address is what a
 * person typed or a link carries: names of the Hub (`user/name`), addresses of files, of a folder's listing
 * or of a trackio server. `hub`: origin of another Hub than huggingface.co. `beside`: what the page at `base`
 * was served with, a trackio server or a static dashboard. `kept`: a project in this browser's own library;
 * `tracked`: what this browser's own tracking wrote.
 */
export type SourceRef =
  | { kind: 'files'; name: string; files: NamedFile[]; live: boolean; link?: SourceLink | undefined }
  | { kind: 'address'; as: AddressKind; texts: string[]; hub?: string | undefined; base: string }
  | { kind: 'beside'; base: string; hub?: string | undefined }
  | { kind: 'kept'; name: string }
  | { kind: 'tracked' }

/** Origin of the Hub that names belong to where nothing else is said. */
export const HUB = 'https://huggingface.co'

/** A repository of the Hub. `revision`: a branch or commit of a dataset or Space; buckets have none. */
export interface HubRepo {
  type: 'dataset' | 'bucket' | 'space'
  /** `user/name` */
  id: string
  revision?: string | undefined
}

/**
 * What a person is told about something that failed or is incomplete; drawn where they look, never only
 * logged.
 */
export interface Notice {
  level: 'info' | 'warn' | 'error'
  /** The file, project, metric or parameter it is about. */
  subject: string
  /** Lower case, with the offending value: `cut off: 194,974 of 344,064 bytes`. */
  text: string
  /** What to do next, as a sentence; absent where nothing can be done. */
  action?: string | undefined
  /** Nothing is wrong so far: a mark beside the source's name tells of it, not a line over the charts. */
  mark?: boolean
  /** Origin that asks who wants to read; a token or a sign-in may help. */
  access?: string
  /** Nothing but a reload of the page helps. */
  reload?: true
}

/** An address as a link of the page carries it: `?dataset=user/name`. */
export interface SourceLink {
  /** `tracked`: what this browser's own tracking wrote. */
  as: Exclude<AddressKind, 'auto'> | 'tracked'
  texts: string[]
  hub?: string | undefined
}

export interface SourceInfo {
  id: SourceId
  name: string
  /** Bytes of all its databases, write-ahead logs included. */
  bytes: number
  /**
   * What is written to it appears by itself: `page`, when the page gives fresh files; `engine`, when the
   * engine looks by itself on `refresh`.
   */
  live: false | 'page' | 'engine'
  /** How often a live source is worth a look, ms. */
  every: number
  /** True for sources that never leave this machine (files); false for an address. */
  local: boolean
  /** Host that the bytes come from; '' for files. */
  host: string
  /** The page's address parameter that opens it again; absent for files. */
  link?: SourceLink | undefined
  /** Runs can be renamed and deleted there. */
  writable: boolean
  projects: ProjectInfo[]
  /** What failed or is incomplete in opening; the projects that could be opened are there all the same. */
  notices: Notice[]
}

/**
 * Unique among all open sources; several that are looked at side by side have an id together, see
 * `combinedId`.
 */
export type ProjectId = string

const COMBINED = 'several:'

/**
 * The id under which several projects are asked as one: the first gives its runs their names, the others
 * follow.
 */
export function combinedId(ids: readonly ProjectId[]): ProjectId {
  const [only, ...others] = ids
  return only !== undefined && others.length === 0 ? only : COMBINED + ids.map(encodeURIComponent).join(' ')
}

/** The projects that an id stands for. */
export function membersOf(id: ProjectId): ProjectId[] {
  const own = loggedOf(id)
  return own.startsWith(COMBINED) ? own.slice(COMBINED.length).split(' ').map(decodeURIComponent) : [own]
}

const SYSTEM = 'system of '

/**
 * The id under which the system metrics of a project (or of several) are asked for like the metrics of one:
 * the same runs, with samples of the machine in place of logged values, and the step last logged as theirs.
 */
export function systemOf(id: ProjectId): ProjectId {
  return SYSTEM + id
}

export function isSystem(id: ProjectId): boolean {
  return id.startsWith(SYSTEM)
}

const TRACES = 'traces of '

/** The id under which numbers of the traces of a project (or of several) are asked for like metrics, by step. */
export function tracesOf(id: ProjectId): ProjectId {
  return TRACES + id
}

export function isTraces(id: ProjectId): boolean {
  return id.startsWith(TRACES)
}

/** The project whose system metrics or traces an id stands for; any other id itself. */
export function loggedOf(id: ProjectId): ProjectId {
  return isSystem(id) ? id.slice(SYSTEM.length) : isTraces(id) ? id.slice(TRACES.length) : id
}

export interface ProjectInfo {
  id: ProjectId
  /** As trackio lists it: the file's stem, or the project_name column of files older than 0.1. */
  name: string
  source: SourceId
  /** Path of its database within the source. */
  file: string
  bytes: number
}
