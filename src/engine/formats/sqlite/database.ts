import type { Image } from './database-image.ts'
import { addFile, dropFiles, newName, type SqliteDatabase, startSqlite } from './sqlite.ts'
import { imageFile } from './vfs.ts'

/** A database opened by SQLite itself, read only. */
export interface Database {
  /**
   * Rows of a query with bound parameters, as arrays in column order. Throws with the query in the message, and after
   * `mostSteps` of SQLite's own where they are given: nothing else ends a query that never comes to an end.
   */
  rows(sql: string, bind?: (string | number | null)[], mostSteps?: number): unknown[][]
  close(): void
}

/** Opens an image. SQLite itself is loaded at the first call. */
export async function openDatabase(image: Image): Promise<Database> {
  const { open, sqlite3 } = await startSqlite()
  const name = newName()
  addFile(name, imageFile(image))
  let db: SqliteDatabase
  try {
    db = open(name, '&immutable=1', 'r')
  } catch (cause) {
    dropFiles(name)
    throw cause
  }
  return {
    rows(sql, bind, mostSteps) {
      const { capi } = sqlite3
      if (mostSteps !== undefined) capi.sqlite3_progress_handler(db, mostSteps, () => 1, 0)
      try {
        return db.selectArrays(sql, bind)
      } catch (cause) {
        throw new Error(`${cause instanceof Error ? cause.message : String(cause)} in: ${sql}`, { cause })
      } finally {
        if (mostSteps !== undefined) capi.sqlite3_progress_handler(db, 0, 0, 0)
      }
    },
    close() {
      db.close()
      dropFiles(name)
    },
  }
}
