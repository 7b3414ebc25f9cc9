import { expect, test } from 'vitest'
import { makeLibrary } from '../../../src/engine/connectors/saved.ts'
import type { ParquetFiles } from '../../../src/engine/formats/parquet/parquet-files.ts'
import type { ProjectFiles } from '../../../src/engine/formats/project-files.ts'
import { openDataset } from '../../../src/engine/formats/registry.ts'
import { serverFiles } from '../../../src/engine/formats/trackio-server/server-files.ts'
import type { KeptProject } from '../../../src/model/library.ts'
import type { NamedFile } from '../../../src/model/source.ts'
import { filesTree } from '../../../src/storage/files/files-tree.ts'
import type { Tree } from '../../../src/storage/tree.ts'
import { memoryStore } from '../../storage/memory-files.ts'
import { unitOf } from '../exports/sources.ts'
import { filesOf, namedFile } from '../golden-fixtures.ts'

const from = 'a folder'

function fixture(
  folder: string,
  path: string,
): { tree: Tree; files: ProjectFiles; project: string; from: string } {
  const files = filesOf(folder)
  return { tree: filesTree(files), files: unitOf(files, path), project: path.replace(/\.db$/, ''), from }
}

const small = (): ReturnType<typeof fixture> => fixture('wal-0.43.0', 'walproject.db')

async function rowsOf(
  library: ReturnType<typeof makeLibrary>,
  name: string,
): Promise<Record<string, number>> {
  const { tree, files: projectFiles } = await library.open(name)
  const file = await openDataset(projectFiles, tree, {})
  await file.read(() => {})
  return Object.fromEntries(
    file.projects.flatMap(({ reader }) => reader.runs().map((run) => [run.name, run.rows])),
  )
}

test('a kept database is one complete file, the rows of its log included', async () => {
  const store = memoryStore()
  const library = makeLibrary(store)
  const progress: number[] = []
  const kept = await library.keep(small(), { onProgress: (bytes, total) => progress.push(bytes / total) })
  expect(kept).toMatchObject({ name: 'walproject', project: 'walproject', from, form: 'database', files: 0 })
  expect(progress.at(-1)).toBe(1)
  expect([...store.files.keys()].filter((path) => path.endsWith('-wal'))).toEqual([])
  const [, db] = [...store.files].find(([path]) => path.endsWith('.db')) ?? []
  expect([...(db ?? []).slice(18, 20)]).toEqual([1, 1])
  expect(kept.bytes).toBe(db?.length)

  const files = filesOf('wal-0.43.0')
  const original = await openDataset(unitOf(files, 'walproject.db'), filesTree(files), {})
  await original.read(() => {})
  const rows = Object.fromEntries(
    original.projects.flatMap(({ reader }) => reader.runs().map((run) => [run.name, run.rows])),
  )
  expect(await rowsOf(library, 'walproject')).toEqual(rows)
})

test('a name that is taken gets a number, and what is there stays as it is', async () => {
  const store = memoryStore()
  const library = makeLibrary(store)
  await library.keep(small())
  const before = new Map(store.files)
  await library.keep(small())
  await library.keep(small(), { name: 'walproject' })
  expect(names(await library.list())).toEqual(['walproject', 'walproject (2)', 'walproject (3)'])
  for (const [path, bytes] of before) expect(store.files.get(path)).toBe(bytes)
  // inside, the project is called as ever
  expect((await library.open('walproject (2)')).files.path).toBe('walproject.db')
})

test('two tabs that keep the same project at once get two names', async () => {
  const store = memoryStore()
  await Promise.all([makeLibrary(store).keep(small()), makeLibrary(store).keep(small())])
  expect(names(await makeLibrary(store).list())).toEqual(['walproject', 'walproject (2)'])
})

test('a project is renamed and removed; a name of another one is refused', async () => {
  const store = memoryStore()
  const library = makeLibrary(store)
  await library.keep(small())
  await library.keep(small(), { name: 'other' })
  expect(await library.rename('walproject', '  before the change ')).toMatchObject({
    name: 'before the change',
    from,
  })
  await expect(library.rename('other', 'before the change')).rejects.toMatchObject({
    name: 'TrackioError',
    subject: 'before the change',
  })
  await expect(library.rename('other', '  ')).rejects.toMatchObject({ message: 'the new name is empty' })
  expect(names(await library.list())).toEqual(['before the change', 'other'])
  expect(Object.keys(await rowsOf(library, 'before the change')).length).toBeGreaterThan(0)

  await library.remove('before the change')
  expect(names(await library.list())).toEqual(['other'])
  expect(
    [...store.files.keys()].every((path) =>
      path.startsWith([...store.files.keys()][0]?.split('/')[0] ?? '-'),
    ),
  ).toBe(true)
  await expect(library.open('before the change')).rejects.toMatchObject({
    name: 'TrackioError',
    subject: 'before the change',
  })
})

test('without room nothing is lost and nothing is left behind, whether the browser said so or not', async () => {
  for (const honest of [true, false]) {
    const store = memoryStore()
    const library = makeLibrary(store)
    await library.keep(small())
    const before = new Map(store.files)
    store.quota = (await store.room()).used + 100_000
    if (!honest) store.promised = 1 << 30
    await expect(library.keep(fixture('v0.43.0', 'demoprojectv4ö.db'))).rejects.toThrow(
      /no room in this browser: .* needed, 100 kB of .* free/,
    )
    expect(store.files).toEqual(before)
    expect((await store.room()).used).toBe(store.quota - 100_000)
    expect(names(await library.list())).toEqual(['walproject'])
  }
})

test('an aborted copy leaves nothing behind', async () => {
  const store = memoryStore()
  const abort = new AbortController()
  const library = makeLibrary(store)
  const keeping = library.keep(fixture('v0.43.0', 'demoprojectv4ö.db'), {
    signal: abort.signal,
    onProgress: () => abort.abort(),
  })
  await expect(keeping).rejects.toMatchObject({ name: 'AbortError' })
  expect(store.files.size).toBe(0)
  expect(await library.list()).toEqual([])
})

test('what a killed tab left is not listed, and cleared away once nobody writes', async () => {
  const store = memoryStore()
  store.files.set('half-12345678/half.db', new Uint8Array(5000))
  store.leave('other-12345678/other.db.partial', 5000)
  await makeLibrary(store).keep(small())
  await store.locked(
    'keep',
    async () => expect(names(await makeLibrary(store).list())).toEqual(['walproject']),
    'shared',
  )
  expect(store.files.has('half-12345678/half.db')).toBe(true)
  expect(names(await makeLibrary(store).list())).toEqual(['walproject'])
  expect((await store.room()).used).toBe(
    [...store.files].reduce(
      (sum, [path, { length }]) => sum + (path.startsWith('walproject-') ? length : 1e9),
      0,
    ),
  )
})

test('a note that cannot be read hides no project', async () => {
  const store = memoryStore()
  const library = makeLibrary(store)
  await library.keep(small())
  const note = [...store.files.keys()].find((path) => path.endsWith('kept.json')) ?? ''
  store.files.set(note, new TextEncoder().encode('{"name": "walp'))
  expect(await library.list()).toMatchObject([
    { name: 'walproject', project: 'walproject', kept: Number.NaN },
  ])
  expect(Object.keys(await rowsOf(library, 'walproject')).length).toBeGreaterThan(0)
})

test("media, artifacts and fragments come along where they are the project's own", async () => {
  const text = (path: string, body: string): NamedFile => namedFile(`trackio/${path}`, body)
  const files = [
    ...filesOf('bucket-0.43.0'),
    text('media/liveprojecté/run 1/3/a.png', 'mine'),
    text('media/live project.é/run/0/old.png', 'mine, in the raw name of old'),
    text('media/other/run/3/b.png', 'of another'),
    text('artifacts/liveprojecté/blobs/sha256/17/17ab', 'blob'),
    text('artifacts/liveprojecté/blobs/sha256/17/17ab.partial.9', 'half a blob'),
    text(
      'inbox/w/00000000.jsonl',
      '{"v":1,"kind":"metric","project":"live project.é"}\n{"v":1,"kind":"metric","project":"other"}\n{"cut',
    ),
  ]
  const tree = filesTree(files)
  const entry = async (path: string) => (await tree.find(path)) ?? { path, size: 0, stamp: '' }
  const database = unitOf(files, 'trackio/liveprojecté.db')
  const projectFiles = {
    ...database,
    media: 'trackio/media/',
    inbox: [await entry('trackio/inbox/w/00000000.jsonl')],
  }
  const store = memoryStore()
  const library = makeLibrary(store)
  const kept = await library.keep({ tree, files: projectFiles, project: 'liveprojecté', from })
  expect(kept.files).toBe(3)
  const paths = [...store.files.keys()].map((path) => path.slice(path.indexOf('/') + 1)).sort()
  expect(paths).toEqual([
    'artifacts/liveprojecté/blobs/sha256/17/17ab',
    'inbox/w/00000000.jsonl',
    'kept.json',
    'liveprojecté.db',
    'media/live project.é/run/0/old.png',
    'media/liveprojecté/run 1/3/a.png',
  ])
  const opened = await library.open('liveprojecté')
  expect(await (await opened.tree.blob('inbox/w/00000000.jsonl')).text()).toBe(
    '{"v":1,"kind":"metric","project":"live project.é"}\n',
  )
  expect(opened.files).toMatchObject({
    format: 'database',
    media: 'media/',
    inbox: [{ path: 'inbox/w/00000000.jsonl' }],
  })
})

test('a Parquet export is kept as it is', async () => {
  const names = [
    'metrics.parquet',
    'aux/configs.parquet',
    'aux/alerts.parquet',
    'runs.json',
    'settings.json',
    'media/run/0/a.png',
  ]
  const tree = filesTree(names.map((path) => namedFile(`x/${path}`, `content of ${path}`)))
  const entry = (path: string) => ({ path: `x/${path}`, size: 10, stamp: '' })
  const projectFiles: ParquetFiles = {
    format: 'parquet',
    path: 'x/metrics.parquet',
    project: 'my project',
    tables: {
      metrics: entry('metrics.parquet'),
      configs: entry('aux/configs.parquet'),
      alerts: entry('aux/alerts.parquet'),
    },
    runs: entry('runs.json'),
    media: 'x/media/',
    strip: ['my project/', 'myproject/'],
  }
  const library = makeLibrary(memoryStore())
  const kept = await library.keep({ tree, files: projectFiles, project: 'my project', from })
  expect(kept).toMatchObject({ form: 'parquet', files: 1 })
  const opened = await library.open('my project')
  expect(opened.files).toMatchObject({
    format: 'parquet',
    project: 'my project',
    path: 'metrics.parquet',
    strip: projectFiles.strip,
    media: 'media/',
  })
  for (const name of names) expect(await (await opened.tree.blob(name)).text()).toBe(`content of ${name}`)
})

test('a project of a live server is refused with words on what to do', async () => {
  const library = makeLibrary(memoryStore())
  const projectFiles = serverFiles('demo', '')
  await expect(
    library.keep({ tree: filesTree([]), files: projectFiles, project: 'demo', from }),
  ).rejects.toMatchObject({
    name: 'TrackioError',
    subject: 'demo',
    action: expect.stringContaining('.db'),
  })
})

function names(kept: KeptProject[]): string[] {
  return kept.map(({ name }) => name)
}
