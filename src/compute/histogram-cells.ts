import type { Bins } from '../model/histogram.ts'

/**
 * Bins as they are drawn along an axis of whole pixels. A cell is one bin, or several neighbours of which each
 * but the last is narrower than a pixel: bins are joined, never divided, so the counts of all cells and those
 * outside are the counts of all bins, to the last one.
 */
export interface Cells {
  length: number
  /** First bin of each cell; the one behind its last. */
  first: Int32Array
  end: Int32Array
  /** Pixels [from, to) that each takes, at least one, within the axis. */
  from: Int32Array
  to: Int32Array
  counts: Float64Array
  /** Counts of the bins that lie wholly below and above the axis; those with an open end among them. */
  below: number
  above: number
}

export function makeCells(capacity = 64): Cells {
  const ints = () => new Int32Array(capacity)
  const counts = new Float64Array(capacity)
  return { length: 0, first: ints(), end: ints(), from: ints(), to: ints(), counts, below: 0, above: 0 }
}

/**
 * Cells of some bins on an axis of `size` pixels. `place` gives the pixel of a value, a rising function; what
 * reaches over an end of the axis is cut off there, with its whole count. The ends [low, high] are the axis' own.
 * `least`: bins are joined until their cell has so many pixels.
 */
export function joinBins(
  { edges, counts }: Bins,
  [low, high]: readonly [number, number],
  place: (value: number) => number,
  size: number,
  into: Cells = makeCells(),
  least = 1,
): Cells {
  const cells = into.counts.length < counts.length ? Object.assign(into, makeCells(counts.length * 2)) : into
  cells.length = 0
  cells.below = 0
  cells.above = 0
  // an edge on the border of two pixels stays there, whatever rounding made of it
  const pixel = (value: number): number => Math.max(0, Math.min(size, Math.floor(place(value) + 1e-6)))
  let start = -1
  let from = 0
  let sum = 0
  let n = 0
  for (let i = 0; i < counts.length; i++) {
    const [left, right] = [edges[i] as number, edges[i + 1] as number]
    const count = counts[i] as number
    // a bin without a width lies at its edge: on an end of the axis still inside
    if (left === -Infinity || right < low || (right === low && left < low)) {
      cells.below += count
      continue
    }
    if (right === Infinity || left > high || (left === high && right > high)) {
      cells.above += count
      continue
    }
    if (start < 0) {
      start = i
      from = pixel(left)
      sum = 0
    }
    sum += count
    const to = pixel(right)
    if (to - from >= least) {
      put(cells, n++, start, i + 1, from, to, sum)
      start = -1
    }
  }
  if (start >= 0) {
    // what is left is narrower than a pixel, and belongs to the cell before it where that one is next to it
    const end = lastInside(edges, counts.length, high)
    if (n > 0 && (cells.to[n - 1] as number) === from && (cells.end[n - 1] as number) === start) {
      cells.end[n - 1] = end
      cells.counts[n - 1] = (cells.counts[n - 1] as number) + sum
    } else {
      const at = Math.max(0, Math.min(from, size - least))
      put(cells, n++, start, end, at, at + least, sum)
    }
  }
  cells.length = n
  return cells
}

/** The bin behind the last one that lies inside. */
function lastInside(edges: ArrayLike<number>, n: number, high: number): number {
  let end = n
  while (end > 0) {
    const [left, right] = [edges[end - 1] as number, edges[end] as number]
    if (right !== Infinity && !(left > high || (left === high && right > high))) break
    end--
  }
  return end
}

function put(
  cells: Cells,
  i: number,
  first: number,
  end: number,
  from: number,
  to: number,
  count: number,
): void {
  cells.first[i] = first
  cells.end[i] = end
  cells.from[i] = from
  cells.to[i] = to
  cells.counts[i] = count
}

/** The cell at a pixel; −1 where there is none. */
export function cellAt({ length, from, to }: Cells, pixel: number): number {
  for (let i = 0; i < length; i++) if (pixel >= (from[i] as number) && pixel < (to[i] as number)) return i
  return -1
}
