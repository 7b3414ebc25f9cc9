import { nodeOf } from '../../../compute/devices.ts'
import { HEAT, heatPlace, makeHeatScale } from '../../../compute/heat.ts'
import { partOf } from '../../../compute/line-key.ts'
import type { Strip } from '../../../model/system.ts'
import { parseColor, readTokens } from '../../charts/design-tokens.ts'

/** A row of a strip: where it stands, and what it is called. */
export interface StripRow {
  key: string
  name: string
  top: number
}

export interface StripLayout {
  rows: StripRow[]
  /** Height of a row with the gap below it, and of all. */
  row: number
  height: number
  /** Of the cells, CSS pixels. */
  left: number
  width: number
}

/** Room around the cells: names at left, means at right, brackets above, ticks below. */
export const EDGE = { top: 8, bottom: 28, right: 60 }
const ROW = 13
const LEAST_ROW = 3
const NODE_GAP = 6
/** Rows stay as high as they are legible, as long as all of them are no higher than this. */
const MOST_HEIGHT = 900

/** Rows in order; between the devices of different machines, and of different runs, is a gap. */
export function layoutStrip(lines: readonly { key: string; name: string }[], width: number): StripLayout {
  const row = Math.max(LEAST_ROW, Math.min(ROW, Math.floor(MOST_HEIGHT / Math.max(1, lines.length))))
  const place = (key: string): string => {
    const { run, part } = partOf(key)
    return `${run}\n${part?.kind === 'device' ? nodeOf(part.device) : ''}`
  }
  let top = EDGE.top
  const rows = lines.map(({ key, name }, i): StripRow => {
    const before = lines[i - 1]
    if (before && place(before.key) !== place(key)) top += NODE_GAP
    const found = { key, name, top }
    top += row
    return found
  })
  const letters = Math.max(0, ...lines.map(({ name }) => name.length))
  const left = Math.min(Math.max(64, 16 + letters * 6), Math.max(64, width * 0.3))
  return { rows, row, height: top + EDGE.bottom, left, width: Math.max(1, width - left - EDGE.right) }
}

const scales = new Map<string, Uint32Array>()

/** The colours of the theme. */
export function scaleOf(theme: 'light' | 'dark'): Uint32Array {
  const found = scales.get(theme) ?? makeHeatScale(HEAT[theme])
  scales.set(theme, found)
  return found
}

export interface StripPicture {
  strip: Strip
  layout: StripLayout
  theme: 'light' | 'dark'
  range: readonly [number, number]
  cubed: boolean
  ratio: number
}

/** The cells: colour for the mean, hatched where nothing was sampled. Draws in device pixels. */
export function drawCells(pen: CanvasRenderingContext2D, picture: StripPicture): void {
  const { strip, layout, theme, range, cubed, ratio } = picture
  const width = strip.means.length / Math.max(1, layout.rows.length)
  if (!(width >= 1)) return
  const scale = scaleOf(theme)
  const tokens = readTokens(theme)
  const hatch = parseColor(tokens.axis)
  const paper = parseColor(tokens.paper)
  const high = Math.max(1, Math.round(layout.row * ratio) - Math.max(1, Math.round(ratio)))
  const image = pen.createImageData(width, high)
  const words = new Uint32Array(image.data.buffer)
  const left = Math.round(layout.left * ratio)
  layout.rows.forEach(({ top }, r) => {
    for (let x = 0; x < width; x++) {
      const value = strip.means[r * width + x] as number
      if (value === value) words[x] = word(scale[heatPlace(value, range, cubed)] as number)
      for (let y = 0; y < high; y++) {
        if (value === value) words[y * width + x] = words[x] as number
        else words[y * width + x] = word((x + y) % Math.round(5 * ratio) === 0 ? hatch : paper)
      }
    }
    pen.putImageData(image, left, Math.round(top * ratio))
  })
}

/** 0xRRGGBB as the bytes of ImageData, opaque. */
function word(rgb: number): number {
  return (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0
}
