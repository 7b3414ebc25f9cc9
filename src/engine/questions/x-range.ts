import type { Columns } from '../../compute/thin.ts'
import type { FrameQuery } from '../../model/view.ts'
import type { Line } from '../projects/downsample-cache.ts'

/** What of the lines' x is in view, all that there is of it, and the pixel columns that it is drawn in. */
export function viewOf(
  query: FrameQuery,
  lines: readonly Line[],
): { x: [number, number]; xFull: [number, number]; columns: Columns } {
  const log = query.xScale === 'log'
  const xFull = xExtent(lines, log)
  const x = visibleRange(query, xFull)
  return { x, xFull, columns: { min: x[0], max: x[1], width: Math.max(1, query.width), log } }
}

/** From the least to the greatest x of all lines, with room around a single one. */
export function xExtent(lines: readonly Line[], log: boolean): [number, number] {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  const look = (x: number): void => {
    if (x - x !== 0 || (log && x <= 0)) return
    if (x < min) min = x
    if (x > max) max = x
  }
  for (const { xs, monotone } of lines) {
    if (monotone && !log) {
      look(xs[0] as number)
      look(xs[xs.length - 1] as number)
    } else for (const x of xs) look(x)
  }
  if (min > max) return log ? [1, 10] : [0, 1]
  if (min === max) return log ? [min / 2, max * 2] : [min - 0.5, max + 0.5]
  return [min, max]
}

/** The x range that is asked for, where it is one. */
export function visibleRange(query: FrameQuery, full: [number, number]): [number, number] {
  const min = query.zoom?.min ?? full[0]
  const max = query.zoom?.max ?? full[1]
  if (query.xScale === 'log' && min <= 0) return max > full[0] ? [full[0], max] : full
  if (min < max) return [min, max]
  // open at one end and beyond all points: as long as they reach, so that it shows what it is, a range
  // without any
  const reach = full[1] > full[0] ? full[1] - full[0] : 1
  if (query.zoom?.max === undefined && query.zoom?.min !== undefined) return [min, min + reach]
  if (query.zoom?.min === undefined && query.zoom?.max !== undefined)
    return [query.xScale === 'log' ? max / 10 : max - reach, max]
  return full
}
