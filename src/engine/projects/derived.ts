import { addFacts, makeFacts } from '../../compute/facts.ts'
import type { RunSeries } from './project.ts'
import { makeSeriesCache } from './series-cache.ts'

/*
 * Derived arrays (smoothed values, relative times) are kept for the series they were last asked for, so that
 * zooming and hovering do not compute them again; one of each sort a series, and 192 MB in all.
 */
interface Derived {
  key: string
  data: Float64Array
  /** What it is, of a series that only grew since. */
  base?: string | undefined
}
const arrays = makeSeriesCache<Derived>(192 << 20, ({ data }) => data.buffer.byteLength)

/**
 * Derived values that are worked out only for what was appended; `tail` gives those from where they differ,
 * `known` being how many there were.
 */
export function growing(
  series: RunSeries,
  what: string,
  tail: (known: number) => { from: number; values: Float64Array },
): Float64Array {
  const base = series.base && `${what}:${series.base}`
  return derived(
    series,
    `${what}:${series.version}`,
    (before) => {
      const data =
        before && base && before.base === base && before.data.length <= series.values.length
          ? before.data
          : undefined
      const { from, values } = tail(data?.length ?? 0)
      return data && from > 0 ? extended(data, from, values) : values
    },
    base,
  )
}

/** A longer view of the same memory where there is room, with new values from an index on. */
function extended(data: Float64Array, from: number, tail: Float64Array): Float64Array {
  const length = from + tail.length
  let room = new Float64Array(data.buffer)
  if (room.length < length) {
    room = new Float64Array(Math.ceil(length * 1.25))
    room.set(data.subarray(0, from))
  }
  room.set(tail, from)
  return room.subarray(0, length)
}

export function derived(
  { identity }: RunSeries,
  key: string,
  make: (before: Derived | undefined) => Float64Array,
  base?: string,
): Float64Array {
  const sort = key.slice(0, key.indexOf(':'))
  const found = arrays.get(identity, sort)
  if (found?.key === key) return found.data
  const data = make(found)
  arrays.put(identity, sort, { key, data, base })
  return data
}

/** What one pass over a series tells, kept for as long as its columns are. */
export interface Running<S> {
  /** Goes on over what was appended since it was last asked for; begins anew where the rows are others. */
  of(series: RunSeries): S
  /** What is known, where it is of this version: nothing is looked at for it. */
  known(identity: object, version: string | undefined): S | undefined
}

/** `add` brings a state that knows the first `count` values of a series to all of them. */
export function makeRunning<S extends { count: number }>(
  make: () => S,
  add: (state: S, series: RunSeries) => void,
): Running<S> {
  const states = new WeakMap<object, { version: string; base: string | undefined; state: S }>()
  const known = (identity: object, version: string | undefined): S | undefined => {
    const found = states.get(identity)
    return found?.version === version ? found?.state : undefined
  }
  return {
    known,
    of(series) {
      const { identity, version, base, values } = series
      const found = states.get(identity)
      if (found?.version === version) return found.state
      const grown = base !== undefined && found?.base === base && found.state.count <= values.length
      const state = grown ? found.state : make()
      add(state, series)
      states.set(identity, { version, base, state })
      return state
    },
  }
}

/** The facts of a series. */
const facts = makeRunning(makeFacts, (known, { values }) => addFacts(known, values))
export const factsOf = facts.of
