import { type Bytes, memoryBytes } from '../../src/storage/bytes.ts'

/** Bytes in memory that note each range that was asked for. */
export interface CountedBytes extends Bytes {
  /** [offset, length] of each call, clipped to what is there. */
  reads: [number, number][]
  loads: [number, number][]
  /** Bytes handed out by both. */
  bytes(): number
}

export function countedBytes(data: Uint8Array): CountedBytes {
  const memory = memoryBytes(data)
  const clip = (offset: number, length: number): [number, number] => [
    offset,
    Math.max(0, Math.min(length, data.length - offset)),
  ]
  const counted: CountedBytes = {
    size: data.length,
    reads: [],
    loads: [],
    read(offset, length) {
      counted.reads.push(clip(offset, length))
      return memory.read(offset, length)
    },
    load(offset, length) {
      counted.loads.push(clip(offset, length))
      return memory.load(offset, length)
    },
    bytes: () => [...counted.reads, ...counted.loads].reduce((sum, [, length]) => sum + length, 0),
  }
  return counted
}
