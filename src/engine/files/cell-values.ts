import type { Json } from '../../model/run.ts'

/** Bytes of a value that are shown. */
const SHOWN = 48

/** A value of a Parquet or SQLite cell as rows keep it: integers with all their digits, times as text, bytes in hex. */
export function cellValue(value: unknown): Json {
  if (value === null || value === undefined) return null
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'number':
      return value
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : `\u0001${value}`
    case 'object':
      return objectValue(value)
    default:
      return String(value)
  }
}

function objectValue(value: object): Json {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no time' : value.toISOString()
  if (value instanceof Uint8Array) return bytesText(value)
  if (Array.isArray(value)) return value.map(inside)
  if (ArrayBuffer.isView(value)) return Array.from(Object.values(value), inside)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inside(member)]))
}

/** JSON has no word for a number that is none. */
function inside(value: unknown): Json {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : cellValue(value)
}

/** What is a text stored as bytes is that text: trackio's own payloads are. */
function bytesText(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what has them is no text
    if (!/[\x00-\x08\x0e-\x1f]/.test(text)) return text
  } catch {
    // no text
  }
  const hex = Array.from(bytes.subarray(0, SHOWN), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return `${bytes.length.toLocaleString('en')} bytes: ${hex}${bytes.length > SHOWN ? ' …' : ''}`
}
