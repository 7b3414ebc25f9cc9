import { nextTurn } from '../../../bridge/turn.ts'
import { TrackioError } from '../../../model/errors.ts'
import { trim } from '../../columns/series-store.ts'
import { stemOf } from '../project-files.ts'
import { makePages, type Pages } from './database-image.ts'
import type { OpenFile, Slices } from './open-file.ts'
import { isSampledFirst, takeSample } from './sqlite-sample.ts'

/** 450 MB/s in large blocks (browser-platform measurements). */
const READ_THROUGH = { block: 16 << 20, keep: 5, ahead: 3 }
/** A slice of reading: after so many ms, waiting requests are answered. */
const SLICE_MS = 12
/** A file that is read within this time is shown once, whole; then what was read is shown so often. */
const SHOWN_FIRST_MS = 600
const SHOWN_EVERY_MS = 350

/**
 * Reads the rows that were not read yet: a sample first where the file is large, then all. Throws TrackioError;
 * other failures end in the state `failed`, with what was read until then.
 */
export async function readFile(
  file: OpenFile,
  onProgress: (what: 'rows' | 'sample') => void,
  whole = false,
): Promise<void> {
  if (!file.rows || file.state === 'done') {
    file.state = 'done'
    file.listProjects()
    return
  }
  file.stop = 'no'
  file.active = true
  file.wholeWanted ||= whole
  file.state = 'reading'
  file.failure = undefined
  try {
    await readRows(file, onProgress)
  } catch (cause) {
    fail(file, cause)
  } finally {
    file.active = false
    file.bytesDone = file.through?.bytesRead ?? file.image.size
  }
}

async function readRows(file: OpenFile, onProgress: (what: 'rows' | 'sample') => void): Promise<void> {
  const { rows, input } = file
  if (!rows) return
  const slices = makeSlices(file, onProgress)
  file.through ??= makePages(file.image, { ...READ_THROUGH, block: blockFor(file.image.db.size) })
  if (isSampledFirst(file)) {
    await takeSample(file, slices)
    // half a sample would show half of the project: it is taken again
    if (stopped(file) === 'pause') return
    file.listProjects()
    onProgress('sample')
  }
  if (input.holdFrom !== undefined && file.image.size > input.holdFrom && !file.wholeWanted) {
    file.state = stopped(file) === 'cancel' ? 'cancelled' : 'held'
    return
  }
  await rows.read(file.through, { after: rows.lastRowid, stop: () => stopped(file) !== 'no', ...slices })
  if (stopped(file) === 'cancel') file.state = 'cancelled'
  if (stopped(file) !== 'no') return
  if (!file.following) await compareIndex(file, file.through)
  if (file.sorter && !(await file.sorter.sort(file.image, rows.runs))) file.tangled = true
  await addInbox(file)
  // what is followed goes on growing: the room that doubling left is for its next rows
  if (!file.following) for (const run of rows.runs) trim(run.columns)
  file.state = 'done'
  file.samples = undefined
  file.through = undefined
  file.listProjects()
}

function makeSlices(file: OpenFile, onProgress: (what: 'rows') => void): Slices {
  let ends = performance.now() + SLICE_MS
  let showAt = performance.now() + SHOWN_FIRST_MS
  return {
    pauseDue: () => performance.now() > ends,
    async pause() {
      file.bytesDone = file.through?.bytesRead ?? 0
      if (performance.now() > showAt && file.rows && file.rows.rows > 0) {
        file.listProjects()
        onProgress('rows')
        showAt = performance.now() + SHOWN_EVERY_MS
      }
      await nextTurn()
      ends = performance.now() + SLICE_MS
    },
  }
}

/** A question, since the answer changes while something is awaited. */
function stopped(file: OpenFile): OpenFile['stop'] {
  return file.stop
}

function fail(file: OpenFile, cause: unknown): void {
  const { path } = file.input
  file.state = 'failed'
  if (cause instanceof TrackioError) {
    file.failure = { level: 'error', subject: path, text: cause.message, action: cause.action }
    throw cause
  }
  file.failure = {
    level: 'error',
    subject: path,
    text: cause instanceof Error ? cause.message : String(cause),
    action: 'What was read until then is shown.',
  }
}

/** Rows that fell out of the table are still in its indexes. What is damaged otherwise has been said. */
async function compareIndex({ rows, damage, schema, root }: OpenFile, through: Pages): Promise<void> {
  if (!rows || damage.length > 0 || rows.damage.length > 0) return
  const read = rows.rows + rows.namelessRows
  for (const { name, table: of, sql, root: start } of schema.indexes) {
    if (of.toLowerCase() !== 'metrics' || /\)\s*where\b/i.test(sql)) continue
    const { countIndex } = await import('./index-count.ts')
    const entries = await countIndex(through, start)
    if (entries === undefined || entries === read) continue
    damage.push({ page: root, why: `the table has ${read} rows, its index ${name} ${entries}` })
    return
  }
}

/** Rows that the database does not have yet; loaded with the code for them, which few databases need. */
async function addInbox(file: OpenFile): Promise<void> {
  const { rows, table, input, beside, image, hasIds } = file
  if (!rows || !table) return
  const { fragments: waiting, skipped } = (await input.inbox?.()) ?? { fragments: [], skipped: 0 }
  file.skippedLines = skipped
  if (waiting.length === 0) return
  const { addInbox } = await import('./inbox.ts')
  file.merged += await addInbox(
    { rows, table, tables: beside.tables, image, hasIds, project: stemOf(input.path) },
    waiting,
  )
}

/**
 * Four blocks are read side by side: a small file in one go, a large one in pieces of 16 MiB. A power of two,
 * so whole pages.
 */
function blockFor(size: number): number {
  let block = 1 << 20
  while (block < READ_THROUGH.block && block * 4 < size) block *= 2
  return block
}
