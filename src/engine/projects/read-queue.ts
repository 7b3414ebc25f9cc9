import { ChangedOnDiskError } from '../../model/errors.ts'
import type { OpenDataset } from '../formats/dataset.ts'
import type { ProjectFiles } from '../formats/project-files.ts'

/** A file whose rows are to be read, and when its charts are next told of it. */
interface Turn {
  dataset: OpenDataset
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
  tell(dataset: OpenDataset, whole: boolean, pictures: boolean): void
  changed(dataset: OpenDataset, cause: ChangedOnDiskError): void
  /** A file was changed while it was read: true once the rest of it was read as it is now. */
  readAnew(dataset: OpenDataset): Promise<boolean>
}

/**
 * The order in which files are read: one at a time, the one on screen first. Looking again at a file is
 * short, and waits for no other.
 */
export interface ReadQueue {
  add(dataset: OpenDataset, whole?: boolean): void
  /** Starts the next file, if none is being read. */
  pump(): void
  /** Resolves at the file's first progress or end. */
  firstSight(dataset: OpenDataset): Promise<void>
  /**
   * Resolves when the file is read, or its reading ended otherwise. A look at what is new counts too: rows of
   * half a look are of no state that the file ever had.
   */
  end(dataset: OpenDataset): Promise<void>
  /** It is being looked at again for what is new. */
  isLooking(dataset: OpenDataset): boolean
  isWaiting(dataset: OpenDataset): boolean
  /** What is on screen is read first: another file waits where it is. */
  watch(dataset: OpenDataset): void
  cancel(dataset: OpenDataset): void
  resume(dataset: OpenDataset): void
  drop(dataset: OpenDataset): void
  /**
   * Reads what is new of a file, which is not read otherwise meanwhile. Not to be called again for the same
   * file before it has answered.
   */
  again(dataset: OpenDataset, files: ProjectFiles): Promise<'same' | 'more' | 'other'>
}

/** Rows of it are still to be read, and nobody said that they should not be. */
export function isUnread(dataset: OpenDataset): boolean {
  return !dataset.done() && dataset.projects.some(({ reader }) => reader.reading().state === 'reading')
}

export function makeReadQueue(listener: Listener): ReadQueue {
  const queue: Turn[] = []
  const ended = new Map<OpenDataset, (() => void)[]>()
  const sights = new Map<OpenDataset, () => void>()
  /** Files that are looked at again; while one of them pauses for it, whom it tells that it has. */
  const refreshing = new Set<OpenDataset>()
  const pausing = new Map<OpenDataset, () => void>()
  /** Files that were stopped in favour of another. */
  const gaveWay = new Set<OpenDataset>()
  const dropped = new WeakSet<OpenDataset>()
  let current: Turn | undefined

  function take(dataset: OpenDataset): Turn | undefined {
    const at = queue.findIndex((one) => one.dataset === dataset)
    return at < 0 ? undefined : queue.splice(at, 1)[0]
  }

  function pump(): void {
    if (current) return
    const at = queue.findIndex(({ dataset }) => !refreshing.has(dataset))
    const next = at < 0 ? undefined : queue.splice(at, 1)[0]
    if (!next) return
    current = next
    const { dataset } = next
    dataset
      .read((what) => {
        sights.get(dataset)?.()
        // drawing what was read costs time that reading needs: ever less often, since the sample shows the
        // shape already
        const now = performance.now()
        const due = what === 'sample' || now >= next.pictureAt
        if (due) {
          next.wait = Math.min(2000, next.wait * 1.5)
          next.pictureAt = now + next.wait
        }
        listener.tell(dataset, what === 'sample', due)
      }, next.whole)
      .catch(async (cause: unknown) => {
        // any other failure stands in the notices of the file's projects
        if (cause instanceof ChangedOnDiskError && !(await listener.readAnew(dataset)))
          listener.changed(dataset, cause)
      })
      .then(() => {
        current = undefined
        const goesOn = gaveWay.delete(dataset) && isUnread(dataset)
        const paused = pausing.get(dataset)
        pausing.delete(dataset)
        if (paused) paused()
        else {
          // given way: another file is wanted first, this one is next
          if (goesOn) queue.splice(1, 0, next)
          else finish(dataset)
          listener.tell(dataset, true, true)
        }
        pump()
      })
  }

  function finish(dataset: OpenDataset): void {
    sights.get(dataset)?.()
    for (const resolve of ended.get(dataset) ?? []) resolve()
    ended.delete(dataset)
  }

  function isWaiting(dataset: OpenDataset): boolean {
    return current?.dataset === dataset || queue.some((one) => one.dataset === dataset)
  }

  /** Pauses the file if it is the one that is being read; its turn then, to be given back. */
  async function pause(dataset: OpenDataset): Promise<Turn | undefined> {
    const turn = current
    if (turn?.dataset !== dataset) return undefined
    await new Promise<void>((resolve) => {
      pausing.set(dataset, resolve)
      dataset.stop('pause')
    })
    return turn
  }

  return {
    add: (dataset, whole) => void queue.push(turnOf(dataset, whole)),
    pump,
    firstSight: (dataset) =>
      new Promise((resolve) => {
        sights.set(dataset, () => {
          sights.delete(dataset)
          resolve()
        })
      }),
    end(dataset) {
      if (!isWaiting(dataset) && !refreshing.has(dataset)) return Promise.resolve()
      return new Promise((resolve) => ended.set(dataset, [...(ended.get(dataset) ?? []), resolve]))
    },
    isWaiting,
    isLooking: (dataset) => refreshing.has(dataset),
    watch(dataset) {
      if (dataset.done() || current?.dataset === dataset) return
      const turn = take(dataset)
      if (!turn) return
      queue.unshift(turn)
      if (!current || refreshing.has(dataset)) return
      gaveWay.add(current.dataset)
      current.dataset.stop('pause')
    },
    cancel(dataset) {
      take(dataset)
      gaveWay.delete(dataset)
      dataset.stop('cancel')
      // what is being read, or looked at again, ends by itself and is told of then
      if (current?.dataset === dataset || refreshing.has(dataset)) return
      finish(dataset)
      listener.tell(dataset, true, true)
    },
    resume(dataset) {
      if (dataset.done() || isWaiting(dataset)) return
      queue.unshift(turnOf(dataset, true))
      pump()
    },
    drop(dataset) {
      dropped.add(dataset)
      take(dataset)
      gaveWay.delete(dataset)
      dataset.stop('cancel')
      finish(dataset)
    },
    async again(dataset, files) {
      refreshing.add(dataset)
      const turn = take(dataset) ?? (await pause(dataset))
      let outcome: 'same' | 'more' | 'other' | undefined
      try {
        outcome = await dataset.refresh(files)
        return outcome
      } finally {
        refreshing.delete(dataset)
        if (turn && outcome !== 'other' && !dropped.has(dataset) && isUnread(dataset)) queue.unshift(turn)
        else if (!isWaiting(dataset)) {
          finish(dataset)
          // its turn is over: read meanwhile, or cancelled
          if (turn && outcome !== 'other') listener.tell(dataset, true, true)
        }
        pump()
      }
    },
  }
}

function turnOf(dataset: OpenDataset, whole = false): Turn {
  return { dataset, whole, wait: 300, pictureAt: 0 }
}
