import { LineDensity, opacityTable, TABLE } from '../../../../compute/line-density.ts'
import { RAMP_STEPS, rampStep } from '../../../../compute/ramp.ts'

/** Of what is not held nothing is more opaque than this, so that what is held stands out. */
const FAINT_MOST = 0.6
/** With more held runs than this their lines are one pixel wide. */
const THICK_MOST = 500

/** How the lines of all runs look. Colours are 0xRRGGBB. */
export interface LineLook {
  edge: number
  /** Of held runs without a value on the colour scale. */
  plain: number
  ramp: readonly number[]
  /** Opacity of one line that is not held. */
  faint: number
  /**
   * Share of each run along the colour scale, NaN for none, and whether the held ones have all of it; or the
   * colour of each run.
   */
  colors: { kind: 'scale'; shares: Float64Array; spread: boolean } | { kind: 'own'; rgb: Int32Array }
}

interface Gap {
  canvas: HTMLCanvasElement
  left: Float32Array
  right: Float32Array
  all: LineDensity | undefined
  /** Held runs with a colour, and those without. */
  held: LineDensity
  plain: LineDensity
  /** The held runs that are in the sums; undefined: to be summed anew. */
  summed: Uint8Array | undefined
  thick: number
  image: ImageData | undefined
  base: Uint32Array | undefined
  painted: boolean
}

/**
 * The lines of parallel coordinates, one canvas for each pair of neighbouring axes. A change of what is held adds
 * and takes away the lines it concerns, in the gaps that are in sight; others follow when they come into sight.
 */
export class ParallelLines {
  private gaps: Gap[] = []
  private held: Uint8Array = new Uint8Array(0)
  private heldCount = 0
  private look: LineLook | undefined
  private tones: Int32Array = new Int32Array(0)
  /** The held part of the colour scale. */
  private low = 0
  private high = 1
  private ratio = 1
  private readonly tables = new Map<number, { alpha: number; table: Uint8ClampedArray }>()

  /**
   * Axes as the places of the runs on them, CSS pixels from the top, NaN nowhere; one canvas fewer than axes. A
   * gap whose two axes are the same as before keeps its lines.
   */
  setAxes(
    places: readonly Float32Array[],
    canvases: readonly HTMLCanvasElement[],
    width: number,
    height: number,
    ratio: number,
  ): void {
    const before = this.gaps
    this.ratio = ratio
    const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))]
    this.gaps = canvases.map((canvas, i): Gap => {
      const [left, right] = [places[i]!, places[i + 1]!]
      const same = before.find(
        (gap) => gap.left === left && gap.right === right && gap.held.width === w && gap.held.height === h,
      )
      if (canvas.width !== w || canvas.height !== h) {
        canvas.width = w
        canvas.height = h
      }
      if (same) return { ...same, canvas, painted: same.painted && same.canvas === canvas }
      const tones = this.look?.colors.kind === 'own' ? 3 : 1
      return {
        ...{
          canvas,
          left,
          right,
          all: undefined,
          summed: undefined,
          thick: 1,
          image: undefined,
          base: undefined,
          painted: false,
        },
        held: new LineDensity(w, h, tones),
        plain: new LineDensity(w, h, 1),
      }
    })
  }

  setLook(look: LineLook): void {
    const before = this.look
    this.look = look
    const recolored = before?.colors !== look.colors
    if (recolored) {
      const { colors } = look
      this.tones =
        colors.kind === 'own'
          ? colors.rgb
          : Int32Array.from(colors.shares, (share) => (share === share ? Math.round(255 * share) : -1))
    }
    for (const gap of this.gaps) {
      if (recolored) {
        gap.summed = undefined
        const tones = look.colors.kind === 'own' ? 3 : 1
        if (gap.held.tones.length !== tones)
          gap.held = new LineDensity(gap.held.width, gap.held.height, tones)
      }
      gap.base = undefined
      gap.painted = false
    }
    this.spread()
  }

  setHeld(held: Uint8Array): void {
    this.held = held
    let count = 0
    for (const one of held) count += one
    this.heldCount = count
    this.spread()
    for (const gap of this.gaps) gap.painted = false
  }

  /** Least and greatest share of the held runs along the colour scale; NaN where none of them has one. */
  heldRange(): [number, number] {
    return [this.low, this.high]
  }

  /**
   * Draws what changed in gaps from `first` to before `end`, those next to the axis at `around` first. After
   * `budget` ms it stops, with a gap at least drawn, and says that there is more: the rest belongs to the next
   * frame.
   */
  draw(first: number, end: number, around: number, budget: number): boolean {
    const { look } = this
    if (!look) return false
    const began = performance.now()
    const waiting = this.gaps
      .map((gap, i) => ({ gap, far: Math.abs(i + 0.5 - around) }))
      .slice(first, end)
      .filter(({ gap }) => !gap.painted)
      .sort((a, b) => a.far - b.far)
    for (const { gap } of waiting) {
      if (performance.now() - began > budget) return true
      this.sum(gap)
      this.paint(gap, look)
      gap.painted = true
    }
    return false
  }

  private spread(): void {
    const colors = this.look?.colors
    let [low, high] = [Infinity, -Infinity]
    if (colors?.kind === 'scale' && !colors.spread) [low, high] = [0, 1]
    else if (colors?.kind === 'scale')
      for (let i = 0; i < this.held.length; i++) {
        const share = colors.shares[i]!
        if (!this.held[i] || share !== share) continue
        if (share < low) low = share
        if (share > high) high = share
      }
    ;[this.low, this.high] = low <= high ? [low, high] : [Number.NaN, Number.NaN]
  }

  private sum(gap: Gap): void {
    const { held, tones, ratio } = this
    const n = gap.left.length
    const thick = (this.heldCount > THICK_MOST ? 1 : 1.5) * ratio
    if (!gap.all) {
      gap.all = new LineDensity(gap.held.width, gap.held.height, 1)
      for (let i = 0; i < n; i++) this.line(gap, gap.all, i, ratio, 1, 0)
    }
    let before = gap.summed
    // taking away more than there will be costs more than beginning anew
    let changed = 0
    if (before && gap.thick === thick) for (let i = 0; i < n; i++) changed += before[i]! ^ held[i]!
    if (!before || gap.thick !== thick || changed > this.heldCount) {
      gap.held.clear()
      gap.plain.clear()
      gap.thick = thick
      before = undefined
    }
    for (let i = 0; i < n; i++) {
      const was = before ? before[i]! : 0
      if (held[i] === was) continue
      const tone = tones[i]!
      this.line(gap, tone < 0 ? gap.plain : gap.held, i, thick, was ? -1 : 1, tone < 0 ? 0 : tone)
    }
    gap.summed = held.slice()
  }

  private line(gap: Gap, into: LineDensity, run: number, thick: number, sign: 1 | -1, tone: number): void {
    const { ratio } = this
    into.add(gap.left[run]! * ratio, gap.right[run]! * ratio, thick, sign, tone)
  }

  private paint(gap: Gap, look: LineLook): void {
    const context = gap.canvas.getContext('2d')
    if (!context || !gap.all) return
    const { width, height } = gap.held
    gap.image ??= context.createImageData(width, height)
    gap.base ??= this.behind(gap.all, look)
    const { image, base } = gap
    const out = new Uint32Array(image.data.buffer)
    const alpha = this.opacity(heldOpacity(this.heldCount), 1)
    const { cover, tones } = gap.held
    const [first, second, third] = tones
    const steps = this.steps(look.ramp)
    const ink = little(look.plain)
    const plain = this.tones.includes(-1) ? gap.plain.cover : undefined
    for (let i = 0; i < out.length; i++) {
      const front = cover[i]!
      const neutral = plain === undefined ? 0 : plain[i]!
      let below = base[i]!
      if (front === 0 && neutral === 0) {
        out[i] = below
        continue
      }
      if (neutral > 0) below = over(ink, alpha[neutral < TABLE ? neutral : TABLE]!, below)
      if (front > 0) {
        const lit =
          third === undefined
            ? steps[(first![i]! / front) | 0]!
            : (((third[i]! / front) | 0) << 16) |
              (((second![i]! / front) | 0) << 8) |
              ((first![i]! / front) | 0)
        below = over(lit, alpha[front < TABLE ? front : TABLE]!, below)
      }
      out[i] = below
    }
    context.putImageData(image, 0, 0)
  }

  /** The lines of all runs as pixels: what stands behind the held ones. */
  private behind({ cover }: LineDensity, look: LineLook): Uint32Array {
    const faint = this.opacity(look.faint, FAINT_MOST)
    const edge = little(look.edge)
    return Uint32Array.from(cover, (sum) =>
      sum === 0 ? 0 : ((faint[sum < TABLE ? sum : TABLE]! << 24) | edge) >>> 0,
    )
  }

  /** Those in use: of what is faint, and of what is held. */
  private opacity(alpha: number, most: number): Uint8ClampedArray {
    const known = this.tables.get(most)
    if (known?.alpha === alpha) return known.table
    const table = opacityTable(alpha, most)
    this.tables.set(most, { alpha, table })
    return table
  }

  /** Colour of each tone, the scale spread over the held. */
  private steps(ramp: readonly number[]): Int32Array {
    const span = this.high - this.low
    return Int32Array.from({ length: 256 }, (_, tone) => {
      const share = span > 1e-9 ? (tone / 255 - this.low) / span : 0.5
      return little(ramp[rampStep(share)] ?? ramp[RAMP_STEPS - 1] ?? 0)
    })
  }
}

/** Opacity of one held line: few stand out, of many each adds to the density. */
function heldOpacity(count: number): number {
  if (count <= 24) return 0.95
  if (count <= 100) return 0.75
  // in steps, so that a brush that moves seldom asks for another table
  const steps = Math.round(Math.log2(count / 100))
  return Math.max(0.04, 0.6 * 2 ** (-steps / 2))
}

/** 0xRRGGBB as the bytes of an image: red first. */
function little(rgb: number): number {
  return ((rgb & 255) << 16) | (rgb & 0xff00) | (rgb >> 16)
}

/** A colour laid over a pixel, both as the bytes of an image; `alpha` of 255. */
function over(color: number, alpha: number, below: number): number {
  // in 256ths: what shows of the pixel below
  const rest = ((below >>> 24) * (255 - alpha)) >> 8
  if (rest === 0) return ((alpha << 24) | color) >>> 0
  const sum = alpha + rest
  const share = ((alpha << 8) / sum) | 0
  const other = 256 - share
  const redBlue = (((color & 0xff00ff) * share + (below & 0xff00ff) * other) / 256) & 0xff00ff
  const green = (((color & 0xff00) * share + (below & 0xff00) * other) >> 8) & 0xff00
  return ((sum << 24) | redBlue | green) >>> 0
}
