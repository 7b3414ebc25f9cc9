import { decodeStrictly, decodeText } from '../../columns/json.ts'

/*
 * Cells as hyparquet gives them (texts as bytes, see pages.ts) → what the store takes.
 */

const encoder = new TextEncoder()

/**
 * A cell as text; undefined for null. What is no text is written as one: a date as ISO, so that a foreign
 * table's times can be read.
 */
export function bytesOfCell(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value
  if (value === null || value === undefined) return undefined
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? undefined : encoder.encode(value.toISOString())
  return encoder.encode(typeof value === 'object' ? JSON.stringify(value) : String(value))
}

/** NaN for null and for what is no number. */
export function numberOfCell(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  return value instanceof Uint8Array ? Number(decodeText(value)) : Number.NaN
}

/** An integer that decimals are stored as, big-endian, two's complement. */
export function unscaledOf(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = value * 256n + BigInt(byte)
  return bytes.length > 0 && (bytes[0] as number) >= 0x80 ? value - (1n << BigInt(bytes.length * 8)) : value
}

/**
 * The double nearest to unscaled × 10^−scale: a division where both are exact doubles, else the engine's own
 * parser.
 */
export function decimalOf(unscaled: number | bigint, scale: number): number {
  const whole = Number(unscaled)
  return Number.isSafeInteger(whole) && scale >= 0 && scale <= 22
    ? whole / 10 ** scale
    : Number(`${unscaled}e${-scale}`)
}

/** Negative, 0 or positive, as the bytes of `a` sort before, with or behind the first `length` of `b`. */
export function compareBytes(a: Uint8Array, b: Uint8Array, length: number): number {
  const shared = Math.min(a.length, length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference
  }
  return a.length - length
}

/** Numbers texts, the same text always the same. */
export interface Texts {
  /** The number of a cell's text; of null too. */
  indexOf(value: unknown): number
  /** null where the cell was null. */
  text(index: number): string | null
  /** Texts that are no UTF-8, each counted once. */
  garbled(): number
  /** Lets go of the cells met so far: they hold on to the pages they came from. */
  forget(): void
}

/** Cells that share an entry of a dictionary are one object; so many of them are known by that alone. */
const OBJECTS = 1 << 16

export function makeTexts(): Texts {
  const texts: (string | null)[] = []
  const byText = new Map<string | null, number>()
  const byObject = new Map<unknown, number>()
  let lastValue: unknown
  let lastIndex = -1
  const garbled = new Set<string>()
  return { indexOf, text: (index) => texts[index] ?? null, garbled: () => garbled.size, forget }

  function indexOf(value: unknown): number {
    if (value === lastValue && lastIndex >= 0) return lastIndex
    // without a dictionary every row has its own bytes, mostly those of the row before
    if (
      !(
        value instanceof Uint8Array &&
        lastValue instanceof Uint8Array &&
        compareBytes(value, lastValue, lastValue.length) === 0
      )
    ) {
      lastIndex = byObject.get(value) ?? look(value)
    }
    lastValue = value
    return lastIndex
  }

  function look(value: unknown): number {
    const bytes = bytesOfCell(value)
    const text = bytes ? decodeText(bytes) : null
    let index = byText.get(text)
    // what stands for a garbled letter may be one of the text itself, also of another one that is known
    // already
    if (bytes && text?.includes('\ufffd') && !garbled.has(text) && decodeStrictly(bytes) === undefined)
      garbled.add(text)
    if (index === undefined) {
      index = texts.push(text) - 1
      byText.set(text, index)
    }
    if (byObject.size < OBJECTS) byObject.set(value, index)
    return index
  }

  function forget(): void {
    byObject.clear()
    lastValue = undefined
    lastIndex = -1
  }
}
