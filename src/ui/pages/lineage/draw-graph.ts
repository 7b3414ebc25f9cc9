import type { Picture } from '../../../compute/lineage/picture.ts'
import { readTokens, type Tokens } from '../../charts/design-tokens.ts'
import { type Lit, NODE, type View } from './scene.ts'

/** What an item says. */
export interface ItemLook {
  title: string
  /** Behind it, quieter: `v7`. */
  tail: string
  detail: string
  /** A name that it has; `given`: by somebody, not by trackio. */
  alias: string | undefined
  given: boolean
  /** The edge of a run, in its colour. */
  color: string | undefined
  /** It stands for several. */
  fold: boolean
  /** It is not there any more, or in a project that is not open. */
  gone: boolean
}

export interface Scene {
  picture: Picture
  view: View
  look(item: number): ItemLook
  lit: Lit | undefined
  selected: number | undefined
  hits: ReadonlySet<number> | undefined
  theme: 'light' | 'dark'
  select: string
  width: number
  height: number
  ratio: number
}

/** Below these sizes on screen words cannot be read, and take the most time. */
const WORDS_FROM = 0.5
const TITLES_FROM = 0.34

/** Draws what is in sight, in device pixels. */
export function drawGraph(pen: CanvasRenderingContext2D, scene: Scene): void {
  const { view, ratio, width, height, theme } = scene
  const tokens = readTokens(theme)
  pen.setTransform(ratio, 0, 0, ratio, 0, 0)
  pen.fillStyle = tokens.paper
  pen.fillRect(0, 0, width, height)
  pen.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.x, ratio * view.y)
  const window = {
    left: -view.x / view.scale,
    top: -view.y / view.scale,
    right: (width - view.x) / view.scale,
    bottom: (height - view.y) / view.scale,
  }
  drawEdges(pen, scene, tokens, window)
  const { x, y } = scene.picture.layout
  for (let item = 0; item < x.length; item++) {
    const [left, top] = [(x[item] as number) - NODE.width / 2, (y[item] as number) - NODE.height / 2]
    if (left > window.right || left + NODE.width < window.left) continue
    if (top > window.bottom || top + NODE.height < window.top) continue
    if (view.scale < TITLES_FROM) drawFar(pen, scene, tokens, item, left, top)
    else drawItem(pen, scene, tokens, item, left, top)
  }
}

/** As small as it is then, a node is a block: two thousand of them with an edge and words take 40 ms a picture. */
function drawFar(
  pen: CanvasRenderingContext2D,
  { lit, hits, selected, select, view }: Scene,
  tokens: Tokens,
  item: number,
  left: number,
  top: number,
): void {
  const { width, height } = NODE
  pen.fillStyle = hits?.has(item)
    ? tokens.accent
    : lit === undefined || lit.items.has(item)
      ? tokens.ink3
      : tokens.axis
  pen.fillRect(left, top, width, height)
  if (item !== selected) return
  pen.fillStyle = select
  pen.strokeStyle = tokens.ink
  pen.lineWidth = 2 / view.scale
  pen.fillRect(left, top, width, height)
  pen.strokeRect(left, top, width, height)
}

interface Window {
  left: number
  top: number
  right: number
  bottom: number
}

/** Quiet ones first, as one path; then those that are lit. */
function drawEdges(pen: CanvasRenderingContext2D, scene: Scene, tokens: Tokens, window: Window): void {
  const { picture, lit, view } = scene
  const { from } = picture.folded
  for (const bright of [false, true]) {
    pen.beginPath()
    for (let edge = 0; edge < from.length; edge++)
      if ((lit?.edges.has(edge) ?? false) === bright) traceEdge(pen, picture, edge, window, view.scale)
    pen.strokeStyle = bright ? tokens.ink : tokens.axis
    // a hairline stays one at any zoom
    pen.lineWidth = (bright ? 1.5 : 1) / Math.min(1, view.scale)
    pen.stroke()
  }
}

const HEAD = 5

function traceEdge(
  pen: CanvasRenderingContext2D,
  { folded, layout }: Picture,
  edge: number,
  window: Window,
  scale: number,
): void {
  // one that closes a circle was laid out the other way round
  const turned = layout.turned[edge] === 1
  const [a, b] = [folded.from[edge] as number, folded.to[edge] as number]
  const [start, end] = turned ? [b, a] : [a, b]
  let x = (layout.x[start] as number) + NODE.width / 2
  let y = layout.y[start] as number
  const [ex, ey] = [(layout.x[end] as number) - NODE.width / 2, layout.y[end] as number]
  const [first, last] = [layout.start[edge] as number, layout.start[edge + 1] as number]
  let [low, high] = [Math.min(y, ey), Math.max(y, ey)]
  for (let i = first; i < last; i += 2) {
    low = Math.min(low, layout.vias[i + 1] as number)
    high = Math.max(high, layout.vias[i + 1] as number)
  }
  if (x > window.right || ex < window.left || low > window.bottom || high < window.top) return
  if (turned) head(pen, x, y, -1, scale)
  pen.moveTo(x, y)
  for (let i = first; i < last; i += 2) {
    const [vx, vy] = [layout.vias[i] as number, layout.vias[i + 1] as number]
    curve(pen, x, y, vx - NODE.width / 2, vy, scale)
    x = vx + NODE.width / 2
    y = vy
    pen.lineTo(x, y)
  }
  curve(pen, x, y, ex, ey, scale)
  if (!turned) head(pen, ex, ey, 1, scale)
}

function curve(
  pen: CanvasRenderingContext2D,
  x: number,
  y: number,
  ex: number,
  ey: number,
  scale: number,
): void {
  // far away a curve is no more than a line, and takes three times as long
  if (y === ey || scale < TITLES_FROM) return pen.lineTo(ex, ey)
  const half = (ex - x) / 2
  pen.bezierCurveTo(x + half, y, ex - half, ey, ex, ey)
}

function head(pen: CanvasRenderingContext2D, x: number, y: number, to: 1 | -1, scale: number): void {
  if (scale < TITLES_FROM) return
  pen.moveTo(x - to * HEAD, y - 3.5)
  pen.lineTo(x, y)
  pen.lineTo(x - to * HEAD, y + 3.5)
}

function drawItem(
  pen: CanvasRenderingContext2D,
  scene: Scene,
  tokens: Tokens,
  item: number,
  left: number,
  top: number,
): void {
  const { view, lit, selected, hits } = scene
  const { width, height } = NODE
  const isSelected = item === selected
  const quiet = (lit !== undefined && !lit.items.has(item)) || (hits !== undefined && !hits.has(item))
  const look = scene.look(item)
  const line = 1 / Math.min(1, view.scale)
  pen.lineWidth = line
  pen.strokeStyle = quiet ? tokens.grid : tokens.axis
  if (look.fold) {
    pen.fillStyle = tokens.paper
    pen.fillRect(left + 4, top + 4, width, height)
    pen.strokeRect(left + 4.5, top + 4.5, width - 1, height - 1)
  }
  pen.fillStyle = isSelected ? scene.select : tokens.paper
  pen.fillRect(left, top, width, height)
  if (isSelected) {
    pen.lineWidth = 2 * line
    pen.strokeStyle = tokens.ink
  } else if (hits?.has(item)) pen.strokeStyle = tokens.accent
  if (look.gone) pen.setLineDash([3, 3])
  pen.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1)
  if (look.gone) pen.setLineDash([])
  if (look.color !== undefined) {
    pen.fillStyle = look.color
    pen.fillRect(left, top, 2 * line, height)
  }
  drawWords(pen, look, tokens, { left, top, quiet, small: view.scale >= WORDS_FROM })
}

function drawWords(
  pen: CanvasRenderingContext2D,
  look: ItemLook,
  tokens: Tokens,
  { left, top, quiet, small }: { left: number; top: number; quiet: boolean; small: boolean },
): void {
  const right = left + NODE.width - 8
  let x = left + 10
  pen.textBaseline = 'alphabetic'
  if (look.fold) {
    pen.strokeStyle = tokens.ink3
    pen.lineWidth = 1.2
    pen.beginPath()
    pen.moveTo(x, top + 10)
    pen.lineTo(x + 3.5, top + 13.5)
    pen.lineTo(x, top + 17)
    pen.stroke()
    x += 11
  }
  pen.font = `12px ${tokens.font}`
  const tail = look.tail === '' ? 0 : pen.measureText(look.tail).width + 6
  const title = clipped(pen, look.title, right - x - tail)
  pen.fillStyle = quiet ? tokens.ink3 : tokens.ink
  pen.fillText(title, x, top + 17)
  if (look.tail !== '') {
    pen.fillStyle = tokens.ink3
    pen.fillText(look.tail, x + pen.measureText(title).width + 6, top + 17)
  }
  if (!small) return
  pen.font = `11px ${tokens.font}`
  pen.fillStyle = tokens.ink3
  const own = look.alias === undefined ? right - left - 10 : (right - left - 10) * 0.5
  const detail = clipped(pen, look.detail, own)
  pen.fillText(detail, left + 10, top + 33)
  if (look.alias === undefined) return
  const at = left + 10 + pen.measureText(detail).width + 7
  pen.font = `${look.given ? '600 ' : ''}10.5px ${tokens.font}`
  const alias = clipped(pen, look.alias, right - at - 6)
  const wide = pen.measureText(alias).width + 8
  pen.strokeStyle = quiet || !look.given ? tokens.axis : tokens.ink
  pen.lineWidth = 1
  pen.beginPath()
  pen.roundRect(at + 0.5, top + 22.5, wide - 1, 14, 3)
  pen.stroke()
  pen.fillStyle = quiet || !look.given ? tokens.ink3 : tokens.ink
  pen.fillText(alias, at + 4, top + 33)
}

/** Words that were cut, by font, room and text: measuring is the most of drawing. */
const fits = new Map<string, string>()

function clipped(pen: CanvasRenderingContext2D, text: string, room: number): string {
  const name = `${pen.font}|${Math.round(room)}|${text}`
  const known = fits.get(name)
  if (known !== undefined) return known
  let cut = text
  if (pen.measureText(text).width > room) {
    let [low, high] = [0, text.length]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (pen.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle
      else high = middle - 1
    }
    cut = `${text.slice(0, low)}…`
  }
  if (fits.size > 20_000) fits.clear()
  fits.set(name, cut)
  return cut
}
