import { TrackioError } from '../../model/errors.ts'
import type { Bytes } from '../../storage/bytes.ts'
import type { SyncFile } from '../../storage/opfs/sync-file.ts'
import { copySize, imageChunks } from '../formats/sqlite/checkpointed.ts'
import { parseHeader } from '../formats/sqlite/database-header.ts'
import { makeImage } from '../formats/sqlite/database-image.ts'
import { readLog } from '../formats/sqlite/wal.ts'

/**
 * The bytes of a database as its last commit left it, whether or not its log could be folded in: a full disk
 * may have no room for that. Throws a TrackioError for what is no whole database: once, after ten kills under
 * load, a file of 0 bytes was handed out, and a copy that somebody relies on must not be found empty years
 * later.
 */
export async function copyOf(name: string, main: SyncFile, wal: SyncFile): Promise<Blob> {
  const bytes = bytesOf(name, main)
  if (bytes.size < 100) throw refused(name, `it has ${bytes.size} bytes`)
  const header = parseHeader(bytes.read(0, 100))
  if (!header) throw refused(name, 'it does not begin as a database does')
  const log = wal.size > 0 ? await readLog(bytesOf(name, wal)) : undefined
  const image = makeImage(header, bytes, log?.bytes, log?.index)
  const size = copySize(image)
  // 0 pages: the header does not say
  const pages = log ? image.pageCount : header.pageCount || Math.floor(bytes.size / header.pageSize)
  const [there, counted] = [log ? size : bytes.size, pages * header.pageSize]
  if (counted !== there) throw refused(name, `it has ${there} bytes, and its header counts ${counted}`)
  // a Blob a piece: the browser moves them to the disk when there are many, and this thread holds few at a
  // time
  const parts: Blob[] = []
  for await (const piece of imageChunks(image)) parts.push(new Blob([piece as Uint8Array<ArrayBuffer>]))
  const copy = new Blob(parts, { type: 'application/vnd.sqlite3' })
  if (copy.size !== size) throw refused(name, `the copy has ${copy.size} of ${size} bytes`)
  return copy
}

function bytesOf(name: string, file: SyncFile): Bytes {
  const read = (offset: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, file.size - offset)))
    if (!file.read(bytes, offset)) throw refused(name, `${bytes.length} bytes could not be read at ${offset}`)
    return bytes
  }
  return { size: file.size, read, load: async (offset, length) => read(offset, length) }
}

function refused(name: string, why: string): TrackioError {
  return new TrackioError(
    name,
    `the database cannot be copied: ${why}`,
    'Try again; reloading the page opens the database anew.',
  )
}
