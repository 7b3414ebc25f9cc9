import { type Accessor, batch } from 'solid-js'
import type { EngineApi, EngineEvent } from '../../bridge/engine-api.ts'
import { isAbort } from '../../model/errors.ts'
import type { FileList } from '../../model/file.ts'
import {
  type AddressKind,
  HUB,
  membersOf,
  type NamedFile,
  type Notice,
  type ProjectId,
  type SourceId,
  type SourceLink,
  type SourceRef,
} from '../../model/source.ts'
import { splitToken } from '../../model/write-token.ts'
import { isFramed, type ViewLocation } from '../address/location.ts'
import type { Preferences, Recent } from '../address/preferences.ts'
import { makeArrival } from './arrival.ts'
import type { Handles } from './file-handles.ts'
import type { Given } from './file-input.ts'
import { createOnScreen, FRESH, type OnScreen } from './on-screen.ts'
import { createOpener, type Opened, type Opener } from './opening.ts'
import type { OpenedAs } from './reopening.ts'
import { createSourceList, isOfDisk, type OpenSource, type SourceList } from './source-list.ts'
import type { Tokens } from './tokens.ts'
import { createWatching, type Watching } from './watching.ts'

export interface Sources
  extends Pick<Opener, 'opening' | 'failures' | 'dismiss' | 'fail' | 'tell' | 'retry'>,
    Omit<OnScreen, 'choose' | 'chooseBeside' | 'isGone' | 'setGone' | 'nameLinks'>,
    Pick<SourceList, 'sent'>,
    Pick<Watching, 'look' | 'refresh' | 'retaking'> {
  list: Accessor<OpenSource[]>
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
  close(source: SourceId): Promise<void>
  /**
   * Opens everything anew, in an engine in which nothing is open: files as they are held, addresses by their
   * link. What cannot be had is said.
   */
  reopen(): Promise<void>
  /** A file that a logged value names; of given folders the page knows what the engine was not handed. */
  media(project: ProjectId, path: string, signal?: AbortSignal): Promise<Blob | undefined>
  /** Media and artifacts of a project's folder, where the engine was not handed them: whoever copies all has them. */
  rest(project: ProjectId, signal: AbortSignal): Promise<NamedFile[]>
  /**
   * A file below the folders that a person gave, by the places where one of a project may be: the engine was
   * handed what holds rows alone.
   */
  beneath(
    project: ProjectId,
    places: (name: string) => readonly string[],
    signal?: AbortSignal,
  ): Promise<File | undefined>
  /** Files of a project; of given folders the page knows what the engine was not handed. */
  files(project: ProjectId, signal?: AbortSignal): Promise<FileList>
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

/** What opens everything anew: fetched while all is well, since whoever served the page may be gone by then. */
export function fetchReopening(): Promise<typeof import('./reopening.ts')> {
  return import('./reopening.ts')
}

/** What finds files below folders that were given; likewise. */
export function fetchGivenFiles(): Promise<typeof import('./given-files.ts')> {
  return import('./given-files.ts')
}

/** Everything that is open, from which source it came, and which projects are on screen. */
export function createSources(options: SourcesOptions): Sources {
  const { engine, location } = options
  const opener = createOpener(engine)
  const list = createSourceList()
  const screen = createOnScreen(list, location)
  const watching = createWatching(engine, list, opener.fail)
  const arrive = makeArrival({ ...options, list, screen, watching, opener })
  /** What each was opened as, by its id. */
  const refs = new Map<SourceId, OpenedAs>()
  /** The page was served with something that opens by itself. */
  let servedWith: string | undefined

  async function beneath(
    id: ProjectId,
    places: (name: string) => readonly string[],
    signal?: AbortSignal,
  ): Promise<File | undefined> {
    const members = membersOf(id)
    for (const { info, find } of list.all()) {
      for (const { name } of info.projects.filter((one) => members.includes(one.id))) {
        const file = await find?.(places(name))
        signal?.throwIfAborted()
        if (file) return file
      }
    }
    return undefined
  }

  /** What a person asks for makes a new start; what only joins leaves told what failed before. */
  function open(
    ref: SourceRef,
    name: string,
    kind: OpenSource['kind'],
    { given, focus }: { given?: Given | undefined; focus: boolean },
  ): Promise<Opened> {
    if (focus) opener.clear()
    const fresh = given?.list
    const anew =
      fresh && ref.kind === 'files'
        ? async (): Promise<SourceRef> => ({ ...ref, files: await fresh() })
        : undefined
    // also when it is tried again later, with a token
    const linked = options.starting() || kind === 'host' || kind === 'beside'
    return opener.open(
      ref,
      name,
      (info) => {
        refs.set(info.id, { ref, given })
        arrive({ info, kind, given, focus, linked })
      },
      anew,
    )
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
    ...opener,
    ...screen,
    list: list.all,
    sent: list.sent,
    look: watching.look,
    refresh: watching.refresh,
    retaking: watching.retaking,
    onlyHere: () => screen.shown().filter(({ kind }) => isOfDisk(kind) || kind === 'tracked'),
    openFiles,
    openLink,
    openKept: async (name) => void (await open({ kind: 'kept', name }, name, 'kept', { focus: true })),
    async openTracked(name) {
      const open = list.all().find(({ kind }) => kind === 'tracked')
      if (!open) await openLink({ as: 'tracked', texts: [''] })
      const found = screen
        .projects()
        .find(
          (one) =>
            one.name === name &&
            list.all().some(({ info, kind }) => kind === 'tracked' && info.id === one.source),
        )
      if (found) screen.select(found.id)
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
    async reopen() {
      // at once: by the ids of the engine that is gone nothing may be asked
      screen.setGone(true)
      const { reopenAll } = await fetchReopening()
      await reopenAll({
        ...{ engine, opener, list, screen, watching, refs },
        arriveLate: (info, kind, given) => arrive({ info, kind, given, focus: false, linked: false }),
      })
    },
    async close(id) {
      refs.delete(id)
      const left = list.all().filter(({ info }) => info.id !== id)
      const besideThen = screen.beside().filter(({ source }) => source !== id)
      const gone = besideThen.length < screen.beside().length
      watching.remove(id)
      list.forget(id)
      batch(() => {
        const was = screen.project() ? screen.project()?.source === id : left.length === 0
        list.set(left)
        const next = left[left.length - 1]
        if (was) {
          screen.choose(next?.info.projects[0]?.id)
          location.patch({
            ...FRESH,
            project: undefined,
            ...(next || isFramed(location.view().sidebar) ? {} : { page: location.pages.open }),
          })
        } else if (gone) location.patch({ beside: besideThen.map(({ name }) => name) })
        screen.nameLinks()
      })
      // what is opened anew just now has another id by then
      if (!screen.isGone()) await engine.close(id).catch((error: unknown) => opener.fail(error, id))
    },
    async media(id, path, signal) {
      let failure: { cause: unknown } | undefined
      const found = await engine.ask('media', { project: id, path }, { signal }).catch((cause: unknown) => {
        if (isAbort(cause)) throw cause
        // a folder that somebody chose may have it
        failure = { cause }
        return undefined
      })
      if (found) return found
      if (list.all().some(({ find }) => find)) {
        const { mediaPlaces } = await fetchGivenFiles()
        const file = await beneath(id, (name) => mediaPlaces(path, name), signal)
        if (file) return file
      }
      if (failure) throw failure.cause
      return undefined
    },
    async rest(id, signal) {
      if (!list.all().some(({ below }) => below)) return []
      const { restOf } = await fetchGivenFiles()
      const members = membersOf(id)
      return restOf(list.all(), (project) => members.includes(project.id), signal)
    },
    beneath,
    async files(id, signal) {
      const listed = await engine.ask('files', { project: id }, { signal })
      const members = membersOf(id)
      if (!list.all().some(({ below }) => below)) return listed
      const { withGiven } = await fetchGivenFiles()
      return withGiven(listed, list.all(), (project) => members.includes(project.id))
    },
    onEvent(event) {
      list.onEvent(event)
      watching.onEvent(event)
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
