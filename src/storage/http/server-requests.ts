import { AccessError, TrackioError } from '../../model/errors.ts'
import { takeWriteToken } from '../../model/write-token.ts'
import { PAGES } from '../address/address.ts'
import { pause } from '../pause.ts'
import type { WaitOptions } from '../tree.ts'
import { type Answer, jsonOf } from './http.ts'
import { ask, LineError, type Tell } from './line.ts'
import { countSent } from './sent.ts'

export interface ServerOptions {
  /** Write token of the server, asked at each request; goes into a header of requests to this server only. */
  token?: () => string | undefined
  /** Id of a sign-in at a server that is a Space (its `oauth_session`). */
  session?: () => string | undefined
  /** Waits before a request is repeated; rejects when `signal` fires. */
  wait?: (ms: number, signal: AbortSignal | undefined) => Promise<void>
  /** Told in words why nothing happens. */
  tell?: Tell | undefined
}

/**
 * A trackio server (0.24 and later) as a place to ask. Errors are TrackioError with what the server said;
 * AccessError where it wants a token or a sign-in.
 */
export interface Server {
  /** Ends in a slash. */
  readonly url: string
  readonly host: string
  /** `POST api/<name>`; what the server answers as `data`. */
  call(name: string, args: { [key: string]: unknown }, options?: WaitOptions): Promise<unknown>
  /** A file that the server hands out; undefined where it has none there. */
  file(path: string, signal?: AbortSignal | undefined): Promise<Blob | undefined>
  /**
   * Bytes of all answers so far: as they came over the network where their length was told, else unpacked.
   */
  received(): number
}

/**
 * What the server's own code said about a request (a query that failed, a name that is taken), as opposed to
 * a failure on the way.
 */
export class SaidError extends TrackioError {}

/**
 * What answers at an address: a server of 0.24 or later, an older one (gradio), one of a later protocol, our
 * own page on a plain host, or something else.
 */
export type ServerKind =
  | { kind: 'trackio'; version: string }
  | { kind: 'gradio' }
  | { kind: 'later'; version: string; api: number }
  | { kind: 'page' }
  | { kind: 'other'; status: number }

/** Protocol of `/version` and `/api` that trackio has spoken since 0.24. */
const API = 1
/** Without a word of the server: what trackio's own page waits after a 429. */
const PAUSE_MS = 12_000
const LONGEST_PAUSE_MS = 120_000
const ATTEMPTS = 4

/**
 * Address of a server and the write token in it, as `trackio show` prints them:
 * `http://127.0.0.1:7860/?write_token=…`.
 */
export function parseServerAddress(text: string): { url: string; token: string | undefined } {
  const typed = text.trim()
  const whole = /^[a-z]+:\/\//i.test(typed) ? typed : `http://${typed}`
  const address = URL.canParse(whole) ? new URL(whole) : undefined
  if (!address?.host || !/^https?:$/.test(address.protocol))
    throw new TrackioError(
      text,
      'not the address of a server',
      'Give it as trackio prints it, for example http://127.0.0.1:7860/.',
    )
  const token = takeWriteToken(address)
  return { url: `${address.origin}${address.pathname.replace(PAGES, '').replace(/\/$/, '')}/`, token }
}

/**
 * Asks what answers at an address (as parseServerAddress gives it). Throws TrackioError when nothing does.
 */
export async function identifyServer(
  url: string,
  signal?: AbortSignal | undefined,
  tell?: Tell,
): Promise<ServerKind> {
  const answer = await send(new URL('version', url).href, {}, { signal, tell })
  // hosts of single-page apps answer every path with their page
  const said = isGood(answer) ? jsonOf(answer.bytes) : undefined
  if (isObject(said)) {
    const { api_version: api, version, app } = said
    if (app === 'trackio-lite') return { kind: 'page' }
    const name = typeof version === 'string' ? version : ''
    if (api === API) return { kind: 'trackio', version: name }
    if (typeof api === 'number') return { kind: 'later', version: name, api }
  }
  const info = await send(new URL('gradio_api/info', url).href, {}, { signal, tell })
  const endpoints = isGood(info) ? jsonOf(info.bytes) : undefined
  return isObject(endpoints) && 'named_endpoints' in endpoints
    ? { kind: 'gradio' }
    : { kind: 'other', status: answer.status }
}

/** A server at an address as parseServerAddress gives it; nothing is asked yet. */
export function makeServer(url: string, options: ServerOptions = {}): Server {
  const wait = options.wait ?? pause
  const { host } = new URL(url)
  let received = 0
  return { url, host, call, file, received: () => received }

  async function call(
    name: string,
    args: { [key: string]: unknown },
    { signal, onProgress }: WaitOptions = {},
  ): Promise<unknown> {
    const init = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...credentials() },
      body: JSON.stringify(args),
    }
    const answer = await patiently(`${url}api/${name}`, init, signal)
    // a compressed answer of a trackio server has no length, so what it held is counted
    const bytes = Number(answer.header('content-length') ?? answer.bytes.length)
    received += bytes
    onProgress?.(bytes, bytes)
    const said = jsonOf(answer.bytes)
    if (isGood(answer) && isObject(said) && 'data' in said) return said.data
    throw refusal(
      url,
      name,
      answer,
      isObject(said) && typeof said.error === 'string' ? said.error : undefined,
    )
  }

  async function file(path: string, signal?: AbortSignal | undefined): Promise<Blob | undefined> {
    const answer = await patiently(new URL(path, url).href, { headers: credentials() }, signal)
    if (answer.status === 404) return undefined
    if (!isGood(answer)) throw refusal(url, path, answer, undefined)
    received += answer.bytes.length
    return new Blob([Uint8Array.from(answer.bytes)], { type: answer.header('content-type') ?? '' })
  }

  /** Sends a request again as often as the server asks for patience, within reason. */
  async function patiently(
    address: string,
    init: RequestInit,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await send(address, init, { signal, tell: options.tell })
      if (answer.status !== 429) return answer
      const ms = pauseOf(answer.header('retry-after'))
      if (attempt === ATTEMPTS || ms > LONGEST_PAUSE_MS) {
        const again = ms > LONGEST_PAUSE_MS ? `in ${Math.ceil(ms / 60_000)} minutes` : 'in a few minutes'
        throw new TrackioError(url, 'too many requests: its host answered 429', `Try again ${again}.`)
      }
      options.tell?.(`${host} asks for a pause: going on in ${Math.ceil(ms / 1000)} s`)
      await wait(ms, signal)
    }
  }

  function credentials(): Record<string, string> {
    const [token, session] = [options.token?.(), options.session?.()]
    return {
      ...(token ? { 'X-Trackio-Write-Token': token } : {}),
      ...(session ? { 'X-Trackio-OAuth-Session': session } : {}),
    }
  }
}

function isGood({ status }: Answer): boolean {
  return status >= 200 && status < 300
}

async function send(
  address: string,
  init: RequestInit,
  options: { signal: AbortSignal | undefined; tell: Tell | undefined },
): Promise<Answer> {
  // a header of ours goes along to wherever a redirect leads, so that with a token or a sign-in in it none is
  // followed
  const secret = SECRETS.some((name) => new Headers(init.headers).has(name))
  // the cookie that trackio's own page keeps the token in goes along; of other origins none is asked for
  const all: RequestInit = {
    credentials: 'same-origin',
    cache: 'no-store',
    ...init,
    ...(secret && { redirect: 'manual' }),
  }
  const { origin } = new URL(address)
  countSent(address, init.body)
  try {
    const answer = await ask(address, all, options)
    // a page sees no more of it than status 0
    if (secret && (answer.status === 0 || (answer.status >= 300 && answer.status < 400)))
      throw redirected(origin, answer)
    return answer
  } catch (cause) {
    if (!(cause instanceof LineError)) throw cause
    throw unreachable(address, /\((.+)\)$/.exec(cause.message)?.[1] ?? cause.message)
  }
}

/** Headers that say who asks. */
const SECRETS = ['X-Trackio-Write-Token', 'X-Trackio-OAuth-Session']

function redirected(origin: string, answer: Answer): TrackioError {
  const to = answer.header('location')
  const there = to !== undefined && URL.canParse(to, origin) ? ` (${new URL(to, origin).origin})` : ''
  return new TrackioError(
    `${origin}/`,
    `the server sends requests on to another address${there}: a write token or sign-in is not sent after it`,
    'Open the address that it leads to, if it is yours.',
  )
}

/** Worded for the case: browsers tell a page nothing about why another origin could not be read. */
function unreachable(address: string, why: string): TrackioError {
  const { origin } = new URL(address)
  // a worker has the page's origin; outside of browsers there is none
  const own = typeof location !== 'undefined' && location.origin === origin
  const action = own
    ? 'If trackio was stopped, start it again (trackio show) and reload this page.'
    : `Check that it is running. A trackio server can be read only by pages that it serves itself (it sends no CORS headers): start it with trackio show --frontend <folder of Trackio Lite>, or open its .db files here.`
  return new TrackioError(`${origin}/`, `no answer from the server (${why})`, action)
}

function refusal(url: string, name: string, answer: Answer, said: string | undefined): TrackioError {
  const { status } = answer
  const wanted = 'the server lets only those change runs who have its write token'
  if (said !== undefined && /sign in/i.test(said))
    return new AccessError(
      url,
      wanted,
      `Sign in with an account that may write to this Space (${url}oauth/hf/start), then try again.`,
    )
  if (said !== undefined && /write_token/.test(said)) {
    const action = 'Open the address that trackio printed when it started: it ends in ?write_token=….'
    return new AccessError(url, wanted, action, new URL(url).origin)
  }
  if (status === 401 || status === 403)
    return new AccessError(
      url,
      `the server answered ${status}: not public`,
      'Sign in where it is hosted, then open it again.',
    )
  if (status === 404 && said?.startsWith('Unknown API'))
    return new TrackioError(
      url,
      `the server does not know ${name}: its trackio is too old`,
      'Update it: pip install -U trackio.',
    )
  if (said !== undefined) return new SaidError(url, said, status === 503 ? 'Try again later.' : '')
  if (isGood(answer))
    return new TrackioError(
      url,
      `${name}: the answer is not trackio's (${answer.header('content-type') ?? 'no type'})`,
      'Check the address.',
    )
  return new TrackioError(
    url,
    `${name}: the server answered ${status}`,
    status >= 500 ? 'Try again later.' : 'Check the address.',
  )
}

/** ms of a Retry-After header: seconds, or a date. */
function pauseOf(header: string | undefined): number {
  if (header === undefined) return PAUSE_MS
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000
  const at = Date.parse(header)
  return at === at ? Math.max(0, at - Date.now()) : PAUSE_MS
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
