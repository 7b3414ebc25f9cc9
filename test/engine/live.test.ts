import { expect, test } from 'vitest'
import { layoutOf } from '../../src/engine/formats/layout.ts'
import type { ProjectFiles } from '../../src/engine/formats/project-files.ts'
import { openDataset } from '../../src/engine/formats/registry.ts'
import { ChangedOnDiskError, TrackioError } from '../../src/model/errors.ts'
import { memoryBytes } from '../../src/storage/bytes.ts'
import type { Tree } from '../../src/storage/tree.ts'
import { type CountedBytes, countedBytes } from '../storage/counted-bytes.ts'
import { sidesOf } from './sides.ts'
import { memoryDatabase } from './sqlite-files.ts'

/** A database that grows, in a tree that lists it whole. */
async function growing(): Promise<{
  tree: Tree
  projectFiles(): Promise<ProjectFiles>
  add(rows: number): void
  exec(sql: string): void
  /** What was read of the database since it was opened last. */
  db(): CountedBytes
  /** Runs whenever the database is asked for; may write to it, and then has to say that it changed. */
  meanwhile: (() => void)[]
  /** The same whenever a range of it is asked for. */
  later: (() => void)[]
  close(): void
}> {
  const made = await memoryDatabase()
  made.db.exec(
    'CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)',
  )
  let rows = 0
  let file = made.file()
  let db = countedBytes(file)
  const meanwhile: (() => void)[] = []
  const later: (() => void)[] = []
  const tree: Tree = {
    whole: true,
    host: '',
    list: async () => [{ path: 'live.db', size: file.length, stamp: String(rows) }],
    find: async () => undefined,
    async bytes(path) {
      if (path !== 'live.db') return memoryBytes(new Uint8Array(0))
      meanwhile.shift()?.()
      db = countedBytes(file)
      const { load } = db
      db.load = (offset, length) => {
        later.shift()?.()
        return load(offset, length)
      }
      return db
    },
    blob: () => Promise.reject(new TrackioError('live.db', 'not asked for')),
    received: () => 0,
  }
  return {
    tree,
    async projectFiles() {
      const [projectFiles] = await layoutOf(await tree.list(), { name: 'live', prefer: 'database' })
      if (!projectFiles) throw new Error('no database in the tree')
      return projectFiles
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
    exec(sql) {
      made.db.exec(sql)
      file = made.file()
    },
    db: () => db,
    meanwhile,
    later,
    close: made.close,
  }
}

const changed = (): never => {
  throw new ChangedOnDiskError('live.db', 'written to')
}

test('a refresh reads some pages at the end, however large the database is', async () => {
  const live = await growing()
  live.add(40_000)
  const file = await openDataset(await live.projectFiles(), live.tree, {})
  await file.read(() => {})
  const size = live.db().size
  expect(size).toBeGreaterThan(10e6)
  live.add(10)
  expect(await file.refresh(await live.projectFiles())).toBe('more')
  expect(file.projects[0]?.reader.runs()[0]?.rows).toBe(40_010)
  expect(live.db().bytes(), `of ${size}`).toBeLessThan(1e6)
  live.close()
})

test('a database that is written to while it is opened or looked at again is taken anew', async () => {
  const live = await growing()
  live.add(10)
  live.meanwhile.push(changed, changed)
  const projectFiles = await live.projectFiles()
  live.add(5)
  const file = await openDataset(projectFiles, live.tree, {})
  await file.read(() => {})
  expect(file.projects[0]?.reader.runs()[0]?.rows).toBe(15)
  live.add(1)
  live.meanwhile.push(changed)
  expect(await file.refresh(await live.projectFiles())).toBe('more')
  expect(file.projects[0]?.reader.runs()[0]?.rows).toBe(16)
  live.close()
})

test('one that is written to while its new rows are read goes on with the newer state', async () => {
  const live = await growing()
  live.add(3000)
  const file = await openDataset(await live.projectFiles(), live.tree, {})
  await file.read(() => {})
  live.add(3000)
  for (let moment = 0; moment < 6; moment++) {
    live.add(1)
    live.later.push(...Array.from({ length: moment }, () => () => {}), changed)
    expect(await file.refresh(await live.projectFiles())).toBe('more')
    expect(file.projects[0]?.reader.runs()[0]?.rows).toBe(6001 + moment)
    live.later.length = 0
  }
  expect([...(file.projects[0]?.reader.runs()[0]?.columns.steps.data.subarray(0, 6006) ?? [])]).toEqual(
    Array.from({ length: 6006 }, (_, i) => i),
  )
  live.close()
})

test('indexes that come and go, as with every write of trackio 0.43, and new tables change nothing of the rows; a new column does', async () => {
  const live = await growing()
  live.add(10)
  const file = await openDataset(await live.projectFiles(), live.tree, {})
  await file.read(() => {})
  live.exec('CREATE INDEX i ON metrics (step); DROP INDEX i; CREATE INDEX i ON metrics (step)')
  live.exec('CREATE TABLE configs (id INTEGER PRIMARY KEY, run_name TEXT, config TEXT, created_at TEXT)')
  live.exec(
    `INSERT INTO configs (run_name, config, created_at) VALUES ('run', '{"lr":0.5}', '2026-01-01T00:00:00+00:00')`,
  )
  live.add(1)
  expect(await file.refresh(await live.projectFiles())).toBe('more')
  const [project] = file.projects
  const [run] = project?.reader.runs() ?? []
  expect(run && [run.rows, project && sidesOf(project.reader).of(run).config]).toEqual([11, { lr: 0.5 }])
  live.exec('ALTER TABLE metrics ADD COLUMN log_id TEXT')
  live.add(1)
  expect(await file.refresh(await live.projectFiles())).toBe('other')
  live.close()
})

test('one that is written to in every moment is looked at twelve times, and told of', async () => {
  const live = await growing()
  live.add(10)
  live.meanwhile.push(...Array.from({ length: 12 }, () => changed))
  const told: string[] = []
  await expect(
    openDataset(await live.projectFiles(), live.tree, { onProgress: (text) => told.push(text) }),
  ).rejects.toMatchObject({
    name: 'ChangedOnDiskError',
    subject: 'live.db',
    message: expect.stringMatching(
      /^could not be read in one piece: 12 looks within \d\.\d s each met a change, the last one: written to$/,
    ),
  })
  expect(told).toContain('live.db is written to while it is read: look 12 of 12')
  expect(live.meanwhile).toEqual([])
  live.close()
})
