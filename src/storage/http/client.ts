import { TrackioError } from '../../model/errors.ts'
import { pause } from '../pause.ts'
import { type Answer, download } from './answer.ts'
import { broken, LineError, nothing, redirected, TRY_AGAIN } from './line-error.ts'
import { nextPause, pauseOf } from './request-pool.ts'
import { countSent } from './sent.ts'
import { answerOf, type Body, upload } from './upload.ts'

/*
 * How this thread asks a network, all but what the first page needs (static-config.ts). One try is `ask`;
 * `askPatiently` asks again as far as a policy says; `askNow` blocks the thread. What is sent is counted.
 */

/**
 * How long is waited, ms. A line that is silent for `say` is told of, one that is for `end` is given up:
 * before an answer, in the middle of one, or between two pieces of a body, however long the body as a whole
 * takes. After a failure on the way a request is repeated once, `hiccup` later. `second` is one of the
 * seconds that a host asks for. Tests shorten them.
 */
export const patience = { say: 10_000, end: 60_000, hiccup: 500, second: 1000 }

/** Says in words why nothing happens. */
export type Tell = (text: string) => void

export interface HttpRequest {
  url: string
  method?: string | undefined
  headers?: Record<string, string> | undefined
  /**
   * Headers that say who asks. Browsers send them along to wherever a redirect leads (all but Authorization),
   * so that with one of them no redirect is followed: a TrackioError says where it led.
   */
  secrets?: Record<string, string>
  body?: Body | undefined
  /**
   * Default `no-store`: Chromium lets one request at a time through its cache to an address, and 48 ranges of
   * a file, each 40 ms away, would take two seconds instead of a third of one.
   */
  cache?: RequestCache
  /** Default `same-origin`. */
  credentials?: RequestCredentials
  signal?: AbortSignal | undefined
  tell?: Tell | undefined
  /** The host did answer before. */
  known?: boolean | undefined
  /** How much of the body is on its way, 0 to 1; in browsers. */
  onSent?: ((part: number) => void) | undefined
  /** Bytes of the answer's body so far, and all as far as the host says it. */
  onBytes?: ((bytes: number, totalBytes: number, head: Response) => void) | undefined
  /** False: the answer's body is not worth having, and left. */
  wanted?: (head: Response) => boolean
}

export interface Clock {
  /** ms since 1970 */
  now(): number
  pause(ms: number, signal?: AbortSignal | undefined): Promise<void>
}

/** What differs between those who are asked: how often, how long, in which words. */
export interface Policy {
  clock?: Clock
  /** One try, where turns are taken; default: `ask`. */
  once?(request: HttpRequest): Promise<Answer>
  /**
   * After so many failures, of the host (500 and more) or of the line (`cause`): ms until it is asked again;
   * undefined: it is not.
   */
  retry(failures: number, cause: LineError | undefined, request: HttpRequest): number | undefined
  /**
   * After 429: s until it is asked again; undefined: it is not. `wanted`: what the host asks for; `waits` and
   * `waited`: how often and how many s this request has waited already.
   */
  pause(wanted: number | undefined, waits: number, waited: number): number | undefined
  /** Waits so many s. */
  rest(seconds: number, request: HttpRequest): Promise<void>
  /** The host wants a longer pause than anybody waits. */
  tooMany(wanted: number | undefined, request: HttpRequest): Error
}

/**
 * One request, with its body. Throws LineError where no whole answer comes, and what `signal` says when it is
 * given up.
 */
export async function ask(request: HttpRequest): Promise<Answer> {
  const { url, method = 'GET', body, onSent, signal } = request
  signal?.throwIfAborted()
  countSent(url, body)
  const secret = Object.keys(request.secrets ?? {}).length > 0
  const headers = { ...request.headers, ...request.secrets }
  if (body !== undefined && onSent && !secret && typeof XMLHttpRequest !== 'undefined') {
    try {
      return await upload(url, { method, headers, body, signal, onSent })
    } catch (cause) {
      signal?.throwIfAborted()
      throw nothing(url, cause, request.known)
    }
  }
  const answer = await fetched(request, {
    method,
    headers,
    body: body ?? null,
    cache: request.cache ?? 'no-store',
    credentials: request.credentials ?? 'same-origin',
    redirect: secret ? 'manual' : 'follow',
  })
  // a page sees no more of a redirect than status 0
  if (secret && (answer.status === 0 || (answer.status >= 300 && answer.status < 400)))
    throw redirected(new URL(url).origin, answer)
  return answer
}

async function fetched(request: HttpRequest, init: RequestInit): Promise<Answer> {
  const { url, signal, tell, onBytes, wanted, known } = request
  const watch = watchSilence(new URL(url).host, tell)
  let head: Response | undefined
  let bytes = 0
  try {
    head = await fetch(url, {
      ...init,
      signal: signal ? AbortSignal.any([signal, watch.signal]) : watch.signal,
    })
    watch.heard()
    const found = head
    const answer = {
      status: head.status,
      url: head.url || url,
      header: (name: string) => found.headers.get(name) ?? undefined,
    }
    if (wanted?.(head) === false) {
      await head.body?.cancel()
      return { ...answer, bytes: new Uint8Array(0) }
    }
    const body = await download(head, (done, total) => {
      watch.heard()
      bytes = done
      onBytes?.(done, total, found)
    })
    return { ...answer, bytes: body }
  } catch (cause) {
    signal?.throwIfAborted()
    if (watch.signal.aborted) throw silent(url, bytes)
    throw head ? broken(url, head, bytes) : nothing(url, cause, known)
  } finally {
    watch.end()
  }
}

/** The same, asked again as far as the policy goes. An answer of 500 and more is one too, at the end. */
export async function askPatiently(request: HttpRequest, policy = ANY_HOST): Promise<Answer> {
  const { once = ask, clock = { now: Date.now, pause } } = policy
  let failures = 0
  let waits = 0
  let waited = 0
  for (;;) {
    const answer = await once(request).catch((cause: unknown) => {
      if (cause instanceof LineError) return cause
      throw cause
    })
    const failed = answer instanceof LineError
    if (!failed && answer.status === 429) {
      const wanted = pauseOf(answer.header, clock.now())
      const seconds = policy.pause(wanted, waits++, waited)
      if (seconds === undefined) throw policy.tooMany(wanted, request)
      waited += seconds
      await policy.rest(seconds, request)
      continue
    }
    if (!failed && answer.status < 500) return answer
    const ms = policy.retry(++failures, failed ? answer : undefined, request)
    if (ms !== undefined) await clock.pause(ms, request.signal)
    else if (failed) throw answer
    else return answer
  }
}

/**
 * For what can be asked again: once more after a failure of the host or, where `known` says that the host did
 * answer before, of the line; and after 429 as often as the host asks for patience, within five minutes.
 */
const ANY_HOST: Policy = {
  retry(failures, cause, { known }) {
    const again = !cause || (known && (cause.how === 'nothing' || cause.how === 'broken'))
    return again && failures === 1 ? patience.hiccup : undefined
  },
  pause: nextPause,
  async rest(seconds, { url, signal, tell }) {
    for (let left = Math.ceil(seconds); left > 0; left--) {
      tell?.(`${new URL(url).host} asks for a pause: going on in ${left} s`)
      await pause(patience.second, signal)
    }
  },
  tooMany(wanted, { url }) {
    const when =
      wanted === undefined ? 'in a few minutes' : `in ${Math.max(1, Math.ceil(wanted / 60))} minutes`
    return new TrackioError(url, 'too many requests: the host answered 429', `Try again ${when}.`)
  },
}

/**
 * Asks and waits on this thread, in workers only (XMLHttpRequest's synchronous way); once more after a
 * failure of the host or the line. It cannot wait, so 429 is an answer. Throws LineError where none comes.
 */
export function askNow({
  url,
  method = 'GET',
  headers = {},
  body,
}: Pick<HttpRequest, 'url' | 'method' | 'headers'> & { body?: string | undefined }): Answer {
  if (typeof XMLHttpRequest === 'undefined')
    throw new Error('http: reading without waiting needs a worker of a browser')
  for (let tries = 1; ; tries++) {
    countSent(url, body)
    try {
      const ask = new XMLHttpRequest()
      ask.open(method, url, false)
      ask.responseType = 'arraybuffer'
      ask.timeout = patience.end
      for (const [name, value] of Object.entries(headers)) ask.setRequestHeader(name, value)
      ask.send(body)
      if (ask.status < 500 || tries === 2) return answerOf(ask, url)
    } catch (cause) {
      if (tries === 2) throw nothing(url, cause, true)
    }
  }
}

/** Counts its own ticks, not the clock: a computer that slept has not been waiting. */
function watchSilence(
  host: string,
  tell: Tell | undefined,
): { signal: AbortSignal; heard(): void; end(): void } {
  const given = new AbortController()
  const tick = Math.min(1000, patience.say)
  let quiet = 0
  const timer = setInterval(() => {
    quiet += tick
    if (quiet >= patience.end) given.abort()
    else if (quiet >= patience.say)
      tell?.(`nothing from ${host} for ${seconds(quiet)} s: given up after ${seconds(patience.end)} s`)
  }, tick)
  return {
    signal: given.signal,
    heard: () => {
      quiet = 0
    },
    end: () => clearInterval(timer),
  }
}

function silent(url: string, bytes: number): LineError {
  const after = bytes > 0 ? ` after ${bytes.toLocaleString('en')} bytes` : ''
  return new LineError(
    url,
    'silent',
    `silence${after}: nothing came for ${seconds(patience.end)} s, so it was given up`,
    TRY_AGAIN,
  )
}

function seconds(ms: number): string {
  return (ms / 1000).toLocaleString('en', { maximumFractionDigits: 1 })
}
