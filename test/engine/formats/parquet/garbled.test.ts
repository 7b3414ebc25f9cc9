import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { levelsOf } from '../../../../src/engine/formats/parquet/decode.ts'
import { type Dropped, dropWhole } from '../../drop.ts'
import { namedFile } from '../../golden-fixtures.ts'
import { doubles, type MadeOptions, made, structure } from './made-table.ts'

/*
 * Flipped bits in files whose pages carry no checksum, as test/fuzz found them: each breaks something that
 * other readers refuse the file for, and is said.
 */

const plain: MadeOptions = { codec: 'UNCOMPRESSED', statistics: false }

describe('text that is no UTF-8', () => {
  it('in a timestamp: at any byte of it, and nothing is said of the healthy file', async () => {
    const bytes = made([...structure(6), doubles('x', [1, 2, 3, 4, 5, 6])], plain)
    expect((await drop(bytes.slice())).said).toEqual([])
    const stamp = '2026-01-01T00:00:03+00:00'
    const at = Buffer.from(bytes).indexOf(stamp)
    for (let i = 0; i < stamp.length; i++) {
      const damaged = bytes.slice()
      damaged[at + i] = (damaged[at + i] as number) ^ 0x80
      expect(await drop(damaged), `byte ${i}`).toMatchObject({ said: [expect.stringMatching(/not UTF-8/)] })
    }
  })

  it('in a run name that looks like another one then', async () => {
    const columns = structure(6, ['a\ufffd', 'aXYZ'])
    const bytes = made([...columns, doubles('x', [1, 2, 3, 4, 5, 6])], plain)
    for (let at = bytes.indexOf(0x58); at >= 0; at = bytes.indexOf(0x58, at + 1))
      // the beginning of an emoji is shown as one replacement character
      if (bytes[at + 1] === 0x59) bytes.set([0xf0, 0x9f, 0x98], at)
    expect((await drop(bytes)).said.join()).toMatch(/not UTF-8/)
  })

  it('in the name of a column below another one', async () => {
    const bytes = fixture('no statistics')
    const at = Buffer.from(bytes).lastIndexOf('\u0004list\u0015')
    bytes[at + 4] = 0xf4
    expect((await drop(bytes)).said.join()).toMatch(/names of columns are not UTF-8 \(vector.lis\ufffd/)
  })
})

describe('a footer', () => {
  it('whose parts that nothing here needs are incomplete: said', async () => {
    const bytes = fixture('pages v2')
    // the kind of page in the statistics of the encodings of space_id
    expect(bytes[7391]).toBe(0x15)
    bytes[7391] = 0x95
    expect((await drop(bytes)).said.join()).toMatch(/damaged: the footer/)
  })
})

describe('the note of the columns', () => {
  it('with an integer of a width that there is none of: said', async () => {
    const bytes = fixture('no nulls allowed')
    // in base64: the 8 bits of the column small become 2056 of them
    expect(bytes[10446]).toBe(0x41)
    bytes[10446] = 0x49
    expect((await drop(bytes)).said.join()).toMatch(/damaged: the note of its columns/)
  })
})

describe('a page', () => {
  // 16 numbers of 4 bits each, then a run of its own
  const two = [0x05, 0x10, 0x32, 0x54, 0x76, 0x10, 0x32, 0x54, 0x76]

  it('whose packed numbers should go on behind its end: refused', () => {
    // 7 groups of 8 numbers in 3 bytes
    const bytes = Uint8Array.from([...two, 0x0f, 0x00, 0x00, 0x00])
    expect(() => levelsOf(bytes, 0, bytes.length, 15, 17)).toThrow('cut off')
  })

  it('whose last group is cut behind the numbers that count: read, as some writers do so', () => {
    const bytes = Uint8Array.from([...two, 0x03, 0x09])
    expect([...levelsOf(bytes, 0, bytes.length, 15, 17)].slice(-2)).toEqual([7, 9])
  })

  it('whose numbers have no bits, though they are not all 0: refused', () => {
    // as a flipped width leaves it: what was packed is no run
    expect(() => levelsOf(Uint8Array.from([0, 0, 0x80, 0x60]), 0, 4, 0, 17)).toThrow('an empty run')
    expect(levelsOf(Uint8Array.from([34]), 0, 1, 0, 17)).toEqual(new Uint8Array(17))
    expect(levelsOf(new Uint8Array(0), 0, 0, 0, 17)).toEqual(new Uint8Array(17))
  })

  it('of brotli whose bytes do not end where its numbers do: said', async () => {
    expect((await drop(fixture('brotli'))).said).toEqual([])
    const bytes = fixture('brotli')
    bytes.fill(0, 813, 848)
    expect((await drop(bytes)).said.join()).toMatch(/step cannot be read: brotli/)
  })
})

function drop(bytes: Uint8Array<ArrayBuffer>): Promise<Dropped> {
  return dropWhole([namedFile('made.parquet', bytes)])
}

function fixture(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    readFileSync(
      join(import.meta.dirname, '..', '..', '..', 'fixtures', 'parquet-odd', 'data', `${name}.parquet`),
    ),
  )
}
