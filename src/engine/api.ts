import type { EngineApi, EngineEvent, WaitOptions } from '../bridge/engine-api.ts'
import { TrackioError } from '../model/errors.ts'
import type { RunKey } from '../model/run.ts'
import { membersOf, type NamedFile, type Notice, type ProjectId, type SourceId, type SourceInfo } from '../model/source.ts'
import type { FrameQuery } from '../model/view.ts'
import { lookBeside } from '../storage/beside.ts'
import { combineProjects, combineReadings } from './combined.ts'
import type { Door } from './door.ts'
import { openDoor } from './doors.ts'
import type { OpenFile, OpenOptions, ProjectReader } from './formats/reader.ts'
import { frameVersionOf } from './frame-version.ts'
import type { Copied } from './keeping.ts'
import { stampOf, type Unit } from './layout.ts'
import { lazyFile } from './lazy.ts'
import type { Library } from './library.ts'
import { forgetDerived, frameOf, probeOf } from './lines.ts'
import { makeProject, type Project } from './project.ts'
import { makeReadings } from './reading.ts'
import { historyOf, tableOf } from './rows.ts'

interface Source {
  id: SourceId
  door: Door
  files: OpenFile[]
  notices: Notice[]
  /** Projects by reader, in the order they became known. */
  projects: Map<ProjectReader, Project>
  /** Nobody is told of anything before `open` has answered: whoever asked looks then anyway. */
  answered: boolean
  /** By path: the units, and how they looked when they were last read. */
  units: Map<string, Unit>
  stamps: Map<string, string>
  received: number
}

interface Held {
  project: Project
  reader: ProjectReader
  file: OpenFile
  source: Source
}

/** The worker's side of everything: owns the open sources, reads their rows one file after the other, answers questions. */
export function createEngine(): EngineApi {
  const sources = new Map<SourceId, Source>()
  const projects = new Map<ProjectId, Held>()
  /** Several projects as one, by the id they were asked under; made anew when one of them was replaced. */
  const combined = new Map<ProjectId, { project: Project; of: Project[] }>()
  const listeners = new Set<(event: EngineEvent) => void>()
  const owners = new Map<OpenFile, Source>()
  const sizes = new Map<ProjectReader, number>()
  const tokens = new Map<string, string>()
  let opened = 0

  const readings = makeReadings({
    tell,
    changed(file, cause) {
      const source = owners.get(file)
      if (source) emit({ kind: 'changed', source: source.id, notice: noticeOf(cause, cause.subject, 'warn') })
    },
  })

  return {
    async open(ref, options = {}) {
      const wait = inWords(options)
      const door = await openDoor(ref, { ...wait, tokens })
      const units = await door.look(wait)
      const { files, notices } = await openUnits(door, units, wait)
      options.signal?.throwIfAborted()
      const stamps = new Map(units.map((unit) => [unit.path, stampOf(unit)]))
      const source: Source = {
        id: `s${++opened}`,
        door,
        files,
        notices,
        projects: new Map(),
        answered: false,
        units: new Map(units.map((unit) => [unit.path, unit])),
        stamps,
        received: 0,
      }
      sources.set(source.id, source)
      for (const file of files) owners.set(file, source)
      // files of the first releases hold several projects, and only their rows say which: they are read now
      for (const file of files.slice(1)) {
        // a failure stands in the notices of the file's projects; without any, here
        if (file.projects.length === 0) await file.read(() => {}).catch((cause: unknown) => notices.push(noticeOf(cause, file.path)))
      }
      // behind a network only what is looked at is read
      for (const file of door.lazy ? files.slice(0, 1) : files) readings.add(file)
      // small files are read before anyone sees them; of large ones the first sample is awaited, so that a first picture is no empty one
      const first = files[0]
      const seen = first && readings.firstSight(first)
      readings.pump()
      await seen
      if (options.signal?.aborted) await close(source.id)
      options.signal?.throwIfAborted()
      for (const file of files) register(source, file)
      source.answered = true
      return describe(source)
    },
    async refresh(id, files) {
      const source = sources.get(id)
      if (!source) throw unknown('source', id)
      await refreshSource(source, files)
      return describe(source)
    },
    close,
    async authorize(origin, token) {
      if (token === undefined) tokens.delete(origin)
      else tokens.set(origin, token)
      const { setToken } = await import('../storage/hub-requests.ts')
      setToken(new URL(origin).host, token)
    },
    beside: async (base) => (await lookBeside(base)).kind,
    catalogue: async (id) => of(id).catalogue(),
    async watch(id) {
      for (const { file } of membersHeld(id).reverse()) {
        if (isUnread(file) && !readings.isWaiting(file)) readings.add(file)
        readings.watch(file)
      }
      readings.pump()
    },
    frame: async (query, signal) => frameOf(await loaded(query, signal), query),
    async newFrame(query, version, signal) {
      const project = await loaded(query, signal)
      return frameVersionOf(project, query) === version ? undefined : frameOf(project, query)
    },
    async probe(query) {
      return probeOf(of(query.project), query)
    },
    async table(id, metric, runs, from, count) {
      await end(id, [metric])
      return tableOf(of(id), metric, runs, from, count)
    },
    async history(id, run, metrics) {
      await end(id, metrics)
      return historyOf(of(id), run, metrics)
    },
    async csv(id, metric, runs) {
      await end(id, [metric])
      return (await import('./csv.ts')).csvOf(of(id), metric, runs)
    },
    async media(id, path) {
      for (const { file } of membersHeld(id)) {
        const found = await file.media?.(path)
        if (found) return found
      }
      return undefined
    },
    async kept() {
      const library = await openLibrary()
      const { trackedNames } = await import('./tracked.ts')
      const [projects, tracked, room] = await Promise.all([library.list(), trackedNames(), library.room()])
      return { projects, tracked, room }
    },
    keep: async (id, options = {}) => (await import('./keeping.ts')).keepCopy(copied(id), inWords(options)),
    renameKept: async (name, to) => (await openLibrary()).rename(name, to),
    removeKept: async (name) => (await openLibrary()).remove(name),
    async export(id, form, frontend, options = {}) {
      const { exportProject, exportRows } = await import('./keeping.ts')
      if (form !== 'csv') return exportProject(copied(id), form, frontend, inWords(options))
      await end(id, undefined)
      return exportRows(of(id), inWords(options))
    },
    publish: async (id, options, waiting) => (await import('./publish/publish.ts')).publish(copied(id), options, waiting),
    cacheSize: async () => (await import('../storage/hub-cache.ts')).cacheSize(),
    forgetCache: async () => (await import('../storage/hub-cache.ts')).forgetCache(),
    renameRun: (id, run, name) => change(id, run, (held, logged) => held.file.renameRun?.(held.project.info.name, logged, name)),
    deleteRun: (id, run) => change(id, run, (held, logged) => held.file.deleteRun?.(held.project.info.name, logged)),
    settled: async (id) => void (await Promise.all(membersHeld(id).map(({ file }) => settle(file, false)))),
    async cancel(id) {
      for (const { file } of membersHeld(id)) readings.cancel(file)
    },
    async resume(id) {
      for (const { file } of membersHeld(id)) readings.resume(file)
    },
    async onEvent(listener) {
      listeners.add(listener)
    },
  }

  async function openUnits(door: Door, units: Unit[], wait: OpenOptions): Promise<{ files: OpenFile[]; notices: Notice[] }> {
    const files: OpenFile[] = []
    const notices: Notice[] = []
    for (const unit of units) {
      wait.signal?.throwIfAborted()
      // the first one is opened at once, so that a source that cannot be read says so where it was asked for; whose fragments are is only known by reading
      if (door.lazy && files.length > 0 && unit.kind !== 'fragments') files.push(lazyFile(unit, () => door.open(unit, {})))
      else {
        try {
          files.push(await door.open(unit, wait))
        } catch (cause) {
          if (units.length === 1 || !(cause instanceof TrackioError)) throw cause
          notices.push(noticeOf(cause, unit.path))
        }
      }
    }
    if (files.length > 0) return { files, notices }
    const [first] = notices
    throw new TrackioError(door.name, notices.map((n) => `${n.subject}: ${n.text}`).join('; '), first?.action ?? '')
  }

  async function close(id: SourceId): Promise<void> {
    const source = sources.get(id)
    if (!source) return
    for (const file of source.files) {
      readings.drop(file)
      owners.delete(file)
    }
    for (const project of source.projects.values()) projects.delete(project.info.id)
    combined.clear()
    sources.delete(id)
    forgetDerived()
  }

  function held(id: ProjectId): Held {
    const found = projects.get(id)
    if (!found) throw unknown('project', id)
    return found
  }

  function membersHeld(id: ProjectId): Held[] {
    return membersOf(id).map(held)
  }

  function of(id: ProjectId): Project {
    const members = membersHeld(id).map(({ project }) => project)
    const [first] = members
    if (!first || members.length === 1) return first ?? held(id).project
    const known = combined.get(id)
    if (known?.of.every((member, i) => member === members[i])) return known.project
    const bytes = members.reduce((sum, { info }) => sum + info.bytes, 0)
    const project = combineProjects({ ...first.info, id, bytes }, members)
    combined.set(id, { project, of: members })
    return project
  }

  function emit(event: EngineEvent): void {
    for (const listener of listeners) listener(event)
    if (event.kind === 'changed' || event.kind === 'received') return
    // whoever looks at several projects together is told under the id they asked by
    for (const id of combined.keys()) {
      const members = membersOf(id)
      if (!members.includes(event.project) || !members.every((member) => projects.has(member))) continue
      const reading = combineReadings(membersHeld(id).map((member) => member.reader.reading()))
      const own = event.kind === 'reading' ? { kind: event.kind, project: id, reading } : { kind: event.kind, project: id }
      for (const listener of listeners) listener(own)
    }
  }

  function isUnread(file: OpenFile): boolean {
    return !file.done() && file.projects.some(({ reader }) => reader.reading().state === 'reading')
  }

  /** Waits until a file is read; `whole`: also what a preview left out. A reading that was cancelled or failed is not taken up again. */
  async function settle(file: OpenFile, whole: boolean): Promise<void> {
    const held = file.projects.some(({ reader }) => reader.reading().state === 'held')
    if (!readings.isWaiting(file) && ((whole && held) || isUnread(file))) {
      readings.add(file, whole)
      readings.pump()
    }
    await readings.end(file)
    if (whole && file.projects.some(({ reader }) => reader.reading().state === 'held')) await settle(file, true)
  }

  async function end(id: ProjectId, metrics: string[] | undefined): Promise<void> {
    await Promise.all(membersHeld(id).map(({ file }) => settle(file, true)))
    await load(id, metrics)
  }

  /** The project that a chart asks about, with what it asks for at hand. */
  async function loaded({ project, metric, x }: FrameQuery, signal: AbortSignal | undefined): Promise<Project> {
    const found = of(project)
    await load(project, x.kind === 'metric' ? [metric, x.name] : [metric], signal)
    return found
  }

  async function load(id: ProjectId, metrics: string[] | undefined, signal?: AbortSignal): Promise<void> {
    await of(id).load(metrics, signal)
    for (const { source } of membersHeld(id)) tellReceived(source)
  }

  async function change(
    id: ProjectId,
    key: RunKey,
    act: (held: Held, run: { id: string | null; name: string }) => Promise<void> | undefined,
  ): Promise<void> {
    const one = held(id)
    const run = one.project.run(key)
    if (!run) throw unknown('run', key)
    const done = act(one, run)
    if (!done) throw new TrackioError(one.source.door.name, 'runs cannot be changed here: only a trackio server takes changes')
    await done
    await refreshSource(one.source)
  }

  /** A project with where its bytes are. */
  function copied(id: ProjectId): Copied {
    const { project, file, source } = held(id)
    const { tree } = source.door
    const unit = source.units.get(file.path)
    if (!tree || !unit)
      throw new TrackioError(
        project.info.name,
        'a live server gives out rows, not the database itself',
        'Copy its .db file from the folder that the server runs in.',
      )
    return { tree, unit, project: project.info.name, from: source.door.name }
  }

  function tell(file: OpenFile, whole: boolean, pictures: boolean): void {
    const source = owners.get(file)
    if (!source || !sources.has(source.id) || !source.answered) return
    tellReceived(source)
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

  function tellReceived(source: Source): void {
    const bytes = source.door.received()
    if (bytes === source.received) return
    source.received = bytes
    emit({ kind: 'received', source: source.id, bytes })
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

  async function refreshSource(source: Source, fresh?: NamedFile[]): Promise<void> {
    if (fresh) source.door.replace?.(fresh)
    const looked = new Set(source.files.filter((file) => !isUnread(file)).map(({ path }) => path))
    const units = await source.door.look({ only: looked })
    source.units = new Map(units.map((unit) => [unit.path, unit]))
    const kept: OpenFile[] = []
    for (const unit of units) {
      const file = source.files.find((one) => one.path === unit.path)
      const stamp = stampOf(unit)
      if (file) {
        if (source.stamps.get(unit.path) === stamp) {
          kept.push(file)
          continue
        }
        const outcome = await readings.again(file, unit)
        if (outcome !== 'other') {
          kept.push(file)
          source.stamps.set(unit.path, stamp)
          if (outcome === 'more') tell(file, true, true)
          continue
        }
      }
      kept.push(await openAnew(source, unit, file))
      source.stamps.set(unit.path, stamp)
    }
    for (const file of source.files) if (!kept.includes(file)) replace(source, file)
    source.files = kept
    readings.pump()
    tellReceived(source)
  }

  /** Opens a part that is new, or no longer what it was. */
  async function openAnew(source: Source, unit: Unit, before: OpenFile | undefined): Promise<OpenFile> {
    // behind a network only what was looked at is opened again
    const looked = !source.door.lazy || (before && !isUnread(before))
    const file = looked ? await source.door.open(unit, {}) : lazyFile(unit, () => source.door.open(unit, {}))
    if (before) replace(source, before)
    owners.set(file, source)
    if (!looked) {
      register(source, file)
      return file
    }
    readings.add(file)
    const seen = readings.firstSight(file)
    readings.pump()
    await seen
    tell(file, true, true)
    return file
  }

  /** Forgets a file's projects; one that is opened anew gets the same ids, so that what is on screen stays. */
  function replace(source: Source, file: OpenFile): void {
    readings.drop(file)
    owners.delete(file)
    forgetDerived()
    for (const { reader } of file.projects) {
      const project = source.projects.get(reader)
      if (project) projects.delete(project.info.id)
      source.projects.delete(reader)
    }
  }

  function describe(source: Source): SourceInfo {
    const { door } = source
    return {
      id: source.id,
      name: door.name,
      bytes: source.files.reduce((sum, file) => sum + file.bytes, 0),
      live: door.live,
      every: door.every,
      local: door.local,
      host: door.host,
      link: door.link,
      writable: door.writable,
      projects: [...source.projects.values()].map((project) => project.info),
      notices: [...door.notices(), ...source.notices],
    }
  }
}

async function openLibrary(): Promise<Library> {
  return (await import('./library.ts')).openLibrary()
}

function inWords({ signal, onProgress }: WaitOptions): OpenOptions {
  return { signal, onProgress: (text, bytes, totalBytes) => onProgress?.({ text, bytes, totalBytes }) }
}

function noticeOf(cause: unknown, subject: string, level: Notice['level'] = 'error'): Notice {
  const text = cause instanceof Error ? cause.message : String(cause)
  const action = cause instanceof TrackioError ? cause.action : undefined
  return { level, subject: cause instanceof TrackioError ? cause.subject : subject, text, action }
}

function unknown(what: string, id: string): TrackioError {
  return new TrackioError(id, `no open ${what} of this name`)
}
