import { AccessError, ChangedOnDiskError, IncompleteError, TrackioError } from '../model/errors.ts'
import type { WireError } from './wire.ts'

/** The error again, of its class. */
export function fromWire({
  name,
  message,
  subject = '',
  action = '',
  origin,
  read = '',
  why = '',
}: WireError): Error {
  if (name === 'TrackioError') return new TrackioError(subject, message, action)
  if (name === 'ChangedOnDiskError') return new ChangedOnDiskError(subject, message, action)
  if (name === 'AccessError') return new AccessError(subject, message, action, origin)
  if (name === 'IncompleteError') return new IncompleteError(subject, read, why)
  if (name === 'AbortError') return new DOMException(message, name)
  return Object.assign(new Error(message), { name })
}
