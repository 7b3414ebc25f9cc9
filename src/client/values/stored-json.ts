import { Media } from './media.ts'

/** Why a value cannot be stored; the value is left out, and what was logged beside it stays. */
export class Unstorable extends Error {
  override name = 'Unstorable'
}

/** JSON text whose gaps are filled once the paths of media are known. */
export type Part = string | Media

/** Collects JSON. Where media are allowed (cells of tables, traces) they become parts of their own. */
export interface Sink {
  text: string
  parts: Part[]
  media: boolean
}

/** Nested deeper than this is taken for something that refers to itself. */
const DEEPEST = 200

/**
 * JSON of a value as trackio stores it: compact, NaN and infinities as strings at every depth, whole numbers
 * as integers. Throws Unstorable. Lists may be arrays, typed arrays or sets; objects plain ones, Maps, or
 * such with a toJSON. What is `undefined` is left out of objects, as in JSON.
 */
export function jsonOf(value: unknown): string {
  const sink: Sink = { text: '', parts: [], media: false }
  writeJson(sink, value, 0)
  return sink.text
}

/** The same where media are allowed. */
export function partsOf(value: unknown): Part[] {
  const sink: Sink = { text: '', parts: [], media: true }
  writeJson(sink, value, 0)
  return [...sink.parts, sink.text]
}

export function numberText(value: number): string {
  if (Number.isInteger(value)) {
    // beyond 2^53 the digits would be read as an exact integer, which the number never was
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER)
      return value < 1e21 && value > -1e21 ? `${value}.0` : String(value)
    return Object.is(value, -0) ? '-0.0' : String(value)
  }
  if (Number.isFinite(value)) return String(value)
  if (Number.isNaN(value)) return '"NaN"'
  return value > 0 ? '"Infinity"' : '"-Infinity"'
}

export function stringText(value: string): string {
  // half of a pair is no text: Python refuses the whole row when it reads one
  return JSON.stringify(wellFormed(value))
}

function wellFormed(text: string): string {
  return /[\ud800-\udfff]/.test(text) ? text.replace(LONE, '\ufffd') : text
}

const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

function writeJson(sink: Sink, value: unknown, depth: number): void {
  switch (typeof value) {
    case 'number':
      sink.text += numberText(value)
      return
    case 'string':
      sink.text += stringText(value)
      return
    case 'boolean':
      sink.text += value ? 'true' : 'false'
      return
    case 'bigint':
      if (value < -(2n ** 63n) || value >= 2n ** 64n)
        throw new Unstorable(`the integer ${value} is outside of 64 bits`)
      sink.text += value.toString()
      return
    case 'undefined':
      sink.text += 'null'
      return
    case 'object':
      if (depth > DEEPEST)
        throw new Unstorable(`nested more than ${DEEPEST} deep, or an object that refers to itself`)
      if (value === null) sink.text += 'null'
      else writeObject(sink, value, depth)
      return
    default:
      throw new Unstorable(`a ${typeof value} cannot be stored`)
  }
}

function writeObject(sink: Sink, value: object, depth: number): void {
  if (Array.isArray(value) || value instanceof Set || isNumbers(value)) return writeList(sink, value, depth)
  if (value instanceof Media) {
    if (!sink.media)
      throw new Unstorable(
        `${value.constructor.name} inside a list or an object; log it under a name of its own, or in a cell of a Table`,
      )
    sink.parts.push(sink.text, value)
    sink.text = ''
    return
  }
  if (value instanceof Map) return writeEntries(sink, value, depth)
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new Unstorable('an invalid Date')
    sink.text += `"${value.toISOString().replace('Z', '+00:00')}"`
    return
  }
  const toJson: unknown = Reflect.get(value, 'toJSON')
  if (typeof toJson === 'function') return writeJson(sink, Reflect.apply(toJson, value, []), depth + 1)
  if (!isPlain(value)) throw new Unstorable(whyNot(value))
  writeEntries(sink, Object.entries(value), depth)
}

function writeList(sink: Sink, values: Iterable<unknown>, depth: number): void {
  let first = true
  sink.text += '['
  for (const item of values) {
    if (!first) sink.text += ','
    first = false
    writeJson(sink, item, depth + 1)
  }
  sink.text += ']'
}

export function writeEntries(sink: Sink, entries: Iterable<[unknown, unknown]>, depth: number): void {
  let first = true
  sink.text += '{'
  for (const [key, item] of entries) {
    if (item === undefined) continue
    sink.text += `${first ? '' : ','}${stringText(String(key))}:`
    first = false
    writeJson(sink, item, depth + 1)
  }
  sink.text += '}'
}

/** A typed array of numbers (not a DataView). */
export function isNumbers(value: unknown): value is Iterable<number | bigint> & { length: number } {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}

/** An object literal, also of another frame; an object without a prototype. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

function whyNot(value: object): string {
  const name = value.constructor?.name || 'an object without a class name'
  if ('dataSync' in value || 'data' in value)
    return `${name} cannot be stored; log its numbers, as in: const [loss] = await tensor.data()`
  if (typeof Blob !== 'undefined' && value instanceof Blob)
    return `a ${name} cannot be stored by itself; wrap it: new trackio.Image(blob)`
  return `${name} cannot be stored; log plain numbers, texts, lists and objects, or trackio's own values`
}

/**
 * A config as plain values, as trackio makes it: keys become texts, lists arrays, class instances their own
 * fields (without those that begin with `_`), and what is left its text.
 */
export function plainConfig(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST)
    throw new Unstorable(`config nested more than ${DEEPEST} deep, or an object that refers to itself`)
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value === 'function') return `<function ${value.name || 'anonymous'}>`
  if (typeof value !== 'object') return typeof value === 'symbol' ? String(value) : value
  if (value === null) return null
  if (Array.isArray(value) || value instanceof Set || isNumbers(value))
    return Array.from(value, (item: unknown) => plainConfig(item, depth + 1))
  if (value instanceof Map) return object([...value].map(([key, item]) => [String(key), item]))
  if (value instanceof Date) return value.toISOString()
  const toJson: unknown = Reflect.get(value, 'toJSON')
  if (typeof toJson === 'function') return plainConfig(Reflect.apply(toJson, value, []), depth + 1)
  const entries = Object.entries(value)
  return object(isPlain(value) ? entries : entries.filter(([key]) => !key.startsWith('_')))

  function object(entries: [string, unknown][]): Record<string, unknown> {
    return Object.fromEntries(entries.map(([key, item]) => [key, plainConfig(item, depth + 1)]))
  }
}
