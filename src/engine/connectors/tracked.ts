import type { LocalStoreApi } from '../../bridge/writer-api.ts'
import { TrackioError } from '../../model/errors.ts'
import type { TrackedProject } from '../../model/library.ts'
import { openTracked, type TrackedTree } from '../../storage/opfs/tracked-folder.ts'
import type { OpenDataset } from '../formats/dataset.ts'
import { layoutOf } from '../formats/layout.ts'
import { type ProjectFiles, stemOf } from '../formats/project-files.ts'
import { bytesOf } from '../formats/registry.ts'
import { readWal } from '../formats/sqlite/wal.ts'
import { type Connector, EVERY, treeConnector } from './connector.ts'

const LAYOUT = { name: 'this browser', prefer: 'database' as const }

/** What this browser's own tracking wrote, and writes. */
export async function trackedConnector(): Promise<Connector> {
  const tree = await tracked()
  const connector = treeConnector(tree, LAYOUT)
  return {
    ...connector,
    writable: true,
    open: async (files, options) => withMetadata(await connector.open(files, options), stemOf(files.path)),
    live: 'engine',
    every: EVERY.near,
    link: { as: 'tracked', texts: [''] },
    async look() {
      const found = await projectsOf(tree)
      if (found.length > 0) return found
      throw new TrackioError(
        LAYOUT.name,
        'nothing was tracked in it yet',
        'Call trackio.init() and log() in a page of this site.',
      )
    },
  }
}

export async function trackedProjects(): Promise<TrackedProject[]> {
  const found = await projectsOf(await tracked())
  return found.map((files) => ({ name: stemOf(files.path), bytes: bytesOf(files) }))
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

/** What people write about its runs can stand in the project itself. */
function withMetadata(dataset: OpenDataset, project: string): OpenDataset {
  return Object.assign(dataset, {
    setMetadata: (_: string, key: string, value: string) =>
      changeTracked((one) => one.setMetadata(project, key, value)),
  })
}

function tracked(): Promise<TrackedTree> {
  return openTracked(async (wal) => (await readWal(wal)) !== undefined)
}

async function projectsOf(tree: TrackedTree): Promise<ProjectFiles[]> {
  return layoutOf(await tree.databases(), LAYOUT)
}
