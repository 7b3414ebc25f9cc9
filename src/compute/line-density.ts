/**
 * Lines between two neighbouring axes as sums over the pixels between them: how much of each pixel lines cover,
 * and of what colour. Lines are added and taken away again by themselves, so a brush that moves costs what it
 * changes, however many lines there are; the order of drawing is no matter. Coverage is counted in 64ths.
 */
export class LineDensity {
  /** Sum of coverages of each pixel, row by row. */
  readonly cover: Int32Array
  /** Sums of coverage × tone: one tone (0 to 255) along a scale, or the three of a colour. */
  readonly tones: readonly Int32Array[]

  constructor(
    readonly width: number,
    readonly height: number,
    tones: 1 | 3,
  ) {
    this.cover = new Int32Array(width * height)
    this.tones = Array.from({ length: tones }, () => new Int32Array(width * height))
  }

  clear(): void {
    this.cover.fill(0)
    for (const tone of this.tones) tone.fill(0)
  }

  /**
   * Adds (`sign` 1) or takes away (−1) a line from the middle of the left edge at y0 to that of the right edge at
   * y1, pixels, `thick` pixels wide. `tone`: as a whole number, of a colour 0xRRGGBB.
   */
  add(y0: number, y1: number, thick: number, sign: 1 | -1, tone: number): void {
    const { width, height, cover, tones } = this
    const [first, second, third] = tones
    const slope = (y1 - y0) / width
    // as high in each column as the line is wide across, and what it rises within the column
    const half = (thick * Math.sqrt(1 + slope * slope) + Math.abs(slope)) / 2
    // a steep line is in as many pixels more as it covers less of each
    const share = (64 * thick * Math.sqrt(1 + slope * slope)) / (2 * half)
    const plain = third === undefined
    const [red, green, blue] = [tone >> 16, (tone >> 8) & 255, tone & 255]
    let y = y0 + slope / 2
    for (let x = 0; x < width; x++, y += slope) {
      const top = y - half
      const bottom = y + half
      let row = Math.floor(top)
      const last = Math.floor(bottom)
      if (last < 0 || row >= height) continue
      let at = row * width + x
      for (; row <= last; row++, at += width) {
        if (row < 0 || row >= height) continue
        const from = row > top ? row : top
        const to = row + 1 < bottom ? row + 1 : bottom
        const weight = sign * ((share * (to - from) + 0.5) | 0)
        cover[at]! += weight
        if (plain) first![at]! += weight * tone
        else {
          first![at]! += weight * red
          second![at]! += weight * green
          third[at]! += weight * blue
        }
      }
    }
  }
}

/** How opaque `cover` 64ths of lines are, of which each alone is `alpha`; never more than `most`. */
export function opacityTable(alpha: number, most: number): Uint8ClampedArray {
  const table = new Uint8ClampedArray(TABLE + 1)
  for (let i = 0; i <= TABLE; i++) table[i] = 255 * Math.min(most, 1 - (1 - alpha) ** (i / 64))
  return table
}

/** From so many 64ths on it is as opaque as it gets. */
export const TABLE = 64 * 256
