/** Pixels of one picture of a film: RGBA, rows from the top. */
export type Frame = Uint8Array | Uint8ClampedArray

/** Red, green and blue levels of the palette for frames with more than 256 colours: 252 colours. */
const LEVELS = [6, 7, 6] as const

/** The thread that trains is given back after so much work. */
const SLICE_MS = 8

/**
 * An animated GIF89a (https://www.w3.org/Graphics/GIF/spec-gif89a.txt), endlessly repeated. Frames with at
 * most 256 colours keep them exactly, others get the nearest of 252. Times are whole hundredths of a second,
 * as the format has them.
 */
export async function encodeGif(
  frames: readonly Frame[],
  width: number,
  height: number,
  fps: number,
): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [
    bytes('GIF89a', ...word(width), ...word(height), 0x70, 0, 0),
    bytes(0x21, 0xff, 11, 'NETSCAPE2.0', 3, 1, 0, 0, 0),
  ]
  let since = performance.now()
  for (const [i, frame] of frames.entries()) {
    // the whole film lasts as long as it should, though each frame is rounded
    const hundredths = Math.round(((i + 1) * 100) / fps) - Math.round((i * 100) / fps)
    const { palette, pixels } = coloured(frame, width * height)
    parts.push(bytes(0x21, 0xf9, 4, 0, ...word(hundredths), 0, 0))
    parts.push(bytes(0x2c, 0, 0, 0, 0, ...word(width), ...word(height), 0x87), palette, ...lzw(pixels))
    if (performance.now() - since < SLICE_MS) continue
    await new Promise((resolve) => setTimeout(resolve))
    since = performance.now()
  }
  parts.push(bytes(0x3b))
  return new Blob(parts, { type: 'image/gif' })
}

function coloured(frame: Frame, count: number): { palette: Uint8Array<ArrayBuffer>; pixels: Uint8Array } {
  const palette = new Uint8Array(768)
  const pixels = new Uint8Array(count)
  const places = new Map<number, number>()
  for (let i = 0; i < count; i++) {
    const colour = (frame[i * 4]! << 16) | (frame[i * 4 + 1]! << 8) | frame[i * 4 + 2]!
    let place = places.get(colour)
    if (place === undefined) {
      place = places.size
      if (place === 256) return reduced(frame, count)
      places.set(colour, place)
      palette.set([colour >> 16, (colour >> 8) & 255, colour & 255], place * 3)
    }
    pixels[i] = place
  }
  return { palette, pixels }
}

function reduced(frame: Frame, count: number): { palette: Uint8Array<ArrayBuffer>; pixels: Uint8Array } {
  const [r, g, b] = LEVELS
  const palette = new Uint8Array(768)
  for (let i = 0; i < r * g * b; i++) {
    palette[i * 3] = Math.round((Math.floor(i / (g * b)) * 255) / (r - 1))
    palette[i * 3 + 1] = Math.round(((Math.floor(i / b) % g) * 255) / (g - 1))
    palette[i * 3 + 2] = Math.round(((i % b) * 255) / (b - 1))
  }
  const pixels = new Uint8Array(count)
  const level = (value: number, levels: number): number => Math.round((value * (levels - 1)) / 255)
  for (let i = 0; i < count; i++) {
    pixels[i] =
      level(frame[i * 4]!, r) * g * b + level(frame[i * 4 + 1]!, g) * b + level(frame[i * 4 + 2]!, b)
  }
  return { palette, pixels }
}

/** The pixels as LZW codes of 9 to 12 bits, in blocks of at most 255 bytes. */
function lzw(pixels: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const CLEAR = 256
  const END = 257
  const packed: number[] = []
  let held = 0
  let bits = 0
  let size = 9
  let next = 258
  /** Code of a string and one more pixel: `code * 256 + pixel`. */
  const codes = new Map<number, number>()
  const put = (code: number): void => {
    held |= code << bits
    for (bits += size; bits >= 8; bits -= 8) {
      packed.push(held & 255)
      held >>>= 8
    }
  }
  put(CLEAR)
  let string = pixels[0] ?? 0
  for (let i = 1; i < pixels.length; i++) {
    const pixel = pixels[i]!
    const known = codes.get(string * 256 + pixel)
    if (known !== undefined) {
      string = known
      continue
    }
    put(string)
    if (next === 4096) {
      put(CLEAR)
      codes.clear()
      size = 9
      next = 258
    } else {
      codes.set(string * 256 + pixel, next)
      // the code just made is first used after the next one is written, and by then it must fit
      if (next === 1 << size && size < 12) size++
      next++
    }
    string = pixel
  }
  put(string)
  put(END)
  if (bits > 0) packed.push(held & 255)
  const blocks: Uint8Array<ArrayBuffer>[] = [bytes(8)]
  for (let at = 0; at < packed.length; at += 255) {
    const block = packed.slice(at, at + 255)
    blocks.push(Uint8Array.of(block.length, ...block))
  }
  blocks.push(bytes(0))
  return blocks
}

function word(value: number): [number, number] {
  return [value & 255, value >> 8]
}

function bytes(...parts: (number | string)[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'string' ? [...part].map((letter) => letter.charCodeAt(0)) : [part],
    ),
  )
}
