import type { Image } from './database-image.ts'
import { addFile, dropFiles, newName, type SqliteDatabase, startSqlite } from './sqlite.ts'
import { imageFile } from './vfs.ts'

/** A database opened by SQLite itself, read only. */
export interface Database {
  /**
   * Rows of a query with bound parameters, as arrays in column order. Throws with the query in the message.
   */
  rows(sql: string, bind?: (string | number | null)[]): unknown[][]
  close(): void
}

/** Opens an image. SQLite itself is loaded at the first call. */
export async function openDatabase(image: Image): Promise<Database> {
  const { open } = await startSqlite()
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
    rows(sql, bind) {
      try {
        return db.selectArrays(sql, bind)
      } catch (cause) {
        throw new Error(`${cause instanceof Error ? cause.message : String(cause)} in: ${sql}`, { cause })
      }
    },
    close() {
      db.close()
      dropFiles(name)
    },
  }
}
