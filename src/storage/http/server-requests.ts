import { AccessError, TrackioError } from '../../model/errors.ts'
import { takeWriteToken } from '../../model/write-token.ts'
import { PAGES } from '../address/address.ts'
import type { Bytes } from '../bytes.ts'
import { pause } from '../pause.ts'
import type { WaitOptions } from '../tree.ts'
import { type Answer, jsonOf } from './answer.ts'
import { ask, askPatiently, type HttpRequest, type Policy, type Tell } from './client.ts'
import { LineError } from './line-error.ts'
import { HEAD, urlBytes } from './url.ts'

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
  /** The same by ranges: only what is looked at comes. */
  bytes(path: string, signal?: AbortSignal | undefined): Promise<Bytes | undefined>
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
/** Without a word of the server: what trackio's own page waits after a 429, s. */
const PAUSE = 12
const LONGEST_PAUSE = 120
const MOST_PAUSES = 3

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
  const answer = await send({ url: new URL('version', url).href, signal, tell })
  // hosts of single-page apps answer every path with their page
  const said = isGood(answer) ? jsonOf(answer.bytes) : undefined
  if (isObject(said)) {
    const { api_version: api, version, app } = said
    if (app === 'trackio-lite') return { kind: 'page' }
    const name = typeof version === 'string' ? version : ''
    if (api === API) return { kind: 'trackio', version: name }
    if (typeof api === 'number') return { kind: 'later', version: name, api }
  }
  const info = await send({ url: new URL('gradio_api/info', url).href, signal, tell })
  const endpoints = isGood(info) ? jsonOf(info.bytes) : undefined
  return isObject(endpoints) && 'named_endpoints' in endpoints
    ? { kind: 'gradio' }
    : { kind: 'other', status: answer.status }
}

/** A server at an address as parseServerAddress gives it; nothing is asked yet. */
export function makeServer(url: string, options: ServerOptions = {}): Server {
  const { tell } = options
  const { host } = new URL(url)
  const policy = policyOf(url, options.wait)
  let received = 0
  return { url, host, call, file, bytes, received: () => received }

  async function call(
    name: string,
    args: { [key: string]: unknown },
    { signal, onProgress }: WaitOptions = {},
  ): Promise<unknown> {
    const request = {
      url: `${url}api/${name}`,
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      secrets: secrets(),
      body: JSON.stringify(args),
      signal,
      tell,
    }
    const answer = await send(request, policy)
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
    const answer = await send({ url: new URL(path, url).href, secrets: secrets(), signal, tell }, policy)
    if (answer.status === 404) return undefined
    if (!isGood(answer)) throw refusal(url, path, answer, undefined)
    received += answer.bytes.length
    return new Blob([Uint8Array.from(answer.bytes)], { type: answer.header('content-type') ?? '' })
  }

  async function bytes(path: string, signal?: AbortSignal | undefined): Promise<Bytes | undefined> {
    const found = await urlBytes(new URL(path, url).href, { signal, tell, optional: true })
    if (!found) return undefined
    const taken = (part: Uint8Array): Uint8Array => {
      received += part.length
      return part
    }
    received += Math.min(HEAD, found.size)
    return {
      size: found.size,
      read: (offset, length) => taken(found.read(offset, length)),
      load: async (offset, length) => taken(await found.load(offset, length)),
    }
  }

  function secrets(): Record<string, string> {
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

/**
 * The cookie that trackio's own page keeps the token in goes along to the page's own origin; of other origins
 * none is asked for.
 */
async function send(request: HttpRequest, policy?: Policy): Promise<Answer> {
  try {
    return await (policy ? askPatiently(request, policy) : ask(request))
  } catch (cause) {
    if (!(cause instanceof LineError)) throw cause
    throw noAnswer(request.url, /\((.+)\)$/.exec(cause.message)?.[1] ?? cause.message)
  }
}

/** A server that fails says why, so that it is asked again only where it asks for patience. */
function policyOf(url: string, wait = pause): Policy {
  return {
    retry: () => undefined,
    pause: (wanted = PAUSE, waits) => (waits < MOST_PAUSES && wanted <= LONGEST_PAUSE ? wanted : undefined),
    async rest(seconds, { signal, tell }) {
      tell?.(`${new URL(url).host} asks for a pause: going on in ${Math.ceil(seconds)} s`)
      await wait(seconds * 1000, signal)
    },
    tooMany(wanted = PAUSE) {
      const again = wanted > LONGEST_PAUSE ? `in ${Math.ceil(wanted / 60)} minutes` : 'in a few minutes'
      return new TrackioError(url, 'too many requests: its host answered 429', `Try again ${again}.`)
    },
  }
}

/** Worded for the case: browsers tell a page nothing about why another origin could not be read. */
function noAnswer(address: string, why: string): TrackioError {
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

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
