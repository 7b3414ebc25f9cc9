import { nextTurn } from '../../../bridge/turn.ts'
import { canonicalProject } from '../../../model/project-name.ts'
import { addAlerts, addTraces, type FragmentFile } from '../fragments/fragments.ts'
import { stemOf } from '../project-files.ts'
import { addRow, emptyRows, ROW_TABLES, type RowTableName, type TableRows, textIn } from '../table-rows.ts'
import type { Damage } from './btree.ts'
import { type Image, makePages } from './database-image.ts'
import { textOf } from './record.ts'
import { readRows, type Schema } from './schema.ts'
import { damageWords } from './sqlite-notices.ts'
import type { Table } from './sqlite-table.ts'

/** Read when somebody looks, in pieces of this size. */
const LOOK = { block: 64 << 10, keep: 64, ahead: 0 }
/** Of a table that is given out as it is read: from one end to the other. */
const STREAM = { block: 1 << 20, keep: 16, ahead: 2 }
/** Questions that wait are answered after so long. */
const SLICE_MS = 12

/** What rows are read of. */
export interface TablesOf {
  image: Image
  schema: Schema
  path: string
  /** What trackio has not put into the database yet. */
  inbox: (() => Promise<FragmentFile>) | undefined
}

/**
 * Rows of a table beside the metrics, those of the inbox among them; undefined where there is no such table.
 * Damage of it is a notice, with the rows that can be read.
 */
export async function readTableRows(
  { image, schema, path, inbox }: TablesOf,
  name: RowTableName,
  {
    signal,
    onPart,
    columns = ROW_TABLES[name],
  }: {
    signal?: AbortSignal | undefined
    onPart?: ((part: TableRows) => void) | undefined
    columns?: readonly string[] | undefined
  } = {},
): Promise<TableRows | undefined> {
  const table = schema.tables.get(name)
  const ids = new Set<string>()
  const found = table
    ? await stored(image, table, { name, path, columns, signal, onPart, ids: inbox && ids })
    : emptyRows(columns)
  const waiting = name === 'alerts' || name === 'traces' ? await inbox?.() : undefined
  const project = canonicalProject(stemOf(path))
  if (waiting && name === 'alerts') addAlerts(found, waiting.alerts, project)
  if (waiting && name === 'traces') {
    // what was put into the database meanwhile has its id there
    const own = waiting.fragments.filter((one) => one.project === project && !ids.has(one.logId ?? ''))
    for (const fragment of own) addTraces(found, fragment, fragment.step)
  }
  return table || found.rows > 0 ? found : undefined
}

interface Reading {
  name: RowTableName
  path: string
  columns: readonly string[]
  signal: AbortSignal | undefined
  onPart: ((part: TableRows) => void) | undefined
  /** Takes the ids of log calls whose traces are stored. */
  ids: Set<string> | undefined
}

async function stored(
  image: Image,
  table: Table,
  { name, path, columns, signal, onPart, ids }: Reading,
): Promise<TableRows> {
  let found = emptyRows(columns)
  let given = 0
  let sliceEnds = performance.now() + SLICE_MS
  const places = new Map(table.columns.map((column, place) => [column.toLowerCase(), place]))
  const damage: Damage[] = []
  await readRows(
    makePages(image, onPart ? STREAM : LOOK),
    table.root,
    (row) => {
      addRow(found, (column) => {
        const place = places.get(column) ?? -1
        if (place >= 0 && place === table.rowidColumn) return String(row.rowid)
        // rows that are older than a column hold its default
        const value = place >= row.count ? table.defaults?.get(column) : undefined
        return value === undefined ? textOf(row, place) : String(value)
      })
      // `run:log:key`, or with a place in a list behind it
      if (ids && name === 'traces') ids.add(textIn(found, 'id', found.rows - 1)?.split(':')[1] ?? '')
      if (!onPart) return
      onPart(found)
      given += found.rows
      found = emptyRows(columns)
    },
    damage,
    undefined,
    {
      pauseDue: () => performance.now() > sliceEnds,
      async pause() {
        await nextTurn()
        signal?.throwIfAborted()
        sliceEnds = performance.now() + SLICE_MS
      },
    },
  )
  if (damage.length > 0) {
    const text = `damaged: of ${(found.rows + given).toLocaleString('en')} ${name} that can be read others may be missing: ${damageWords(damage)}`
    found.notices.push({ level: 'warn', subject: path, text, action: 'Copy the file again.' })
  }
  return found
}
