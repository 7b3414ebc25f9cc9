import { type IncompleteError, incomplete } from '../../model/errors.ts'
import { membersOf, type ProjectId } from '../../model/source.ts'
import type { OpenDataset } from '../formats/dataset.ts'
import { orAborted } from '../formats/or-aborted.ts'
import { combineReadings } from '../projects/comparison.ts'
import { isUnread, type ReadQueue } from '../projects/read-queue.ts'
import type { ProjectEntry } from './opened-source.ts'

/**
 * How all rows of something are asked for. `part`: where not all rows could be read, those that were; else
 * that is an IncompleteError.
 */
export interface RowsOptions {
  signal?: AbortSignal | undefined
  part?: boolean | undefined
}

/** Waits for rows in the name of those who want them. */
export interface Whole {
  /**
   * Waits until a project is read, or its reading ended otherwise; `whole`: also what a preview left out.
   * What was cancelled or failed is not taken up again.
   */
  settle(id: ProjectId, whole: boolean, signal?: AbortSignal | undefined): Promise<void>
  /**
   * Waits until all rows are read and `load` has them ready. Where they are not all there: throws the
   * IncompleteError, or gives it to those who take a `part`.
   */
  all(
    id: ProjectId,
    load: () => Promise<void>,
    name: () => string,
    options: RowsOptions,
  ): Promise<IncompleteError | undefined>
  /** Somebody else wants this file read: it is read on, whoever gives up. */
  isWanted(dataset: OpenDataset): void
}

export function makeWhole(readQueue: ReadQueue, entry: (id: ProjectId) => ProjectEntry): Whole {
  /** Files that are read because of these calls alone: when all of them give up, nobody wants it any more. */
  const callers = new Map<OpenDataset, Set<symbol>>()

  async function settle(id: ProjectId, whole: boolean, signal?: AbortSignal | undefined): Promise<void> {
    const caller = Symbol()
    for (;;) {
      signal?.throwIfAborted()
      const { dataset } = entry(id)
      if (!readQueue.isWaiting(dataset) && ((whole && isPreview(dataset)) || isUnread(dataset))) {
        callers.set(dataset, new Set())
        readQueue.add(dataset, whole)
        readQueue.pump()
      }
      callers.get(dataset)?.add(caller)
      try {
        await orAborted(readQueue.end(dataset), signal)
      } finally {
        giveUp(dataset, caller, signal?.aborted ?? false)
      }
      // it may be opened anew, be half read still, or have been on its way to a preview
      if (entry(id).dataset === dataset && !isUnread(dataset) && !(whole && isPreview(dataset))) return
    }
  }

  function giveUp(dataset: OpenDataset, caller: symbol, aborted: boolean): void {
    const others = callers.get(dataset)
    if (!others?.delete(caller) || others.size > 0) return
    callers.delete(dataset)
    if (aborted) readQueue.cancel(dataset)
  }

  return {
    settle,
    async all(id, load, name, { part = false, signal }) {
      for (;;) {
        await Promise.all(membersOf(id).map((member) => settle(member, true, signal)))
        await load()
        signal?.throwIfAborted()
        const members = membersOf(id).map(entry)
        // more came meanwhile, which is being read
        if (members.some(({ dataset }) => readQueue.isLooking(dataset))) continue
        const reading = combineReadings(members.map(({ reader }) => reader.reading()))
        if (reading.state === 'done') return undefined
        if (reading.state === 'reading' || members.some(({ dataset }) => isUnread(dataset))) continue
        const missing = incomplete(name(), reading)
        if (!part) throw missing
        return missing
      }
    },
    isWanted: (dataset) => void callers.delete(dataset),
  }
}

/** Only a sample of it was read, and nothing more comes by itself. */
function isPreview(dataset: OpenDataset): boolean {
  return dataset.projects.some(({ reader }) => reader.reading().state === 'held')
}
