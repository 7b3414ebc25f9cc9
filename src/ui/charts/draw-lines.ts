import { alphaFor } from '../../compute/color.ts'
import {
  clearRaster,
  fillArea,
  makeRaster,
  type Raster,
  readRaster,
  type Stroke,
  stampDots,
  strokeLine,
} from '../../compute/raster.ts'
import { parseColor } from './design-tokens.ts'
import { type Box, lineWeight, type Scene, type SceneLine, xMap, yMap } from './scene.ts'

/**
 * CSS pixels around the plot box in which thick lines may end; the top has room, the axis at the bottom stays
 * clean.
 */
const PAD = { left: 2, top: 3, right: 4, bottom: 1 }
/** Contrast that logged lines have on paper where they are only the ground of smoothed ones. */
const RAW_CONTRAST = 1.6
/** The grey area of logged extremes. */
export const AREA_ALPHA = 0.2
/** Areas around single lines; of many the ground goes on to be seen. */
export function bandAlpha(lines: number): number {
  return 0.16 * Math.min(1, Math.max(0.25, 8 / lines))
}
/** Points are drawn as dots when no line has more of them in view. */
const DOTS_UP_TO = 40
const DOT = 2
const THIN_ALPHA = 0.28
/** Lines from which on a chart is a bundle, not lines. */
const CROWD = 100

interface Surface {
  raster: Raster
  image: ImageData
  context: CanvasRenderingContext2D
}

let shared: Surface | undefined

/** Draws all lines of the scene over what `context` (in device pixels) shows. */
export function drawLines(context: CanvasRenderingContext2D, scene: Scene, box: Box, ratio: number): void {
  paint(context, scene, box, ratio, (raster, x, y) => {
    const { main, raw, area, bands } = scene.frame
    const { width, alpha } = lineWeight(scene.lines.length)
    if (area) fillArea(raster, area.xs, area.low, area.high, x, y, parseColor(scene.tokens.ink3), AREA_ALPHA)
    if (bands) {
      for (const { index, run } of scene.lines) {
        const part = (of: Float64Array) => of.subarray(bands.starts[index], bands.starts[index + 1])
        const [color, alpha] = [parseColor(run.style.color), bandAlpha(scene.lines.length)]
        fillArea(raster, part(bands.xs), part(bands.low), part(bands.high), x, y, color, alpha)
      }
    }
    if (raw.xs.length > 0) {
      for (const { index, run } of scene.lines) {
        const stroke: Stroke = {
          color: parseColor(run.style.color),
          alpha: rawAlpha(scene, run.style.color),
          thickness: 1,
          dash: [],
        }
        strokeLine(raster, raw.xs, raw.ys, raw.starts[index] ?? 0, raw.starts[index + 1] ?? 0, x, y, stroke)
      }
    }
    for (const line of scene.lines) {
      const { weight } = line.run.style
      if (weight === 'lead') strokeHalo(raster, scene, line, x, y, 3.5 * ratio)
      const thickness =
        weight === 'thin' ? ratio : (weight === 'lead' ? 1.5 : line.run.isBase ? 2 : width) * ratio
      strokeMain(raster, scene, line, x, y, Math.max(1, thickness), alphaOf(line, alpha), ratio)
    }
    if (scene.lines.some((line) => line.end.rowsInView > DOTS_UP_TO)) return
    for (const { index, run } of scene.lines) {
      stampDots(
        raster,
        main.xs,
        main.ys,
        main.starts[index] ?? 0,
        main.starts[index + 1] ?? 0,
        x,
        y,
        DOT * ratio,
        parseColor(run.style.color),
        alphaOf({ run }, alpha),
      )
    }
  })
}

/** Lines behind their mean, and that mean, keep their weight among however many. */
function alphaOf({ run }: Pick<SceneLine, 'run'>, alpha: number): number {
  return run.style.weight === 'thin' ? THIN_ALPHA : run.style.weight === 'lead' ? 1 : alpha
}

/** Opacity of a run's logged line behind its smoothed one. */
export function rawAlpha(scene: Scene, color: string): number {
  const { paper } = scene.tokens
  // a figure without a ground is laid on one of the theme's
  return alphaFor(parseColor(color), parseColor(paper === 'transparent' ? '#ffffff' : paper), RAW_CONTRAST)
}

/**
 * Draws made-up lines into nothing, while nothing is open: the first real chart then finds this code
 * compiled, which saves it 60 ms.
 */
export function warmLines(): void {
  const raster = makeRaster(320, 180)
  const n = 700
  const xs = Float64Array.from({ length: n }, (_, i) => i)
  const ys = Float64Array.from({ length: n }, (_, i) => Math.exp(-i / 200) + 0.05 * Math.sin(i * 1.7))
  const across = { scale: 320 / n, offset: 0, log: false }
  const up = { scale: -170, offset: 175, log: false }
  for (let i = 0; i < 40; i++) {
    const thickness = i % 2 === 0 ? 1 : 1.5
    strokeLine(raster, xs, ys, 0, i % 4 === 0 ? 60 : n, across, up, {
      color: 0x2d69e9,
      alpha: 0.6,
      thickness,
      dash: i % 5 === 0 ? [5, 2.5] : [],
    })
  }
  readRaster(raster, new Uint8ClampedArray(320 * 180 * 4))
}

/** What lies under a line: a halo of paper. */
export function strokeHalo(
  raster: Raster,
  scene: Scene,
  line: SceneLine,
  x: ReturnType<typeof xMap>,
  y: ReturnType<typeof yMap>,
  thickness: number,
): void {
  const { main } = scene.frame
  const halo: Stroke = { color: parseColor(scene.tokens.paper), alpha: 1, thickness, dash: [] }
  const [start, end] = [main.starts[line.index] ?? 0, main.starts[line.index + 1] ?? 0]
  strokeLine(raster, main.xs, main.ys, start, end, x, y, halo)
}

/** The drawn line of a run. */
export function strokeMain(
  raster: Raster,
  scene: Scene,
  line: SceneLine,
  x: ReturnType<typeof xMap>,
  y: ReturnType<typeof yMap>,
  thickness: number,
  alpha: number,
  ratio: number,
): void {
  const { main } = scene.frame
  const crowded = scene.lines.length >= CROWD && alpha < 1
  const stroke: Stroke = {
    color: parseColor(line.run.style.color),
    alpha,
    thickness,
    // among hundreds of lines no dash can be told from another, and dashes are a quarter of the drawing
    dash: crowded ? [] : line.run.style.dash.map((part) => part * ratio),
    crowded,
  }
  strokeLine(
    raster,
    main.xs,
    main.ys,
    main.starts[line.index] ?? 0,
    main.starts[line.index + 1] ?? 0,
    x,
    y,
    stroke,
  )
}

/** Draws pixels over what `context` shows. */
export function paint(
  context: CanvasRenderingContext2D,
  scene: Scene,
  box: Box,
  ratio: number,
  draw: (raster: Raster, x: ReturnType<typeof xMap>, y: ReturnType<typeof yMap>) => void,
): void {
  const left = Math.round((box.left - PAD.left) * ratio)
  const top = Math.round((box.top - PAD.top) * ratio)
  const width = Math.round((box.width + PAD.left + PAD.right) * ratio)
  const height = Math.round((box.height + PAD.top + PAD.bottom) * ratio)
  if (!(width > 0 && height > 0)) return
  const surface = surfaceOf(width, height)
  if (!surface) return
  clearRaster(surface.raster)
  const x = xMap(scene, box, ratio)
  const y = yMap(scene, box, ratio)
  x.offset -= left
  y.offset -= top
  draw(surface.raster, x, y)
  readRaster(surface.raster, surface.image.data)
  surface.context.putImageData(surface.image, 0, 0)
  context.drawImage(surface.context.canvas, 0, 0, width, height, left, top, width, height)
}

/** Charts of a page are of one size, so one surface serves them all. */
function surfaceOf(width: number, height: number): Surface | undefined {
  if (shared?.raster.width === width && shared.raster.rows === height) return shared
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return undefined
  shared = { raster: makeRaster(width, height), image: new ImageData(width, height), context }
  return shared
}
