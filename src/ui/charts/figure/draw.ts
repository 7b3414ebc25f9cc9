import type { Area, Lines } from '../../../model/view.ts'
import { xTicks, xWord, yTicks } from '../chart-axes.ts'
import { drawBars, sortedBars } from '../draw-bars.ts'
import { AREA_ALPHA, bandAlpha, rawAlpha } from '../draw-lines.ts'
import {
  drawBests,
  drawChevrons,
  drawEnds,
  drawLastValues,
  drawNonFinite,
  rightGutter,
} from '../draw-marks.ts'
import type { Pen } from '../pen.ts'
import { type Box, GUTTER, lineWeight, type Scene, toPixel, xMap, yMap } from '../scene.ts'
import { AXIS_TITLE, LEGEND_ROW, PAD, planFigure, SAMPLE } from './figure-layout.ts'
import type { FigureOptions } from './figure-options.ts'

/** Points are dots where no line has more of them in view, as on the page. */
const DOTS_UP_TO = 40
const DOT = 2

/** Draws a figure in CSS pixels. `words` say what is drawn. */
export function drawFigure(pen: Pen, scene: Scene, options: FigureOptions, words: readonly string[]): void {
  const { tokens } = scene
  const plan = planFigure(pen, scene, options, words)
  pen.fillStyle = tokens.paper
  pen.fillRect(0, 0, options.width, options.height)
  const { left, top, width, height } = plan.plot
  if (scene.frame.single) {
    const shown = plan.more ? sortedBars(scene).slice(0, Math.floor((height - 12) / LEGEND_ROW)) : scene.lines
    pen.save()
    pen.translate(left, top)
    drawBars(pen, withLines(scene, shown), width, height, undefined)
    pen.restore()
  } else {
    const box: Box = {
      left: left + GUTTER.left,
      top: top + GUTTER.top,
      width: Math.max(20, width - GUTTER.left - rightGutter(pen, scene)),
      height: Math.max(20, height - GUTTER.top - GUTTER.bottom),
    }
    drawAxes(pen, scene, box)
    drawPaths(pen, scene, box)
    drawChevrons(pen, scene, box)
    drawNonFinite(pen, scene, box)
    drawBests(pen, scene, box)
    drawEnds(pen, scene, box)
    drawLastValues(pen, scene, box)
    scene.alerts?.draw(pen, box)
    scene.groups?.draw(pen, box)
    if (options.axisTitles) drawAxisTitles(pen, scene, box)
  }
  pen.textAlign = 'left'
  pen.textBaseline = 'middle'
  if (plan.title) {
    pen.font = `600 14px ${tokens.font}`
    pen.fillStyle = tokens.ink
    pen.fillText(plan.title.text, plan.title.x, plan.title.y)
  }
  pen.font = `12px ${tokens.font}`
  for (const { run, text, x, y } of plan.legend) {
    pen.strokeStyle = run.style.color
    pen.lineWidth = 2
    pen.setLineDash(run.style.dash)
    line(pen, x, y, x + 16, y)
    pen.setLineDash([])
    pen.fillStyle = tokens.ink2
    pen.fillText(text, x + SAMPLE.name, y)
  }
  pen.fillStyle = tokens.ink3
  if (plan.more) pen.fillText(plan.more.text, plan.more.x, plan.more.y)
  pen.font = `11px ${tokens.font}`
  for (const { text, x, y } of plan.words) pen.fillText(text, x, y)
}

/** The scene with some of its lines; its colours are read when drawing, so they are not copied. */
function withLines(scene: Scene, lines: Scene['lines']): Scene {
  return Object.create(scene, { lines: { value: lines } })
}

/** What uPlot draws on the screen: grid, ticks and their labels. */
function drawAxes(pen: Pen, scene: Scene, box: Box): void {
  const { tokens } = scene
  const right = box.left + box.width
  const bottom = box.top + box.height
  const y = yTicks(scene, box)
  const x = xTicks(scene, box)
  pen.font = `11px ${tokens.font}`
  pen.lineWidth = 1
  pen.textBaseline = 'middle'
  pen.textAlign = 'right'
  y.values.forEach((value, i) => {
    const at = toPixel(yMap(scene, box), value)
    pen.strokeStyle = value === 0 && scene.query.yScale === 'linear' ? tokens.axis : tokens.grid
    line(pen, box.left, at, right, at)
    pen.fillStyle = tokens.ink3
    pen.fillText(y.labels[i] ?? '', box.left - 8, at)
  })
  pen.strokeStyle = tokens.axis
  line(pen, box.left, bottom, right, bottom)
  pen.textAlign = 'center'
  x.values.forEach((value, i) => {
    const at = toPixel(xMap(scene, box), value)
    line(pen, at, bottom, at, bottom + 4)
    pen.fillText(x.labels[i] ?? '', at, bottom + 14)
  })
}

function drawAxisTitles(pen: Pen, scene: Scene, box: Box): void {
  pen.font = `12px ${scene.tokens.font}`
  pen.fillStyle = scene.tokens.ink2
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillText(xTitle(scene), box.left + box.width / 2, box.top + box.height + GUTTER.bottom + AXIS_TITLE / 2)
  pen.save()
  pen.translate(PAD - 2, box.top + box.height / 2)
  pen.rotate(-Math.PI / 2)
  // what the labels leave out belongs to the axis
  pen.fillText([scene.query.metric, yTicks(scene, box).note].filter(Boolean).join(' '), 0, 0)
  pen.restore()
}

/** The x axis in words, with what its numbers do not say themselves. */
function xTitle(scene: Scene): string {
  const { kind } = scene.query.x
  if (kind === 'relative') return 'Elapsed time'
  if (kind === 'wall') return scene.timeZone === 'utc' ? 'Time (UTC)' : 'Time (local)'
  return xWord(scene.query)
}

/** All lines as paths, cut at the plot's edges as on the page. */
function drawPaths(pen: Pen, scene: Scene, box: Box): void {
  const { main, raw } = scene.frame
  const { width, alpha } = lineWeight(scene.lines.length)
  pen.save()
  pen.beginPath()
  // thick lines may end a little outside, the axis stays clean
  pen.rect(box.left - 2, box.top - 3, box.width + 6, box.height + 4)
  pen.clip()
  pen.lineJoin = 'round'
  const { area, bands } = scene.frame
  if (area) fillBetween(pen, scene, box, area, scene.tokens.ink3, AREA_ALPHA)
  for (const { index, run } of bands ? scene.lines : []) {
    const part = (of: Float64Array | undefined): Float64Array =>
      of?.subarray(bands?.starts[index], bands?.starts[index + 1]) ?? new Float64Array(0)
    const own = { xs: part(bands?.xs), low: part(bands?.low), high: part(bands?.high) }
    for (const stretch of stretchesOf(own))
      fillBetween(pen, scene, box, stretch, run.style.color, bandAlpha(scene.lines.length))
  }
  if (raw.xs.length > 0) {
    pen.lineWidth = 1
    for (const { index, run } of scene.lines) {
      pen.globalAlpha = rawAlpha(scene, run.style.color)
      drawPath(pen, scene, box, raw, index, run.style.color, [])
    }
  }
  pen.globalAlpha = alpha
  for (const { index, run } of scene.lines) {
    pen.lineWidth = run.isBase ? 2 : Math.max(1, width)
    drawPath(pen, scene, box, main, index, run.style.color, run.style.dash)
  }
  if (!scene.lines.some(({ end }) => end.rowsInView > DOTS_UP_TO)) {
    for (const { index, run } of scene.lines) drawDots(pen, scene, box, index, run.style.color)
  }
  pen.restore()
}

/** Parts of a band between its gaps. */
function stretchesOf({ xs, low, high }: Area): Area[] {
  const out: Area[] = []
  for (let from = 0, i = 0; i <= xs.length; i++) {
    if (i < xs.length && low[i] === low[i]) continue
    if (i > from)
      out.push({ xs: xs.subarray(from, i), low: low.subarray(from, i), high: high.subarray(from, i) })
    from = i + 1
  }
  return out
}

/** What lies between two edges: the logged extremes of a crowd, a band. */
function fillBetween(pen: Pen, scene: Scene, box: Box, area: Area, color: string, alpha: number): void {
  const x = xMap(scene, box)
  const y = yMap(scene, box)
  const places = [...area.xs.keys()]
  const edge = (values: Float64Array, i: number): [number, number] => [
    toPixel(x, area.xs[i]!),
    toPixel(y, values[i]!),
  ]
  pen.globalAlpha = alpha
  pen.fillStyle = color
  pen.beginPath()
  for (const i of places) pen.lineTo(...edge(area.high, i))
  for (const i of places.reverse()) pen.lineTo(...edge(area.low, i))
  pen.closePath()
  pen.fill()
  pen.globalAlpha = 1
}

function drawPath(
  pen: Pen,
  scene: Scene,
  box: Box,
  lines: Lines,
  index: number,
  color: string,
  dash: number[],
): void {
  const x = xMap(scene, box)
  const y = yMap(scene, box)
  pen.strokeStyle = color
  pen.setLineDash(dash)
  pen.beginPath()
  let inLine = false
  const end = lines.starts[index + 1] ?? 0
  for (let i = lines.starts[index] ?? 0; i < end; i++) {
    const px = toPixel(x, lines.xs[i]!)
    const py = toPixel(y, lines.ys[i]!)
    if (!Number.isFinite(px) || !Number.isFinite(py)) inLine = false
    else if (inLine) pen.lineTo(px, py)
    else {
      pen.moveTo(px, py)
      inLine = true
    }
  }
  pen.stroke()
  pen.setLineDash([])
}

function drawDots(pen: Pen, scene: Scene, box: Box, index: number, color: string): void {
  const { xs, ys, starts } = scene.frame.main
  const x = xMap(scene, box)
  const y = yMap(scene, box)
  pen.fillStyle = color
  for (let i = starts[index] ?? 0; i < (starts[index + 1] ?? 0); i++) {
    const py = toPixel(y, ys[i]!)
    if (!Number.isFinite(py)) continue
    pen.beginPath()
    pen.arc(toPixel(x, xs[i]!), py, DOT, 0, 2 * Math.PI)
    pen.fill()
  }
}

function line(pen: Pen, x0: number, y0: number, x1: number, y1: number): void {
  pen.beginPath()
  pen.moveTo(x0, y0)
  pen.lineTo(x1, y1)
  pen.stroke()
}
