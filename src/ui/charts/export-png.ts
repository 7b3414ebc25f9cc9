import { nameInText, visibleName } from '../../compute/visible-name.ts'
import type { ChartView } from '../../state/chart-view.ts'
import { xTicks, yTicks } from './chart-axes.ts'
import type { Drawn } from './chart-model.ts'
import { clip, drawBars } from './draw-bars.ts'
import { drawLines } from './draw-lines.ts'
import { drawBests, drawChevrons, drawEnds, drawLastValues, drawNonFinite } from './draw-marks.ts'
import { type Box, type Scene, toPixel, xMap, yMap } from './scene.ts'
import { rowsWords, treatmentWords } from './words.ts'

const HEAD = 34
const LEGEND_ROW = 18
const FOOT = 30
/** Runs named in the legend; a picture is no place for 200 names. */
const MOST_NAMES = 60

/** The chart on paper with its title, legend and a line that says what is drawn; at least two pixels for each of the screen's. */
export function renderPng(drawn: Drawn, metric: string, view: ChartView): Promise<Blob> {
  const { scene, box, canvas } = drawn
  const { tokens } = scene
  const width = canvas.clientWidth || canvas.width
  const height = canvas.clientHeight || canvas.height
  const ratio = Math.max(2, window.devicePixelRatio)
  const columns = Math.max(1, Math.floor((width - 32) / 170))
  const legend = scene.frame.single ? [] : scene.lines.slice(0, MOST_NAMES)
  const full = HEAD + height + Math.ceil(legend.length / columns) * LEGEND_ROW + FOOT
  const out = document.createElement('canvas')
  out.width = Math.round(width * ratio)
  out.height = Math.round(full * ratio)
  const pen = out.getContext('2d')
  if (!pen) return Promise.reject(new Error('canvas: no 2d context'))
  const place = (down: number): void => pen.setTransform(ratio, 0, 0, ratio, 0, down * ratio)
  place(0)
  pen.fillStyle = tokens.paper
  pen.fillRect(0, 0, width, full)
  if (scene.frame.single) {
    place(HEAD)
    drawBars(pen, scene, width, height, undefined)
  } else {
    place(HEAD)
    drawAxes(pen, scene, box)
    pen.setTransform(1, 0, 0, 1, 0, 0)
    drawLines(pen, scene, { ...box, top: box.top + HEAD }, ratio)
    place(HEAD)
    drawChevrons(pen, scene, box)
    drawNonFinite(pen, scene, box)
    drawBests(pen, scene, box)
    drawEnds(pen, scene, box)
    drawLastValues(pen, scene, box)
  }
  place(0)
  pen.textAlign = 'left'
  pen.textBaseline = 'middle'
  pen.fillStyle = tokens.ink
  pen.font = `600 13px ${tokens.font}`
  pen.fillText(clip(pen, visibleName(metric), width - 32), 16, 18)
  legend.forEach(({ run }, i) => {
    const x = 16 + ((i % columns) * (width - 32)) / columns
    const y = HEAD + height + (Math.floor(i / columns) + 0.5) * LEGEND_ROW
    pen.strokeStyle = run.style.color
    pen.lineWidth = 2
    pen.setLineDash(run.style.dash)
    line(pen, x, y, x + 14, y)
    pen.setLineDash([])
    pen.fillStyle = tokens.ink2
    pen.font = `12px ${tokens.font}`
    pen.fillText(clip(pen, visibleName(run.name), (width - 32) / columns - 28), x + 20, y)
  })
  const more = scene.lines.length - legend.length
  const words = [
    !scene.frame.single && more > 0 ? `and ${more} more runs` : '',
    // The id ends with the project's name.
    nameInText(view.project().split('/').at(-1) ?? ''),
    treatmentWords(scene),
    scene.query.yScale === 'log' ? 'log y' : '',
    scene.frame.single ? '' : `range ${scene.query.range.kind}`,
    rowsWords(scene),
  ]
  pen.fillStyle = tokens.ink3
  pen.font = `11px ${tokens.font}`
  pen.fillText(clip(pen, words.filter(Boolean).join(', '), width - 32), 16, full - 15)
  return new Promise((resolve, reject) =>
    out.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('png: the browser made no image'))), 'image/png'),
  )
}

/** What uPlot draws on the screen: grid, ticks and their labels. */
function drawAxes(pen: CanvasRenderingContext2D, scene: Scene, box: Box): void {
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
    pen.strokeStyle = value === 0 ? tokens.axis : tokens.grid
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

function line(pen: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  pen.beginPath()
  pen.moveTo(x0, y0)
  pen.lineTo(x1, y1)
  pen.stroke()
}

export function download(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The download has taken its own hold of the blob by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

export function fileName(metric: string, ending: string): string {
  return `${metric.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '') || 'metric'}.${ending}`
}
