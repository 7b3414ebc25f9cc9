export interface ExportOptions {
  signal?: AbortSignal | undefined
  /** `what`: the file that is being written. */
  onProgress?: ((what: string, bytes: number, totalBytes: number) => void) | undefined
}
