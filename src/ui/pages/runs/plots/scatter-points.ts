/** How points are drawn; colours are 0xRRGGBB. */
export interface PointsLook {
  paper: number
  colorOf(run: number): number
  /** Radius of a run, px of the image. */
  radiusOf(run: number): number
  /** Width of the ring of paper that parts neighbours. */
  ring: number
  opacityOf(run: number): number
}

/**
 * Points as pixels: of many a canvas takes ten times as long. Later ones lie over earlier ones. `x` and `y` are
 * middles by run, px of the image.
 */
export function drawPoints(
  image: ImageData,
  drawn: ArrayLike<number>,
  x: Float32Array,
  y: Float32Array,
  look: PointsLook,
): void {
  const { width, height, data } = image
  for (let k = 0; k < drawn.length; k++) {
    const run = drawn[k]!
    const [cx, cy] = [x[run]! - 0.5, y[run]! - 0.5]
    const [left, top] = [Math.floor(cx), Math.floor(cy)]
    const stamp = stampOf(
      look.radiusOf(run),
      look.ring,
      Math.floor(4 * (cx - left)),
      Math.floor(4 * (cy - top)),
    )
    const color = look.colorOf(run)
    const opacity = look.opacityOf(run)
    const { dx, dy, disc, ring } = stamp
    for (let i = 0; i < dx.length; i++) {
      const [px, py] = [left + dx[i]!, top + dy[i]!]
      if (px < 0 || px >= width || py < 0 || py >= height) continue
      const at = 4 * (py * width + px)
      if (ring[i]! > 0) over(data, at, look.paper, ring[i]!)
      if (disc[i]! > 0) over(data, at, color, disc[i]! * opacity)
    }
  }
}

/** The pixels around its middle that a point covers, and how much of each, with and without its ring. */
interface Stamp {
  dx: number[]
  dy: number[]
  disc: number[]
  ring: number[]
}

const stamps = new Map<number, Stamp>()

/** `fx` and `fy`: where in its pixel the middle is, in quarters. Radii and rings in quarters of a pixel. */
function stampOf(radius: number, ring: number, fx: number, fy: number): Stamp {
  const [quarters, parted] = [Math.round(4 * radius), Math.round(4 * ring)]
  const key = ((quarters * 64 + parted) * 4 + fy) * 4 + fx
  const known = stamps.get(key)
  if (known) return known
  const [r, outer] = [quarters / 4, (quarters + parted) / 4]
  const reach = Math.ceil(outer + 1)
  const made: Stamp = { dx: [], dy: [], disc: [], ring: [] }
  for (let dy = -reach; dy <= reach + 1; dy++)
    for (let dx = -reach; dx <= reach + 1; dx++) {
      const far = Math.hypot(dx - (fx + 0.5) / 4, dy - (fy + 0.5) / 4)
      if (far >= outer + 0.5) continue
      made.dx.push(dx)
      made.dy.push(dy)
      made.disc.push(Math.max(0, Math.min(1, r + 0.5 - far)))
      made.ring.push(parted > 0 ? Math.min(1, outer + 0.5 - far) : 0)
    }
  stamps.set(key, made)
  return made
}

/** A colour laid over a pixel that may be see-through. */
function over(data: Uint8ClampedArray, at: number, color: number, alpha: number): void {
  const before = data[at + 3]!
  if (before === 0 || alpha >= 1) {
    data[at] = color >> 16
    data[at + 1] = (color >> 8) & 255
    data[at + 2] = color & 255
    data[at + 3] = 255 * alpha
    return
  }
  const below = (before / 255) * (1 - alpha)
  const sum = alpha + below
  const [a, b] = [alpha / sum, below / sum]
  data[at] = (color >> 16) * a + data[at]! * b
  data[at + 1] = ((color >> 8) & 255) * a + data[at + 1]! * b
  data[at + 2] = (color & 255) * a + data[at + 2]! * b
  data[at + 3] = 255 * sum
}
