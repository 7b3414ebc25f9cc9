import { mediaPaths } from '../../compute/media-paths.ts'
import { safePath } from '../../compute/safe-path.ts'
import type { ChangedRun, RunChange } from '../../model/change.ts'
import { TrackioError } from '../../model/errors.ts'
import { canonicalProject } from '../../model/project-name.ts'
import type { FileStore } from '../../storage/opfs/store.ts'
import { formatOf } from '../formats/registry.ts'
import { changeCopy } from '../tracking/change-copy.ts'
import {
  deleteRunsIn,
  forgetUnnamed,
  mediaOf,
  rememberUnnamed,
  renameRunIn,
  unnamedIn,
} from '../tracking/change-runs.ts'
import { copyRuns, forgetMoved, hasMoved, leaveRuns, type Side } from '../tracking/move-runs.ts'
import { runTablesOf } from '../tracking/run-tables.ts'
import type { Shelf } from './saved-note.ts'

export interface Shelves {
  store: FileStore
  find(name: string): Promise<Shelf>
}

/** See `Library.change`. The copy's database is put in place of the old one, so a kill leaves either. */
export async function changeSaved(
  { store, find }: Shelves,
  { name, project }: { name: string; project: string },
  change: RunChange,
  id: string,
): Promise<void> {
  const shelf = databaseOf(await find(name))
  if (change.kind === 'move') {
    const other = databaseOf(await find(change.to))
    if (other.folder === shelf.folder) throw new TrackioError(name, 'the runs are in this project already')
    return moveRuns(store, { ...shelf, part: project }, other, change.runs, id)
  }
  await editDatabase(store, shelf, project, (side) => {
    if (change.kind === 'rename')
      renameRunIn(side.db, side.tables, shelf.kept.project, change.runs[0], change.name)
    else rememberUnnamed(side.db, side.tables, id, deleteRunsIn(side.db, side.tables, change.runs))
    return unnamedIn(side.db, side.tables)
  }).then((paths) => removeMedia(store, shelf, paths))
}

async function moveRuns(
  store: FileStore,
  from: Shelf & { part: string },
  to: Shelf,
  runs: readonly ChangedRun[],
  id: string,
): Promise<void> {
  const unnamed = await editDatabase(store, from, from.part, async (source) => {
    const there = await copyMedia(store, from, to, runs, source)
    await editDatabase(store, to, to.kept.project, (target) => {
      if (!hasMoved(source, target, runs, id)) copyRuns(source, target, runs, id, (path) => there.get(path))
    })
    rememberUnnamed(source.db, source.tables, id, leaveRuns(source, runs, sideName(to)))
    return unnamedIn(source.db, source.tables)
  })
  await removeMedia(store, from, unnamed)
  await editDatabase(store, to, to.kept.project, (target) => forgetMoved(target, id))
}

/** Copies the files that the runs name to the other project's folder; where each is there. */
async function copyMedia(
  store: FileStore,
  from: Shelf,
  to: Shelf,
  runs: readonly ChangedRun[],
  { db, tables }: Side,
): Promise<Map<string, string>> {
  const there = new Map<string, string>()
  for (const run of runs) {
    for (const path of mediaOf(db, tables, run)) {
      const found = await mediaFile(store, from, path)
      if (found === undefined) continue // lost before: the value says so there as it does here
      const below = path.replaceAll('\\', '/').replace(/^media\//, '')
      const place = `${sideName(to)}/${safePath(below.slice(below.indexOf('/') + 1))}`
      await store.write(`${to.folder}media/${place}`, piecesOf(await store.blob(found)))
      there.set(path, place)
    }
  }
  return there
}

/** Few copies have media, so that few databases are copied once more for it. */
async function removeMedia(store: FileStore, shelf: Shelf, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return
  for (const path of paths) {
    const found = await mediaFile(store, shelf, path)
    if (found !== undefined) await store.remove(found)
  }
  await editDatabase(store, shelf, '', ({ db, tables }) => forgetUnnamed(db, tables))
}

async function mediaFile(
  store: FileStore,
  { folder, kept }: Shelf,
  path: string,
): Promise<string | undefined> {
  for (const place of mediaPaths(path, `${folder}media/`, [`${kept.project}/`]).reverse())
    if (await store.find(place)) return place
  return undefined
}

const PIECE = 4 << 20

async function* piecesOf(blob: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < blob.size; at += PIECE)
    yield new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer())
}

/** `part`: the project as it is listed, which rows of the first releases name. */
function editDatabase<T>(
  store: FileStore,
  shelf: Shelf,
  part: string,
  act: (side: Side) => T | Promise<T>,
): Promise<T> {
  const project = sideName(shelf)
  return store.edit(shelf.folder + shelf.files.path, (copy) =>
    changeCopy(shelf.kept.name, copy, (db) => act({ db, tables: runTablesOf(db, project, part), project })),
  )
}

/** What its rows and the links of other projects call it. */
function sideName({ kept }: Shelf): string {
  return canonicalProject(kept.project)
}

function databaseOf(shelf: Shelf): Shelf {
  const { database, called } = formatOf(shelf.files)
  const { name } = shelf.kept
  if (!database)
    throw new TrackioError(
      name,
      `this copy is ${called}, whose runs cannot be changed`,
      'Keep a copy of the project’s .db file.',
    )
  if (database.waiting(shelf.files) > 0)
    throw new TrackioError(
      name,
      'rows of it wait in files of the inbox beside its database, where they cannot be changed',
      'Have trackio import them (trackio show does), and keep another copy.',
    )
  return shelf
}
