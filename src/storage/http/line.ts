import { TrackioError } from '../../model/errors.ts'
import { pause } from '../pause.ts'
import { type Answer, download, unreachable } from './http.ts'
import { nextPause, pauseOf } from './request-pool.ts'

/**
 * How long is waited, ms. A line that is silent for `say` is told of, one that is for `end` is given up:
 * before an answer, in the middle of one, or between two pieces of a body, however long the body as a whole
 * takes. After a failure on the way a request is repeated once, `hiccup` later. `second` is one of the
 * seconds that a host asks for. Tests shorten them.
 */
export const patience = { say: 10_000, end: 60_000, hiccup: 500, second: 1000 }

/** Says in words why nothing happens. */
export type Tell = (text: string) => void

export interface AskOptions {
  signal?: AbortSignal | undefined
  tell?: Tell | undefined
  /** The host did answer before. */
  known?: boolean | undefined
  /** Bytes of the body so far, and all as far as the host says it. */
  onBytes?: ((bytes: number, totalBytes: number, head: Response) => void) | undefined
  /** False: the body is not worth having, and left. */
  wanted?: (head: Response) => boolean
}

/**
 * No answer, or no whole one. `how`: nothing came, it broke off, it fell silent, or what came cannot be
 * unpacked.
 */
export class LineError extends TrackioError {
  constructor(
    subject: string,
    readonly how: 'nothing' | 'broken' | 'silent' | 'packed',
    message: string,
    action: string,
  ) {
    super(subject, message, action)
  }
}

/**
 * One request, with its body. Throws LineError where no whole answer comes, and what `signal` says when it is
 * given up.
 */
export async function ask(
  url: string,
  init: RequestInit,
  { signal, tell, known, onBytes, wanted }: AskOptions = {},
): Promise<Answer> {
  signal?.throwIfAborted()
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
    throw head ? broken(url, head, bytes) : nothing(url, cause, known ?? false)
  } finally {
    watch.end()
  }
}

/**
 * The same for what can be asked again: once more after a failure of the host (500 and more) or, where
 * `known` says that the host did answer before, of the line; and after 429 as often as the host asks for
 * patience, within five minutes.
 */
export async function askPatiently(
  url: string,
  init: RequestInit,
  options: AskOptions = {},
): Promise<Answer> {
  const { signal, tell } = options
  let waits = 0
  let waited = 0
  for (let failed = false; ; ) {
    try {
      const answer = await ask(url, init, options)
      if (answer.status === 429) {
        const wanted = pauseOf(answer.header, Date.now())
        const seconds = nextPause(wanted, waits++, waited)
        if (seconds === undefined) throw tooMany(url, wanted)
        waited += seconds
        await countDown(seconds, new URL(url).host, signal, tell)
        continue
      }
      if (answer.status < 500 || failed) return answer
    } catch (cause) {
      const again =
        cause instanceof LineError &&
        (cause.how === 'nothing' || cause.how === 'broken') &&
        options.known &&
        !failed
      if (!again) throw cause
    }
    failed = true
    await pause(patience.hiccup, signal)
  }
}

async function countDown(
  seconds: number,
  host: string,
  signal: AbortSignal | undefined,
  tell: Tell | undefined,
): Promise<void> {
  for (let left = Math.ceil(seconds); left > 0; left--) {
    tell?.(`${host} asks for a pause: going on in ${left} s`)
    await pause(patience.second, signal)
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

export const TRY_AGAIN = 'Check the connection, then try again.'

function nothing(url: string, cause: unknown, known: boolean): LineError {
  const { message, action } = unreachable(url, cause)
  // a page is told no more than that there was no answer; a host that answered before does let it read
  return new LineError(url, 'nothing', message, known ? TRY_AGAIN : action)
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

function broken(url: string, { headers }: Response, bytes: number): LineError {
  const coding = headers.get('content-encoding')
  // browsers do not tell the one from the other
  if (coding !== null)
    return new LineError(
      url,
      'packed',
      `its host sends it compressed (Content-Encoding: ${coding}), and what came broke off or cannot be unpacked`,
      'Have the host send it as it is, or download the file and drop it here.',
    )
  const all = Number(headers.get('content-length') ?? 0)
  const of = all > bytes ? ` of ${all.toLocaleString('en')}` : ''
  return new LineError(
    url,
    'broken',
    `the connection broke off after ${bytes.toLocaleString('en')}${of} bytes`,
    TRY_AGAIN,
  )
}

/** The host wants a longer pause than anybody waits. */
function tooMany(url: string, wanted: number | undefined): TrackioError {
  const when = wanted === undefined ? 'in a few minutes' : `in ${Math.max(1, Math.ceil(wanted / 60))} minutes`
  return new TrackioError(url, 'too many requests: the host answered 429', `Try again ${when}.`)
}

function seconds(ms: number): string {
  return (ms / 1000).toLocaleString('en', { maximumFractionDigits: 1 })
}
