import type { VersionKey } from './artifact.ts'
import type { RunKey } from './run.ts'
import type { ProjectId } from './source.ts'

/** Names a node in links: `producer/shared-model:v1`, `run producer/b77a…`. The same as long as the data are. */
export type NodeKey = string

/** A version of an artifact. */
export interface VersionNode {
  kind: 'version'
  key: NodeKey
  /** Canonical name of its project. */
  project: string
  /** Undefined where that project is not open. */
  projectId: ProjectId | undefined
  artifact: string
  type: string
  version: number
  aliases: string[]
  bytes: number
  files: number
  references: number
  digest: string
  /** ms since 1970; NaN where it is not known. */
  created: number
  /** Of the answer of its project; undefined where that has no such version. */
  versionKey: VersionKey | undefined
  /** Why there is no more to say of it than its name. */
  missing?: 'project' | 'deleted'
}

/** A run that made or used versions. */
export interface RunNode {
  kind: 'run'
  key: NodeKey
  project: string
  projectId: ProjectId | undefined
  name: string
  id: string | null
  /** Of its project's catalogue; undefined for one that is not listed, or whose project is not open. */
  run: RunKey | undefined
  created: number
  missing?: 'project' | 'deleted'
}

export type LineageNode = VersionNode | RunNode

/**
 * Versions and runs: edges lead from a run to what it made, and from a version to the run that used it, so
 * from what something was made from to what was made of it.
 */
export interface Lineage {
  nodes: LineageNode[]
  /** Pairs of places in `nodes`; each pair once. */
  from: Uint32Array
  to: Uint32Array
}

/** What a graph is about, and how much of it is drawn. */
export type LineageShow = 'all' | 'from' | 'of'
