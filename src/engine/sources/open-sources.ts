import type { EngineEvent } from '../../bridge/engine-api.ts'
import { ChangedOnDiskError, noticeOf, TrackioError } from '../../model/errors.ts'
import type { OpenProgress, Waiting } from '../../model/questions.ts'
import type { NamedFile, ProjectId, SourceId, SourceInfo, SourceRef } from '../../model/source.ts'
import type { TokenFor } from '../../storage/http/token-table.ts'
import { openConnector } from '../connectors/choose.ts'
import type { OpenFile, OpenOptions, ProjectReader } from '../formats/dataset.ts'
import { bytesOf, stampOf, type Unit } from '../formats/layout.ts'
import { LOOKS, pauseBefore } from '../formats/sqlite/one-state.ts'
import { makeProject } from '../projects/project.ts'
import { isUnread, makeReadings, type Readings } from '../projects/read-queue.ts'
import {
  describe,
  type Held,
  isLazy,
  lazily,
  nothingOpened,
  openUnits,
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
  held(id: ProjectId): Held
  has(id: ProjectId): boolean
  /** Says how many bytes came over the network, if more did. */
  tellReceived(source: Source): void
  readings: Readings
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
  const projects = new Map<ProjectId, Held>()
  const owners = new Map<OpenFile, Source>()
  const sizes = new WeakMap<ProjectReader, number>()
  let opened = 0

  const readings = makeReadings({
    tell,
    changed(file, cause) {
      const source = owners.get(file)
      if (source)
        emit({ kind: 'changed', source: source.id, notice: { ...noticeOf(cause, file.path), level: 'warn' } })
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
    held(id) {
      const found = projects.get(id)
      if (!found) throw unknown('project', id)
      return found
    },
    has: (id) => projects.has(id),
    tellReceived,
    readings,
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
    const units = await connector.look(wait)
    const { files, failed } = await openUnits(connector, units, wait)
    signal?.throwIfAborted()
    const made: Source = {
      id: `s${++opened}`,
      connector,
      files,
      notices: [],
      failed,
      projects: new Map(),
      answered: false,
      units: new Map(units.map((unit) => [unit.path, unit])),
      stamps: new Map(units.map((unit) => [unit.path, stampOf(unit)])),
      received: 0,
      closing: new AbortController(),
      looked: Promise.resolve(),
    }
    source = made
    sources.set(made.id, made)
    for (const file of files) owners.set(file, made)
    const giveUp = (): void => close(made.id)
    signal?.addEventListener('abort', giveUp)
    try {
      await readFirst(made, signal)
    } finally {
      signal?.removeEventListener('abort', giveUp)
    }
    for (const file of made.files) register(made, file)
    made.answered = true
    return describe(made)
  }

  /**
   * Small files are read before anyone sees them; of large ones the first sample is awaited, so that a first
   * picture is no empty one.
   */
  async function readFirst(
    { files, notices, connector }: Source,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    // files of the first releases hold several projects, and only their rows say which: they are read now
    for (const file of files.slice(1)) {
      // a failure stands in the notices of the file's projects; without any, here
      if (file.projects.length === 0)
        await file.read(() => {}).catch((cause: unknown) => notices.push(noticeOf(cause, file.path)))
      signal?.throwIfAborted()
    }
    // behind a network only what is looked at is read
    for (const file of connector.lazy ? files.slice(0, 1) : files) readings.add(file)
    const [first] = files
    const seen = first && readings.firstSight(first)
    readings.pump()
    await seen
    signal?.throwIfAborted()
  }

  function close(id: SourceId): void {
    const source = sources.get(id)
    if (!source) return
    sources.delete(id)
    source.closing.abort()
    for (const file of source.files) {
      readings.drop(file)
      owners.delete(file)
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
    const only = new Set(source.files.filter((file) => !isUnread(file)).map(({ path }) => path))
    const units = await connector.look({ only, signal })
    const before = new Map(source.files.map((file) => [file.path, file]))
    const kept = new Map<string, OpenFile>()
    let changed: ChangedOnDiskError | undefined
    for (const unit of units) {
      const file = before.get(unit.path)
      const rows = rowsOf(file)
      try {
        kept.set(unit.path, await upToDate(source, unit, file, signal))
        failed.delete(unit.path)
      } catch (cause) {
        signal.throwIfAborted()
        // what was read of it stays, and is told of; the other parts are looked at all the same
        if (file) kept.set(unit.path, file)
        if (file && rowsOf(file) !== rows) tell(file, true, true)
        if (cause instanceof ChangedOnDiskError) changed ??= cause
        else failed.set(unit.path, noticeOf(cause, unit.path))
      }
    }
    signal.throwIfAborted()
    if (kept.size === 0) throw changed ?? nothingOpened(connector.name, [...failed.values()])
    source.units = new Map(units.map((unit) => [unit.path, unit]))
    for (const path of failed.keys()) if (!source.units.has(path)) failed.delete(path)
    for (const file of source.files) if (kept.get(file.path) !== file) forget(source, file)
    source.files = [...kept.values()]
    readings.pump()
    tellReceived(source)
    if (changed) throw changed
  }

  /** The part as it is now: the same file, with what is new read, or one opened anew. */
  async function upToDate(
    source: Source,
    unit: Unit,
    file: OpenFile | undefined,
    signal: AbortSignal,
  ): Promise<OpenFile> {
    const stamp = stampOf(unit)
    if (file && source.stamps.get(unit.path) === stamp) return file
    signal.throwIfAborted()
    const outcome = file && (isCutShort(source, unit, file) ? 'other' : await readings.again(file, unit))
    source.closing.signal.throwIfAborted()
    if (file && outcome !== 'other') {
      source.stamps.set(unit.path, stamp)
      if (outcome === 'more') tell(file, true, true)
      return file
    }
    signal.throwIfAborted()
    const now = await openAnew(source, unit, file, signal)
    source.stamps.set(unit.path, stamp)
    return now
  }

  /**
   * Opens a part that is new, or no longer what it was. Until its first rows are here, the old ones stay,
   * under the ids that the new ones take over.
   */
  async function openAnew(
    source: Source,
    unit: Unit,
    before: OpenFile | undefined,
    signal: AbortSignal,
  ): Promise<OpenFile> {
    // behind a network only what was looked at is opened
    if (!before && isLazy(source.connector, unit)) {
      const file = lazily(source.connector, unit)
      join(source, file)
      register(source, file)
      return file
    }
    const file = await source.connector.open(unit, { signal })
    signal.throwIfAborted()
    const giveUp = (): void => readings.drop(file)
    signal.addEventListener('abort', giveUp)
    readings.add(file)
    const seen = readings.firstSight(file)
    readings.pump()
    await seen
    signal.removeEventListener('abort', giveUp)
    signal.throwIfAborted()
    if (before) forget(source, before)
    join(source, file)
    tell(file, true, true)
    return file
  }

  /**
   * Reads a file of a live folder of this machine that was written to while it was read: whoever waits for
   * its rows gets them, and nobody has to look again. Of any other source it is said, as looking again may
   * cost too much there.
   */
  async function readAnew(file: OpenFile): Promise<boolean> {
    const source = owners.get(file)
    if (!source?.connector.local || source.connector.live !== 'engine') return false
    const { signal } = source.closing
    for (let look = 2; look <= LOOKS.far && !signal.aborted; look++) {
      try {
        tellWaiting(source, `${file.path} is written to while it is read: look ${look} of ${LOOKS.far}`)
        await pauseBefore(look, signal)
        const unit = (await source.connector.look({ signal })).find(({ path }) => path === file.path)
        if (!unit) return false
        if (bytesOf(unit) > READ_AGAIN) {
          if ((await file.refresh(unit)) === 'other') return false
        } else {
          // from its beginning: what was read may be of another file, which was put in its place
          const fresh = await source.connector.open(unit, { signal })
          await fresh.read(() => {}, true)
          signal.throwIfAborted()
          source.files = source.files.map((one) => (one === file ? fresh : one))
          owners.set(fresh, source)
          forget(source, file)
          tell(fresh, true, true)
        }
        source.units.set(unit.path, unit)
        source.stamps.set(unit.path, stampOf(unit))
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
  function join(source: Source, file: OpenFile): void {
    owners.set(file, source)
    source.files = [...source.files, file]
  }

  function forget(source: Source, file: OpenFile): void {
    readings.drop(file)
    owners.delete(file)
    source.files = source.files.filter((one) => one !== file)
    for (const { reader } of file.projects) {
      const project = source.projects.get(reader)
      if (project) projects.delete(project.info.id)
      source.projects.delete(reader)
    }
  }

  function register(source: Source, file: OpenFile): void {
    for (const { info, reader } of file.projects) {
      if (source.projects.has(reader)) continue
      const id = `${source.id}/${file.path}/${info.name}`
      const project = makeProject({ ...info, id, source: source.id }, reader)
      source.projects.set(reader, project)
      projects.set(id, { project, reader, file, source })
    }
  }

  function tell(file: OpenFile, whole: boolean, pictures: boolean): void {
    const source = owners.get(file)
    if (!source?.answered) return
    tellReceived(source)
    const before = source.projects.size
    if (pictures) register(source, file)
    for (const { reader } of file.projects) {
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
function isCutShort({ connector }: Source, unit: Unit, file: OpenFile): boolean {
  const failed = file.projects.some(({ reader }) => reader.reading().state === 'failed')
  return failed && unit.kind === 'database' && (!connector.live || bytesOf(unit) <= READ_AGAIN)
}

/** How many rows each project of a file has, to be compared. */
function rowsOf(file: OpenFile | undefined): string | undefined {
  return file?.projects.map(({ reader }) => reader.reading().rows).join()
}

export function inWords({ signal, onProgress }: Waiting<OpenProgress>): OpenOptions {
  return { signal, onProgress: (text, bytes, totalBytes) => onProgress?.({ text, bytes, totalBytes }) }
}

function unknown(what: 'source' | 'project', id: string): TrackioError {
  return new TrackioError(id, `no open ${what} of this name`)
}
