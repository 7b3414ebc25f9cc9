import { type Accessor, batch, createMemo, createSignal, untrack } from 'solid-js'
import type { EngineApi, EngineEvent } from '../bridge/engine-api.ts'
import { formatBytes, formatPlural } from '../compute/format.ts'
import { isAbort } from '../model/errors.ts'
import type { RunKey } from '../model/run.ts'
import {
  type AddressKind,
  combinedId,
  HUB,
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
import { createOpener, type Opened, type Opener } from './opening.ts'
import type { Preferences, Recent } from './preferences.ts'
import { splitToken, type Tokens } from './tokens.ts'

export interface OpenSource {
  info: SourceInfo
  kind: Recent['kind'] | 'host' | 'beside' | 'kept' | 'tracked'
  /** Set while the files on disk differ from what is shown. */
  changed?: Notice
  /** Following it failed; tried again by itself. */
  stale?: string
  /** Bytes that came over the network. */
  received: number
  /** In words, the pause that its place asks for just now. */
  waiting?: string
  /** A file beside those that were opened, by the path that a logged value names. */
  find?: Given['find']
}

export interface Sources extends Pick<Opener, 'opening' | 'failures' | 'dismiss' | 'fail' | 'tell' | 'retry'> {
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
  /** The sources of all projects on screen. */
  shown: Accessor<OpenSource[]>
  /** Names of the address for projects beside the one on screen that are not open. */
  missing: Accessor<string[]>
  /** `focus`: show what was opened; otherwise it only joins the picker. */
  openFiles(given: Given, focus?: boolean): Promise<Opened>
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
  select(project: ProjectId): void
  close(source: SourceId): Promise<void>
  /** Reads a source that changed: with its new files, where it is made of files. */
  refresh(source: SourceId, given?: Given): Promise<void>
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
  tokens: Tokens
  demo: { name: string; fetch(signal: AbortSignal): Promise<File> }
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
  const opener = createOpener(engine)
  const [list, setList] = createSignal<OpenSource[]>([])
  const [chosen, setChosen] = createSignal<ProjectId>()
  /** Which of several projects of one name are meant to stand beside; a link knows names only. */
  const [chosenBeside, setChosenBeside] = createSignal<readonly ProjectId[]>([])
  /** The page was served with something that opens by itself. */
  let servedWith: string | undefined
  // a source that is looked at every second says the same of hundreds of projects, and bytes that arrive say nothing of them
  const projects = createMemo(() => list().flatMap(({ info }) => info.projects), [], {
    equals: (a, b) => a.length === b.length && a.every((one, i) => isSame(one, b[i])),
  })
  const namedProject = location.field('project')
  const namedBeside = location.field('beside')
  const project = createMemo(() => {
    const all = projects()
    const name = namedProject()
    const at = all.find(({ id }) => id === chosen())
    if (at && (name === undefined || at.name === name)) return at
    return all.find((other) => other.name === name) ?? at ?? all[all.length - 1]
  })
  const named = createMemo(() => {
    const left = projects().filter(({ id }) => id !== project()?.id)
    const missing: string[] = []
    const found = namedBeside().flatMap((name) => {
      const called = left.filter((one) => one.name === name)
      const meant = chosenBeside().find((id) => called.some((one) => one.id === id))
      const one = called.find(({ id }) => id === meant) ?? called[0]
      if (!one) {
        missing.push(name)
        return []
      }
      left.splice(left.indexOf(one), 1)
      return [one]
    })
    return { found, missing }
  })
  const beside = createMemo(() => named().found, [], {
    equals: (a, b) => a.length === b.length && a.every(({ id }, i) => id === b[i]?.id),
  })
  const asked = createMemo(() => {
    const main = project()
    return main && combinedId([main.id, ...beside().map(({ id }) => id)])
  })
  const shown = (): OpenSource[] => {
    const ids = new Set([project(), ...beside()].map((one) => one?.source))
    return list().filter(({ info }) => ids.has(info.id))
  }
  const received = new Map<SourceId, number>()
  const follower = createFollower({
    async look(id, given) {
      const info = await engine.refresh(id, given?.files)
      update(id, { info, changed: undefined, stale: undefined })
    },
    onStale: (id, stale) => {
      if (list().find(({ info }) => info.id === id)?.stale !== stale) update(id, { stale })
    },
  })

  /** What a person asks for makes a new start; what only joins leaves told what failed before. */
  function open(ref: SourceRef, name: string, kind: OpenSource['kind'], extra: Extra): Promise<Opened> {
    if (extra.focus) opener.clear()
    const list = extra.given?.list
    const anew = list && ref.kind === 'files' ? async (): Promise<SourceRef> => ({ ...ref, files: await list() }) : undefined
    return opener.open(ref, name, (info) => arrive(info, kind, extra), anew)
  }

  function arrive(info: SourceInfo, kind: OpenSource['kind'], extra: Extra): void {
    const first = list().length === 0
    setList([...list(), { info, kind, received: received.get(info.id) ?? 0, find: extra.given?.find }])
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
    const links = shown()
    // what the page was served with opens by itself, where the address names nothing else
    const alone = links.every(({ kind }) => kind === 'beside')
    location.setLinks(alone ? [] : links.flatMap(({ info }) => info.link ?? []))
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

  /** Said anew every second while the pause lasts: what is older than that is over. */
  function wait(id: SourceId, waiting: string): void {
    update(id, { waiting })
    setTimeout(() => {
      if (list().find(({ info }) => info.id === id)?.waiting === waiting) update(id, { waiting: undefined })
    }, 1500)
  }

  function update(id: SourceId, change: Partial<OpenSource>): void {
    setList(list().map((source) => (source.info.id === id ? { ...source, ...change } : source)))
  }

  async function openLink(link: SourceLink | { as: 'auto'; texts: string[]; hub?: string }, focus = true): Promise<void> {
    const { as, texts, hub = location.hub() } = link
    if (as === 'tracked') {
      await open({ kind: 'tracked' }, 'this browser', 'tracked', { focus })
      return
    }
    const plain = texts.map(splitToken)
    for (const { origin, token } of plain) {
      if (origin !== undefined) await options.tokens.set(origin, token).catch((error: unknown) => opener.fail(error, origin))
    }
    const given = plain.map(({ text }) => text)
    const ref: SourceRef = { kind: 'address', as, texts: given, ...(hub !== undefined && { hub }), base: document.baseURI }
    await open(ref, given[0] ?? '', 'address', { focus })
  }

  function openDemo(): Promise<void> {
    const { name } = options.demo
    opener.clear()
    return opener.fetching(name, async (signal) => {
      const file = await options.demo.fetch(signal)
      const link: SourceLink = { as: 'db', texts: [name] }
      await open({ kind: 'files', name, files: [{ path: name, file }], live: false, link }, name, 'demo', { focus: true })
    })
  }

  async function openFiles(given: Given, focus = true): Promise<Opened> {
    const { name, kind, files } = given
    if (files.length > 0) return open({ kind: 'files', name, files, live: given.list !== undefined }, name, kind, { given, focus })
    const notice = nothingIn(given)
    if (focus) opener.clear()
    opener.tell(notice)
    return { kind: 'failed', notice }
  }

  return {
    list,
    projects,
    project,
    beside,
    missing: () => named().missing,
    setBeside(id, on) {
      const info = projects().find((one) => one.id === id)
      if (!info) return
      const next = [...beside().filter((one) => one.id !== id), ...(on ? [info] : [])]
      batch(() => {
        setChosenBeside(next.map((one) => one.id))
        location.patch({ beside: next.map(({ name }) => name) })
        nameLinks()
      })
    },
    asked,
    shown,
    source: createMemo(() => list().find(({ info }) => info.id === project()?.source)),
    opening: opener.opening,
    failures: opener.failures,
    dismiss: opener.dismiss,
    tell: opener.tell,
    fail: opener.fail,
    retry: opener.retry,
    openFiles,
    openLink,
    openKept: async (name) => void (await open({ kind: 'kept', name }, name, 'kept', { focus: true })),
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
    openAddress: (text, as = 'auto') =>
      text.trim() === options.demo.name
        ? openDemo()
        : openLink(as === 'auto' ? { as, texts: [text.trim()] } : { as, texts: [text.trim()] }),
    openDemo,
    async openRecent(recent) {
      const { name, kind, link } = recent
      if (kind === 'demo') await openDemo()
      // a name without a Hub is one of huggingface.co, whatever Hub this page's address names
      else if (link) await openLink(location.hub() === undefined ? link : { hub: HUB, ...link })
      else {
        opener.clear()
        try {
          const given = await options.handles.reopen(name, kind)
          if (!given) return false
          if (given.files.length > 0) await openFiles(given)
          else opener.tell({ level: 'error', subject: name, text: 'no longer there', action: 'Choose it again where it is now.' })
        } catch (error) {
          opener.fail(error, name)
        }
      }
      return true
    },
    select,
    async close(id) {
      const left = list().filter(({ info }) => info.id !== id)
      const besideThen = beside().filter(({ source }) => source !== id)
      const gone = besideThen.length < beside().length
      follower.remove(id)
      received.delete(id)
      batch(() => {
        const was = project()?.source === id
        setList(left)
        const next = left[left.length - 1]
        if (was) {
          setChosen(next?.info.projects[0]?.id)
          location.patch({ ...FRESH, project: undefined, ...(next ? {} : { page: 'open' }) })
        } else if (gone) location.patch({ beside: besideThen.map(({ name }) => name) })
        nameLinks()
      })
      await engine.close(id).catch((error: unknown) => opener.fail(error, id))
    },
    async refresh(id, given) {
      try {
        const info = await engine.refresh(id, given?.files)
        update(id, { info, changed: undefined, stale: undefined })
      } catch (error) {
        if (!isAbort(error)) opener.fail(error, given?.name ?? list().find(({ info }) => info.id === id)?.info.name ?? id)
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
      if (event.kind === 'waiting') untrack(() => wait(event.source, event.text))
      if (event.kind !== 'received') return
      // much comes before the source is open: all of it, where the rest waits to be asked for
      received.set(event.source, event.bytes)
      untrack(() => update(event.source, { received: event.bytes }))
    },
  }
}

function isSame(a: ProjectInfo, b: ProjectInfo | undefined): boolean {
  return a === b || (a.id === b?.id && a.name === b.name && a.bytes === b.bytes)
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
