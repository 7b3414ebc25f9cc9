import { spreadLeaves } from './btree.ts'
import { LOOK_UP, makePages } from './database-image.ts'
import type { OpenFile, Slices } from './open-file.ts'
import { makeRowReader } from './sqlite-rows.ts'

/** Files beyond this size are sampled first: below it all rows are read in the time the sample would take. */
const SAMPLE_FROM = 160 << 20
/** Places of a sample, and how many of them are read side by side. */
const NEAR = { places: 128, look: LOOK_UP }
const BATCH = 64
/** The same behind a network: with the pages on the way to them some 4 MB, however large the file is. */
const FAR = { places: 48, look: { block: 32 << 10, keep: 512, ahead: 0 } }

export function isSampledFirst({ image, input, samples, rows }: OpenFile): boolean {
  return image.size > (input.holdFrom ?? SAMPLE_FROM) && !samples && rows?.rows === 0
}

/** Pages for looking things up in a file, as far away as it is. */
export function lookUpPages(far: boolean): typeof LOOK_UP {
  return far ? FAR.look : LOOK_UP
}

/** Reads rows from places all over the file into `samples`, unless it is paused. */
export async function takeSample(file: OpenFile, { pauseDue, pause }: Slices): Promise<void> {
  const { table, rows, image, root, input } = file
  if (!table || !rows) return
  const reader = makeRowReader(table, { keys: rows.keys, keepRowids: true })
  if (!reader) return
  const { look, places: count } = input.holdFrom === undefined ? NEAR : FAR
  const pages = makePages(image, look)
  const run = Math.max(1, Math.floor(look.block / image.pageSize))
  const places = await spreadLeaves(pages, root, count, run)
  for (let i = 0; i < places.length && file.stop === 'no'; i += BATCH) {
    const batch = places.slice(i, i + BATCH)
    await Promise.all(batch.map(([first]) => first !== undefined && pages.load(first)))
    // of each place what came with its block: the leaves beside it that lie elsewhere would cost a read
    // each
    for (const leaves of batch) reader.sample(pages, leaves)
    if (pauseDue()) await pause()
  }
  if (file.stop !== 'pause') file.samples = reader
}
