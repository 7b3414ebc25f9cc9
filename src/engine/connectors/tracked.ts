import type { LocalStoreApi } from '../../bridge/writer-api.ts'
import { TrackioError } from '../../model/errors.ts'
import type { TrackedProject } from '../../model/library.ts'
import { openTracked, type TrackedTree } from '../../storage/opfs/tracked-folder.ts'
import type { OpenFile } from '../formats/dataset.ts'
import { bytesOf, layoutOf, stemOf, type Unit } from '../formats/layout.ts'
import { readWal } from '../formats/sqlite/wal.ts'
import { type Connector, EVERY, treeConnector } from './connector.ts'

type RunName = { id: string | null; name: string }

const LAYOUT = { name: 'this browser', prefer: 'database' as const }

/** What this browser's own tracking wrote, and writes. */
export async function trackedConnector(): Promise<Connector> {
  const tree = await tracked()
  const connector = treeConnector(tree, LAYOUT)
  return {
    ...connector,
    writable: true,
    open: async (unit, options) => changeable(await connector.open(unit, options), stemOf(unit.path)),
    live: 'engine',
    every: EVERY.near,
    link: { as: 'tracked', texts: [''] },
    async look() {
      const units = await unitsOf(tree)
      if (units.length > 0) return units
      throw new TrackioError(
        LAYOUT.name,
        'nothing was tracked in it yet',
        'Call trackio.init() and log() in a page of this site.',
      )
    },
  }
}

export async function trackedProjects(): Promise<TrackedProject[]> {
  const units = await unitsOf(await tracked())
  return units.map((unit) => ({ name: stemOf(unit.path), bytes: bytesOf(unit) }))
}

let writer: LocalStoreApi | undefined
let changing: Promise<unknown> = Promise.resolve()

/**
 * Changes what was tracked, as one of those that take turns in owning the storage: a tab that tracks does it,
 * or else this worker, which gives the storage back afterwards.
 */
export function changeTracked<T>(act: (writer: LocalStoreApi) => Promise<T>): Promise<T> {
  const change = async (): Promise<T> => {
    if (writer) await writer.resume()
    else writer = (await import('../tracking/browser-writer.ts')).browserWriter()
    try {
      const { kind, why } = await writer.keeping()
      if (kind === 'memory')
        throw new TrackioError(LAYOUT.name, `this page may not change what is stored: ${why ?? 'no storage'}`)
      return await act(writer)
    } finally {
      await writer.suspend()
    }
  }
  const result = changing.then(change, change)
  changing = result
  return result
}

/** Runs of the project can be changed; what was read of it is then read anew. */
function changeable(file: OpenFile, project: string): OpenFile {
  const refresh = file.refresh.bind(file)
  let changed = false
  const change = async (
    id: string | null,
    act: (writer: LocalStoreApi, id: string) => Promise<unknown>,
  ): Promise<void> => {
    if (id === null) throw new TrackioError(project, 'a run without an id was not tracked here')
    await changeTracked(async (one) => {
      await act(one, id)
      // before the storage is given back: that folds the log, and whoever looks then must see more than new
      // rows
      changed = true
    })
  }
  return Object.assign(file, {
    refresh: async (unit: Unit) => (changed ? 'other' : refresh(unit)),
    renameRun: (_: string, run: RunName, name: string) =>
      change(run.id, (one, id) => one.renameRun(project, id, name)),
    deleteRun: (_: string, run: RunName) => change(run.id, (one, id) => one.deleteRun(project, id)),
  })
}

function tracked(): Promise<TrackedTree> {
  return openTracked(async (wal) => (await readWal(wal)) !== undefined)
}

async function unitsOf(tree: TrackedTree): Promise<Unit[]> {
  return layoutOf(await tree.databases(), LAYOUT)
}
