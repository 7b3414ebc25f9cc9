import { describe, expect, test } from 'vitest'
import { blobPath } from '../../../src/compute/artifact-paths.ts'
import { marksOf } from '../../../src/engine/tables/marks.ts'
import { makeLocalStore } from '../../../src/engine/tracking/local-store.ts'
import { openProjectDb } from '../../../src/engine/tracking/project-db.ts'
import { MARK_KEY } from '../../../src/model/mark.ts'
import type { Batch, RowsWritten } from '../../../src/model/tracking.ts'
import { memoryFile } from '../../../src/storage/opfs/sync-file.ts'
import { memoryTree, type WriteTree } from '../../../src/storage/opfs/write-tree.ts'
import { openCopy } from './copy.ts'

const RUN = { project: 'demo', id: 'a'.repeat(32), name: 'run-1' }
const IDS = '0123456789abcdef0123'

describe('rows', () => {
  test('are written once, however often they are sent', async () => {
    const told: RowsWritten[] = []
    const store = makeLocalStore(memoryTree(), (event) => told.push(event))
    const batch = rowsOf([0, 1, 2.5], ['{"loss":1}', '{}', '{"a":"ö"}'])
    expect(await store.write(batch)).toEqual({ lastId: 3 })
    expect(await store.write(batch)).toEqual({ lastId: 3 })
    expect(
      await query(
        store,
        'SELECT id, run_id, run_name, timestamp, step, CAST(metrics AS TEXT), typeof(metrics), log_id, space_id FROM metrics',
      ),
    ).toEqual([
      [1, RUN.id, 'run-1', '2026-08-21T10:00:00+00:00', 0, '{"loss":1}', 'blob', `${IDS}000000000000`, null],
      [2, RUN.id, 'run-1', '2026-08-21T10:00:00.001000+00:00', 1, '{}', 'blob', `${IDS}000000000001`, null],
      [
        3,
        RUN.id,
        'run-1',
        '2026-08-21T10:00:00.002000+00:00',
        2.5,
        '{"a":"ö"}',
        'blob',
        `${IDS}000000000002`,
        null,
      ],
    ])
    expect(told).toEqual([
      { kind: 'rows', project: 'demo', lastId: 3 },
      { kind: 'rows', project: 'demo', lastId: 3 },
    ])
  })

  test('a config replaces the one before; system rows have no step; alerts keep theirs', async () => {
    const store = makeLocalStore(memoryTree())
    const rows = rowsOf([0], ['{}'])
    await store.write({ ...rows, config: '{"lr":1}' })
    await store.write({
      run: RUN,
      space: null,
      config: '{"lr":2}',
      system: {
        ids: 'f'.repeat(20),
        first: 7,
        times: Float64Array.of(Date.UTC(2026, 0, 1)),
        steps: new Float64Array(),
        payloads: '{"gpu/0/temp":60}',
      },
      alerts: [
        { id: 'e'.repeat(32), time: Date.UTC(2026, 0, 1), title: 'hot', text: null, level: 'warn', step: 3 },
      ],
    })
    expect(await query(store, 'SELECT run_id, run_name, CAST(config AS TEXT) FROM configs')).toEqual([
      [RUN.id, 'run-1', '{"lr":2}'],
    ])
    expect(
      await query(store, 'SELECT run_name, timestamp, CAST(metrics AS TEXT), log_id FROM system_metrics'),
    ).toEqual([['run-1', '2026-01-01T00:00:00+00:00', '{"gpu/0/temp":60}', `${'f'.repeat(20)}000000000007`]])
    expect(
      await query(
        store,
        'SELECT run_id, timestamp, run_name, title, text, level, step, alert_id FROM alerts',
      ),
    ).toEqual([[RUN.id, '2026-01-01T00:00:00+00:00', 'run-1', 'hot', null, 'warn', 3, 'e'.repeat(32)]])
  })
})

describe('runs', () => {
  test('resume finds the run of that name that began last, and goes on at its largest step', async () => {
    const store = makeLocalStore(memoryTree())
    const start = { project: 'demo', name: 'run-1', id: 'f'.repeat(32), space: null }
    await expect(store.begin({ ...start, resume: 'must' })).rejects.toThrow(
      "Run 'run-1' does not exist in project 'demo'",
    )
    expect(await store.projects()).toEqual([])
    await store.write(rowsOf([0, 7, 3], ['{}', '{}', '{}']))
    await store.write({ ...rowsOf([5], ['{}'], Date.UTC(2027, 0, 1)), run: { ...RUN, id: 'b'.repeat(32) } })
    expect(await store.begin({ ...start, resume: 'allow' })).toMatchObject({
      id: 'b'.repeat(32),
      resumed: true,
      nextStep: 6,
      lastTime: Date.UTC(2027, 0, 1),
    })
    expect(await store.begin({ ...start, resume: 'never' })).toMatchObject({
      id: 'f'.repeat(32),
      resumed: false,
      nextStep: 0,
      lastTime: 0,
    })
  })

  test('automatic names are the first free ones, also of runs that have not logged yet', async () => {
    const store = makeLocalStore(memoryTree())
    const start = { project: 'demo', name: null, id: 'f'.repeat(32), resume: 'never' as const, space: null }
    const names = [await store.begin(start), await store.begin(start)].map((run) => run.name)
    expect(names[0]).toBe('dainty-sunset-0')
    expect(names[1]).toMatch(/^[a-z]+-[a-z]+-1$/)
  })
})

test('beginning a run does not look through the rows: of a large database it reads a few pages', async () => {
  const files = { main: memoryFile(), wal: memoryFile() }
  const written = await openProjectDb('demo.db', files)
  const write = (name: string, first: number, count: number): void => {
    const steps = Array.from({ length: count }, (_, i) => first + i)
    const payloads = steps.map(() => '{}').join('\n')
    written.write({
      run: { ...RUN, id: name.padEnd(32, '0'), name },
      space: null,
      rows: {
        ids: IDS,
        first,
        times: Float64Array.from(steps, (step) => 1e12 + step),
        steps: Float64Array.from(steps),
        payloads,
      },
    })
  }
  for (const [i, name] of ['b', 'a', 'c'].entries()) write(name, i, 1)
  for (let first = 100; first < 50_000; first += 5000) write('b', first, 5000)
  written.checkpoint()
  written.close()

  let read = 0
  const counted = Object.create(files.main, {
    read: {
      value(target: Uint8Array, offset: number) {
        read += target.length
        return files.main.read(target, offset)
      },
    },
  })
  // opened anew, as what SQLite has in its memory is not read again
  const db = await openProjectDb('demo.db', { main: counted, wal: files.wal })
  read = 0
  expect(db.runs().map(({ name }) => name)).toEqual(['b', 'a', 'c'])
  expect(db.lastOf('b'.padEnd(32, '0'))?.step).toBe(50_099)
  expect(read).toBeGreaterThan(0)
  expect(read).toBeLessThan(files.main.size / 100)
  // as a look through all entries of an index would be counted
  db.sql.rows('SELECT count(*) FROM metrics')
  expect(read).toBeGreaterThan(files.main.size / 100)
  db.close()
})

describe('a full disk', () => {
  test('rejects the batch, keeps what was there, and takes the same batch once there is room', async () => {
    const { tree, room } = limited()
    const store = makeLocalStore(tree)
    await store.write(rowsOf([0], ['{"a":1}']))
    room.left = 20_000
    const big = rowsOf([1, 2], [`{"t":"${'x'.repeat(50_000)}"}`, '{}'])
    await expect(store.write(big)).rejects.toMatchObject({
      name: 'TrackioError',
      message: expect.stringMatching(/no room left .*QuotaExceededError/),
    })
    room.left = 10 << 20
    expect(await store.write(big)).toEqual({ lastId: 3 })
    expect(await query(store, 'PRAGMA integrity_check')).toEqual([['ok']])
    expect(await query(store, 'SELECT step FROM metrics ORDER BY id')).toEqual([[0], [1], [2]])
  })

  test('keeps no project from being deleted, which makes room', async () => {
    const { tree, room } = limited()
    const store = makeLocalStore(tree)
    await store.write(rowsOf([0], [`{"t":"${'x'.repeat(50_000)}"}`]))
    room.left = 0
    expect(await store.deleteProject('demo')).toBe(true)
    expect(await store.projects()).toEqual([])
  })

  test('keeps nobody from taking a copy, with what waits in the log', async () => {
    const { tree, room } = limited()
    const store = makeLocalStore(tree)
    await store.write(rowsOf([0], [`{"t":"${'x'.repeat(50_000)}"}`]))
    await store.checkpoint('demo')
    await store.write(rowsOf([1], [`{"t":"${'y'.repeat(90_000)}"}`]))
    room.left = 0
    const copy = await openCopy(await store.exportDatabase('demo'))
    expect(copy.rows('PRAGMA integrity_check')).toEqual([['ok']])
    expect(copy.rows('SELECT step, length(metrics) FROM metrics ORDER BY id')).toEqual([
      [0, 50_008],
      [1, 90_008],
    ])
    expect((await store.exportFiles('demo')).map(({ path }) => path)).toEqual(['demo.db'])
  })

  test('keeps no file open when the storage is given back: the next owner opens them all', async () => {
    const { tree, room } = limited()
    const held = new Set<string>()
    const store = makeLocalStore({
      ...tree,
      async open(path) {
        const file = await tree.open(path)
        held.add(path)
        return Object.create(file, { close: { value: () => held.delete(path) } })
      },
    })
    const rows = rowsOf([0], [`{"t":"${'x'.repeat(50_000)}"}`])
    for (const project of ['one', 'two']) await store.write({ ...rows, run: { ...RUN, project } })
    expect(held.size).toBe(6)
    room.left = 0
    await expect(store.close()).rejects.toThrow(/no room left/)
    expect([...held]).toEqual([])
    room.left = Number.POSITIVE_INFINITY
    for (const project of ['one', 'two'])
      expect((await makeLocalStore(tree).query(project, 'SELECT step FROM metrics', [])).rows).toEqual([[0]])
  })
})

describe('a media file that cannot be put', () => {
  const files = ['a', 'b', 'c'].map((name) => ({ path: `demo/run-1/0/${name}.png`, blob: new Blob([name]) }))
  const refusing = (error: Error): WriteTree => {
    const tree = memoryTree()
    return {
      ...tree,
      put: (path, blob) => (path.endsWith('b.png') ? Promise.reject(error) : tree.put(path, blob)),
    }
  }

  test('holds up neither its row nor the other files, and is named with the reason', async () => {
    const store = makeLocalStore(refusing(new DOMException('the file has changed since', 'NotReadableError')))
    expect(await store.write({ ...rowsOf([0], ['{"img":"b.png"}']), files })).toEqual({
      lastId: 1,
      unstored: [
        { path: 'demo/run-1/0/b.png', why: 'NotReadableError: the file has changed since', full: false },
      ],
    })
    expect(await query(store, 'SELECT CAST(metrics AS TEXT) FROM metrics')).toEqual([['{"img":"b.png"}']])
    expect(await (await store.mediaFile('demo/run-1/0/c.png'))?.text()).toBe('c')
    expect(await store.mediaFile('demo/run-1/0/b.png')).toBeUndefined()
  })

  test('for want of room says so: it may be tried again', async () => {
    const store = makeLocalStore(
      refusing(new DOMException('the quota has been exceeded', 'QuotaExceededError')),
    )
    const { unstored } = await store.write({ ...rowsOf([0], ['{}']), files })
    expect(unstored).toMatchObject([{ full: true, why: expect.stringContaining('QuotaExceededError') }])
  })

  test('leaves nothing behind that looks like it', async () => {
    const tree = memoryTree()
    const blob = new Blob(['0123456789'])
    blob.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotFoundError'))
    blob.slice = () => blob
    const store = makeLocalStore({
      ...tree,
      // as storage does it: the file is there before its bytes are
      async put(path, from) {
        await tree.put(path, new Blob())
        await tree.put(path, from)
      },
    })
    const file = { path: 'demo/run-1/0/a.png', blob }
    expect((await store.write({ ...rowsOf([0], ['{}']), files: [file] })).unstored).toHaveLength(1)
    expect(await store.mediaFile(file.path)).toBeUndefined()
  })
})

describe('an export', () => {
  test('that is not the database is refused instead of handed out', async () => {
    const { tree, damage } = damaged()
    const store = makeLocalStore(tree)
    await store.write(rowsOf([0, 1], ['{}', '{}']))
    const good = await store.exportDatabase('demo')
    for (const [kind, why] of [
      ['empty', /^the database cannot be copied: it has 0 bytes/],
      ['short', /it has \d+ bytes, and its header counts \d+/],
      ['long', /it has \d+ bytes, and its header counts \d+/],
      ['header', /it does not begin as a database does/],
      ['unread', /bytes could not be read/],
    ] as const) {
      damage.kind = kind
      await expect(store.exportDatabase('demo'), kind).rejects.toMatchObject({
        name: 'TrackioError',
        message: expect.stringMatching(why),
      })
      await expect(store.exportFiles('demo'), kind).rejects.toThrow('cannot be copied')
    }
    damage.kind = 'none'
    expect((await store.exportDatabase('demo')).size).toBe(good.size)
  })
})

test('the export is one file with everything in it, marked as needing no log', async () => {
  const store = makeLocalStore(memoryTree())
  await store.write(rowsOf([0, 1], ['{}', '{}']))
  const bytes = new Uint8Array(await (await store.exportDatabase('demo')).arrayBuffer())
  expect([...bytes.subarray(16, 20)]).toEqual([16, 0, 1, 1])
  expect(await query(store, 'SELECT count(*) FROM metrics')).toEqual([[2]])
  await expect(store.exportDatabase('other')).rejects.toThrow(/no such project/)
})

test('a deleted project is gone with its files, and can be logged to again', async () => {
  const tree = memoryTree()
  const store = makeLocalStore(tree)
  const files = [{ path: 'demo/run-1/0/a.png', blob: new Blob(['png']) }]
  await store.write({ ...rowsOf([0], ['{}']), files })
  expect(await tree.names('')).toEqual(['demo.db', 'demo.db-wal', 'demo.lock', 'media/'])
  expect(await store.deleteProject('demo')).toBe(true)
  expect(await tree.names('')).toEqual([])
  expect(await store.deleteProject('demo')).toBe(false)
  expect(await store.write(rowsOf([0], ['{}']))).toEqual({ lastId: 1 })
})

describe('runs that are there', () => {
  const file = (name: string): string => `demo/${name}/0/a.png`
  const image = (name: string): string =>
    `{"img":{"_type":"trackio.image","file_path":"${file(name)}","caption":null},"text":"\\"file_path\\":\\"demo/run-1/"}`

  async function logged(): Promise<{ store: ReturnType<typeof makeLocalStore>; tree: WriteTree }> {
    const tree = memoryTree()
    const store = makeLocalStore(tree)
    await store.write({
      ...rowsOf([0], [image('run-1')]),
      config: '{}',
      files: [{ path: file('run-1'), blob: new Blob(['png']) }],
      alerts: [{ id: 'e'.repeat(32), time: 0, title: 't', text: null, level: 'info', step: 0 }],
    })
    return { store, tree }
  }

  test('get another name in place: ids stay, media and what names them come along, and a tab that still logs follows', async () => {
    const { store, tree } = await logged()
    const before = await query(store, 'SELECT id, log_id, timestamp FROM metrics')
    await store.renameRun('demo', RUN.id, ' new "name"/$& ')
    const to = 'new "name"/$&'
    expect(await query(store, 'SELECT id, log_id, timestamp FROM metrics')).toEqual(before)
    const [[payload] = []] = await query(store, 'SELECT CAST(metrics AS TEXT) FROM metrics')
    expect(JSON.parse(String(payload))).toEqual({
      img: { _type: 'trackio.image', file_path: `demo/${to}/0/a.png`, caption: null },
      text: '"file_path":"demo/run-1/',
    })
    expect(await tree.size(`media/demo/${to}/0/a.png`)).toBe(3)
    expect(await tree.size(`media/${file('run-1')}`)).toBeUndefined()
    for (const table of ['configs', 'alerts'])
      expect(await query(store, `SELECT run_name FROM ${table}`)).toEqual([[to]])
    await store.write(rowsOf([1], ['{}']))
    // the tab that owned the storage was closed
    const next = makeLocalStore(tree)
    await next.write(rowsOf([2], ['{}']))
    expect(await query(next, 'SELECT run_name, count(*) FROM metrics GROUP BY run_name')).toEqual([[to, 3]])
    await expect(store.renameRun('demo', 'c'.repeat(32), 'x')).rejects.toThrow(/no run cccc/)
    await expect(store.renameRun('demo', RUN.id, ' ')).rejects.toThrow('a run needs a name')
  })

  test('what waits for a Space is found under its new name', async () => {
    const { store } = await logged()
    await store.save('demo', 'a.txt', new Blob(['saved']), 'ann/live')
    const { manifest } = await store.logArtifact({
      ...{ run: RUN, name: 'model', type: 'model', description: null, metadata: null, aliases: [] },
      ...{ overwrite: false, space: 'ann/live' },
      entries: [{ path: 'w', digest: '', size: 1, blob: new Blob(['w']) }],
    })
    await store.renameRun('demo', RUN.id, 'other')
    expect(await query(store, 'SELECT run_name, file_path FROM pending_uploads')).toEqual([
      [null, 'media/demo/files/a.txt'],
      ['other', `artifacts/demo/${blobPath('', manifest[0]?.digest ?? '').slice('artifacts//'.length)}`],
    ])
    await store.renameProject('demo', 'new', 'question')
    const waiting = await store.pending('new', 'ann/live', [])
    expect(waiting?.files).toEqual(['media/new/files/a.txt', blobPath('new', manifest[0]?.digest ?? '')])
    expect(await (await store.mediaFile('new/files/a.txt'))?.text()).toBe('saved')
  })

  test('files of another run or of the project in the same folder stay', async () => {
    const { store, tree } = await logged()
    const inner = { ...RUN, id: 'b'.repeat(32), name: 'run-1/b' }
    await store.write({
      ...rowsOf([5], [image(inner.name)]),
      run: inner,
      files: [{ path: file(inner.name), blob: new Blob(['inner']) }],
    })
    await store.renameRun('demo', RUN.id, 'files')
    expect(await tree.size(`media/${file(inner.name)}`)).toBe(5)
    expect(await tree.size(`media/${file('run-1')}`)).toBeUndefined()
    await store.save('demo', 'a.txt', new Blob(['saved']))
    await store.renameRun('demo', RUN.id, 'run-1')
    expect(await tree.size('media/demo/files/a.txt')).toBe(5)
    expect(await tree.size('media/demo/files/0/a.png')).toBeUndefined()
    expect(await tree.size(`media/${file('run-1')}`)).toBe(3)
  })

  test('media that another run names too are copied', async () => {
    const { store, tree } = await logged()
    await store.write({ ...rowsOf([5], [image('run-1')]), run: { ...RUN, id: 'b'.repeat(32) } })
    await store.renameRun('demo', RUN.id, 'other')
    expect(await tree.size(`media/${file('run-1')}`)).toBe(3)
    expect(await tree.size(`media/${file('other')}`)).toBe(3)
    await expect(store.renameRun('demo', 'c'.repeat(32), 'x')).rejects.toThrow(/no run cccc/)
    await expect(store.renameRun('demo', RUN.id, ' ')).rejects.toThrow('a run needs a name')
  })

  test('take notes and tags, which stand in the metadata of the project and are read back', async () => {
    const { store } = await logged()
    const key = `${MARK_KEY}${RUN.id}`
    await store.setMetadata('demo', key, '{"note":"first try"}')
    await store.setMetadata('demo', key, '{"note":"lost","tags":["paper",7,""],"other":1}')
    const rows = await query(store, 'SELECT key, value FROM project_metadata ORDER BY key')
    const table = {
      rows: rows.length,
      columns: { key: rows.map(([name]) => String(name)), value: rows.map(([, value]) => String(value)) },
      notices: [],
    }
    expect(marksOf(table)).toEqual({ [RUN.id]: { note: 'lost', tags: ['paper'] } })
  })

  test('are deleted with all their rows', async () => {
    const { store } = await logged()
    expect(await store.deleteRun('demo', RUN.id)).toBe(true)
    expect(await store.deleteRun('demo', RUN.id)).toBe(false)
    for (const table of ['metrics', 'configs', 'alerts'])
      expect(await query(store, `SELECT count(*) FROM ${table}`)).toEqual([[0]])
  })

  test('can be asked in SQL, which changes nothing', async () => {
    const { store } = await logged()
    expect(
      await store.query('demo', 'SELECT run_name AS name, step FROM metrics WHERE step = ?', [0]),
    ).toEqual({
      columns: ['name', 'step'],
      rows: [['run-1', 0]],
    })
    for (const sql of [
      'DELETE FROM metrics',
      'PRAGMA user_version = 3',
      "ATTACH 'x' AS y",
      'WITH x AS (SELECT 1) DELETE FROM metrics',
    ]) {
      await expect(store.query('demo', sql, [])).rejects.toThrow(/only SELECT is allowed/)
    }
    await expect(store.query('demo', 'SELECT absent FROM metrics', [])).rejects.toThrow(
      'no such column: absent in: SELECT absent FROM metrics',
    )
  })
})

describe('a project that is there', () => {
  test('gets another name: rows, media and artifacts come along, and what names them', async () => {
    const tree = memoryTree()
    const store = makeLocalStore(tree)
    const image = '{"img":{"_type":"trackio.image","file_path":"demo/run-1/0/a.png","caption":null}}'
    await store.write({
      ...rowsOf([0], [image]),
      files: [{ path: 'demo/run-1/0/a.png', blob: new Blob(['png']) }],
    })
    const artifact = {
      run: RUN,
      name: 'model',
      type: 'model',
      description: null,
      metadata: null,
      aliases: [],
      overwrite: false,
      space: null,
    }
    const { versionId, manifest } = await store.logArtifact({
      ...artifact,
      entries: [{ path: 'w', digest: '', size: 1, blob: new Blob(['w']) }],
    })
    await store.useArtifact('demo', versionId, { ...RUN, id: 'b'.repeat(32) })
    await store.write({ ...rowsOf([0], ['{}']), run: { ...RUN, project: 'other' } })

    await expect(store.renameProject('demo', 'other', 'question 1')).rejects.toThrow(
      'tracks a project of this name already',
    )
    await expect(store.renameProject('absent', 'new', 'question 2')).rejects.toThrow('no such project')
    await store.renameProject('demo', 'New name!', 'question 3')

    expect(await store.projects()).toEqual(['Newname', 'other'])
    const { rows } = await store.query('Newname', "SELECT metrics ->> '$.img.file_path' FROM metrics", [])
    expect(rows).toEqual([['Newname/run-1/0/a.png']])
    expect(await (await store.mediaFile('Newname/run-1/0/a.png'))?.text()).toBe('png')
    expect(await (await store.artifactBlob('Newname', manifest[0]?.digest ?? ''))?.text()).toBe('w')
    const links = await store.query(
      'Newname',
      'SELECT DISTINCT run_project FROM run_artifact_links WHERE run_project IS NOT NULL',
      [],
    )
    expect(links.rows).toEqual([['Newname']])
    expect((await tree.names('')).filter((name) => name.startsWith('demo'))).toEqual([])
    expect([await tree.names('media'), await tree.names('artifacts')]).toEqual([['Newname/'], ['Newname/']])

    // two that ask for each other's names do not wait for each other
    const exchanged = await Promise.allSettled([
      store.renameProject('Newname', 'other', 'question 4'),
      store.renameProject('other', 'Newname', 'question 5'),
    ])
    expect(exchanged.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await store.projects()).toEqual(['Newname', 'other'])
  })
})

test('artifacts that runs of two projects share stay linked when either gets another name', async () => {
  const store = makeLocalStore(memoryTree())
  await store.write(rowsOf([0], ['{}']))
  const { versionId } = await store.logArtifact({
    ...{ run: RUN, name: 'data', type: 'dataset', description: null, metadata: null, aliases: [] },
    ...{ overwrite: false, space: null },
    entries: [{ path: 'w', digest: '', size: 1, blob: new Blob(['w']) }],
  })
  const user = { ...RUN, project: 'user', id: 'b'.repeat(32) }
  await store.write({ ...rowsOf([0], ['{}']), run: user })
  await store.useArtifact('demo', versionId, user)
  const links = async (maker: string, by: string) => [
    (await store.query(maker, 'SELECT run_project FROM run_artifact_links WHERE run_project IS NOT NULL', []))
      .rows,
    (await store.query(by, 'SELECT source_project FROM external_run_artifact_links', [])).rows,
  ]
  expect(await links('demo', 'user')).toEqual([[['user']], [['demo']]])
  await store.renameProject('demo', 'maker', 'question 1')
  expect(await links('maker', 'user')).toEqual([[['user']], [['maker']]])
  await store.renameProject('user', 'by', 'question 2')
  expect(await links('maker', 'by')).toEqual([[['by']], [['maker']]])
})

describe('a project that is renamed', () => {
  const image = '{"img":{"_type":"trackio.image","file_path":"demo/run-1/0/a.png","caption":null}}'
  const logged: Batch = {
    ...rowsOf([0], [image]),
    files: [{ path: 'demo/run-1/0/a.png', blob: new Blob(['png']) }],
  }
  const named = async (store: ReturnType<typeof makeLocalStore>, project: string) =>
    (await store.query(project, "SELECT metrics ->> '$.img.file_path' FROM metrics", [])).rows

  test('is so when its next owner is asked again, though somebody logs to the old name meanwhile', async () => {
    const tree = memoryTree()
    const first = makeLocalStore(tree)
    await first.write(logged)
    await first.renameProject('demo', 'new', 'question 1')
    await first.close()
    const second = makeLocalStore(tree)
    await second.renameProject('demo', 'new', 'question 1')
    await second.write(rowsOf([0], ['{}']))
    await second.renameProject('demo', 'new', 'question 1')
    expect(await second.projects()).toEqual(['demo', 'new'])
    expect(await named(second, 'new')).toEqual([['new/run-1/0/a.png']])
    await expect(second.renameProject('demo', 'new', 'question 2')).rejects.toThrow(
      'tracks a project of this name already',
    )
    await expect(second.renameProject('absent', 'new', 'question 3')).rejects.toThrow('no such project')
  })

  test('ends whole, whatever step the owner died after', async () => {
    for (let steps = 0; ; steps++) {
      const tree = memoryTree()
      const before = makeLocalStore(tree)
      await before.write(logged)
      await before.close()
      const dying = mortal(tree, steps)
      const done = await makeLocalStore(dying.tree)
        .renameProject('demo', 'new', 'question')
        .then(
          () => true,
          () => false,
        )
      const next = makeLocalStore(tree)
      // before anybody asks again: the project is there under one of its names, with what it names
      const [found = ''] = await next.projects()
      const [[path] = []] = await named(next, found)
      expect([steps, await (await next.mediaFile(String(path)))?.text()]).toEqual([steps, 'png'])
      await next.renameProject('demo', 'new', 'question')
      expect([steps, await next.projects(), await named(next, 'new')]).toEqual([
        steps,
        ['new'],
        [['new/run-1/0/a.png']],
      ])
      expect(await (await next.mediaFile('new/run-1/0/a.png'))?.text()).toBe('png')
      expect((await tree.names('')).filter((name) => name.startsWith('demo'))).toEqual([])
      expect(await tree.names('media')).toEqual(['new/'])
      if (done) break
      expect(steps).toBeLessThan(100)
    }
  })
})

test('paths cannot leave the folder of media', async () => {
  const tree = memoryTree()
  const store = makeLocalStore(tree)
  await store.write({
    ...rowsOf([0], ['{}']),
    files: [{ path: 'demo/../../x/./a.png', blob: new Blob(['png']) }],
  })
  expect(await tree.size('media/demo/_/_/x/_/a.png')).toBe(3)
})

function rowsOf(steps: number[], payloads: string[], time = Date.UTC(2026, 7, 21, 10)): Batch {
  return {
    run: RUN,
    space: null,
    rows: {
      ids: IDS,
      first: steps[0] === 0 ? 0 : 100 + (steps[0] ?? 0),
      times: Float64Array.from(steps, (_, i) => time + i),
      steps: Float64Array.from(steps),
      payloads: payloads.join('\n'),
    },
  }
}

async function query(store: ReturnType<typeof makeLocalStore>, sql: string): Promise<unknown[][]> {
  const db = await openCopy(await store.exportDatabase('demo'))
  const rows = db.rows(sql)
  db.close()
  return rows
}

/** A folder whose database shows itself otherwise than it is, to whoever reads it through. */
function damaged(): {
  tree: WriteTree
  damage: { kind: 'none' | 'empty' | 'short' | 'long' | 'header' | 'unread' }
} {
  const tree = memoryTree()
  const damage: { kind: 'none' | 'empty' | 'short' | 'long' | 'header' | 'unread' } = { kind: 'none' }
  return {
    damage,
    tree: {
      ...tree,
      async open(path) {
        const file = await tree.open(path)
        if (!path.endsWith('.db')) return file
        return {
          get size() {
            const changed = {
              empty: 0,
              short: file.size - 4096,
              long: file.size + 4096,
              none: file.size,
              header: file.size,
              unread: file.size,
            }
            return changed[damage.kind]
          },
          read(target, offset) {
            const whole = file.read(target, offset)
            if (damage.kind === 'header' && offset === 0) target.fill(0, 0, 16)
            return damage.kind === 'unread' && target.length > 4096 ? false : whole
          },
          write: (source, offset) => file.write(source, offset),
          truncate: (size) => file.truncate(size),
          flush: () => file.flush(),
          close: () => file.close(),
        }
      },
    },
  }
}

/** A folder whose owner ends after so many changes of files other than writes into open ones. */
function mortal(tree: WriteTree, steps: number): { tree: WriteTree } {
  let left = steps
  const step = async (): Promise<void> => {
    if (left-- <= 0) throw new Error('it is gone')
  }
  return {
    tree: {
      ...tree,
      put: (path, blob) => step().then(() => tree.put(path, blob)),
      move: (from, to) => step().then(() => tree.move(from, to)),
      remove: (path) => step().then(() => tree.remove(path)),
      open: (path) => step().then(() => tree.open(path)),
    },
  }
}

/** A folder that takes only so many bytes more, as a browser's quota does. */
function limited(): { tree: WriteTree; room: { left: number } } {
  const tree = memoryTree()
  const room = { left: Number.POSITIVE_INFINITY }
  return {
    room,
    tree: {
      ...tree,
      async open(path) {
        const file = await tree.open(path)
        return {
          get size() {
            return file.size
          },
          read: (target, offset) => file.read(target, offset),
          write(source, offset) {
            const more = Math.max(0, offset + source.length - file.size)
            if (more > room.left) throw new DOMException('the quota has been exceeded', 'QuotaExceededError')
            room.left -= more
            file.write(source, offset)
          },
          truncate(size) {
            room.left += Math.max(0, file.size - size)
            file.truncate(size)
          },
          flush: () => file.flush(),
          close: () => file.close(),
        }
      },
    },
  }
}
