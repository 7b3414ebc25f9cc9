import { formatValue } from '../../compute/number.ts'
import { type NumberStyle, numberStyle } from '../../compute/number-style.ts'
import type { PixelMap } from '../../compute/raster.ts'
import type { RunKey } from '../../model/run.ts'
import type { Frame, FrameQuery, LineEnd, Lines, ProbeQuery, Zoom } from '../../model/view.ts'
import type { AlertMark, ShownRun } from '../../state/view/chart-context.ts'
import { FEW } from '../../state/view/frame-query.ts'
import { readTokens, type Tokens } from './design-tokens.ts'
import type { Pen } from './pen.ts'

/** One drawn line: `index` is its place in the frame's `main`, `raw` and `ends`. */
export interface SceneLine {
  index: number
  run: ShownRun
  end: LineEnd
}

/** Everything one chart draws: a frame, the question it answers, and how its runs look now. */
export interface Scene {
  frame: Frame
  query: FrameQuery
  /** In drawing order, without runs that were hidden since the frame was asked. */
  lines: SceneLine[]
  /** Read when drawing, not when made: the theme's attribute is set in between. */
  readonly tokens: Tokens
  integer: boolean
  timeZone: 'local' | 'utc'
  /** What its numbers are printed by: another one is another picture. */
  numbers: NumberStyle
  alerts?: AlertPicture | undefined
  /** Of the values: `W`. */
  unit?: string | undefined
  /** A stretch of x that somebody took, to be told of it. */
  stretch?: Zoom | undefined
  groups?: GroupPicture | undefined
}

/** An alert of a drawn run, and where it stands on the x axis. */
export interface PlacedAlert {
  alert: AlertMark
  shown: ShownRun
  x: number
}

/**
 * What alerts in view add to a chart: `alert-marks.ts` makes it, which is not there before the first of them.
 */
export interface AlertPicture {
  /** From left to right. */
  inView: readonly PlacedAlert[]
  /** `2 alerts` */
  words: string
  /** `2 alerts: 1 error ▼, 1 info ●` */
  key: string
  /** Shapes on the upper edge of the plot. */
  draw(pen: Pen, box: Box): void
  /** A line down from what the crosshair at `x` stands on; nothing where it stands on none. */
  drawLine(pen: Pen, box: Box, x: number): void
  /** Those that a crosshair at `x` stands on, the gravest first. */
  at(box: Box, x: number): PlacedAlert[]
  /** The x of the shape under the pointer, CSS pixels of the canvas. */
  snap(box: Box, px: number, py: number): number | undefined
}

/** What groups and differences add to a chart: `group-picture.ts` makes it, which is fetched with the first of them. */
export interface GroupPicture {
  /** For the caption, the most telling first. */
  words: string[]
  /** Runs of the baseline's group, which pairs are counted with. */
  pairs: RunKey[]
  /** A ring at the best value. */
  draw(pen: Pen, box: Box): void
}

/** The plot box within the chart's canvas, in CSS pixels. */
export interface Box {
  left: number
  top: number
  width: number
  height: number
}

export const GUTTER = { left: 52, gap: 8, top: 8, bottom: 24, plain: 16, least: 54, label: 26 }
const CROWD = 100
/** Series up to which last values are printed. */
export const MOST_LABELS = 8

export function makeScene(
  frame: Frame,
  query: FrameQuery,
  runs: ShownRun[],
  theme: 'light' | 'dark',
  integer: boolean,
  timeZone: 'local' | 'utc',
): Scene {
  const shown = new Map(runs.map((run) => [run.key, run]))
  const lines: SceneLine[] = []
  frame.ends.forEach((end, index) => {
    const run = shown.get(query.runs[end.run] ?? query.groups?.list[end.run - query.runs.length]?.id ?? '')
    if (run) lines.push({ index, run, end })
  })
  return {
    frame,
    query,
    lines,
    integer,
    timeZone,
    numbers: numberStyle(),
    get tokens() {
      return readTokens(theme)
    },
  }
}

/** A value as it is printed: a difference has its sign. */
export function valueText({ query, integer }: Scene, value: number, digits: number): string {
  return `${query.base && value > 0 ? '+' : ''}${formatValue(value, digits, integer)}`
}

/** Line width in CSS pixels (0: one device pixel) and opacity for a chart of `count` lines. */
export function lineWeight(count: number): { width: number; alpha: number } {
  if (count <= FEW) return { width: 1.5, alpha: 1 }
  return { width: 0, alpha: count < CROWD ? 0.6 : 0.35 }
}

/**
 * Data to CSS pixels of the chart's canvas (`pixels` = 1) or device pixels (`pixels` = device pixel ratio).
 */
export function xMap(scene: Scene, box: Box, pixels = 1): PixelMap {
  return axisMap(
    scene.frame.x,
    scene.query.xScale === 'log',
    box.left * pixels,
    (box.left + box.width) * pixels,
  )
}

export function yMap(scene: Scene, box: Box, pixels = 1): PixelMap {
  return axisMap(
    scene.frame.y,
    scene.query.yScale === 'log',
    (box.top + box.height) * pixels,
    box.top * pixels,
  )
}

export function toPixel(map: PixelMap, value: number): number {
  return map.scale * (map.log ? Math.log10(value) : value) + map.offset
}

export function fromPixel(map: PixelMap, pixel: number): number {
  const value = (pixel - map.offset) / map.scale
  return map.log ? 10 ** value : value
}

export function axisMap(limits: [number, number], log: boolean, from: number, to: number): PixelMap {
  const low = log ? Math.log10(limits[0]) : limits[0]
  const high = log ? Math.log10(limits[1]) : limits[1]
  const scale = high > low ? (to - from) / (high - low) : 0
  return { scale, offset: scale === 0 ? (from + to) / 2 : from - low * scale, log }
}

/**
 * The question for the values of runs at an x: half a pixel away at most, unless points lie further apart.
 */
export function probeAt({ scene, box }: { scene: Scene; box: Box }, runs: string[], at: number): ProbeQuery {
  const map = xMap(scene, box)
  const reach = Math.abs(at - fromPixel(map, toPixel(map, at) - 0.5))
  const { project, metric, x, smoothing, groups, base } = scene.query
  const pairs = scene.groups?.pairs
  return { project, metric, runs, x, smoothing, at, reach, groups, base, pairs }
}

/** Index of the last point of line `index` with x ≤ `at`, −1 where there is none. */
export function pointBefore(lines: Lines, index: number, at: number): number {
  const start = lines.starts[index] ?? 0
  let low = start
  let high = lines.starts[index + 1] ?? start
  while (low < high) {
    const middle = (low + high) >> 1
    if ((lines.xs[middle] ?? Infinity) <= at) low = middle + 1
    else high = middle
  }
  return low > start ? low - 1 : -1
}

/**
 * Height of the drawn line at x, between its points; NaN outside its ends and in its gaps. For the dot on the
 * line, which moves with the pointer: no value that is read off comes from here.
 */
export function valueAt(lines: Lines, index: number, at: number, log: boolean): number {
  const before = pointBefore(lines, index, at)
  if (before < 0) return NaN
  const x0 = lines.xs[before] ?? NaN
  const y0 = lines.ys[before] ?? NaN
  if (x0 === at) return y0
  if (before + 1 >= (lines.starts[index + 1] ?? 0)) return NaN
  const share = (at - x0) / ((lines.xs[before + 1] ?? NaN) - x0)
  const y1 = lines.ys[before + 1] ?? NaN
  return log ? y0 * (y1 / y0) ** share : y0 + (y1 - y0) * share
}

/**
 * Which end of a metric's values is drawn as its best: lines of more runs than have names on the chart show
 * it as a dot.
 */
export interface Best {
  line: SceneLine
  x: number
  value: number
}

/**
 * Each line's best logged value in view, the best of all first; none where the chart has few lines, or the
 * metric no direction.
 */
export function bestValues({ frame, lines }: Scene): Best[] {
  const found = lines.flatMap((line): Best[] => {
    const { bestX, least, greatest } = line.end
    if (Number.isNaN(bestX)) return []
    return [{ line, x: bestX, value: frame.best === 'min' ? least : greatest }]
  })
  return found.sort((a, b) => (frame.best === 'min' ? a.value - b.value : b.value - a.value))
}
