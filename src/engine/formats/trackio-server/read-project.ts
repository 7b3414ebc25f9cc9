import { nextTurn } from '../../../bridge/turn.ts'
import { ChangedOnDiskError, isAbort, TrackioError } from '../../../model/errors.ts'
import { BEFORE_ALL, type OpenProject, rowsThere } from './open-project.ts'
import { makeParts } from './row-parts.ts'
import { idOf, type Row, spreadIds } from './server-tables.ts'

/** Projects of more rows are sampled first: fewer are read in about a second. */
const SAMPLE_FROM = 40_000
const SAMPLE_PLACES = 128
const SAMPLE_LENGTH = 8
/** A project that is read within this time is shown once, whole; then what was read is shown so often. */
const SHOWN_FIRST_MS = 600
const SHOWN_EVERY_MS = 350

/**
 * Takes the rows that were not taken yet: a sample first where there are many, then all. Throws TrackioError;
 * other failures end in the state `failed`, with what was read until then.
 */
export async function readProject(
  of: OpenProject,
  onProgress: (what: 'rows' | 'sample') => void,
  whole = false,
): Promise<void> {
  if (of.state === 'done') return
  of.state = 'reading'
  of.failure = undefined
  of.stop = undefined
  of.wholeWanted ||= whole
  const inFlight = new AbortController()
  of.inFlight = inFlight
  try {
    await readRows(of, onProgress, inFlight.signal)
  } catch (cause) {
    fail(of, cause)
  } finally {
    of.inFlight = undefined
  }
}

async function readRows(
  of: OpenProject,
  onProgress: (what: 'rows' | 'sample') => void,
  signal: AbortSignal,
): Promise<void> {
  let showAt = performance.now() + SHOWN_FIRST_MS
  if (rowsThere(of) > SAMPLE_FROM && of.taken === 0 && !of.samples) {
    await takeSample(of, signal)
    onProgress('sample')
  }
  if (!of.wholeWanted && of.holdFrom !== undefined && of.bytesInAll > of.holdFrom) {
    of.state = stopped(of) === 'cancel' ? 'cancelled' : 'held'
    return
  }
  await takeRows(of, signal, async () => {
    of.listProjects(of.parts)
    if (performance.now() > showAt) {
      onProgress('rows')
      showAt = performance.now() + SHOWN_EVERY_MS
    }
    await nextTurn()
  })
  if (of.replaced)
    throw new ChangedOnDiskError(
      of.project,
      'its rows were changed at the server while they were read',
      'They are read anew.',
    )
  if (stopped(of) === 'cancel') of.state = 'cancelled'
  if (stopped(of)) return
  of.late = of.parts.settle()
  of.samples = undefined
  of.state = 'done'
  of.listProjects(of.parts)
}

/** A question, since the answer changes while something is awaited. */
function stopped(of: OpenProject): OpenProject['stop'] {
  return of.stop
}

function fail(of: OpenProject, cause: unknown): void {
  if (stopped(of) === 'cancel' && isAbort(cause)) {
    of.state = 'cancelled'
    return
  }
  of.state = 'failed'
  const text = cause instanceof Error ? cause.message : String(cause)
  const action = cause instanceof TrackioError ? cause.action : 'What was read until then is shown.'
  of.failure = { level: 'error', subject: of.project, text, action }
  if (cause instanceof TrackioError) throw cause
}

/**
 * Rows up to the highest id of `head`, page by page; the next page is on its way while one is taken. Begins
 * with the last row that is known, if there is one, and takes none when that is not what it was.
 */
async function takeRows(of: OpenProject, signal: AbortSignal, between: () => Promise<void>): Promise<void> {
  const { highest, gaps } = of.head
  // a page that was asked for before reading paused follows what was known then
  const goesOn = of.ahead?.from === of.lastId + 1 && of.ahead.to === highest
  let known = goesOn ? undefined : of.lastRow && of.lastId
  let from = goesOn ? of.lastId + 1 : (known ?? BEFORE_ALL)
  if (highest === gaps) return // no row at all
  while (from <= highest && !stopped(of)) {
    const asked =
      of.ahead?.from === from && of.ahead.to === highest
        ? of.ahead.page
        : of.pager.next(from, highest, { signal, known })
    of.ahead = undefined
    const page = await asked
    const last = page.rows.at(-1)
    const end = page.rows.length < page.limit || last === undefined
    from = end ? highest + 1 : idOf(last) + 1
    if (!end && from <= highest && !stopped(of)) {
      of.ahead = { from, to: highest, page: of.pager.next(from, highest, { signal }) }
      // it fails for whoever awaits it; nobody may, when reading is stopped meanwhile
      of.ahead.page.catch(() => {})
    }
    if (known !== undefined) {
      const first = page.rows.shift()
      of.replaced = !first || !of.lastRow || !sameRow(first, of.lastRow)
      if (of.replaced) return
      known = undefined
    }
    for (const row of page.rows) {
      of.taken++
      of.lastRow = row
      of.lastId = idOf(row)
      of.parts.add(row, page)
    }
    // what was logged stays in the columns only
    if (of.lastRow) of.lastRow = { ...of.lastRow, m: undefined }
    await between()
  }
}

export async function takeSample(of: OpenProject, signal: AbortSignal): Promise<void> {
  const before = of.bytes
  const page = await of.pager.some(spreadIds(of.head.highest, SAMPLE_PLACES, SAMPLE_LENGTH), signal)
  const found = makeParts(() => of.tables, of.parts.keys)
  for (const row of page.rows) found.add(row, page)
  of.bytesInAll = Math.round(((of.bytes - before) * rowsThere(of)) / Math.max(1, page.rows.length))
  of.samples = found
  of.samplesTaken++
  of.sampledAt = rowsThere(of)
  of.listProjects(found)
}

function sameRow(a: Row, b: Row): boolean {
  return ['i', 'p', 'r', 'n', 't', 's'].every((column) => a[column] === b[column])
}
