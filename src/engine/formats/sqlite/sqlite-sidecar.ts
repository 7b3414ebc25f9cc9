import { makeSide, type Side, takeConfig, takeLink } from '../sidecar.ts'
import type { Damage } from './btree.ts'
import type { Pages } from './database-image.ts'
import { type RecordCursor, textOf } from './record.ts'
import { readRows, type Schema } from './schema.ts'
import type { Table } from './sqlite-table.ts'

/** What stands beside the metrics, and how far its tables were read. */
export interface SideTables {
  side: Side
  /** By table: where it lies, and its last row. */
  last: Map<string, { root: number; rowid: number; texts: (string | null)[] }>
}

/**
 * Reads the tables that stand beside the metrics. `before`: what was read of the same file when it had fewer
 * rows; only those that came since are read and added then. trackio adds rows here (a config that replaces
 * another is a new row, and the last one counts); where it takes some away or renames a run, it does so in
 * the metrics too, and the whole file is read anew.
 */
export async function readSide(
  pages: Pages,
  schema: Schema,
  damage: Damage[],
  before?: SideTables,
): Promise<SideTables> {
  const known = before && isFollowedBy(before, schema) ? before : undefined
  const side = known?.side ?? makeSide()
  const last: SideTables['last'] = new Map(known?.last)

  async function readTable(
    name: string,
    columns: string[],
    take: (texts: (string | null)[]) => void,
  ): Promise<void> {
    const table = schema.tables.get(name)
    if (!table) return
    const places = columns.map((column) => placeOf(table, column))
    const end = last.get(name)
    // the last row is read again: SQLite gives its id to the row that replaces it, where ids are not counted
    // on for ever
    const onRow = (row: RecordCursor): void => {
      const texts = places.map((place) => textOf(row, place))
      if (end?.rowid === row.rowid && end.texts.every((text, i) => text === texts[i])) return
      take(texts)
      last.set(name, { root: table.root, rowid: row.rowid, texts })
    }
    await readRows(pages, table.root, onRow, damage, end && end.rowid - 1)
  }

  await readTable(
    'configs',
    ['project_name', 'run_id', 'run_name', 'config'],
    ([project = null, id = null, name = null, text = null]) => takeConfig(side, { project, id, name, text }),
  )
  for (const [table, from, source] of [
    ['run_artifact_links', 'own', 'run_project'],
    ['external_run_artifact_links', 'external', ''],
  ] as const) {
    await readTable(
      table,
      ['run_id', 'run_name', source, 'created_at'],
      ([id = null, name = null, project = null, created = null]) =>
        takeLink(side, from, { id, name, project, created }),
    )
  }
  return { side, last }
}

/** Every table that was read is where it was. */
function isFollowedBy({ last }: SideTables, schema: Schema): boolean {
  return [...last].every(([name, { root }]) => schema.tables.get(name)?.root === root)
}

/** −1 where there is no such column, which `textOf` takes as null. */
function placeOf(table: Table, name: string): number {
  return table.columns.findIndex((column) => column.toLowerCase() === name)
}
