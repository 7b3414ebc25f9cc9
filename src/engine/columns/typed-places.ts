/*
 * Where the values with a `_type` stand (images, tables, histograms, …): 12 bytes each. The values themselves
 * are read again where they lie.
 */

/** In the order of rows. `rows`: places among the run's rows; `keys`, `kinds`: numbers of the KeyTable. */
export interface TypedPlaces {
  length: number
  rows: Uint32Array
  keys: Uint32Array
  kinds: Uint32Array
  /** Grows by itself with each change. */
  version: number
}

export function makeTypedPlaces(): TypedPlaces {
  const none = new Uint32Array(0)
  return { length: 0, rows: none, keys: none, kinds: none, version: 0 }
}

export function pushTyped(typed: TypedPlaces, row: number, key: number, kind: number): void {
  const n = typed.length
  if (n === typed.rows.length) resize(typed, Math.max(8, n * 2))
  typed.rows[n] = row
  typed.keys[n] = key
  typed.kinds[n] = kind
  typed.length = n + 1
  typed.version++
}

/** `places[row]` is where a row goes. */
export function replaceTyped(typed: TypedPlaces, places: Uint32Array): void {
  for (let i = 0; i < typed.length; i++) typed.rows[i] = places[typed.rows[i] as number] as number
  sortTyped(typed)
}

/** Into the order of rows; values of one row stay as they came. */
export function sortTyped(typed: TypedPlaces): void {
  const { rows, length } = typed
  const by = Uint32Array.from({ length }, (_, i) => i).sort(
    (a, b) => (rows[a] as number) - (rows[b] as number) || a - b,
  )
  for (const name of ['rows', 'keys', 'kinds'] as const) {
    const from = typed[name]
    typed[name] = Uint32Array.from(by, (i) => from[i] as number)
  }
  typed.version++
}

/** Gives back the memory that growing left unused. */
export function trimTyped(typed: TypedPlaces): void {
  if (typed.rows.length > Math.max(8, typed.length * 1.2)) resize(typed, typed.length)
}

function resize(typed: TypedPlaces, capacity: number): void {
  for (const name of ['rows', 'keys', 'kinds'] as const) {
    const wider = new Uint32Array(capacity)
    wider.set(typed[name].subarray(0, Math.min(typed.length, capacity)))
    typed[name] = wider
  }
}
