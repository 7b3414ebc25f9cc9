import type { EngineApi, EngineEvent } from '../bridge/engine-api.ts'
import { ChangedOnDiskError, TrackioError } from '../model/errors.ts'
import type { NamedFile, Notice, ProjectId, SourceId, SourceInfo, SourceRef } from '../model/source.ts'
import { csvOf } from './csv.ts'
import type { OpenFile, ProjectReader } from './formats/reader.ts'
import { forgetDerived, frameOf, probeOf } from './lines.ts'
import { bytesOf, type DatabaseFiles, openFiles, openSource, pairFiles } from './open.ts'
import { makeProject, type Project } from './project.ts'
import { historyOf, tableOf } from './rows.ts'

interface Source {
  id: SourceId
  ref: SourceRef
  files: OpenFile[]
  notices: Notice[]
  /** Project ids by reader, in the order they became known. */
  projects: Map<ProjectReader, Project>
  /** Nobody is told of anything before `open` has answered: whoever asked looks then anyway. */
  answered: boolean
  /** By path: how the files looked when they were last read. */
  stamps: Map<string, string>
}

/** A file whose rows are to be read, and when its charts are next told of it. */
interface Turn {
  file: OpenFile
  source: Source
  wait: number
  pictureAt: number
}

function turnOf(file: OpenFile, source: Source): Turn {
  return { file, source, wait: 300, pictureAt: 0 }
}

/** The worker's side of everything: owns the open sources, reads their rows one file after the other, answers questions. */
export function createEngine(): EngineApi {
  const sources = new Map<SourceId, Source>()
  const projects = new Map<ProjectId, { project: Project; file: OpenFile; source: Source }>()
  const listeners = new Set<(event: EngineEvent) => void>()
  const queue: Turn[] = []
  const ended = new Map<OpenFile, (() => void)[]>()
  const sights = new Map<OpenFile, () => void>()
  /** Whom a refresh waits for, and which files were stopped in favour of another. */
  const holds = new Map<OpenFile, () => void>()
  const gaveWay = new Set<OpenFile>()
  /** Turns of refreshes, which come one after the other. */
  const refreshed = new WeakSet<Turn>()
  let lastRefresh: Promise<unknown> = Promise.resolve()
  const sizes = new Map<ProjectReader, number>()
  let current: Turn | undefined
  let opened = 0

  return {
    async open(ref, options = {}) {
      const { files, notices } = await openSource(ref, {
        signal: options.signal,
        onProgress: (text, bytes, totalBytes) => options.onProgress?.({ text, bytes, totalBytes }),
      })
      options.signal?.throwIfAborted()
      const source: Source = { id: `s${++opened}`, ref, files, notices, projects: new Map(), answered: false, stamps: stampsOf(ref) }
      sources.set(source.id, source)
      // files of the first releases hold several projects, and only their rows say which: they are read now
      for (const file of files.slice(1)) {
        // a failure stands in the notices of the file's projects; without any, here
        if (file.projects.length === 0) await file.read(() => {}).catch((cause: unknown) => notices.push(noticeOf(file, cause)))
      }
      for (const file of files) queue.push(turnOf(file, source))
      // small files are read before anyone sees them; of large ones the first sample is awaited, so that a first picture is no empty one
      const first = files[0]
      const seen = first && firstSight(first)
      pump()
      await seen
      if (options.signal?.aborted) await close(source.id)
      options.signal?.throwIfAborted()
      for (const file of files) register(source, file)
      source.answered = true
      return describe(source)
    },
    async refresh(id, named) {
      const source = sources.get(id)
      if (!source) throw unknown('source', id)
      await refreshSource(source, named)
      return describe(source)
    },
    close,
    catalogue: async (id) => of(id).project.catalogue(),
    async watch(id) {
      const wanted = of(id)
      if (wanted.file.done() || current?.file === wanted.file) return
      const at = queue.findIndex(({ file }) => file === wanted.file)
      if (at < 0) return
      // what is on screen is read first: the other file waits where it is
      queue.unshift(...queue.splice(at, 1))
      // a refresh is short, and goes on by itself
      if (!current || refreshed.has(current)) return
      gaveWay.add(current.file)
      current.file.stop('pause')
    },
    frame: async (query) => frameOf(of(query.project).project, query),
    probe: async (query) => probeOf(of(query.project).project, query),
    async table(id, metric, runs, from, count) {
      const { project, file } = of(id)
      await end(file)
      return tableOf(project, metric, runs, from, count)
    },
    async history(id, run, metrics) {
      const { project, file } = of(id)
      await end(file)
      return historyOf(project, run, metrics)
    },
    async csv(id, metric, runs) {
      const { project, file } = of(id)
      await end(file)
      return csvOf(project, metric, runs)
    },
    settled: (id) => end(of(id).file),
    async cancel(id) {
      const { file } = of(id)
      const at = queue.findIndex((one) => one.file === file)
      if (at >= 0) queue.splice(at, 1)
      file.stop('cancel')
      if (current?.file !== file) finish(file)
    },
    async resume(id) {
      const { file, source } = of(id)
      if (file.done() || current?.file === file || queue.some((one) => one.file === file)) return
      queue.unshift(turnOf(file, source))
      pump()
    },
    async onEvent(listener) {
      listeners.add(listener)
    },
  }

  async function close(id: SourceId): Promise<void> {
    const source = sources.get(id)
    if (!source) return
    for (const file of source.files) drop(file)
    for (const project of source.projects.values()) projects.delete(project.info.id)
    sources.delete(id)
    forgetDerived()
  }

  function of(id: ProjectId): { project: Project; file: OpenFile; source: Source } {
    const found = projects.get(id)
    if (!found) throw unknown('project', id)
    return found
  }

  function emit(event: EngineEvent): void {
    for (const listener of listeners) listener(event)
  }

  function pump(): void {
    if (current) return
    const next = queue.shift()
    if (!next) return
    current = next
    const { file, source } = next
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
        tell(source, file, what === 'sample', due)
      })
      .catch((cause: unknown) => {
        if (cause instanceof ChangedOnDiskError)
          emit({
            kind: 'changed',
            source: source.id,
            notice: { level: 'warn', subject: cause.subject, text: cause.message, action: cause.action },
          })
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
        tell(source, file, true)
        pump()
      })
  }

  /** Resolves at the file's first progress or end. */
  function firstSight(file: OpenFile): Promise<void> {
    return new Promise((resolve) => {
      sights.set(file, () => {
        sights.delete(file)
        resolve()
      })
    })
  }

  function finish(file: OpenFile): void {
    sights.get(file)?.()
    for (const resolve of ended.get(file) ?? []) resolve()
    ended.delete(file)
  }

  function end(file: OpenFile): Promise<void> {
    if (current?.file !== file && !queue.some((one) => one.file === file)) return Promise.resolve()
    return new Promise((resolve) => ended.set(file, [...(ended.get(file) ?? []), resolve]))
  }

  /** `whole`: runs and metrics may differ in more than their number. `pictures`: frames asked now show more than before. */
  function tell(source: Source, file: OpenFile, whole: boolean, pictures = true): void {
    if (!sources.has(source.id) || !source.answered) return
    if (!pictures) {
      for (const { reader } of file.projects) {
        const project = source.projects.get(reader)
        if (project) emit({ kind: 'reading', project: project.info.id, reading: reader.reading() })
      }
      return
    }
    const before = source.projects.size
    register(source, file)
    for (const { reader } of file.projects) {
      const project = source.projects.get(reader)
      if (!project) continue
      const id = project.info.id
      const size = reader.runs().length * 1e6 + reader.keys().names.length + reader.samples().length
      if (whole || sizes.get(reader) !== size || source.projects.size !== before) emit({ kind: 'catalogue', project: id })
      sizes.set(reader, size)
      emit({ kind: 'reading', project: id, reading: reader.reading() })
      emit({ kind: 'data', project: id })
    }
  }

  function register(source: Source, file: OpenFile): void {
    for (const { info, reader } of file.projects) {
      if (source.projects.has(reader)) continue
      const id = `${source.id}/${file.path}/${info.name}`
      const project = makeProject({ ...info, id, source: source.id }, reader)
      source.projects.set(reader, project)
      projects.set(id, { project, file, source })
    }
  }

  function drop(file: OpenFile): void {
    file.stop('cancel')
    const at = queue.findIndex((one) => one.file === file)
    if (at >= 0) queue.splice(at, 1)
    finish(file)
  }

  async function refreshSource(source: Source, named: NamedFile[]): Promise<void> {
    const databases = pairFiles(named)
    const kept: OpenFile[] = []
    for (const database of databases) {
      const file = source.files.find((one) => one.path === database.path)
      if (file) {
        if (source.stamps.get(file.path) === stampOf(database)) {
          kept.push(file)
          continue
        }
        const mine = lastRefresh.then(() => readAgain(source, file, database))
        // the next one waits for this one, however it ends; who asked for this one is told
        lastRefresh = mine.catch(() => {})
        const outcome = await mine
        if (outcome !== 'other') {
          kept.push(file)
          source.stamps.set(file.path, stampOf(database))
          if (outcome === 'more') tell(source, file, true)
          continue
        }
      }
      const fresh = await openFiles(database)
      if (file) replace(source, file)
      kept.push(fresh)
      source.stamps.set(fresh.path, stampOf(database))
      queue.push(turnOf(fresh, source))
      const seen = firstSight(fresh)
      pump()
      await seen
      tell(source, fresh, true)
    }
    for (const file of source.files) if (!kept.includes(file)) replace(source, file)
    source.files = kept
    pump()
  }

  /** Forgets a file's projects; one that is opened anew gets the same ids, so that what is on screen stays. */
  function replace(source: Source, file: OpenFile): void {
    drop(file)
    forgetDerived()
    for (const { reader } of file.projects) {
      const project = source.projects.get(reader)
      if (project) projects.delete(project.info.id)
      source.projects.delete(reader)
    }
  }

  /** Reads what is new of a file; nothing else is read meanwhile. */
  async function readAgain(source: Source, file: OpenFile, database: DatabaseFiles): Promise<'same' | 'more' | 'other'> {
    const at = queue.findIndex((one) => one.file === file)
    if (at >= 0) queue.splice(at, 1)
    if (current) {
      const reading = current.file
      const held = new Promise<void>((resolve) => holds.set(reading, resolve))
      reading.stop('pause')
      if (reading !== file) queue.unshift(current)
      await held
    }
    current = turnOf(file, source)
    refreshed.add(current)
    try {
      const [db, wal] = await bytesOf(database)
      return await file.refresh(db, wal)
    } finally {
      current = undefined
      finish(file)
      pump()
    }
  }

  function describe(source: Source): SourceInfo {
    return {
      id: source.id,
      name: source.ref.name,
      bytes: source.files.reduce((sum, file) => sum + file.bytes, 0),
      live: source.ref.kind === 'files' && source.ref.live,
      local: source.ref.kind === 'files',
      projects: [...source.projects.values()].map((project) => project.info),
      notices: source.notices,
    }
  }
}

function stampsOf(ref: SourceRef): Map<string, string> {
  return new Map(ref.kind === 'files' ? pairFiles(ref.files).map((database) => [database.path, stampOf(database)]) : [])
}

/** Sizes and times of a database's files: the same ones mean that nothing was written. */
function stampOf({ db, wal }: DatabaseFiles): string {
  return [db, wal].map((one) => (one ? `${one.file.size} ${one.file.lastModified}` : '')).join(' ')
}

function noticeOf(file: OpenFile, cause: unknown): Notice {
  const text = cause instanceof Error ? cause.message : String(cause)
  return { level: 'error', subject: file.path, text, action: cause instanceof TrackioError ? cause.action : undefined }
}

function unknown(what: string, id: string): TrackioError {
  return new TrackioError(id, `no open ${what} of this name`)
}
