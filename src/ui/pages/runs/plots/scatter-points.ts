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
    const [cx, cy] = [x[run]!, y[run]!]
    const radius = look.radiusOf(run)
    const outer = radius + look.ring
    const color = look.colorOf(run)
    const opacity = look.opacityOf(run)
    const [left, right] = [Math.max(0, Math.floor(cx - outer)), Math.min(width - 1, Math.ceil(cx + outer))]
    const [top, bottom] = [Math.max(0, Math.floor(cy - outer)), Math.min(height - 1, Math.ceil(cy + outer))]
    for (let py = top; py <= bottom; py++) {
      const dy = py + 0.5 - cy
      for (let px = left; px <= right; px++) {
        const dx = px + 0.5 - cx
        const far = Math.sqrt(dx * dx + dy * dy)
        if (far >= outer + 0.5) continue
        const at = 4 * (py * width + px)
        if (look.ring > 0) over(data, at, look.paper, Math.min(1, outer + 0.5 - far))
        if (far < radius + 0.5) over(data, at, color, Math.min(1, radius + 0.5 - far) * opacity)
      }
    }
  }
}

/** A colour laid over a pixel that may be see-through. */
function over(data: Uint8ClampedArray, at: number, color: number, alpha: number): void {
  const below = (data[at + 3]! / 255) * (1 - alpha)
  const sum = alpha + below
  if (sum <= 0) return
  const [a, b] = [alpha / sum, below / sum]
  data[at] = (color >> 16) * a + data[at]! * b
  data[at + 1] = ((color >> 8) & 255) * a + data[at + 1]! * b
  data[at + 2] = (color & 255) * a + data[at + 2]! * b
  data[at + 3] = 255 * sum
}
