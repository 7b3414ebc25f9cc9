import { expect, test } from 'vitest'
import { type LocalStore, makeLocalStore } from '../../../src/engine/tracking/local-store.ts'
import type { ChangedRun, RunChange } from '../../../src/model/change.ts'
import { MARK_KEY } from '../../../src/model/mark.ts'
import type { Batch } from '../../../src/model/tracking.ts'
import { filesBelow, memoryTree, type WriteTree } from '../../../src/storage/opfs/write-tree.ts'

/*
 * Runs of projects that this browser tracks: moved and deleted with all that is theirs, ended after every step,
 * and asked for once more.
 */

const A: ChangedRun = { key: 'a'.repeat(32), id: 'a'.repeat(32), name: 'first' }
const B: ChangedRun = { key: 'b'.repeat(32), id: 'b'.repeat(32), name: 'first' }
const TIME = Date.UTC(2026, 0, 1)

const image = (path: string) =>
  `{"img":{"_type":"trackio.image","file_path":"${path}","caption":null},"n":12345678901234567890}`

function batch(run: ChangedRun, ids: string): Batch {
  const path = `demo/${run.name}/0/${ids.slice(0, 4)}.png`
  const rows = (payloads: string[], first: number) => ({
    ids,
    first,
    times: Float64Array.from(payloads, (_, i) => TIME + i),
    payloads: payloads.join('\n'),
  })
  return {
    run: { project: 'demo', id: run.id ?? '', name: run.name },
    space: null,
    rows: { ...rows([image(path), '{"loss":0.5}'], 0), steps: Float64Array.of(0, 2.5) },
    system: { ...rows(['{"gpu/0/temp":60}'], 10), steps: new Float64Array() },
    traces: [
      {
        ...{ row: 0, step: 0, time: TIME, key: 't', index: null, words: 'hello' },
        ...{ messages: '[{"role":"user","content":"hello"}]', metadata: '{}', spans: '[]' },
      },
    ],
    alerts: [
      { id: ids.slice(0, 16).padEnd(32, '0'), time: TIME, title: 'hot', text: null, level: 'warn', step: 0 },
    ],
    config: '{"lr":1}',
    files: [{ path, blob: new Blob([ids]) }],
  }
}

/** A run of two in `demo`, which made an artifact there and used one of `other`; tagged. */
async function logged(tree: WriteTree = memoryTree()): Promise<{ tree: WriteTree; store: LocalStore }> {
  const store = makeLocalStore(tree)
  await store.write(batch(A, '1'.repeat(20)))
  await store.write(batch(B, '2'.repeat(20)))
  const entries = [{ path: 'w.bin', blob: new Blob(['w']) }]
  const artifact = { name: 'model', type: 'model', description: null, metadata: null, aliases: [], entries }
  await store.logArtifact({ ...artifact, run: { project: 'demo', id: A.key, name: A.name } } as never)
  const other = await store.logArtifact({
    ...artifact,
    name: 'data',
    run: { project: 'other', id: 'c'.repeat(32), name: 'maker' },
  } as never)
  await store.useArtifact('other', (other as { versionId: number }).versionId, {
    project: 'demo',
    id: A.key,
    name: A.name,
  })
  await store.setMetadata('demo', MARK_KEY + A.key, '{"tags":["paper"]}')
  return { tree, store }
}

const all = async (store: LocalStore, project: string, sql: string): Promise<unknown[][]> =>
  (await store.query(project, sql, [])).rows

const counts = async (store: LocalStore, project: string, id: string): Promise<number[]> => {
  const found: number[] = []
  for (const table of ['metrics', 'system_metrics', 'configs', 'alerts', 'traces'])
    found.push(
      Number((await all(store, project, `SELECT count(*) FROM ${table} WHERE run_id = '${id}'`))[0]?.[0]),
    )
  return found
}

const WHOLE = [2, 1, 1, 1, 1]
const NONE = [0, 0, 0, 0, 0]
const move: RunChange = { kind: 'move', runs: [A], to: 'third' }

async function expectMoved(store: LocalStore, tree: WriteTree): Promise<void> {
  expect(await counts(store, 'demo', A.key)).toEqual(NONE)
  expect(await counts(store, 'third', A.key)).toEqual(WHOLE)
  expect(await counts(store, 'demo', B.key)).toEqual(WHOLE)
  const rows = await all(
    store,
    'third',
    'SELECT run_name, timestamp, step, CAST(metrics AS TEXT), typeof(metrics), log_id FROM metrics ORDER BY id',
  )
  const path = 'third/first/0/1111.png'
  expect(rows).toEqual([
    ['first', '2026-01-01T00:00:00+00:00', 0, image(path), 'blob', `${'1'.repeat(20)}${'0'.repeat(12)}`],
    [
      'first',
      '2026-01-01T00:00:00.001000+00:00',
      2.5,
      '{"loss":0.5}',
      'blob',
      `${'1'.repeat(20)}${'0'.repeat(11)}1`,
    ],
  ])
  expect(await (await store.mediaFile(path))?.text()).toBe('1'.repeat(20))
  expect((await filesBelow(tree, 'media')).sort()).toEqual([
    'media/demo/first/0/2222.png',
    'media/third/first/0/1111.png',
  ])
  // what it made stays where it was made, linked to where the run is now; so does what it used
  expect(await all(store, 'demo', 'SELECT run_id, run_project, direction FROM run_artifact_links')).toEqual([
    [A.key, 'third', 'output'],
  ])
  expect(
    await all(
      store,
      'third',
      'SELECT run_name, source_project, source_artifact, source_version, direction FROM external_run_artifact_links ORDER BY source_project',
    ),
  ).toEqual([
    ['first', 'demo', 'model', 0, 'output'],
    ['first', 'other', 'data', 0, 'input'],
  ])
  expect(
    await all(store, 'other', "SELECT run_id, run_project FROM run_artifact_links WHERE direction = 'input'"),
  ).toEqual([[A.key, 'third']])
  expect(await all(store, 'demo', 'SELECT * FROM external_run_artifact_links')).toEqual([])
  const metadata = 'SELECT key, value FROM project_metadata ORDER BY key'
  expect(await all(store, 'third', metadata)).toEqual([[MARK_KEY + A.key, '{"tags":["paper"]}']])
  expect(await all(store, 'demo', metadata)).toEqual([])
}

test('a run that moves takes its rows, log ids, media, alerts, traces, samples and tags along', async () => {
  const { store, tree } = await logged()
  await store.changeRuns('demo', move, 'question')
  await expectMoved(store, tree)
  // asked again, as by a page that did not hear the answer
  await store.changeRuns('demo', move, 'question')
  await expectMoved(store, tree)
  await store.changeRuns('third', { kind: 'move', runs: [A], to: 'demo' }, 'back')
  expect(await counts(store, 'demo', A.key)).toEqual(WHOLE)
  expect(await all(store, 'demo', 'SELECT run_id, run_project, direction FROM run_artifact_links')).toEqual([
    [A.key, null, 'output'],
  ])
})

test('a run of another project that has rows of this id is not mixed with it', async () => {
  const { store } = await logged()
  await store.write({ ...batch(A, '3'.repeat(20)), run: { project: 'third', id: A.key, name: 'same id' } })
  await expect(store.changeRuns('demo', move, 'question')).rejects.toThrow(
    /cannot take these runs: its table \w+ has rows of a run a+ already/,
  )
  expect(await counts(store, 'demo', A.key)).toEqual(WHOLE)
  // nothing of it was done elsewhere either
  const links = "SELECT run_project, run_name FROM run_artifact_links WHERE direction = 'input'"
  expect(await all(store, 'other', links)).toEqual([['demo', 'first']])
  await expect(
    store.changeRuns(
      'demo',
      { kind: 'rename', runs: [{ ...A, id: 'absent' }] as [ChangedRun], name: 'x' },
      'two',
    ),
  ).rejects.toThrow('no run absent')
  const notes = "SELECT key FROM project_metadata WHERE key LIKE 'trackio-lite:%' ORDER BY key"
  expect(await all(store, 'demo', notes)).toEqual([[MARK_KEY + A.key]])
})

test('files that a run names again, or in the folder of another project, outlive what forgot to remove them', async () => {
  const { store, tree } = await logged()
  const mine = 'demo/first/0/1111.png'
  await store.setMetadata('demo', 'trackio-lite:unnamed:one', JSON.stringify([mine, 'demo/gone.png']))
  const theirs = 'other/first/0/shared.png'
  await store.write({
    ...{ run: { project: 'demo', id: B.key, name: B.name }, space: null },
    rows: {
      ...{ ids: '5'.repeat(20), first: 0, times: Float64Array.of(TIME), steps: Float64Array.of(9) },
      payloads: image(theirs),
    },
    files: [{ path: theirs, blob: new Blob(['x']) }],
  })
  await store.changeRuns('demo', { kind: 'delete', runs: [B] }, 'two')
  expect((await filesBelow(tree, 'media')).sort()).toEqual([`media/${mine}`, `media/${theirs}`])
})

test('a project whose deletion was cut off is deleted whole when it is asked for again', async () => {
  for (let steps = 0, done = false; !done; steps++) {
    const tree = memoryTree()
    await (await logged(tree)).store.close()
    done = await makeLocalStore(mortal(tree, steps))
      .deleteProject('demo')
      .catch(() => false)
    await makeLocalStore(tree).deleteProject('demo')
    const left = (await filesBelow(tree, '')).filter((path) => path.includes('demo'))
    expect([steps, left]).toEqual([steps, []])
  }
})

test('a run that is deleted leaves no media, no tags and no links, also in other projects', async () => {
  const { store, tree } = await logged()
  await store.changeRuns('demo', { kind: 'delete', runs: [A] }, 'question')
  expect(await counts(store, 'demo', A.key)).toEqual(NONE)
  expect(await counts(store, 'demo', B.key)).toEqual(WHOLE)
  expect(await filesBelow(tree, 'media')).toEqual(['media/demo/first/0/2222.png'])
  expect(await all(store, 'demo', 'SELECT * FROM run_artifact_links')).toEqual([])
  expect(await all(store, 'demo', 'SELECT * FROM project_metadata')).toEqual([])
  expect(await all(store, 'demo', 'SELECT producer_run_id FROM artifact_versions')).toEqual([[null]])
  expect(await all(store, 'other', "SELECT * FROM run_artifact_links WHERE direction = 'input'")).toEqual([])
})

test('a file that two runs logged stays until the last of them is deleted', async () => {
  const { store, tree } = await logged()
  const shared = 'demo/first/0/1111.png'
  await store.write({
    ...batch(B, '4'.repeat(20)),
    rows: {
      ...{ ids: '5'.repeat(20), first: 0, times: Float64Array.of(TIME), steps: Float64Array.of(9) },
      payloads: image(shared),
    },
  })
  await store.changeRuns('demo', { kind: 'delete', runs: [A] }, 'one')
  expect(await tree.size(`media/${shared}`)).toBe(20)
  await store.changeRuns('demo', { kind: 'delete', runs: [B] }, 'two')
  expect(await filesBelow(tree, 'media/demo/first/0')).not.toContain(shared)
  expect(await tree.size(`media/${shared}`)).toBeUndefined()
})

test('a rename reaches the links that other projects keep of it', async () => {
  const { store } = await logged()
  await store.changeRuns('demo', { kind: 'rename', runs: [A], name: 'new' }, 'question')
  await store.changeRuns('demo', { kind: 'rename', runs: [A], name: 'new' }, 'question')
  expect(
    await all(store, 'other', "SELECT run_name FROM run_artifact_links WHERE direction = 'input'"),
  ).toEqual([['new']])
  expect(await all(store, 'demo', 'SELECT producer_run_name FROM artifact_versions')).toEqual([['new']])
})

test.each([
  ['moved', move],
  ['deleted', { kind: 'delete', runs: [A] }],
] as [string, RunChange][])(
  'a run that is %s is so when it is asked again, whatever step its owner died after',
  async (_, change) => {
    let ended = 0
    for (let steps = 0; ; steps++) {
      const tree = memoryTree()
      const before = await logged(tree)
      await before.store.close()
      const done = await makeLocalStore(mortal(tree, steps))
        .changeRuns('demo', change, 'question')
        .then(
          () => true,
          () => false,
        )
      const next = makeLocalStore(tree)
      // before anybody asks again: each project has all of the run, or none, and one of them has it
      const here = await counts(next, 'demo', A.key)
      const there = (await next.projects()).includes('third') ? await counts(next, 'third', A.key) : NONE
      for (const found of [here, there])
        expect([steps, found]).toEqual([steps, found[0] === 0 ? NONE : WHOLE])
      if (change.kind === 'move') expect([steps, (here[0] ?? 0) + (there[0] ?? 0) > 0]).toEqual([steps, true])
      await next.changeRuns('demo', change, 'question')
      if (change.kind === 'move') await expectMoved(next, tree)
      else expect(await counts(next, 'demo', A.key)).toEqual(NONE)
      expect([steps, await counts(next, 'demo', B.key)]).toEqual([steps, WHOLE])
      if (done) break
      ended++
    }
    expect(ended).toBeGreaterThan(3)
  },
)

/** A folder whose owner dies after so many steps: opening, writing or removing a file, a write to one. */
function mortal(tree: WriteTree, steps: number): WriteTree {
  let left = steps
  const step = (): void => {
    if (left-- <= 0) throw new Error('it is gone')
  }
  return {
    ...tree,
    async put(path, blob) {
      step()
      await tree.put(path, blob)
    },
    async remove(path) {
      step()
      await tree.remove(path)
    },
    async open(path) {
      step()
      const file = await tree.open(path)
      return {
        get size() {
          return file.size
        },
        read: (target, offset) => file.read(target, offset),
        write(source, offset) {
          step()
          file.write(source, offset)
        },
        truncate(size) {
          step()
          file.truncate(size)
        },
        flush: () => file.flush(),
        close: () => file.close(),
      }
    },
  }
}
