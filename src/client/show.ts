import { TrackioError } from '../model/errors.ts'
import { canonicalProject } from '../model/project-name.ts'
import * as api from './api.ts'
import { knownOptions } from './base/options.ts'
import { warn, wordsOf } from './base/warn.ts'
import { pageConnection, writer } from './page-connection.ts'

/** What `show` takes. */
export interface ShowOptions {
  /** Default: that of the current or newest run; without any, all of this browser. */
  project?: string | null | undefined
  /** Address of a dashboard: the folder of a built site. Default: the one that `trackio.js` lies in. */
  dashboard?: string | URL
  /**
   * An element, or a selector of one, that the dashboard is put into as a frame. Without it, it opens in a
   * tab of its own.
   */
  into?: Element | string | null
  /** False: nothing is opened; only the address is given. Default true. */
  openBrowser?: boolean
  /** Height of the frame, as CSS says it. Default `100%` of what it is in, `600px` where that has none. */
  height?: string
  /** More parameters of the dashboard's address: `sidebar=hidden&metrics=loss`. */
  view?: string
  /** Default: what the person chose there. */
  theme?: 'light' | 'dark' | null
}

/** A dashboard that is shown. */
export interface Shown {
  /** The frame; null where it opened in a tab, or the browser allowed none. */
  element: HTMLIFrameElement | null
  url: string
  /** Takes the frame away, or closes the tab. */
  close(): void
}

const OPTIONS = ['project', 'dashboard', 'into', 'openBrowser', 'height', 'view', 'theme'] as const

let home = ''

/** Says what address the package was loaded from; the entry does. */
export function useHome(address: string): void {
  home = address
}

/**
 * Shows the dashboard: in an element of this page, or in a tab. One of the same origin reads this browser's
 * storage and follows it live; to one of another origin the project's database is handed over, as it is then.
 *
 * @example await trackio.show({ into: '#dashboard', view: 'sidebar=hidden' })
 */
export async function show(options: string | ShowOptions = {}): Promise<Shown> {
  const given = knownOptions('show', typeof options === 'string' ? { project: options } : options, OPTIONS)
  const project = given.project ?? api.run?.project ?? api.newestProject()
  const base = dashboardOf('show', given.dashboard)
  const ours = base.origin === location.origin
  const { kind } = await writer().keeping()
  // a project is there to be shown once its first rows are stored
  await api.run?.begun.catch(() => {}) // whoever called init heard of it
  await pageConnection()
    .outbox.flush()
    .catch((cause: unknown) => warn(`trackio.show() shows what is stored; not all is: ${wordsOf(cause)}`))
  const url = addressOf(base, given, project, ours && kind === 'stored')
  const shown = place(url, given)
  const stop =
    project !== undefined && (!ours || kind === 'memory') && shown.target
      ? handOver(shown.target, url, project)
      : () => {}
  return {
    element: shown.element,
    url: url.href,
    close() {
      stop()
      shown.close()
    },
  }
}

/**
 * Address of the folder of a built site. Throws where none was named, and this program does not lie in one.
 */
export function dashboardOf(call: 'show' | 'sync', dashboard: string | URL | undefined): URL {
  if (dashboard !== undefined)
    return new URL(String(dashboard), typeof document === 'undefined' ? undefined : document.baseURI)
  if (/^https?:.*\/trackio\.js$/.test(home)) return new URL('./', home)
  throw new TrackioError(
    call,
    'where is the dashboard? It does not lie beside this program',
    `Put the built site on your host and name its folder: ${call}({ dashboard: "/trackio/" }).`,
  )
}

function addressOf(
  base: URL,
  { view, theme }: ShowOptions,
  project: string | undefined,
  tracked: boolean,
): URL {
  const url = new URL(base)
  for (const [name, value] of new URLSearchParams(view ?? '')) url.searchParams.append(name, value)
  if (theme) url.searchParams.set('theme', theme)
  if (tracked) url.searchParams.set('tracked', '')
  if (tracked && project !== undefined) url.searchParams.set('project', canonicalProject(project))
  if (!tracked) url.searchParams.append('origin', location.origin)
  return url
}

function place(
  url: URL,
  { into, openBrowser, height }: ShowOptions,
): { element: HTMLIFrameElement | null; target: Window | null; close(): void } {
  if (openBrowser === false) return { element: null, target: null, close: () => {} }
  if (into === undefined || into === null) {
    const tab = window.open(url.href)
    if (!tab)
      warn(
        `trackio.show(): the browser allows no new tab here; open ${url.href}, or call show() when something is pressed`,
      )
    return { element: null, target: tab, close: () => tab?.close() }
  }
  const parent = typeof into === 'string' ? document.querySelector(into) : into
  if (!parent) throw new TrackioError('show', `no element ${String(into)} in this page`)
  const frame = document.createElement('iframe')
  frame.src = url.href
  frame.title = 'Trackio'
  frame.allow = 'clipboard-write'
  frame.style.cssText = `border:0;width:100%;height:${height ?? (parent.clientHeight > 200 ? '100%' : '600px')}`
  parent.append(frame)
  return { element: frame, target: frame.contentWindow, close: () => frame.remove() }
}

/** A dashboard that is not ready after so many looks, one a second, is none. */
const LOOKS = 60

/**
 * Gives the database to a dashboard that cannot read this browser's storage, once it can listen
 * (docs/embedding.md). Listens until then, and no longer than there is somebody to listen to. The function
 * ends it.
 */
function handOver(target: Window, url: URL, project: string): () => void {
  let looks = 0
  const watch = setInterval(() => {
    if (target.closed) stop()
    if (++looks < LOOKS) return
    stop()
    warn(
      `trackio.show(): ${url.origin}${url.pathname} is no dashboard that answers; what was logged was not handed over. Call show() again.`,
    )
  }, 1000)
  addEventListener('message', hear)
  return stop

  function stop(): void {
    clearInterval(watch)
    removeEventListener('message', hear)
  }

  async function hear({ source, data }: MessageEvent<unknown>): Promise<void> {
    if (source !== target || typeof data !== 'object' || data === null) return
    if (Reflect.get(data, 'protocol') !== 'trackio-view' || Reflect.get(data, 'type') !== 'ready') return
    stop()
    try {
      const blob = await writer().exportDatabase(project)
      const files = [{ name: `${canonicalProject(project)}.db`, blob }]
      target.postMessage({ protocol: 'trackio-view', id: 1, type: 'open', files }, url.origin)
    } catch (cause) {
      warn(`trackio.show(): ${wordsOf(cause)}`)
    }
  }
}
