import { type Stroke, strokeLine } from '../../compute/raster.ts'
import { parseColor } from './design-tokens.ts'
import { paint, strokeMain } from './draw-lines.ts'
import type { Box, Scene, SceneLine } from './scene.ts'

/** One line, thick, with a halo of paper: the highlight. */
export function drawHighlight(
  context: CanvasRenderingContext2D,
  scene: Scene,
  line: SceneLine,
  box: Box,
  ratio: number,
): void {
  paint(context, scene, box, ratio, (raster, x, y) => {
    const { main } = scene.frame
    const start = main.starts[line.index] ?? 0
    const end = main.starts[line.index + 1] ?? 0
    const halo: Stroke = { color: parseColor(scene.tokens.paper), alpha: 1, thickness: 4.5 * ratio, dash: [] }
    strokeLine(raster, main.xs, main.ys, start, end, x, y, halo)
    strokeMain(raster, scene, line, x, y, 2.25 * ratio, 1, ratio)
  })
}
