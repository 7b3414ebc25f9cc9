import type { Json, Run } from '../../model/run.ts'
import { parseLoose } from '../columns/json.ts'
import { parseTimeText } from '../columns/time.ts'
import type { RunSide } from './dataset.ts'

/*
 * What stands beside the metrics, whatever the format: configs, and the runs that only an artifact link
 * names. A format fills a Side from its tables; what follows from it is decided here, once.
 */

export interface ConfigRow {
  order: number
  project: string | null
  id: string | null
  name: string | null
  /** Undefined where the row holds no JSON object. */
  config: { [key: string]: Json } | undefined
}

export interface LinkRow {
  id: string | null
  name: string
  /** Canonical project of the run; null where the row does not say. */
  project: string | null
  created: string
}

export interface Side {
  byName: Map<string, ConfigRow[]>
  byId: Map<string, ConfigRow[]>
  configs: number
  links: LinkRow[]
  externalLinks: LinkRow[]
  /** Config rows that are not JSON objects. */
  unreadableConfigs: number
}

export function makeSide(): Side {
  return {
    byName: new Map(),
    byId: new Map(),
    configs: 0,
    links: [],
    externalLinks: [],
    unreadableConfigs: 0,
  }
}

/** Adds a config row; rows come in the order of their table. */
export function addConfig(side: Side, row: Omit<ConfigRow, 'order'>): void {
  if (!row.config) side.unreadableConfigs++
  const entry = { ...row, order: side.configs++ }
  if (entry.name !== null) addTo(side.byName, entry.name, entry)
  if (entry.id !== null) addTo(side.byId, entry.id, entry)
}

function addTo(rows: Map<string, ConfigRow[]>, key: string, row: ConfigRow): void {
  const known = rows.get(key)
  if (known) known.push(row)
  else rows.set(key, [row])
}

/** Takes a config as its JSON text. */
export function takeConfig(
  side: Side,
  row: { project: string | null; id: string | null; name: string | null; text: string | null },
): void {
  const value = parseLoose(row.text ?? '')
  const { project, id, name } = row
  addConfig(side, {
    project,
    id,
    name,
    config: value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined,
  })
}

/**
 * Takes a row of `run_artifact_links`, or of `external_run_artifact_links`; one without a run's name says
 * nothing.
 */
export function takeLink(
  side: Side,
  from: 'own' | 'external',
  row: { id: string | null; name: string | null; project: string | null; created: string | null },
): void {
  const { id, name, project, created } = row
  if (name !== null)
    (from === 'own' ? side.links : side.externalLinks).push({ id, name, project, created: created ?? '' })
}

/**
 * Config of a run. Where the metrics have ids, a row with an id belongs to that id and one without to the
 * name; where they have none, the name decides, whatever id the configs carry (a file that a newer release
 * wrote on). The last row counts.
 */
export function sideOf(
  side: Side,
  run: { project: string | null; id: string | null; name: string },
  hasIds: boolean,
): RunSide {
  let found: ConfigRow | undefined
  for (const row of [
    ...(side.byName.get(run.name) ?? []),
    ...(hasIds && run.id !== null ? (side.byId.get(run.id) ?? []) : []),
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

/**
 * Runs that trackio lists because an artifact link names them, though they logged no metric: links of this
 * project whose name and id the metrics do not know; a link without id counts only if no link with an id has
 * its name. Then the runs of other projects' artifacts (external links) that are unknown by id and by name.
 */
export function linkedRuns(
  side: Side,
  logged: { id: string | null; name: string }[],
  hasIds: boolean,
  project: string,
): Run[] {
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
    if (names.has(link.name) || ids.has(id) || listed.some((run) => run.id === id || run.name === link.name))
      continue
    add(id, link)
  }
  return [...runs.values()]

  function add(id: string | null, link: LinkRow): void {
    const known = runs.get(id ?? link.name)
    if (!known)
      runs.set(id ?? link.name, runWithoutRows(side, { id, name: link.name, created: link.created }, hasIds))
    else if (link.created < known.createdAt)
      Object.assign(known, { createdAt: link.created, created: parseTimeText(link.created) })
  }
}

/**
 * A run that something names though it logged nothing. `created`: a timestamp as stored, '' where there is
 * none.
 */
export function runWithoutRows(
  side: Side,
  run: { id: string | null; name: string; created: string },
  hasIds: boolean,
): Run {
  const { id, name, created } = run
  return {
    key: id ?? name,
    id,
    name,
    status: null,
    slot: 0,
    ...sideOf(side, { project: null, id, name }, hasIds),
    createdAt: created,
    created: parseTimeText(created),
    lastTimestamp: '',
    last: Number.NaN,
    rows: 0,
    firstStep: null,
    lastStep: null,
  }
}
