import { ChangedOnDiskError } from '../../model/errors.ts'
import type { OpenFile } from '../formats/dataset.ts'
import type { Unit } from '../formats/layout.ts'

/** A file whose rows are to be read, and when its charts are next told of it. */
interface Turn {
  file: OpenFile
  /** Also what a large file behind a network holds back. */
  whole: boolean
  wait: number
  pictureAt: number
}

export interface Listener {
  /**
   * `whole`: runs and metrics may differ in more than their number. `pictures`: frames asked now show more
   * than before.
   */
  tell(file: OpenFile, whole: boolean, pictures: boolean): void
  changed(file: OpenFile, cause: ChangedOnDiskError): void
  /** A file was changed while it was read: true once the rest of it was read as it is now. */
  readAnew(file: OpenFile): Promise<boolean>
}

/**
 * The order in which files are read: one at a time, the one on screen first. Looking again at a file is
 * short, and waits for no other.
 */
export interface Readings {
  add(file: OpenFile, whole?: boolean): void
  /** Starts the next file, if none is being read. */
  pump(): void
  /** Resolves at the file's first progress or end. */
  firstSight(file: OpenFile): Promise<void>
  /**
   * Resolves when the file is read, or its reading ended otherwise. A look at what is new counts too: rows of
   * half a look are of no state that the file ever had.
   */
  end(file: OpenFile): Promise<void>
  /** It is being looked at again for what is new. */
  isLooking(file: OpenFile): boolean
  isWaiting(file: OpenFile): boolean
  /** What is on screen is read first: another file waits where it is. */
  watch(file: OpenFile): void
  cancel(file: OpenFile): void
  resume(file: OpenFile): void
  drop(file: OpenFile): void
  /**
   * Reads what is new of a file, which is not read otherwise meanwhile. Not to be called again for the same
   * file before it has answered.
   */
  again(file: OpenFile, unit: Unit): Promise<'same' | 'more' | 'other'>
}

/** Rows of it are still to be read, and nobody said that they should not be. */
export function isUnread(file: OpenFile): boolean {
  return !file.done() && file.projects.some(({ reader }) => reader.reading().state === 'reading')
}

export function makeReadings(listener: Listener): Readings {
  const queue: Turn[] = []
  const ended = new Map<OpenFile, (() => void)[]>()
  const sights = new Map<OpenFile, () => void>()
  /** Files that are looked at again; while one of them pauses for it, whom it tells that it has. */
  const refreshing = new Set<OpenFile>()
  const pausing = new Map<OpenFile, () => void>()
  /** Files that were stopped in favour of another. */
  const gaveWay = new Set<OpenFile>()
  const dropped = new WeakSet<OpenFile>()
  let current: Turn | undefined

  function take(file: OpenFile): Turn | undefined {
    const at = queue.findIndex((one) => one.file === file)
    return at < 0 ? undefined : queue.splice(at, 1)[0]
  }

  function pump(): void {
    if (current) return
    const at = queue.findIndex(({ file }) => !refreshing.has(file))
    const next = at < 0 ? undefined : queue.splice(at, 1)[0]
    if (!next) return
    current = next
    const { file } = next
    file
      .read((what) => {
        sights.get(file)?.()
        // drawing what was read costs time that reading needs: ever less often, since the sample shows the
        // shape already
        const now = performance.now()
        const due = what === 'sample' || now >= next.pictureAt
        if (due) {
          next.wait = Math.min(2000, next.wait * 1.5)
          next.pictureAt = now + next.wait
        }
        listener.tell(file, what === 'sample', due)
      }, next.whole)
      .catch(async (cause: unknown) => {
        // any other failure stands in the notices of the file's projects
        if (cause instanceof ChangedOnDiskError && !(await listener.readAnew(file)))
          listener.changed(file, cause)
      })
      .then(() => {
        current = undefined
        const goesOn = gaveWay.delete(file) && isUnread(file)
        const paused = pausing.get(file)
        pausing.delete(file)
        if (paused) paused()
        else {
          // given way: another file is wanted first, this one is next
          if (goesOn) queue.splice(1, 0, next)
          else finish(file)
          listener.tell(file, true, true)
        }
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

  /** Pauses the file if it is the one that is being read; its turn then, to be given back. */
  async function pause(file: OpenFile): Promise<Turn | undefined> {
    const turn = current
    if (turn?.file !== file) return undefined
    await new Promise<void>((resolve) => {
      pausing.set(file, resolve)
      file.stop('pause')
    })
    return turn
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
      if (!isWaiting(file) && !refreshing.has(file)) return Promise.resolve()
      return new Promise((resolve) => ended.set(file, [...(ended.get(file) ?? []), resolve]))
    },
    isWaiting,
    isLooking: (file) => refreshing.has(file),
    watch(file) {
      if (file.done() || current?.file === file) return
      const turn = take(file)
      if (!turn) return
      queue.unshift(turn)
      if (!current || refreshing.has(file)) return
      gaveWay.add(current.file)
      current.file.stop('pause')
    },
    cancel(file) {
      take(file)
      gaveWay.delete(file)
      file.stop('cancel')
      // what is being read, or looked at again, ends by itself and is told of then
      if (current?.file === file || refreshing.has(file)) return
      finish(file)
      listener.tell(file, true, true)
    },
    resume(file) {
      if (file.done() || isWaiting(file)) return
      queue.unshift(turnOf(file, true))
      pump()
    },
    drop(file) {
      dropped.add(file)
      take(file)
      gaveWay.delete(file)
      file.stop('cancel')
      finish(file)
    },
    async again(file, unit) {
      refreshing.add(file)
      const turn = take(file) ?? (await pause(file))
      let outcome: 'same' | 'more' | 'other' | undefined
      try {
        outcome = await file.refresh(unit)
        return outcome
      } finally {
        refreshing.delete(file)
        if (turn && outcome !== 'other' && !dropped.has(file) && isUnread(file)) queue.unshift(turn)
        else if (!isWaiting(file)) {
          finish(file)
          // its turn is over: read meanwhile, or cancelled
          if (turn && outcome !== 'other') listener.tell(file, true, true)
        }
        pump()
      }
    },
  }
}

function turnOf(file: OpenFile, whole = false): Turn {
  return { file, whole, wait: 300, pictureAt: 0 }
}
