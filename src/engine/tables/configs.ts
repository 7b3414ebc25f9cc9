import type { Json } from '../../model/run.ts'
import { parseLoose } from '../columns/json.ts'
import { type TableRows, textIn } from '../formats/table-rows.ts'

/** What configs say of a run. */
export interface RunSide {
  group: string | null
  username: string | null
  config: { [key: string]: Json } | null
}

interface ConfigRow {
  order: number
  project: string | null
  id: string | null
  name: string | null
  /** Undefined where the row holds no JSON object. */
  config: { [key: string]: Json } | undefined
}

/** The rows of configs, decoded, to look runs up in. */
export interface Configs {
  table: TableRows | undefined
  rows: number
  byName: Map<string, ConfigRow[]>
  byId: Map<string, ConfigRow[]>
  /** Rows that are not JSON objects. */
  unreadable: number
}

/** Decodes a table; what was decoded of it before is kept, and only the rows that came since are taken. */
export function configsOf(table: TableRows | undefined, before?: Configs): Configs {
  const configs =
    before?.table === table && before
      ? before
      : { table, rows: 0, byName: new Map(), byId: new Map(), unreadable: 0 }
  if (!table) return configs
  for (; configs.rows < table.rows; configs.rows++) {
    const order = configs.rows
    const [project, id, name] = ['project_name', 'run_id', 'run_name'].map((column) =>
      textIn(table, column, order),
    ) as [string | null, string | null, string | null]
    const stored = table.columns.config?.[order] ?? null
    const value = typeof stored === 'string' ? parseLoose(stored) : stored
    const config = value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined
    if (!config) configs.unreadable++
    const row: ConfigRow = { order, project, id, name, config }
    if (name !== null) addTo(configs.byName, name, row)
    if (id !== null) addTo(configs.byId, id, row)
  }
  return configs
}

function addTo(rows: Map<string, ConfigRow[]>, key: string, row: ConfigRow): void {
  const known = rows.get(key)
  if (known) known.push(row)
  else rows.set(key, [row])
}

/**
 * Config of a run. Where the metrics have ids, a row with an id belongs to that id and one without to the
 * name; where they have none, the name decides, whatever id the configs carry (a file that a newer release
 * wrote on). The last row counts.
 */
export function sideOf(
  configs: Configs,
  run: { project: string | null; id: string | null; name: string },
  hasIds: boolean,
): RunSide {
  let found: ConfigRow | undefined
  for (const row of [
    ...(configs.byName.get(run.name) ?? []),
    ...(hasIds && run.id !== null ? (configs.byId.get(run.id) ?? []) : []),
  ]) {
    if (row.project !== null && run.project !== null && row.project !== run.project) continue
    const own = hasIds && row.id !== null ? row.id === run.id : row.name === run.name
    if (own && (!found || row.order > found.order)) found = row
  }
  if (!found?.config) return { group: null, username: null, config: null }
  const config = Object.fromEntries(Object.entries(found.config).filter(([key]) => !key.startsWith('_')))
  return { group: text(found.config._Group), username: text(found.config._Username), config }
}

function text(value: Json | undefined): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
