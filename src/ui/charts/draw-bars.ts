import { formatValue } from '../../compute/number.ts'
import { visibleName } from '../../compute/visible-name.ts'
import type { Pen } from './pen.ts'
import type { Scene, SceneLine } from './scene.ts'

export const ROW = { least: 18, most: 35 }
/** More bars than this make a canvas too tall for some browsers; the table has all. */
const MOST_BARS = 500

/** Lines sorted by their single value, greatest first; non-finite ones last. */
export function sortedBars(scene: Scene): SceneLine[] {
  const rank = (line: SceneLine): number => (Number.isFinite(line.end.logged) ? line.end.logged : -Infinity)
  return [...scene.lines].sort((a, b) => rank(b) - rank(a)).slice(0, MOST_BARS)
}

/** Height that the bars need, CSS pixels: at least `available`. */
export function barsHeight(count: number, available: number): number {
  return Math.max(available, Math.min(count, MOST_BARS) * ROW.least + 12)
}

/**
 * One horizontal bar from zero for each run, its name at the left and its value at the end. Draws in CSS
 * pixels.
 */
export function drawBars(
  pen: Pen,
  scene: Scene,
  width: number,
  height: number,
  hot: string | undefined,
): void {
  const { tokens } = scene
  const lines = sortedBars(scene)
  const names = Math.min(Math.round(width * 0.36), 16 + widest(pen, lines, tokens.font))
  const values = lines.map((line) => line.end.logged).filter(Number.isFinite)
  const low = Math.min(0, ...values)
  const high = Math.max(0, ...values)
  const label = (value: number): string => formatValue(value, 4, scene.integer)
  pen.font = `12px ${tokens.font}`
  const room = Math.max(0, ...lines.map((line) => pen.measureText(label(line.end.logged)).width)) + 12
  const left = 16 + names + (low < 0 ? room : 0)
  const right = Math.max(left + 20, width - 16 - room)
  const place = (value: number): number => left + ((value - low) / (high - low || 1)) * (right - left)
  const row = Math.max(ROW.least, Math.min(ROW.most, (height - 12) / Math.max(1, lines.length)))
  const thick = Math.min(12, row - 5)
  pen.textBaseline = 'middle'
  lines.forEach(({ run, end }, i) => {
    const middle = 8 + row * (i + 0.5)
    pen.font = `${run.key === hot ? '600 ' : ''}12px ${tokens.font}`
    pen.fillStyle = tokens.ink2
    pen.textAlign = 'left'
    pen.fillText(clip(pen, visibleName(run.name), names - 8), 16, middle)
    pen.fillStyle = run.style.color
    const value = end.logged
    const to = Number.isFinite(value) ? place(value) : place(0)
    pen.fillRect(Math.min(place(0), to), middle - thick / 2, Math.abs(to - place(0)), thick)
    pen.fillStyle = tokens.ink
    pen.textAlign = value < 0 ? 'right' : 'left'
    pen.fillText(label(value), to + (value < 0 ? -8 : 8), middle)
  })
  pen.fillStyle = tokens.axis
  pen.fillRect(Math.round(place(0)), 4, 1, height - 8)
}

function widest(pen: Pen, lines: SceneLine[], font: string): number {
  pen.font = `600 12px ${font}`
  let most = 0
  for (const { run } of lines) most = Math.max(most, pen.measureText(visibleName(run.name)).width)
  return Math.ceil(most)
}

/** Cuts the middle out of a long name: both ends tell runs apart. */
export function clip(pen: Pen, name: string, width: number): string {
  if (pen.measureText(name).width <= width) return name
  // no letter is narrower than two pixels, and measuring ten thousand takes long
  let keep = Math.min(name.length - 1, Math.ceil(width / 2))
  while (keep > 2) {
    const text = `${name.slice(0, Math.ceil(keep / 2))}…${name.slice(name.length - Math.floor(keep / 2))}`
    if (pen.measureText(text).width <= width) return text
    keep--
  }
  return name.slice(0, 2)
}
