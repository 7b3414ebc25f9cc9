import { ChangedOnDiskError, TrackioError } from '../../model/errors.ts'

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
