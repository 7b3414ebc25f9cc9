import { openWritable, type WritableDatabase } from '../../../src/engine/tracking/writable.ts'
import { memoryFile } from '../../../src/storage/opfs/sync-file.ts'

/** An exported database, opened by SQLite itself. */
export async function openCopy(file: Blob | Uint8Array): Promise<WritableDatabase> {
  const main = memoryFile()
  main.write(file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : file, 0)
  return openWritable(main, memoryFile())
}
