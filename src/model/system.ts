import type { RunKey } from './run.ts'
import type { ProjectId } from './source.ts'
import type { XAxis, Zoom } from './view.ts'

/** Which samples of the machines that runs ran on. `metrics` as charts name them: `gpu/power` is of all devices. */
export interface SystemQuery {
  /** As `systemOf` makes it. */
  project: ProjectId
  runs: RunKey[]
  metrics: string[]
  /** Devices that count; all without. */
  devices?: string[] | undefined
  x: XAxis
  /** Only samples in this stretch of the x axis, ends included; all without. */
  zoom?: Zoom | undefined
  /** Samples below this count as idle. */
  idleBelow: number
}

/**
 * Single numbers of system metrics, over all devices of a run: in every array, that of metric m and run r is
 * entry `m * runs.length + r`. A run without samples has count 0 and NaN.
 */
export interface SystemStats {
  metrics: string[]
  runs: RunKey[]
  /** Samples of all devices, and how many of them are NaN or infinite. */
  count: Uint32Array
  nonFinite: Uint32Array
  devices: Uint32Array
  /** Of the finite samples: mean, least, greatest, the 5 % quantile (linear between samples, as numpy's), the last. */
  mean: Float64Array
  min: Float64Array
  max: Float64Array
  p5: Float64Array
  last: Float64Array
  /** Share of the finite samples that are below `idleBelow`. */
  idle: Float64Array
  /** Sum over the devices of each one's mean. */
  sum: Float64Array
  /**
   * Sum over the devices of the integral over time, in the metric's unit times seconds, by trapezoids; over a
   * gap nothing is added. And the seconds that were integrated, of the device with the most.
   */
  integral: Float64Array
  seconds: Float64Array
  /** Gaps of the device with the most, and the seconds of the longest. */
  gaps: Uint32Array
  longestGap: Float64Array
  /** Where the greatest sample stands, the first of equal ones: its step, its time in ms since 1970, its device. */
  maxStep: Float64Array
  maxTime: Float64Array
  /** Index into `deviceNames`; −1 where the metric is of no device. */
  maxDevice: Int32Array
  deviceNames: string[]
  /** From all rows of the project. */
  exact: boolean
}

/** A picture of many devices over x: a row of cells each. */
export interface StripQuery {
  project: ProjectId
  metric: string
  /** Keys of lines, one a row (`deviceKey`). */
  lines: string[]
  x: XAxis
  zoom?: Zoom | undefined
  /** Cells of a row. */
  width: number
}

export interface Strip {
  /** Ends of the x axis, and of all there is. */
  x: [number, number]
  xFull: [number, number]
  /**
   * Mean of the samples of each cell, `means[line * width + cell]`. A cell between two samples has that of the
   * earlier one; NaN within a gap, and before the first and after the last sample.
   */
  means: Float32Array
  /** By line: mean of the finite samples in view, samples in view, seconds of the longest gap in view. */
  mean: Float64Array
  samples: Uint32Array
  longestGap: Float64Array
  /** Least and greatest finite sample in view. */
  low: number
  high: number
  exact: boolean
}

/** The samples at a place of the x axis. */
export interface SamplesQuery {
  project: ProjectId
  metric: string
  lines: string[]
  x: XAxis
  at: number
}

/**
 * By line: the last sample at or before `at`, and all that have the same x (the samples of a step): their mean
 * and number. NaN and 0 where there is none, and where a gap lies between.
 */
export interface Samples {
  mean: Float64Array
  count: Uint32Array
  x: Float64Array
  times: Float64Array
}
