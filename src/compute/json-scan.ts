import type { JsonKind, JsonNode } from '../model/file.ts'
import type { Sliced } from './slices.ts'

/*
 * JSON as it is written: values stay where they are in the text, as UTF-8, so that numbers keep their digits,
 * members their order and what is named twice both its values. Nothing here calls itself: a file may be nested as
 * deep as it is long.
 */

/** Bytes that are gone through before others get their turn: some milliseconds. */
const PIECE = 1 << 20
/** Bytes of a text that are shown. */
const SHOWN = 400

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = [0x7b, 0x5b] as const
const CLOSE = [0x7d, 0x5d] as const
const COMMA = 0x2c
const COLON = 0x3a
const WORDS = ['true', 'false', 'null', 'NaN', 'Infinity', '-Infinity']

/** What is wrong with a text, in words with its byte; undefined where it is JSON. Python's NaN and Infinity are taken. */
export function* checkJson(bytes: Uint8Array): Sliced<string | undefined> {
  /** By depth: 0 in an object, 1 in a list. */
  let open = new Uint8Array(64)
  let depth = 0
  let wants: 'value' | 'first' | 'key' | 'colon' | 'next' = 'value'
  let breathe = PIECE
  let at = space(bytes, 0)
  const told = (what: string): string =>
    at >= bytes.length
      ? `it ends at byte ${at.toLocaleString('en')}, where ${what} should be`
      : `byte ${at.toLocaleString('en')}: ${what} should be where ${shownAt(bytes, at)} is`
  if (at >= bytes.length) return 'nothing in it'
  while (true) {
    if (at >= breathe) {
      yield
      breathe = at + PIECE
    }
    if (at >= bytes.length) return depth === 0 && wants === 'next' ? undefined : told('more')
    const sign = bytes[at] as number
    if (wants === 'next') {
      if (depth === 0) return told('the end')
      const list = open[depth - 1] as 0 | 1
      if (sign === COMMA) wants = list === 0 ? 'key' : 'value'
      else if (sign === CLOSE[list]) depth--
      else return told(list === 0 ? 'a comma or }' : 'a comma or ]')
      at++
    } else if (wants === 'colon') {
      if (sign !== COLON) return told('a colon')
      wants = 'value'
      at++
    } else if (wants === 'first' && sign === CLOSE[open[depth - 1] as 0 | 1]) {
      depth--
      wants = 'next'
      at++
    } else if (wants === 'key' || (wants === 'first' && open[depth - 1] === 0)) {
      if (sign !== QUOTE) return told('a name in quotes')
      const end = endOfString(bytes, at)
      if (end < 0) return told('the end of this text')
      at = end
      wants = 'colon'
    } else if (sign === OPEN[0] || sign === OPEN[1]) {
      if (depth === open.length) {
        const deeper = new Uint8Array(depth * 2)
        deeper.set(open)
        open = deeper
      }
      open[depth++] = sign === OPEN[0] ? 0 : 1
      wants = 'first'
      at++
    } else {
      const end = sign === QUOTE ? endOfString(bytes, at) : endOfWord(bytes, at)
      if (end < 0) return told('the end of this text')
      if (sign !== QUOTE && !isWord(bytes, at, end)) return told('a value')
      at = end
      wants = 'next'
    }
    at = space(bytes, at)
  }
}

/** Where members of an object or list stand. */
export interface JsonMembers {
  /** By member: bytes of its name (−1 in a list) and of its value. */
  keys: Float64Array
  values: Float64Array
  ends: Float64Array
  /** How many members it has itself. */
  counts: Float64Array
  total: number
}

/** Members of the value that begins at `from`, in a text that `checkJson` took. */
export function* membersOf(bytes: Uint8Array, from: number): Sliced<JsonMembers> {
  const lists = { keys: numbers(), values: numbers(), ends: numbers(), counts: numbers() }
  const isObject = bytes[from] === OPEN[0]
  let at = space(bytes, from + 1)
  let total = 0
  let breathe = at + PIECE
  while (at < bytes.length && bytes[at] !== CLOSE[0] && bytes[at] !== CLOSE[1]) {
    let key = -1
    if (isObject) {
      key = at
      at = space(bytes, space(bytes, Math.max(at + 1, endOfString(bytes, at))) + 1)
    }
    const value = at
    const skipped = yield* skip(bytes, at)
    at = skipped.end
    lists.keys.push(key)
    lists.values.push(value)
    lists.ends.push(at)
    lists.counts.push(skipped.count)
    total++
    at = space(bytes, at)
    if (bytes[at] === COMMA) at = space(bytes, at + 1)
    if (at < breathe) continue
    yield
    breathe = at + PIECE
  }
  return {
    keys: lists.keys.all(),
    values: lists.values.all(),
    ends: lists.ends.all(),
    counts: lists.counts.all(),
    total,
  }
}

/** The end of the value that begins at `at`, and how many members it has. */
export function* skip(bytes: Uint8Array, at: number): Sliced<{ end: number; count: number }> {
  const first = bytes[at]
  if (first === QUOTE) return { end: Math.max(at + 1, endOfString(bytes, at)), count: 0 }
  if (first !== OPEN[0] && first !== OPEN[1]) return { end: endOfWord(bytes, at), count: 0 }
  let depth = 0
  let count = 0
  let next = at
  let breathe = at + PIECE
  do {
    const sign = bytes[next]
    if (sign === QUOTE) {
      next = Math.max(next + 1, endOfString(bytes, next))
      continue
    }
    if (sign === OPEN[0] || sign === OPEN[1]) {
      depth++
      // the first member
      if (depth === 1 && !isClose(bytes[space(bytes, next + 1)])) count = 1
    } else if (isClose(sign)) depth--
    else if (sign === COMMA && depth === 1) count++
    next++
    if (next >= breathe) {
      yield
      breathe = next + PIECE
    }
  } while (depth > 0 && next < bytes.length)
  return { end: next, count }
}

/** A value as it is shown. `key`: the byte that its name begins with, or −1. */
export function nodeAt(bytes: Uint8Array, key: number, from: number, end: number, count: number): JsonNode {
  const kind = kindAt(bytes, from)
  const node = { kind, from, end, count, text: '', cut: false }
  const named = key < 0 ? {} : { key: stringAt(bytes, key, endOfString(bytes, key)).text }
  if (kind === 'object' || kind === 'array') return { ...named, ...node }
  if (kind === 'string') return { ...named, ...node, ...stringAt(bytes, from, end) }
  const text = new TextDecoder().decode(bytes.subarray(from, Math.min(end, from + SHOWN)))
  return { ...named, ...node, text, cut: end - from > SHOWN }
}

function kindAt(bytes: Uint8Array, at: number): JsonKind {
  switch (bytes[at]) {
    case OPEN[0]:
      return 'object'
    case OPEN[1]:
      return 'array'
    case QUOTE:
      return 'string'
    case 0x74:
      return 'true'
    case 0x66:
      return 'false'
    case 0x6e:
      return 'null'
    default: {
      const second = bytes[at] === 0x2d ? bytes[at + 1] : bytes[at]
      return second === 0x4e || second === 0x49 ? 'word' : 'number'
    }
  }
}

/** What a text in quotes says; of a long one its beginning. */
function stringAt(bytes: Uint8Array, from: number, end: number): { text: string; cut: boolean } {
  const cut = end - from > SHOWN
  const raw = new TextDecoder().decode(bytes.subarray(from + 1, cut ? from + SHOWN : end - 1))
  // no half of an escape, and no half of a letter
  const whole = cut ? raw.replace(/\\(u[\da-f]{0,3})?$/i, '').replace(/\ufffd+$/, '') : raw
  return { text: unescaped(whole), cut }
}

const SIGNS: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }

function unescaped(text: string): string {
  return text.includes('\\')
    ? text.replace(/\\(?:u([\da-f]{4})|([\s\S]))/gi, (_, code: string | undefined, sign: string) =>
        code === undefined ? (SIGNS[sign] ?? sign) : String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text
}

/** Behind the closing quote; −1 where there is none. */
function endOfString(bytes: Uint8Array, at: number): number {
  for (let next = bytes.indexOf(QUOTE, at + 1); next >= 0; next = bytes.indexOf(QUOTE, next + 1)) {
    let slashes = 0
    while (bytes[next - 1 - slashes] === BACKSLASH && next - 1 - slashes > at) slashes++
    if (slashes % 2 === 0) return next + 1
  }
  return -1
}

function endOfWord(bytes: Uint8Array, at: number): number {
  let end = at
  while (end < bytes.length && isWordSign(bytes[end] as number)) end++
  return end
}

/** A letter, a digit, or a sign of numbers. */
function isWordSign(sign: number): boolean {
  const lower = sign | 32
  return (lower >= 0x61 && lower <= 0x7a) || (sign >= 0x2b && sign <= 0x39 && sign !== COMMA && sign !== 0x2f)
}

function isWord(bytes: Uint8Array, from: number, end: number): boolean {
  // digits of a million places are a number still, and nobody needs them as a text here
  const text = String.fromCharCode(...bytes.subarray(from, Math.min(end, from + 64)))
  if (end - from > 64) return /^-?\d[\d.eE+-]*$/.test(text)
  return WORDS.includes(text) || /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)
}

function isClose(sign: number | undefined): boolean {
  return sign === CLOSE[0] || sign === CLOSE[1]
}

function space(bytes: Uint8Array, at: number): number {
  let next = at
  for (let sign = bytes[next]; sign === 32 || sign === 10 || sign === 13 || sign === 9; sign = bytes[++next]);
  return next
}

function shownAt(bytes: Uint8Array, at: number): string {
  return JSON.stringify(new TextDecoder().decode(bytes.subarray(at, at + 12)).replace(/\ufffd+$/, ''))
}

/** Numbers that become more. */
function numbers(): { push(value: number): void; all(): Float64Array } {
  let held = new Float64Array(256)
  let n = 0
  return {
    push(value) {
      if (n === held.length) {
        const wider = new Float64Array(n * 2)
        wider.set(held)
        held = wider
      }
      held[n++] = value
    },
    all: () => held.slice(0, n),
  }
}
