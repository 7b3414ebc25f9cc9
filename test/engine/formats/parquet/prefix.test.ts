import { snappyUncompress } from 'hyparquet'
import { ByteWriter } from 'hyparquet-writer'
import { writePageHeader } from 'hyparquet-writer/src/datapage.js'
import { snappyCompress } from 'hyparquet-writer/src/snappy.js'
import { describe, expect, it } from 'vitest'
import type { Page } from '../../../../src/engine/formats/parquet/page-index.ts'
import type { Chunk } from '../../../../src/engine/formats/parquet/parquet-table.ts'
import { prefixBytes, readPrefix, unsnap } from '../../../../src/engine/formats/parquet/prefix.ts'
import { makeRandom } from '../../../random.ts'

/** A chunk of doubles, as far as a page of it is looked at. */
function chunkOf(
  codec: 'SNAPPY' | 'UNCOMPRESSED',
  repetition_type: 'OPTIONAL' | 'REQUIRED' = 'OPTIONAL',
): Chunk {
  const element = { name: 'x', type: 'DOUBLE', repetition_type } as const
  const path = [{ element: { name: 'schema' } }, { element }].map((one) => ({
    ...one,
    children: [],
    path: [],
    count: 0,
  }))
  const leaf = { index: 0, path, element }
  return {
    leaf,
    meta: { codec, type: 'DOUBLE' },
    start: 0,
    end: 0,
    rows: 0,
    index: undefined,
  } as unknown as Chunk // all that is looked at
}

/** A page as parquet-cpp writes them by default: the levels of all rows, packed together with the values. */
function pageOne(
  values: (number | null)[],
  codec: 'SNAPPY' | 'UNCOMPRESSED',
): { bytes: Uint8Array; page: Page } {
  const present = values.filter((value) => value !== null)
  const bits = new Uint8Array(Math.ceil(values.length / 8))
  values.forEach((value, i) => {
    if (value !== null) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7))
  })
  // one run of bit-packed levels: its length in groups of 8, shifted, plus one
  const groups = (bits.length << 1) | 1
  const head =
    groups < 128
      ? [groups]
      : groups < 16384
        ? [(groups & 127) | 128, groups >> 7]
        : [(groups & 127) | 128, ((groups >> 7) & 127) | 128, groups >> 14]
  const raw = new Uint8Array(4 + head.length + bits.length + present.length * 8)
  const view = new DataView(raw.buffer)
  view.setUint32(0, head.length + bits.length, true)
  raw.set(head, 4)
  raw.set(bits, 4 + head.length)
  for (const [i, value] of present.entries())
    view.setFloat64(4 + head.length + bits.length + i * 8, value, true)
  const packed = codec === 'SNAPPY' ? snappyCompress(raw) : raw
  const writer = new ByteWriter()
  writePageHeader(writer, {
    type: 'DATA_PAGE',
    uncompressed_page_size: raw.length,
    compressed_page_size: packed.length,
    data_page_header: {
      num_values: values.length,
      encoding: 'PLAIN',
      definition_level_encoding: 'RLE',
      repetition_level_encoding: 'RLE',
    },
  })
  writer.appendBytes(packed)
  const bytes = writer.getBytes()
  return { bytes, page: { start: 0, end: bytes.length, row: 0, rows: values.length } }
}

describe('unsnap', () => {
  const random = makeRandom(3)
  const texts = new TextEncoder().encode(
    Array.from({ length: 4000 }, (_, i) => `2026-01-01T00:${i % 60}:${(i * 7) % 60} loss ${i % 13}`).join(),
  )
  const noise = Uint8Array.from({ length: 200_000 }, () => random() * 256)
  const runs = Uint8Array.from({ length: 70_000 }, (_, i) => (i % 5000 < 4000 ? 7 : i))

  it.each([
    ['text that repeats itself', texts],
    ['noise, in long literals', noise],
    ['runs of one byte, whose copies read what they write', runs],
  ])('unpacks the beginning of %s', (_, data) => {
    const packed = snappyCompress(data)
    for (const part of [20, 100, 1000, 5000, packed.length - 1, packed.length]) {
      const got = unsnap(packed.subarray(0, part), data.length)
      expect(got.length).toBeLessThanOrEqual(data.length)
      expect(Buffer.compare(got, data.subarray(0, got.length))).toBe(0)
      if (part === packed.length) expect(got.length).toBe(data.length)
    }
    const wanted = unsnap(packed, 3000)
    expect(wanted.length).toBeGreaterThanOrEqual(3000)
    expect(Buffer.compare(wanted, data.subarray(0, wanted.length))).toBe(0)
    const whole = new Uint8Array(data.length)
    snappyUncompress(packed, whole)
    expect(Buffer.compare(whole, data)).toBe(0)
  })

  it('refuses a copy of what is not there', () => {
    // length 100, then a copy of four bytes from nine before
    expect(() => unsnap(Uint8Array.from([100, 0x01, 9]), 100)).toThrow(
      'snappy: a copy from 9 bytes before, of 0',
    )
  })
})

describe.each(['SNAPPY', 'UNCOMPRESSED'] as const)('the first rows of a page, %s', (codec) => {
  const random = makeRandom(5)
  const dense = Array.from({ length: 20_000 }, () => random())
  const gaps = dense.map((value) => (random() < 0.3 ? null : value))

  it.each([
    ['without nulls', dense],
    ['with nulls', gaps],
  ])('come from its first bytes, %s', (_, values) => {
    const { bytes, page } = pageOne(values, codec)
    const chunk = chunkOf(codec)
    const wanted = prefixBytes(chunk, page, 700)
    expect(wanted).toBeLessThan(9000)
    const got = readPrefix(chunk, page, bytes.subarray(0, wanted), 700)
    expect(got).toEqual(values.slice(0, 700))
  })

  it('are told to be too few bytes rather than made up', () => {
    const { bytes, page } = pageOne(gaps, codec)
    const chunk = chunkOf(codec)
    // within the levels, which come first
    for (const length of [0, 5, 40, 1000])
      expect(readPrefix(chunk, page, bytes.subarray(0, length), 700)).toBeUndefined()
    const some = readPrefix(chunk, page, bytes.subarray(0, 4000), 700)
    expect(some?.length).toBeGreaterThan(50)
    expect(some).toEqual(gaps.slice(0, some?.length))
  })

  it('of a small page are read with all of it', () => {
    const { page } = pageOne(dense.slice(0, 1000), codec)
    expect(prefixBytes(chunkOf(codec), page, 700)).toBeUndefined()
  })
})
