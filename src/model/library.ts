/** A project of which this browser keeps a copy. */
export interface KeptProject {
  /** Unique in the library; the `name` of SourceRef's `kept`. */
  name: string
  /** As trackio lists it, and what its files are called. */
  project: string
  /** What it was opened from, in words: a file's path, an address. */
  from: string
  /** When, ms since 1970; NaN where that got lost. */
  kept: number
  /** Of its files: `database`, one complete `.db`; `parquet` and `fragments`, as they were. */
  form: string
  /** Bytes of all its files. */
  bytes: number
  /** Media and artifact files that were kept along. */
  files: number
}

/** What is kept of one place of the Hub. */
export interface CachedPlace {
  /** `huggingface.co/datasets/user/name`; '' of what was kept by a version that did not note it. */
  of: string
  bytes: number
  /** When it was last read, ms since 1970; 0 where that got lost. */
  used: number
}

/** Room in this browser, bytes. */
export interface StorageRoom {
  /** Taken by all that this page keeps, what it tracked itself included. */
  used: number
  /**
   * Left, as far as the browser says. Chromium says 10 GiB whatever the disk has left; a write may be refused
   * before.
   */
  free: number
  quota: number
  /** The browser has promised to clear it only when a person asks for it. */
  persisted: boolean
}

/** A project that pages of this origin tracked, in this browser's own storage. */
export interface TrackedProject {
  name: string
  /** Of its database and log. */
  bytes: number
}
