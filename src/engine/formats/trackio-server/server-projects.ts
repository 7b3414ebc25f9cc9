import type { SideCount, SideTable } from '../../../model/catalogue.ts'
import type { Notice } from '../../../model/source.ts'
import type { LoggedRun, ProjectReader, SystemReader } from '../dataset.ts'
import { addRow, emptyRows, ROW_TABLES, type RowTableName, type TableRows } from '../table-rows.ts'
import { BEFORE_ALL, type OpenProject, rowsThere } from './open-project.ts'
import type { Parts } from './row-parts.ts'
import { readStoredRows } from './server-stored-rows.ts'
import { has, idOf, type Row, tableSql, textAt } from './server-tables.ts'

const SIDE_TABLES: readonly [SideTable, string][] = [
  ['alerts', 'alerts'],
  ['traces', 'traces'],
  ['artifacts', 'artifacts'],
  ['system', 'system_metrics'],
]
/** Of the tables beside the metrics; an answer holds at most ten thousand. */
const ROWS_AT_ONCE = 5000

/**
 * The function that adds the projects which some rows name to `of.projects`: one, but of releases that kept
 * several in one file.
 */
export function makeProjects(of: OpenProject): (found: Parts) => void {
  const known = new Set<string | null>()
  if (!has(of.tables, 'metrics', 'project_name')) offer(null)
  return (found) => {
    for (const part of found.names()) offer(part)
    if (of.state === 'done' && known.size === 0) offer(null)
  }

  function offer(part: string | null): void {
    if (known.has(part)) return
    known.add(part)
    const info = { name: part ?? of.project, file: of.project, bytes: of.bytes }
    of.projects.push({ info, reader: makeReader(of, part) })
  }
}

function makeReader(of: OpenProject, part: string | null): ProjectReader {
  const hasIds = has(of.tables, 'metrics', 'run_id')
  const logged = (): LoggedRun[] => of.parts.runs(part)
  let system: Promise<SystemReader> | undefined
  return {
    keys: () => of.parts.keys,
    runs: logged,
    version: () => logged().length * 2 + (of.samples ? 1 : 0) + of.samplesTaken * 1e6,
    samples: () => of.samples?.runs(part) ?? [],
    runTables: () => of.beside.tables,
    hasIds: () => hasIds,
    part: () => part,
    exact: () => of.state === 'done',
    readUpTo: () => of.lastId,
    reading() {
      const { state, bytes, taken, failure } = of
      // the server says how many rows there are, not how long they are
      const total = taken === 0 ? of.bytesInAll : Math.round((bytes * rowsThere(of)) / taken)
      const rows = of.parts.rows(part)
      return {
        state,
        bytes,
        totalBytes: state === 'done' ? bytes : Math.max(bytes, total),
        rows,
        ...(part === null && { totalRows: rows + Math.max(0, rowsThere(of) - taken) }),
        ...(failure && { why: failure.text }),
      }
    },
    notices: () => noticesOf(of),
    keepsText: true,
    storedRows: (run, range, signal) =>
      readStoredRows(
        of.parts.runs(part).find((one) => one === run),
        of.pager,
        range,
        signal,
      ),
    ...(part === null && {
      countBeside: () => countBeside(of),
      tableRows: (table, signal, _, columns) => tableRows(of, table, signal, columns),
      system() {
        system ??= import('./server-system.ts').then(({ makeServerSystem }) =>
          makeServerSystem(of.query, () => of.tables, of.project, BEFORE_ALL),
        )
        return system
      },
    }),
  }
}

async function tableRows(
  { query, tables }: OpenProject,
  table: RowTableName,
  signal?: AbortSignal | undefined,
  columns: readonly string[] = ROW_TABLES[table],
): Promise<TableRows | undefined> {
  if (!tables.columns.has(table)) return undefined
  const found = emptyRows(columns)
  for (let from = BEFORE_ALL; ; ) {
    const rows = await query(tableSql(tables, table, columns, from, ROWS_AT_ONCE), signal)
    for (const row of rows) addRow(found, (column) => textAt(row, column))
    if (rows.length < ROWS_AT_ONCE) return found
    from = idOf(rows.at(-1) as Row) + 1
  }
}

async function countBeside({ query, tables }: OpenProject): Promise<SideCount[]> {
  const there = SIDE_TABLES.filter(([, name]) => tables.columns.has(name))
  if (there.length === 0) return []
  const [row] = await query(
    `SELECT ${there.map(([table, name]) => `(SELECT COUNT(*) FROM ${name}) AS ${table}`).join(', ')}`,
  )
  return there.flatMap(([table]): SideCount[] => {
    const rows = row?.[table]
    return typeof rows === 'number' && rows > 0 ? [{ table, rows }] : []
  })
}

function noticesOf({ project, parts, failure }: OpenProject): Notice[] {
  const told: Notice[] = []
  const count = parts.unreadable()
  if (count > 0) {
    const first = `${parts.examples.join(', ')}${count > parts.examples.length ? ', …' : ''}`
    told.push({
      level: 'warn',
      subject: project,
      text: `${words(count, 'row')} skipped: the payload is not a JSON object (${first})`,
    })
  }
  const { nameless } = parts
  if (nameless > 0)
    told.push({ level: 'warn', subject: project, text: `${words(nameless, 'row')} not shown: no run name` })
  if (failure) told.push(failure)
  return told
}

function words(n: number, what: string): string {
  return `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`
}
