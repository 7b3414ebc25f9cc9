import { blendSpan, compose, disc, fillSpan, type Raster, segment } from './raster-fill.ts'

export type { Raster }

/** Maps data to device pixels: `scale * f(value) + offset`, f = log10 for a log axis. */
export interface PixelMap {
  scale: number
  offset: number
  log: boolean
}

/** How a line is drawn. */
export interface Stroke {
  /** 0xRRGGBB */
  color: number
  /** 0..1 */
  alpha: number
  /** Device pixels, at least 1. */
  thickness: number
  /** Lengths on, off, … in device pixels; [] is solid. */
  dash: readonly number[]
  /** One of so many that only the bundle is seen: drawn column by column, a quarter of the work. */
  crowded?: boolean
}

const NO_DASH: readonly number[] = []
/**
 * Arc length counts at most this slope for dashes: noise would otherwise turn a dashed line into dust, and
 * cost a piece for each.
 */
const STEEPEST_DASH = 4
/** Steep pieces that are higher than this (device pixels) are not dashed. */
const LONGEST_STROKE = 40
/** How far (device pixels) a point may lie off the drawn line. */
const TOLERANCE = 0.2
/** Kept points for each column above which a line is drawn by columns. */
const DENSE = 1.1

/**
 * Draws anti-aliased polylines into pixels without a canvas context. A canvas strokes lines thicker than one
 * device pixel 20-30 times slower in software (ten lines of 1,000 points at 1.5 px: 231 ms); this kernel
 * takes 1-2 ms for the same.
 *
 * Buffers are column-major (`pixel = x * height + y`): metric lines are mostly tall and thin, so the inner
 * loops walk memory in order. Each line is first drawn as coverage (0..255, combined by maximum, so that
 * joints and self-crossings do not get darker), then laid over the picture once with the line's colour and
 * opacity.
 */
export function makeRaster(width: number, height: number): Raster {
  const w = Math.max(1, Math.round(width))
  const rows = Math.max(1, Math.round(height))
  const h = (rows + 3) & ~3
  const size = w * h
  const mask = new Uint8Array(size)
  const raster = {
    width: w,
    height: h,
    rows,
    pixels: new Uint32Array(size),
    mask,
    fours: new Int32Array(mask.buffer),
    from: new Int32Array(w),
    to: new Int32Array(w),
  }
  raster.from.fill(h)
  return raster
}

/** Makes the picture transparent again. */
export function clearRaster(raster: Raster): void {
  raster.pixels.fill(0)
}

/**
 * Draws points [start, end) of `xs`, `ys` (data units) as one polyline. A point that maps to no pixel (NaN,
 * or ≤ 0 on a log axis) breaks it; a point alone between two breaks becomes a dot, so that it is not lost.
 */
export function strokeLine(
  raster: Raster,
  xs: Float64Array,
  ys: Float64Array,
  start: number,
  end: number,
  x: PixelMap,
  y: PixelMap,
  stroke: Stroke,
): void {
  const half = stroke.thickness / 2
  const dash = stroke.dash.length > 1 ? stroke.dash : NO_DASH
  const count = simplify(xs, ys, start, end, x, y)
  const columns = columnsOf(raster, count)
  if (columns > 8 && (stroke.crowded || count > DENSE * columns))
    traceSpans(raster, count, half, dash, stroke.color, stroke.alpha)
  else traceSegments(raster, count, half, dash)
  compose(raster, stroke.color, stroke.alpha)
}

/** A filled disc for each point of [start, end); centre in data units, radius in device pixels. */
export function stampDots(
  raster: Raster,
  xs: Float64Array,
  ys: Float64Array,
  start: number,
  end: number,
  x: PixelMap,
  y: PixelMap,
  radius: number,
  color: number,
  alpha: number,
): void {
  for (let i = start; i < end; i++) {
    const px = place(xs[i]!, x)
    const py = place(ys[i]!, y)
    if (px > -radius && px < raster.width + radius && py > -radius && py < raster.height + radius)
      disc(raster, px, py, radius)
  }
  compose(raster, color, alpha)
}

/**
 * Fills between two lines that share their `xs` (data units, ascending), column by column; at least one pixel
 * high.
 */
export function fillArea(
  raster: Raster,
  xs: Float64Array,
  low: Float64Array,
  high: Float64Array,
  x: PixelMap,
  y: PixelMap,
  color: number,
  alpha: number,
): void {
  for (let i = 0; i + 1 < xs.length; i++) {
    const [left, right] = [place(xs[i]!, x), place(xs[i + 1]!, x)]
    const [top0, top1] = [place(high[i]!, y), place(high[i + 1]!, y)]
    const [bottom0, bottom1] = [place(low[i]!, y), place(low[i + 1]!, y)]
    const span = right - left || 1
    const last = Math.min(raster.width - 1, Math.ceil(right) - 1)
    for (let column = Math.max(0, Math.floor(left)); column <= last; column++) {
      const share = Math.max(0, Math.min(1, (column + 0.5 - left) / span))
      const top = top0 + share * (top1 - top0)
      fillSpan(
        raster.mask,
        raster.height,
        raster.from,
        raster.to,
        column,
        top,
        Math.max(top + 1, bottom0 + share * (bottom1 - bottom0)),
        255,
      )
    }
  }
  compose(raster, color, alpha)
}

/**
 * Writes the picture as straight (not premultiplied) RGBA, row-major: the layout of ImageData. `out` has
 * width × height × 4 bytes.
 */
export function readRaster(raster: Raster, out: Uint8ClampedArray): void {
  const { width, height, rows, pixels } = raster
  const words = new Uint32Array(out.buffer, out.byteOffset, width * rows)
  // Tiles of 16 columns: one cache line of output at a time.
  for (let tile = 0; tile < width; tile += 16) {
    const last = Math.min(width, tile + 16)
    for (let y = 0; y < rows; y++) {
      for (let x = tile; x < last; x++) {
        const word = pixels[x * height + y]!
        const alpha = word >>> 24
        words[y * width + x] = alpha === 0 || alpha === 255 ? word : straight(word, alpha)
      }
    }
  }
}

function straight(word: number, alpha: number): number {
  const half = alpha >> 1
  const r = Math.min(255, (((word & 255) * 255 + half) / alpha) | 0)
  const g = Math.min(255, ((((word >> 8) & 255) * 255 + half) / alpha) | 0)
  const b = Math.min(255, ((((word >> 16) & 255) * 255 + half) / alpha) | 0)
  return ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0
}

function place(value: number, map: PixelMap): number {
  return map.scale * (map.log ? Math.log10(value) : value) + map.offset
}

/** Pixel positions of the polyline in hand, NaN between its parts; kept between calls to allocate once. */
let pathX = new Float64Array(4096)
let pathY = new Float64Array(4096)

/** Columns of the raster that the polyline in hand spans. */
function columnsOf(raster: Raster, count: number): number {
  let left = Infinity
  let right = -Infinity
  for (let i = 0; i < count; i++) {
    const x = pathX[i]!
    if (x < left) left = x
    if (x > right) right = x
  }
  return Math.min(raster.width, right) - Math.max(0, left)
}

/**
 * Maps the points to pixels and drops those that lie within TOLERANCE of the straight line between the kept
 * ones: each new point narrows the cone of slopes that pass all dropped points; one outside the cone ends the
 * piece.
 */
function simplify(
  xs: Float64Array,
  ys: Float64Array,
  start: number,
  end: number,
  xMap: PixelMap,
  yMap: PixelMap,
): number {
  if (pathX.length < 2 * (end - start) + 2) {
    pathX = new Float64Array(4 * (end - start) + 2)
    pathY = new Float64Array(4 * (end - start) + 2)
  }
  const { scale: xScale, offset: xOffset, log: xLog } = xMap
  const { scale: yScale, offset: yOffset, log: yLog } = yMap
  let n = 0
  let open = false
  let pending = false
  let anchorX = 0
  let anchorY = 0
  let lastX = 0
  let lastY = 0
  let low = -Infinity
  let high = Infinity
  for (let i = start; i < end; i++) {
    const px = xScale * (xLog ? Math.log10(xs[i]!) : xs[i]!) + xOffset
    const py = yScale * (yLog ? Math.log10(ys[i]!) : ys[i]!) + yOffset
    if (!(px - px === 0 && py - py === 0)) {
      if (open) {
        if (pending) {
          pathX[n] = lastX
          pathY[n++] = lastY
        }
        pathX[n] = NaN
        pathY[n++] = NaN
      }
      open = pending = false
      continue
    }
    if (!open) {
      open = true
      anchorX = pathX[n] = px
      anchorY = pathY[n++] = py
      low = -Infinity
      high = Infinity
      continue
    }
    const dx = px - anchorX
    const dy = py - anchorY
    if (dx > 0) {
      const inverse = 1 / dx
      const slope = dy * inverse
      const slack = TOLERANCE * inverse
      if (slope >= low && slope <= high) {
        if (slope - slack > low) low = slope - slack
        if (slope + slack < high) high = slope + slack
        lastX = px
        lastY = py
        pending = true
        continue
      }
    } else if (dx === 0 && dy < TOLERANCE && dy > -TOLERANCE) continue
    if (pending) {
      anchorX = pathX[n] = lastX
      anchorY = pathY[n++] = lastY
      const stepX = px - lastX
      if (stepX > 0) {
        low = (py - lastY - TOLERANCE) / stepX
        high = (py - lastY + TOLERANCE) / stepX
        lastX = px
        lastY = py
        continue
      }
    }
    anchorX = pathX[n] = px
    anchorY = pathY[n++] = py
    low = -Infinity
    high = Infinity
    pending = false
  }
  if (pending) {
    pathX[n] = lastX
    pathY[n++] = lastY
  }
  return n
}

function traceSegments(raster: Raster, count: number, half: number, dash: readonly number[]): void {
  const left = -2 - half
  const right = raster.width + 2 + half
  let phase = 0
  for (let i = 0; i < count; i++) {
    const x0 = pathX[i]!
    const y0 = pathY[i]!
    if (x0 !== x0) continue
    const x1 = i + 1 < count ? pathX[i + 1]! : NaN
    if (x1 !== x1) {
      if (i === 0 || pathX[i - 1]! !== pathX[i - 1]!) disc(raster, x0, y0, Math.max(1, half))
      continue
    }
    const y1 = pathY[i + 1]!
    if ((x0 < left && x1 < left) || (x0 > right && x1 > right)) continue
    if (dash === NO_DASH) segment(raster, x0, y0, x1, y1, half, half, half)
    else phase = dashed(raster, x0, y0, x1, y1, half, dash, phase)
  }
}

let spanTop = new Float64Array(1024)
let spanBottom = new Float64Array(1024)
let spanIn = new Float64Array(1024)
let spanOut = new Float64Array(1024)

/**
 * For lines with several points in each pixel column: fills each column from the lowest to the highest place
 * the line has in it, so the cost is that of the columns, not of the points. A line one pixel wide touches
 * each column once, so it needs no mask.
 */
function traceSpans(
  raster: Raster,
  count: number,
  half: number,
  dash: readonly number[],
  color: number,
  alpha: number,
): void {
  const { width, height, mask, from, to } = raster
  if (spanTop.length < width) {
    spanTop = new Float64Array(width)
    spanBottom = new Float64Array(width)
    spanIn = new Float64Array(width)
    spanOut = new Float64Array(width)
  }
  spanTop.fill(Infinity, 0, width)
  spanBottom.fill(-Infinity, 0, width)
  let first = width
  let last = -1
  for (let i = 0; i < count; i++) {
    let x0 = pathX[i]!
    let y0 = pathY[i]!
    if (x0 !== x0) continue
    let x1 = i + 1 < count ? pathX[i + 1]! : NaN
    let y1 = i + 1 < count ? pathY[i + 1]! : NaN
    if (x1 !== x1) {
      x1 = x0
      y1 = y0
    }
    if (x1 < x0) {
      const x = x0
      x0 = x1
      x1 = x
      const y = y0
      y0 = y1
      y1 = y
    }
    if (x1 < 0 || x0 >= width) continue
    let column = x0 > 0 ? x0 | 0 : 0
    const stop = x1 < width ? x1 | 0 : width - 1
    if (column < first) first = column
    if (stop > last) last = stop
    const slope = x1 > x0 ? (y1 - y0) / (x1 - x0) : 0
    let y = x0 < 0 ? y0 - x0 * slope : y0
    for (; column <= stop; column++) {
      const next = column === stop && x1 < width ? y1 : y0 + slope * (column + 1 - x0)
      if (spanTop[column]! > spanBottom[column]!) spanIn[column] = y
      spanOut[column] = next
      if (y < spanTop[column]!) spanTop[column] = y
      if (y > spanBottom[column]!) spanBottom[column] = y
      if (next < spanTop[column]!) spanTop[column] = next
      if (next > spanBottom[column]!) spanBottom[column] = next
      y = next
    }
  }
  const side = half - 0.5
  let period = 0
  for (const part of dash) period += part
  for (let column = first; column <= last; column++) {
    const top = spanTop[column]! - half
    const bottom = spanBottom[column]! + half
    if (!(bottom > 0 && top < height) || (period > 0 && !isOn(dash, column % period))) continue
    if (side <= 0) {
      blendSpan(raster.pixels, column * height, height, top, bottom, color, alpha)
      continue
    }
    // A column that is only passed through is drawn as a piece of line, or climbs would show as stairs.
    if (bottom - top - 2 * half <= Math.abs(spanOut[column]! - spanIn[column]!) + 0.75) {
      segment(raster, column, spanIn[column]!, column + 1, spanOut[column]!, half, half, half)
      continue
    }
    fillSpan(mask, height, from, to, column, top, bottom, 255)
    for (let k = 1; side - k + 1 > 0.02; k++) {
      const weight = Math.min(1, side - k + 1) * 255
      if (column >= k) fillSpan(mask, height, from, to, column - k, top, bottom, weight)
      if (column + k < width) fillSpan(mask, height, from, to, column + k, top, bottom, weight)
    }
  }
}

function isOn(dash: readonly number[], into: number): boolean {
  let k = 0
  let left = into
  while (k < dash.length && left >= dash[k]!) left -= dash[k++]!
  return (k & 1) === 0
}

/** Draws the "on" parts of one segment and returns the phase at its end. */
function dashed(
  raster: Raster,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  half: number,
  dash: readonly number[],
  phase: number,
): number {
  const dx = x1 - x0
  const dy = y1 - y0
  const run = Math.abs(dx)
  const length = Math.hypot(run, Math.min(Math.abs(dy), STEEPEST_DASH * run + 0.25))
  let period = 0
  for (const part of dash) period += part
  // the jump of a run that diverges would be a few loose strokes
  const jump = Math.abs(dy) > LONGEST_STROKE && Math.abs(dy) > 2 * length
  if (!(length > 0) || length > 1e5 || jump) {
    segment(raster, x0, y0, x1, y1, half, half, half)
    return jump && length < 1e5 ? phase + length : phase
  }
  let at = 0
  let k = 0
  let into = phase % period
  while (into >= dash[k]!) into -= dash[k++]!
  while (at < length) {
    const next = Math.min(length, at + dash[k]! - into)
    if ((k & 1) === 0) {
      const a = at / length
      const b = next / length
      // Caps only where the dash goes on into the neighbouring segment.
      segment(
        raster,
        x0 + dx * a,
        y0 + dy * a,
        x0 + dx * b,
        y0 + dy * b,
        half,
        at === 0 && into > 0 ? half : 0,
        next === length ? half : 0,
      )
    }
    into = 0
    at = next
    k = (k + 1) % dash.length
  }
  return phase + length
}
