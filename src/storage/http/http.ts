import { ChangedOnDiskError, TrackioError } from '../../model/errors.ts'

/** `Range` for `length` bytes from `offset`: one simple range, which needs no preflight in another origin. */
export function rangeHeader(offset: number, length: number): { Range: string } {
  return { Range: `bytes=${offset}-${offset + length - 1}` }
}

/** An answer whose body is here. */
export interface Answer {
  status: number
  /** Where it came from after redirects. */
  url: string
  /** Undefined for a header that was not sent, or that a host of another origin hides. */
  header(name: string): string | undefined
  bytes: Uint8Array
}

/**
 * Asks and waits on this thread, in workers only (XMLHttpRequest's synchronous way), no longer than
 * `patience` ms. Throws what it throws: no answer came.
 */
export function askNow(
  url: string,
  headers: Record<string, string>,
  {
    method = 'GET',
    body,
    patience,
  }: { method?: string | undefined; body?: string | undefined; patience?: number } = {},
): Answer {
  const ask = new XMLHttpRequest()
  ask.open(method, url, false)
  ask.responseType = 'arraybuffer'
  if (patience !== undefined) ask.timeout = patience
  for (const [name, value] of Object.entries(headers)) ask.setRequestHeader(name, value)
  ask.send(body)
  return {
    status: ask.status,
    url: ask.responseURL || url,
    header: (name) => ask.getResponseHeader(name) ?? undefined,
    bytes: new Uint8Array(ask.response),
  }
}

/**
 * Reads a body to its end; `onBytes` gets what has arrived so far and the total as far as the host says it.
 */
export async function download(
  answer: Response,
  onBytes?: (bytes: number, totalBytes: number) => void,
): Promise<Uint8Array> {
  const total = Number(answer.headers.get('content-length') ?? 0)
  const parts: Uint8Array[] = []
  let bytes = 0
  const reader = answer.body?.getReader()
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    bytes += value.length
    onBytes?.(bytes, Math.max(total, bytes))
  }
  const [only] = parts
  if (only && parts.length === 1) return only
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** A body as JSON; undefined where it is none. */
export function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

/** What comes over the line; a connection that fails or breaks off is an error with the address. */
export async function received<T>(url: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AbortError') throw cause
    throw unreachable(url, cause)
  }
}

export function unreachable(url: string, cause: unknown): TrackioError {
  return new TrackioError(
    url,
    `no answer (${causeOf(cause)})`,
    'Check the address and the connection. If it opens in a tab of its own, its host does not allow other pages to read it (no CORS header): download the file and drop it here.',
  )
}

/**
 * Why a request failed, as far as it is said: outside of browsers `fetch failed` has a cause that says more.
 */
export function causeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner = cause.cause
  return inner instanceof Error && inner.message !== '' ? inner.message : cause.message
}

export function refused(url: string, status: number): TrackioError {
  const hint =
    status === 404 || status === 410
      ? 'Check the address.'
      : status === 401 || status === 403
        ? 'It is not public: download it and drop the file here.'
        : 'Try again later.'
  return new TrackioError(url, `the host answered ${status}`, hint)
}

export function changed(subject: string): ChangedOnDiskError {
  return new ChangedOnDiskError(
    subject,
    'changed on its host while it was read',
    'Open it again to read it as it is now.',
  )
}
