import { type Library, openLibrary } from '../../../src/engine/connectors/saved.ts'
import { exportDatabase } from '../../../src/engine/exports/database-file.ts'
import { exportParquet } from '../../../src/engine/exports/parquet.ts'
import { layoutOf } from '../../../src/engine/formats/layout.ts'
import { openDataset } from '../../../src/engine/formats/registry.ts'
import { isDatabase } from '../../../src/engine/formats/sqlite/database-files.ts'
import { openSource } from '../../../src/engine/formats/sqlite/database-source.ts'
import type { NamedFile } from '../../../src/model/source.ts'
import type { Bytes } from '../../../src/storage/bytes.ts'
import { filesTree } from '../../../src/storage/files/files-tree.ts'
import { openFolder } from '../../../src/storage/opfs/folder.ts'
import { openStore } from '../../../src/storage/opfs/opfs-store.ts'
import { openTracked } from '../../../src/storage/opfs/tracked-folder.ts'

let opening: Promise<Library> | undefined
let held: Bytes | undefined
const library = (): Promise<Library> => (opening ??= openLibrary())

/** Files of the test's server as if they had been dropped. */
async function dropped(paths: string[]): Promise<ReturnType<typeof filesTree>> {
  const files = paths.map(async (path): Promise<NamedFile> => {
    const answer = await fetch(`/data/${path.split('/').map(encodeURIComponent).join('/')}`)
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
    return { path, file: new File([await answer.blob()], path) }
  })
  return filesTree(await Promise.all(files))
}

async function keep(paths: string[], name?: string) {
  return keepTree(await dropped(paths), name)
}

async function keepTree(tree: ReturnType<typeof filesTree>, name?: string) {
  const [projectFiles] = await layoutOf(await tree.list(), { name: 'dropped', prefer: 'database' })
  if (!projectFiles) throw new Error('nothing to keep')
  const project = projectFiles.path.replace(/\.db$/, '')
  return (await library()).keep({ tree, files: projectFiles, project, from: 'a test' }, { name })
}

const calls: Record<string, (...args: never[]) => Promise<unknown>> = {
  keep,
  /** A database that is followed by so many empty pages. */
  async keepLarge(path: string, bytes: number) {
    const tree = await dropped([path])
    const file = new File([await tree.blob(path), new Uint8Array(bytes)], path)
    return keepTree(filesTree([{ path, file }]))
  },
  list: async () => (await library()).list(),
  rename: async (name: string, to: string) => (await library()).rename(name, to),
  remove: async (name: string) => (await library()).remove(name),
  room: async () => (await library()).room(),
  /** Rows by run, read out of the kept copy. */
  async rows(name: string) {
    const { tree, files: projectFiles } = await (await library()).open(name)
    const file = await openDataset(projectFiles, tree, {})
    await file.read(() => {})
    return Object.fromEntries(
      file.projects.flatMap(({ reader }) => reader.runs().map((run) => [run.name, run.rows])),
    )
  },
  async exported(name: string) {
    const { tree, files: projectFiles, kept } = await (await library()).open(name)
    if (!isDatabase(projectFiles)) throw new Error(projectFiles.format)
    const source = await openSource(projectFiles, tree)
    const files: Record<string, number> = {}
    await exportParquet(source, kept.project, (path, blob) => {
      files[path] = blob.size
    })
    const db = await exportDatabase(source)
    return { files, db: db.size, head: new TextDecoder().decode(await db.slice(0, 15).arrayBuffer()) }
  },
  /** Every file of this origin's storage with its size, leftovers too. */
  async files() {
    const found: Record<string, number> = {}
    for await (const [path, { size }] of (await openFolder('')).files()) found[path] = size
    return found
  },
  /** From now on the browser says how much is left, as Firefox and Safari do. */
  async say(quota: number) {
    StorageManager.prototype.estimate = async () => ({ usage: 1_000_000, quota })
  },
  async hold(name: string) {
    const { tree, files: projectFiles } = await (await library()).open(name)
    held = await tree.bytes(projectFiles.path)
    return held.size
  },
  async heldByte() {
    return (await held?.load(0, 16))?.length
  },
  /** A write that never ends, to be killed in. */
  async endless() {
    const store = await openStore('trackio-lite/library')
    const forever = async function* (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(100_000)
      await new Promise(() => {})
    }
    await store.locked('keep', () => store.write('half-12345678/half.db', forever()), 'shared')
  },
  /**
   * Rows of a database that is held open for writing meanwhile, as the tracking API does; then one page of it
   * changes.
   */
  async tracked(path: string) {
    const bytes = new Uint8Array(await (await (await dropped([path])).blob(path)).arrayBuffer())
    const access = await (await openFolder('trackio')).open(path)
    try {
      access.write(bytes, 0)
      access.flush()
      const tree = await openTracked(async () => true)
      const [projectFiles] = await layoutOf(await tree.list(), { name: 'tracked', prefer: 'database' })
      if (!projectFiles) throw new Error('nothing tracked')
      const file = await openDataset(projectFiles, tree, {})
      await file.read(() => {})
      const before = await tree.bytes(path)
      access.write(bytes.subarray(0, 4096), 0)
      access.flush()
      const changed = await before.load(0, 16).then(
        () => 'not noticed',
        (cause: Error) => cause.name,
      )
      return { rows: file.projects.flatMap(({ reader }) => reader.runs().map((run) => run.rows)), changed }
    } finally {
      access.close()
    }
  },
  async twoWrites() {
    const store = await openStore('two')
    const write = (byte: number): Promise<void> =>
      store.write('a/b.bin', [new Uint8Array(1e6).fill(byte), new Uint8Array(1e6).fill(byte)])
    await Promise.all([write(1), write(2)])
    const bytes = await (await store.bytes('a/b.bin')).load(0, 2e6)
    const paths = (await store.list()).map(({ path, size }) => `${path} ${size}`)
    await store.remove('a')
    return { paths, same: bytes.every((byte) => byte === bytes[0]), after: await store.list() }
  },
}

self.onmessage = async ({
  data: { id, method, args },
}: MessageEvent<{ id: number; method: string; args: never[] }>) => {
  let answer: unknown
  try {
    answer = (await calls[method]?.(...args)) ?? null
  } catch (cause) {
    answer =
      cause instanceof Error
        ? { ...cause, failed: true, name: cause.name, message: cause.message }
        : String(cause)
  }
  self.postMessage({ id, answer })
}
