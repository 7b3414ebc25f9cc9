import { type Box, type Scene, toPixel, xMap, yMap } from './scene.ts'

/** The run whose drawn line comes nearest to the pointer (CSS pixels of the canvas), if within `reach`. */
export function nearestRun(scene: Scene, box: Box, px: number, py: number, reach = 24): string | undefined {
  const { main } = scene.frame
  const x = xMap(scene, box)
  const y = yMap(scene, box)
  let best = reach * reach
  let run: string | undefined
  for (const line of scene.lines) {
    const end = main.starts[line.index + 1] ?? 0
    let i = firstAt(main.xs, main.starts[line.index] ?? 0, end, (at) => toPixel(x, at) >= px - reach)
    i = Math.max(main.starts[line.index] ?? 0, i - 1)
    let lastX = NaN
    let lastY = NaN
    for (; i < end; i++) {
      const qx = toPixel(x, main.xs[i] ?? NaN)
      const qy = toPixel(y, main.ys[i] ?? NaN)
      const far = Number.isNaN(lastY)
        ? (qx - px) ** 2 + (qy - py) ** 2
        : toSegment(px, py, lastX, lastY, qx, qy)
      if (far <= best) {
        best = far
        run = line.run.key
      }
      if (qx > px + reach) break
      lastX = qx
      lastY = qy
    }
  }
  return run
}

function firstAt(xs: Float64Array, start: number, end: number, reached: (x: number) => boolean): number {
  let low = start
  let high = end
  while (low < high) {
    const middle = (low + high) >> 1
    if (reached(xs[middle] ?? Infinity)) high = middle
    else low = middle + 1
  }
  return low
}

/** Squared distance from a point to a segment. */
function toSegment(px: number, py: number, x0: number, y0: number, x1: number, y1: number): number {
  const dx = x1 - x0
  const dy = y1 - y0
  const length = dx * dx + dy * dy
  const t = length > 0 ? Math.max(0, Math.min(1, ((px - x0) * dx + (py - y0) * dy) / length)) : 0
  return (px - x0 - t * dx) ** 2 + (py - y0 - t * dy) ** 2
}
