import type { TreeEntry } from '../storage/tree.ts'

/** A database, the log beside it, and the fragments that wait to be put into it. */
export interface DatabaseUnit {
  kind: 'database'
  /** Of the database, within its tree. */
  path: string
  db: TreeEntry
  wal: TreeEntry | undefined
  /** trackio's inbox beside it, in path order; its lines may belong to other projects. */
  inbox: TreeEntry[]
  /** The folder was listed whole, so a log that is not there does not exist. */
  folderSeen: boolean
  /** Folder of its media, ending in `/`; media are looked for below it. */
  media: string
}

/** Tables of trackio's Parquet exports, by the suffix that a Dataset gives them. */
export const PARQUET_TABLES = [
  'metrics',
  'system',
  'configs',
  'traces',
  'artifacts',
  'artifact_versions',
  'artifact_aliases',
  'run_artifact_links',
  'external_run_artifact_links',
] as const
export type ParquetTable = (typeof PARQUET_TABLES)[number]

/** One project as Parquet files. */
export interface ParquetUnit {
  kind: 'parquet'
  /** Of its metrics, within the tree; of another table where it has none. */
  path: string
  /** As trackio lists it. */
  project: string
  tables: Partial<Record<ParquetTable, TreeEntry>>
  /** Of a static export: `runs.json`, which also names runs without metrics. */
  runs: TreeEntry | undefined
  media: string
  /** A static export's media have no project segment: these leading parts of a `file_path` are dropped, the first that fits. */
  strip: string[]
}

/** Fragments of a project that has no database. */
export interface FragmentsUnit {
  kind: 'fragments'
  path: string
  inbox: TreeEntry[]
  /** Canonical names of the projects that have a database of their own, which takes their lines. */
  elsewhere: string[]
  media: string
}

/** A project of a trackio server. */
export interface ServerUnit {
  kind: 'server'
  /** The project's name. */
  path: string
  /** Differs whenever its rows may differ. */
  stamp: string
}

/** What a source consists of: each is opened by itself, and may fail by itself. */
export type Unit = DatabaseUnit | ParquetUnit | FragmentsUnit | ServerUnit
