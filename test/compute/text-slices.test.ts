import { describe, expect, test } from 'vitest'
import { lineMap, linesOf, rangeOf, sliceAt } from '../../src/compute/text-slices.ts'
import { SLICE, type TextEncoding } from '../../src/model/file.ts'
import { makeRandom } from '../random.ts'

function encoded(text: string, encoding: TextEncoding): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text)
  const bytes = new Uint8Array(text.length * 2)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), encoding === 'utf-16le')
  return bytes
}

/** All lines of a file, slice by slice, and how many each slice has. */
function sliced(file: Uint8Array, encoding: TextEncoding, mark = 0) {
  const counts: number[] = []
  const lines: string[] = []
  for (let slice = 0; slice * SLICE < file.length; slice++) {
    const { from, count } = rangeOf(slice, file.length)
    const found = linesOf(file.subarray(from, from + count), slice, file.length, encoding, mark)
    expect(found.cut).toBe(false)
    counts.push(found.lines.length)
    lines.push(...found.lines)
  }
  return { counts, lines }
}

describe('lines by slices', () => {
  test.each(['utf-8', 'utf-16le', 'utf-16be'] as const)('together are those of the file: %s', (encoding) => {
    const next = makeRandom(3)
    const written: string[] = []
    let letters = 0
    while (letters < SLICE * 1.6) {
      // lines whose ends fall on every place around the end of a slice, empty ones among them
      const line = 'aé→x'.repeat(Math.floor(next() * 40)).slice(0, Math.floor(next() * 90))
      written.push(next() < 0.1 ? '' : line)
      letters += line.length + 1
    }
    for (const end of ['\n', '']) {
      const file = encoded(written.join('\n') + end, encoding)
      const expected = end === '' && written.at(-1) === '' ? written.slice(0, -1) : written
      expect(sliced(file, encoding).lines).toEqual(expected)
    }
  })

  test('a line that begins with the slice is of that slice', () => {
    const file = encoded(`${'x'.repeat(SLICE - 1)}\nsecond\n`, 'utf-8')
    expect(sliced(file, 'utf-8').counts).toEqual([1, 1])
  })

  test('ends of lines of Windows are ends; a byte order mark is no letter', () => {
    const file = new Uint8Array([0xef, 0xbb, 0xbf, ...encoded('a\r\nb\r\n', 'utf-8')])
    expect(sliced(file, 'utf-8', 3).lines).toEqual(['a', 'b'])
  })

  test('a line longer than what is read of it says so, and no half of a letter is shown', () => {
    const file = encoded('é'.repeat(SLICE), 'utf-8')
    const { from, count } = rangeOf(0, file.length)
    const found = linesOf(file.subarray(from, from + count), 0, file.length, 'utf-8', 0)
    expect([found.lines.length, found.cut, found.invalid]).toEqual([1, true, 0])
    // what begins nowhere in a slice has no lines there
    const second = rangeOf(1, file.length)
    const rest = linesOf(file.subarray(second.from), 1, file.length, 'utf-8', 0)
    expect(rest.lines).toEqual([])
  })

  test('bytes that are no letters are counted, and � itself is none of them', () => {
    const file = new Uint8Array([...encoded('a�b', 'utf-8'), 0xff, 0x0a, 0xfe, 0x0a])
    const found = linesOf(file, 0, file.length, 'utf-8', 0)
    expect(found.lines).toEqual(['a�b�', '�'])
    expect(found.invalid).toBe(2)
  })
})

describe('rows of slices', () => {
  test('those that were not counted have as many as the others, on the average', () => {
    const size = SLICE * 3 + SLICE / 2
    const map = lineMap(Int32Array.from([100, -1, 300, -1]), size)
    // 400 lines in two slices: 200 each
    expect([...map.starts]).toEqual([0, 100, 300, 600, 700])
    expect(map.exact).toBe(1)
    expect([0, 99, 100, 299, 300, 650, 9999].map((row) => sliceAt(map, row))).toEqual([0, 0, 1, 1, 2, 3, 3])
  })

  test('once all are counted every number is exact', () => {
    const map = lineMap(Int32Array.from([2, 0, 1]), SLICE * 3)
    expect(map.exact).toBe(3)
    expect([...map.starts]).toEqual([0, 2, 2, 3])
    // a slice in which no line begins has no row
    expect([0, 1, 2].map((row) => sliceAt(map, row))).toEqual([0, 0, 2])
  })
})
