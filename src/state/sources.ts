import { type Accessor, batch, createMemo, createSignal, onCleanup, untrack } from 'solid-js'
import type { EngineApi, EngineEvent, OpenProgress } from '../bridge/engine-api.ts'
import { formatBytes, formatPlural } from '../compute/format.ts'
import { isAbort } from '../model/errors.ts'
import type { Notice, ProjectId, ProjectInfo, SourceId, SourceInfo, SourceRef } from '../model/source.ts'
import { type Given, stampOf } from './dropped.ts'
import type { ViewState } from './link.ts'
import type { ViewLocation } from './location.ts'
import type { Preferences, Recent } from './preferences.ts'

const POLL_MS = 1500

export interface OpenSource {
  info: SourceInfo
  kind: Recent['kind']
  /** The address that opens it again; undefined for files. */
  address?: string
  /** Set while the files on disk differ from what is shown. */
  changed?: Notice
  /** Following the files failed. */
  stale?: string
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
  /** The source of the project on screen. */
  source: Accessor<OpenSource | undefined>
  opening: Accessor<Opening | undefined>
  /** What could not be opened; stays until it is dismissed or something opens. */
  failures: Accessor<Notice[]>
  dismiss(notice: Notice): void
  /** `focus`: show what was opened; otherwise it only joins the picker. */
  openFiles(given: Given, focus?: boolean): Promise<void>
  openUrl(address: string): Promise<void>
  openDemo(): Promise<void>
  select(project: ProjectId): void
  close(source: SourceId): Promise<void>
  /** Gives a source that changed on disk its new files. */
  refresh(source: SourceId, given: Given): Promise<void>
  onEvent(event: EngineEvent): void
}

export interface SourcesOptions {
  engine: EngineApi
  location: ViewLocation
  preferences: Preferences
  demo: { name: string; fetch(): Promise<File> }
}

/** What belongs to one project and means nothing in another. */
const FRESH: Partial<ViewState> = {
  metrics: undefined,
  shown: { kind: 'auto' },
  zoom: undefined,
  group: { kind: 'none' },
  rank: undefined,
  filter: '',
  slots: {},
  fullscreen: undefined,
}

/** Everything that is open, from which source it came, and which project is on screen. */
export function createSources(options: SourcesOptions): Sources {
  const { engine, location, preferences } = options
  const [list, setList] = createSignal<OpenSource[]>([])
  const [chosen, setChosen] = createSignal<ProjectId>()
  const [opening, setOpening] = createSignal<Opening>()
  const [failures, setFailures] = createSignal<Notice[]>([])
  const followers = new Map<SourceId, { list: () => Promise<Given['files']>; stamp: string; busy: boolean }>()
  const projects = createMemo(() => list().flatMap(({ info }) => info.projects))
  const named = location.field('project')
  const project = createMemo(() => {
    const all = projects()
    const name = named()
    const at = all.find(({ id }) => id === chosen())
    if (at && (name === undefined || at.name === name)) return at
    return all.find((other) => other.name === name) ?? at ?? all[all.length - 1]
  })

  async function open(ref: SourceRef, kind: Recent['kind'], extra: { address?: string; given?: Given; focus: boolean }): Promise<void> {
    const abort = new AbortController()
    const mine: Opening = { name: ref.name, progress: undefined, cancel: () => abort.abort() }
    setOpening(mine)
    setFailures([])
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
      if (!isAbort(error)) setFailures([...failures(), noticeOf(error, ref.name)])
    } finally {
      if (opening() === current) setOpening(undefined)
    }
  }

  function arrive(info: SourceInfo, kind: Recent['kind'], extra: { address?: string; given?: Given; focus: boolean }): void {
    const first = list().length === 0
    setList([...list(), { info, kind, address: extra.address }])
    const follow = extra.given?.list
    if (follow && extra.given) followers.set(info.id, { list: follow, stamp: stampOf(extra.given.files), busy: false })
    preferences.addRecent({ kind, name: info.name, detail: describe(info), at: Date.now(), ...(kind === 'url' && { url: extra.address }) })
    const page = { page: 'metrics' }
    const leave = ['', 'open', 'metrics'].includes(location.view().page)
    if (first) {
      // a link's view belongs to what it opens
      const wanted = info.projects.find(({ name }) => name === location.view().project) ?? info.projects[0]
      setChosen(wanted?.id)
      location.setDatabase(extra.address)
      if (leave) location.patch(page)
    } else if (extra.focus && info.projects[0]) {
      select(info.projects[0].id)
      if (leave) location.patch(page)
    }
  }

  function select(id: ProjectId): void {
    const next = projects().find((other) => other.id === id)
    if (!next || next.id === project()?.id) return
    batch(() => {
      setChosen(id)
      location.setDatabase(list().find(({ info }) => info.id === next.source)?.address)
      location.patch({ ...FRESH, project: next.name })
    })
  }

  function update(id: SourceId, change: Partial<OpenSource>): void {
    setList(list().map((source) => (source.info.id === id ? { ...source, ...change } : source)))
  }

  async function poll(): Promise<void> {
    if (document.hidden) return
    await Promise.all(
      [...followers].map(async ([id, follower]) => {
        if (follower.busy) return
        follower.busy = true
        try {
          const files = await follower.list()
          const source = list().find(({ info }) => info.id === id)
          const stale = source?.stale
          const gone = source?.info.projects.find(({ file }) => !files.some(({ path }) => path.endsWith(file)))
          if (gone) {
            // what was read stays on screen; a file that comes back is followed again
            update(id, { stale: `${gone.file} is no longer there; what was read of it stays` })
            return
          }
          const stamp = stampOf(files)
          if (stamp !== follower.stamp) {
            follower.stamp = stamp
            const info = await engine.refresh(id, files)
            if (followers.has(id)) update(id, { info, changed: undefined, stale: undefined })
          } else if (stale !== undefined) update(id, { stale: undefined })
        } catch (error) {
          if (followers.has(id)) update(id, { stale: noticeOf(error, id).text })
        } finally {
          follower.busy = false
        }
      }),
    )
  }
  const timer = setInterval(() => void poll(), POLL_MS)
  onCleanup(() => clearInterval(timer))

  return {
    list,
    projects,
    project,
    source: createMemo(() => list().find(({ info }) => info.id === project()?.source)),
    opening,
    failures,
    dismiss: (notice) => setFailures(failures().filter((other) => other !== notice)),
    openFiles: (given, focus = true) =>
      given.files.length === 0
        ? Promise.resolve(setFailures([nothingIn(given)])).then(() => undefined)
        : open({ kind: 'files', name: given.name, files: given.files, live: given.list !== undefined }, given.kind, { given, focus }),
    openUrl(address) {
      const url = parseAddress(address)
      if (url === undefined) {
        setFailures([{ level: 'error', subject: address, text: 'not an address', action: 'Give the full address of a .db file.' }])
        return Promise.resolve()
      }
      const name = decodeURIComponent(url.pathname.split('/').pop() || url.host)
      return open({ kind: 'url', name, url: url.href }, 'url', { address: url.href, focus: true })
    },
    async openDemo() {
      const { name } = options.demo
      const mine: Opening = { name, progress: undefined, cancel: () => undefined }
      setOpening(mine)
      try {
        const file = await options.demo.fetch()
        await open({ kind: 'files', name, files: [{ path: name, file }], live: false }, 'demo', { address: name, focus: true })
      } catch (error) {
        setFailures([noticeOf(error, name)])
      } finally {
        if (opening() === mine) setOpening(undefined)
      }
    },
    select,
    async close(id) {
      const left = list().filter(({ info }) => info.id !== id)
      followers.delete(id)
      batch(() => {
        const was = project()?.source === id
        setList(left)
        const next = left[left.length - 1]
        if (was) {
          setChosen(next?.info.projects[0]?.id)
          location.setDatabase(next?.address)
          location.patch({ ...FRESH, project: undefined, ...(next ? {} : { page: 'open' }) })
        }
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
    onEvent(event) {
      if (event.kind === 'changed') untrack(() => update(event.source, { changed: event.notice }))
    },
  }
}

/** A failure as a person is told of it. Errors of the engine name their subject; others are said as they are. */
export function noticeOf(error: unknown, subject: string): Notice {
  if (!(error instanceof Error)) return { level: 'error', subject, text: String(error) }
  const about = 'subject' in error && typeof error.subject === 'string' && error.subject !== '' ? error.subject : subject
  const action = 'action' in error && typeof error.action === 'string' && error.action !== '' ? error.action : undefined
  return { level: 'error', subject: about, text: error.message, action }
}

function nothingIn(given: Given): Notice {
  return {
    level: 'error',
    subject: given.name,
    text: given.kind === 'folder' ? 'no trackio database in this folder' : 'nothing that can be opened',
    action: 'Give a .db file, or the folder where trackio keeps them (usually ~/.cache/huggingface/trackio).',
  }
}

/** Relative addresses count from this page, so that a database beside it can be linked. */
function parseAddress(text: string): URL | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  try {
    const url = new URL(/^[\w-]+(\.[\w-]+)+(:\d+)?\//.test(trimmed) ? `https://${trimmed}` : trimmed, document.baseURI)
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function describe(info: SourceInfo): string {
  const [first] = info.projects
  const what = info.projects.length === 1 && first ? first.name : formatPlural(info.projects.length, 'project')
  return info.bytes > 0 ? `${what}, ${formatBytes(info.bytes)}` : what
}
