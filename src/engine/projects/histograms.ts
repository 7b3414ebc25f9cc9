import { readBins } from '../../compute/histogram.ts'
import { HISTOGRAM } from '../../model/histogram.ts'
import type { RunKey } from '../../model/run.ts'
import type { Notice } from '../../model/source.ts'
import type { TypedValues, ValuePlace } from '../../model/typed-values.ts'
import { pause } from '../../storage/pause.ts'
import { type Column, makeColumn, push } from '../columns/series-store.ts'
import { addHolder } from './held.ts'
import type { Project } from './project.ts'
import { valuesOf } from './typed-values.ts'

/** Histograms of one key of one run, decoded, in row order; grows while rows are read. */
export interface RunHistograms {
  rows: number[]
  steps: Column
  times: Column
  /** First bin of each entry; one more than there are entries. */
  starts: Column
  edges: Column
  counts: Column
  /** Places that were looked at so far, those that hold nothing readable among them. */
  looked: number
  unreadable: number
  /** Of the first one: at which step, and why. */
  why: string
}

/** All histograms of a key, by run. */
export interface KeyHistograms {
  runs: Map<RunKey, RunHistograms>
  /** Of the index that they were read by. */
  version: string
  /** Stays while none came and none went, whatever else was logged. */
  content: string
  index: TypedValues
  notices: Notice[]
  bytes: number
}

/** Decoded keys that are kept beyond the ones used last: reading them again costs parsing their rows. */
const KEPT_BYTES = 192 << 20
/** Values that are read at once: between two lots waiting questions are answered. */
const LOT = 512

let made = 0

interface Store {
  keys: Map<string, KeyHistograms>
  /** Keys that are asked for together are read in one pass, as a row is parsed whole. */
  waiting: Map<string, AbortSignal | undefined>
  pass: Promise<void> | undefined
  queue: Promise<void>
}

const stores = new WeakMap<Project, Store>()

addHolder({
  part: 'histograms',
  held: (project) => ({
    bytes: [...(stores.get(project)?.keys.values() ?? [])].reduce((sum, { bytes }) => sum + bytes, 0),
  }),
  free: (project) => stores.get(project)?.keys.clear(),
})

/** Decodes the histograms of a key, of the rows read so far, as far as that was not done yet. */
export async function histogramsOf(
  project: Project,
  key: string,
  signal?: AbortSignal | undefined,
): Promise<KeyHistograms> {
  const store = stores.get(project) ?? {
    keys: new Map(),
    waiting: new Map(),
    pass: undefined,
    queue: Promise.resolve(),
  }
  stores.set(project, store)
  for (;;) {
    signal?.throwIfAborted()
    store.waiting.set(key, signal)
    store.pass ??= pause(0).then(() => {
      // whoever asks from here on waits for the next pass
      const wanted = new Map(store.waiting)
      store.waiting.clear()
      store.pass = undefined
      const done = store.queue.then(() => readKeys(project, store, wanted))
      store.queue = done.catch(() => {})
      return done
    })
    await store.pass
    const found = store.keys.get(key)
    if (found) return found
    // another caller of this pass gave up on the key
  }
}

async function readKeys(
  project: Project,
  store: Store,
  wanted: ReadonlyMap<string, AbortSignal | undefined>,
): Promise<void> {
  const index = await project.typedValues([HISTOGRAM])
  const places = new Map<string, { run: RunKey; row: number; at: number }[]>()
  const found = new Map<string, KeyHistograms>()
  for (const key of wanted.keys()) {
    const old = store.keys.get(key)
    if (old?.version === index.version) continue
    found.set(key, { runs: new Map(), version: index.version, content: '', index, notices: [], bytes: 0 })
    places.set(key, [])
  }
  if (found.size > 0) {
    for (let i = 0; i < index.run.length; i++)
      places.get(index.keys[index.key[i] as number] ?? '')?.push({
        run: index.runs[index.run[i] as number] as RunKey,
        row: index.row[i] as number,
        at: i,
      })
    const lacking: (ValuePlace & { at: number })[] = []
    for (const [key, all] of places) {
      const now = found.get(key) as KeyHistograms
      const before = store.keys.get(key)
      let changed = false
      for (const [run, own] of groupByRun(all)) {
        const known = before?.runs.get(run)
        // rows are only added, unless they were put into another order
        const grown = known && goesOn(known, own, index)
        const runHistograms = grown ? known : makeRun()
        now.runs.set(run, runHistograms)
        changed ||= !grown || own.length > runHistograms.looked
        for (const { row, at } of own.slice(runHistograms.looked)) lacking.push({ run, key, row, at })
      }
      const same = before && !changed && before.runs.size === now.runs.size
      now.content = same ? before.content : String(++made)
    }
    // by row, so that each is parsed once for all its keys
    lacking.sort((a, b) => a.at - b.at)
    const isWanted = (key: string): boolean => wanted.get(key)?.aborted !== true
    for (let i = 0; i < lacking.length; i += LOT) {
      const lot = lacking.slice(i, i + LOT).filter(({ key }) => isWanted(key))
      if (lot.length === 0) continue
      const values = await valuesOf(project, lot)
      lot.forEach((place, k) => {
        add(found.get(place.key)?.runs.get(place.run) as RunHistograms, place, index, values[k])
      })
      await pause(0)
    }
    for (const [key, now] of found) {
      // nobody waits for it any more, and it may be half read
      if (!isWanted(key)) continue
      now.bytes = [...now.runs.values()].reduce((sum, run) => sum + bytesOf(run), 0)
      now.notices = noticesOf(key, now)
      store.keys.set(key, now)
    }
  }
  for (const key of wanted.keys()) use(store, key)
  forget(store)
}

function groupByRun<T extends { run: RunKey }>(all: readonly T[]): Map<RunKey, T[]> {
  const groups = new Map<RunKey, T[]>()
  for (const one of all) {
    const group = groups.get(one.run)
    if (group) group.push(one)
    else groups.set(one.run, [one])
  }
  return groups
}

/** A row that came between others moves them on: there may be as many places as before, of other rows. */
function goesOn(
  known: RunHistograms,
  own: readonly { row: number; at: number }[],
  { step, time }: TypedValues,
): boolean {
  if (known.looked > own.length || known.unreadable > 0) return false
  return known.rows.every((row, i) => {
    const place = own[i]
    return (
      place?.row === row &&
      Object.is(known.steps.data[i], step[place.at]) &&
      Object.is(known.times.data[i], time[place.at])
    )
  })
}

function makeRun(): RunHistograms {
  const starts = makeColumn()
  push(starts, 0)
  return {
    ...{
      rows: [],
      steps: makeColumn(),
      times: makeColumn(),
      starts,
      edges: makeColumn(),
      counts: makeColumn(),
    },
    ...{ looked: 0, unreadable: 0, why: '' },
  }
}

function add(
  run: RunHistograms,
  { row, at }: { row: number; at: number },
  index: TypedValues,
  value: Parameters<typeof readBins>[0],
): void {
  run.looked++
  const step = index.step[at] as number
  const read = value === undefined ? { why: 'it is not there any more' } : readBins(value)
  if ('why' in read) {
    if (run.unreadable++ === 0) run.why = `step ${step}: ${read.why}`
    return
  }
  const { edges, counts } = read.bins
  run.rows.push(row)
  push(run.steps, step)
  push(run.times, index.time[at] as number)
  // an entry without bins has one edge all the same, so that places of edges follow from those of counts
  if (counts.length === 0) push(run.edges, Number.NaN)
  else for (let i = 0; i < edges.length; i++) push(run.edges, edges[i] as number)
  for (let i = 0; i < counts.length; i++) push(run.counts, counts[i] as number)
  push(run.starts, run.counts.length)
}

function noticesOf(key: string, { runs }: KeyHistograms): Notice[] {
  const bad = [...runs].filter(([, { unreadable }]) => unreadable > 0)
  const [first] = bad
  if (!first) return []
  const count = bad.reduce((sum, [, { unreadable }]) => sum + unreadable, 0)
  const words = count === 1 ? '1 histogram cannot be read' : `${count} histograms cannot be read`
  return [{ level: 'warn', subject: key, text: `${words}: run ${first[0]}, ${first[1].why}` }]
}

function bytesOf({ rows, ...columns }: RunHistograms): number {
  const { steps, times, starts, edges, counts } = columns
  return (
    rows.length * 8 +
    [steps, times, starts, edges, counts].reduce((sum, { data }) => sum + data.byteLength, 0)
  )
}

/** Those used last are at the end. */
function use({ keys }: Store, key: string): void {
  const found = keys.get(key)
  if (!found) return
  keys.delete(key)
  keys.set(key, found)
}

function forget({ keys }: Store): void {
  let bytes = [...keys.values()].reduce((sum, one) => sum + one.bytes, 0)
  for (const [key, one] of keys) {
    if (bytes <= KEPT_BYTES || keys.size === 1) return
    keys.delete(key)
    bytes -= one.bytes
  }
}
