import type { Notice, ProjectId } from './source.ts'

/** The registries of a source, by name. */
export interface Registries {
  registries: Registry[]
  /** What of them cannot be read at all. */
  notices: Notice[]
}

/** Where artifact versions are linked under names that a team agreed on, with all that ever happened to them. */
export interface Registry {
  /** Tells it from all others of the source; the same as long as it is there. */
  key: string
  name: string
  description: string | null
  /** As stored ('' for none), and in ms since 1970 (NaN where it is no time). */
  createdAt: string
  created: number
  /** What it lies in: a file, a folder of a bucket, a server's bucket. */
  place: string
  /** As it is listed among the projects; undefined where it is not. */
  project: ProjectId | undefined
  /** By type and name, as trackio lists them. */
  collections: Collection[]
  /** Oldest first. */
  events: RegistryEvent[]
  /** Events that could not be read or followed, and where tables and events differ. */
  notices: Notice[]
}

export interface Collection {
  name: string
  type: string
  description: string | null
  createdAt: string
  created: number
  /** Those that are linked now, the highest version first. */
  links: CollectionLink[]
  /** Who held an alias when; of each alias in the order of time. */
  holdings: Holding[]
}

/** A version of an artifact as a collection has it. */
export interface CollectionLink {
  /** Within the collection; never given twice. */
  version: number
  source: LinkSource
  /** Now, sorted. */
  aliases: string[]
  createdAt: string
  created: number
  /** The run that linked it, where an event says so. */
  by: RegistryRun | undefined
}

/** Where a linked version comes from. */
export interface LinkSource {
  /** As it was called when it was linked: its file has the canonical name. */
  project: string
  artifact: string
  version: number
  space: string | null
  bucket: string | null
  server: string | null
}

export interface RegistryRun {
  id: string | null
  name: string
}

/** A version held an alias from one moment to another. */
export interface Holding {
  alias: string
  version: number
  source: LinkSource
  /** ms since 1970. */
  from: number
  /** Undefined: now still. */
  to: number | undefined
  /** Place of the event that began it; undefined where none did, and `from` is the time it was linked. */
  event: number | undefined
  /** Of the one that ended it. */
  endedBy?: number
}

export interface RegistryEvent {
  /** As stored; `row 7` where none is. */
  uid: string
  ts: string
  time: number
  /** As stored: `link`, `promote`, … */
  kind: string
  collection: string | undefined
  by: RegistryRun | undefined
  /** Version and source that it is about; undefined where it is about none, or about one nobody knows. */
  version: number | undefined
  source: LinkSource | undefined
  /** Aliases that it moved. */
  moves: AliasMove[]
  /** `refused`: it cannot be followed; `nothing`: things were so already. */
  effect: 'done' | 'nothing' | 'refused'
  why?: string
}

/** An alias went from one version to another; undefined: from nowhere, to nowhere. */
export interface AliasMove {
  alias: string
  from: number | undefined
  to: number | undefined
}

const PREFIX = 'registry-'

/**
 * trackio keeps registries among its projects, under names that no project may have since 0.30. Before, one
 * could: only its own metadata say that it is one.
 */
export function isRegistryName(project: string): boolean {
  return project.startsWith(PREFIX)
}

/** `registry-models` → `models` */
export function registryOf(project: string): string {
  return project.slice(PREFIX.length)
}

/** `models` → `registry-models` */
export function registryProject(registry: string): string {
  return PREFIX + registry
}
