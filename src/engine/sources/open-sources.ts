import type { EngineEvent } from '../../bridge/engine-api.ts'
import type { StoredChange } from '../../model/change.ts'
import { noticeOf, TrackioError } from '../../model/errors.ts'
import type { OpenProgress, Waiting } from '../../model/questions.ts'
import type {
  NamedFile,
  ProjectId,
  ProjectInfo,
  SourceId,
  SourceInfo,
  SourceRef,
} from '../../model/source.ts'
import type { TokenFor } from '../../storage/http/token-table.ts'
import { openConnector } from '../connectors/choose.ts'
import type { OpenDataset, OpenOptions, ProjectReader } from '../formats/dataset.ts'
import { stampOf } from '../formats/registry.ts'
import { makeProject } from '../projects/project.ts'
import { makeReadQueue, type ReadQueue } from '../projects/read-queue.ts'
import type { Looks } from './look-again.ts'
import { describe, openDatasets, type ProjectEntry, type Source } from './opened-source.ts'

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
  /** All projects that are open. */
  entries(): ProjectEntry[]
  /** Shows a project as though these changes were made; none, as it is. They stay when it is opened anew. */
  hold(id: ProjectId, changes: readonly StoredChange[]): Promise<void>
  /** It is shown with changes that are not made. */
  isHeld(id: ProjectId): boolean
  /** Says how many bytes came over the network, if more did. */
  tellReceived(source: Source): void
  readQueue: ReadQueue
}

export interface SourcesOptions {
  /** Tokens by origin, each for that origin alone. */
  tokenFor: TokenFor
  emit(event: EngineEvent): void
}

/** Looks at what is open: fetched once a chart stands, and there when whoever served the page has gone. */
export const looking = () => import('./look-again.ts')

/** The open sources: opens, looks again and closes them, and has their rows read one file after the other. */
export function makeSources({ tokenFor, emit }: SourcesOptions): Sources {
  const sources = new Map<SourceId, Source>()
  const projects = new Map<ProjectId, ProjectEntry>()
  const owners = new Map<OpenDataset, Source>()
  const sizes = new WeakMap<ProjectReader, number>()
  /** Changes that are shown and not made yet, and the code that shows them, fetched with the first. */
  const held = new Map<ProjectId, readonly StoredChange[]>()
  let holding: typeof import('./held-changes.ts') | undefined
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
    readAnew: async (dataset) => (await looks()).readAnew(dataset),
  })

  return {
    open,
    async refresh(id, fresh, signal) {
      const source = sources.get(id)
      if (!source) throw unknown('source', id)
      const look = source.looked.then(async () =>
        (await looksAt(source, signal)).lookAgain(source, fresh, signal),
      )
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
    entries: () => [...projects.values()],
    async hold(id, changes) {
      if (changes.length > 0) held.set(id, changes)
      else held.delete(id)
      holding ??= await import('./held-changes.ts')
      const found = projects.get(id)
      if (!found) return
      const { source, dataset, project } = found
      // another project under the same id: whatever was worked out of the one before goes with it
      for (const [reader, one] of source.projects)
        if (one === project) enter(source, dataset, project.info, reader)
      emit({ kind: 'catalogue', project: id })
      emit({ kind: 'data', project: id })
    },
    isHeld: (id) => held.has(id),
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

  async function looks(): Promise<Looks> {
    const { makeLooks } = await looking()
    return makeLooks({ readQueue, owners, register, join, forget, tell, tellWaiting, tellReceived })
  }

  /** Code comes from whoever serves the page, often from who serves the files: that one's own words come first. */
  async function looksAt({ connector }: Source, signal: AbortSignal | undefined): Promise<Looks> {
    try {
      return await looks()
    } catch (cause) {
      await connector.look({ signal })
      throw new TrackioError('this page', `part of its code cannot be fetched: ${cause}`, 'Reload the page.')
    }
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
      enter(source, dataset, { ...info, id, source: source.id }, reader)
    }
  }

  function enter(source: Source, dataset: OpenDataset, info: ProjectInfo, reader: ProjectReader): void {
    const changes = held.get(info.id)
    const shown = changes && holding ? holding.withChanges(reader, changes) : reader
    const project = makeProject(info, shown)
    source.projects.set(reader, project)
    projects.set(info.id, { project, reader: shown, dataset, source })
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

export function inWords({ signal, onProgress }: Waiting<OpenProgress>): OpenOptions {
  return { signal, onProgress: (text, bytes, totalBytes) => onProgress?.({ text, bytes, totalBytes }) }
}

function unknown(what: 'source' | 'project', id: string): TrackioError {
  return new TrackioError(id, `no open ${what} of this name`)
}
