import { TrackioError } from '../model/errors.ts'
import { openTracked, type TrackedTree } from '../storage/tracked.ts'
import { type Door, EVERY, treeDoor } from './door.ts'
import { readWal } from './formats/sqlite/wal.ts'
import { layoutOf, stemOf, type Unit } from './layout.ts'

const LAYOUT = { name: 'this browser', prefer: 'database' as const }

/** What this browser's own tracking wrote, and writes. */
export async function trackedDoor(): Promise<Door> {
  const tree = await tracked()
  return {
    ...treeDoor(tree, LAYOUT),
    live: 'engine',
    every: EVERY.near,
    link: { as: 'tracked', texts: [''] },
    async look() {
      const units = await unitsOf(tree)
      if (units.length > 0) return units
      throw new TrackioError(LAYOUT.name, 'nothing was tracked in it yet', 'Call trackio.init() and log() in a page of this site.')
    },
  }
}

/** Names of the projects there; none where the browser lets this page store nothing. */
export async function trackedNames(): Promise<string[]> {
  const units = await unitsOf(await tracked())
  return units.map(({ path }) => stemOf(path))
}

function tracked(): Promise<TrackedTree> {
  return openTracked(async (wal) => (await readWal(wal)) !== undefined)
}

async function unitsOf(tree: TrackedTree): Promise<Unit[]> {
  return layoutOf(await tree.databases(), LAYOUT)
}
