import { FEW } from '../../state/view/frame-query.ts'
import { formatX } from './chart-axes.ts'
import { dot } from './draw-marks.ts'
import { type Box, type Scene, toPixel, valueAt, xMap, yMap } from './scene.ts'

export interface Selection {
  left: number
  top: number
  width: number
  height: number
}

export interface Overlay {
  x: number | undefined
  /** A crosshair pinned before: what lies between the two is told. */
  from?: number | undefined
  /** This chart has the pointer: it shows the chip with the x value. */
  chip: boolean
  pinned: boolean
  focus: string | undefined
  selection: Selection | undefined
}

/** What a first drawing has to clear the next time: CSS pixels. */
export type Dirty = Selection | undefined

/**
 * Crosshair, its dots and the selection; clears only what the last call drew, so that twelve charts move in
 * one frame. The pen is in CSS pixels.
 */
export function drawOverlay(
  pen: CanvasRenderingContext2D,
  scene: Scene,
  box: Box,
  overlay: Overlay,
  dirty: Dirty,
): Dirty {
  if (dirty) pen.clearRect(dirty.left, dirty.top, dirty.width, dirty.height)
  const { tokens } = scene
  if (overlay.selection) {
    const { left, top, width, height } = overlay.selection
    pen.globalAlpha = 0.12
    pen.fillStyle = tokens.accent
    pen.fillRect(left, top, width, height)
    pen.globalAlpha = 1
    pen.fillRect(left, top, 1, height)
    pen.fillRect(left + width - 1, top, 1, height)
    return { left: left - 2, top: top - 2, width: width + 4, height: height + 4 }
  }
  const first =
    overlay.from === undefined ? undefined : drawLine(pen, scene, box, overlay, overlay.from, true)
  const second =
    overlay.x === undefined ? undefined : drawLine(pen, scene, box, overlay, overlay.x, overlay.pinned)
  return first && second ? around(first, second) : (first ?? second)
}

/** One crosshair with its dots; what it covers, undefined where it is out of view. */
function drawLine(
  pen: CanvasRenderingContext2D,
  scene: Scene,
  box: Box,
  overlay: Overlay,
  x: number,
  pinned: boolean,
): Dirty {
  const { tokens } = scene
  const px = toPixel(xMap(scene, box), x)
  if (!(px >= box.left - 0.5 && px <= box.left + box.width + 0.5)) return undefined
  pen.fillStyle = pinned ? tokens.ink : tokens.ink3
  const column = Math.round(px)
  pen.fillRect(column, box.top - 4, 1, box.height + 4)
  scene.alerts?.drawLine(pen, box, x)
  const y = yMap(scene, box)
  const few = scene.lines.length <= FEW
  for (const { index, run } of scene.lines) {
    if (!few && run.key !== overlay.focus) continue
    const value = valueAt(scene.frame.main, index, x, y.log)
    const py = toPixel(y, value)
    if (py >= box.top - 2 && py <= box.top + box.height + 2)
      dot(pen, px, py, 2.8, run.style.color, tokens.paper, 1.2)
  }
  // half of an alert's shape and its halo, two pixels aside at most
  let reach = 8
  if (overlay.chip) reach = Math.max(reach, drawChip(pen, scene, box, px, x))
  return { left: px - reach - 1, top: 0, width: 2 * reach + 2, height: box.top + box.height + 26 }
}

function around(a: Selection, b: Selection): Selection {
  const [left, right] = [Math.min(a.left, b.left), Math.max(a.left + a.width, b.left + b.width)]
  return { ...a, left, width: right - left }
}

function drawChip(pen: CanvasRenderingContext2D, scene: Scene, box: Box, px: number, x: number): number {
  const text = formatX(scene, x)
  pen.font = `11px ${scene.tokens.font}`
  const width = Math.ceil(pen.measureText(text).width) + 10
  const top = box.top + box.height + 5
  const left = Math.max(0, px - width / 2)
  pen.fillStyle = scene.tokens.ink
  pen.fillRect(left, top, width, 16)
  pen.fillStyle = scene.tokens.paper
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillText(text, left + width / 2, top + 8.5)
  return width / 2 + Math.max(0, left - (px - width / 2)) + 1
}
