/** Which bytes of a file were read, in blocks of 4 KiB. */
export interface Coverage {
  add(from: number, count: number): void
  /** Bytes, none counted twice, and in how many stretches they lie. */
  read(): { bytes: number; stretches: number }
}

const BLOCK = 4096

/** Of a file of `size` bytes: 32 kB are kept for each gigabyte of it. */
export function makeCoverage(size: number): Coverage {
  const blocks = Math.ceil(size / BLOCK)
  const bits = new Uint8Array(Math.ceil(blocks / 8))
  const has = (block: number): boolean => ((bits[block >> 3] ?? 0) & (1 << (block & 7))) !== 0
  let count = 0
  let stretches = 0
  return {
    add(from, length) {
      if (length <= 0) return
      const end = Math.min(blocks, Math.ceil((from + length) / BLOCK))
      for (let block = Math.floor(from / BLOCK); block < end; block++) {
        if (has(block)) continue
        const beside = (block > 0 && has(block - 1) ? 1 : 0) + (block + 1 < blocks && has(block + 1) ? 1 : 0)
        bits[block >> 3] = (bits[block >> 3] ?? 0) | (1 << (block & 7))
        count++
        stretches += 1 - beside
      }
    },
    read() {
      const short = blocks > 0 && has(blocks - 1) ? blocks * BLOCK - size : 0
      return { bytes: count * BLOCK - short, stretches }
    },
  }
}
