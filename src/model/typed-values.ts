import type { Reading } from './catalogue.ts'
import type { RunKey } from './run.ts'
import type { Notice } from './source.ts'

/** Where a value lies: `row` is the place of its row among the run's rows, as in `runRows`. */
export interface ValuePlace {
  run: RunKey
  key: string
  row: number
}

/**
 * Which logged values have a `_type` (images, tables, histograms, …), of the rows read so far: an index, not
 * the values. Arrays of one length, an entry for each value, ordered by run, then by row.
 */
export interface TypedValues {
  /** Runs that hold some, in the order of the catalogue. */
  runs: RunKey[]
  keys: string[]
  /** `trackio.image`, `trackio.table`, …: any text that a value has for its `_type`. */
  kinds: string[]
  /** Places in `runs`, `keys` and `kinds`. */
  run: Int32Array
  key: Int32Array
  kind: Int32Array
  /** Place of the row among the run's rows. It holds while `version` is the same. */
  row: Int32Array
  /** NaN where none was logged. */
  step: Float64Array
  /** ms since 1970, NaN where it cannot be read as a time. */
  time: Float64Array
  reading: Reading
  /** Every row was read: there are no others. */
  complete: boolean
  /** What could not be read. */
  notices: Notice[]
  /** Differs whenever anything of the above does. */
  version: string
}
