import { expect, test } from 'vitest'
import { openDataset } from '../../../src/engine/formats/registry.ts'
import type { DatabaseFiles } from '../../../src/engine/formats/sqlite/database-files.ts'
import { openSource } from '../../../src/engine/formats/sqlite/database-source.ts'
import { readWal } from '../../../src/engine/formats/sqlite/wal.ts'
import {
  type TrackedFolder,
  type TrackedTree,
  trackedTree,
} from '../../../src/storage/opfs/tracked-folder.ts'
import { unitOf } from '../../engine/exports/sources.ts'
import { filesOf } from '../../engine/golden-fixtures.ts'

const DB = 'walproject.db'
const MARK = 7

/** What a writer left: a database with its log, and after a fold the same without one. */
async function folder(): Promise<{ tree: TrackedTree; projectFiles: DatabaseFiles; fold(): void }> {
  const given = filesOf('wal-0.43.0').filter(({ path }) => path.startsWith(DB))
  const bytes = new Map<string, Uint8Array>()
  for (const { path, file } of given) bytes.set(path, new Uint8Array(await file.arrayBuffer()))
  const before = bytes.get(DB) ?? new Uint8Array()
  // what a fold leaves has other pages; here a mark in the header, in its user version, which nothing reads
  const after = before.slice()
  after[63] = MARK
  bytes.set('walproject.lock', count(0))
  const there: TrackedFolder = {
    async file(path) {
      const found = bytes.get(path)
      return found && new File([found.slice()], path, { lastModified: 1 })
    },
    names: async () => [...bytes.keys()],
  }
  return {
    tree: trackedTree(there, async (wal) => (await readWal(wal)) !== undefined),
    projectFiles: unitOf(given, DB) as DatabaseFiles,
    fold() {
      bytes.set('walproject.lock', count(2))
      bytes.set(DB, after)
      bytes.set(`${DB}-wal`, new Uint8Array())
    },
  }
}

function count(turn: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(turn), true)
  return bytes
}

test('who reads a database while another looks at it gets it with its own log, also when that was folded in between', async () => {
  const { tree, projectFiles, fold } = await folder()
  let go = (): void => {}
  const held = new Promise<void>((resolve) => {
    go = resolve
  })
  let logRead = false
  const slow: TrackedTree = {
    ...tree,
    async bytes(path, options) {
      if (path === DB) await held
      const found = await tree.bytes(path, options)
      if (path === `${DB}-wal`) logRead = true
      return found
    },
    async withLog(path, options) {
      const found = await tree.withLog?.(path, options)
      logRead = true
      await held
      if (!found) throw new Error('no way to ask for both')
      return found
    },
  }
  const exporting = openSource(projectFiles, slow)
  while (!logRead) await new Promise((resolve) => setTimeout(resolve))
  fold()
  const looked = await openDataset(projectFiles, tree, {})
  expect(looked.path).toBe(DB)
  // what the look left behind is nobody else's
  await tree.bytes(`${DB}-wal`)
  go()
  const { image } = await exporting
  const pages = image?.overlay.size ?? 0
  expect(pages).toBeGreaterThan(0)
  expect((await image?.db.load(0, 100))?.[63]).not.toBe(MARK)
})

test('a database without a log that is committed comes alone', async () => {
  const { tree, fold } = await folder()
  fold()
  const { db, wal } = (await tree.withLog?.(DB)) ?? {}
  expect([wal, (await db?.load(0, 100))?.[63]]).toEqual([undefined, MARK])
})
