import { describe, expect, test } from 'vitest'
import type { TableRows } from '../../../src/engine/formats/table-rows.ts'
import { decodeRegistry, type RegistryTables } from '../../../src/engine/tables/registries.ts'

type Row = Record<string, string | null>

function table(rows: Row[]): TableRows {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return {
    rows: rows.length,
    columns: Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name] ?? null)])),
    notices: [],
  }
}

const ABOUT = { key: 'k', name: 'models', place: 'registry-models.db', project: 'p' }
const METADATA = table([{ key: 'registry_created_at', value: '2026-01-01T00:00:00+00:00' }])
const day = (n: number): string => `2026-01-0${n}T00:00:00+00:00`
const event = (n: number, kind: string, payload: object): Row => ({
  ...{ id: String(n), event_uid: `20260101T00000000000${n}-aaaaaaaa-00000${n}`, ts: day(n), kind },
  payload: JSON.stringify(payload),
})
const of = (version: number) => ({ source_project: 'p', source_artifact: 'm', source_version: version })
const CREATED = event(1, 'create', { collection: 'c', type: 'model', description: null })
const collection: Row = { id: '1', name: 'c', type: 'model', description: null, created_at: day(1) }
const link = (id: number, version: number): Row => ({
  ...{ id: String(id), collection_id: '1', collection_version: String(version), source_project: 'p' },
  ...{ source_artifact: 'm', source_version: String(version), created_at: day(2 + version) },
})

function decode(tables: RegistryTables) {
  const found = decodeRegistry({ project_metadata: METADATA, ...tables }, ABOUT)
  if (!found) throw new Error('no registry')
  return found
}

test('what its metadata do not call a registry is none', () => {
  expect(decodeRegistry({ registry_events: table([CREATED]) }, ABOUT)).toBeUndefined()
  expect(decodeRegistry({ project_metadata: table([]) }, ABOUT)).toBeUndefined()
})

describe('events that cannot be followed', () => {
  test('are told with the reason, and the others go on', () => {
    const { events, collections, notices } = decode({
      registry_events: table([
        CREATED,
        event(2, 'teleport', { collection: 'c' }),
        { ...event(3, 'link', {}), payload: 'not json' },
        event(4, 'link', { collection: 'nobody', ...of(0) }),
        event(5, 'promote', { collection: 'c', alias: 'x', ...of(7) }),
        event(6, 'link', { collection: 'c', ...of(0) }),
        event(7, 'promote', { collection: 'c', alias: 'v3', ...of(0) }),
        event(8, 'promote', { collection: 'c', alias: 'production', ...of(0) }),
      ]),
    })
    expect(events.map(({ effect, why }) => why ?? effect)).toEqual([
      'done',
      'unknown kind "teleport"',
      'its payload is no JSON object',
      'no collection is called "nobody"',
      'the version is not linked here',
      'done',
      '"v3" is kept for versions and can be no alias',
      'done',
    ])
    expect(collections[0]?.links[0]?.aliases).toEqual(['latest', 'production'])
    expect(notices).toHaveLength(1)
    expect(notices[0]?.text).toMatch(/^5 events could not be followed .*unknown kind "teleport"$/)
  })
})

test('an event without a time is told, and what it moved stays moved', () => {
  const { collections, notices } = decode({
    registry_events: table([
      CREATED,
      event(2, 'link', { collection: 'c', ...of(0) }),
      { ...event(3, 'promote', { collection: 'c', alias: 'production', ...of(0) }), ts: 'yesterday' },
    ]),
  })
  expect(collections[0]?.holdings.map(({ alias, from }) => [alias, from])).toEqual([
    ['latest', Date.parse(day(2))],
    ['production', Date.parse(day(2))],
  ])
  expect(notices.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^the time of 1 event cannot be read, .*: "yesterday"$/),
  ])
})

describe('a database without all of its events', () => {
  const tables = {
    collections: table([collection]),
    collection_links: table([link(1, 0), link(2, 1)]),
    collection_aliases: table([
      { collection_id: '1', alias: 'latest', link_id: '2' },
      { collection_id: '1', alias: 'production', link_id: '1' },
    ]),
  }
  test('has the aliases of its tables, from when their versions were linked, and says so', () => {
    const { collections, notices } = decode(tables)
    expect(
      collections[0]?.holdings.map(({ alias, version, from, to, event }) => ({
        alias,
        version,
        from,
        to,
        event,
      })),
    ).toEqual([
      { alias: 'latest', version: 1, from: Date.parse(day(3)), to: undefined, event: undefined },
      { alias: 'production', version: 0, from: Date.parse(day(2)), to: undefined, event: undefined },
    ])
    expect(notices.map(({ subject, text }) => `${subject}: ${text}`)).toEqual([
      'models/c: no event tells how it came that latest is v1, production is v0: from when is taken from when the version was linked',
    ])
  })
  test('goes on from what the events tell', () => {
    const events = [
      CREATED,
      event(2, 'link', { collection: 'c', ...of(0) }),
      event(3, 'link', { collection: 'c', ...of(1) }),
    ]
    const { collections, notices } = decode({
      ...tables,
      registry_events: table([
        ...events,
        event(4, 'promote', { collection: 'c', alias: 'production', ...of(1) }),
      ]),
    })
    expect(collections[0]?.holdings.filter(({ alias }) => alias === 'production')).toMatchObject([
      { version: 1, from: Date.parse(day(4)), to: Date.parse(day(4)), event: 3 },
      { version: 0, from: Date.parse(day(4)), to: undefined, event: undefined },
    ])
    expect(notices[0]?.text).toMatch(/production is v0/)
  })
  test('says nothing where tables and events agree', () => {
    const { notices, collections } = decode({
      ...tables,
      registry_events: table([
        CREATED,
        event(2, 'link', { collection: 'c', ...of(0), run_name: 'r', run_id: 'i' }),
        event(3, 'promote', { collection: 'c', alias: 'production', ...of(0) }),
        event(4, 'link', { collection: 'c', ...of(1) }),
      ]),
    })
    expect(notices).toEqual([])
    expect(collections[0]?.links.map(({ version, by }) => [version, by?.name])).toEqual([
      [1, undefined],
      [0, 'r'],
    ])
  })
})
