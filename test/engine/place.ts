import { type Connector, treeConnector } from '../../src/engine/connectors/connector.ts'
import { ChangedOnDiskError } from '../../src/model/errors.ts'
import { memoryBytes } from '../../src/storage/bytes.ts'
import type { Tree, TreeEntry } from '../../src/storage/tree.ts'
import { memoryDatabase } from './sqlite-files.ts'

/** A live source in memory whose files come, change, break and are slow as a test says. */
export interface Place {
  connector: Connector
  /** Writes a database of so many rows. */
  write(path: string, rows: number): Promise<void>
  /** Called whenever a file is opened or a range of it is asked for; may wait or throw. */
  before: (
    path: string,
    what: 'open' | 'load',
    range?: { offset: number; length: number },
  ) => Promise<void> | void
  /** Ranges that were asked for, by path. */
  loads(path: string): number
}

let places = 0

/** On this machine, or (`far`) behind a network, where only what is looked at is opened. */
export function makePlace(far = false): Place {
  const files = new Map<string, { bytes: Uint8Array; stamp: string }>()
  const loads = new Map<string, number>()
  let writes = 0
  const name = `place-${++places}`
  const entryOf = (path: string): TreeEntry | undefined => {
    const file = files.get(path)
    return file && { path, size: file.bytes.length, stamp: file.stamp }
  }
  const tree: Tree = {
    whole: true,
    host: far ? 'far.example' : '',
    list: async () => [...files.keys()].flatMap((path) => entryOf(path) ?? []),
    find: async (path) => entryOf(path),
    async bytes(path) {
      await made.before(path, 'open')
      const file = files.get(path)
      if (!file) throw new ChangedOnDiskError(path, 'gone')
      const bytes = memoryBytes(file.bytes)
      return {
        ...bytes,
        async load(offset, length) {
          loads.set(path, (loads.get(path) ?? 0) + 1)
          await made.before(path, 'load', { offset, length })
          return bytes.load(offset, length)
        },
      }
    },
    blob: async (path) => new Blob([files.get(path)?.bytes.slice() ?? '']),
    received: () => 0,
  }
  const made: Place = {
    connector: { ...treeConnector(tree, { name, prefer: 'database' }), live: 'engine', every: 1000 },
    async write(path, rows) {
      files.set(path, { bytes: await database(rows), stamp: `${++writes}` })
    },
    before: () => {},
    loads: (path) => loads.get(path) ?? 0,
  }
  return made
}

/** A database of one run with that many rows. */
export async function database(rows: number): Promise<Uint8Array> {
  const { db, file, close } = await memoryDatabase()
  db.exec(
    'CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)',
  )
  db.transaction(() => {
    for (let i = 0; i < rows; i++) {
      const time = new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString().replace('Z', '000+00:00')
      db.exec({
        sql: 'INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?,?,?,?)',
        bind: [time, 'run', i, `{"v":${i}}`],
      })
    }
  })
  const bytes = file().slice()
  close()
  return bytes
}

export interface Gate {
  wait: Promise<void>
  open(): void
}

export function makeGate(): Gate {
  let open = (): void => {}
  const wait = new Promise<void>((resolve) => {
    open = resolve
  })
  return { wait, open }
}

/** Waits until something holds; a test that waits in vain ends by its own time limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve))
}
