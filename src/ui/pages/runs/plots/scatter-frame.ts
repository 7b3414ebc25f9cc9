import { labelWidth } from '../../../../compute/axis-labels.ts'
import { plotTicks } from '../../../../compute/plot-axis.ts'
import { visibleName } from '../../../../compute/visible-name.ts'
import type { Tokens } from '../../../charts/design-tokens.ts'
import type { Pen } from '../../../charts/pen.ts'
import { exact } from '../cells.ts'
import type { ScatterAxis, ScatterScene } from './scatter-scene.ts'

/** The plot's box, px. */
export interface Box {
  left: number
  top: number
  width: number
  height: number
}

export interface Tick {
  at: number
  text: string
}

/** Room for one label, px. */
const ROOM_X = 76
const ROOM_Y = 44
const WORDS_Y = 16

export function boxOf(width: number, height: number, labels: readonly string[]): Box {
  const left = Math.min(180, Math.max(52, ...labels.map((label) => labelWidth(label) + 18)))
  return { left, top: 12, width: Math.max(40, width - left - 24), height: Math.max(40, height - 12 - 40) }
}

/** Ticks by share, of words as many as have room. */
export function ticksOf(one: ScatterAxis, length: number, down: boolean, zone: 'local' | 'utc'): Tick[] {
  const { axis, column } = one
  const kind = column.data()?.kind
  if (!kind) return []
  if (axis.kind === 'words') {
    const every = Math.max(1, Math.ceil((axis.words.length * (down ? WORDS_Y : ROOM_X)) / length))
    return axis.words.flatMap((text, i) =>
      i % every === 0 ? [{ at: axis.share(i), text: clip(visibleName(text)) }] : [],
    )
  }
  const { values, labels } = plotTicks(
    axis,
    kind,
    Math.max(2, Math.floor(length / (down ? ROOM_Y : ROOM_X))),
    zone,
    exact,
  )
  return values.flatMap((value, i) => {
    const at = axis.share(value)
    return at >= 0 && at <= 1 ? [{ at, text: labels[i] ?? '' }] : []
  })
}

function clip(text: string): string {
  return text.length > 22 ? `${text.slice(0, 10)}…${text.slice(-10)}` : text
}

/** Pixel of a share. */
export function xOf(box: Box, share: number): number {
  return box.left + share * box.width
}
export function yOf(box: Box, share: number): number {
  return box.top + (1 - share) * box.height
}

/** Grid, ticks and labels. */
export function drawFrame(pen: Pen, box: Box, ticks: { x: Tick[]; y: Tick[] }, tokens: Tokens): void {
  pen.font = `11px ${tokens.font}`
  pen.lineWidth = 1
  pen.textBaseline = 'middle'
  const bottom = box.top + box.height
  for (const { at, text } of ticks.y) {
    const y = Math.round(yOf(box, at)) + 0.5
    line(pen, tokens.grid, box.left, y, box.left + box.width, y)
    pen.fillStyle = tokens.ink3
    pen.textAlign = 'right'
    pen.fillText(text, box.left - 8, y)
  }
  for (const { at, text } of ticks.x) {
    const x = Math.round(xOf(box, at)) + 0.5
    line(pen, tokens.grid, x, box.top, x, bottom)
    line(pen, tokens.axis, x, bottom, x, bottom + 4)
    pen.fillStyle = tokens.ink3
    pen.textAlign = 'center'
    pen.fillText(text, x, bottom + 13)
  }
  const foot = Math.round(bottom) + 0.5
  line(pen, tokens.axis, box.left, foot, box.left + box.width, foot)
}

/** Under the x axis: which of its ends is the good one, as far as that is known, and what it is. */
export function drawWords(pen: Pen, box: Box, { column, axis, good }: ScatterAxis, tokens: Tokens): void {
  const label = visibleName(column.label)
  const name = axis.log ? `${label} (log)` : label
  const better = good === 'min' ? '← lower is better' : 'higher is better →'
  const right = box.left + box.width
  const y = box.top + box.height + 31
  pen.font = `11px ${tokens.font}`
  pen.textBaseline = 'middle'
  pen.fillStyle = tokens.ink3
  pen.textAlign = 'right'
  pen.fillText(name, right, y, box.width)
  if (!good || labelWidth(better) + labelWidth(name) + 24 > box.width) return
  pen.textAlign = 'left'
  pen.fillText(better, box.left, y)
}

/** Hairlines from the middle of each group to its runs. */
export function drawSeeds(pen: Pen, box: Box, scene: ScatterScene, color: string): void {
  const [sx, sy] = [scene.x.axis.shares, scene.y.axis.shares]
  pen.save()
  pen.strokeStyle = color
  pen.globalAlpha = 0.6
  pen.lineWidth = 0.8
  pen.beginPath()
  for (const runs of scene.groups) {
    const x = xOf(box, runs.reduce((sum, run) => sum + sx[run]!, 0) / runs.length)
    const y = yOf(box, runs.reduce((sum, run) => sum + sy[run]!, 0) / runs.length)
    for (const run of runs) {
      pen.moveTo(x, y)
      pen.lineTo(xOf(box, sx[run]!), yOf(box, sy[run]!))
    }
  }
  pen.stroke()
  pen.restore()
}

/** The frontier as steps: everything on its worse side is beaten by a run on it. With rings around its runs. */
export function drawFrontier(pen: Pen, box: Box, scene: ScatterScene, color: string, rings: number): void {
  const { frontier, x, y } = scene
  if (!frontier || frontier.runs.length === 0) return
  const px = (run: number): number => xOf(box, x.axis.shares[run]!)
  const py = (run: number): number => yOf(box, y.axis.shares[run]!)
  const worstX = x.good === 'min' ? box.left + box.width : box.left
  const worstY = y.good === 'min' ? box.top : box.top + box.height
  pen.save()
  pen.strokeStyle = color
  pen.lineWidth = 1.25
  pen.beginPath()
  frontier.runs.forEach((run, i) => {
    const before = frontier.runs[i - 1]
    if (before === undefined) pen.moveTo(px(run), worstY)
    else pen.lineTo(px(run), py(before))
    pen.lineTo(px(run), py(run))
  })
  const last = frontier.runs.at(-1)
  if (last !== undefined) pen.lineTo(worstX, py(last))
  pen.stroke()
  if (rings > 0)
    for (const run of frontier.runs) {
      pen.beginPath()
      pen.arc(px(run), py(run), rings, 0, 2 * Math.PI)
      pen.stroke()
    }
  pen.restore()
}

function line(pen: Pen, color: string, x0: number, y0: number, x1: number, y1: number): void {
  pen.strokeStyle = color
  pen.beginPath()
  pen.moveTo(x0, y0)
  pen.lineTo(x1, y1)
  pen.stroke()
}
