import type { ChangedRun, StoredChange } from '../../model/change.ts'
import type { Json } from '../../model/run.ts'
import type { LoggedRun, ProjectReader, SystemReader } from '../formats/dataset.ts'
import { type RunTables, type TableRows, textIn } from '../formats/table-rows.ts'

/*
 * A change that can still be undone is not made yet: it is laid over the reader of its project, so that
 * everything that is asked shows the project as it will be, and nothing has to be taken back.
 */

/** What becomes of rows: undefined, nothing; null, they are hidden; else their run's new name. */
type Fate = string | null | undefined

/** The reader with these changes laid over what it reads. */
export function withChanges(reader: ProjectReader, changes: readonly StoredChange[]): ProjectReader {
  const gone = changes.some(({ kind }) => kind === 'delete-project')
  /** In the order in which they were asked for: a run that was renamed is deleted under its new name. */
  const fates = changes.flatMap((change) =>
    change.kind === 'delete-project'
      ? []
      : change.runs.map((run: ChangedRun) => ({ run, next: change.kind === 'rename' ? change.name : null })),
  )
  const renamed = new WeakMap<LoggedRun, LoggedRun>()
  const original = new WeakMap<LoggedRun, LoggedRun>()
  const tables = new WeakMap<TableRows, { rows: number; version: number; table: TableRows }>()

  /** `byId`: the id tells it from all others. */
  function fateOf(id: string | null, name: string | null, byId: boolean): Fate {
    if (gone) return null
    let fate: Fate
    let now = name
    for (const { run, next } of fates) {
      if (byId ? run.id !== id : run.id !== id || run.name !== now) continue
      if (next === null) return null
      fate = now = next
    }
    return fate
  }

  function fateOfName(name: string | null): Fate {
    let fate: Fate
    let now = name
    for (const { run, next } of fates) {
      if (run.name !== now) continue
      if (next === null) return null
      fate = now = next
    }
    return fate
  }

  function shownRuns(runs: readonly LoggedRun[]): LoggedRun[] {
    const seen = new Map<string | null, number>()
    for (const { id } of runs) seen.set(id, (seen.get(id) ?? 0) + 1)
    return runs.flatMap((run) => {
      // one id under two names is two runs
      const fate = fateOf(run.id, run.name, run.id !== null && seen.get(run.id) === 1)
      if (fate === undefined) return [run]
      return fate === null ? [] : [named(run, fate)]
    })
  }

  function named(run: LoggedRun, name: string): LoggedRun {
    const known = renamed.get(run)
    if (known?.name === name) return known
    // it grows while rows are read, so it is no copy
    const made: LoggedRun = Object.assign(Object.create(run), { id: run.id, name })
    renamed.set(run, made)
    original.set(made, run)
    return made
  }

  /** Of a row of another table: by its id, or by its name where it has none that the metrics know. */
  function makeFateOfRow(): (id: string | null, name: string | null, foreign: boolean) => Fate {
    if (gone) return () => null
    const runs = reader.runs()
    const ids = new Set(runs.map(({ id }) => id))
    const hasIds = reader.hasIds()
    const changed = new Set(fates.map(({ run }) => run.id))
    const alone = new Set(runs.map(({ name }) => name))
    for (const name of alone) if (runs.filter((run) => run.name === name).length > 1) alone.delete(name)
    const known = new Set(runs.map(({ name }) => name))
    return (id, name, foreign) => {
      if (!hasIds) return foreign ? undefined : fateOfName(name)
      if (id !== null && changed.has(id)) return fateOf(id, name, true)
      if (foreign || (id !== null && ids.has(id))) return undefined
      return name !== null && known.has(name) && !alone.has(name) ? undefined : fateOfName(name)
    }
  }

  function shownRows(table: TableRows): TableRows {
    const [id, name] = 'producer_run_name' in table.columns ? PRODUCER : RUN
    if (!(name in table.columns)) return table
    const known = tables.get(table)
    const version = reader.version()
    if (known?.rows === table.rows && known.version === version) return known.table
    const fateOfRow = makeFateOfRow()
    const made: TableRows = { rows: 0, columns: {}, notices: table.notices }
    const columns = Object.entries(table.columns)
    for (const [column] of columns) made.columns[column] = []
    for (let row = 0; row < table.rows; row++) {
      const foreign = textIn(table, 'run_project', row) !== null
      const fate = fateOfRow(textIn(table, id, row), textIn(table, name, row), foreign)
      // an artifact stays when the run that made it is deleted
      if (fate === null && name === 'run_name') continue
      for (const [column, values] of columns) {
        const changed = fate !== undefined && (column === name || (fate === null && column === id))
        made.columns[column]?.push(changed ? fate : (values[row] as Json))
      }
      made.rows++
    }
    tables.set(table, { rows: table.rows, version, table: made })
    return made
  }

  const { storedRows, tableRows, system } = reader
  const over: Partial<ProjectReader> = {
    runs: () => shownRuns(reader.runs()),
    samples: () => shownRuns(reader.samples()),
    runTables: () => {
      const found: RunTables = {}
      for (const [table, rows] of Object.entries(reader.runTables()))
        if (rows) found[table as keyof RunTables] = shownRows(rows)
      return found
    },
    ...(storedRows && {
      storedRows: (run, ...rest) => storedRows.call(reader, original.get(run) ?? run, ...rest),
    }),
    ...(tableRows && {
      tableRows: async (table, signal, onPart, columns) => {
        const part = onPart && ((rows: TableRows) => onPart(shownRows(rows)))
        const rows = await tableRows.call(reader, table, signal, part, columns)
        return rows && shownRows(rows)
      },
    }),
    ...(system && {
      system: async (): Promise<SystemReader | undefined> => {
        const found = await system.call(reader)
        if (!found) return undefined
        const shown: SystemReader = Object.create(found)
        shown.runs = () => shownRuns(found.runs())
        return shown
      },
    }),
  }
  return Object.assign(Object.create(reader), over)
}

const RUN = ['run_id', 'run_name'] as const
const PRODUCER = ['producer_run_id', 'producer_run_name'] as const
