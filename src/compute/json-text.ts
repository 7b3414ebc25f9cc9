import type { Json } from '../model/run.ts'
import { formatBytes } from './format.ts'

/** Base64 that is longer than this is told by its size; a hash or a key is shorter. */
const SHOWN = 2000

/** A picture within a JSON value: a `data:` address, or a file of the project. */
export interface JsonMedia {
  /** `image/png`; '' for a file of the project. */
  type: string
  /** `data:` address, or `file_path`. */
  source: string
  caption: string
}

/**
 * A JSON value as text, two spaces a level, each member on its line; what is empty or fits in 60 letters on
 * one. Base64 of more than 2,000 letters stands as what it is and its size, and pictures among it are put into
 * `media`, with those that name a file. Without recursion: a value may be nested as deeply as its text allows.
 */
export function jsonText(value: Json, media?: JsonMedia[]): string {
  if (value === null || typeof value !== 'object') return leaf(value, media)
  const out: string[] = []
  const stack: Open[] = [open(value, media)]
  out.push(stack[0]!.isList ? '[' : '{')
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    if (top.at === top.values.length) {
      stack.pop()
      out.push(top.at === 0 ? '' : `\n${indent(stack.length)}`, top.isList ? ']' : '}')
      continue
    }
    const i = top.at++
    out.push(i === 0 ? '\n' : ',\n', indent(stack.length))
    if (top.keys) out.push(JSON.stringify(top.keys[i]), ': ')
    const inner = top.values[i] as Json
    if (inner === null || typeof inner !== 'object') out.push(leaf(inner, media))
    else if (isShort(inner)) out.push(JSON.stringify(inner))
    else {
      const next = open(inner, media)
      stack.push(next)
      out.push(next.isList ? '[' : '{')
    }
  }
  return out.join('')
}

interface Open {
  keys: string[] | undefined
  values: Json[]
  isList: boolean
  at: number
}

function open(value: Json[] | { [key: string]: Json }, media: JsonMedia[] | undefined): Open {
  if (Array.isArray(value)) return { keys: undefined, values: value, isList: true, at: 0 }
  const kind = value._type
  if (typeof kind === 'string' && kind.startsWith('trackio.') && typeof value.file_path === 'string')
    media?.push({ type: '', source: value.file_path, caption: textIn(value.caption) })
  return { keys: Object.keys(value), values: Object.values(value), isList: false, at: 0 }
}

function textIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** Nothing is nested within, and its text is short. */
function isShort(value: Json[] | { [key: string]: Json }): boolean {
  if (!Array.isArray(value)) {
    for (const _ in value) return false
    return true
  }
  if (value.length > 12) return false
  let length = 0
  for (const inner of value) {
    if (inner !== null && typeof inner === 'object') return false
    length += typeof inner === 'string' ? inner.length + 3 : 8
  }
  return length <= 60
}

function leaf(value: Json, media: JsonMedia[] | undefined): string {
  if (typeof value !== 'string') return String(value)
  const data = dataAddress(value)
  if (data) {
    if (data.startsWith('image/')) media?.push({ type: data, source: value, caption: '' })
    return JSON.stringify(binaryWords(data, value.length))
  }
  return JSON.stringify(withoutBinary(value))
}

// deeper than this the level is told by the braces alone, as lines of a thousand spaces help nobody
const INDENTS = Array.from({ length: 41 }, (_, level) => '  '.repeat(level))
function indent(level: number): string {
  return INDENTS[Math.min(level, 40)] as string
}

/** The type of what a `data:` address holds; undefined for any other text. */
export function dataAddress(text: string): string | undefined {
  if (!text.startsWith('data:')) return undefined
  return /^data:([\w.+-]+\/[\w.+-]+)[^,]{0,200},/.exec(text.slice(0, 400))?.[1]
}

/** `length`: letters of base64 with what stands before it. */
export function binaryWords(type: string, length: number): string {
  return `‹${type}, ${formatBytes(Math.round((length * 3) / 4))}›`
}

/**
 * A text with long runs of base64 told by their size: `‹base64, 2.4 MB›`. A run has small and capital letters
 * and digits, so that a sequence of bases or of one letter stays.
 */
export function withoutBinary(text: string): string {
  if (text.length <= SHOWN) return text
  const parts: string[] = []
  let kept = 0
  let from = 0
  let seen = 0
  for (let i = 0; i <= text.length; i++) {
    const kind = i < text.length ? kindOf(text.charCodeAt(i)) : 0
    if (kind !== 0) {
      seen |= kind
      continue
    }
    if (i - from > SHOWN && (seen & 7) === 7) {
      parts.push(text.slice(kept, from), binaryWords('base64', i - from))
      kept = i
    }
    from = i + 1
    seen = 0
  }
  return kept === 0 ? text : parts.join('') + text.slice(kept)
}

/** 1 a small letter, 2 a capital one, 4 a digit, 8 another sign of base64; 0 for what ends a run. */
function kindOf(code: number): number {
  if (code >= 97 && code <= 122) return 1
  if (code >= 65 && code <= 90) return 2
  if (code >= 48 && code <= 57) return 4
  return code === 43 || code === 47 || code === 61 || code === 45 || code === 95 ? 8 : 0
}
