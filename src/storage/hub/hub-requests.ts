import { TrackioError } from '../../model/errors.ts'
import { HUB } from '../../model/source.ts'
import type { Answer } from '../http/answer.ts'
import {
  askNow as askHere,
  ask as askOnce,
  askPatiently,
  type Clock,
  type HttpRequest,
  type Policy,
} from '../http/client.ts'
import { LineError } from '../http/line-error.ts'
import { makePool, nextPause, type Pool, pauseOf } from '../http/request-pool.ts'
import type { TokenFor } from '../http/token-table.ts'
import type { Body } from '../http/upload.ts'
import { pause } from '../pause.ts'
import {
  OfflineError,
  offlineError,
  type Place,
  placeName,
  refusalError,
  tooManyError,
} from './hub-errors.ts'

export interface HubOptions {
  /** Origin; default huggingface.co. */
  hub?: string | undefined
  /** Asked at each request for the token of the Hub, which goes to the Hub's own origin only. */
  tokenFor?: TokenFor | undefined
  /** Told in words, once a second, why nothing happens: the Hub asked for a pause. */
  onWait?: (text: string) => void
  clock?: Clock
}

export interface HubRequest {
  place: Place
  url: string
  method?: string | undefined
  headers?: Record<string, string>
  body?: Body | undefined
  signal?: AbortSignal | undefined
  /** How much of the body is on its way, 0 to 1; in browsers. */
  onSent?: ((part: number) => void) | undefined
  onBytes?: ((bytes: number, totalBytes: number) => void) | undefined
  /** The head of a good answer is here; `url` is where it comes from after redirects. */
  onHead?: (url: string) => void
  /** Statuses that are answers, not failures. */
  allow?: readonly number[] | undefined
}

/**
 * How this page speaks to one Hub: in turn, with the token if there is one, waiting where the Hub says so.
 */
export interface HubClient {
  readonly hub: string
  readonly host: string
  /** Whether there is a token, which requests to the Hub carry. */
  hasToken(): boolean
  /** Throws TrackioError (hub-errors.ts) for anything but success and what the request allows. */
  ask(request: HubRequest): Promise<Answer>
  /** The same at once, in workers; it cannot wait, so that a pause the Hub asks for is an error. */
  askNow(request: HubRequest): Answer
  /**
   * For @huggingface/hub: it makes the requests, this sends them. `allow`: statuses that it deals with
   * itself.
   */
  fetch(place: Place, signal?: AbortSignal | undefined, allow?: readonly number[]): typeof fetch
  /** Bytes of all bodies so far. */
  received(): number
}

/**
 * The Hub counts the requests of a visitor, however many trees and clients ask: a thread has one pool for
 * each Hub.
 */
const pools = new Map<string, Pool>()

/**
 * Tries of a request that the Hub or the line failed: one hiccup is nothing to trouble anybody with, and what
 * is being written is worth more patience.
 */
const READ_TRIES = { most: 2, first: 500 }
const WRITE_TRIES = { most: 4, first: 1500 } // trackio's numbers

export function makeHubClient({
  hub = HUB,
  tokenFor = () => undefined,
  onWait,
  clock = { now: Date.now, pause },
}: HubOptions = {}): HubClient {
  const { origin, host } = new URL(hub)
  const pool = pools.get(origin) ?? makePool()
  pools.set(origin, pool)
  let total = 0
  return {
    hub: origin,
    host,
    hasToken: () => tokenOf(origin) !== undefined,
    ask,
    askNow: now,
    fetch: fetchFor,
    received: () => total,
  }

  async function ask(request: HubRequest): Promise<Answer> {
    const { place, url, method, headers, body, signal, onSent, onBytes, onHead, allow } = request
    let before = 0
    const asked: HttpRequest = {
      url,
      method,
      headers: { ...headers, ...tokenHeader(url) },
      body,
      credentials: 'omit',
      signal,
      tell: onWait,
      onSent,
      wanted(head) {
        if (isGood(head.status)) onHead?.(head.url || url)
        return isGood(head.status) || (allow?.includes(head.status) ?? false)
      },
      onBytes(done, all) {
        total += done - before
        before = done
        onBytes?.(done, all)
      },
    }
    try {
      return accepted(request, await askPatiently(asked, policyOf(place)))
    } catch (cause) {
      throw unanswered(request, cause)
    }
  }

  function policyOf(place: Place): Policy {
    const tries = place.writing ? WRITE_TRIES : READ_TRIES
    return {
      clock,
      async once(request) {
        await quiet(request.signal)
        return pool.run(request.signal, () => askOnce(request))
      },
      // whoever waited a minute for nothing does not want to do it again
      retry: (failures, cause) =>
        cause?.how === 'silent' || failures === tries.most ? undefined : tries.first * 2 ** (failures - 1),
      pause: nextPause,
      // all who ask this Hub wait
      async rest(seconds) {
        pool.quietUntil = Math.max(pool.quietUntil, clock.now() + seconds * 1000)
      },
      tooMany: (wanted, { url }) => tooManyError(place, wanted, tokenOf(url) !== undefined),
    }
  }

  /** Waits out the pause that any request was asked for, in steps so that somebody can count down. */
  async function quiet(signal: AbortSignal | undefined): Promise<void> {
    for (let left = pool.quietUntil - clock.now(); left > 0; left = pool.quietUntil - clock.now()) {
      onWait?.(`${host} asks for a pause: going on in ${Math.ceil(left / 1000)} s`)
      await clock.pause(Math.min(left, 1000), signal)
    }
  }

  function now(request: HubRequest): Answer {
    const { place, url, method, headers, body } = request
    if (body !== undefined && typeof body !== 'string') throw new Error('hub: only text is sent at once')
    let answer: Answer
    try {
      answer = askHere({ url, method, headers: { ...headers, ...tokenHeader(url) }, body })
    } catch (cause) {
      throw unanswered(request, cause)
    }
    total += answer.bytes.length
    if (answer.status === 429)
      throw tooManyError(place, pauseOf(answer.header, clock.now()), tokenOf(url) !== undefined)
    return accepted(request, answer)
  }

  function accepted(request: HubRequest, answer: Answer): Answer {
    if (isGood(answer.status) || request.allow?.includes(answer.status)) return answer
    throw refusal(request, answer)
  }

  function fetchFor(place: Place, signal?: AbortSignal | undefined, allow?: readonly number[]): typeof fetch {
    return async (input, init = {}) => {
      const url = input instanceof Request ? input.url : String(input)
      const headers = Object.fromEntries(new Headers(init.headers))
      const onSent = progressOf(init)
      const answer = await ask({
        place,
        url,
        method: init.method,
        headers,
        body: bodyOf(init.body),
        signal,
        allow,
        onSent,
      })
      const kept = new Headers()
      for (const name of ['content-type', 'link', 'etag', 'x-repo-commit']) {
        const value = answer.header(name)
        if (value !== undefined) kept.set(name, value)
      }
      return new Response(Uint8Array.from(answer.bytes), { status: answer.status, headers: kept })
    }
  }

  /** Signed addresses lead to other hosts, which have no business with the token. */
  function tokenOf(url: string): string | undefined {
    return new URL(url).origin === origin ? tokenFor(url) : undefined
  }

  function tokenHeader(url: string): Record<string, string> {
    const token = tokenOf(url)
    return token ? { Authorization: `Bearer ${token}` } : {}
  }

  function refusal({ place, url }: HubRequest, { status, header }: Answer): TrackioError {
    const asked = new URL(url)
    if (asked.origin !== origin)
      return new TrackioError(placeName(place), `${asked.host} answered ${status}`, 'Try again later.')
    return refusalError(place, {
      status,
      code: header('x-error-code'),
      said: header('x-error-message'),
      signedIn: tokenOf(url) !== undefined,
    })
  }
}

/** Where the library wants to hear how far an upload is: a hint of its own beside the standard options. */
function progressOf(init: RequestInit): ((part: number) => void) | undefined {
  const hint: unknown = Reflect.get(init, 'progressHint')
  const tell: unknown =
    typeof hint === 'object' && hint !== null ? Reflect.get(hint, 'progressCallback') : undefined
  return typeof tell === 'function' ? (part) => void Reflect.apply(tell, hint, [part]) : undefined
}

/** What the library sends: JSON, lines of it, parts of files. */
function bodyOf(body: BodyInit | null | undefined): Body | undefined {
  if (body === null || body === undefined) return undefined
  if (
    typeof body === 'string' ||
    body instanceof Blob ||
    (body instanceof Uint8Array && body.buffer instanceof ArrayBuffer)
  ) {
    return body as Body // a view of a plain buffer, as was just looked at
  }
  if (body instanceof ArrayBuffer) return new Uint8Array(body)
  throw new Error('hub: the library sent a body of a kind that is not known here')
}

/** No answer, or no whole one, as an error to show; what somebody gave up goes on as it is. */
function unanswered({ place, url, signal }: HubRequest, cause: unknown): unknown {
  if (signal?.aborted) return signal.reason
  if (!(cause instanceof LineError)) return cause
  const { host } = new URL(url)
  // a page is told no more than that nothing came, with an address that must not be shown
  if (cause.how === 'nothing') return offlineError(place, host)
  return new OfflineError(placeName(place), `${host}: ${cause.message}`, cause.action)
}

function isGood(status: number): boolean {
  return status >= 200 && status < 300
}
