import { TrackioError } from '../../model/errors.ts'
import { Media } from './media.ts'
import { isPlain, type Part, partsOf } from './stored-json.ts'

/** What `Trace` takes beside its messages. */
export interface TraceOptions {
  metadata?: Record<string, unknown> | null
  spans?: readonly Record<string, unknown>[] | null
}

/** Of a span, these are searched; inputs and outputs repeat the conversation. */
const SEARCHED = ['id', 'name', 'kind', 'model', 'status', 'error', 'metadata']

/**
 * A conversation or a request of an agent: messages in OpenAI's form, metadata, and spans that say what
 * produced the answer. Media may stand anywhere in it.
 *
 * @example
 * const messages = [{ role: 'user', content: 'Hello' }]
 * trackio.log({ chat: new trackio.Trace(messages, { metadata: { model: 'tiny' } }) })
 */
export class Trace {
  readonly messages: readonly Record<string, unknown>[]
  readonly metadata: Record<string, unknown>
  readonly spans: readonly Record<string, unknown>[]

  constructor(
    messages: readonly Record<string, unknown>[],
    options?: TraceOptions | Record<string, unknown> | null,
    spans?: readonly Record<string, unknown>[] | null,
  ) {
    if (!isObjects(messages)) throw new TrackioError('Trace', '`messages` must be a list of dictionaries.')
    // the second argument is trackio's metadata, or named ones
    const named =
      options && ('metadata' in options || 'spans' in options) ? options : { metadata: options, spans }
    const spanList = named.spans ?? spans ?? []
    if (!isObjects(spanList)) throw new TrackioError('Trace', '`spans` must be a list of dictionaries.')
    this.messages = messages.map((message) => ({ ...message }))
    this.metadata = isObject(named.metadata) ? { ...named.metadata } : {}
    this.spans = spanList.map((span) => ({ ...span }))
  }
}

/** What is stored of a trace, with gaps where media are. */
export interface TraceParts {
  messages: Part[]
  metadata: Part[]
  spans: Part[]
  /** Texts to be searched, and media whose caption and path are searched too. */
  words: Part[]
}

/** Throws Unstorable. Takes a copy: what the caller changes later does not show. */
export function traceParts(trace: { messages: unknown; metadata: unknown; spans: unknown }): TraceParts {
  // first: it refuses what refers to itself
  const parts = {
    messages: partsOf(trace.messages ?? []),
    metadata: partsOf(trace.metadata ?? {}),
    spans: partsOf(trace.spans ?? []),
  }
  const words: Part[] = []
  collect(trace.messages, words)
  collect(trace.metadata, words)
  for (const span of Array.isArray(trace.spans) ? trace.spans : []) {
    if (isObject(span)) for (const key of SEARCHED) collect(span[key], words)
    else collect(span, words)
  }
  return { ...parts, words }
}

function collect(value: unknown, words: Part[]): void {
  if (value === null || value === undefined) return
  if (value instanceof Media) words.push(value)
  else if (Array.isArray(value)) for (const item of value) collect(item, words)
  else if (isObject(value)) for (const item of Object.values(value)) collect(item, words)
  else words.push(String(value))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Media) &&
    isPlain(value)
  )
}

function isObjects(value: unknown): value is readonly Record<string, unknown>[] {
  return (
    Array.isArray(value) &&
    value.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item))
  )
}
