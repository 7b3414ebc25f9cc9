import { type Accessor, createComputed, createMemo, createSignal, on, onCleanup, untrack } from 'solid-js'
import type { SourceLink } from '../../model/source.ts'
import { DEFAULT_FIELDS } from './chart-defaults.ts'
import { DEFAULT_VIEW, type Problem, type SidebarMode, type ViewState, type WantedFile } from './link.ts'
import { encode } from './link-values.ts'
import { formatOwn, takeOwn } from './own-parameters.ts'
import { type PageRules, ruleOf } from './page-rules.ts'
import { formatFiles, formatLinks, LINK_PARAMETERS, parseFiles, parseLinks } from './source-parameters.ts'
import { formatView, parseView, same, splitHash } from './view-parameters.ts'

const WRITE_MS = 250
/** Changes of the same fields within this time are one step of undo: a slider's way, a typed word. */
const UNDO_MS = 700
const UNDO_STEPS = 100

export interface ViewLocation {
  pages: PageRules
  view: Accessor<ViewState>
  /** One field of the view; changes only when that field does. */
  field<K extends keyof ViewState>(key: K): Accessor<ViewState[K]>
  patch(change: Partial<ViewState>): void
  /** The same for what is opened within a page: Back closes it again, as it leaves a page. */
  open(change: Partial<ViewState>): void
  /** The way back from what was opened, where nothing else was changed since. */
  back(): void
  /**
   * Goes where a link within the page leads (`#/metrics?metrics=loss`): what it does not name stays, except which
   * charts and what part of them are in view.
   */
  follow(hash: string): void
  /** The same for what no person changed: nothing to undo. */
  adopt(change: Partial<ViewState>): void
  /** The last change came of the address: a link that was followed, or the way back. */
  isFollowing(): boolean
  undo(): void
  redo(): void
  /** Values of the address that were ignored. */
  problems: Accessor<Problem[]>
  dismissProblems(): void
  /** What the address asks to open at start: `?db=`, `?dataset=` and their like. */
  wanted: Accessor<SourceLink[]>
  /** Origin of another Hub than huggingface.co, which names of the Hub then belong to. */
  hub(): string | undefined
  /** Files of the address, which only whoever made it has; none once something else was opened. */
  wantedFiles: Accessor<WantedFile[]>
  forgetFiles(): void
  /**
   * Names what is shown, so that a copied link opens it again. Of files, which grow, it can only say which
   * ones: asked for at every writing.
   */
  setLinks(links: readonly SourceLink[], files: () => readonly WantedFile[]): void
  /** The whole link of what is on screen, written at once. */
  link(): string
  /** The same view with the page's full frame. */
  fullLink(): string
}

/**
 * Keeps the view and the address in step. Defaults ← what this browser begins with (`chosen`) ← query ← hash;
 * only the hash is written, and only in what differs from the others. A link that is handed on says what others
 * may begin with otherwise. Pages are pushed, and what is opened within one; everything else replaces.
 */
export function createLocation(
  pages: PageRules,
  chosen: Accessor<Partial<ViewState>> = () => ({}),
): ViewLocation {
  const query = new URLSearchParams(window.location.search)
  const readQuery = () => parseView(query, { ...DEFAULT_VIEW, ...untrack(chosen) })
  const fromQuery = readQuery()
  let base = fromQuery.view
  const start = fromHash()
  const [view, setView] = createSignal(start.view)
  const [problems, setProblems] = createSignal([...fromQuery.problems, ...start.problems])
  const hub = hubOf(query.get('hub') ?? '')
  const [wanted, setWanted] = createSignal(start.wanted.length > 0 ? start.wanted : parseLinks(query))
  const [wantedFiles, setWantedFiles] = createSignal(start.files)
  let filesShown: () => readonly WantedFile[] = wantedFiles
  const past: ViewState[] = []
  const future: ViewState[] = []
  let last = { keys: '', at: 0 }
  let following = true
  let timer: ReturnType<typeof setTimeout> | undefined

  function fromHash(): { view: ViewState; problems: Problem[]; wanted: SourceLink[]; files: WantedFile[] } {
    const { page, params } = splitHash(window.location.hash)
    const { own, problems } = takeOwn(params, ruleOf(pages, page)?.own)
    const parsed = parseView(params, base)
    const view = { ...parsed.view, page, own: { [page]: own } }
    return {
      view,
      problems: [...parsed.problems, ...problems],
      wanted: parseLinks(params),
      files: parseFiles(params),
    }
  }

  function onPop(): void {
    settle()
    const next = fromHash()
    following = true
    setProblems(next.problems)
    setWantedFiles(next.files)
    // what other pages were set to is not in the address
    setView({ ...next.view, own: { ...view().own, ...next.view.own } })
  }
  window.addEventListener('popstate', onPop)
  window.addEventListener('hashchange', onPop)
  onCleanup(() => {
    settle()
    window.removeEventListener('popstate', onPop)
    window.removeEventListener('hashchange', onPop)
  })

  /** What is as this browser began with goes on being so; what was chosen since, or by the address, stays. */
  function rebase(): void {
    const before = base
    base = readQuery().view
    const now = { ...view() }
    const follow = <K extends keyof ViewState>(key: K): void => {
      if (same(now[key], before[key])) now[key] = base[key]
    }
    for (const key of DEFAULT_FIELDS) follow(key)
    apply(now)
  }
  createComputed(on(chosen, rebase, { defer: true }))

  function hashOf(state: ViewState): string {
    return hashWith(state, wordsOf(state, base))
  }

  function wordsOf(state: ViewState, from: ViewState): string {
    return formatView({ ...state, page: from.page }, from, ruleOf(pages, state.page)?.own)
  }

  /** For somebody who begins with something else: what this browser's choices differ in stands there too. */
  function wholeHash(state: ViewState): string {
    const plain = parseView(query, DEFAULT_VIEW).view
    const words = new URLSearchParams(wordsOf(state, plain))
    const own = new URLSearchParams(wordsOf(state, base))
    // said already where it differs from both
    for (const name of words.keys()) own.delete(name)
    return hashWith(
      state,
      [wordsOf(state, plain), ...[...own].map(([name, value]) => `${name}=${encode(value)}`)]
        .filter((part) => part !== '')
        .join('&'),
    )
  }

  function hashWith({ page, own }: ViewState, words: string): string {
    const params = [words, formatOwn(own[page]), formatFiles(filesShown())]
      .filter((part) => part !== '')
      .join('&')
    return `#/${page}${params ? `?${params}` : ''}`
  }

  /** Nothing is to be written later any more. */
  function settle(): void {
    clearTimeout(timer)
    timer = undefined
  }

  function write(push: boolean): void {
    settle()
    const hash = hashOf(view())
    const next = `${window.location.pathname}${query.size > 0 ? `?${query}` : ''}${hash}`
    const now = window.location.pathname + window.location.search + window.location.hash
    // the first page needs no mention
    if (next === now || next === `${now}#/`) return
    try {
      if (push) history.pushState(null, '', next)
      else history.replaceState(null, '', next)
    } catch (error) {
      // a srcdoc frame has no address to write; the view works without one
      if (!(error instanceof DOMException)) throw error
    }
  }

  function apply(next: ViewState, push = next.page !== view().page): void {
    following = false
    // what is left has to be found again as it was when it was left
    if (push && timer !== undefined) write(false)
    setView(next)
    settle()
    if (push) write(true)
    else timer = setTimeout(() => write(false), WRITE_MS)
  }

  function remember(change: Partial<ViewState>): void {
    const keys = Object.keys(change).sort().join()
    const now = performance.now()
    if (keys !== last.keys || now - last.at > UNDO_MS) {
      past.push(view())
      if (past.length > UNDO_STEPS) past.shift()
    }
    last = { keys, at: now }
    future.length = 0
  }

  return {
    pages,
    view,
    field: (key) => createMemo(() => view()[key]),
    patch(change) {
      remember(change)
      apply({ ...view(), ...change })
    },
    open(change) {
      remember(change)
      apply({ ...view(), ...change }, true)
    },
    back() {
      // what is still to be written would be written over what is gone back to
      settle()
      history.back()
    },
    follow(hash) {
      const { page, params } = splitHash(hash)
      const { own, problems } = takeOwn(params, ruleOf(pages, page)?.own)
      const { metrics, panels, search, zoom, ownAxes, fullscreen, under } = base
      const from = { ...view(), metrics, panels, search, zoom, ownAxes, fullscreen, under }
      const parsed = parseView(params, from)
      last = { keys: '', at: 0 } // each is a step of its own
      remember({ page })
      setProblems([...parsed.problems, ...problems])
      apply({ ...parsed.view, page, own: { ...view().own, [page]: own } }, true)
    },
    adopt: (change) => apply({ ...view(), ...change }),
    isFollowing: () => following,
    undo() {
      const before = past.pop()
      if (!before) return
      future.push(view())
      last = { keys: '', at: 0 }
      apply(before)
    },
    redo() {
      const after = future.pop()
      if (!after) return
      past.push(view())
      last = { keys: '', at: 0 }
      apply(after)
    },
    problems,
    dismissProblems: () => setProblems([]),
    wanted,
    hub: () => hub,
    wantedFiles,
    forgetFiles: () => setWantedFiles([]),
    setLinks(links, files) {
      filesShown = files
      for (const name of LINK_PARAMETERS) if (name !== 'hub') query.delete(name)
      for (const [name, value] of formatLinks(links)) {
        if (name === 'hub') query.set(name, value)
        else query.append(name, value)
      }
      setWanted([...links])
      write(false)
    },
    link() {
      write(false)
      const { href, hash } = window.location
      const whole = wholeHash(view())
      return whole === hashOf(view()) ? href : href.slice(0, href.length - hash.length) + whole
    },
    fullLink() {
      const plain: ViewState = { ...view(), sidebar: 'auto', navbar: true, accordion: true }
      const hash = hashWith(plain, formatView(plain, DEFAULT_VIEW, ruleOf(pages, plain.page)?.own))
      const links = formatLinks(wanted())
      const search = links.length === 0 ? '' : `?${new URLSearchParams(links)}`
      return `${window.location.pathname}${search}${hash}`
    },
  }
}

/**
 * Little stands around the charts, as in a frame of another page: what is missing is said in their place, and
 * nothing else is offered to be opened.
 */
export function isFramed(sidebar: SidebarMode): boolean {
  return sidebar === 'hidden' || (sidebar === 'collapsed' && window.parent !== window)
}

/**
 * `hub.example` → `https://hub.example`; undefined for nothing, and for what is no address: whoever opens
 * something there says so.
 */
function hubOf(text: string): string | undefined {
  const whole = /^https?:\/\//i.test(text) ? text : `https://${text}`
  return text !== '' && URL.canParse(whole) ? new URL(whole).origin : undefined
}
