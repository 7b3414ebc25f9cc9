/** Numbers in [0, 1) from a seed, the same on every machine (mulberry32). */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T
}

/** Doubles of every magnitude: 64 random bits, drawn again when they are no finite number. */
export function makeRandomDouble(random: () => number): () => number {
  const bits = new DataView(new ArrayBuffer(8))
  return () => {
    for (;;) {
      bits.setUint32(0, random() * 2 ** 32)
      bits.setUint32(4, random() * 2 ** 32)
      const value = bits.getFloat64(0)
      if (Number.isFinite(value)) return value
    }
  }
}
