import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { foldEvents, type StoredEvent } from '../../src/compute/registry/fold.ts'
import { createEngine } from '../../src/engine/api.ts'
import { parseTimeText } from '../../src/engine/columns/time.ts'
import type { Collection, Registry } from '../../src/model/registry.ts'
import { filesOf } from './golden-fixtures.ts'

/*
 * Registries of test/fixtures, and logs that two writers wrote at random, beside what trackio's own reducer
 * makes of their events (test/make/registries.py).
 */

interface Golden {
  collections: {
    name: string
    type: string
    description: string | null
    created_at: string
    links: {
      collection_version: number
      source_project: string
      source_artifact: string
      source_version: number
      source_space_id: string | null
      aliases: string[]
      created_at: string
    }[]
  }[]
  events: { event_uid: string; ts: string; kind: string; payload: { [key: string]: unknown } }[]
  /** After each event: by collection, the version that each alias names. */
  after: Record<string, Record<string, number>>[]
}

const GOLDEN: Record<string, Golden> = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'registries.json'), 'utf8'),
)

function listed(collections: readonly Collection[]): Golden['collections'] {
  return collections.map(({ name, type, description, createdAt, links }) => ({
    ...{ name, type, description, created_at: createdAt },
    links: links.map(({ version, source, aliases, createdAt }) => ({
      collection_version: version,
      source_project: source.project,
      source_artifact: source.artifact,
      source_version: source.version,
      source_space_id: source.space,
      aliases,
      created_at: createdAt,
    })),
  }))
}

function wanted({ collections }: Golden): Golden['collections'] {
  return collections.map(({ name, type, description, created_at, links }) => ({
    ...{ name, type, description, created_at },
    links: links.map((link) => ({
      collection_version: link.collection_version,
      source_project: link.source_project,
      source_artifact: link.source_artifact,
      source_version: link.source_version,
      source_space_id: link.source_space_id,
      aliases: link.aliases,
      created_at: link.created_at,
    })),
  }))
}

/** Who held what after the event at a place, told by the holdings alone. */
function heldAfter(collections: readonly Collection[], place: number): Golden['after'][number] {
  return Object.fromEntries(
    collections.map(({ name, holdings }) => [
      name,
      Object.fromEntries(
        holdings
          .filter(({ event, endedBy }) => (event ?? 0) <= place && (endedBy === undefined || endedBy > place))
          .map(({ alias, version }) => [alias, version]),
      ),
    ]),
  )
}

function expectHistory(collections: readonly Collection[], { after }: Golden): void {
  after.forEach((state, place) => {
    // collections that are made later hold nothing yet
    const found = heldAfter(collections, place)
    for (const [name, aliases] of Object.entries(state))
      expect(found[name], `${place} ${name}`).toEqual(aliases)
  })
}

describe.each(Object.keys(GOLDEN).filter((name) => name.startsWith('by chance')))('a log %s', (name) => {
  const golden = GOLDEN[name] as Golden
  const events = golden.events.map(
    ({ event_uid, ts, kind, payload }): StoredEvent => ({
      ...{ uid: event_uid, ts, kind, payload },
      time: parseTimeText(ts),
    }),
  )
  test('is folded as trackio folds it, after each of its events', () => {
    const { collections, events: found } = foldEvents(events)
    expect(listed(collections)).toEqual(wanted(golden))
    expectHistory(collections, golden)
    expect(found.filter(({ effect }) => effect === 'refused')).toEqual([])
    expect(golden.events.length).toBeGreaterThan(60)
  })
})

describe.each(Object.keys(GOLDEN).filter((name) => name.includes('/')))('%s', (path) => {
  test('is read as trackio lists it, with who held each alias after each event', async () => {
    const golden = GOLDEN[path] as Golden
    const folder = path.slice(0, path.indexOf('/'))
    const engine = createEngine()
    const source = await engine.open({
      ...{
        kind: 'files',
        name: 'drop',
        files: filesOf(folder, /\.db(\.gz)?$|registries.*\.json$/),
        live: false,
      },
    })
    const { registries, notices } = await engine.ask('registries', { project: source.projects[0]?.id ?? '' })
    expect(notices).toEqual([])
    const file = path.replace(/^.*?\/data\//, '').replace(/\.gz$/, '')
    const found = registries.find(({ place }) => place === file) as Registry
    expect(found.notices).toEqual([])
    expect(listed(found.collections)).toEqual(wanted(golden))
    expect(found.events.map(({ uid, kind, ts }) => [uid, kind, ts])).toEqual(
      golden.events.map(({ event_uid, kind, ts }) => [event_uid, kind, ts]),
    )
    expectHistory(found.collections, golden)
    // what is told of the runs that linked is what the events say
    for (const [i, { by }] of found.events.entries())
      expect(by?.name || null).toBe(golden.events[i]?.payload.run_name || null)
    expect(source.projects.map(({ name }) => name)).toContain(`registry-${found.name}`)
  })
})
