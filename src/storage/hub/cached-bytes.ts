import { isAbort } from '../../model/errors.ts'
import { type Bytes, memoryBytes } from '../bytes.ts'
import { planRead } from './hub-blocks.ts'
import type { KeptFile } from './hub-cache.ts'
import type { RangeSource, Span } from './hub-ranges.ts'

/** Bytes of what was fetched that stay in memory where they cannot be kept elsewhere. */
const IN_MEMORY = 16 << 20

/** A span of the file that is here, or on its way. */
interface Segment extends Span {
  bytes: Bytes | undefined
  coming: Promise<Uint8Array> | undefined
  where: 'store' | 'memory' | 'on its way'
}

export interface LoadOptions {
  signal?: AbortSignal | undefined
  /** Bytes of this read that have come over the network. */
  onBytes?: ((bytes: number) => void) | undefined
}

export interface KeptBytes extends Bytes {
  load(offset: number, length: number, options?: LoadOptions): Promise<Uint8Array>
}

/**
 * A far file, read in blocks: what came once is kept in the cache (or, without one, for a while in memory)
 * and not asked for again.
 */
export function keptBytes(source: RangeSource, kept?: KeptFile): KeptBytes {
  const { size } = source
  let segments: Segment[] = (kept?.spans ?? []).map((span) => ({
    ...span,
    coming: undefined,
    where: 'store',
  }))
  return { size, read, load }

  async function load(offset: number, length: number, options: LoadOptions = {}): Promise<Uint8Array> {
    const want = spanOf(offset, length)
    if (want.end <= want.start) return new Uint8Array(0)
    const { signal } = options
    const report = options.onBytes && makeSum(options.onBytes)
    const plan = planRead(want, size, segments)
    const here = segments
    const taken = plan.take.map(({ index, start, end }) => partOf(here[index], start, end, signal))
    const parts = await Promise.all([
      ...taken,
      ...plan.fetch.map((span) => fetched(span, want, signal, report?.())),
    ])
    signal?.throwIfAborted()
    // what was kept may be gone (forgotten, or dropped by another tab), or somebody else gave it up: once
    // more, without it
    return parts.every((part) => part !== undefined) ? joined(want, parts) : load(offset, length, options)
  }

  function read(offset: number, length: number): Uint8Array {
    const want = spanOf(offset, length)
    if (want.end <= want.start) return new Uint8Array(0)
    const here = segments.filter(({ bytes }) => bytes)
    const plan = planRead(want, size, here)
    const parts = plan.take.map(({ index, start, end }) => {
      const segment = here[index]
      try {
        return segment?.bytes && { start, data: segment.bytes.read(start - segment.start, end - start) }
      } catch {
        // as above: it is not there any more
        dropSegment(segment)
        return undefined
      }
    })
    if (!parts.every((part) => part !== undefined)) return read(offset, length)
    for (const span of plan.fetch) {
      const data = source.read(span)
      arrived(addSegment(span), data)
      parts.push(clipped(span, want, data))
    }
    return joined(want, parts)
  }

  function spanOf(offset: number, length: number): Span {
    return { start: Math.max(0, offset), end: Math.min(size, offset + length) }
  }

  function addSegment(span: Span): Segment {
    const segment: Segment = { ...span, bytes: undefined, coming: undefined, where: 'on its way' }
    segments.push(segment)
    return segment
  }

  async function fetched(
    span: Span,
    want: Span,
    signal?: AbortSignal | undefined,
    onBytes?: (bytes: number) => void,
  ): Promise<Part> {
    const segment = addSegment(span)
    segment.coming = source.load(span, { signal, onBytes })
    try {
      const data = await segment.coming
      arrived(segment, data)
      return clipped(span, want, data)
    } catch (cause) {
      dropSegment(segment)
      throw cause
    }
  }

  function arrived(segment: Segment, data: Uint8Array): void {
    segment.bytes = memoryBytes(data)
    segment.coming = undefined
    segment.where = 'memory'
    void kept?.keep(segment, data).then((bytes) => {
      if (!bytes || !segments.includes(segment)) return
      segment.bytes = bytes
      segment.where = 'store'
    })
    trim()
  }

  async function partOf(
    segment: Segment | undefined,
    start: number,
    end: number,
    signal?: AbortSignal | undefined,
  ): Promise<Part | undefined> {
    if (!segment) return undefined
    if (!segment.bytes) {
      try {
        const data = await segment.coming
        return data && { start, data: data.subarray(start - segment.start, end - segment.start) }
      } catch (cause) {
        if (isAbort(cause) && !signal?.aborted) return undefined
        throw cause
      }
    }
    try {
      return { start, data: await segment.bytes.load(start - segment.start, end - start) }
    } catch {
      dropSegment(segment)
      return undefined
    }
  }

  function dropSegment(segment: Segment | undefined): void {
    segments = segments.filter((one) => one !== segment)
    if (segment?.where === 'store') kept?.drop(segment)
  }

  /** What is only in memory goes, oldest first. */
  function trim(): void {
    let left = IN_MEMORY
    for (const segment of [...segments].reverse()) {
      if (segment.where !== 'memory') continue
      left -= segment.end - segment.start
      if (left < 0) segments = segments.filter((one) => one !== segment)
    }
  }
}

/** Bytes of the wanted span, from `start` of the file on. */
interface Part {
  start: number
  data: Uint8Array
}

function clipped(span: Span, want: Span, data: Uint8Array): Part {
  const start = Math.max(span.start, want.start)
  return { start, data: data.subarray(start - span.start, Math.min(span.end, want.end) - span.start) }
}

function joined(want: Span, parts: Part[]): Uint8Array {
  const [only] = parts
  if (only && parts.length === 1) return only.data
  const whole = new Uint8Array(want.end - want.start)
  for (const { start, data } of parts) whole.set(data, start - want.start)
  return whole
}

/** Gives out reporters whose last reports are added up. */
function makeSum(onBytes: (bytes: number) => void): () => (bytes: number) => void {
  const parts: number[] = []
  return () => {
    const index = parts.push(0) - 1
    return (bytes) => {
      parts[index] = bytes
      onBytes(parts.reduce((sum, part) => sum + part, 0))
    }
  }
}
