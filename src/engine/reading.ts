import { ChangedOnDiskError } from '../model/errors.ts'
import type { OpenFile } from './formats/reader.ts'
import type { Unit } from './layout.ts'

/** A file whose rows are to be read, and when its charts are next told of it. */
interface Turn {
  file: OpenFile
  /** Also what a large file behind a network holds back. */
  whole: boolean
  wait: number
  pictureAt: number
}

export interface Listener {
  /** `whole`: runs and metrics may differ in more than their number. `pictures`: frames asked now show more than before. */
  tell(file: OpenFile, whole: boolean, pictures: boolean): void
  changed(file: OpenFile, cause: ChangedOnDiskError): void
}

/** The order in which files are read: one at a time, the one on screen first; refreshes are short and go between. */
export interface Readings {
  add(file: OpenFile, whole?: boolean): void
  /** Starts the next file, if none is being read. */
  pump(): void
  /** Resolves at the file's first progress or end. */
  firstSight(file: OpenFile): Promise<void>
  /** Resolves when the file is read, or its reading ended otherwise. */
  end(file: OpenFile): Promise<void>
  isWaiting(file: OpenFile): boolean
  /** What is on screen is read first: another file waits where it is. */
  watch(file: OpenFile): void
  cancel(file: OpenFile): void
  resume(file: OpenFile): void
  drop(file: OpenFile): void
  /** Reads what is new of a file; nothing else is read meanwhile. Refreshes come one after the other. */
  again(file: OpenFile, unit: Unit): Promise<'same' | 'more' | 'other'>
}

export function makeReadings(listener: Listener): Readings {
  const queue: Turn[] = []
  const ended = new Map<OpenFile, (() => void)[]>()
  const sights = new Map<OpenFile, () => void>()
  /** Whom a refresh waits for, and which files were stopped in favour of another. */
  const holds = new Map<OpenFile, () => void>()
  const gaveWay = new Set<OpenFile>()
  const refreshed = new WeakSet<Turn>()
  let lastRefresh: Promise<unknown> = Promise.resolve()
  let current: Turn | undefined

  function take(file: OpenFile): Turn | undefined {
    const at = queue.findIndex((one) => one.file === file)
    return at < 0 ? undefined : queue.splice(at, 1)[0]
  }

  function pump(): void {
    if (current) return
    const next = queue.shift()
    if (!next) return
    current = next
    const { file } = next
    file
      .read((what) => {
        sights.get(file)?.()
        // drawing what was read costs time that reading needs: ever less often, since the sample shows the shape already
        const now = performance.now()
        const due = what === 'sample' || now >= next.pictureAt
        if (due) {
          next.wait = Math.min(2000, next.wait * 1.5)
          next.pictureAt = now + next.wait
        }
        listener.tell(file, what === 'sample', due)
      }, next.whole)
      .catch((cause: unknown) => {
        // any other failure stands in the notices of the file's projects
        if (cause instanceof ChangedOnDiskError) listener.changed(file, cause)
      })
      .then(() => {
        current = undefined
        const hold = holds.get(file)
        holds.delete(file)
        // held: a refresh reads on by itself; given way: another file is wanted first, this one is next
        if (hold) {
          hold()
          return
        }
        if (gaveWay.delete(file) && !file.done()) queue.splice(1, 0, next)
        else finish(file)
        listener.tell(file, true, true)
        pump()
      })
  }

  function finish(file: OpenFile): void {
    sights.get(file)?.()
    for (const resolve of ended.get(file) ?? []) resolve()
    ended.delete(file)
  }

  function isWaiting(file: OpenFile): boolean {
    return current?.file === file || queue.some((one) => one.file === file)
  }

  async function readAgain(file: OpenFile, unit: Unit): Promise<'same' | 'more' | 'other'> {
    take(file)
    if (current) {
      const reading = current
      const held = new Promise<void>((resolve) => holds.set(reading.file, resolve))
      reading.file.stop('pause')
      if (reading.file !== file) queue.unshift(reading)
      await held
    }
    current = turnOf(file)
    refreshed.add(current)
    try {
      return await file.refresh(unit)
    } finally {
      current = undefined
      finish(file)
      pump()
    }
  }

  return {
    add: (file, whole) => void queue.push(turnOf(file, whole)),
    pump,
    firstSight: (file) =>
      new Promise((resolve) => {
        sights.set(file, () => {
          sights.delete(file)
          resolve()
        })
      }),
    end(file) {
      if (!isWaiting(file)) return Promise.resolve()
      return new Promise((resolve) => ended.set(file, [...(ended.get(file) ?? []), resolve]))
    },
    isWaiting,
    watch(file) {
      if (file.done() || current?.file === file) return
      const turn = take(file)
      if (!turn) return
      queue.unshift(turn)
      // a refresh is short, and goes on by itself
      if (!current || refreshed.has(current)) return
      gaveWay.add(current.file)
      current.file.stop('pause')
    },
    cancel(file) {
      take(file)
      file.stop('cancel')
      if (current?.file !== file) finish(file)
    },
    resume(file) {
      if (file.done() || isWaiting(file)) return
      queue.unshift(turnOf(file, true))
      pump()
    },
    drop(file) {
      file.stop('cancel')
      take(file)
      finish(file)
    },
    again(file, unit) {
      const mine = lastRefresh.then(() => readAgain(file, unit))
      // the next one waits for this one, however it ends; who asked for this one is told
      lastRefresh = mine.catch(() => {})
      return mine
    },
  }
}

function turnOf(file: OpenFile, whole = false): Turn {
  return { file, whole, wait: 300, pictureAt: 0 }
}
