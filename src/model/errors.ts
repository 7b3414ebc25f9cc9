import type { Reading } from './catalogue.ts'
import type { Notice } from './source.ts'

/**
 * A failure that a person can act on: what, with the offending value; what to do. Crosses threads by its name
 * and fields.
 */
export class TrackioError extends Error {
  override name = 'TrackioError'
  constructor(
    /** The file, project or parameter that failed. */
    readonly subject: string,
    message: string,
    readonly action = '',
  ) {
    super(message)
  }
}

/** The bytes changed or vanished while they were read. */
export class ChangedOnDiskError extends TrackioError {
  override name = 'ChangedOnDiskError'
}

/** The place wants to know who asks: a private or gated repository, a server with a token. */
export class AccessError extends TrackioError {
  override name = 'AccessError'
  constructor(
    subject: string,
    message: string,
    action: string,
    /** Where a token would be sent: `https://huggingface.co`. */
    readonly origin = '',
  ) {
    super(subject, message, action)
  }
}

/** Rows are missing from an answer that has to have all of them: reading them failed, or was stopped. */
export class IncompleteError extends TrackioError {
  override name = 'IncompleteError'
  constructor(
    subject: string,
    /** How many of how many, in words: `8,082 of 30,000 rows`. */
    readonly read: string,
    /** Why no more, in words. */
    readonly why: string,
  ) {
    super(subject, `${read} read: ${why}`, 'Read on, then ask again.')
  }
}

/** The same of a reading that did not end well. */
export function incomplete(
  subject: string,
  { state, rows, totalRows, bytes, totalBytes, why }: Reading,
): IncompleteError {
  const words = (n: number): string => n.toLocaleString('en')
  const read =
    totalRows !== undefined && totalRows >= rows
      ? `${words(rows)} of ${words(totalRows)} rows`
      : `${words(rows)} rows (${words(bytes)} of ${words(totalBytes)} bytes)`
  return new IncompleteError(
    subject,
    read,
    why ?? (state === 'cancelled' ? 'reading was stopped' : 'the rest was not read'),
  )
}

/** The worker ended or crashed while an answer was awaited. */
export class EngineClosedError extends Error {
  override name = 'EngineClosedError'
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

/**
 * A failure as a person is told of it. Our own errors name their subject and what to do; `subject` is for all
 * others.
 */
export function noticeOf(cause: unknown, subject: string): Notice {
  if (!(cause instanceof Error)) return { level: 'error', subject, text: String(cause) }
  if (!(cause instanceof TrackioError)) return { level: 'error', subject, text: cause.message }
  return {
    level: 'error',
    subject: cause.subject || subject,
    text: cause.message,
    action: cause.action || undefined,
    ...(cause instanceof AccessError && cause.origin !== '' && { access: cause.origin }),
  }
}
