import { describe, expect, test } from 'vitest'
import { countLines, searchLines } from '../../../src/engine/files/text-scan.ts'
import { type FileSearch, SLICE, type TextEncoding } from '../../../src/model/file.ts'
import { makeRandom } from '../../random.ts'
import { fileOf, textFile } from './file-of.ts'

const plain = (text: string, more: Partial<FileSearch> = {}): FileSearch => ({
  text,
  matchCase: false,
  pattern: false,
  ...more,
})

/** Lines of several slices, some without letters of one byte. */
function manyLines(seed: number): string[] {
  const next = makeRandom(seed)
  const lines: string[] = []
  for (let letters = 0; letters < SLICE * 2.5; letters += (lines.at(-1) ?? '').length + 1)
    lines.push('loss é → '.repeat(Math.floor(next() * 12)) + (next() < 0.01 ? 'Timeout' : ''))
  return lines
}

describe('lines of a file', () => {
  test.each(['utf-8', 'utf-16le', 'utf-16be'] as const)('are counted by slice: %s', async (encoding) => {
    const lines = manyLines(5)
    const data = encode(lines.join('\n'), encoding)
    const { lines: counts, counted } = await countLines(fileOf('a', data), encoding, {})
    expect(counted).toBe(Math.ceil(data.length / SLICE))
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(lines.length)
    const first = new TextDecoder(encoding).decode(data.subarray(0, SLICE))
    expect(Math.abs((counts[0] ?? 0) - first.split('\n').length)).toBeLessThanOrEqual(1)
  })

  test('an end of a line at the end of the file begins none', async () => {
    expect([...(await countLines(textFile('a', 'x\ny\n'), 'utf-8', {})).lines]).toEqual([2])
    expect([...(await countLines(textFile('a', 'x\ny'), 'utf-8', {})).lines]).toEqual([2])
    expect([...(await countLines(textFile('a', '\n'), 'utf-8', {})).lines]).toEqual([1])
    expect([...(await countLines(textFile('a', ''), 'utf-8', {})).lines]).toEqual([])
  })

  test('counting ends when it is given up, and goes on from there', async () => {
    const file = fileOf('a', new TextEncoder().encode('x\n'.repeat(6 << 20)))
    const abort = new AbortController()
    abort.abort()
    await expect(countLines(file, 'utf-8', { signal: abort.signal })).rejects.toMatchObject({
      name: 'AbortError',
    })
    const { lines } = await countLines(file, 'utf-8', {})
    expect(lines.reduce((sum, n) => sum + n, 0)).toBe(6 << 20)
  })
})

describe('a search', () => {
  test.each(['utf-8', 'utf-16le', 'utf-16be'] as const)(
    'finds each line once, wherever it stands: %s',
    async (encoding) => {
      const lines = manyLines(9)
      const data = encode(lines.join('\n'), encoding)
      const found = await searchLines(fileOf('a', data), encoding, plain('timeout'), {})
      const expected = lines.flatMap((line, i) => (line.includes('Timeout') ? [i] : []))
      expect(expected.length).toBeGreaterThan(20)
      expect([...found.line]).toEqual(expected)
      expect(found.total).toBe(expected.length)
      // the byte is that of the line's beginning
      const decoder = new TextDecoder(encoding)
      for (const [i, at] of found.at.entries())
        expect(decoder.decode(data.subarray(at)).split('\n', 1)[0]).toBe(lines[expected[i] as number])
      // and the lines were counted on the way
      const counted = await countLines(fileOf('a', data), encoding, {})
      expect(found.lines).toEqual(counted.lines)
    },
  )

  test('minds case, or a pattern, where that is asked for', async () => {
    const file = textFile('a', 'Step 1\nstep 22\nno\nSTEP x\n')
    const lines = async (search: FileSearch): Promise<number[]> => [
      ...(await searchLines(file, 'utf-8', search, {})).line,
    ]
    expect(await lines(plain('step'))).toEqual([0, 1, 3])
    expect(await lines(plain('step', { matchCase: true }))).toEqual([1])
    expect(await lines(plain('step \\d+', { pattern: true }))).toEqual([0, 1])
    expect(await lines(plain('^no$', { pattern: true }))).toEqual([2])
    expect(await lines(plain('.'))).toEqual([])
  })

  test('a pattern knows where lines of Windows begin and end, and no byte order mark', async () => {
    const file = textFile('a', '\ufeffloss 1\r\nstep loss\r\nloss')
    const found = async (text: string): Promise<number[]> => [
      ...(await searchLines(file, 'utf-8', plain(text, { pattern: true }), {})).line,
    ]
    expect(await found('loss$')).toEqual([1, 2])
    expect(await found('^loss')).toEqual([0, 2])
  })

  test('a pattern that could take for ever is refused', async () => {
    const file = textFile('a', 'aaaa')
    await expect(searchLines(file, 'utf-8', plain('(a+)+$', { pattern: true }), {})).rejects.toThrow(
      /for ever/,
    )
    await expect(searchLines(file, 'utf-8', plain('(', { pattern: true }), {})).rejects.toThrow(
      /not a regular/,
    )
  })

  test('one line of many megabytes is gone through in parts, and found once', async () => {
    const long = `${'x'.repeat(9 << 20)}needle${'y'.repeat(9 << 20)}needle\nsecond needle\n`
    const found = await searchLines(textFile('a', long), 'utf-8', plain('needle'), {})
    expect([...found.line]).toEqual([0, 1])
    expect([...found.at]).toEqual([0, long.indexOf('second')])
  })
})

function encode(text: string, encoding: TextEncoding): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text)
  const bytes = new Uint8Array(text.length * 2)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), encoding === 'utf-16le')
  return bytes
}
