import type {
  AliasMove,
  Collection,
  CollectionLink,
  Holding,
  LinkSource,
  RegistryEvent,
  RegistryRun,
} from '../../model/registry.ts'

/** An event as it is stored. */
export interface StoredEvent {
  uid: string
  ts: string
  /** ms since 1970. */
  time: number
  kind: string
  /** Undefined where what is stored is no JSON object. */
  payload: { [key: string]: unknown } | undefined
}

export interface FoldedRegistry {
  collections: Collection[]
  events: RegistryEvent[]
}

interface Open {
  collection: Collection
  next: number
  aliases: Map<string, Holding>
}

/** Where an event stands among the others, and when it is taken to have happened. */
interface Place {
  at: number
  time: number
}

/** Pointers to versions have this form, so no alias may. */
const VERSION = /^v\d+$/

/**
 * The state of a registry out of its events, in their order, by trackio's own rules (`registry_storage.py`):
 * versions are given by the fold, never by who wrote them, and none is given twice; `latest` follows what is
 * linked. Where trackio gives up (a kind that it does not know, a collection that nobody made) the event is
 * refused and said, and the rest goes on.
 */
export function foldEvents(stored: readonly StoredEvent[]): FoldedRegistry {
  const open = new Map<string, Open>()
  const events: RegistryEvent[] = []
  const times = timesOf(stored)
  for (const { uid, ts, time, kind, payload } of stored) {
    const event: RegistryEvent = {
      ...{ uid, ts, time, kind },
      collection: textOf(payload?.collection),
      by: runOf(payload),
      version: undefined,
      source: payload && sourceOf(payload),
      moves: [],
      effect: 'done',
    }
    const at = events.push(event) - 1
    const place = { at, time: times[at] as number }
    const why = payload ? apply(event, payload, place) : 'its payload is no JSON object'
    if (why === undefined) continue
    event.effect = 'refused'
    event.why = why
  }
  const collections = [...open.values()].map(({ collection }) => collection)
  for (const { links } of collections) links.sort((a, b) => b.version - a.version)
  return { collections: collections.sort(byTypeAndName), events }

  /** Answers with why it is refused. */
  function apply(
    event: RegistryEvent,
    payload: { [key: string]: unknown },
    place: Place,
  ): string | undefined {
    const { kind, collection: name } = event
    if (kind === 'create') {
      if (name === undefined) return 'collection' in payload ? 'it names no collection' : undefined
      return create(event, payload, name)
    }
    if (!['update', 'link', 'promote', 'unlink'].includes(kind)) return `unknown kind "${kind}"`
    const one = open.get(name ?? '')
    if (!one) return kind === 'update' ? nothing(event) : `no collection is called "${name ?? ''}"`
    switch (kind) {
      case 'update':
        one.collection.description = textOf(payload.description) ?? null
        return undefined
      case 'link':
        return link(one, event, payload, place)
      case 'promote':
        return promote(one, event, payload, place)
      default:
        return unlink(one, event, payload, place)
    }
  }

  function create(
    event: RegistryEvent,
    payload: { [key: string]: unknown },
    name: string,
  ): string | undefined {
    if (open.has(name)) return nothing(event)
    const collection: Collection = {
      name,
      type: textOf(payload.type) ?? '',
      description: textOf(payload.description) ?? null,
      createdAt: event.ts,
      created: event.time,
      links: [],
      holdings: [],
    }
    open.set(name, { collection, next: 0, aliases: new Map() })
    return undefined
  }

  function link(
    one: Open,
    event: RegistryEvent,
    payload: { [key: string]: unknown },
    place: Place,
  ): string | undefined {
    const { source } = event
    if (!source) return 'it names no version of an artifact'
    const known = find(one, payload, source)
    if (known) {
      event.version = known.version
      return nothing(event)
    }
    const asked = wholeOf(payload.collection_version)
    const version = asked !== undefined && asked >= one.next ? asked : one.next
    one.next = version + 1
    one.collection.links.push({
      ...{ version, source, aliases: [], by: event.by },
      createdAt: event.ts,
      created: event.time,
    })
    event.version = version
    move(one, event, place, 'latest', version)
    return undefined
  }

  function promote(
    one: Open,
    event: RegistryEvent,
    payload: { [key: string]: unknown },
    place: Place,
  ): string | undefined {
    const alias = textOf(payload.alias)
    if (alias === undefined || alias === '') return 'it names no alias'
    const known = find(one, payload, event.source)
    if (!known) return 'the version is not linked here'
    event.version = known.version
    event.source = known.source
    if (VERSION.test(alias)) return `"${alias}" is kept for versions and can be no alias`
    if (one.aliases.get(alias)?.version === known.version) {
      event.moves.push({ alias, from: known.version, to: known.version })
      return nothing(event)
    }
    move(one, event, place, alias, known.version)
    return undefined
  }

  function unlink(
    one: Open,
    event: RegistryEvent,
    payload: { [key: string]: unknown },
    place: Place,
  ): string | undefined {
    const known = find(one, payload, event.source)
    if (!known) return nothing(event)
    event.version = known.version
    event.source = known.source
    const { links } = one.collection
    links.splice(links.indexOf(known), 1)
    const held = [...one.aliases.values()].filter(({ version }) => version === known.version)
    const highest = links.reduce<CollectionLink | undefined>(
      (best, other) => (best === undefined || other.version > best.version ? other : best),
      undefined,
    )
    for (const { alias } of held.sort((a, b) => (a.alias < b.alias ? -1 : 1)))
      move(one, event, place, alias, alias === 'latest' ? highest?.version : undefined)
    return undefined
  }
}

/**
 * When events happened. One whose time cannot be read happened with the one before it, or the one after it where
 * there is none before; where no time can be read, before everything.
 */
function timesOf(stored: readonly StoredEvent[]): number[] {
  let last = stored.find(({ time }) => Number.isFinite(time))?.time ?? Number.NEGATIVE_INFINITY
  return stored.map(({ time }) => {
    if (Number.isFinite(time)) last = time
    return last
  })
}

/** Things were so already. */
function nothing(event: RegistryEvent): undefined {
  event.effect = 'nothing'
}

function move(
  one: Open,
  event: RegistryEvent,
  { at, time }: Place,
  alias: string,
  to: number | undefined,
): void {
  const { links, holdings } = one.collection
  const held = one.aliases.get(alias)
  const done: AliasMove = { alias, from: held?.version, to }
  event.moves.push(done)
  if (held) {
    held.to = time
    held.endedBy = at
    for (const link of links)
      if (link.version === held.version) link.aliases = link.aliases.filter((one) => one !== alias)
    one.aliases.delete(alias)
  }
  const link = links.find(({ version }) => version === to)
  if (!link) return
  link.aliases = [...link.aliases, alias].sort()
  const holding: Holding = {
    ...{ alias, version: link.version, source: link.source, from: time },
    to: undefined,
    event: at,
  }
  holdings.push(holding)
  one.aliases.set(alias, holding)
}

/** By its source where an event names one: a version may be another than its writer took it for. */
function find(
  { collection }: Open,
  payload: { [key: string]: unknown },
  source: LinkSource | undefined,
): CollectionLink | undefined {
  if (source) return collection.links.find((link) => isSame(link.source, source))
  const version = wholeOf(payload.collection_version)
  return collection.links.find((link) => link.version === version)
}

/** Where it is stored is not what it is. */
export function isSame(a: LinkSource, b: LinkSource): boolean {
  return a.project === b.project && a.artifact === b.artifact && a.version === b.version
}

export function sourceOf(cells: { [key: string]: unknown }): LinkSource | undefined {
  const [project, artifact] = [textOf(cells.source_project), textOf(cells.source_artifact)]
  const version = wholeOf(cells.source_version)
  if (project === undefined || artifact === undefined || version === undefined) return undefined
  return {
    ...{ project, artifact, version },
    space: textOf(cells.source_space_id) ?? null,
    bucket: textOf(cells.source_bucket_id) ?? null,
    server: textOf(cells.source_server_base_url) ?? null,
  }
}

function runOf(payload: { [key: string]: unknown } | undefined): RegistryRun | undefined {
  const [id, name] = [textOf(payload?.run_id), textOf(payload?.run_name)]
  return id === undefined && name === undefined ? undefined : { id: id ?? null, name: name ?? '' }
}

function byTypeAndName(a: Collection, b: Collection): number {
  return a.type < b.type ? -1 : a.type > b.type ? 1 : a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** trackio takes what Python's int() takes. */
export function wholeOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? Math.trunc(number) : undefined
}
