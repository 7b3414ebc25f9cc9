import { expect, test } from 'vitest'
import { layoutOf, type Unit } from '../../src/engine/layout.ts'
import { openUnit } from '../../src/engine/open.ts'
import { ChangedOnDiskError, TrackioError } from '../../src/model/errors.ts'
import { memoryBytes } from '../../src/storage/bytes.ts'
import type { Tree } from '../../src/storage/tree.ts'
import { type CountedBytes, countedBytes } from '../storage/counted-bytes.ts'
import { memoryDatabase } from './sqlite-files.ts'

/** A database that grows, in a tree that lists it whole. */
async function growing(): Promise<{
  tree: Tree
  unit(): Promise<Unit>
  add(rows: number): void
  /** What was read of the database since it was opened last. */
  db(): CountedBytes
  /** Runs whenever the database is asked for; may write to it, and then has to say that it changed. */
  meanwhile: (() => void)[]
  close(): void
}> {
  const made = await memoryDatabase()
  made.db.exec('CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)')
  let rows = 0
  let file = made.file()
  let db = countedBytes(file)
  const meanwhile: (() => void)[] = []
  const tree: Tree = {
    whole: true,
    host: '',
    list: async () => [{ path: 'live.db', size: file.length, stamp: String(rows) }],
    find: async () => undefined,
    async bytes(path) {
      if (path !== 'live.db') return memoryBytes(new Uint8Array(0))
      meanwhile.shift()?.()
      db = countedBytes(file)
      return db
    },
    blob: () => Promise.reject(new TrackioError('live.db', 'not asked for')),
    received: () => 0,
  }
  return {
    tree,
    async unit() {
      const [unit] = layoutOf(await tree.list(), { name: 'live', prefer: 'database' })
      if (!unit) throw new Error('no database in the tree')
      return unit
    },
    add(count) {
      made.db.transaction(() => {
        for (let i = 0; i < count; i++, rows++) {
          const time = new Date(Date.UTC(2026, 0, 1) + rows * 1000).toISOString().replace('Z', '000+00:00')
          const metrics = JSON.stringify({ loss: rows, text: 'x'.repeat(200) })
          made.db.exec({
            sql: 'INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?,?,?,?)',
            bind: [time, 'run', rows, metrics],
          })
        }
      })
      file = made.file()
    },
    db: () => db,
    meanwhile,
    close: made.close,
  }
}

const changed = (): never => {
  throw new ChangedOnDiskError('live.db', 'written to')
}

test('a refresh reads some pages at the end, however large the database is', async () => {
  const live = await growing()
  live.add(40_000)
  const file = await openUnit(await live.unit(), live.tree, {})
  await file.read(() => {})
  const size = live.db().size
  expect(size).toBeGreaterThan(10e6)
  live.add(10)
  expect(await file.refresh(await live.unit())).toBe('more')
  expect(file.projects[0]?.reader.runs()[0]?.rows).toBe(40_010)
  expect(live.db().bytes(), `of ${size}`).toBeLessThan(1e6)
  live.close()
})

test('a database that is written to while it is opened or looked at again is taken anew', async () => {
  const live = await growing()
  live.add(10)
  live.meanwhile.push(changed, changed)
  const unit = await live.unit()
  live.add(5)
  const file = await openUnit(unit, live.tree, {})
  await file.read(() => {})
  expect(file.projects[0]?.reader.runs()[0]?.rows).toBe(15)
  live.add(1)
  live.meanwhile.push(changed)
  expect(await file.refresh(await live.unit())).toBe('more')
  expect(file.projects[0]?.reader.runs()[0]?.rows).toBe(16)
  live.close()
})

test('one that is written to in every moment is left to the next look', async () => {
  const live = await growing()
  live.add(10)
  live.meanwhile.push(changed, changed, changed, changed)
  await expect(openUnit(await live.unit(), live.tree, {})).rejects.toBeInstanceOf(ChangedOnDiskError)
  expect(live.meanwhile).toEqual([])
  live.close()
})
