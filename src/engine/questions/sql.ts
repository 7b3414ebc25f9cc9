import { formatPlural } from '../../compute/format.ts'
import { TrackioError } from '../../model/errors.ts'
import type { OpenProgress } from '../../model/questions.ts'
import type { Notice } from '../../model/source.ts'
import { SQL_ROWS, type SqlAnswer, type SqlQuery } from '../../model/sql.ts'
import type { Tree } from '../../storage/tree.ts'
import type { ProjectReader } from '../formats/dataset.ts'
import { orAborted } from '../formats/or-aborted.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { formatOf, stampOf } from '../formats/registry.ts'
import { type SqlFile, sqlFileOf } from '../formats/sqlite/sql-file.ts'
import { copyTables, isTooLong, tablesIn } from './sql-copy.ts'
import { makeSqlThread } from './sql-worker.ts'

/** A project as SQL is asked about it. */
export interface SqlProject {
  name: string
  /** With the changes that can still be undone laid over it. */
  reader: ProjectReader
  /** There are such changes. */
  changed: boolean
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

/** A database to be asked, and what a person should know of it. */
interface Made {
  /** Undefined of a file without a byte. */
  file: SqlFile | undefined
  notices: Notice[]
}

/** The last database that was asked: most statements are followed by another one about the same. */
interface Held {
  key: string
  /** Tells it from all that were made before, also for the same key. */
  id: string
  made: Promise<Made>
}

export function makeSql(): Sql {
  const thread = makeSqlThread()
  let held: Held | undefined
  let makings = 0
  const serials = new WeakMap<ProjectReader, number>()

  /** Names and stamps of two sources may be equal; a reader is of one, and another where changes are laid over it. */
  function serialOf(reader: ProjectReader): number {
    const serial = serials.get(reader) ?? ++makings
    serials.set(reader, serial)
    return serial
  }

  /** `key` undefined: it is made anew for each statement. */
  async function madeFor(
    key: string | undefined,
    make: () => Promise<Made>,
    signal: AbortSignal | undefined,
  ): Promise<Made & { id: string }> {
    if (held && held.key === key) {
      const { id } = held
      // one whose making was given up is made anew
      const made = await orAborted(
        held.made.catch(() => undefined),
        signal,
      )
      if (made) return { ...made, id }
    }
    const id = String(++makings)
    const made = make()
    held = { key: key ?? id, id, made }
    return { ...(await made), id }
  }

  return {
    forget() {
      held = undefined
    },
    async ask(
      { name, reader, changed, tree, files, whole },
      { text, bind = [], most = SQL_ROWS },
      { signal, onProgress },
    ) {
      if (!(Number.isSafeInteger(most) && most >= 0))
        throw new TrackioError('SQL', `cannot answer with ${most} rows`, 'Give a whole number.')
      const asked = { text, bind, most }
      const tell = (text: string, bytes = 0, totalBytes = 0): void =>
        onProgress?.({ text, bytes, totalBytes })
      const answer = async (
        { id, file, notices }: Made & { id: string },
        copied: boolean,
      ): Promise<SqlAnswer> => ({
        ...(await thread(id, file, asked, signal, (rows) =>
          tell(`asking ${name}: ${rows.toLocaleString('en')} rows`),
        )),
        copied,
        notices: [...reader.notices().filter(({ level }) => level !== 'info'), ...notices],
      })
      const serial = serialOf(reader)
      const database = files && formatOf(files).database
      const waiting = files && database ? database.waiting(files) : 0

      /** SQLite over the file itself; undefined where the file is empty. */
      async function asItLies(notices: Notice[]): Promise<SqlAnswer | undefined> {
        if (!tree || !files || !database) return undefined
        const { path } = files
        const make = (): Promise<Made> =>
          database.use(files, tree, { signal }, async (source) => {
            const onProgress = (bytes: number, total: number): void => tell(`fetching ${path}`, bytes, total)
            return { file: await sqlFileOf(source, tree, { signal, onProgress }), notices: [] }
          })
        const made = await madeFor(`file\n${serial}\n${stampOf(files)}`, make, signal)
        if (!made.file) return undefined
        const part = reader.part()
        return answer({ ...made, notices: part === null ? notices : [partly(path, part), ...notices] }, false)
      }

      if (database && waiting === 0 && !changed) {
        const found = await asItLies([])
        if (found) return found
      }
      await whole()
      const tables = tablesIn(text)
      if (files && database && tables.includes('metrics') && isTooLong(reader)) {
        const found = await asItLies(leftOut(files.path, waiting, changed))
        if (found) return found
      }
      // what a server has beside the metrics may have grown without its rows telling of it
      const alike = files ? stampOf(files) : tables.every((table) => table === 'metrics')
      const runs = reader.runs().map(({ id, name, rows }) => [id, name, rows])
      const key = JSON.stringify(['copy', serial, reader.version(), reader.readUpTo(), runs, alike, tables])
      const made = await madeFor(
        alike === false ? undefined : key,
        () =>
          copyTables(files?.path ?? name, reader, tables, {
            signal,
            onRows: (table, rows, of) =>
              tell(
                `copying ${table}: ${rows.toLocaleString('en')}${of > 0 ? ` of ${of.toLocaleString('en')}` : ''} rows`,
              ),
          }),
        signal,
      )
      return answer(made, true)
    },
  }
}

/** Releases before project files put all projects into one, whose rows SQL sees. */
function partly(path: string, part: string): Notice {
  return {
    level: 'warn',
    subject: path,
    text: `keeps projects together: SQL was asked about all of them, not ${part} alone`,
    action: `Ask for its rows with WHERE project_name = '${part.replaceAll("'", "''")}'.`,
  }
}

/** What every page shows, and the file itself does not hold yet. */
function leftOut(path: string, waiting: number, changed: boolean): Notice[] {
  const say = (text: string, action: string): Notice => ({ level: 'warn', subject: path, text, action })
  return [
    ...(waiting > 0
      ? [
          say(
            `${formatPlural(waiting, 'file')} of log calls that wait in the inbox are not asked: too many rows for a copy`,
            'Let trackio take them into the database, then look again.',
          ),
        ]
      : []),
    ...(changed
      ? [
          say(
            'changes that can still be undone are not in the answer: too many rows for a copy',
            'Ask again when they are made.',
          ),
        ]
      : []),
  ]
}
