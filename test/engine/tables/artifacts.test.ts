import { describe, expect, test } from 'vitest'
import { manifestDigest } from '../../../src/compute/manifest-digest.ts'
import type { TableRows } from '../../../src/engine/formats/table-rows.ts'
import { type ArtifactTables, artifactsOf } from '../../../src/engine/tables/artifacts.ts'
import { parseManifest } from '../../../src/engine/tables/manifest.ts'

type Row = Record<string, string | null>

function table(rows: Row[]): TableRows {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return {
    rows: rows.length,
    columns: Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name] ?? null)])),
    notices: [],
  }
}

const RUNS = [
  { key: 'a1', id: 'a1', name: 'train' },
  { key: 'b1', id: 'b1', name: 'twice' },
  { key: 'b2', id: 'b2', name: 'twice' },
]
const file = (path: string, digest = 'a'.repeat(64)) => ({ path, digest, size: 5 })
const version = (row: Row): Row => ({
  ...{ artifact_id: '1', version: '0', manifest_digest: 'd', manifest: JSON.stringify([file('x')]) },
  ...{ size_bytes: '5', metadata: null, created_at: '2026-01-01T00:00:00+00:00' },
  ...row,
})
const link = (row: Row): Row => ({
  ...{ run_id: null, run_name: 'train', artifact_version_id: '1', direction: 'input', created_at: '' },
  ...row,
})

function artifacts(tables: ArtifactTables, { runs = RUNS, hasIds = true } = {}) {
  const one = table([{ id: '1', name: 'model', type: 'model', created_at: '' }])
  const versions = table([version({ id: '1' })])
  const project = { id: 'p', name: 'my project', without: undefined }
  return artifactsOf({ artifacts: one, artifact_versions: versions, ...tables }, { project, runs, hasIds })
}

describe('runs of links', () => {
  const found = async (row: Row, options?: Parameters<typeof artifacts>[1]) =>
    (await artifacts({ run_artifact_links: table([link(row)]) }, options)).links[0]

  test('are found by an id that is known, else by the name that one run alone has', async () => {
    expect(await found({ run_id: 'b2', run_name: 'renamed' })).toMatchObject({ run: 'b2', name: 'twice' })
    expect(await found({ run_id: 'gone' })).toMatchObject({ run: 'a1', name: 'train' })
    expect(await found({})).toMatchObject({ run: 'a1' })
    expect(await found({ run_id: 'gone', run_name: 'twice' })).toMatchObject({
      run: undefined,
      name: 'twice',
    })
  })
  test('are found by name alone where the metrics have no ids', async () => {
    const runs = [{ key: 'train', id: null, name: 'train' }]
    expect(await found({ run_id: 'x' }, { runs, hasIds: false } as never)).toMatchObject({ run: 'train' })
  })
  test('of another project are never those of this one, whatever they are called', async () => {
    expect(await found({ run_id: 'a1', run_project: 'other' })).toMatchObject({
      ...{ run: undefined, name: 'train', project: 'other' },
    })
    expect(await found({ run_id: 'a1', run_project: 'myproject' })).toMatchObject({
      ...{ run: 'a1', project: undefined },
    })
    // a static export that was opened under another name than its own
    const id = '0123456789abcdef0123456789abcdef'
    const runs = [{ key: id, id, name: 'train' }]
    expect(await found({ run_id: id, run_project: 'other' }, { runs })).toMatchObject({
      ...{ run: id, project: undefined },
    })
  })
  test('count once for a version and direction, and the first use is told', async () => {
    const rows = ['2026-02-01', '2026-01-01', '2026-03-01'].map((created_at) => link({ created_at }))
    const { links } = await artifacts({
      run_artifact_links: table([...rows, link({ direction: 'output', created_at: '2026-01-02' })]),
    })
    expect(links.map(({ direction, createdAt }) => [direction, createdAt])).toEqual([
      ['input', '2026-01-01'],
      ['output', '2026-01-02'],
    ])
  })
})

describe('damage', () => {
  test('of rows that refer to nothing is told with examples, and the rest is shown', async () => {
    const { artifacts: all, notices } = await artifacts({
      artifact_versions: table([
        version({ id: '1' }),
        version({ id: '2', artifact_id: '9' }),
        version({ id: '3', version: '1', manifest: 'nothing' }),
        version({ id: '4', version: '2', manifest: '[{"path":"a"},{"path":"b","digest":"d","size":1}]' }),
        version({ id: null, version: '3', manifest: null }),
      ]),
      artifact_aliases: table([{ alias: 'latest', artifact_version_id: '8' }]),
      run_artifact_links: table([
        link({ artifact_version_id: '7' }),
        link({ direction: 'sideways' }),
        link({ run_name: null }),
      ]),
    })
    expect(all[0]?.versions.map(({ version, files, unreadable }) => [version, files, unreadable])).toEqual([
      [3, 0, 'its manifest is missing'],
      [2, 1, undefined],
      [1, 0, 'its manifest is no JSON: nothing'],
      [0, 1, undefined],
    ])
    expect(notices.map(({ level, text }) => `${level} ${text}`)).toEqual([
      'warn 1 × version of an artifact that is not there: id 2',
      'warn 2 × manifest that cannot be read: model:v1, its manifest is no JSON: nothing; model:v3, its manifest is missing',
      'warn 1 × manifest with an entry that cannot be read: model:v2, entry 1 (a) has no digest',
      'warn 1 × alias of a version that is not there: latest, version id 8',
      'info 1 × link to a version that is not there: version id 7',
      'warn 1 × link that is neither input nor output: sideways',
      'warn 1 × link without a run: version id 1',
    ])
  })
  test('of metadata is the text that is stored', async () => {
    const stored = ['{"acc":NaN}', '{broken', null, '[1]']
    const { artifacts: all } = await artifacts({
      artifact_versions: table(
        stored.map((metadata, n) => version({ id: `${n}`, version: `${n}`, metadata })),
      ),
    })
    expect(all[0]?.versions.map(({ metadata }) => metadata).reverse()).toEqual([
      { acc: 'NaN' },
      '{broken',
      null,
      [1],
    ])
  })
})

test('versions have their aliases sorted, and come highest first whatever their gaps', async () => {
  const { artifacts: all } = await artifacts({
    artifact_versions: table([version({ id: '5', version: '2' }), version({ id: '6', version: '10' })]),
    artifact_aliases: table(['prod', 'best', 'latest'].map((alias) => ({ alias, artifact_version_id: '6' }))),
  })
  expect(all[0]?.versions.map(({ version, aliases }) => [version, aliases])).toEqual([
    [10, ['best', 'latest', 'prod']],
    [2, []],
  ])
})

describe('a manifest', () => {
  test('of nine sorts of entries gives those that can be taken, and says what is wrong with others', () => {
    const text = JSON.stringify([
      file('ok'),
      { ...file('ref'), ref: 's3://b/k', size: 0 },
      'text',
      null,
      { digest: 'd', size: 1 },
      { ...file('odd'), ref: 5 },
      { path: 'none', size: 1 },
      { ...file('minus'), size: -1 },
      { ...file('text size'), size: '5' },
    ])
    const read = parseManifest(text)
    if (typeof read === 'string') throw new Error(read)
    expect(read.entries.map(({ path, ref }) => [path, ref])).toEqual([
      ['ok', null],
      ['ref', 's3://b/k'],
    ])
    expect(read.bad).toEqual([
      'entry 3 is no object: "text"',
      'entry 4 is no object: null',
      'entry 5 has no path: {"digest":"d","size":1}',
      'entry 6 (odd) has a reference that is no text: 5',
      'entry 7 (none) has no digest',
      'entry 8 (minus) has no size: -1',
      'entry 9 (text size) has no size: "5"',
    ])
    expect(parseManifest('{"path":"x"}')).toBe('its manifest is no list: {"path":"x"}')
  })
  test('has the same digest in whatever order its entries stand', () => {
    const entries = ['b', '\u{1F600}', '\uE000', 'a/é'].map((path) => ({
      ...{ path, digest: 'd', size: 1 },
    }))
    // hashlib.sha256(json.dumps(sorted by path, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    const digest = '33937a1463bf7e8c7735311624c713315526382bec16277690af30dcbe4436ad'
    expect(manifestDigest(entries)).toBe(digest)
    expect(manifestDigest([...entries].reverse())).toBe(digest)
  })
})
