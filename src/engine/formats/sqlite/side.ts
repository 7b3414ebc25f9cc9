import type { Json, Run } from '../../../model/run.ts'
import { parseLoose } from '../json.ts'
import type { RunSide } from '../reader.ts'
import { parseTimeText } from '../time.ts'
import type { Damage } from './btree.ts'
import type { Pages } from './image.ts'
import { textOf } from './record.ts'
import { readRows, type Schema, type Table } from './schema.ts'

interface ConfigRow {
  order: number
  project: string | null
  id: string | null
  name: string | null
  config: { [key: string]: Json } | undefined
}

interface LinkRow {
  id: string | null
  name: string
  /** Canonical project of the run; null where the row does not say. */
  project: string | null
  created: string
}

/** What stands beside the metrics: configs, and the runs that only an artifact link names. */
export interface Side {
  byName: Map<string, ConfigRow[]>
  byId: Map<string, ConfigRow[]>
  links: LinkRow[]
  externalLinks: LinkRow[]
  /** Config rows so far. */
  configs: number
  /** Config rows that are not JSON objects. */
  unreadableConfigs: number
}

export function makeSide(): Side {
  return { byName: new Map(), byId: new Map(), links: [], externalLinks: [], configs: 0, unreadableConfigs: 0 }
}

/** Takes a row of `configs`; rows come in the order in which they were written, of several for one run the last counts. */
export function takeConfig(side: Side, row: { project: string | null; id: string | null; name: string | null; text: string | null }): void {
  const value = parseLoose(row.text ?? '')
  const object = value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined
  if (!object) side.unreadableConfigs++
  const { project, id, name } = row
  const entry = { order: side.configs++, project, id, name, config: object }
  if (name !== null) side.byName.set(name, [...(side.byName.get(name) ?? []), entry])
  if (id !== null) side.byId.set(id, [...(side.byId.get(id) ?? []), entry])
}

/** Takes a row of `run_artifact_links`, or of `external_run_artifact_links`; one without a run's name says nothing. */
export function takeLink(
  side: Side,
  from: 'own' | 'external',
  row: { id: string | null; name: string | null; project: string | null; created: string | null },
): void {
  const { id, name, project, created } = row
  if (name !== null) (from === 'own' ? side.links : side.externalLinks).push({ id, name, project, created: created ?? '' })
}

export async function readSide(pages: Pages, schema: Schema, damage: Damage[]): Promise<Side> {
  const side = makeSide()
  const configs = schema.tables.get('configs')
  if (configs) {
    const [project, id, name, config] = columns(configs, 'project_name', 'run_id', 'run_name', 'config')
    await readRows(
      pages,
      configs.root,
      (row) => takeConfig(side, { project: textOf(row, project), id: textOf(row, id), name: textOf(row, name), text: textOf(row, config) }),
      damage,
    )
  }
  for (const [table, from, source] of [
    ['run_artifact_links', 'own', 'run_project'],
    ['external_run_artifact_links', 'external', ''],
  ] as const) {
    const links = schema.tables.get(table)
    if (!links) continue
    const [id, name, project, created] = columns(links, 'run_id', 'run_name', source, 'created_at')
    await readRows(
      pages,
      links.root,
      (row) =>
        takeLink(side, from, {
          id: textOf(row, id),
          name: textOf(row, name),
          project: textOf(row, project),
          created: textOf(row, created),
        }),
      damage,
    )
  }
  return side
}

function columns(table: Table, ...names: string[]): [number, number, number, number] {
  const [a = -1, b = -1, c = -1, d = -1] = names.map((name) => table.columns.findIndex((column) => column.toLowerCase() === name))
  return [a, b, c, d]
}

/**
 * Config of a run. Where the metrics have ids, a row with an id belongs to that id and one without to the name; where they
 * have none, the name decides, whatever id the configs carry (a file that a newer release wrote on). The last row counts.
 */
export function sideOf(side: Side, run: { project: string | null; id: string | null; name: string }, hasIds: boolean): RunSide {
  let found: ConfigRow | undefined
  for (const row of [...(side.byName.get(run.name) ?? []), ...(hasIds && run.id !== null ? (side.byId.get(run.id) ?? []) : [])]) {
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

/**
 * Runs that trackio lists because an artifact link names them, though they logged no metric: links of this project whose
 * name and id the metrics do not know; a link without id counts only if no link with an id has its name. Then the runs of
 * other projects' artifacts (external links) that are unknown by id and by name.
 */
export function linkedRuns(side: Side, logged: { id: string | null; name: string }[], hasIds: boolean, project: string): Run[] {
  const names = new Set(logged.map((run) => run.name))
  const ids = new Set(logged.map((run) => run.id))
  const own = side.links.filter((link) => link.project === null || link.project === project)
  const runs = new Map<string, Run>()
  for (const link of own) {
    if (names.has(link.name)) continue
    if (hasIds && link.id !== null && ids.has(link.id)) continue
    if (hasIds && link.id === null && own.some((other) => other.name === link.name && other.id)) continue
    add(hasIds ? link.id : null, link)
  }
  const listed = [...runs.values()]
  for (const link of side.externalLinks) {
    const id = link.id ?? link.name
    if (names.has(link.name) || ids.has(id) || listed.some((run) => run.id === id || run.name === link.name)) continue
    add(id, link)
  }
  return [...runs.values()]

  function add(id: string | null, link: LinkRow): void {
    const key = id ?? link.name
    const known = runs.get(key)
    if (known) {
      if (link.created < known.createdAt) Object.assign(known, { createdAt: link.created, created: parseTimeText(link.created) })
      return
    }
    const of = sideOf(side, { project: null, id, name: link.name }, hasIds)
    runs.set(key, {
      key,
      id,
      name: link.name,
      status: null,
      slot: 0,
      ...of,
      createdAt: link.created,
      created: parseTimeText(link.created),
      lastTimestamp: '',
      last: Number.NaN,
      rows: 0,
      firstStep: null,
      lastStep: null,
    })
  }
}
