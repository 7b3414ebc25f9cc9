import type { Json } from '../model/run.ts'
import { dataAddress, type JsonMedia, jsonText, withoutBinary } from './json-text.ts'

/**
 * A piece of a message. `text` is what is shown and searched: of a call the arguments as they are written, of
 * what is known no further its JSON.
 */
export interface TraceBlock {
  kind: 'text' | 'reasoning' | 'call' | 'result' | 'data' | 'image'
  text: string
  /** The tool that is called or answers, or the key that the piece stands under. */
  label: string
  /** Of a call, and of what answers it. */
  id: string
  failed: boolean
  /** Pictures within it. */
  media: JsonMedia[]
}

export interface TraceMessage {
  role: string
  /** Who speaks, where the role does not tell. */
  name: string
  blocks: TraceBlock[]
  /** As logged with the message; NaN for none. */
  tokens: number
  /** ms; NaN for none. */
  duration: number
}

type Fields = { [key: string]: Json }

/** Keys of a message that a piece or the head of the message tells. */
const TOLD = new Set([
  ...['role', 'name', 'content', 'reasoning_content', 'reasoning', 'thinking', 'tool_calls', 'function_call'],
  ...['usage', 'duration_ms', 'latency_ms'],
])
const RESULT_TOLD = new Set([...TOLD, 'tool_call_id', 'is_error', 'status'])
/** The same of parts of a message, and of calls. */
const TEXT_TOLD = new Set(['type', 'text'])
const THOUGHT_TOLD = new Set(['type', 'thinking', 'text'])
const ANSWER_TOLD = new Set(['type', 'content', 'tool_use_id', 'is_error'])
const CALL_TOLD = new Set(['type', 'id', 'name', 'function'])

/**
 * The messages of a trace in the order in which they were logged, each as pieces. Whatever a message, a part of
 * it or a call holds is in one of them, but for the parts of its usage: what no piece is known for stands as
 * JSON under its key. What is no object is a message without a role.
 */
export function messagesOf(messages: Json | undefined): TraceMessage[] {
  if (!Array.isArray(messages)) return messages == null ? [] : [messageOf({ content: messages })]
  const all = messages.map((message) =>
    message !== null && typeof message === 'object' && !Array.isArray(message)
      ? messageOf(message)
      : messageOf({ content: message }),
  )
  nameResults(all)
  return all
}

function messageOf(message: Fields): TraceMessage {
  const role = textOf(message.role) || 'message'
  const blocks: TraceBlock[] = []
  for (const key of ['reasoning_content', 'reasoning', 'thinking']) {
    const value = message[key]
    if (value !== undefined && value !== null && value !== '')
      blocks.push(block('reasoning', typeof value === 'string' ? value : undefined, value))
  }
  const isResult = role === 'tool' || role === 'function' || role === 'toolResult'
  addContent(blocks, message.content, isResult ? 'result' : 'text')
  if (isResult) {
    const failed = isFailed(message)
    const id = textOf(message.tool_call_id)
    if (blocks.length === 0) blocks.push(block('result', ''))
    for (const one of blocks)
      Object.assign(one, one.kind === 'result' ? { failed, id, label: textOf(message.name) } : { failed })
  }
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : []
  for (const call of calls) blocks.push(...callOf(call))
  if (message.tool_calls != null && !Array.isArray(message.tool_calls))
    blocks.push(block('data', undefined, message.tool_calls, 'tool_calls'))
  if (message.function_call != null) blocks.push(...callOf(message.function_call))
  blocks.push(...restOf(message, isResult ? RESULT_TOLD : TOLD))
  return {
    role,
    name: textOf(message.name),
    blocks,
    tokens: tokensIn(message.usage),
    duration: numberOf(message.duration_ms ?? message.latency_ms),
  }
}

function addContent(blocks: TraceBlock[], content: Json | undefined, kind: 'text' | 'result'): void {
  if (content === null || content === undefined || content === '') return
  if (!Array.isArray(content)) {
    const isText = typeof content === 'string'
    blocks.push(
      isText && dataAddress(content) ? imageOf(content) : block(kind, isText ? content : undefined, content),
    )
    return
  }
  for (const part of content) {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) {
      addContent(blocks, typeof part === 'string' ? part : jsonText(part), kind)
      continue
    }
    const { type } = part
    const image = imageIn(part)
    if (image !== undefined) blocks.push(imageOf(image))
    else if (
      (type === 'text' || type === 'input_text' || type === 'output_text') &&
      typeof part.text === 'string'
    )
      blocks.push(block(kind, part.text), ...restOf(part, TEXT_TOLD))
    else if (type === 'thinking' || type === 'reasoning') {
      const thought = textOf(part.thinking) || textOf(part.text)
      if (thought === '') blocks.push(block('reasoning', undefined, part))
      else blocks.push(block('reasoning', thought), ...restOf(part, THOUGHT_TOLD))
    } else if (type === 'tool_use' || type === 'toolCall') blocks.push(...callOf(part))
    else if (type === 'tool_result') {
      const { content } = part
      const answer = block('result', typeof content === 'string' ? content : undefined, content ?? null)
      blocks.push({ ...answer, id: textOf(part.tool_use_id), failed: isFailed(part) })
      blocks.push(...restOf(part, ANSWER_TOLD))
    } else blocks.push(block('data', undefined, part, textOf(type) || 'part'))
  }
}

/** The address, or the object with a file, of a part that is a picture. */
function imageIn(part: Fields): Json | undefined {
  const { type, image_url: url, image, source } = part
  if (part._type === 'trackio.image') return part
  if (type === 'image_url' || type === 'input_image' || type === 'image') {
    const inner = url !== null && typeof url === 'object' && !Array.isArray(url) ? url.url : url
    if (typeof inner === 'string') return inner
    if (image !== undefined && image !== null) return image
    // base64 with its type beside it
    if (
      source !== null &&
      typeof source === 'object' &&
      !Array.isArray(source) &&
      typeof source.data === 'string'
    )
      return `data:${textOf(source.media_type) || 'image/png'};base64,${source.data}`
  }
  return undefined
}

function imageOf(image: Json): TraceBlock {
  if (typeof image === 'string') {
    const type = dataAddress(image)
    // an address of another place is told, not fetched
    if (type === undefined) return { ...block('image', image), label: 'address' }
    const made = block('image', '')
    made.media.push({ type, source: image, caption: '' })
    return made
  }
  const made = block('image', undefined, image)
  const caption =
    image !== null && typeof image === 'object' && !Array.isArray(image) ? textOf(image.caption) : ''
  return made.media.length > 0 ? { ...made, text: caption } : { ...made, kind: 'data', label: 'image' }
}

/** A call, and behind it what it holds besides its name and arguments: an error, an answer. */
function callOf(call: Json): TraceBlock[] {
  if (call === null || typeof call !== 'object' || Array.isArray(call))
    return [block('data', undefined, call, 'call')]
  const inner = call.function
  const of = inner !== null && typeof inner === 'object' && !Array.isArray(inner) ? inner : call
  const key = ['arguments', 'input', 'args'].find((one) => of[one] != null) ?? ''
  const written = of[key] ?? null
  const made = block('call', typeof written === 'string' ? written : undefined, written)
  const told = new Set([...CALL_TOLD, key])
  return [
    {
      ...made,
      text: written === null ? '' : made.text,
      label: textOf(of.name) || 'call',
      id: textOf(call.id),
      failed: isFailed(call),
    },
    ...(of === call ? [] : restOf(of, told)),
    ...restOf(call, of === call ? told : CALL_TOLD),
  ]
}

function restOf(fields: Fields, told: ReadonlySet<string>): TraceBlock[] {
  return Object.entries(fields).flatMap(([key, value]) =>
    told.has(key) || value === null ? [] : [block('data', undefined, value, key)],
  )
}

function block(
  kind: TraceBlock['kind'],
  text: string | undefined,
  value: Json = null,
  label = '',
): TraceBlock {
  const media: JsonMedia[] = []
  const shown = text === undefined ? jsonText(value, media) : withoutBinary(text)
  return { kind, text: shown, label, id: '', failed: false, media }
}

/** Answers are named by the calls that they answer, and calls fail with their answers. */
function nameResults(messages: readonly TraceMessage[]): void {
  const calls = new Map<string, TraceBlock>()
  for (const { blocks } of messages)
    for (const one of blocks) if (one.kind === 'call' && one.id !== '') calls.set(one.id, one)
  for (const { blocks } of messages)
    for (const one of blocks) {
      const call = one.kind === 'result' && one.id !== '' ? calls.get(one.id) : undefined
      if (!call) continue
      one.label ||= call.label
      call.failed ||= one.failed
    }
}

/** As trackio tells it: by a mark, an error or a status, never by the words of an answer. */
export function isFailed({ is_error: mark, error, status }: Fields): boolean {
  return mark === true || (error != null && error !== '' && error !== false) || isErrorStatus(status)
}

export function isErrorStatus(status: Json | undefined): boolean {
  return typeof status === 'string' && /^(error|failed)$/i.test(status)
}

/** Tokens of a `usage`: its total, or what went in and came out; NaN where neither is a number. */
export function tokensIn(usage: Json | undefined): number {
  return usageOf(usage).total
}

/** What went in, came out, and both; NaN for what is not told. */
export function usageOf(usage: Json | undefined): { input: number; output: number; total: number } {
  if (usage === null || typeof usage !== 'object' || Array.isArray(usage))
    return { input: Number.NaN, output: Number.NaN, total: Number.NaN }
  const input = numberOf(usage.input_tokens ?? usage.prompt_tokens)
  const output = numberOf(usage.output_tokens ?? usage.completion_tokens)
  const told = numberOf(usage.total_tokens)
  const sum = (Number.isNaN(input) ? 0 : input) + (Number.isNaN(output) ? 0 : output)
  const total = Number.isNaN(told) && !(Number.isNaN(input) && Number.isNaN(output)) ? sum : told
  return { input, output, total }
}

export function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : Number.NaN
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}
