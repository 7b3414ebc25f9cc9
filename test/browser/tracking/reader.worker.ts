import type { OpenDataset } from '../../../src/engine/formats/dataset.ts'
import { layoutOf } from '../../../src/engine/formats/layout.ts'
import { openDataset } from '../../../src/engine/formats/registry.ts'
import { readWal } from '../../../src/engine/formats/sqlite/wal.ts'
import { openTracked } from '../../../src/storage/opfs/tracked-folder.ts'

/**
 * What a reader found: steps of each run, in row order, and how often it had to look again because the file
 * changed under it.
 */
export interface Found {
  runs: { name: string; steps: number[] }[]
  again: number
  notices: string[]
}

let file: OpenDataset | undefined

/** Opens (or refreshes) a tracked project as the dashboard does, and says what is in it. */
async function look(project: string): Promise<Found> {
  const tree = await openTracked(async (wal) => (await readWal(wal)) !== undefined)
  let again = 0
  for (;;) {
    const projectFiles = (await layoutOf(await tree.databases(), { name: 'here', prefer: 'database' })).find(
      ({ path }) => path === `${project}.db`,
    )
    if (!projectFiles) throw new Error(`no ${project}`)
    try {
      if (file && (await file.refresh(projectFiles)) === 'other') file = undefined
      if (!file) {
        file = await openDataset(projectFiles, tree, {})
        await file.read(() => {})
      }
      const reader = file.projects[0]?.reader
      return {
        runs: (reader?.runs() ?? []).map((run) => ({
          name: run.name,
          steps: [...run.columns.steps.data.subarray(0, run.rows)],
        })),
        again,
        notices: reader?.notices().map(({ text }) => text) ?? [],
      }
    } catch (cause) {
      // what was read until then stays, and the next look reads on
      if (!(cause instanceof Error) || cause.name !== 'ChangedOnDiskError') throw cause
      again++
    }
  }
}

addEventListener('message', ({ data }: MessageEvent<{ project: string }>) => {
  look(data.project).then(
    (found) => postMessage(found),
    (cause: unknown) => postMessage({ error: String(cause) }),
  )
})
