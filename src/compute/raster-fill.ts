/** A picture in the making; see raster.ts. Buffers are column-major: `pixel = x * height + y`. */
export interface Raster {
  readonly width: number
  /** A multiple of four, so that no four rows of the mask are of two columns. */
  readonly height: number
  /** How many of them are read. */
  readonly rows: number
  /** Premultiplied 0xAABBGGRR. */
  readonly pixels: Uint32Array
  readonly mask: Uint8Array
  /** The same, four rows of a column at once. */
  readonly fours: Int32Array
  /** Rows touched in each column of the mask: [from, to); from ≥ to where nothing was. */
  readonly from: Int32Array
  readonly to: Int32Array
}

/**
 * Covers one column from `top` to `bottom` (clipped to the raster) with `weight` (0..255), the end rows in
 * part.
 */
export function fillSpan(
  mask: Uint8Array,
  height: number,
  from: Int32Array,
  to: Int32Array,
  column: number,
  top: number,
  bottom: number,
  weight: number,
): void {
  if (!(bottom > 0 && top < height)) return
  const t = top > 0 ? top : 0
  const b = bottom < height ? bottom : height
  const row0 = t | 0
  const end = b | 0
  const tailPart = b - end
  const row1 = tailPart > 0 ? end + 1 : end
  if (row0 < from[column]!) from[column] = row0
  if (row1 > to[column]!) to[column] = row1
  let i = column * height + row0
  const stop = column * height + end
  if (i === stop) {
    const only = ((b - t) * weight + 0.5) | 0
    if (only > mask[i]!) mask[i] = only
    return
  }
  const head = ((row0 + 1 - t) * weight + 0.5) | 0
  if (head > mask[i]!) mask[i] = head
  const full = (weight + 0.5) | 0
  for (i++; i < stop; i++) if (full > mask[i]!) mask[i] = full
  if (tailPart > 0) {
    const tail = (tailPart * weight + 0.5) | 0
    if (tail > mask[stop]!) mask[stop] = tail
  }
}

/** One straight piece, lengthened by `capA` and `capB` at its ends so that neighbours overlap at a joint. */
export function segment(
  raster: Raster,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  half: number,
  capA: number,
  capB: number,
): void {
  const dx = x1 - x0
  const dy = y1 - y0
  if (Math.abs(dx) >= Math.abs(dy)) {
    if (dx >= 0) flat(raster, x0, y0, dx === 0 ? 0 : dy / dx, x0 - capA, x1 + capB, half)
    else flat(raster, x1, y1, dy / dx, x1 - capB, x0 + capA, half)
  } else if (dy >= 0) steep(raster, x0, y0, dx / dy, y0 - capA, y1 + capB, half)
  else steep(raster, x1, y1, dx / dy, y1 - capB, y0 + capA, half)
}

/** |slope| ≤ 1: for each column from x = `a` to `b`, a vertical span. */
function flat(
  raster: Raster,
  x0: number,
  y0: number,
  slope: number,
  a: number,
  b: number,
  half: number,
): void {
  const width = raster.width
  const reach = half * Math.sqrt(1 + slope * slope)
  const first = a > 0 ? a | 0 : 0
  const last = b < width ? Math.ceil(b) - 1 : width - 1
  for (let column = first; column <= last; column++) {
    const l = a > column ? a : column
    const r = b < column + 1 ? b : column + 1
    const middle = y0 + slope * ((l + r) / 2 - x0)
    fillSpan(
      raster.mask,
      raster.height,
      raster.from,
      raster.to,
      column,
      middle - reach,
      middle + reach,
      (r - l) * 255,
    )
  }
}

/**
 * |dx/dy| < 1: for each row from y = `a` to `b`, a horizontal span; walked column by column to stay in order in memory.
 */
function steep(
  raster: Raster,
  x0: number,
  y0: number,
  slope: number,
  a: number,
  b: number,
  half: number,
): void {
  const { width, height, mask, from, to } = raster
  const top = a > 0 ? a : 0
  const bottom = b < height ? b : height
  if (!(bottom > top)) return
  const reach = half * Math.sqrt(1 + slope * slope)
  const wide = 2 * reach
  const xa = x0 + slope * (top - y0)
  const xb = x0 + slope * (bottom - y0)
  const first = Math.max(0, Math.floor(Math.min(xa, xb) - reach))
  const last = Math.min(width - 1, Math.ceil(Math.max(xa, xb) + reach) - 1)
  const upright = Math.abs(xb - xa) < 0.3
  const centre = (xa + xb) / 2
  for (let column = first; column <= last; column++) {
    let row0 = top | 0
    let row1 = Math.ceil(bottom)
    const base = column * height
    if (upright) {
      const l = centre - reach > column ? centre - reach : column
      const r = centre + reach < column + 1 ? centre + reach : column + 1
      if (r > l) fillSpan(mask, height, from, to, column, top, bottom, (r - l) * 255)
      continue
    }
    // Rows where the span reaches this column: solve column - reach ≤ x(y) ≤ column + 1 + reach.
    const ya = y0 + (column - reach - x0) / slope
    const yb = y0 + (column + 1 + reach - x0) / slope
    const lo = ya < yb ? ya : yb
    const hi = ya < yb ? yb : ya
    if (lo > row0 + 1) row0 = lo | 0
    if (hi < row1 - 1) row1 = Math.ceil(hi)
    if (row0 >= row1) continue
    if (row0 < from[column]!) from[column] = row0
    if (row1 > to[column]!) to[column] = row1
    let row = row0
    if (top > row) row = partRow(mask, base, column, row, top, bottom, x0, y0, slope, reach)
    const whole = bottom < row1 ? row1 - 1 : row1
    // how far the line's right edge lies beyond the column's left one
    let edge = x0 + slope * (row + 0.5 - y0) + reach - column
    for (; row < whole; row++, edge += slope) {
      const covered = (edge < 1 ? edge : 1) - (edge > wide ? edge - wide : 0)
      if (covered <= 0) continue
      const cover = (covered * 255 + 0.5) | 0
      if (cover > mask[base + row]!) mask[base + row] = cover
    }
    if (row < row1) partRow(mask, base, column, row, top, bottom, x0, y0, slope, reach)
  }
}

/** The first or last row of a steep piece, of which it covers a part. Returns the next row. */
function partRow(
  mask: Uint8Array,
  base: number,
  column: number,
  row: number,
  top: number,
  bottom: number,
  x0: number,
  y0: number,
  slope: number,
  reach: number,
): number {
  const t = top > row ? top : row
  const u = bottom < row + 1 ? bottom : row + 1
  const x = x0 + slope * ((t + u) / 2 - y0)
  const l = x - reach > column ? x - reach : column
  const r = x + reach < column + 1 ? x + reach : column + 1
  if (r > l) {
    const cover = ((r - l) * (u - t) * 255 + 0.5) | 0
    if (cover > mask[base + row]!) mask[base + row] = cover
  }
  return row + 1
}

/** A filled circle in the mask, in device pixels. */
export function disc(raster: Raster, cx: number, cy: number, radius: number): void {
  const { width, height, mask, from, to } = raster
  const first = Math.max(0, Math.floor(cx - radius - 0.5))
  const last = Math.min(width - 1, Math.ceil(cx + radius + 0.5) - 1)
  const row0 = Math.max(0, Math.floor(cy - radius - 0.5))
  const row1 = Math.min(height, Math.ceil(cy + radius + 0.5))
  if (row0 >= row1) return
  for (let column = first; column <= last; column++) {
    if (row0 < from[column]!) from[column] = row0
    if (row1 > to[column]!) to[column] = row1
    for (let row = row0; row < row1; row++) {
      const near = radius + 0.5 - Math.hypot(column + 0.5 - cx, row + 0.5 - cy)
      const cover = near >= 1 ? 255 : near > 0 ? (near * 255) | 0 : 0
      if (cover > mask[column * height + row]!) mask[column * height + row] = cover
    }
  }
}

/** Lays a colour over one column from `top` to `bottom`, the end rows in part. */
export function blendSpan(
  pixels: Uint32Array,
  base: number,
  height: number,
  top: number,
  bottom: number,
  color: number,
  alpha: number,
): void {
  const t = top > 0 ? top : 0
  const b = bottom < height ? bottom : height
  const opacity = Math.max(0, Math.min(256, Math.round(alpha * 256)))
  const redBlue = ((color & 255) << 16) | ((color >> 16) & 255)
  const alphaGreen = (255 << 16) | ((color >> 8) & 255)
  const row0 = t | 0
  const end = b | 0
  if (row0 === end) {
    blend(pixels, base + row0, redBlue, alphaGreen, ((b - t) * opacity + 0.5) | 0)
    return
  }
  blend(pixels, base + row0, redBlue, alphaGreen, ((row0 + 1 - t) * opacity + 0.5) | 0)
  const rest = 256 - opacity
  const rbPart = Math.imul(redBlue, opacity) + 0x800080
  const agPart = Math.imul(alphaGreen, opacity) + 0x800080
  for (let i = base + row0 + 1, stop = base + end; i < stop; i++) {
    const under = pixels[i]!
    const rb = ((rbPart + Math.imul(under & 0xff00ff, rest)) >>> 8) & 0xff00ff
    pixels[i] = ((agPart + Math.imul((under >>> 8) & 0xff00ff, rest)) & 0xff00ff00) | rb
  }
  if (b > end) blend(pixels, base + end, redBlue, alphaGreen, ((b - end) * opacity + 0.5) | 0)
}

/** One pixel: `part` of 256 of the colour over what is there. */
function blend(pixels: Uint32Array, i: number, redBlue: number, alphaGreen: number, part: number): void {
  const under = pixels[i]!
  const rest = 256 - part
  const rb = ((Math.imul(redBlue, part) + Math.imul(under & 0xff00ff, rest) + 0x800080) >>> 8) & 0xff00ff
  pixels[i] =
    ((Math.imul(alphaGreen, part) + Math.imul((under >>> 8) & 0xff00ff, rest) + 0x800080) & 0xff00ff00) | rb
}

/**
 * Lays the mask over the picture ("source over", two channels in one multiplication) and clears it. Most of what
 * lies between the lowest and the highest row of a column is empty: four rows are looked at at once.
 */
export function compose(raster: Raster, color: number, alpha: number): void {
  const { width, height, pixels, fours, from, to } = raster
  const opacity = Math.max(0, Math.min(256, Math.round(alpha * 256)))
  const r = (color >> 16) & 255
  const g = (color >> 8) & 255
  const b = color & 255
  const redBlue = (b << 16) | r
  const alphaGreen = (255 << 16) | g
  const solid = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0
  for (let column = 0; column < width; column++) {
    const a = from[column]!
    const z = to[column]!
    if (a >= z) continue
    from[column] = height
    to[column] = 0
    const base = column * height
    for (let k = (base + a) >> 2, stop = (base + z + 3) >> 2; k < stop; k++) {
      let covers = fours[k]!
      if (covers === 0) continue
      fours[k] = 0
      for (let i = k << 2; covers !== 0; i++, covers >>>= 8) {
        const cover = covers & 255
        if (cover === 0) continue
        const part = ((cover + (cover >> 7)) * opacity) >> 8 // 0..256
        if (part === 256) {
          pixels[i] = solid
          continue
        }
        const under = pixels[i]!
        const rest = 256 - part
        const rb =
          ((Math.imul(redBlue, part) + Math.imul(under & 0xff00ff, rest) + 0x800080) >>> 8) & 0xff00ff
        pixels[i] =
          ((Math.imul(alphaGreen, part) + Math.imul((under >>> 8) & 0xff00ff, rest) + 0x800080) &
            0xff00ff00) |
          rb
      }
    }
  }
}
