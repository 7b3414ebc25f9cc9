import type { RunChange } from '../../model/change.ts'
import { TrackioError } from '../../model/errors.ts'
import type { KeptProject, StorageRoom } from '../../model/library.ts'
import { canonicalProject } from '../../model/project-name.ts'
import { openStore } from '../../storage/opfs/opfs-store.ts'
import { below, type FileStore } from '../../storage/opfs/store.ts'
import type { Tree, TreeEntry } from '../../storage/tree.ts'
import { planCopy } from '../exports/copy-plan.ts'
import { layoutOf } from '../formats/layout.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { formatOf } from '../formats/registry.ts'
import { NOTE, readNote, type Shelf, writeNote } from './saved-note.ts'

/** Where kept projects are in this browser's private storage. */
const LIBRARY = 'trackio-lite/library'

/** What is to be kept: one part of a source. */
export interface Keepable {
  tree: Tree
  files: ProjectFiles
  /** As trackio lists it. */
  project: string
  /** In words: `trackio/demo.db`, an address. */
  from: string
}

export interface KeepOptions {
  /** What the copy is called; the project's name without it. One that is taken gets a number. */
  name?: string | undefined
  signal?: AbortSignal | undefined
  /** Bytes that are kept so far, and in all. */
  onProgress?: ((bytes: number, totalBytes: number) => void) | undefined
}

/**
 * Projects of which this browser keeps copies. Each is a folder of its own, laid out as trackio's, with a
 * note that is written last: a folder without one is a copy that was broken off, and is cleared away. All
 * ways throw TrackioError.
 */
export interface Library {
  /** By name. */
  list(): Promise<KeptProject[]>
  /**
   * Copies a project into the library, whole or not at all: a database with its write-ahead log folded in, a
   * Parquet export as it is, lines of fragments; media and artifacts where the source lists them. A project of
   * a live server cannot be kept.
   */
  keep(what: Keepable, options?: KeepOptions): Promise<KeptProject>
  /** What `openDataset` takes. */
  open(name: string): Promise<{ tree: Tree; files: ProjectFiles; kept: KeptProject }>
  /** The files of an open one as they are now; undefined where it is gone or has another name. */
  now(name: string, opened: ProjectFiles): Promise<ProjectFiles | undefined>
  /** Throws where another one is called so. */
  rename(name: string, to: string): Promise<KeptProject>
  /**
   * Changes runs of a copy, all or none. Runs move to another copy. `project`: as it is listed. `id`: random,
   * the same when the same is asked again, after which nothing is done twice. Throws where that copy is no
   * database.
   */
  change(what: { name: string; project: string }, change: RunChange, id: string): Promise<void>
  remove(name: string): Promise<void>
  room(): Promise<StorageRoom>
}

/** The library in this browser's private storage. Rejects where there is none, see `openStore`. */
export async function openLibrary(): Promise<Library> {
  return makeLibrary(await openStore(LIBRARY))
}

export function makeLibrary(store: FileStore): Library {
  let swept: Promise<void> | undefined

  return {
    async list() {
      swept ??= sweep().catch(() => {
        // leftovers are in nobody's way: clearing them away is tried again next time
        swept = undefined
      })
      await swept
      return (await shelves()).map(({ kept }) => kept).sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    async keep({ tree, files, project, from }, options = {}) {
      const { copy, called } = formatOf(files)
      if (!copy) {
        throw new TrackioError(
          project,
          `${called} has no file that could be copied`,
          'Copy its .db file where the server runs and open that, or keep it out of its bucket or Dataset.',
        )
      }
      return store.locked('keep', () => copyIn({ tree, files, project, from }, options), 'shared')
    },
    async open(name) {
      const { folder, files, kept } = await find(name)
      return { tree: below(store, folder), files, kept }
    },
    async now(name, opened) {
      const found = (await shelves()).find(({ note }) => note.name === name)
      return found?.files.path === opened.path ? found.files : undefined
    },
    async rename(name, to) {
      const wanted = to.trim()
      if (wanted === '') throw new TrackioError(name, 'the new name is empty', 'Type a name.')
      return changingNames(async () => {
        const { folder, note, kept } = await find(name)
        if (wanted === name) return kept
        if ((await names()).includes(wanted)) {
          throw new TrackioError(
            wanted,
            'there is already a kept project of this name',
            'Choose another name, or delete that one first.',
          )
        }
        await writeNote(store, folder, { ...note, name: wanted })
        return { ...kept, name: wanted }
      })
    },
    change: (what, change, id) =>
      // what a broken-off change leaves behind is cleared away while nobody changes anything
      store.locked(
        'keep',
        async () => {
          const { changeSaved } = await import('./change-saved.ts')
          return store.locked('change', () => changeSaved({ store, find }, what, change, id))
        },
        'shared',
      ),
    async remove(name) {
      const { folder } = await find(name)
      // the note first: a removal that is broken off after it leaves nothing that looks whole
      await store.remove(folder + NOTE)
      await store.remove(folder)
    },
    room: () => store.room(),
  }

  async function copyIn(
    { tree, files, project, from }: Keepable,
    options: KeepOptions,
  ): Promise<KeptProject> {
    const { signal, onProgress } = options
    const folder = `${canonicalProject(project)}-${crypto.randomUUID().slice(0, 8)}/`
    const plan = await planCopy({ tree, files, project }, true, signal)
    const total = plan.reduce((sum, { size }) => sum + size, 0)
    await store.ensureRoom(project, total)
    try {
      let done = 0
      for (const { to, size, chunks } of plan) {
        await store.write(folder + to, chunks(signal), {
          size,
          signal,
          onProgress: (bytes) => onProgress?.(done + bytes, total),
        })
        done += size
      }
      signal?.throwIfAborted()
      return await changingNames(async () => {
        const name = freeName(options.name?.trim() || project, await names())
        await writeNote(store, folder, { name, project, from, kept: Date.now() })
        return (await find(name)).kept
      })
    } catch (cause) {
      // what ended it is what counts; leftovers are cleared away another time if not now
      await store.remove(folder).catch(() => {})
      // where in the library a file would have been is nobody's business
      if (cause instanceof TrackioError && cause.subject.startsWith(folder))
        throw new TrackioError(project, cause.message, cause.action)
      throw cause
    }
  }

  /** Names are looked at and written by one tab at a time; nobody clears away meanwhile. */
  function changingNames<T>(task: () => Promise<T>): Promise<T> {
    return store.locked('keep', () => store.locked('names', task), 'shared')
  }

  async function names(): Promise<string[]> {
    return (await shelves()).map(({ note }) => note.name)
  }

  async function find(name: string): Promise<Shelf> {
    const found = (await shelves()).find(({ note }) => note.name === name)
    if (!found)
      throw new TrackioError(
        name,
        'this browser keeps no project of this name',
        'It may have been renamed or deleted in another tab.',
      )
    return found
  }

  async function shelves(): Promise<Shelf[]> {
    const byFolder = new Map<string, TreeEntry[]>()
    for (const entry of await store.list()) {
      const folder = entry.path.slice(0, entry.path.indexOf('/') + 1)
      byFolder.set(folder, [
        ...(byFolder.get(folder) ?? []),
        { ...entry, path: entry.path.slice(folder.length) },
      ])
    }
    const found: Shelf[] = []
    for (const [folder, entries] of byFolder) {
      if (folder === '' || !entries.some(({ path }) => path === NOTE)) continue
      const note = await readNote(store, folder)
      const data = entries.filter(({ path }) => path !== NOTE)
      const [stored] = await layoutOf(data, { name: note.project, prefer: 'database' })
      if (!stored) continue // nothing that can be opened: `keep` refuses to leave such a folder behind
      const { name, project, from, kept } = note
      const bytes = data.reduce((sum, { size }) => sum + size, 0)
      const files = data.filter(({ path }) => /^(media|artifacts)\//.test(path)).length
      const about = { name, project, from, kept, form: stored.format, bytes, files }
      found.push({ folder, note, files: stored, kept: about })
    }
    return found
  }

  async function sweep(): Promise<void> {
    await store.ifFree('keep', async () => {
      const noted = new Set(
        (await store.list())
          .filter(({ path }) => path.endsWith(`/${NOTE}`))
          .map(({ path }) => path.split('/')[0]),
      )
      await store.sweep((folder) => noted.has(folder))
    })
  }
}

/** `demo`, `demo (2)`, `demo (3)` …: what is there is never written over. */
function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted
  for (let n = 2; taken.includes(name); n++) name = `${wanted} (${n})`
  return name
}
