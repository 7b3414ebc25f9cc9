import type { ProjectId } from './source.ts'

/**
 * A file of an open project. `path`: within its source. `name`: what it is called where the path does not tell (a
 * blob is named by its digest). `file`: one of a folder that a person gave, which the engine was not handed before.
 */
export interface FileRef {
  project: ProjectId
  path: string
  name?: string | undefined
  file?: File | undefined
  /** Differs whenever the content may differ. */
  stamp?: string | undefined
}

/** What a file is to its project: copied by `trackio.save`, its own data, logged media, or of an artifact. */
export const FILE_PARTS = ['saved', 'data', 'media', 'artifacts'] as const
export type FilePart = (typeof FILE_PARTS)[number]

export interface FileEntry {
  ref: FileRef
  part: FilePart
  /** Below the folder of its part, as it was saved: `configs/grpo.yaml`. */
  path: string
  /** Bytes; undefined where the place does not say. */
  size: number | undefined
}

export interface FileList {
  files: FileEntry[]
  /** Every saved file is listed. Else the place tells only of what it was asked for, and `why`. */
  listed: boolean
  why?: string | undefined
}

/** Which bytes of a file were read: how many, in how many stretches. */
export interface FileRead {
  bytes: number
  stretches: number
}

/** What a file is, as far as it matters for how it is shown. */
export type ShownKind =
  | 'empty'
  | 'text'
  | 'json'
  | 'markdown'
  | 'html'
  | 'csv'
  | 'tsv'
  | 'jsonl'
  | 'parquet'
  | 'sqlite'
  | 'tensors'
  | 'archive'
  | 'image'
  | 'video'
  | 'audio'
  | 'binary'

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be'

export interface TensorInfo {
  name: string
  /** As its file names it: `BF16`, `<f4`, `Q4_K`. */
  dtype: string
  shape: number[]
  bytes: number
}

export interface ArchiveEntry {
  path: string
  size: number
  packed: number
  method: string
}

/** What a file says of itself before its content. */
export type FileHeader =
  | {
      kind: 'tensors'
      format: string
      tensors: TensorInfo[]
      metadata: [key: string, value: string][]
      notes: string[]
    }
  | { kind: 'archive'; format: string; entries: ArchiveEntry[]; notes: string[] }
  | {
      kind: 'parquet'
      rows: number
      columns: { name: string; type: string; codec: string; packed: number; plain: number }[]
      groups: { rows: number; bytes: number }[]
      createdBy: string
      metadata: [key: string, value: string][]
    }
  | { kind: 'sqlite'; tables: { name: string; view: boolean; sql: string }[]; notes: string[] }

/** What is known of a file after a look at its ends. */
export interface FileLook {
  size: number
  kind: ShownKind
  encoding: TextEncoding
  /** It begins with a byte order mark, of so many bytes. */
  mark: number
  header?: FileHeader | undefined
  /** Why it is not what its name says. */
  odd?: string | undefined
  read: FileRead
  /** It comes over a network: only what is looked at is read. */
  far: boolean
}

/** Bytes of a slice, by which texts are read and their lines counted. */
export const SLICE = 256 << 10

/** Bytes from `from` on, and how many of the file were read so far. */
export interface FileBytes {
  bytes: Uint8Array
  read: FileRead
}

export interface FileSearch {
  text: string
  matchCase: boolean
  pattern: boolean
}

/** Lines that hold what is looked for, of the part that was searched. */
export interface FileHits {
  /** By hit: the byte that its line begins with, and the line's number from 0. */
  at: Float64Array
  line: Float64Array
  /** All there are; more than listed where they are too many. */
  total: number
  /** Lines that begin in each slice, as far as it was read. */
  lines: Uint32Array
  searched: number
  size: number
  read: FileRead
  took: number
}

/** Lines that begin in each slice. */
export interface FileLines {
  lines: Uint32Array
  /** Slices that were counted. */
  counted: number
  read: FileRead
}

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'true' | 'false' | 'null' | 'word'

/** A value of a JSON file: where it stands, and how it begins. */
export interface JsonNode {
  /** Of a member its name. */
  key?: string | undefined
  kind: JsonKind
  /** As written, the first letters of it; of a string what it says. */
  text: string
  /** There is more of it. */
  cut: boolean
  /** Bytes [from, end) of the file. */
  from: number
  end: number
  /** Of an object or list: how many members. */
  count: number
}

export interface JsonPart {
  nodes: JsonNode[]
  /** Members in all. */
  total: number
  read: FileRead
}
