import { createEffect, on, onCleanup } from 'solid-js'
import type { NamedFile } from '../../model/source.ts'
import { parseView } from '../address/view-parameters.ts'
import type { App } from '../app.ts'
import { PROTOCOL_VERSION, reportOf } from './report.ts'
import { isTold } from './share-policy.ts'

/*
 * What a page that embeds or opened this one can say to it, and hear of it (docs/embedding.md). The questions
 * are those of trackio's own dashboard (protocol "trackio-view", since trackio 0.39), so a host that asks it
 * for its state can ask this page too; handing over files and setting the view are added.
 */

const PROTOCOL = 'trackio-view'
const CAPABILITIES = ['getState', 'open', 'close', 'setView'] as const

type Ask =
  | { type: 'getState' }
  | { type: 'open'; files: NamedFile[]; name: string; focus: boolean }
  | { type: 'close' }
  | { type: 'setView'; view: string }

type Answer = { type: string; [more: string]: unknown }

export interface HostOptions {
  /**
   * Origins that may speak besides this page's own; `*` is any. Without any: the origin of the page around
   * this one.
   */
  allowed: readonly string[]
}

/**
 * Listens to the page around this one (or the one that opened it), and tells it when something is to be seen.
 */
export function createHost(app: App, options: HostOptions): void {
  const partners = [window.parent, window.opener].filter(
    (one): one is Window => one !== null && one !== window,
  )
  if (partners.length === 0) return
  const around = embedderOf()
  const named = options.allowed.map((text) => ({ text, origin: originOf(text) }))
  const allowed = named.flatMap(({ origin }) => origin ?? [])
  for (const { text } of named.filter(({ origin }) => origin === undefined)) {
    const action = 'Write it whole, with the https:// it begins with.'
    app.sources.tell({
      level: 'info',
      subject: 'origin',
      text: `${JSON.stringify(text)} in the address is no origin`,
      action,
    })
  }

  function isAllowed(origin: string): boolean {
    if (origin === window.location.origin && origin !== 'null') return true
    if (options.allowed.length > 0) return allowed.includes('*') || allowed.includes(origin)
    return around !== undefined && origin === around
  }

  /** All that is on screen may be told to pages of this origin. */
  function isShareable(origin: string): boolean {
    const tokens = app.tokens.origins().map((one) => new URL(one).host)
    return app.sources
      .shown()
      .every((source) => isTold(source, { origin, own: window.location.origin, tokens }))
  }

  function tell(answer: Answer, target: Window, origin: string): void {
    target.postMessage({ protocol: PROTOCOL, version: PROTOCOL_VERSION, ...answer }, origin)
  }

  async function onMessage(event: MessageEvent<unknown>): Promise<void> {
    const { data, source } = event
    if (!isRecord(data) || data.protocol !== PROTOCOL || typeof data.type !== 'string') return
    const partner = partners.find((one) => one === source)
    if (!partner) return
    const { id } = data
    const port = event.ports[0]
    const reply = (answer: Answer): void => {
      const full = { protocol: PROTOCOL, version: PROTOCOL_VERSION, id, ...answer }
      // an opaque origin has no name that a message could be sent to
      if (port) port.postMessage(full)
      else partner.postMessage(full, event.origin === 'null' ? '*' : event.origin)
    }
    if (!isAllowed(event.origin)) {
      if (ASKS.includes(data.type))
        reply({
          type: 'error',
          error: `messages of ${event.origin} are not accepted: add ?origin=${event.origin} to this page's address`,
        })
      return
    }
    try {
      const ask = parseAsk(data)
      if (ask) reply(await answer(ask, event.origin))
    } catch (error) {
      reply({ type: 'error', error: error instanceof Error ? error.message : String(error) })
    }
  }

  async function answer(ask: Ask, origin: string): Promise<Answer> {
    switch (ask.type) {
      case 'getState':
        if (!isShareable(origin))
          throw new Error(
            'what is open was chosen by the person at the screen, or is of their machine or account, and is not told to other pages',
          )
        return { type: 'state', state: reportOf(app) }
      case 'open': {
        const opened = await app.sources.openFiles(
          { name: ask.name, kind: 'host', files: ask.files },
          ask.focus,
        )
        if (opened.kind === 'given up') throw new Error('the person at the screen stopped it')
        if (opened.kind === 'failed') throw new Error(`${opened.notice.subject}: ${opened.notice.text}`)
        await app.settled.wait()
        return { type: 'opened', projects: opened.info.projects.map(({ name }) => name) }
      }
      case 'close':
        for (const { info, kind } of app.sources.list()) if (kind === 'host') await app.sources.close(info.id)
        return { type: 'closed' }
      case 'setView': {
        const { view, problems } = parseView(new URLSearchParams(ask.view), app.location.view())
        app.location.patch(view)
        await app.settled.wait()
        return {
          type: 'view',
          ignored: problems.flatMap(({ name, shown }) => (shown === undefined ? name : [])),
        }
      }
    }
  }

  const listener = (event: MessageEvent<unknown>): void => void onMessage(event)
  window.addEventListener('message', listener)
  onCleanup(() => window.removeEventListener('message', listener))
  // like trackio's: to whoever listens, since it holds nothing but that the page is there
  for (const partner of partners) tell({ type: 'ready', capabilities: CAPABILITIES }, partner, '*')

  createEffect(
    on(app.settled.ready, (ready) => {
      if (!ready) return
      for (const origin of new Set([...(around === undefined ? [] : [around]), ...allowed])) {
        // an opaque origin has no name that a message could be sent to
        if (origin !== 'null' && isAllowed(origin) && isShareable(origin))
          for (const partner of partners)
            tell({ type: 'event', event: 'settled', state: reportOf(app) }, partner, origin)
      }
    }),
  )
}

const ASKS: readonly string[] = CAPABILITIES

/** As `?origin=` names it; undefined for what is none. A sandboxed page is of the origin `null`. */
function originOf(text: string): string | undefined {
  if (text === '*' || text === 'null') return text
  if (!URL.canParse(text) || !text.includes('://')) return undefined
  const { origin, protocol, host } = new URL(text)
  // editors show pages of schemes of their own, whose origins the browser compares as they are written
  return origin === 'null' ? `${protocol}//${host}` : origin
}

/** Origin of the page around this one, as far as the browser tells. */
function embedderOf(): string | undefined {
  const ancestors: unknown = Reflect.get(window.location, 'ancestorOrigins')
  if (ancestors instanceof DOMStringList && ancestors.length > 0) return ancestors[0]
  try {
    return document.referrer === '' ? undefined : new URL(document.referrer).origin
  } catch (error) {
    if (error instanceof TypeError) return undefined // about:srcdoc and the like
    throw error
  }
}

function parseAsk(data: Record<string, unknown>): Ask | undefined {
  switch (data.type) {
    case 'getState':
    case 'close':
      return { type: data.type }
    case 'setView':
      if (typeof data.view !== 'string')
        throw new Error('setView: no view, a query string like smoothing=0&metrics=loss')
      return { type: 'setView', view: data.view.replace(/^[?#]/, '') }
    case 'open': {
      const given: unknown[] = Array.isArray(data.files) ? data.files : [data.file]
      const files = given.map((one, i) => namedFile(one, i, data.name))
      const name =
        typeof data.name === 'string' && data.name !== '' ? data.name : (files[0]?.path ?? 'handed over')
      return { type: 'open', files, name, focus: data.focus !== false }
    }
    default:
      return undefined
  }
}

/** A File, a Blob, or `{ name, blob }`; ArrayBuffers are taken too, though they are copied on their way. */
function namedFile(value: unknown, index: number, fallback: unknown): NamedFile {
  const [blob, named] = isRecord(value) ? [value.blob, value.name] : [value, undefined]
  const own = blob instanceof File ? blob.name : undefined
  const path =
    [named, own, index === 0 ? fallback : undefined].find((one) => typeof one === 'string' && one !== '') ??
    `file-${index + 1}.db`
  if (blob instanceof File) return { path: String(path), file: blob }
  if (blob instanceof Blob || blob instanceof ArrayBuffer)
    return { path: String(path), file: new File([blob], String(path)) }
  throw new Error(`open: file ${index + 1} is neither a File, a Blob nor { name, blob }`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Blob)
}
