import { spreadLabels } from '../../compute/labels.ts'
import { partOf } from '../../compute/line-key.ts'
import { formatValue } from '../../compute/number.ts'
import { outlierOf } from '../../compute/outlier.ts'
import { FEW } from '../../state/view/frame-query.ts'
import type { Pen } from './pen.ts'
import {
  type Best,
  type Box,
  bestValues,
  GUTTER,
  MOST_LABELS,
  type Scene,
  type SceneLine,
  toPixel,
  xMap,
  yMap,
} from './scene.ts'

/* All functions here draw in CSS pixels: the caller has scaled the context. */

const LABEL_GAP = 12.5

/** Width of the right gutter: the widest last value, or little where none are printed. */
export function rightGutter(pen: Pen, scene: Scene): number {
  const labelled = labelledLines(scene)
  if (labelled.length === 0) return GUTTER.plain
  pen.font = `600 11px ${scene.tokens.font}`
  let widest = 0
  for (const line of labelled) {
    if (!Number.isNaN(line.end.seen)) widest = Math.max(widest, pen.measureText(labelOf(scene, line)).width)
  }
  return Math.max(GUTTER.least, Math.ceil(widest) + GUTTER.label)
}

/**
 * Lines whose last values are printed: all of few; of lines behind their means the means, and the one that
 * stands apart from the others.
 */
function labelledLines({ lines }: Scene): SceneLine[] {
  const thin = new Map<string, SceneLine[]>()
  for (const line of lines) {
    if (line.run.style.weight !== 'thin') continue
    const { run } = partOf(line.run.key)
    thin.set(run, [...(thin.get(run) ?? []), line])
  }
  const apart = [...thin.values()].flatMap((own) => own[outlierOf(own.map(({ end }) => end.seenDrawn))] ?? [])
  const all = [...lines.filter(({ run }) => run.style.weight !== 'thin'), ...apart]
  return all.length > MOST_LABELS ? [] : all
}

function labelOf(scene: Scene, { run, end }: SceneLine): string {
  return [run.label, formatValue(end.ending, 4, scene.integer)].filter(Boolean).join(' ')
}

/** A dot with a halo of paper at the last logged point of each line. */
export function drawEnds(pen: Pen, scene: Scene, box: Box): void {
  if (scene.lines.length > FEW) return
  const x = xMap(scene, box)
  const y = yMap(scene, box)
  for (const { run, end } of scene.lines) {
    if (Number.isNaN(end.seenX) || end.x > scene.frame.x[1] || run.style.weight === 'thin') continue
    const py = toPixel(y, end.seenDrawn)
    if (!(py >= box.top - 2 && py <= box.top + box.height + 2)) continue
    dot(pen, toPixel(x, end.seenX), py, 2.6, run.style.color, scene.tokens.paper, 1)
  }
}

export function dot(
  pen: Pen,
  x: number,
  y: number,
  radius: number,
  color: string,
  halo: string,
  ring: number,
): void {
  pen.fillStyle = halo
  pen.beginPath()
  pen.arc(x, y, radius + ring, 0, 2 * Math.PI)
  pen.fill()
  pen.fillStyle = color
  pen.beginPath()
  pen.arc(x, y, radius, 0, 2 * Math.PI)
  pen.fill()
}

/**
 * A sample of each line and its last logged value, at the right, pushed apart; with `only`, that run's anew
 * in bold over a blank.
 */
export function drawLastValues(pen: Pen, scene: Scene, box: Box, only?: string): void {
  const y = yMap(scene, box)
  const low = box.top + 2
  const high = box.top + box.height - 3
  const items = labelledLines(scene).flatMap((line) => {
    const py = toPixel(y, line.end.seenDrawn)
    const text = labelOf(scene, line)
    return Number.isNaN(py) ? [] : [{ run: line.run, text, wish: Math.max(low, Math.min(high, py)) }]
  })
  const centres = spreadLabels(
    items.map((item) => item.wish),
    LABEL_GAP,
    low,
    high,
  )
  const left = box.left + box.width
  pen.textAlign = 'left'
  pen.textBaseline = 'middle'
  items.forEach(({ run, text }, i) => {
    if (only !== undefined && run.key !== only) return
    const centre = centres[i] ?? 0
    pen.font = `${only === undefined ? '' : '600 '}11px ${scene.tokens.font}`
    if (only !== undefined) {
      pen.fillStyle = scene.tokens.paper
      pen.fillRect(left + 15, centre - LABEL_GAP / 2, Math.max(60, pen.measureText(text).width), LABEL_GAP)
    }
    pen.strokeStyle = run.style.color
    pen.lineWidth = 2
    pen.setLineDash(run.style.dash.length > 0 ? [3, 1.5] : [])
    pen.beginPath()
    pen.moveTo(left + 6, Math.round(centre))
    pen.lineTo(left + 13, Math.round(centre))
    pen.stroke()
    pen.setLineDash([])
    pen.fillStyle = only === undefined ? scene.tokens.ink2 : scene.tokens.ink
    pen.fillText(text, left + 17, centre + 0.5)
  })
}

/** Of a crowd: a dot at each line's best logged value, the best of all ringed and written. */
export function drawBests(pen: Pen, scene: Scene, box: Box): void {
  const x = xMap(scene, box)
  const y = yMap(scene, box)
  const bests = bestValues(scene)
  const [first] = bests
  for (const { line, x: at, value } of bests.reverse()) {
    const [px, py] = [toPixel(x, at), toPixel(y, value)]
    if (py >= box.top - 2 && py <= box.top + box.height + 2)
      dot(pen, px, py, 2, line.run.style.color, scene.tokens.paper, 1)
  }
  if (first) nameBest(pen, scene, box, first, toPixel(x, first.x), toPixel(y, first.value))
}

function nameBest(pen: Pen, scene: Scene, box: Box, { value }: Best, px: number, py: number): void {
  if (!(py >= box.top - 2 && py <= box.top + box.height + 2)) return
  const { tokens, frame } = scene
  pen.strokeStyle = tokens.ink
  pen.lineWidth = 1.5
  pen.beginPath()
  pen.arc(px, py, 4, 0, 2 * Math.PI)
  pen.stroke()
  const text = `${frame.best === 'min' ? 'lowest' : 'highest'} ${formatValue(value, 4, scene.integer)}`
  pen.font = `600 11px ${tokens.font}`
  const width = pen.measureText(text).width
  // at the side that has room; no nearer to the edge than half a line
  const left = px - 8 - width >= box.left + 2
  const middle = Math.max(box.top + 6, Math.min(box.top + box.height - 6, py))
  pen.textAlign = left ? 'right' : 'left'
  pen.textBaseline = 'middle'
  pen.lineJoin = 'round'
  pen.strokeStyle = tokens.paper
  pen.lineWidth = 3
  pen.strokeText(text, left ? px - 8 : px + 8, middle)
  pen.fillStyle = tokens.ink
  pen.fillText(text, left ? px - 8 : px + 8, middle)
}

/**
 * NaN and −∞: hollow triangle down at the bottom; +∞: up at the top; values ≤ 0 on a log axis: open dot on
 * the bottom edge.
 */
export function drawNonFinite(pen: Pen, scene: Scene, box: Box): void {
  const { marks } = scene.frame
  const x = xMap(scene, box)
  const bottom = box.top + box.height
  const byRun = new Map(scene.lines.map((line) => [line.end.run, line.run]))
  const taken = new Set<string>()
  pen.lineWidth = 1.5
  for (let i = 0; i < marks.x.length; i++) {
    const run = byRun.get(marks.run[i] ?? -1)
    const px = toPixel(x, marks.x[i] ?? NaN)
    if (!run || !(px >= box.left - 1 && px <= box.left + box.width + 1)) continue
    const kind = marks.kind[i] ?? 0
    const place = `${kind}:${marks.run[i]}:${Math.round(px / 2)}`
    if (taken.has(place)) continue
    taken.add(place)
    pen.strokeStyle = run.style.color
    pen.fillStyle = scene.tokens.paper
    pen.beginPath()
    if (kind === 3) pen.arc(px, bottom, 2.5, 0, 2 * Math.PI)
    else {
      const tip = kind === 1 ? box.top : bottom - 1
      const base = kind === 1 ? tip + 7 : tip - 7
      pen.moveTo(px - 4.5, base)
      pen.lineTo(px + 4.5, base)
      pen.lineTo(px, tip)
      pen.closePath()
    }
    pen.fill()
    pen.stroke()
  }
}

/** A chevron where a line leaves the box, at most one in 8 px. */
export function drawChevrons(pen: Pen, scene: Scene, box: Box): void {
  const { frame } = scene
  if (scene.lines.length > FEW || frame.above + frame.below === 0) return
  const { xs, ys, starts } = frame.main
  const [low, high] = frame.y
  const x = xMap(scene, box)
  pen.lineWidth = 1.5
  for (const { index, run } of scene.lines) {
    let last = -Infinity
    let before = NaN
    for (let i = starts[index] ?? 0, end = starts[index + 1] ?? 0; i < end; i++) {
      const value = ys[i] ?? NaN
      const y0 = before
      before = value
      const inside = value >= low && value <= high
      const was = y0 >= low && y0 <= high
      // NaN is neither inside nor outside: a gap is no crossing.
      if (inside === was || Number.isNaN(value) || Number.isNaN(y0)) continue
      const up = (inside ? y0 : value) > high
      const x0 = xs[i - 1] ?? 0
      const px = toPixel(x, x0 + (((up ? high : low) - y0) / (value - y0)) * ((xs[i] ?? 0) - x0))
      if (!(px > box.left && px < box.left + box.width) || px - last < 8) continue
      last = px
      const tip = up ? box.top - 4 : box.top + box.height - 1
      const turn = up ? 3.5 : -3.5
      pen.strokeStyle = run.style.color
      pen.beginPath()
      pen.moveTo(px - 3, tip + turn)
      pen.lineTo(px, tip)
      pen.lineTo(px + 3, tip + turn)
      pen.stroke()
    }
  }
}
