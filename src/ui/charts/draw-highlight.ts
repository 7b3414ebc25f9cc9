import { paint, strokeHalo, strokeMain } from './draw-lines.ts'
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
    strokeHalo(raster, scene, line, x, y, 4.5 * ratio)
    strokeMain(raster, scene, line, x, y, 2.25 * ratio, 1, ratio)
  })
}
