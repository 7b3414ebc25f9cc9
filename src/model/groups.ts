import type { RunKey } from './run.ts'

/** What stands for the runs of a group. `iqm`: the mean of the middle half (interquartile mean). */
export const STATISTICS = ['mean', 'median', 'iqm'] as const
export type GroupStatistic = (typeof STATISTICS)[number]

/**
 * How the runs of a group spread around it. `t95`: 95 % interval of the mean by Student's t; `bootstrap`: of
 * the line, from resampled runs; `sem`, `std`: standard error and deviation; `range`: least to greatest.
 */
export const BANDS = ['t95', 'bootstrap', 'sem', 'std', 'quartiles', 'range', 'none'] as const
export type GroupBand = (typeof BANDS)[number]

/** Of fewer runs no band is drawn, and no group line: the runs stand for themselves. */
export const LEAST_RUNS = 3

/** Lines of groups, asked for in place of lines of their runs. */
export interface GroupLines {
  list: GroupRuns[]
  statistic: GroupStatistic
  band: GroupBand
  /** The runs' own lines stand thin behind their group's. */
  both: boolean
}

export interface GroupRuns {
  /** Of the line: `g:` and the group's value; no run has such a key. */
  id: string
  /** Shown runs, in the order of the frame. */
  runs: RunKey[]
  /**
   * Each of them has a partner in the baseline's group (`BaseLine.partners`): differences are taken by seed, and
   * the line is of these. Without it a difference is taken from group to group.
   */
  paired?: boolean | undefined
}

/** What lines are differences to: a run, or a group's line. */
export interface BaseLine {
  runs: RunKey[]
  /** A group of one run is a group all the same. */
  group: boolean
  statistic: GroupStatistic
  /** The run of the same seed in a baseline group, which then stands for it. */
  partners?: Readonly<Record<RunKey, RunKey>> | undefined
}

/** What a frame of group lines says beside its lines. */
export interface GroupFacts {
  /** For each entry of `ends`: runs behind the line; 0 of a line that is a run's own. */
  runs: Uint32Array
  /** Groups too small for a line. */
  small: number
  /**
   * Most places at which lines were worked out, and bands; Infinity where every logged x in view is one.
   */
  linePlaces: number
  bandPlaces: number
  /** Best logged value in view of all runs, where the metric has a good end. */
  best?: { run: RunKey; x: number; value: number } | undefined
}

/** Areas around lines, line i in [starts[i], starts[i + 1]); a NaN in `low` parts two stretches. */
export interface Bands {
  starts: Uint32Array
  xs: Float64Array
  low: Float64Array
  high: Float64Array
}

/** Of each group asked for at the crosshair; NaN and 0 of runs. */
export interface GroupProbe {
  low: Float64Array
  high: Float64Array
  /** Runs that have a value there. */
  n: Uint32Array
  /** Pairs of a run of the group and one of the baseline's group, and those in which the first is greater (half where equal). */
  pairs: Uint32Array
  above: Float64Array
}

/**
 * Values of groups by x, a row for each x that one of their runs logged, x ascending; a group of too few runs has
 * an entry for each of its runs. Entry `row * lines.length + line`; NaN, and n 0, where a line has none.
 */
export interface GroupPage {
  /** Ids of groups and keys of runs. */
  lines: string[]
  xs: Float64Array
  value: Float64Array
  low: Float64Array
  high: Float64Array
  n: Uint32Array
  /** Rows in all; `xs.length` of them, from `from`, are here. */
  total: number
  from: number
}
