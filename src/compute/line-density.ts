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
    if (thick > 1.01) this.addThick(y0, y1, thick, sign, tone)
    else if (Math.abs(y1 - y0) <= this.width) this.addFlat(y0, y1, sign, tone)
    else this.addSteep(y0, y1, sign, tone)
  }

  private put(at: number, weight: number, tone: number): void {
    const [first, second, third] = this.tones
    this.cover[at]! += weight
    if (second === undefined || third === undefined) first![at]! += weight * tone
    else {
      first![at]! += weight * (tone >> 16)
      second[at]! += weight * ((tone >> 8) & 255)
      third[at]! += weight * (tone & 255)
    }
  }

  /**
   * One pixel wide and not steep: in each column the two pixels that its middle lies between. In fractions of
   * 65536, as whole numbers cost a third.
   */
  private addFlat(y0: number, y1: number, sign: 1 | -1, tone: number): void {
    const { width, height } = this
    const slope = (y1 - y0) / width
    const whole = Math.round(64 * Math.sqrt(1 + slope * slope))
    const step = Math.round(slope * 65536)
    let y = Math.round((y0 + slope / 2 - 0.5) * 65536)
    for (let x = 0; x < width; x++, y += step) {
      const row = y >> 16
      const lower = (whole * ((y >> 8) & 255)) >> 8
      const at = row * width + x
      if (row >= 0 && row < height) this.put(at, sign * (whole - lower), tone)
      if (lower > 0 && row >= -1 && row + 1 < height) this.put(at + width, sign * lower, tone)
    }
  }

  /** The same of a steep one: in each row the two pixels that its middle lies between. */
  private addSteep(y0: number, y1: number, sign: 1 | -1, tone: number): void {
    const { width, height } = this
    const slope = width / (y1 - y0)
    const whole = Math.round(64 * Math.sqrt(1 + slope * slope))
    const step = Math.round(slope * 65536)
    const [from, to] = y0 < y1 ? [y0, y1] : [y1, y0]
    const first = Math.max(0, Math.round(from))
    const end = Math.min(height, Math.round(to))
    let x = Math.round(((first + 0.5 - y0) * slope - 0.5) * 65536)
    for (let row = first; row < end; row++, x += step) {
      const column = x >> 16
      const right = (whole * ((x >> 8) & 255)) >> 8
      const at = row * width + column
      if (column >= 0 && column < width) this.put(at, sign * (whole - right), tone)
      if (right > 0 && column >= -1 && column + 1 < width) this.put(at + 1, sign * right, tone)
    }
  }

  private addThick(y0: number, y1: number, thick: number, sign: 1 | -1, tone: number): void {
    const { width, height } = this
    const slope = (y1 - y0) / width
    // as high in each column as the line is wide across, and what it rises within the column
    const tall = thick * Math.sqrt(1 + slope * slope)
    const half = (tall + Math.abs(slope)) / 2
    // a steep line is in as many pixels more as it covers less of each
    const share = (64 * tall) / (2 * half)
    let y = y0 + slope / 2
    for (let x = 0; x < width; x++, y += slope) {
      const [top, bottom] = [y - half, y + half]
      const last = Math.min(height - 1, Math.floor(bottom))
      for (let row = Math.max(0, Math.floor(top)); row <= last; row++) {
        const from = row > top ? row : top
        const to = row + 1 < bottom ? row + 1 : bottom
        this.put(row * width + x, sign * ((share * (to - from) + 0.5) | 0), tone)
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
export const TABLE = 64 * 128
