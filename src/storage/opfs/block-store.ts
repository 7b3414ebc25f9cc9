import type { Bytes } from '../bytes.ts'

/**
 * Small files in folders, one level deep: what a cache needs of a file system, so that its rules are tested
 * without one.
 */
export interface BlockStore {
  folders(): Promise<string[]>
  /** Names of the files in a folder; none where it does not exist. */
  names(folder: string): Promise<string[]>
  /** Undefined where it does not exist. */
  open(folder: string, name: string): Promise<Bytes | undefined>
  /**
   * Makes the folder where it is missing. Rejects when there is no room (QuotaExceededError) or somebody else
   * writes it.
   */
  write(folder: string, name: string, data: Uint8Array): Promise<void>
  /** A file, or a folder with all that is in it; what does not exist is no error. */
  remove(folder: string, name?: string): Promise<void>
}
