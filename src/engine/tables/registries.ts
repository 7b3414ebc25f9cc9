import { foldEvents, isSame, type StoredEvent, sourceOf, wholeOf } from '../../compute/registry/fold.ts'
import type { Collection, CollectionLink, Registry } from '../../model/registry.ts'
import type { Json } from '../../model/run.ts'
import type { Notice } from '../../model/source.ts'
import { parseLoose } from '../columns/json.ts'
import { parseTimeText } from '../columns/time.ts'
import type { RowTableName, TableRows } from '../formats/table-rows.ts'

/** The tables of a registry, as far as what it lies in has them. A bucket has events and metadata alone. */
export const REGISTRY_TABLES = [
  'project_metadata',
  'collections',
  'collection_links',
  'collection_aliases',
  'registry_events',
] as const satisfies readonly RowTableName[]
export type RegistryTables = { [name in (typeof REGISTRY_TABLES)[number]]?: TableRows | undefined }

/**
 * A registry as its tables and its events tell of it; undefined where its metadata do not say that it was ever
 * made (a database that an interrupted creation left). What is linked now stands in the tables, what was
 * before in the events alone: where they differ, the tables hold for now, and it is said.
 */
export function decodeRegistry(
  tables: RegistryTables,
  about: Pick<Registry, 'key' | 'name' | 'place' | 'project'>,
): Registry | undefined {
  const metadata = new Map(rowsOf(tables.project_metadata).map(({ key, value }) => [key, value]))
  const createdAt = metadata.get('registry_created_at')
  if (typeof createdAt !== 'string') return undefined
  const notices: Notice[] = Object.values(tables).flatMap((table) => table?.notices ?? [])
  const folded = foldEvents(rowsOf(tables.registry_events).map(storedEvent))
  const refused = folded.events.filter(({ effect }) => effect === 'refused')
  const [first] = refused
  if (first) {
    const count = refused.length === 1 ? '1 event' : `${refused.length.toLocaleString('en')} events`
    notices.push({
      level: 'warn',
      subject: about.name,
      text: `${count} could not be followed and changed nothing here: ${first.uid}: ${first.why}`,
    })
  }
  const timeless = folded.events.filter(({ time }) => !Number.isFinite(time))
  if (timeless[0]) {
    const count = timeless.length === 1 ? 'of 1 event' : `of ${timeless.length.toLocaleString('en')} events`
    notices.push({
      level: 'warn',
      subject: about.name,
      text: `the time ${count} cannot be read, and is taken from the event before: ${timeless[0].uid}: "${timeless[0].ts}"`,
    })
  }
  const stored = storedCollections(tables)
  const collections = stored
    ? stored.map((one) => {
        const told = folded.collections.find(({ name }) => name === one.name)
        return withHistory(one, told, about.name, notices)
      })
    : folded.collections
  const description = metadata.get('registry_description')
  return {
    ...about,
    description: typeof description === 'string' ? description : null,
    createdAt,
    created: parseTimeText(createdAt),
    collections,
    events: folded.events,
    notices,
  }
}

/** An event of a row; what is no JSON object has no payload. */
function storedEvent(cells: Cells): StoredEvent {
  const { event_uid: uid, id, kind, payload } = cells
  const ts = textOf(cells.ts)
  const parsed = typeof payload === 'string' ? parseLoose(payload) : payload
  return {
    uid: textOf(uid) || `row ${textOf(id)}`,
    ts,
    time: parseTimeText(ts),
    kind: textOf(kind),
    payload: isObject(parsed) ? parsed : undefined,
  }
}

/** Undefined where there are no such tables. */
function storedCollections(tables: RegistryTables): Collection[] | undefined {
  if (!tables.collections) return undefined
  const aliases = new Map<string, string[]>()
  for (const { link_id: link, alias } of rowsOf(tables.collection_aliases)) {
    const held = aliases.get(textOf(link)) ?? []
    aliases.set(textOf(link), [...held, textOf(alias)].sort())
  }
  const links = new Map<string, CollectionLink[]>()
  for (const cells of rowsOf(tables.collection_links)) {
    const [source, version] = [sourceOf(cells), wholeOf(cells.collection_version)]
    if (!source || version === undefined) continue
    const createdAt = textOf(cells.created_at)
    const link: CollectionLink = {
      ...{ version, source, createdAt },
      aliases: aliases.get(textOf(cells.id)) ?? [],
      created: parseTimeText(createdAt),
      by: undefined,
    }
    const of = textOf(cells.collection_id)
    links.set(of, [...(links.get(of) ?? []), link])
  }
  return rowsOf(tables.collections)
    .map((cells): Collection => {
      const createdAt = textOf(cells.created_at)
      return {
        name: textOf(cells.name),
        type: textOf(cells.type),
        description: typeof cells.description === 'string' ? cells.description : null,
        createdAt,
        created: parseTimeText(createdAt),
        links: (links.get(textOf(cells.id)) ?? []).sort((a, b) => b.version - a.version),
        holdings: [],
      }
    })
    .sort((a, b) => compare(a.type, b.type) || compare(a.name, b.name))
}

/** What the tables hold, with what the events tell of how it came to be. */
function withHistory(
  now: Collection,
  told: Collection | undefined,
  registry: string,
  notices: Notice[],
): Collection {
  const holdings = (told?.holdings ?? []).map((one) => ({ ...one }))
  const links = now.links.map((link) => ({
    ...link,
    by: told?.links.find((one) => isSame(one.source, link.source))?.by,
  }))
  const odd: string[] = []
  for (const link of links)
    for (const alias of link.aliases) {
      const held = holdings.find((one) => one.alias === alias && one.to === undefined)
      if (held && isSame(held.source, link.source)) continue
      odd.push(`${alias} is v${link.version}`)
      // since when is not told: at the earliest since it was linked, and since the last move that is told
      const linked = Number.isFinite(link.created) ? link.created : Number.NEGATIVE_INFINITY
      const from = Math.max(linked, held?.from ?? Number.NEGATIVE_INFINITY)
      if (held) held.to = from
      holdings.push({
        ...{ alias, version: link.version, source: link.source, from },
        to: undefined,
        event: undefined,
      })
    }
  for (const held of holdings) {
    const isThere = links.some(
      (link) => link.aliases.includes(held.alias) && isSame(link.source, held.source),
    )
    if (held.to !== undefined || isThere) continue
    odd.push(`${held.alias} is nowhere any more`)
    held.to = Math.max(held.from, ...(told?.holdings ?? []).map((one) => one.to ?? one.from))
  }
  if (odd.length > 0)
    notices.push({
      level: 'warn',
      subject: `${registry}/${now.name}`,
      text: `no event tells how it came that ${odd.join(', ')}: from when is taken from when the version was linked`,
    })
  return { ...now, links, holdings }
}

type Cells = { [column: string]: Json }

function rowsOf(table: TableRows | undefined): Cells[] {
  if (!table) return []
  const columns = Object.entries(table.columns)
  return Array.from({ length: table.rows }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row] ?? null])),
  )
}

function textOf(value: Json | undefined): string {
  return value === null || value === undefined
    ? ''
    : typeof value === 'string'
      ? value
      : JSON.stringify(value)
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
