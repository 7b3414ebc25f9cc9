import type { WritableFile } from '../../model/change.ts'
import { ChangedOnDiskError, TrackioError } from '../../model/errors.ts'

/*
 * A file on this machine that a person let the page write to (File System Access). The browser writes beside it
 * and puts that in its place once all is written, so a kill leaves the old file. Nobody can lock a file against
 * a program that logs into it: it is compared before it is read, and again right before its place is taken.
 */

const PIECE = 4 << 20
/** Of an SQLite database: holds the count of its changes. As state/changes/file-access.ts has it. */
const HEAD = 100

/** Rejects with a ChangedOnDiskError where it is not as the person saw it last. */
export async function asSeen(name: string, seen: WritableFile): Promise<File> {
  const file = await seen.handle.getFile().catch((cause: unknown) => {
    throw unwritable(name, cause)
  })
  const isSame = file.size === seen.size && file.lastModified === seen.lastModified
  if (!isSame || (await headOf(file)) !== seen.head)
    throw new ChangedOnDiskError(
      name,
      `it was written to meanwhile: ${file.size.toLocaleString('en')} bytes of ${timeOf(file.lastModified)}, and what is shown has ${seen.size.toLocaleString('en')} of ${timeOf(seen.lastModified)}`,
      'Nothing was changed. Close what logs into it, and ask again.',
    )
  return file
}

/** Puts these bytes in the file's place, if it still is as it was seen and `check` does not throw at the last moment. */
export async function replaceFile(
  name: string,
  seen: WritableFile,
  bytes: { size: number; read(target: Uint8Array, offset: number): boolean },
  check: () => Promise<void>,
): Promise<void> {
  const writable = await seen.handle.createWritable().catch((cause: unknown) => {
    throw unwritable(name, cause)
  })
  try {
    for (let at = 0; at < bytes.size; at += PIECE) {
      const piece = new Uint8Array(Math.min(PIECE, bytes.size - at))
      if (!bytes.read(piece, at)) throw new Error(`the copy has no ${piece.length} bytes at ${at}`)
      await writable.write(piece)
    }
    await check()
    await asSeen(name, seen)
    await writable.close()
  } catch (cause) {
    // what was written beside it goes; that it cannot be given up either changes nothing about the file
    await writable.abort().catch(() => {})
    throw cause instanceof TrackioError ? cause : unwritable(name, cause)
  }
}

async function headOf(file: File): Promise<string> {
  return new Uint8Array(await file.slice(0, HEAD).arrayBuffer()).join()
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', ' UTC')
}

function unwritable(name: string, cause: unknown): TrackioError {
  const kind = cause instanceof Error ? cause.name : ''
  const words: Record<string, [string, string]> = {
    NotAllowedError: [
      'the permission to write it was taken back',
      'Ask again; the browser then asks you once more.',
    ],
    NotFoundError: ['no longer there: it was moved, renamed or deleted', 'Choose it again where it is now.'],
    NotReadableError: ['it was written to meanwhile', 'Close what logs into it, and ask again.'],
    NoModificationAllowedError: ['something else has it open for writing', 'Close that, and ask again.'],
    QuotaExceededError: ['the disk has no room for a second copy of it', 'Free some, and ask again.'],
  }
  const said = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  const [text, action] = words[kind] ?? [`could not be written: ${said}`, 'Ask again.']
  return new TrackioError(name, text, `Nothing was changed. ${action}`)
}
