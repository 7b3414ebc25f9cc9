import { type Accessor, batch, createSignal, onCleanup, untrack } from 'solid-js'
import type { EngineApi } from '../../bridge/engine-api.ts'
import { lineMap, linesOf, rangeOf, sliceAt, type TextSlice } from '../../compute/text-slices.ts'
import { isAbort, noticeOf } from '../../model/errors.ts'
import { type FileLook, type FileRead, type FileRef, SLICE } from '../../model/file.ts'
import type { Notice } from '../../model/source.ts'

/** Slices that are kept around those in sight. */
const KEEP = 48
/** Rows beyond both ends of those in sight that are read with them. */
const AROUND = 60
/** Lines of a file behind a network are counted by themselves up to so many bytes. */
const FAR_COUNTED = 1 << 20

export interface TextLine {
  /** From 1; not sure while lines before it were not counted. */
  number: number
  sure: boolean
  text: string
  /** It goes on beyond what was read of it. */
  cut: boolean
}

export interface FileText {
  /** Rows of the whole text: those that were counted, and likely ones for the rest. */
  rows: Accessor<number>
  /** Every line was counted. */
  counted: Accessor<boolean>
  /** Share of the file whose lines are being counted, 0 to 1; undefined while nobody counts. */
  counting: Accessor<number | undefined>
  /** Counts all lines, which reads all of the file. */
  count(): void
  /** Undefined while it is on its way. */
  line(row: number): TextLine | undefined
  look(from: number, end: number): void
  /** Bytes that were read. */
  read: Accessor<FileRead>
  /** Places that are no letters of the encoding, in what was read. */
  invalid: Accessor<number>
  failed: Accessor<Notice | undefined>
  /** What is in sight is here. */
  ready: Accessor<boolean>
  retry(): void
  /** How many lines begin in each slice from the first on, as somebody else counted them. */
  learn(lines: Uint32Array, read: FileRead): void
  /** The whole text, where all of it is here. */
  whole: Accessor<string | undefined>
}

/**
 * A text by slices: what is in sight is read, whatever the file's size. `onShift`: so many rows more lie above those in
 * sight than were thought to.
 */
export function createFileText(
  ask: EngineApi['ask'],
  file: FileRef,
  look: FileLook,
  onShift: (rows: number) => void,
): FileText {
  const { size, encoding, mark } = look
  const slices = Math.ceil(size / SLICE)
  const counts = new Int32Array(slices).fill(-1)
  const [map, setMap] = createSignal(lineMap(counts, size))
  const [held, setHeld] = createSignal<ReadonlyMap<number, TextSlice>>(new Map())
  const [read, setRead] = createSignal<FileRead>(look.read)
  const [invalid, setInvalid] = createSignal(0)
  const [failed, setFailed] = createSignal<Notice>()
  const [counting, setCounting] = createSignal<number>()
  const [busy, setBusy] = createSignal(slices > 0)
  const abort = new AbortController()
  onCleanup(() => abort.abort())
  const { signal } = abort
  let sight = { from: 0, end: 60 }
  let loading = false
  const seen = new Set<number>()

  /** Other numbers of lines: the row at the top stays where it is. */
  function remap(): void {
    const before = untrack(map)
    const slice = sliceAt(before, sight.from)
    const within = sight.from - (before.starts[slice] as number)
    const next = lineMap(counts, size)
    setMap(next)
    const shift = (next.starts[slice] as number) + within - sight.from
    if (shift === 0) return
    sight = { from: sight.from + shift, end: sight.end + shift }
    onShift(shift)
  }

  function wanted(): number | undefined {
    const now = untrack(map)
    const have = untrack(held)
    const first = sliceAt(now, Math.max(0, sight.from))
    const last = sliceAt(now, Math.max(0, sight.end - 1))
    const before = sliceAt(now, Math.max(0, sight.from - AROUND))
    const after = sliceAt(now, sight.end + AROUND)
    for (let slice = first; slice <= last; slice++) if (!have.has(slice)) return slice
    for (let slice = before; slice <= after; slice++) if (!have.has(slice)) return slice
    return undefined
  }

  async function load(): Promise<void> {
    if (loading) return
    loading = true
    try {
      for (let slice = wanted(); slice !== undefined && slice < slices; slice = wanted()) {
        const { bytes, read: now } = await ask('fileBytes', { file, ...rangeOf(slice, size) }, { signal })
        const found = linesOf(bytes, slice, size, encoding, mark)
        batch(() => {
          const next = new Map(untrack(held))
          next.set(slice, found)
          const middle = sliceAt(untrack(map), sight.from)
          for (const old of next.keys()) {
            if (next.size <= KEEP) break
            if (Math.abs(old - middle) > KEEP / 2) next.delete(old)
          }
          setHeld(next)
          setRead(now)
          if (!seen.has(slice)) setInvalid((n) => n + found.invalid)
          seen.add(slice)
          setFailed(undefined)
          if (counts[slice] !== found.lines.length) {
            counts[slice] = found.lines.length
            remap()
          }
        })
      }
      loading = false
      // of this machine it costs a moment
      if (slices > 1 && (!look.far || size <= FAR_COUNTED)) count()
      // whoever waits for it may look at other lines at once
      setBusy(false)
    } catch (error) {
      loading = false
      if (isAbort(error)) return
      batch(() => {
        setFailed(noticeOf(error, file.path))
        setBusy(false)
      })
    }
  }

  function learn(lines: Uint32Array, now: FileRead): void {
    batch(() => {
      for (let i = 0; i < lines.length; i++) counts[i] = lines[i] as number
      setRead(now)
      remap()
    })
  }

  function count(): void {
    if (untrack(counting) !== undefined || untrack(map).exact === slices) return
    setCounting(0)
    const take = ({ lines, counted, read: now }: { lines: Uint32Array; counted: number; read: FileRead }) => {
      if (signal.aborted) return
      learn(lines, now)
      setCounting(slices === 0 ? 1 : counted / slices)
    }
    ask('fileLines', { file, encoding }, { signal, onProgress: take }).then(
      (answer) => {
        take(answer)
        setCounting(undefined)
      },
      (error: unknown) => {
        if (isAbort(error)) return
        setCounting(undefined)
        setFailed(noticeOf(error, file.path))
      },
    )
  }

  void load()
  return {
    rows: () => map().starts.at(-1) ?? 0,
    counted: () => map().exact === slices,
    counting,
    count,
    line(row) {
      const now = map()
      const slice = sliceAt(now, row)
      const found = held().get(slice)
      const within = row - (now.starts[slice] as number)
      const text = found?.lines[within]
      if (!found || text === undefined) return undefined
      const cut = found.cut && within === found.lines.length - 1
      return { number: row + 1, sure: slice <= now.exact, text, cut }
    },
    look(from, end) {
      sight = { from, end }
      const missing = wanted()
      if (missing === undefined) return
      setBusy(true)
      void load()
    },
    read,
    invalid,
    failed,
    ready: () => !busy(),
    retry() {
      setFailed(undefined)
      setBusy(true)
      void load()
    },
    learn,
    whole() {
      const have = held()
      if (have.size < slices) return undefined
      const all: string[] = []
      for (let i = 0; i < slices; i++) {
        const found = have.get(i)
        if (!found || found.cut) return undefined
        // joined by itself: a slice of empty lines has more of them than a call takes arguments
        if (found.lines.length > 0) all.push(found.lines.join('\n'))
      }
      return all.join('\n')
    },
  }
}
