import { ChangedOnDiskError, noticeOf } from '../../model/errors.ts'
import type { NamedFile } from '../../model/source.ts'
import type { OpenDataset } from '../formats/dataset.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { bytesOf, formatOf, stampOf } from '../formats/registry.ts'
import { LOOKS, pauseBefore } from '../formats/sqlite/one-state.ts'
import { isUnread, type ReadQueue } from '../projects/read-queue.ts'
import { isLazy, lazily, nothingOpened, type Source } from './opened-source.ts'

/** The open sources, as looks need them. */
export interface LookedAt {
  readQueue: ReadQueue
  owners: Map<OpenDataset, Source>
  register(source: Source, dataset: OpenDataset): void
  join(source: Source, dataset: OpenDataset): void
  forget(source: Source, dataset: OpenDataset): void
  tell(dataset: OpenDataset, whole: boolean, pictures: boolean): void
  tellWaiting(source: Source, text: string): void
  tellReceived(source: Source): void
}

export interface Looks {
  /** Looks at what a source consists of now, and reads what is new. */
  lookAgain(source: Source, fresh: NamedFile[] | undefined, given: AbortSignal | undefined): Promise<void>
  /** True once the rest of a file that was changed while it was read was read as it is now. */
  readAnew(dataset: OpenDataset): Promise<boolean>
}

/**
 * A file of this machine that was changed while it was read is read from its beginning, which takes a fifth
 * of a second; a larger one from where it was.
 */
const READ_AGAIN = 64 << 20

export function makeLooks({
  readQueue,
  owners,
  register,
  join,
  forget,
  tell,
  tellWaiting,
  tellReceived,
}: LookedAt): Looks {
  return { lookAgain, readAnew }

  async function lookAgain(
    source: Source,
    fresh: NamedFile[] | undefined,
    given: AbortSignal | undefined,
  ): Promise<void> {
    const { connector, closing, failed } = source
    const signal = given ? AbortSignal.any([closing.signal, given]) : closing.signal
    signal.throwIfAborted()
    if (fresh) connector.replace?.(fresh)
    const only = new Set(source.datasets.filter((dataset) => !isUnread(dataset)).map(({ path }) => path))
    const projectFiles = await connector.look({ only, signal })
    const before = new Map(source.datasets.map((dataset) => [dataset.path, dataset]))
    const kept = new Map<string, OpenDataset>()
    let changed: ChangedOnDiskError | undefined
    for (const files of projectFiles) {
      const dataset = before.get(files.path)
      const rows = rowsOf(dataset)
      try {
        kept.set(files.path, await upToDate(source, files, dataset, signal))
        failed.delete(files.path)
      } catch (cause) {
        signal.throwIfAborted()
        // what was read of it stays, and is told of; the other parts are looked at all the same
        if (dataset) kept.set(files.path, dataset)
        if (dataset && rowsOf(dataset) !== rows) tell(dataset, true, true)
        if (cause instanceof ChangedOnDiskError) changed ??= cause
        else failed.set(files.path, noticeOf(cause, files.path))
      }
    }
    signal.throwIfAborted()
    if (kept.size === 0) throw changed ?? nothingOpened(connector.name, [...failed.values()])
    source.projectFiles = new Map(projectFiles.map((files) => [files.path, files]))
    for (const path of failed.keys()) if (!source.projectFiles.has(path)) failed.delete(path)
    for (const dataset of source.datasets) if (kept.get(dataset.path) !== dataset) forget(source, dataset)
    source.datasets = [...kept.values()]
    readQueue.pump()
    tellReceived(source)
    if (changed) throw changed
  }

  /** The part as it is now: the same file, with what is new read, or one opened anew. */
  async function upToDate(
    source: Source,
    files: ProjectFiles,
    dataset: OpenDataset | undefined,
    signal: AbortSignal,
  ): Promise<OpenDataset> {
    const stamp = stampOf(files)
    if (dataset && source.stamps.get(files.path) === stamp) return dataset
    signal.throwIfAborted()
    const outcome =
      dataset && (isCutShort(source, files, dataset) ? 'other' : await readQueue.again(dataset, files))
    source.closing.signal.throwIfAborted()
    if (dataset && outcome !== 'other') {
      source.stamps.set(files.path, stamp)
      if (outcome === 'more') tell(dataset, true, true)
      return dataset
    }
    signal.throwIfAborted()
    const now = await openAnew(source, files, dataset, signal)
    source.stamps.set(files.path, stamp)
    return now
  }

  /**
   * Opens a part that is new, or no longer what it was. Until its first rows are here, the old ones stay,
   * under the ids that the new ones take over.
   */
  async function openAnew(
    source: Source,
    files: ProjectFiles,
    before: OpenDataset | undefined,
    signal: AbortSignal,
  ): Promise<OpenDataset> {
    // behind a network only what was looked at is opened
    if (!before && isLazy(source.connector, files)) {
      const dataset = await lazily(source.connector, files)
      signal.throwIfAborted()
      join(source, dataset)
      register(source, dataset)
      return dataset
    }
    const dataset = await source.connector.open(files, { signal })
    signal.throwIfAborted()
    const giveUp = (): void => readQueue.drop(dataset)
    signal.addEventListener('abort', giveUp)
    readQueue.add(dataset)
    const seen = readQueue.firstSight(dataset)
    readQueue.pump()
    await seen
    signal.removeEventListener('abort', giveUp)
    signal.throwIfAborted()
    if (before) forget(source, before)
    join(source, dataset)
    tell(dataset, true, true)
    return dataset
  }

  /**
   * Reads a file of a live folder of this machine that was written to while it was read: whoever waits for
   * its rows gets them, and nobody has to look again. Of any other source it is said, as looking again may
   * cost too much there.
   */
  async function readAnew(dataset: OpenDataset): Promise<boolean> {
    const source = owners.get(dataset)
    if (!source?.connector.local || source.connector.live !== 'engine') return false
    const { signal } = source.closing
    for (let look = 2; look <= LOOKS.far && !signal.aborted; look++) {
      try {
        tellWaiting(source, `${dataset.path} is written to while it is read: look ${look} of ${LOOKS.far}`)
        await pauseBefore(look, signal)
        const files = (await source.connector.look({ signal })).find(({ path }) => path === dataset.path)
        if (!files) return false
        if (bytesOf(files) > READ_AGAIN) {
          if ((await dataset.refresh(files)) === 'other') return false
        } else {
          // from its beginning: what was read may be of another file, which was put in its place
          const fresh = await source.connector.open(files, { signal })
          await fresh.read(() => {}, true)
          signal.throwIfAborted()
          source.datasets = source.datasets.map((one) => (one === dataset ? fresh : one))
          owners.set(fresh, source)
          forget(source, dataset)
          tell(fresh, true, true)
        }
        source.projectFiles.set(files.path, files)
        source.stamps.set(files.path, stampOf(files))
        return true
      } catch (cause) {
        // any other failure is met again, and told, by whoever looks next
        if (!(cause instanceof ChangedOnDiskError)) return false
      }
    }
    return false
  }
}

/**
 * Reading it ended at a change: what was read may be of another file, which was put in its place. Of a live
 * source's large files it is taken that rows were added, as a file that is written to all the time would
 * never be read to its end.
 */
function isCutShort({ connector }: Source, files: ProjectFiles, dataset: OpenDataset): boolean {
  const failed = dataset.projects.some(({ reader }) => reader.reading().state === 'failed')
  return (
    failed && formatOf(files).writtenInPlace === true && (!connector.live || bytesOf(files) <= READ_AGAIN)
  )
}

/** How many rows each project of a file has, to be compared. */
function rowsOf(dataset: OpenDataset | undefined): string | undefined {
  return dataset?.projects.map(({ reader }) => reader.reading().rows).join()
}
