import { spelledNumber } from '../../compute/spelled-number.ts'
import { toDouble } from './decimal.ts'
import { decodeStrictly, parseLoose } from './json.ts'
import { type MetricColumn, makeMetricColumn, pushValue, type RunColumns, roomOf } from './series-store.ts'
import { pushTyped } from './typed-places.ts'

/*
 * Payload bytes → columns. trackio writes one JSON object a row, nearly always with the keys of the row
 * before. So each key is first compared, byte by byte, with the one that followed last time; only a miss is
 * looked up. Numbers are read digit by digit. Anything unusual (escapes in a key, odd white space, a number
 * too near to a tie) hands the whole row to JSON.parse.
 */

export type Kind = string

/** A metric's name in one spelling: `"train/loss"` and `"train\u002floss"` are two forms of one key. */
interface Form {
  /** The name as it is written, the closing quote and the colon: `train/loss":`. */
  bytes: Uint8Array
  length: number
  /** The same, four bytes a number; up to three bytes at the end are left to `bytes`. */
  words: Int32Array
  key: number
}

export interface KeyTable {
  names: string[]
  byName: Map<string, number>
  forms: Map<number, Form[]>
  /** The kinds of values with a `_type`, by number. */
  kinds: string[]
  byKind: Map<string, number>
}

export function makeKeyTable(): KeyTable {
  return { names: [], byName: new Map(), forms: new Map(), kinds: [], byKind: new Map() }
}

/** The scanner's memory of one run: which key came first, and which one followed each. */
export interface RunScan {
  columns: RunColumns
  first: Form | undefined
  next: (Form | undefined)[]
  /** By key: how many values of each kind that is no number. */
  kinds: (Map<Kind, number> | undefined)[]
}

// what a row held, before it is known to be well-formed
let rowKeys = new Int32Array(64)
let rowValues = new Float64Array(64)
let rowFlags = new Uint8Array(64)
const INTEGER = 1

// turn of the row in which a key was last met
let seen = new Int32Array(256)
let turn = 0

let at = 0
let failed = false
let wasInteger = false

/**
 * Reads the payload bytes[start, end) of row `row` into the run's columns; `view` spans the same memory as
 * `bytes`. False when it is not a JSON object; then nothing was stored.
 */
export function scanPayload(
  keys: KeyTable,
  run: RunScan,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  row: number,
): boolean {
  const count = scanFast(keys, run, bytes, view, start, end)
  if (count < 0) {
    const text = decodeStrictly(bytes.subarray(start, end))
    return text !== undefined && scanSlowly(keys, run, text, row)
  }
  const { metrics } = run.columns
  for (let i = 0; i < count; i++) {
    const key = rowKeys[i] as number
    const value = rowValues[i] as number
    const column = metrics[key] ?? addColumn(run.columns, key)
    pushValue(column, row, value)
    if ((rowFlags[i] as number) === 0) column.integer = false
    else if (value > 9007199254740991 || value < -9007199254740991) column.beyondSafe++
  }
  return true
}

function addColumn({ metrics, like }: RunColumns, key: number): MetricColumn {
  const column = makeMetricColumn(roomOf(like?.metrics[key]))
  while (metrics.length <= key) metrics.push(undefined) // no holes: sparse arrays are slow
  metrics[key] = column
  return column
}

/** Number of values put into the row buffers, or −1 for a row that needs JSON.parse. */
function scanFast(
  keys: KeyTable,
  run: RunScan,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): number {
  if (end - start < 2 || bytes[start] !== 0x7b || bytes[end - 1] !== 0x7d) return -1
  let count = 0
  let previous: Form | undefined
  let pos = start + 1
  const last = end - 1
  if (pos === last) return 0
  turn = (turn + 1) | 0
  for (;;) {
    if (bytes[pos] === 0x20) pos++
    if (bytes[pos] !== 0x22) return -1
    pos++
    // the key: the one that came next in the last row, or a look-up
    const guess = previous ? run.next[previous.key] : run.first
    let form: Form
    if (guess && pos + guess.length <= last && matches(guess, bytes, view, pos)) {
      form = guess
      pos += form.length
    } else {
      let close = pos
      while (close < last && bytes[close] !== 0x22 && bytes[close] !== 0x5c) close++
      if (bytes[close] !== 0x22 || bytes[close + 1] !== 0x3a) return -1
      const known = formOf(keys, bytes, pos, close)
      if (!known) return -1
      form = known
      pos = close + 2
      if (!previous) run.first = form
      else {
        while (run.next.length <= previous.key) run.next.push(undefined)
        run.next[previous.key] = form
      }
    }
    previous = form
    // a key that stands twice: the last value counts, also if it is null
    if (seen[form.key] === turn) return -1
    if (form.key < seen.length) seen[form.key] = turn
    else growSeen(form.key)
    if (bytes[pos] === 0x20) pos++

    const c = bytes[pos] as number
    let value: number
    if (c === 0x2d || (c >= 0x30 && c <= 0x39)) {
      value = scanNumber(bytes, view, pos, last)
      if (failed) return -1
      pos = at
    } else {
      if (c === 0x6e && bytes[pos + 1] === 0x75 && bytes[pos + 2] === 0x6c && bytes[pos + 3] === 0x6c) {
        pos += 4 // null: not logged
        value = ABSENT
      } else {
        const length = c === 0x22 ? nonFiniteString(bytes, pos) : 0
        if (length === 0) return -1 // strings, booleans, lists, objects, bare NaN
        value = length === 3 ? Number.NaN : length === 8 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
        pos += length + 2
        wasInteger = false
      }
    }
    if (c !== 0x6e) {
      if (count === rowKeys.length) growRow()
      rowKeys[count] = form.key
      rowValues[count] = value
      rowFlags[count++] = wasInteger ? INTEGER : 0
    }
    const separator = bytes[pos]
    if (separator === 0x2c) pos++
    else if (separator === 0x7d && pos === last) return count
    else return -1
  }
}

const ABSENT = 0

/** The bytes at `pos` are this key, its closing quote and the colon. Four bytes at a time. */
function matches(form: Form, bytes: Uint8Array, view: DataView, pos: number): boolean {
  const { words, length } = form
  const count = words.length
  for (let i = 0; i < count; i++) if (view.getInt32(pos + i * 4, true) !== words[i]) return false
  for (let i = count * 4; i < length; i++) if (bytes[pos + i] !== form.bytes[i]) return false
  return true
}

/** 3, 8 or 9 (its length) when a "NaN", "Infinity" or "-Infinity" string opens at `pos`; else 0. */
function nonFiniteString(bytes: Uint8Array, pos: number): number {
  for (const [text, length] of NON_FINITE) {
    let i = 0
    while (i < length && bytes[pos + 1 + i] === text[i]) i++
    if (i === length && bytes[pos + 1 + length] === 0x22) return length
  }
  return 0
}

const NON_FINITE = ['NaN', 'Infinity', '-Infinity'].map(
  (text) => [new TextEncoder().encode(text), text.length] as const,
)

/**
 * Reads a JSON number at `start`; sets `at` behind it, `wasInteger`, and `failed` when it needs the engine's
 * own parser.
 */
function scanNumber(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  let pos = start
  let c = bytes[pos] as number
  const negative = c === 0x2d
  if (negative) c = bytes[++pos] as number
  failed = false
  wasInteger = true
  let head = 0
  let digits = 0 // significant ones in `head`
  let tail = 0
  let tailDigits = 0
  let exponent = 0
  if (c === 0x30) c = bytes[++pos] as number
  else {
    const first = pos
    while (c >= 0x30 && c <= 0x39) {
      if (digits < 15) {
        head = head * 10 + (c - 0x30)
        digits++
      } else {
        tail = tail * 10 + (c - 0x30)
        tailDigits++
      }
      c = bytes[++pos] as number
    }
    if (pos === first) failed = true
  }
  if (c === 0x2e) {
    wasInteger = false
    c = bytes[++pos] as number
    const first = pos
    if (digits === 0) while (c === 0x30) c = bytes[++pos] as number
    // four digits at a time: each byte XOR '0' must be below 10; then 10·a + b in pairs, and 100·ab + cd
    while (pos + 4 <= end) {
      const four = view.getInt32(pos, true) ^ 0x30303030
      if ((((four + 0x76767676) | four) & 0x80808080) !== 0) break
      const pairs = (Math.imul(four, 10) + (four >>> 8)) & 0x00ff00ff
      const value = (pairs & 0xff) * 100 + (pairs >>> 16)
      if (digits <= 11) {
        head = head * 10000 + value
        digits += 4
      } else {
        tail = tail * 10000 + value
        tailDigits += 4
        digits = 15 // what follows must not go to the head any more
      }
      pos += 4
    }
    c = bytes[pos] as number
    while (c >= 0x30 && c <= 0x39) {
      if (digits < 15) {
        head = head * 10 + (c - 0x30)
        digits++
      } else {
        tail = tail * 10 + (c - 0x30)
        tailDigits++
      }
      c = bytes[++pos] as number
    }
    exponent = first - pos
    if (pos === first) failed = true
  }
  if (c === 0x65 || c === 0x45) {
    wasInteger = false
    c = bytes[++pos] as number
    const down = c === 0x2d
    if (down || c === 0x2b) c = bytes[++pos] as number
    let power = 0
    const first = pos
    while (c >= 0x30 && c <= 0x39) {
      power = power * 10 + (c - 0x30)
      c = bytes[++pos] as number
    }
    if (pos === first || power > 400) failed = true
    exponent += down ? -power : power
  }
  at = pos
  if (tailDigits > 15) failed = true
  if (failed) return 0
  let value = toDouble(head, tail, tailDigits, exponent)
  if (value !== value) value = Math.abs(Number(ascii(bytes, start, pos)))
  return negative ? -value : value
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end))
}

/** The row as JSON.parse reads it: whatever it holds is told apart, and nothing is coerced. */
function scanSlowly(keys: KeyTable, run: RunScan, text: string, row: number): boolean {
  const payload = parseLoose(text)
  if (payload === null || typeof payload !== 'object' || Array.isArray(payload)) return false
  let literals: Map<string, string> | undefined
  for (const [name, value] of Object.entries(payload)) {
    if (value === null || value === undefined) continue
    const key = keyOf(keys, name)
    const number =
      typeof value === 'number' ? value : typeof value === 'string' ? spelledNumber(value) : undefined
    if (number === undefined) {
      while (run.kinds.length <= key) run.kinds.push(undefined)
      const kinds = run.kinds[key] ?? new Map<Kind, number>()
      const type = typeOf(value)
      const kind = type ?? kindOf(value)
      if (type !== undefined) pushTyped(run.columns.typed, row, key, kindNumber(keys, type))
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      run.kinds[key] = kinds
      continue
    }
    const column = run.columns.metrics[key] ?? addColumn(run.columns, key)
    pushValue(column, row, number)
    // JSON.parse does not tell 1 from 1.0; the text does
    literals ??= literalsOf(text)
    if (!/^-?\d+$/.test(literals.get(name) ?? '')) column.integer = false
    else if (!Number.isSafeInteger(number)) column.beyondSafe++
  }
  return true
}

function kindOf(value: NonNullable<unknown>): Kind {
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  return Array.isArray(value) ? 'list' : 'dict'
}

/** The `_type` of an object that has one. */
function typeOf(value: NonNullable<unknown>): string | undefined {
  if (typeof value !== 'object' || Array.isArray(value)) return undefined
  return '_type' in value && typeof value._type === 'string' && value._type ? value._type : undefined
}

/**
 * The top-level members of a JSON object that are neither strings nor nested, as they are written: `{"a":
 * 1.0}` → a: `1.0`.
 */
function literalsOf(text: string): Map<string, string> {
  const literals = new Map<string, string>()
  let depth = 0
  let name = ''
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\[\s\S])*"\s*:?|[{}[\]]|[^\s{}[\],:"]+/g)) {
    const c = token[0] as string
    if (c === '{' || c === '[') depth++
    else if (c === '}' || c === ']') depth--
    else if (depth === 1) {
      if (c !== '"') literals.set(name, token)
      else if (token.endsWith(':')) name = String(parseLoose(token.slice(0, -1)))
    }
  }
  return literals
}

export function kindNumber(keys: KeyTable, kind: string): number {
  let number = keys.byKind.get(kind)
  if (number === undefined) {
    number = keys.kinds.push(kind) - 1
    keys.byKind.set(kind, number)
  }
  return number
}

export function keyOf(keys: KeyTable, name: string): number {
  let key = keys.byName.get(name)
  if (key === undefined) {
    key = keys.names.length
    keys.names.push(name)
    keys.byName.set(name, key)
  }
  return key
}

/** Undefined for what JSON does not allow in a string: control characters, and bytes that are no UTF-8. */
function formOf(keys: KeyTable, bytes: Uint8Array, start: number, end: number): Form | undefined {
  const length = end - start
  let hash = length
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0
  const bucket = keys.forms.get(hash) ?? []
  for (const form of bucket) {
    if (form.length !== length + 2) continue
    let i = 0
    while (i < length && form.bytes[i] === bytes[start + i]) i++
    if (i === length) return form
  }
  const name = decodeStrictly(bytes.subarray(start, end))
  if (name === undefined) return undefined
  for (let i = start; i < end; i++) if ((bytes[i] as number) < 0x20) return undefined
  const copy = bytes.slice(start, end + 2)
  const view = new DataView(copy.buffer)
  const words = Int32Array.from({ length: copy.length >> 2 }, (_, i) => view.getInt32(i * 4, true))
  const form = { bytes: copy, length: copy.length, words, key: keyOf(keys, name) }
  bucket.push(form)
  keys.forms.set(hash, bucket)
  return form
}

function growSeen(key: number): void {
  seen = copyInto(new Int32Array(Math.max(key + 1, seen.length * 2)), seen)
  seen[key] = turn
}

function growRow(): void {
  const wider = rowKeys.length * 2
  rowKeys = copyInto(new Int32Array(wider), rowKeys)
  rowValues = copyInto(new Float64Array(wider), rowValues)
  rowFlags = copyInto(new Uint8Array(wider), rowFlags)
}

function copyInto<T extends Int32Array | Float64Array | Uint8Array>(to: T, from: T): T {
  to.set(from)
  return to
}
