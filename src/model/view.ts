import type { Bands, BaseLine, GroupFacts, GroupLines, GroupProbe } from './groups.ts'
import type { LineKey } from './line-key.ts'
import type { RunKey } from './run.ts'
import type { ProjectId } from './source.ts'

/** What the x axis is. 'relative' is seconds since the run's first row, 'wall' is ms since 1970. */
export type XAxis =
  | { kind: 'step' }
  | { kind: 'relative' }
  | { kind: 'wall' }
  | { kind: 'metric'; name: string }

export type Scale = 'linear' | 'log'

export const SMOOTHING_KINDS = ['mean', 'gaussian', 'ema', 'time-ema', 'median'] as const
export type SmoothingKind = (typeof SMOOTHING_KINDS)[number]

/** `width` is the slider's value, 0 (off) to 100; `factor` multiplies it for long runs (1, 10 or 100). */
export interface Smoothing {
  kind: SmoothingKind
  width: number
  factor: 1 | 10 | 100
  /**
   * Nobody set the width: the mean then narrows on short lines, and lines that it could only falsify stand as
   * logged.
   */
  auto?: boolean | undefined
}

/** How the y axis is chosen; `manual` is in data units. */
export type RangeMode =
  | { kind: 'robust' }
  | { kind: 'full' }
  | { kind: 'zero' }
  | { kind: 'manual'; min: number; max: number }

/** An x range in units of the x axis; an absent end is open. */
export interface Zoom {
  min?: number | undefined
  max?: number | undefined
}

/** Which part of the axis `to` shows what `zoom` shows of the axis `from`. */
export interface ZoomQuery {
  project: ProjectId
  runs: RunKey[]
  from: XAxis
  to: XAxis
  zoom: Zoom
}

/** One chart's question. The same query on the same data gives the same frame. */
export interface FrameQuery {
  project: ProjectId
  /** Of a chart of several metrics its name. */
  metric: string
  /** In drawing order: later ones lie on top. */
  runs: LineKey[]
  x: XAxis
  xScale: Scale
  yScale: Scale
  range: RangeMode
  zoom?: Zoom
  smoothing: Smoothing
  /** Draw the logged values behind the smoothed ones. */
  raw: boolean
  /** There are too many lines for two each: instead of logged lines one area, and each line's best value. */
  area?: boolean | undefined
  /** Behind few lines, for each the least and greatest logged value of every pixel column. */
  envelope?: boolean | undefined
  /** Lines of groups in place of those of their runs. */
  groups?: GroupLines | undefined
  /** Lines are differences to this one. */
  base?: BaseLine | undefined
  /** Device pixels of the plot box: the number of pixel columns that keep their min and max. */
  width: number
}

/**
 * Many lines in few buffers: line i has the points [starts[i], starts[i + 1]). A NaN in `ys` breaks the line
 * (a logged non-finite value, or a step that went back).
 */
export interface Lines {
  xs: Float64Array
  ys: Float64Array
  starts: Uint32Array
}

export interface LineEnd {
  /** Index into FrameQuery.runs; beyond them, into the list of groups. */
  run: number
  /** Last logged point of the run: x, the drawn (smoothed) value there, the logged value. */
  x: number
  drawn: number
  logged: number
  /** Logged points of this run and metric, and those in view. */
  rows: number
  rowsInView: number
  /** Last logged value in view, NaN and ±Infinity included. */
  ending: number
  /** Last finite logged value in view, its x, and the drawn value there; NaN where none is in view. */
  seen: number
  seenX: number
  seenDrawn: number
  /** Least and greatest finite logged value in view; NaN where there is none. */
  least: number
  greatest: number
  /**
   * Where the best of these stands, of metrics with a direction; NaN otherwise, and where `area` was not
   * asked for.
   */
  bestX: number
}

/** Least and greatest logged value of all lines, from left to right. */
export interface Area {
  xs: Float64Array
  low: Float64Array
  high: Float64Array
}

/** What was done to the drawn lines. */
export interface Treatment {
  /** Lines that stand as logged, and the most points one of them has in view. */
  logged: number
  points: number
  /**
   * Smallest and largest window of the others: `rows` of the run, or points of the line where those are
   * fewer. 0 where all stand as logged.
   */
  from: number
  to: number
  unit: 'rows' | 'points'
}

/**
 * A mark at an x: the first of each stretch of non-finite values, or values ≤ 0 on a log axis. `kind`: 0 NaN,
 * 1 +Infinity, 2 −Infinity, 3 value ≤ 0.
 */
export interface Marks {
  run: Uint32Array
  x: Float64Array
  kind: Uint8Array
}

export interface Fidelity {
  /** Logged points behind the chart in the visible range, and how many of them were kept as drawn points. */
  rows: number
  drawn: number
  /** 'exact': all rows were read. 'preview': samples or a part of the rows so far. */
  kind: 'exact' | 'preview'
}

/** All that a chart draws. */
export interface Frame {
  /** The same for the same query while none of its lines has other points. */
  version: string
  /** Axis limits; x in units of the x axis. For a frame without any point both are [0, 1]. */
  x: [number, number]
  y: [number, number]
  /** Full extent of x over all shown runs, for resetting and the overview. */
  xFull: [number, number]
  /** Drawn (smoothed) lines, one for each entry of `ends`, in that order. */
  main: Lines
  /**
   * Logged lines behind them; empty when smoothing is off or raw is not asked for, and of lines that stand as
   * logged anyway.
   */
  raw: Lines
  /** Logged extremes behind them, where asked for and where lines are smoothed. */
  area?: Area | undefined
  /** Areas around single lines, one for each entry of `ends`: of groups, or extremes where asked for. */
  bands?: Bands | undefined
  /** Where groups were asked for: `ends` then are of groups, and of runs whose groups are too small. */
  groups?: GroupFacts | undefined
  treatment: Treatment
  /** Which values are the best ones, by the metric's name. */
  best?: 'min' | 'max' | undefined
  ends: LineEnd[]
  marks: Marks
  /**
   * Logged points in view above and below the y axis' limits, at or below 0 on a log axis, and non-finite.
   */
  above: number
  below: number
  nonPositive: number
  nonFinite: number
  /** Decades that the logged values of one line span, all of them above 0; 0 where no line does. */
  decades: number
  /**
   * x is another metric: points whose x was logged in an earlier row, and points left out because none was
   * logged before them.
   */
  carried: number
  leftOut: number
  /** No shown run has two points: draw bars from `ends`. */
  single: boolean
  fidelity: Fidelity
}

/** The values of every asked run at an x, for the tooltip and the captions. */
export interface ProbeQuery {
  project: ProjectId
  metric: string
  runs: LineKey[]
  x: XAxis
  smoothing: Smoothing
  at: number
  /** As the frame's: `runs` may then hold ids of groups. */
  groups?: GroupLines | undefined
  base?: BaseLine | undefined
  /** Runs of the baseline's group: of each group is then told how many pairs with one of these are above. */
  pairs?: RunKey[] | undefined
  /**
   * Points further left than this (x units) do not count: half a pixel, unless the series' own spacing is
   * wider.
   */
  reach: number
}

/**
 * Entry i belongs to ProbeQuery.runs[i]: the nearest logged point at or before `at`; `index` −1 and NaN where
 * there is none within reach.
 */
export interface Probe {
  index: Int32Array
  x: Float64Array
  steps: Float64Array
  times: Float64Array
  drawn: Float64Array
  logged: Float64Array
  groups?: GroupProbe | undefined
  /**
   * Of a logged NaN or infinity among several in a row: x of the first of them. NaN elsewhere, also for one
   * that stands alone.
   */
  since: Float64Array
}

/**
 * Logged values side by side: one row for each step that any of the runs logged, steps ascending. NaN cells
 * are told apart by `present`.
 */
export interface TablePage {
  steps: Float64Array
  /** `values[row * runs + run]` */
  values: Float64Array
  present: Uint8Array
  /** Rows in all; `steps.length` of them, from `from`, are here. */
  total: number
  from: number
}
