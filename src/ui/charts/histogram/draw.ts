import { COUNT_STEPS, countRamp, countStep, type StripPixels } from '../../../compute/histogram-strip.ts'
import type { Ticks } from '../../../compute/ticks.ts'
import { parseColor, type Tokens } from '../design-tokens.ts'

/** Room around a picture, as around the lines of any chart. */
export const EDGE = { left: 52, right: 16, top: 8, bottom: 24 }

/** Where a picture lies in its canvas, CSS pixels. */
export interface Box {
  left: number
  top: number
  width: number
  height: number
}

const ramps = new Map<string, Uint32Array>()

/** Colours of the counts of a run, on the paper of the theme. */
export function rampOf(color: string, tokens: Tokens): Uint32Array {
  const [paper, own, ink] = [tokens.paper, color, tokens.ink].map(hexOf) as [string, string, string]
  const slot = `${paper} ${own} ${ink}`
  const found = ramps.get(slot) ?? countRamp(paper, own, ink)
  ramps.set(slot, found)
  return found
}

export function hexOf(css: string): string {
  return `#${parseColor(css).toString(16).padStart(6, '0')}`
}

/** A gradient of CSS with the same colours, for the key. */
export function rampGradient(ramp: Uint32Array): string {
  const stops = Array.from({ length: 9 }, (_, i) => ramp[Math.round((i / 8) * (COUNT_STEPS - 1))] ?? 0)
  return `linear-gradient(90deg, ${stops.map((color) => `#${color.toString(16).padStart(6, '0')}`).join(', ')})`
}

/** A canvas of so many CSS pixels, cleared; undefined where the browser gives none. */
export function penOn(
  canvas: HTMLCanvasElement | undefined,
  width: number,
  height: number,
  ratio: number,
): CanvasRenderingContext2D | undefined {
  if (!canvas) return undefined
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))]
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w
    canvas.height = h
  }
  const pen = canvas.getContext('2d') ?? undefined
  pen?.setTransform(1, 0, 0, 1, 0, 0)
  pen?.clearRect(0, 0, w, h)
  pen?.setTransform(ratio, 0, 0, ratio, 0, 0)
  return pen
}

/** The cells of a strip; left and top in device pixels. */
export function drawCells(
  pen: CanvasRenderingContext2D,
  { width, height, counts }: StripPixels,
  left: number,
  top: number,
  ramp: Uint32Array,
  scale: readonly [number, number],
): void {
  const image = pen.createImageData(width, height)
  const words = new Uint32Array(image.data.buffer)
  // what has one count has one colour, and most pixels have the count of a neighbour
  let [count, word] = [0, 0]
  for (let i = 0; i < counts.length; i++) {
    const now = counts[i] as number
    if (!(now > 0)) continue
    if (now !== count) {
      count = now
      const rgb = ramp[countStep(now, scale)] as number
      word = 0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16)
    }
    words[i] = word
  }
  pen.putImageData(image, left, top)
}

/** Labels at the left of a box, and the axis with its labels below. Shares of an axis go from 0 to 1. */
export function drawAxes(
  pen: CanvasRenderingContext2D,
  box: Box,
  tokens: Tokens,
  {
    x,
    xShare,
    y,
    yShare,
    grid,
  }: {
    x?: Ticks
    xShare?(value: number): number
    y?: Ticks
    yShare?(value: number): number
    /** Lines through the picture: of none, of what stands at the left, or of what stands below. */
    grid?: 'x' | 'y'
  },
): void {
  pen.font = `11px ${tokens.font}`
  pen.textBaseline = 'middle'
  const bottom = box.top + box.height
  if (y && yShare) {
    pen.textAlign = 'right'
    y.values.forEach((value, i) => {
      const at = Math.round(bottom - yShare(value) * box.height)
      if (at < box.top - 1 || at > bottom + 1) return
      pen.fillStyle = grid === 'y' ? tokens.grid : tokens.axis
      if (grid === 'y') pen.fillRect(box.left, at, box.width, 1)
      else pen.fillRect(box.left - 4, at, 4, 1)
      pen.fillStyle = tokens.ink3
      pen.fillText(y.labels[i] ?? '', box.left - 8, Math.max(box.top + 3, Math.min(bottom - 3, at)))
    })
  }
  if (!x || !xShare) return
  pen.fillStyle = tokens.axis
  pen.fillRect(box.left, bottom, box.width, 1)
  pen.textAlign = 'center'
  x.values.forEach((value, i) => {
    const at = Math.round(box.left + xShare(value) * box.width)
    if (at < box.left - 1 || at > box.left + box.width + 1) return
    pen.fillStyle = grid === 'x' ? tokens.grid : tokens.axis
    if (grid === 'x') pen.fillRect(at, box.top, 1, box.height)
    else pen.fillRect(at, bottom, 1, 4)
    pen.fillStyle = tokens.ink3
    pen.fillText(x.labels[i] ?? '', at, bottom + 13)
  })
}

/** Words on ink, as the crosshair has them at an axis. */
export function drawChip(
  pen: CanvasRenderingContext2D,
  text: string,
  at: { x: number; y: number; side: 'left' | 'below' },
  tokens: Tokens,
): void {
  pen.font = `11px ${tokens.font}`
  const width = Math.ceil(pen.measureText(text).width) + 10
  const left = at.side === 'below' ? at.x - width / 2 : Math.max(0, at.x - width)
  const top = at.side === 'below' ? at.y : at.y - 8
  pen.fillStyle = tokens.ink
  pen.fillRect(left, top, width, 16)
  pen.fillStyle = tokens.paper
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillText(text, left + width / 2, top + 8.5)
}

/** Traces points x, y, x, y, … */
export function tracePath(pen: CanvasRenderingContext2D, points: Float64Array): void {
  pen.beginPath()
  for (let i = 0; i < points.length; i += 2) {
    if (i === 0) pen.moveTo(points[i] as number, points[i + 1] as number)
    else pen.lineTo(points[i] as number, points[i + 1] as number)
  }
}
