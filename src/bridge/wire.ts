import { AccessError, IncompleteError, TrackioError } from '../model/errors.ts'

/**
 * What comlink exposes: one method for all calls, so that abort, errors and transfers are handled in one
 * place.
 */
export interface Wire {
  call(id: number, method: string, args: unknown[], callback?: (value: unknown) => void): Promise<Answer>
  abort(id: number): void
}

export type Answer = { ok: true; value: unknown } | { ok: false; error: WireError }

/** An error as plain data: comlink would keep the message but lose the class. */
export interface WireError {
  name: string
  message: string
  subject?: string
  action?: string | undefined
  origin?: string
  read?: string
  why?: string | undefined
}

export function toWire(cause: unknown): WireError {
  if (cause instanceof TrackioError) {
    const { name, message, subject, action } = cause
    const { read, why } = cause instanceof IncompleteError ? cause : {}
    return {
      name,
      message,
      subject,
      action,
      ...(cause instanceof AccessError && { origin: cause.origin }),
      ...(read !== undefined && { read, why }),
    }
  }
  if (cause instanceof Error || cause instanceof DOMException)
    return { name: cause.name, message: cause.message }
  return { name: 'Error', message: String(cause) }
}

/**
 * Buffers of the typed arrays in an answer, to be moved instead of copied: 10 million doubles take 3 ms that
 * way, not 127.
 */
export function buffersOf(value: unknown, found: ArrayBuffer[] = []): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer && !found.includes(value.buffer)) found.push(value.buffer)
  } else if (Array.isArray(value)) {
    // lists of plain values (run names, notices) are not looked through
    if (typeof value[0] === 'object') for (const item of value) buffersOf(item, found)
  } else if (
    value !== null &&
    typeof value === 'object' &&
    Object.getPrototypeOf(value) === Object.prototype
  ) {
    for (const item of Object.values(value)) buffersOf(item, found)
  }
  return found
}
