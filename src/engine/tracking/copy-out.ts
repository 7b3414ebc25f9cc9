import { TrackioError } from '../../model/errors.ts'
import type { SyncFile } from '../../storage/opfs/sync-file.ts'
import { parseHeader } from '../formats/sqlite/database-header.ts'

const CHUNK = 4 << 20

/**
 * The bytes of a database. `walBytes`: those in its WAL, which must have been checkpointed. Throws a
 * TrackioError for what is no whole database: once, after ten kills under load, a file of 0 bytes was handed
 * out, and a copy that somebody relies on must not be found empty years later.
 */
export function copyOf(name: string, main: SyncFile, walBytes: number): Blob {
  const { size } = main
  if (walBytes > 0) throw refused(name, `${walBytes} bytes of its log could not be folded in`)
  const head = new Uint8Array(100)
  if (!main.read(head, 0) || size < head.length) throw refused(name, `it has ${size} bytes`)
  const header = parseHeader(head)
  if (!header) throw refused(name, 'it does not begin as a database does')
  // 0 pages: the header does not say
  const counted = (header.pageCount || Math.floor(size / header.pageSize)) * header.pageSize
  if (counted !== size) throw refused(name, `it has ${size} bytes, and its header counts ${counted}`)
  // a Blob a piece: the browser moves them to the disk when there are many, and this thread holds one at a
  // time
  const parts: Blob[] = []
  for (let at = 0; at < size; at += CHUNK) {
    const part = new Uint8Array(Math.min(CHUNK, size - at))
    if (!main.read(part, at)) throw refused(name, `${part.length} bytes could not be read at ${at}`)
    // nothing waits in a WAL, so the copy says so: it opens even where none can be made beside it
    if (at === 0) part.fill(1, 18, 20)
    parts.push(new Blob([part]))
  }
  const copy = new Blob(parts, { type: 'application/vnd.sqlite3' })
  if (copy.size !== size) throw refused(name, `the copy has ${copy.size} of ${size} bytes`)
  return copy
}

function refused(name: string, why: string): TrackioError {
  return new TrackioError(
    name,
    `the database cannot be copied: ${why}`,
    'Try again; reloading the page opens the database anew.',
  )
}
