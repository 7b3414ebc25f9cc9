import type { Bytes } from './bytes.ts'

/** A file of a tree as its listing has it. */
export interface TreeEntry {
  /** Below the tree's root, parts separated by `/`: `trackio/demo.db`. */
  path: string
  /** Bytes. */
  size: number
  /** Differs whenever the content may differ: size and time, a hash, an ETag. */
  stamp: string
}

export interface WaitOptions {
  signal?: AbortSignal | undefined
  onProgress?: ((bytes: number, totalBytes: number) => void) | undefined
}

export interface FindOptions extends WaitOptions {
  /**
   * Throws where the place does not say whether the file is there: it refuses, or cannot be reached. Otherwise
   * a place that may be asked for what nobody listed can take that as no.
   */
  sure?: boolean | undefined
}

export interface BytesOptions extends WaitOptions {
  /**
   * The file is one that is appended to all the time, and begun anew at times: so many first bytes stay as
   * they are as long as it only grows. Where the place can, it is read as it is then, whatever was listed, up
   * to the end that it has when it is opened; ranges throw ChangedOnDiskError once it was begun anew.
   */
  grows?: number | undefined
}

/**
 * Named bytes: dropped files, a folder behind a web server, a repository of the Hub, this browser's own
 * storage. All ways throw TrackioError with what the place said; AccessError where it wants a sign-in.
 */
export interface Tree {
  /**
   * The listing names every file there is. Otherwise `find` may know more (a lone address has neighbours
   * nobody listed).
   */
  readonly whole: boolean
  /** Host that the bytes come from; '' for this machine. */
  readonly host: string
  /** All files below the root as they are now, in no order. */
  list(options?: WaitOptions): Promise<TreeEntry[]>
  /** A file that the listing need not name; undefined where it does not exist. */
  find(path: string, options?: FindOptions): Promise<TreeEntry | undefined>
  /** Opens a file by ranges. Ranges throw ChangedOnDiskError once the file is no longer what was opened. */
  bytes(path: string, options?: BytesOptions): Promise<Bytes>
  /**
   * A database and its write-ahead log as they were at one moment; no log where nothing in it is committed.
   * Only where they are written to meanwhile and two calls of `bytes` could mix two states: who reads a
   * database asks here first.
   */
  withLog?(path: string, options?: WaitOptions): Promise<{ db: Bytes; wal: Bytes | undefined }>
  /** A whole file: an image, a table. */
  blob(path: string, options?: WaitOptions): Promise<Blob>
  /** Bytes that came over the network so far; 0 for this machine. */
  received(): number
}
