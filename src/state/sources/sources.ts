import { type Accessor, batch, createMemo, createSignal, untrack } from 'solid-js'
import type { EngineApi, EngineEvent } from '../../bridge/engine-api.ts'
import { formatBytes, formatPlural } from '../../compute/format.ts'
import { isAbort } from '../../model/errors.ts'
import type { RunKey } from '../../model/run.ts'
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
} from '../../model/source.ts'
import type { ViewState, WantedFile } from '../address/link.ts'
import { isFramed, type ViewLocation } from '../address/location.ts'
import type { Preferences, Recent } from '../address/preferences.ts'
import { baseName } from '../address/source-parameters.ts'
import type { Handles } from './file-handles.ts'
import type { Given } from './file-input.ts'
import { createOpener, type Opened, type Opener } from './opening.ts'
import { createFollower } from './polling.ts'
import { splitToken, type Tokens } from './tokens.ts'

export interface OpenSource {
  info: SourceInfo
  kind: Recent['kind'] | 'host' | 'beside' | 'kept' | 'tracked'
  /** Set while the files on disk differ from what is shown. */
  changed?: Notice | undefined
  /** Following it failed; tried again by itself. */
  stale?: string | undefined
  /** Bytes that came over the network. */
  received: number
  /** In words, the pause that its place asks for just now. */
  waiting?: string | undefined
  /** A file beside those that were opened, by the path that a logged value names. */
  find?: Given['find']
}

export interface Sources
  extends Pick<Opener, 'opening' | 'failures' | 'dismiss' | 'fail' | 'tell' | 'retry'> {
  list: Accessor<OpenSource[]>
  projects: Accessor<ProjectInfo[]>
  project: Accessor<ProjectInfo | undefined>
  /** Projects whose runs are drawn beside those of `project`. */
  beside: Accessor<ProjectInfo[]>
  setBeside(project: ProjectId, on: boolean): void
  /** The id under which all that is on screen is asked for. */
  asked: Accessor<ProjectId | undefined>
  /** What left this page: bytes of requests, by host. */
  sent: Accessor<[host: string, bytes: number][]>
  /** The source of the project on screen. */
  source: Accessor<OpenSource | undefined>
  /** The sources of all projects on screen. */
  shown: Accessor<OpenSource[]>
  /** Names of the address for projects beside the one on screen that are not open. */
  missing: Accessor<string[]>
  /** The files of the address that nobody gave yet. */
  absent: Accessor<WantedFile[]>
  /** What is on screen and in no link's reach: it lies on this disk or in this browser. */
  onlyHere(): OpenSource[]
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
  /**
   * Opens everything anew, in an engine in which nothing is open: files as they are held, addresses by their
   * link. What cannot be had is said.
   */
  reopen(): Promise<void>
  /** Reads a source that changed: with its new files, where it is made of files. */
  refresh(source: SourceId, given?: Given): Promise<void>
  /** Looks at a source now: something was changed there. */
  look(source: SourceId): Promise<void>
  media(project: ProjectId, path: string): Promise<Blob | undefined>
  /** Changes at the source of the project on screen, where it is writable. */
  renameRun(run: RunKey, name: string): Promise<void>
  deleteRun(run: RunKey): Promise<void>
  /** Files that were written to while they were read are being taken anew. */
  retaking: Accessor<boolean>
  onEvent(event: EngineEvent): void
}

export interface SourcesOptions {
  engine: EngineApi
  location: ViewLocation
  preferences: Preferences
  handles: Handles
  tokens: Tokens
  demo: { name: string; fetch(signal: AbortSignal): Promise<File> }
  /** What the address names is still being opened: its view belongs to that. */
  starting: Accessor<boolean>
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
  pins: undefined,
  order: undefined,
  fullscreen: undefined,
  own: {},
}

/** At files that are written to in every moment, within half a second; the follower goes on. */
const LOOKS_ANEW = 4

interface Extra {
  given?: Given | undefined
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
  /** What each was opened as, by its id. */
  const refs = new Map<SourceId, { ref: SourceRef; given: Given | undefined }>()
  /** The ids of what is open are those of an engine that is gone. */
  const [reopening, setReopening] = createSignal(false)
  /** Told of sources that are not in the list yet. */
  const early = new Map<SourceId, Notice>()
  /** Sources that are taken anew just now. */
  const [retaking, setRetaking] = createSignal(0)
  /** The page was served with something that opens by itself. */
  let servedWith: string | undefined
  // a source that is looked at every second says the same of hundreds of projects, and bytes that arrive say
  // nothing of them
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
    // one that was renamed is still the one on screen; a name that there is not shows nothing of others
    return (
      all.find((other) => other.name === name) ?? at ?? (name === undefined ? all[all.length - 1] : undefined)
    )
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
    const main = reopening() ? undefined : project()
    return main && combinedId([main.id, ...beside().map(({ id }) => id)])
  })
  const shown = (): OpenSource[] => {
    if (project() === undefined) return list()
    const ids = new Set([project(), ...beside()].map((one) => one?.source))
    return list().filter(({ info }) => ids.has(info.id))
  }
  const absent = createMemo(() => {
    const open = new Set(list().flatMap(({ info }) => filesOf(info).map(({ name }) => name)))
    return location.wantedFiles().filter(({ name }) => !open.has(name))
  })
  const filesShown = (): WantedFile[] => {
    const ids = new Set([project(), ...beside()].map((one) => one?.id))
    return shown()
      .filter(({ info, kind }) => info.link === undefined && isOfDisk(kind))
      .flatMap(({ info }) => filesOf(info, ({ id }) => project() === undefined || ids.has(id)))
  }
  const received = new Map<SourceId, number>()
  const [sent, setSent] = createSignal<[host: string, bytes: number][]>([])
  const follower = createFollower({
    async look(id, given) {
      const info = await engine.refresh({ source: id, files: given?.files })
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
    const anew =
      list && ref.kind === 'files'
        ? async (): Promise<SourceRef> => ({ ...ref, files: await list() })
        : undefined
    // also when it is tried again later, with a token
    const linked = options.starting() || kind === 'host' || kind === 'beside'
    return opener.open(
      ref,
      name,
      (info) => {
        refs.set(info.id, { ref, given: extra.given })
        arrive(info, kind, extra, linked)
      },
      anew,
    )
  }

  async function reopen(): Promise<void> {
    const before = list()
    const [main, ...others] = [project(), ...beside()]
    const known = new Map(refs)
    const now = new Map<OpenSource, OpenSource>()
    setReopening(true)
    refs.clear()
    received.clear()
    for (const { info } of before) follower.remove(info.id)
    for (const source of before) {
      const { ref, given } = known.get(source.info.id) ?? {}
      if (!ref) continue
      await opener.open(await freshOf(ref, given), source.info.name, (info) => {
        refs.set(info.id, { ref, given })
        // one that was tried again later, with a token
        if (!reopening()) return arrive(info, source.kind, { given, focus: false }, false)
        follower.add(info, given)
        now.set(source, {
          ...source,
          info,
          changed: undefined,
          stale: undefined,
          received: received.get(info.id) ?? 0,
        })
      })
    }
    // nothing can be had any more: what is on screen stays there, and why stands above it
    if (now.size === 0) {
      setReopening(false)
      return
    }
    // a person may have closed or opened something meanwhile
    const left = list()
    const still = before.filter((source) => left.some(({ info }) => info === source.info))
    const next = left.flatMap((one) => {
      const was = still.find(({ info }) => info === one.info)
      return was ? (now.get(was) ?? []) : [one]
    })
    const gone = [...now].filter(([source]) => !still.includes(source)).map(([, { info }]) => info.id)
    const idNow = (was: ProjectInfo | undefined): ProjectId | undefined => {
      const source = before.find(({ info }) => info.id === was?.source)
      const found =
        source &&
        now.get(source)?.info.projects.find(({ name, file }) => name === was?.name && file === was.file)
      return found?.id
    }
    batch(() => {
      setList(next)
      setChosen(idNow(main))
      setChosenBeside(others.flatMap((one) => idNow(one) ?? []))
      setReopening(false)
      nameLinks()
    })
    for (const id of gone) await engine.close(id).catch((error: unknown) => opener.fail(error, id))
  }

  /** `linked`: the address is about it, or the page around this one gave it; otherwise a person did. */
  function arrive(info: SourceInfo, kind: OpenSource['kind'], extra: Extra, linked: boolean): void {
    const first = list().length === 0
    const given = linked ? undefined : wasWanted(info, kind)
    const changed = early.get(info.id)
    early.delete(info.id)
    setList([
      ...list(),
      {
        info,
        kind,
        received: received.get(info.id) ?? 0,
        find: extra.given?.find,
        ...(changed && { changed }),
      },
    ])
    follower.add(info, extra.given)
    void retake(info.id)
    // what another page handed over is that page's to open again, and what this one was served with opens by
    // itself; copies have a list of their own
    if (kind !== 'host' && kind !== 'beside' && kind !== 'kept' && kind !== 'tracked') {
      const link = info.link && { link: info.link }
      preferences.addRecent({ kind, name: info.name, detail: describe(info), at: Date.now(), ...link })
      if (extra.given?.handles) void options.handles.keep(info.name, kind, extra.given.handles)
    }
    const page = { page: location.pages.home }
    const leave = ['', location.pages.open, location.pages.home].includes(location.view().page)
    if (first) {
      // a link's view belongs to what it opens, and to the files that it asks for
      const { project } = location.view()
      const wanted = info.projects.find(({ name }) => name === project)
      if (project === undefined || wanted) setChosen((wanted ?? info.projects[0])?.id)
      else if (!linked && given !== 'part') {
        setChosen(info.projects[0]?.id)
        location.patch(given && isOfDisk(kind) ? { project: undefined } : { ...FRESH, project: undefined })
      }
      if (leave) location.patch(page)
    } else if (given === 'whole' || given === 'part') {
      const { project, beside } = location.view()
      const wanted = info.projects.find(({ name }) =>
        project === undefined ? !beside.includes(name) : name === project,
      )
      if (wanted) setChosen(wanted.id)
      if (leave) location.patch(page)
    } else if (extra.focus && info.projects[0]) {
      select(info.projects[0].id)
      if (leave) location.patch(page)
    }
    nameLinks()
  }

  /**
   * What an address that was made of files gets with this source: all of them that were missing, some, or
   * others, which is said. They may bear another name or have grown since.
   */
  function wasWanted(info: SourceInfo, kind: OpenSource['kind']): 'whole' | 'part' | 'other' | undefined {
    const left = absent()
    if (left.length === 0) return undefined
    const files = filesOf(info)
    const named = left.filter(({ name }) => files.some((file) => file.name === name))
    for (const { name, bytes } of named) {
      const here = files.find((file) => file.name === name)?.bytes ?? bytes
      if (here !== bytes) tellDiffering(name, (words) => words.otherSize(here, bytes))
    }
    if (named.length > 0 && named.length < left.length) return 'part'
    location.forgetFiles()
    if (named.length > 0) return 'whole'
    if (kind === 'file' || kind === 'folder') tellDiffering(info.name, (words) => words.otherFile(left))
    return 'other'
  }

  function tellDiffering(subject: string, text: (words: typeof import('./file-words.ts')) => string): void {
    void import('./file-words.ts').then((words) => opener.tell({ level: 'info', subject, text: text(words) }))
  }

  /** The address names the source on screen and those beside it, so that a copied link opens them again. */
  function nameLinks(): void {
    const links = shown()
    // what the page was served with opens by itself, where the address names nothing else
    const alone = links.every(({ kind }) => kind === 'beside')
    location.setLinks(alone ? [] : links.flatMap(({ info }) => info.link ?? []), () => [
      ...filesShown(),
      ...absent(),
    ])
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

  /**
   * Files that the page follows were written to while they were read: they are taken as they are now, before
   * anybody is told that reading failed.
   */
  async function retake(id: SourceId): Promise<void> {
    const isChanged = (): boolean =>
      list().some(({ info, changed }) => info.id === id && info.live === 'page' && changed !== undefined)
    if (!isChanged()) return
    setRetaking((n) => n + 1)
    for (let look = 1; look <= LOOKS_ANEW && isChanged(); look++) {
      await follower.look(id)
      if (isChanged()) await new Promise((resolve) => setTimeout(resolve, 20 * 2 ** look))
    }
    setRetaking((n) => n - 1)
  }

  async function openLink(
    link: SourceLink | { as: 'auto'; texts: string[]; hub?: string | undefined },
    focus = true,
  ): Promise<void> {
    const { as, texts, hub = location.hub() } = link
    if (as === 'tracked') {
      await open({ kind: 'tracked' }, 'this browser', 'tracked', { focus })
      return
    }
    const plain = texts.map(splitToken)
    for (const { origin, token } of plain) {
      if (origin !== undefined)
        await options.tokens.set(origin, token).catch((error: unknown) => opener.fail(error, origin))
    }
    const given = plain.map(({ text }) => text)
    const ref: SourceRef = {
      kind: 'address',
      as,
      texts: given,
      ...(hub !== undefined && { hub }),
      base: document.baseURI,
    }
    await open(ref, given[0] ?? '', 'address', { focus })
  }

  function openDemo(): Promise<void> {
    const { name } = options.demo
    opener.clear()
    return opener.fetching(name, async (signal) => {
      const file = await options.demo.fetch(signal)
      const link: SourceLink = { as: 'db', texts: [name] }
      await open({ kind: 'files', name, files: [{ path: name, file }], live: false, link }, name, 'demo', {
        focus: true,
      })
    })
  }

  async function openFiles(given: Given, focus = true): Promise<Opened> {
    const { name, kind, files } = given
    if (files.length > 0)
      return open({ kind: 'files', name, files, live: given.list !== undefined }, name, kind, {
        given,
        focus,
      })
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
    absent,
    onlyHere: () => shown().filter(({ kind }) => isOfDisk(kind) || kind === 'tracked'),
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
    source: createMemo(() =>
      project() ? list().find(({ info }) => info.id === project()?.source) : list()[0],
    ),
    opening: opener.opening,
    failures: opener.failures,
    retaking: () => retaking() > 0,
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
        (one) =>
          one.name === name && list().some(({ info, kind }) => kind === 'tracked' && info.id === one.source),
      )
      if (found) select(found.id)
      location.patch({ page: location.pages.home })
    },
    async openBeside(kind) {
      servedWith = kind
      const hub = location.hub()
      await open(
        { kind: 'beside', base: document.baseURI, ...(hub !== undefined && { hub }) },
        kind,
        'beside',
        { focus: true },
      )
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
          else
            opener.tell({
              level: 'error',
              subject: name,
              text: 'no longer there',
              action: 'Choose it again where it is now.',
            })
        } catch (error) {
          opener.fail(error, name)
        }
      }
      return true
    },
    select,
    reopen,
    async close(id) {
      refs.delete(id)
      const left = list().filter(({ info }) => info.id !== id)
      const besideThen = beside().filter(({ source }) => source !== id)
      const gone = besideThen.length < beside().length
      follower.remove(id)
      received.delete(id)
      batch(() => {
        const was = project() ? project()?.source === id : left.length === 0
        setList(left)
        const next = left[left.length - 1]
        if (was) {
          setChosen(next?.info.projects[0]?.id)
          location.patch({
            ...FRESH,
            project: undefined,
            ...(next || isFramed(location.view().sidebar) ? {} : { page: location.pages.open }),
          })
        } else if (gone) location.patch({ beside: besideThen.map(({ name }) => name) })
        nameLinks()
      })
      // what is opened anew just now has another id by then
      if (!reopening()) await engine.close(id).catch((error: unknown) => opener.fail(error, id))
    },
    async refresh(id, given) {
      try {
        const info = await engine.refresh({ source: id, files: given?.files })
        update(id, { info, changed: undefined, stale: undefined })
      } catch (error) {
        if (!isAbort(error))
          opener.fail(error, given?.name ?? list().find(({ info }) => info.id === id)?.info.name ?? id)
      }
    },
    look: (id) => follower.look(id),
    sent,
    async media(id, path) {
      const source = list().find(({ info }) => info.projects.some((one) => one.id === id))
      return (await engine.ask('media', { project: id, path })) ?? (await source?.find?.(path))
    },
    renameRun: async (run, name) => engine.ask('renameRun', { project: project()?.id ?? '', run, name }),
    deleteRun: async (run) => engine.ask('deleteRun', { project: project()?.id ?? '', run }),
    onEvent(event) {
      if (event.kind === 'changed')
        untrack(() => {
          // its reading may fail before the page knows that it is open
          if (!list().some(({ info }) => info.id === event.source)) early.set(event.source, event.notice)
          update(event.source, { changed: event.notice })
          void retake(event.source)
        })
      if (event.kind === 'waiting') untrack(() => wait(event.source, event.text))
      if (event.kind === 'sent')
        setSent(
          untrack(sent)
            .filter(([host]) => host !== event.host)
            .concat([[event.host, event.bytes]]),
        )
      if (event.kind !== 'received') return
      // much comes before the source is open: all of it, where the rest waits to be asked for
      received.set(event.source, event.bytes)
      untrack(() => update(event.source, { received: event.bytes }))
    },
  }
}

function isOfDisk(kind: OpenSource['kind']): boolean {
  return kind === 'file' || kind === 'folder' || kind === 'kept'
}

/** The files of a source's projects, as a link names them. */
function filesOf(info: SourceInfo, which: (project: ProjectInfo) => boolean = () => true): WantedFile[] {
  // of a lone one the source counts what was written since
  const sizeOf = ({ bytes }: ProjectInfo): number => (info.projects.length === 1 ? info.bytes : bytes)
  const files = info.projects
    .filter(which)
    .map((project): [string, number] => [baseName(project.file), sizeOf(project)])
  return [...new Map(files)].map(([name, bytes]) => ({ name, bytes }))
}

/** Files of a folder as they are now, where the page may look. */
async function freshOf(ref: SourceRef, given: Given | undefined): Promise<SourceRef> {
  if (ref.kind !== 'files' || !given?.list) return ref
  try {
    return { ...ref, files: await given.list() }
  } catch {
    return ref // the permission is gone: those that are held may do
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
  const what =
    info.projects.length === 1 && first ? first.name : formatPlural(info.projects.length, 'project')
  return info.bytes > 0 ? `${what}, ${formatBytes(info.bytes)}` : what
}
