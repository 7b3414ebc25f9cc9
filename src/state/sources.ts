import { type Accessor, batch, createMemo, createSignal, untrack } from 'solid-js'
import type { EngineApi, EngineEvent, OpenProgress } from '../bridge/engine-api.ts'
import { formatBytes, formatPlural } from '../compute/format.ts'
import { isAbort, noticeOf } from '../model/errors.ts'
import type { RunKey } from '../model/run.ts'
import {
  type AddressKind,
  combinedId,
  type Notice,
  type ProjectId,
  type ProjectInfo,
  type SourceId,
  type SourceInfo,
  type SourceLink,
  type SourceRef,
} from '../model/source.ts'
import type { Given } from './dropped.ts'
import { createFollower } from './follow.ts'
import type { Handles } from './handles.ts'
import type { ViewState } from './link.ts'
import type { ViewLocation } from './location.ts'
import type { Preferences, Recent } from './preferences.ts'

export interface OpenSource {
  info: SourceInfo
  kind: Recent['kind'] | 'host' | 'beside' | 'kept' | 'tracked'
  /** Set while the files on disk differ from what is shown. */
  changed?: Notice
  /** Following it failed; tried again by itself. */
  stale?: string
  /** Bytes that came over the network. */
  received: number
  /** A file beside those that were opened, by the path that a logged value names. */
  find?: Given['find']
}

export interface Opening {
  name: string
  progress: OpenProgress | undefined
  cancel(): void
}

export interface Sources {
  list: Accessor<OpenSource[]>
  projects: Accessor<ProjectInfo[]>
  project: Accessor<ProjectInfo | undefined>
  /** Projects whose runs are drawn beside those of `project`. */
  beside: Accessor<ProjectInfo[]>
  setBeside(project: ProjectId, on: boolean): void
  /** The id under which all that is on screen is asked for. */
  asked: Accessor<ProjectId | undefined>
  /** The source of the project on screen. */
  source: Accessor<OpenSource | undefined>
  opening: Accessor<Opening | undefined>
  /** What could not be opened; stays until it is dismissed or something opens. */
  failures: Accessor<Notice[]>
  dismiss(notice: Notice): void
  /** Says what failed elsewhere, where failures are looked for. */
  fail(error: unknown, subject: string): void
  tell(notice: Notice): void
  /** `focus`: show what was opened; otherwise it only joins the picker. */
  openFiles(given: Given, focus?: boolean): Promise<void>
  openAddress(text: string, as?: AddressKind): Promise<void>
  openLink(link: SourceLink, focus?: boolean): Promise<void>
  openKept(name: string): Promise<void>
  /** What this browser's own tracking wrote, with one of its projects on screen. */
  openTracked(project: string): Promise<void>
  /** What the page was served with; its address needs no mention of it. */
  openBeside(kind: string): Promise<void>
  /** The page was served with something to open. */
  isBeside(): boolean
  openDemo(): Promise<void>
  openRecent(recent: Recent): Promise<boolean>
  /** Tries again what failed last, after a token was given. */
  retry(): Promise<void>
  select(project: ProjectId): void
  close(source: SourceId): Promise<void>
  /** Gives a source that changed on disk its new files. */
  refresh(source: SourceId, given: Given): Promise<void>
  /** Looks at a source now: something was changed there. */
  look(source: SourceId): Promise<void>
  media(project: ProjectId, path: string): Promise<Blob | undefined>
  /** Changes at the source of the project on screen, where it is writable. */
  renameRun(run: RunKey, name: string): Promise<void>
  deleteRun(run: RunKey): Promise<void>
  onEvent(event: EngineEvent): void
}

export interface SourcesOptions {
  engine: EngineApi
  location: ViewLocation
  preferences: Preferences
  handles: Handles
  demo: { name: string; fetch(): Promise<File> }
}

/** What belongs to one project and means nothing in another. */
const FRESH: Partial<ViewState> = {
  beside: [],
  metrics: undefined,
  shown: { kind: 'auto' },
  zoom: undefined,
  group: { kind: 'none' },
  rank: undefined,
  filter: '',
  slots: {},
  fullscreen: undefined,
}

interface Extra {
  given?: Given
  focus: boolean
}

/** Everything that is open, from which source it came, and which projects are on screen. */
export function createSources(options: SourcesOptions): Sources {
  const { engine, location, preferences } = options
  const [list, setList] = createSignal<OpenSource[]>([])
  const [chosen, setChosen] = createSignal<ProjectId>()
  const [opening, setOpening] = createSignal<Opening>()
  const [failures, setFailures] = createSignal<Notice[]>([])
  let failed: (() => Promise<void>) | undefined
  /** The page was served with something that opens by itself. */
  let servedWith: string | undefined
  const projects = createMemo(() => list().flatMap(({ info }) => info.projects))
  const named = location.field('project')
  const namedBeside = location.field('beside')
  const project = createMemo(() => {
    const all = projects()
    const name = named()
    const at = all.find(({ id }) => id === chosen())
    if (at && (name === undefined || at.name === name)) return at
    return all.find((other) => other.name === name) ?? at ?? all[all.length - 1]
  })
  const beside = createMemo(
    () => {
      const left = projects().filter(({ id }) => id !== project()?.id)
      return namedBeside().flatMap((name) => {
        const at = left.findIndex((one) => one.name === name)
        return at < 0 ? [] : left.splice(at, 1)
      })
    },
    [],
    { equals: (a, b) => a.length === b.length && a.every(({ id }, i) => id === b[i]?.id) },
  )
  const asked = createMemo(() => {
    const main = project()
    return main && combinedId([main.id, ...beside().map(({ id }) => id)])
  })
  const follower = createFollower({
    async look(id, given) {
      const info = await engine.refresh(id, given?.files)
      update(id, { info, changed: undefined, stale: undefined })
    },
    onStale: (id, stale) => {
      if (list().find(({ info }) => info.id === id)?.stale !== stale) update(id, { stale })
    },
  })

  async function open(ref: SourceRef, name: string, kind: OpenSource['kind'], extra: Extra): Promise<void> {
    const abort = new AbortController()
    const mine: Opening = { name, progress: undefined, cancel: () => abort.abort() }
    setOpening(mine)
    setFailures([])
    failed = undefined
    let current = mine
    try {
      const info = await engine.open(ref, {
        signal: abort.signal,
        onProgress: (progress) => {
          if (opening() !== current) return
          current = { ...mine, progress }
          setOpening(current)
        },
      })
      batch(() => arrive(info, kind, extra))
    } catch (error) {
      if (isAbort(error)) return
      failed = () => open(ref, name, kind, extra)
      setFailures([...failures(), noticeOf(error, name)])
    } finally {
      if (opening() === current) setOpening(undefined)
    }
  }

  function arrive(info: SourceInfo, kind: OpenSource['kind'], extra: Extra): void {
    const first = list().length === 0
    setList([...list(), { info, kind, received: 0, find: extra.given?.find }])
    follower.add(info, extra.given)
    // what another page handed over is that page's to open again, and what this one was served with opens by itself; copies have a list of their own
    if (kind !== 'host' && kind !== 'beside' && kind !== 'kept' && kind !== 'tracked') {
      const link = info.link && { link: info.link }
      preferences.addRecent({ kind, name: info.name, detail: describe(info), at: Date.now(), ...link })
      if (extra.given?.handles) void options.handles.keep(info.name, kind, extra.given.handles)
    }
    const page = { page: 'metrics' }
    const leave = ['', 'open', 'metrics'].includes(location.view().page)
    if (first) {
      // a link's view belongs to what it opens
      const wanted = info.projects.find(({ name }) => name === location.view().project) ?? info.projects[0]
      setChosen(wanted?.id)
      if (leave) location.patch(page)
    } else if (extra.focus && info.projects[0]) {
      select(info.projects[0].id)
      if (leave) location.patch(page)
    }
    nameLinks()
  }

  /** The address names the source on screen and those beside it, so that a copied link opens them again. */
  function nameLinks(): void {
    const shown = [project(), ...beside()]
    const links = list().filter(({ info }) => shown.some((one) => one?.source === info.id))
    // what the page was served with opens by itself
    location.setLinks(links.flatMap(({ info, kind }) => (info.link && kind !== 'beside' ? [info.link] : [])))
  }

  function select(id: ProjectId): void {
    const next = projects().find((other) => other.id === id)
    if (!next || next.id === project()?.id) return
    batch(() => {
      setChosen(id)
      location.patch({ ...FRESH, project: next.name })
      nameLinks()
    })
  }

  function update(id: SourceId, change: Partial<OpenSource>): void {
    setList(list().map((source) => (source.info.id === id ? { ...source, ...change } : source)))
  }

  function openLink(link: SourceLink | { as: 'auto'; texts: string[] }, focus = true): Promise<void> {
    const { as, texts, hub = location.hub() } = { hub: undefined, ...link }
    const name = texts[0] ?? ''
    if (as === 'tracked') return open({ kind: 'tracked' }, 'this browser', 'tracked', { focus })
    return open({ kind: 'address', as, texts, ...(hub !== undefined && { hub }), base: document.baseURI }, name, 'address', { focus })
  }

  async function openDemo(): Promise<void> {
    const { name } = options.demo
    const mine: Opening = { name, progress: undefined, cancel: () => undefined }
    setOpening(mine)
    try {
      const file = await options.demo.fetch()
      const link: SourceLink = { as: 'db', texts: [name] }
      await open({ kind: 'files', name, files: [{ path: name, file }], live: false, link }, name, 'demo', { focus: true })
    } catch (error) {
      setFailures([noticeOf(error, name)])
    } finally {
      if (opening() === mine) setOpening(undefined)
    }
  }

  const openFiles = (given: Given, focus = true): Promise<void> =>
    given.files.length === 0
      ? Promise.resolve(setFailures([nothingIn(given)])).then(() => undefined)
      : open({ kind: 'files', name: given.name, files: given.files, live: given.list !== undefined }, given.name, given.kind, {
          given,
          focus,
        })
  const openKept = (name: string): Promise<void> => open({ kind: 'kept', name }, name, 'kept', { focus: true })

  return {
    list,
    projects,
    project,
    beside,
    setBeside(id, on) {
      const info = projects().find((one) => one.id === id)
      if (!info) return
      const others = beside().filter((one) => one.id !== id)
      location.patch({ beside: [...others, ...(on ? [info] : [])].map(({ name }) => name) })
      nameLinks()
    },
    asked,
    source: createMemo(() => list().find(({ info }) => info.id === project()?.source)),
    opening,
    failures,
    dismiss: (notice) => setFailures(failures().filter((other) => other !== notice)),
    openFiles,
    openLink,
    openKept,
    async openTracked(name) {
      const open = list().find(({ kind }) => kind === 'tracked')
      if (!open) await openLink({ as: 'tracked', texts: [''] })
      const found = projects().find(
        (one) => one.name === name && list().some(({ info, kind }) => kind === 'tracked' && info.id === one.source),
      )
      if (found) select(found.id)
      location.patch({ page: 'metrics' })
    },
    async openBeside(kind) {
      servedWith = kind
      const hub = location.hub()
      await open({ kind: 'beside', base: document.baseURI, ...(hub !== undefined && { hub }) }, kind, 'beside', { focus: true })
    },
    isBeside: () => servedWith !== undefined,
    tell: (notice) => setFailures([...failures(), notice]),
    fail: (error, subject) => setFailures([...failures(), noticeOf(error, subject)]),
    openAddress: (text, as = 'auto') =>
      text.trim() === options.demo.name
        ? openDemo()
        : openLink(as === 'auto' ? { as, texts: [text.trim()] } : { as, texts: [text.trim()] }),
    openDemo,
    async openRecent(recent) {
      if (recent.kind === 'demo') await openDemo()
      else if (recent.link) await openLink(recent.link)
      else {
        const given = await options.handles.reopen(recent.name, recent.kind)
        if (!given) return false
        await openFiles(given)
      }
      return true
    },
    retry: async () => failed?.(),
    select,
    async close(id) {
      const left = list().filter(({ info }) => info.id !== id)
      follower.remove(id)
      batch(() => {
        const was = project()?.source === id
        setList(left)
        const next = left[left.length - 1]
        if (was) {
          setChosen(next?.info.projects[0]?.id)
          location.patch({ ...FRESH, project: undefined, ...(next ? {} : { page: 'open' }) })
        }
        nameLinks()
      })
      await engine.close(id)
    },
    async refresh(id, given) {
      try {
        const info = await engine.refresh(id, given.files)
        update(id, { info, changed: undefined, stale: undefined })
      } catch (error) {
        setFailures([noticeOf(error, given.name)])
      }
    },
    look: (id) => follower.look(id),
    async media(id, path) {
      const source = list().find(({ info }) => info.projects.some((one) => one.id === id))
      return (await engine.media(id, path)) ?? (await source?.find?.(path))
    },
    renameRun: async (run, name) => engine.renameRun(project()?.id ?? '', run, name),
    deleteRun: async (run) => engine.deleteRun(project()?.id ?? '', run),
    onEvent(event) {
      if (event.kind === 'changed') untrack(() => update(event.source, { changed: event.notice }))
      if (event.kind === 'received') untrack(() => update(event.source, { received: event.bytes }))
    },
  }
}

function nothingIn(given: Given): Notice {
  return {
    level: 'error',
    subject: given.name,
    text: given.kind === 'folder' ? 'no trackio database in this folder' : 'nothing that can be opened',
    action: 'Give a .db file, or the folder where trackio keeps them (usually ~/.cache/huggingface/trackio).',
  }
}

function describe(info: SourceInfo): string {
  const [first] = info.projects
  const what = info.projects.length === 1 && first ? first.name : formatPlural(info.projects.length, 'project')
  return info.bytes > 0 ? `${what}, ${formatBytes(info.bytes)}` : what
}
