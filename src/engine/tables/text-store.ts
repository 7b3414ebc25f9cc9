/*
 * Texts of many traces as UTF-8 in large pieces, outside of the heap for strings: a gigabyte of them would fill
 * it, and a scan of bytes needs no copy in lower case.
 */

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const PIECE = 8 << 20

/** Where a text lies. */
export interface Place {
  piece: number
  from: number
  end: number
}

export interface TextStore {
  /** Adds texts that lie together; their places end at `ends`, from the first one's `from`. */
  add(texts: readonly string[]): { piece: number; from: number; ends: number[] }
  bytes(piece: number): Uint8Array
  text(place: Place): string
  /** Forgets all that was added from this place on. */
  cut(piece: number, from: number): void
  size(): number
  /** Bytes that are taken for them, room for more included. */
  held(): number
}

export function makeTextStore(): TextStore {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let current = new Uint8Array(0)
  let used = 0
  /** Of the pieces before the current one. */
  let full = 0
  const fullBefore: number[] = []
  return {
    add(texts) {
      let letters = 0
      for (const text of texts) letters += text.length
      // a letter takes three bytes at most; few texts are made of such alone
      if (current.length - used < letters * 3) {
        full += used
        fullBefore.push(full)
        current = new Uint8Array(Math.max(PIECE, letters * 3))
        used = 0
        pieces.push(current)
      }
      const from = used
      const ends: number[] = []
      for (const text of texts) {
        used += encoder.encodeInto(text, current.subarray(used)).written
        ends.push(used)
      }
      const piece = pieces.length - 1
      if (letters * 3 > PIECE) {
        // of a large one that was not filled the rest is given back
        current = current.slice(0, used)
        pieces[piece] = current
      }
      return { piece, from, ends }
    },
    bytes: (piece) => pieces[piece] ?? new Uint8Array(0),
    text: ({ piece, from, end }) => decoder.decode(pieces[piece]?.subarray(from, end)),
    cut(piece, from) {
      const kept = pieces[piece]
      if (!kept) return
      pieces.length = fullBefore.length = piece + 1
      current = kept
      used = from
      full = fullBefore[piece] as number
    },
    size: () => full + used,
    held: () => pieces.reduce((sum, { byteLength }) => sum + byteLength, 0),
  }
}

/** Finds a text in UTF-8, without case: the next place from `from` on that ends by `end`, or −1. */
export interface Finder {
  /** Bytes of what is found. */
  length: number
  find(bytes: Uint8Array, from: number, end: number): number
  /** How often it stands between, one behind the other. */
  count(bytes: Uint8Array, from: number, end: number): number
}

/**
 * By Boyer, Moore and Horspool: most bytes are passed over. A letter is found in its small and its capital form
 * as long as both take as many bytes (all but a few, `ß` and `ẞ` among them: those are found as they are
 * written).
 */
export function makeFinder(text: string): Finder {
  const forms = [...text].map((letter) => {
    const own = encoder.encode(letter)
    const others = [letter.toLowerCase(), letter.toUpperCase()]
      .map((form) => encoder.encode(form))
      .filter((form) => form.length === own.length)
    return [own, ...others]
  })
  const length = forms.reduce((sum, [own]) => sum + (own?.length ?? 0), 0)
  // which bytes may stand where
  const allowed = new Uint8Array(length * 256)
  const mixed = forms.some(([own]) => (own?.length ?? 0) > 1)
  // a longer step is taken as two
  const shift = new Uint8Array(256).fill(Math.min(255, length))
  let at = 0
  for (const all of forms) {
    const size = all[0]?.length ?? 0
    for (let i = 0; i < size; i++, at++)
      for (const form of all) {
        const byte = form[i] as number
        allowed[at * 256 + byte] = 1
        if (at < length - 1) shift[byte] = Math.min(255, length - 1 - at)
      }
  }
  // by how much to go on from a byte that cannot be the last one; 0 for one that can
  const skip = shift.map((step, byte) => (allowed[(length - 1) * 256 + byte] === 1 ? 0 : step))
  const wanted = text.toLowerCase()
  return { length, find, count }

  function count(bytes: Uint8Array, from: number, end: number): number {
    let found = 0
    // of so few bytes none can be passed over, and a call for each hit costs more than the scan
    if (length === 1) {
      for (let i = from; i < end; i++) found += allowed[bytes[i] as number] as number
      return found
    }
    if (length === 2 && !mixed) {
      for (let i = from + 1; i < end; i++) {
        if (allowed[256 + (bytes[i] as number)] === 0 || allowed[bytes[i - 1] as number] === 0) continue
        found++
        i++
      }
      return found
    }
    for (let at = find(bytes, from, end); at >= 0; at = find(bytes, at + length, end)) found++
    return found
  }

  function find(bytes: Uint8Array, from: number, end: number): number {
    if (length === 0) return -1
    let i = from + length - 1
    for (;;) {
      // nearly all of the time is spent here: one look at a table of four lines of cache for each step
      let step = 0
      while (i < end) {
        step = skip[bytes[i] as number] as number
        if (step === 0) break
        i += step
      }
      if (i >= end) return -1
      let j = length - 2
      const base = i - length + 1
      while (j >= 0 && allowed[j * 256 + (bytes[base + j] as number)] === 1) j--
      // bytes of two forms of one letter may make a third one
      if (j < 0 && (!mixed || decoder.decode(bytes.subarray(base, i + 1)).toLowerCase() === wanted))
        return base
      i += shift[bytes[i] as number] as number
    }
  }
}
