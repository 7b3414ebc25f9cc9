import { TrackioError } from '../../model/errors.ts'
import type { SyncFile } from '../../storage/opfs/sync-file.ts'
import { parseHeader } from '../formats/sqlite/database-header.ts'
import { openWritable, type WritableDatabase } from './writable.ts'

/** Where the header says how the file is written: 2, 2 with a write-ahead log, 1, 1 without (fileformat2 §1.3.3). */
const WRITTEN_AS = 18

/**
 * Changes a copy of a whole database, before it takes the place of the original: SQLite finds it sound before
 * and after. `act` runs in one transaction. The file says afterwards what it said before of how it is written;
 * its schema and version are nobody's to change here. Throws a TrackioError for what is no sound database.
 */
export async function changeCopy<T>(
  name: string,
  copy: SyncFile,
  act: (db: WritableDatabase) => T | Promise<T>,
): Promise<T> {
  const head = new Uint8Array(100)
  copy.read(head, 0)
  const header = parseHeader(head)
  if (!header || header.damage !== undefined)
    throw unsound(name, header?.damage ?? 'it does not begin as a database does')
  const writtenAs = head.slice(WRITTEN_AS, WRITTEN_AS + 2)
  copy.write(Uint8Array.of(1, 1), WRITTEN_AS)
  const db = await openWritable(copy)
  let result: T
  try {
    check(name, db)
    db.exec('BEGIN IMMEDIATE')
    result = await act(db)
    db.exec('COMMIT')
    check(name, db)
  } catch (cause) {
    throw cause instanceof TrackioError ? cause : failed(name, cause)
  } finally {
    db.close()
  }
  copy.write(writtenAs, WRITTEN_AS)
  return result
}

/**
 * What SQLite says of files that lie as they should, but hold what their tables forbid: tables that pandas made
 * have such rows, and trackio reads them.
 */
const ODD =
  /^(ok$|NULL value in |non-unique entry in |CHECK constraint failed in |NUMERIC value in |TEXT value in )/

/** Reads the whole file once: a damaged one must not become a differently damaged one. */
function check(name: string, db: WritableDatabase): void {
  let found: string | undefined
  try {
    found = db
      .rows('PRAGMA integrity_check')
      .map(([words]) => String(words))
      .find((words) => !ODD.test(words))
  } catch (cause) {
    found = cause instanceof Error ? cause.message : String(cause)
  }
  if (found !== undefined) throw unsound(name, found)
}

function unsound(name: string, why: string): TrackioError {
  return new TrackioError(
    name,
    `the database is damaged, so it is not written to: ${why}`,
    'Nothing was changed. What can be read of it can be kept by a download as Parquet or CSV.',
  )
}

function failed(name: string, cause: unknown): TrackioError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new TrackioError(name, `could not be changed: ${why}`, 'Nothing was changed.')
}
