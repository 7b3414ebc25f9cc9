import type { Image } from '../formats/sqlite/database-image.ts'

/** A database that is to be copied or exported, as its last commit leaves it. */
export interface ExportSource {
  /** As the person knows it: its path within the source. */
  path: string
  /** Undefined for a file of 0 bytes, which is a project without anything. */
  image: Image | undefined
  /** Its bytes come over a network. */
  remote: boolean
}

export interface ExportOptions {
  signal?: AbortSignal | undefined
  /** `what`: the file that is being written. */
  onProgress?: ((what: string, bytes: number, totalBytes: number) => void) | undefined
}
