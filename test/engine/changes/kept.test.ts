import { expect, test } from 'vitest'
import { type Library, makeLibrary } from '../../../src/engine/connectors/saved.ts'
import type { ChangedRun, RunChange } from '../../../src/model/change.ts'
import { filesTree } from '../../../src/storage/files/files-tree.ts'
import { type MemoryStore, memoryStore } from '../../storage/memory-files.ts'
import { unitOf } from '../exports/sources.ts'
import { filesOf } from '../golden-fixtures.ts'
import { openCopy } from '../tracking/copy.ts'

/* Runs of copies that this browser keeps: a database takes the place of the one before, whole or not at all. */

async function kept(store: MemoryStore): Promise<Library> {
  const library = makeLibrary(store)
  const files = filesOf('cross-0.43.0')
  for (const project of ['producer', 'consumer'])
    await library.keep({
      ...{ tree: filesTree(files), files: unitOf(files, `${project}.db`), project, from: 'a folder' },
    })
  return library
}

async function ask(store: MemoryStore, project: string, sql: string): Promise<unknown[][]> {
  const [, bytes] = [...store.files].find(([path]) => path.endsWith(`/${project}.db`)) ?? []
  const db = await openCopy(bytes?.slice() ?? new Uint8Array())
  const rows = db.rows(sql)
  db.close()
  return rows
}

async function firstRun(store: MemoryStore): Promise<ChangedRun> {
  const [[id, name] = []] = await ask(store, 'producer', 'SELECT run_id, run_name FROM metrics LIMIT 1')
  return { key: String(id), id: String(id), name: String(name) }
}

const rowsOf = (run: ChangedRun) => `SELECT count(*) FROM metrics WHERE run_id = '${run.id}'`
const PLACE = { name: 'producer', project: 'producer' }

test('a run moves to another copy with its rows, and its links lead from one to the other', async () => {
  const store = memoryStore()
  const library = await kept(store)
  const run = await firstRun(store)
  const [[rows] = []] = await ask(store, 'producer', rowsOf(run))
  const move: RunChange = { kind: 'move', runs: [run], to: 'consumer' }
  for (let times = 0; times < 2; times++) {
    await library.change(PLACE, move, 'question')
    expect(await ask(store, 'producer', rowsOf(run))).toEqual([[0]])
    expect(await ask(store, 'consumer', rowsOf(run))).toEqual([[rows]])
    const links = `SELECT DISTINCT run_project FROM run_artifact_links WHERE run_id = '${run.id}'`
    expect(await ask(store, 'producer', links)).toEqual([['consumer']])
    const marks = "SELECT count(*) FROM project_metadata WHERE key LIKE 'trackio-lite:%'"
    expect([await ask(store, 'producer', marks), await ask(store, 'consumer', marks)]).toEqual([[[0]], [[0]]])
  }
})

test.each(['move', 'delete'] as const)(
  'a change (%s) that ends early leaves whole databases, and is ended by being asked again',
  async (kind) => {
    for (let steps = 0; ; steps++) {
      const store = memoryStore()
      await kept(store)
      const run = await firstRun(store)
      const [[rows] = []] = await ask(store, 'producer', rowsOf(run))
      let left = steps
      const step = (): void => {
        if (left-- <= 0) throw new Error('it is gone')
      }
      const dying: MemoryStore = {
        ...store,
        // dies before what was changed takes its place
        edit: (path, work) =>
          store.edit(path, async (copy) => {
            const result = await work(copy)
            step()
            return result
          }),
        async write(...what) {
          step()
          await store.write(...what)
        },
        async remove(path) {
          step()
          await store.remove(path)
        },
      }
      const change: RunChange =
        kind === 'move' ? { kind, runs: [run], to: 'consumer' } : { kind, runs: [run] }
      const done = await makeLibrary(dying)
        .change(PLACE, change, 'question')
        .then(
          () => true,
          () => false,
        )
      const [[here] = []] = await ask(store, 'producer', rowsOf(run))
      const [[there] = []] = await ask(store, 'consumer', rowsOf(run))
      for (const found of [here, there]) expect([0, rows]).toContain(found)
      if (kind === 'move') expect([steps, here === rows || there === rows]).toEqual([steps, true])
      await makeLibrary(store).change(PLACE, change, 'question')
      expect(await ask(store, 'producer', rowsOf(run))).toEqual([[0]])
      if (kind === 'move') expect(await ask(store, 'consumer', rowsOf(run))).toEqual([[rows]])
      if (done) return
    }
  },
)

test('a run with artifacts does not move to a copy of its own project, where links would mean that one’s', async () => {
  const store = memoryStore()
  const library = await kept(store)
  const files = filesOf('cross-0.43.0')
  const what = { tree: filesTree(files), files: unitOf(files, 'producer.db'), project: 'producer' }
  const { name } = await library.keep({ ...what, from: 'a folder' })
  const run = await firstRun(store)
  await library.change({ name, project: 'producer' }, { kind: 'delete', runs: [run] }, 'one')
  const before = [...store.files.values()].map((bytes) => bytes.join())
  await expect(library.change(PLACE, { kind: 'move', runs: [run], to: name }, 'two')).rejects.toThrow(
    'it is linked to artifacts, and both copies are of a project called producer',
  )
  expect([...store.files.values()].map((bytes) => bytes.join())).toEqual(before)
})

test('a copy that is no database is refused with words, and so is a name that is none', async () => {
  const store = memoryStore()
  const library = await kept(store)
  const run = await firstRun(store)
  const move: RunChange = { kind: 'move', runs: [run], to: 'producer' }
  await expect(library.change(PLACE, move, 'one')).rejects.toThrow('the runs are in this project already')
  await expect(library.change(PLACE, { ...move, to: 'absent' }, 'two')).rejects.toThrow(
    'keeps no project of this name',
  )
})
