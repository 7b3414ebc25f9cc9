/** A metric of a project. */
export interface MetricInfo {
  /** Any string, '' included. */
  name: string
  /** Numeric points read so far over all runs, NaN and infinities included. */
  points: number
  /** The largest number of points in one run: 1 means single values, drawn as bars. */
  mostInOneRun: number
  /** Every value so far was written as an integer. */
  integer: boolean
  /** Integers beyond ±2^53, shown as the nearest double. */
  beyondSafe: number
}

/** A key that holds values other than numbers; drawn by other pages. */
export interface OtherKey {
  name: string
  /** 'string' | 'bool' | 'list' | 'dict' | 'trackio.image' … with how many rows hold each. */
  kinds: Record<string, number>
}

/**
 * One metric of one run: only the points that were logged, in row order (timestamp, then id). Non-finite
 * values are kept as logged. `steps`, `values` and `times` (ms since 1970, NaN where unreadable) have one
 * length.
 */
export interface Series {
  steps: Float64Array
  values: Float64Array
  times: Float64Array
}
