import { nextTurn } from '../../bridge/turn.ts'
import {
  addRows,
  bytesOfColumn,
  bytesOfTable,
  type ColumnData,
  hasLostDigits,
  keepDigits,
  makeColumn,
  makeTableData,
  setCell,
  type TableData,
} from '../../compute/logged-table/columns.ts'
import { TABLE, type TableFileState, type TableRef } from '../../model/logged-table.ts'
import type { OpenProgress, Waiting } from '../../model/questions.ts'
import type { RunKey } from '../../model/run.ts'
import type { ProjectId } from '../../model/source.ts'
import { parseLoose } from '../columns/json.ts'
import type { Holder } from '../projects/held.ts'
import type { Project } from '../projects/project.ts'

/** Values that are read at once: one may have hundreds of megabytes. */
const AT_ONCE = 8
const SLICE_MS = 12
/** What is kept of tables that nobody asked for last. */
const KEEP_BYTES = 300 << 20
const KEEP = 8

/** A value that rows are of. */
export interface TablePlace {
  run: RunKey
  row: number
  step: number
  time: number
}

/** Logged tables of a key as one, as far as they were read. */
export interface LoggedTable {
  serial: number
  data: TableData
  places: TablePlace[]
  /** By row: the step and the run's name (with its key where several have the name). */
  step: ColumnData
  run: ColumnData
  /** All rows of the project were read when its values were looked up. */
  complete: boolean
  valueAt(row: number): TablePlace
  notes(): string[]
  /** Its rows are those of a file: neither step nor run is told of them. */
  file?(): TableFileState
}

export interface TableStore {
  /** The table with all its values read. */
  table(project: Project, ref: TableRef, waiting: Waiting<OpenProgress>): Promise<LoggedTable>
  /** Lets go of tables of projects that are not open any more. */
  forgetClosed(isOpen: (project: ProjectId) => boolean): void
  holder: Holder
}

interface Entry {
  /** Its values are of this one: what is opened anew, as a file that was replaced, has the id of the one before. */
  project: WeakRef<Project>
  id: ProjectId
  table: LoggedTable
  /** By row: its place in `places`. */
  valueOf: Uint32Array
  lost: number
  broken: number
  bytes: number
  reading: { waiters: number; abort: AbortController; done: Promise<void> } | undefined
}

let made = 0

/** Tables that were read, the ones asked for last; what is new of one that grows is added to it. */
export function makeTableStore(): TableStore {
  const entries = new Map<string, Entry>()
  return {
    async table(project, ref, waiting) {
      const { key, runs, at } = ref
      const id = JSON.stringify([project.info.id, key, runs, at])
      const index = await project.typedValues([TABLE], waiting.signal)
      const wanted = placesOf(index, ref)
      let entry = entries.get(id)
      const same = entry?.project.deref() === project && beginsWith(wanted, entry.table.places)
      if (!entry || !same) entry = makeEntry(project)
      entries.delete(id) // moves it to the young end
      entries.set(id, entry)
      entry.table.complete = index.complete
      await extend(entry, project, ref.key, wanted, waiting)
      forgetOld(entry)
      return entry.table
    },
    forgetClosed(isOpen) {
      for (const [id, entry] of entries) if (!isOpen(entry.id)) entries.delete(id)
    },
    holder: {
      part: 'tables',
      held: (project) => ({ bytes: ofProject(project).reduce((sum, [, one]) => sum + bytesOfEntry(one), 0) }),
      // of one that is being read somebody waits
      free(project) {
        for (const [id, { reading }] of ofProject(project)) if (!reading) entries.delete(id)
      },
    },
  }

  function ofProject(project: Project): [string, Entry][] {
    return [...entries].filter(([, { id }]) => id === project.info.id)
  }

  function forgetOld(now: Entry): void {
    let bytes = [...entries.values()].reduce((sum, entry) => sum + entry.bytes, 0)
    for (const [id, entry] of entries) {
      if (entry === now || (bytes <= KEEP_BYTES && entries.size <= KEEP)) break
      entries.delete(id)
      bytes -= entry.bytes
    }
  }
}

function bytesOfEntry(entry: Entry): number {
  const { data, step, run } = entry.table
  return bytesOfTable(data) + bytesOfColumn(step) + bytesOfColumn(run) + entry.valueOf.byteLength
}

/** In the order of the runs asked for, each by row. */
function placesOf(
  index: Awaited<ReturnType<Project['typedValues']>>,
  { key, runs, at }: TableRef,
): TablePlace[] {
  const only = at && new Set(at.map((one) => `${one.row} ${one.run}`))
  const byRun = new Map<RunKey, TablePlace[]>(runs.map((run) => [run, []]))
  const number = index.keys.indexOf(key)
  for (let i = 0; i < index.run.length; i++) {
    if (index.key[i] !== number) continue
    const run = index.runs[index.run[i] as number] as RunKey
    const row = index.row[i] as number
    if (only && !only.has(`${row} ${run}`)) continue
    byRun.get(run)?.push({ run, row, step: index.step[i] as number, time: index.time[i] as number })
  }
  return runs.flatMap((run) => byRun.get(run) ?? [])
}

function beginsWith(all: readonly TablePlace[], first: readonly TablePlace[]): boolean {
  return first.every((place, i) => {
    const one = all[i]
    return (
      one?.run === place.run &&
      one.row === place.row &&
      Object.is(one.step, place.step) &&
      Object.is(one.time, place.time)
    )
  })
}

function makeEntry(project: Project): Entry {
  const places: TablePlace[] = []
  const data = makeTableData()
  const entry: Entry = {
    project: new WeakRef(project),
    id: project.info.id,
    valueOf: new Uint32Array(64),
    lost: 0,
    broken: 0,
    bytes: 0,
    reading: undefined,
    table: {
      serial: ++made,
      ...{ data, places, step: makeColumn('step'), run: makeColumn('run'), complete: false },
      valueAt: (row) => places[entry.valueOf[row] as number] as TablePlace,
      notes: () => notesOf(entry),
    },
  }
  return entry
}

/** Reads what is missing, once for all who wait for it; when nobody waits any more it ends. */
async function extend(
  entry: Entry,
  project: Project,
  key: string,
  wanted: TablePlace[],
  { signal, onProgress }: Waiting<OpenProgress>,
): Promise<void> {
  while (entry.table.places.length < wanted.length) {
    signal?.throwIfAborted()
    if (!entry.reading) {
      const abort = new AbortController()
      const done = readValues(entry, project, key, wanted, abort.signal, onProgress).finally(() => {
        entry.reading = undefined
      })
      entry.reading = { waiters: 0, abort, done }
    }
    const { reading } = entry
    if (reading.abort.signal.aborted) {
      // the last one who waited gave up just now: it begins anew
      await reading.done.catch(() => undefined)
      continue
    }
    reading.waiters++
    const leave = (): void => {
      reading.waiters--
      if (reading.waiters === 0) reading.abort.abort()
    }
    let left = false
    const gaveUp = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => {
        if (left) return
        left = true
        leave()
        reject(signal.reason)
      })
    })
    try {
      await Promise.race([reading.done, gaveUp])
    } finally {
      if (!left) {
        left = true
        reading.waiters--
      }
    }
  }
}

async function readValues(
  entry: Entry,
  project: Project,
  key: string,
  wanted: readonly TablePlace[],
  signal: AbortSignal,
  onProgress: Waiting<OpenProgress>['onProgress'],
): Promise<void> {
  const { places, data } = entry.table
  const names = namesOf(project, wanted)
  let ends = performance.now() + SLICE_MS
  let atOnce = 1
  while (places.length < wanted.length) {
    const some = wanted.slice(places.length, places.length + atOnce)
    onProgress?.({
      text: `reading tables: ${places.length.toLocaleString('en')} of ${wanted.length.toLocaleString('en')}, ${data.rows.toLocaleString('en')} rows`,
      bytes: places.length,
      totalBytes: wanted.length,
    })
    const texts = await project.valueTexts(
      some.map(({ run, row }) => ({ run, key, row })),
      signal,
    )
    // of large ones one at a time
    const letters = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0)
    atOnce = letters < 1 << 20 ? Math.min(AT_ONCE * 8, atOnce * 2) : letters < 1 << 23 ? AT_ONCE : 1
    for (const [i, place] of some.entries()) {
      const text = texts[i]
      texts[i] = undefined
      addValue(entry, place, text, names.get(place.run) ?? place.run)
      if (performance.now() > ends) {
        await nextTurn()
        signal.throwIfAborted()
        ends = performance.now() + SLICE_MS
      }
    }
  }
  entry.bytes = bytesOfTable(data)
}

function addValue(entry: Entry, place: TablePlace, text: string | undefined, name: string): void {
  const { data, places, step, run } = entry.table
  let value = text === undefined ? undefined : parseLoose(text)
  // few tables have such numbers, and looking for them in the text takes as long as reading it
  if (text !== undefined && hasLostDigits(value)) value = parseLoose(keepDigits(text))
  if (text === undefined) entry.lost++
  const object = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  if (text !== undefined && !object) entry.broken++
  const from = data.rows
  const added = object ? addRows(data, object._value) : 0
  if (data.rows > entry.valueOf.length) {
    const wider = new Uint32Array(Math.max(data.rows, entry.valueOf.length * 2))
    wider.set(entry.valueOf)
    entry.valueOf = wider
  }
  entry.valueOf.fill(places.length, from, from + added)
  for (let row = from; row < from + added; row++) {
    if (!Number.isNaN(place.step)) setCell(step, row, place.step)
    setCell(run, row, name)
  }
  places.push(place)
}

/** Names of runs; with the key behind it where several have the name. */
function namesOf(project: Project, places: readonly TablePlace[]): Map<RunKey, string> {
  const keys = [...new Set(places.map(({ run }) => run))]
  const names = keys.map((key) => project.run(key)?.name ?? key)
  const times = new Map<string, number>()
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1)
  return new Map(
    keys.map((key, i) => [
      key,
      (times.get(names[i] ?? '') ?? 0) > 1 ? `${names[i]} · ${key}` : (names[i] ?? key),
    ]),
  )
}

function notesOf({ table: { data }, lost, broken }: Entry): string[] {
  const told = (n: number, one: string, many: string): string[] =>
    n === 0 ? [] : [`${n.toLocaleString('en')} ${n === 1 ? one : many}`]
  return [
    ...told(data.empty, 'table was logged without rows', 'tables were logged without rows'),
    ...told(data.odd + broken, 'value is no list of rows', 'values are no lists of rows'),
    ...told(lost, 'table is not found in its file any more', 'tables are not found in their file any more'),
  ]
}
