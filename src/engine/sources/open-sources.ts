import type { EngineEvent } from '../../bridge/engine-api.ts'
import { ChangedOnDiskError, noticeOf, TrackioError } from '../../model/errors.ts'
import type { OpenProgress, Waiting } from '../../model/questions.ts'
import type { NamedFile, ProjectId, SourceId, SourceInfo, SourceRef } from '../../model/source.ts'
import type { TokenFor } from '../../storage/http/token-table.ts'
import { openConnector } from '../connectors/choose.ts'
import type { OpenDataset, OpenOptions, ProjectReader } from '../formats/dataset.ts'
import type { ProjectFiles } from '../formats/project-files.ts'
import { bytesOf, formatOf, stampOf } from '../formats/registry.ts'
import { LOOKS, pauseBefore } from '../formats/sqlite/one-state.ts'
import { makeProject } from '../projects/project.ts'
import { isUnread, makeReadQueue, type ReadQueue } from '../projects/read-queue.ts'
import {
  describe,
  isLazy,
  lazily,
  nothingOpened,
  openDatasets,
  type ProjectEntry,
  type Source,
} from './opened-source.ts'

export interface Sources {
  open(ref: SourceRef, options: Waiting<OpenProgress>): Promise<SourceInfo>
  /**
   * Looks again at what a source consists of, and reads what is new; looks at one source come one after the
   * other.
   */
  refresh(id: SourceId, fresh?: NamedFile[], signal?: AbortSignal | undefined): Promise<SourceInfo>
  close(id: SourceId): void
  /** Throws TrackioError where no open source has this project. */
  entry(id: ProjectId): ProjectEntry
  has(id: ProjectId): boolean
  /** Says how many bytes came over the network, if more did. */
  tellReceived(source: Source): void
  readQueue: ReadQueue
}

export interface SourcesOptions {
  /** Tokens by origin, each for that origin alone. */
  tokenFor: TokenFor
  emit(event: EngineEvent): void
}

/**
 * A file of this machine that was changed while it was read is read from its beginning, which takes a fifth
 * of a second; a larger one from where it was.
 */
const READ_AGAIN = 64 << 20

/** The open sources: opens, looks again and closes them, and has their rows read one file after the other. */
export function makeSources({ tokenFor, emit }: SourcesOptions): Sources {
  const sources = new Map<SourceId, Source>()
  const projects = new Map<ProjectId, ProjectEntry>()
  const owners = new Map<OpenDataset, Source>()
  const sizes = new WeakMap<ProjectReader, number>()
  let opened = 0

  const readQueue = makeReadQueue({
    tell,
    changed(dataset, cause) {
      const source = owners.get(dataset)
      if (source)
        emit({
          kind: 'changed',
          source: source.id,
          notice: { ...noticeOf(cause, dataset.path), level: 'warn' },
        })
    },
    readAnew,
  })

  return {
    open,
    async refresh(id, fresh, signal) {
      const source = sources.get(id)
      if (!source) throw unknown('source', id)
      const look = source.looked.then(() => lookAgain(source, fresh, signal))
      source.looked = look.catch(() => {})
      await look
      return describe(source)
    },
    close,
    entry(id) {
      const found = projects.get(id)
      if (!found) throw unknown('project', id)
      return found
    },
    has: (id) => projects.has(id),
    tellReceived,
    readQueue,
  }

  async function open(ref: SourceRef, options: Waiting<OpenProgress>): Promise<SourceInfo> {
    const { signal } = options
    let source: Source | undefined
    const inOpening = inWords(options)
    const wait: OpenOptions = {
      signal,
      onProgress(text, bytes, totalBytes) {
        if (!source?.answered) inOpening.onProgress?.(text, bytes, totalBytes)
        // a pause that the Hub asks for while it is read
        else tellWaiting(source, text)
      },
    }
    const connector = await openConnector(ref, { ...wait, tokenFor })
    const projectFiles = await connector.look(wait)
    const { datasets, failed } = await openDatasets(connector, projectFiles, wait)
    signal?.throwIfAborted()
    const made: Source = {
      id: `s${++opened}`,
      connector,
      datasets,
      notices: [],
      failed,
      projects: new Map(),
      answered: false,
      projectFiles: new Map(projectFiles.map((files) => [files.path, files])),
      stamps: new Map(projectFiles.map((files) => [files.path, stampOf(files)])),
      received: 0,
      closing: new AbortController(),
      looked: Promise.resolve(),
    }
    source = made
    sources.set(made.id, made)
    for (const dataset of datasets) owners.set(dataset, made)
    const giveUp = (): void => close(made.id)
    signal?.addEventListener('abort', giveUp)
    try {
      await readFirst(made, signal)
    } finally {
      signal?.removeEventListener('abort', giveUp)
    }
    for (const dataset of made.datasets) register(made, dataset)
    made.answered = true
    return describe(made)
  }

  /**
   * Small files are read before anyone sees them; of large ones the first sample is awaited, so that a first
   * picture is no empty one.
   */
  async function readFirst(
    { datasets, notices, connector }: Source,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    // files of the first releases hold several projects, and only their rows say which: they are read now
    for (const dataset of datasets.slice(1)) {
      // a failure stands in the notices of the file's projects; without any, here
      if (dataset.projects.length === 0)
        await dataset.read(() => {}).catch((cause: unknown) => notices.push(noticeOf(cause, dataset.path)))
      signal?.throwIfAborted()
    }
    // behind a network only what is looked at is read
    for (const dataset of connector.lazy ? datasets.slice(0, 1) : datasets) readQueue.add(dataset)
    const [first] = datasets
    const seen = first && readQueue.firstSight(first)
    readQueue.pump()
    await seen
    signal?.throwIfAborted()
  }

  function close(id: SourceId): void {
    const source = sources.get(id)
    if (!source) return
    sources.delete(id)
    source.closing.abort()
    for (const dataset of source.datasets) {
      readQueue.drop(dataset)
      owners.delete(dataset)
    }
    for (const project of source.projects.values()) projects.delete(project.info.id)
  }

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
      const dataset = lazily(source.connector, files)
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

  /**
   * It belongs to the source from now on: whoever closes that ends its reading, also while other parts are
   * looked at still.
   */
  function join(source: Source, dataset: OpenDataset): void {
    owners.set(dataset, source)
    source.datasets = [...source.datasets, dataset]
  }

  function forget(source: Source, dataset: OpenDataset): void {
    readQueue.drop(dataset)
    owners.delete(dataset)
    source.datasets = source.datasets.filter((one) => one !== dataset)
    for (const { reader } of dataset.projects) {
      const project = source.projects.get(reader)
      if (project) projects.delete(project.info.id)
      source.projects.delete(reader)
    }
  }

  function register(source: Source, dataset: OpenDataset): void {
    for (const { info, reader } of dataset.projects) {
      if (source.projects.has(reader)) continue
      const id = `${source.id}/${dataset.path}/${info.name}`
      const project = makeProject({ ...info, id, source: source.id }, reader)
      source.projects.set(reader, project)
      projects.set(id, { project, reader, dataset, source })
    }
  }

  function tell(dataset: OpenDataset, whole: boolean, pictures: boolean): void {
    const source = owners.get(dataset)
    if (!source?.answered) return
    tellReceived(source)
    const before = source.projects.size
    if (pictures) register(source, dataset)
    for (const { reader } of dataset.projects) {
      const id = source.projects.get(reader)?.info.id
      if (id === undefined) continue
      const size = reader.runs().length * 1e6 + reader.keys().names.length + reader.samples().length
      const differs = whole || sizes.get(reader) !== size || source.projects.size !== before
      if (pictures && differs) emit({ kind: 'catalogue', project: id })
      if (pictures) sizes.set(reader, size)
      emit({ kind: 'reading', project: id, reading: reader.reading() })
      if (pictures) emit({ kind: 'data', project: id })
    }
  }

  /** While it is opened there is another who tells. */
  function tellWaiting({ id, answered }: Source, text: string): void {
    if (answered && sources.has(id)) emit({ kind: 'waiting', source: id, text })
  }

  function tellReceived(source: Source): void {
    const bytes = source.connector.received()
    if (bytes === source.received) return
    source.received = bytes
    emit({ kind: 'received', source: source.id, bytes })
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

export function inWords({ signal, onProgress }: Waiting<OpenProgress>): OpenOptions {
  return { signal, onProgress: (text, bytes, totalBytes) => onProgress?.({ text, bytes, totalBytes }) }
}

function unknown(what: 'source' | 'project', id: string): TrackioError {
  return new TrackioError(id, `no open ${what} of this name`)
}
