import { TrackioError } from '../../model/errors.ts'
import type { OpenProgress } from '../../model/questions.ts'
import { SQL_ROWS, type SqlAnswer, type SqlQuery } from '../../model/sql.ts'
import type { Tree } from '../../storage/tree.ts'
import type { ProjectReader } from '../formats/dataset.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { formatOf, stampOf } from '../formats/registry.ts'
import { type SqlFile, sqlFileOf } from '../formats/sqlite/sql-file.ts'
import { copyTables, tablesIn } from './sql-copy.ts'
import { makeSqlThread } from './sql-worker.ts'

/** A project as SQL is asked about it. */
export interface SqlProject {
  name: string
  reader: ProjectReader
  /** Its files; a server has none. */
  tree: Tree | undefined
  files: ProjectFiles | undefined
  /** Resolves when all its rows are read, which a copy needs; a database is asked as it lies. */
  whole(): Promise<void>
}

export interface SqlWaiting {
  signal?: AbortSignal | undefined
  onProgress?: ((progress: OpenProgress) => void) | undefined
}

export interface Sql {
  ask(project: SqlProject, query: Omit<SqlQuery, 'project'>, waiting: SqlWaiting): Promise<SqlAnswer>
  /** Lets go of what was copied for the last statement: its source may be gone. */
  forget(): void
}

/** The last database that was asked: most statements are followed by another one about the same. */
interface Held {
  key: string
  file: Promise<SqlFile>
}

export function makeSql(): Sql {
  const thread = makeSqlThread()
  let held: Held | undefined

  async function fileOf(key: string, make: () => Promise<SqlFile>): Promise<SqlFile> {
    if (held?.key === key) {
      // one whose making was given up is made anew
      const file = await held.file.catch(() => undefined)
      if (file) return file
    }
    const file = make()
    held = { key, file }
    return file
  }

  return {
    forget() {
      held = undefined
    },
    async ask(
      { name, reader, tree, files, whole },
      { text, bind = [], most = SQL_ROWS },
      { signal, onProgress },
    ) {
      if (!(Number.isSafeInteger(most) && most >= 0))
        throw new TrackioError('SQL', `cannot answer with ${most} rows`, 'Give a whole number.')
      const database = tree && files && formatOf(files).database
      const asked = { text, bind, most }
      const onRows = (rows: number): void =>
        onProgress?.({ text: `asking ${name}: ${rows.toLocaleString('en')} rows`, bytes: 0, totalBytes: 0 })
      if (database) {
        const key = `${name}\n${files.path}\n${stampOf(files)}`
        const stored = await fileOf(key, () =>
          database.use(files, tree, { signal }, async (source) => {
            const file = await sqlFileOf(source, tree, {
              signal,
              onProgress: (bytes, totalBytes) =>
                onProgress?.({ text: `fetching ${files.path}`, bytes, totalBytes }),
            })
            // one of 0 bytes has no tables yet
            return file ?? copyTables(files.path, reader, [])
          }),
        )
        return { ...(await thread(key, stored, asked, signal, onRows)), copied: false }
      }
      await whole()
      const tables = tablesIn(text)
      const key = `${name}\n${files ? stampOf(files) : reader.version()}\n${reader.readUpTo()}\n${tables.join()}`
      const copied = await fileOf(key, () =>
        copyTables(files?.path ?? name, reader, tables, {
          signal,
          onRows: (table, rows, of) =>
            onProgress?.({
              text: `copying ${table}: ${rows.toLocaleString('en')}${of > 0 ? ` of ${of.toLocaleString('en')}` : ''} rows`,
              bytes: 0,
              totalBytes: 0,
            }),
        }),
      )
      return { ...(await thread(key, copied, asked, signal, onRows)), copied: true }
    },
  }
}
