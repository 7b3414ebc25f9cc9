import { type Folder, openFolder } from './folder.ts'
import { memoryFile, type SyncFile } from './sync-file.ts'

const FOLDER = 'trackio-lite/scratch'
/** What is smaller stays in memory, bytes. */
const IN_MEMORY = 32 << 20

/**
 * Does something with an empty file of its own: in this browser's storage where it may become large, in memory
 * where it is small or there is no storage. Nothing is left of it; what a killed tab left goes with the next.
 */
export async function withScratch<T>(size: number, act: (file: SyncFile) => Promise<T>): Promise<T> {
  // without a storage the memory has to do: what is too large for it fails there, and says so
  const folder =
    size > IN_MEMORY ? await openFolder(FOLDER).catch((): Folder | undefined => undefined) : undefined
  if (!folder) return act(memoryFile())
  // one that is held by another tab stays
  for (const name of await folder.names('')) await folder.remove(name).catch(() => {})
  const name = crypto.randomUUID()
  const file = await folder.open(name)
  try {
    return await act(file)
  } finally {
    file.close()
    await folder.remove(name).catch(() => {}) // goes with the next
  }
}
