import { nextTurn } from '../../bridge/turn.ts'
import { noticeOf, TrackioError } from '../../model/errors.ts'
import type { RunKey } from '../../model/run.ts'
import type { Notice } from '../../model/source.ts'
import type { Trace, TraceHits, TracePreview, TraceRows } from '../../model/trace.ts'
import { pause } from '../../storage/pause.ts'
import { members } from '../columns/members.ts'
import { bytesOf } from '../columns/series-store.ts'
import { orAborted } from '../formats/or-aborted.ts'
import { addHolder } from '../projects/held.ts'
import type { Project } from '../projects/project.ts'
import { makeTraceProject } from '../projects/trace-project.ts'
import { makeFinder } from '../tables/text-store.ts'
import { makeTraceStore, type TraceStore } from '../tables/trace-store.ts'

/** What is read within this time is shown once, whole. */
const PATIENCE_MS = 500
/** Reading goes on for so long after somebody asked. */
const LEASE_MS = 10_000
/** Of what grows, read anew no sooner than this, nor sooner than this many times what the last reading took. */
const AGAIN_MS = 2000
const AGAIN_TIMES = 5
/** Questions that wait are answered after so long. */
const SLICE_MS = 12
/** First hits are told after this, then all of them again as often. */
const TELL_FIRST_MS = 25
const TELL_MS = 100
/** What stands for a trace among the values of metrics. */
const INLINE = 'trackio.trace'
/** Inline values that are read at a time. */
const AT_ONCE = 100

/** Traces of a project as far as they were read. */
interface Held {
  store: TraceStore
  notices: Notice[]
  /** Readings that ended, by an error too. */
  readings: number
  going: Promise<void> | undefined
  abort: AbortController | undefined
  timer: ReturnType<typeof setTimeout> | undefined
  /** When the last reading ended, and what it took. */
  ended: number
  took: number
  /** Of the project's rows as they were when the last one that succeeded began: every trace comes with one. */
  stamp: string
  /** What the last reading ended by. */
  failure: unknown
  series: { state: string; project: Project } | undefined
  /** The last search that went through everything: a longer text is found where it was. */
  last: { text: string; store: number; count: number; at: Int32Array } | undefined
}

const held = new WeakMap<Project, Held>()

addHolder({
  part: 'traces',
  held(project) {
    const all = held.get(project)
    const { bytes, identities } = all?.series ? columnsHeld(all.series.project) : { bytes: 0, identities: [] }
    return { bytes: (all?.store.held() ?? 0) + bytes, identities }
  },
})

function columnsHeld(series: Project): { bytes: number; identities: object[] } {
  const columns = series.runs().flatMap(({ logged }) => logged?.columns ?? [])
  return {
    bytes: columns.reduce((sum, one) => sum + bytesOf(one), 0),
    identities: columns.flatMap(({ metrics }) => metrics.filter((column) => column !== undefined)),
  }
}

function heldOf(project: Project): Held {
  let found = held.get(project)
  if (!found) {
    found = {
      ...{ store: makeTraceStore(), notices: [], readings: 0, going: undefined, abort: undefined },
      ...{ timer: undefined, ended: 0, took: 0, stamp: '', failure: undefined },
      ...{ last: undefined, series: undefined },
    }
    held.set(project, found)
  }
  return found
}

/**
 * Traces from row `from` of the state `store` on; all of them where that is not the state any more. Of many,
 * those that were read within half a second: whoever asks again gets the next ones.
 */
export async function tracesOf(
  project: Project,
  query: { from: number; store: number },
  signal: AbortSignal | undefined,
): Promise<TraceRows> {
  const all = heldOf(project)
  // whoever has some already waits for the others
  if (query.store !== 0 && isBehind(project, all) && !all.going)
    await pause(Math.max(0, dueAt(all) - performance.now()), signal)
  readOn(project, all)
  const before = query.store === all.store.serial() ? query.from : 0
  const reading = all.going
  if (reading) await orAborted(Promise.race([reading, patience(all, before, signal)]), signal)
  fail(all)
  const same = query.store === all.store.serial() && query.from <= all.store.count()
  return {
    ...all.store.rows(same ? query.from : 0),
    complete: all.going === undefined && !isBehind(project, all),
    first: !all.store.isWhole(),
    readings: all.readings,
    notices: all.failure === undefined ? all.notices : [...all.notices, againNotice(project, all.failure)],
  }
}

/** The trace with this id, once it was read; undefined where there is none. */
export async function traceOf(
  project: Project,
  id: string,
  signal: AbortSignal | undefined,
): Promise<Trace | undefined> {
  const all = heldOf(project)
  const { store } = all
  readOn(project, all)
  // of those that are being read it may be one that is yet to come
  while (store.placeOf(id) === undefined && all.going) {
    lend(all)
    await orAborted(Promise.race([all.going, pause(PATIENCE_MS)]), signal)
  }
  const at = store.placeOf(id)
  if (at !== undefined) return store.trace(at)
  fail(all)
  if (!store.isWhole()) throw new TrackioError(project.info.name, 'its traces were not read to the end')
  return undefined
}

/** Traces as they are stored, by their places in the state `state`; undefined where that is not the state any more. */
export function tracesAt(project: Project, at: readonly number[], state: number): Trace[] | undefined {
  const { store } = heldOf(project)
  return store.serial() === state ? at.flatMap((one) => store.trace(one) ?? []) : undefined
}

const counted = new WeakMap<Project, { stamp: string; counts: Promise<Map<RunKey, number>> }>()

/**
 * How many traces a run has: of those that were read, else of the rows that say whose they are. Undefined where
 * some stand among the values of metrics, of which the source does not tell whose they are.
 */
export async function countTraces(
  project: Project,
  run: RunKey,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  const all = heldOf(project)
  if (all.store.isWhole() && !isBehind(project, all)) return all.store.countOf(run)
  const stamp = stampOf(project)
  let now = counted.get(project)
  if (now?.stamp !== stamp) {
    const counts = project.countTraces()
    now = { stamp, counts }
    counted.set(project, now)
    // what failed is tried again by whoever asks next
    counts.catch(() => counted.get(project)?.counts === counts && counted.delete(project))
  }
  const [counts, beside] = await orAborted(Promise.all([now.counts, project.beside(run)]), signal)
  if (!beside.others && project.catalogue().others.some(({ kinds }) => INLINE in kinds)) return undefined
  const inline = (beside.others ?? []).reduce((sum, { kinds }) => sum + (kinds[INLINE] ?? 0), 0)
  return (counts.get(run) ?? 0) + inline
}

/** Numbers of the traces that were read, as metrics; the same project as long as there are no others. */
export function seriesOf(main: Project): Project {
  const all = heldOf(main)
  const state = `${all.store.serial()} ${all.store.count()}`
  if (all.series?.state !== state) all.series = { state, project: makeTraceProject(main, all.store.rows(0)) }
  return all.series.project
}

/** What lines of the list show, of traces by their places; around the first hit where a text is searched for. */
export function previewsOf(project: Project, at: readonly number[], text: string): TracePreview[] {
  const { store } = heldOf(project)
  const finder = text === '' ? undefined : makeFinder(text)
  return at.map((one) => store.preview(one, finder))
}

/**
 * Looks for a text, without case, in everything that the traces say, as far as they were read; those that were
 * read last first. `tell` is given what was found so far.
 */
export async function searchTraces(
  project: Project,
  text: string,
  tell: ((hits: TraceHits) => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<TraceHits> {
  const begun = performance.now()
  const all = heldOf(project)
  const { store } = all
  const finder = makeFinder(text)
  const [serial, of] = [store.serial(), store.count()]
  const found = { trace: [] as number[], role: [] as number[], hits: [] as number[] }
  const { last } = all
  // as it is written: of a letter in another case other forms may be found
  const narrowed =
    last && last.store === serial && last.count === of && text.includes(last.text) ? last.at : undefined
  const count = narrowed?.length ?? of
  let sliceEnds = begun + SLICE_MS
  let told = begun
  let searched = of
  for (let i = count - 1; i >= 0; i--) {
    const at = narrowed ? (narrowed[i] as number) : i
    store.hitsIn(at, finder, (role, hits) => {
      found.trace.push(at)
      found.role.push(role)
      found.hits.push(hits)
    })
    const now = performance.now()
    if (now < sliceEnds) continue
    if (tell && now - told > (told === begun ? TELL_FIRST_MS : TELL_MS)) {
      told = now
      tell(answer(of - at))
    }
    await nextTurn()
    signal?.throwIfAborted()
    // rows before were read anew meanwhile: whoever asks is told so by the list, and asks again
    if (store.serial() !== serial) {
      searched = of - at
      break
    }
    sliceEnds = performance.now() + SLICE_MS
  }
  if (store.serial() === serial) {
    const at = Int32Array.from(new Set(found.trace)).reverse()
    all.last = { text, store: serial, count: of, at }
  }
  return answer(searched)

  function answer(searched: number): TraceHits {
    return {
      store: serial,
      roles: [...store.roles()],
      trace: Int32Array.from(found.trace),
      role: Int32Array.from(found.role),
      hits: Float64Array.from(found.hits),
      searched,
      of,
      bytes: store.bytes(),
      ms: performance.now() - begun,
    }
  }
}

/** Where the last reading failed and something is missing: that is no answer, and whoever asks again has it tried again. */
function fail(all: Held): void {
  const { failure } = all
  if (failure === undefined || all.store.isWhole()) return
  all.failure = undefined
  throw failure
}

/** All that was read before is there, and what came since is not. */
function againNotice(project: Project, failure: unknown): Notice {
  const notice = noticeOf(failure, project.info.name)
  return { ...notice, text: `what was added to its traces could not be read: ${notice.text}` }
}

/** Waits half a second; then until there is something new to show, of what is not whole. */
async function patience(all: Held, before: number, signal: AbortSignal | undefined): Promise<void> {
  await pause(PATIENCE_MS, signal)
  while (all.going && all.store.count() <= before && !all.store.isWhole()) {
    // a server may take longer for its first rows than reading goes on without anybody who waits
    lend(all)
    await pause(PATIENCE_MS / 5, signal)
  }
}

function isBehind(project: Project, all: Held): boolean {
  return !all.store.isWhole() || all.stamp !== stampOf(project)
}

function dueAt(all: Held): number {
  return all.store.isWhole() ? all.ended + Math.max(AGAIN_MS, AGAIN_TIMES * all.took) : 0
}

function stampOf(project: Project): string {
  return project
    .runs()
    .map(({ key, name, logged }) => `${key} ${name} ${logged?.rows ?? 0}`)
    .join('\n')
}

function lend(all: Held): void {
  clearTimeout(all.timer)
  const { abort } = all
  if (abort) all.timer = setTimeout(() => abort.abort(), LEASE_MS)
}

function readOn(project: Project, all: Held): void {
  if (!all.going) {
    if (!isBehind(project, all) || performance.now() < dueAt(all)) return
    const stamp = stampOf(project)
    const abort = new AbortController()
    all.abort = abort
    const begun = performance.now()
    all.failure = undefined
    all.going = read(project, all.store, abort.signal)
      .then(
        (notices) => {
          all.notices = notices
          all.stamp = stamp
          all.readings++
        },
        (cause: unknown) => {
          // nobody waits any longer for what was given up
          if (abort.signal.aborted) return
          all.failure = cause
          all.readings++
        },
      )
      .finally(() => {
        all.ended = performance.now()
        all.took = all.ended - begun
        clearTimeout(all.timer)
        all.going = all.abort = undefined
      })
  }
  lend(all)
}

async function read(project: Project, store: TraceStore, signal: AbortSignal): Promise<Notice[]> {
  store.begin()
  const notices = await project.eachTrace((row) => store.take(row), signal)
  await readInline(project, store, signal)
  store.end()
  return notices
}

/** Traces of before 0.26 are values of their rows. */
async function readInline(project: Project, store: TraceStore, signal: AbortSignal): Promise<void> {
  const found = await project.typedValues([INLINE], signal)
  const count = found.row.length
  for (let from = 0; from < count; from += AT_ONCE) {
    const places = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => ({
      run: found.runs[found.run[from + i] as number] as string,
      key: found.keys[found.key[from + i] as number] as string,
      row: found.row[from + i] as number,
    }))
    const texts = await project.valueTexts(places, signal)
    for (const [i, { run, key, row }] of places.entries()) {
      const [one, text] = [project.run(run), texts[i]]
      if (!one || text === undefined) continue
      const stored = await project.rows(one, { keys: [], from: row, count: 1 }, signal)
      const step = found.step[from + i] as number
      const parts = members(text)
      store.take({
        id: [run, String(step), key].join(':'),
        ...{ run, runName: one.name, key, index: null },
        timestamp: stored.rows[0]?.timestamp ?? '',
        step: Number.isNaN(step) ? null : step,
        messages: parts.get('messages') ?? '[]',
        metadata: parts.get('metadata') ?? '{}',
        spans: parts.get('spans') ?? '[]',
      })
    }
  }
}
