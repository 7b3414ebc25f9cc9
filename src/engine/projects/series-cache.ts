/** What was worked out from series, kept by slot for the next time that it is asked for. */
export interface SeriesCache<T> {
  get(identity: object, slot: string): T | undefined
  /** Takes the place of what was in the slot; what was longest not used of other series makes room. */
  put(identity: object, slot: string, value: T): void
}

/** What of a cache is counted, and let go of. */
export interface HeldCache {
  /** Bytes that are kept for a series. */
  bytesOf(identity: object): number
  drop(identity: object): void
  /** Of all, those of series that are gone included. */
  size(): number
  clear(): void
}

/** All that were made. */
export const seriesCaches: HeldCache[] = []

/** What is known of a series apart from its values, so that it may be forgotten while this is kept. */
interface Place {
  identity: WeakRef<object>
  bytes: number
}

/**
 * At most `limit` bytes, beyond those of the series that was used last. Holds on to no series (`identity` of
 * RunSeries): what was worked out from a closed source leaves memory with it. Until then its bytes count, as
 * nobody says when that is; they are the oldest soon.
 */
export function makeSeriesCache<T>(limit: number, bytesOf: (value: T) => number): SeriesCache<T> {
  const known = new WeakMap<object, { place: Place; slots: Map<string, T> }>()
  /** Those used last are at the end. */
  const places = new Set<Place>()
  let bytes = 0
  seriesCaches.push({
    bytesOf: (identity) => known.get(identity)?.place.bytes ?? 0,
    drop(identity) {
      const found = known.get(identity)
      if (found) forget(found.place)
    },
    size: () => bytes,
    clear: () => places.forEach(forget),
  })

  return {
    get(identity, slot) {
      const found = known.get(identity)
      if (found) use(found.place)
      return found?.slots.get(slot)
    },
    put(identity, slot, value) {
      const { place, slots } = known.get(identity) ?? {
        place: { identity: new WeakRef(identity), bytes: 0 },
        slots: new Map<string, T>(),
      }
      const before = slots.get(slot)
      const added = bytesOf(value) - (before === undefined ? 0 : bytesOf(before))
      known.set(identity, { place, slots })
      slots.set(slot, value)
      place.bytes += added
      bytes += added
      use(place)
      makeRoom(place)
    },
  }

  function use(place: Place): void {
    places.delete(place)
    places.add(place)
  }

  function makeRoom(kept: Place): void {
    for (const place of places) {
      if (bytes <= limit || place === kept) return
      forget(place)
    }
  }

  function forget(place: Place): void {
    const identity = place.identity.deref()
    if (identity) known.delete(identity)
    places.delete(place)
    bytes -= place.bytes
  }
}
