import { describe, expect, test } from 'vitest'
import { codePieces, logTokens, visibleCode } from '../../src/compute/code-pieces.ts'
import { guessKind } from '../../src/compute/file-kind.ts'

describe('pieces of a line', () => {
  test('are cut where a token or a hit begins or ends, and say all of it', () => {
    const line = 'def loss(x): return x'
    const tokens = [
      { from: 0, end: 3, kind: 'tok-keyword' },
      { from: 13, end: 19, kind: 'tok-keyword' },
    ]
    const pieces = codePieces(line, tokens, [[2, 6]])
    expect(pieces.map(({ text, kind, hit }) => [text, kind, hit])).toEqual([
      ['de', 'tok-keyword', false],
      ['f', 'tok-keyword', true],
      [' lo', '', true],
      ['ss(x): ', '', false],
      ['return', 'tok-keyword', false],
      [' x', '', false],
    ])
    expect(pieces.map(({ text }) => text).join('')).toBe(line)
  })

  test('what would have code read otherwise than it runs is seen', () => {
    expect(visibleCode('a\u202eb\u2066c\u200bd')).toBe('a⟨RLO⟩b⟨LRI⟩c⟨ZWSP⟩d')
    expect(visibleCode('\x1b[31mred\x1b[0m\t\x07\x85')).toBe('␛[31mred␛[0m\t␇⟨U+0085⟩')
  })

  test('a log says when and how grave', () => {
    const kinds = (line: string): string[] =>
      logTokens(line).map(({ from, end, kind }) => `${kind} ${line.slice(from, end)}`)
    expect(kinds('10:41:02,204 WARN python tool')).toEqual(['log-quiet 10:41:02,204', 'log-warn WARN'])
    expect(kinds('[2026-11-26T10:41:02Z] ERROR x')).toEqual([
      'log-quiet [2026-11-26T10:41:02Z]',
      'log-error ERROR',
    ])
    expect(kinds('no errors here')).toEqual([])
  })
})

describe('what a file is', () => {
  const guess = (name: string, ...bytes: number[]) => guessKind(name, Uint8Array.from(bytes), bytes.length)
  const text = (name: string, words: string) => {
    const bytes = new TextEncoder().encode(words)
    return guessKind(name, bytes, bytes.length)
  }
  test('its first bytes say before its name does', () => {
    expect(text('a.txt', 'SQLite format 3\0…').kind).toBe('sqlite')
    expect(text('a.csv', 'PAR1…').kind).toBe('parquet')
    expect(guess('a.csv', 80, 75, 3, 4, 0).kind).toBe('archive')
    expect(guess('a', 0x93, 78, 85, 77, 80, 89, 1).kind).toBe('tensors')
    expect(text('model', 'GGUF').kind).toBe('tensors')
  })
  test('a text is what its name says', () => {
    const names = ['a.json', 'a.jsonl', 'a.CSV', 'a.tsv', 'a.md', 'a.html', 'a.py', 'Makefile']
    expect(names.map((name) => text(name, 'x').kind)).toEqual([
      ...['json', 'jsonl', 'csv', 'tsv', 'markdown', 'html', 'text', 'text'],
    ])
    expect(text('a.json', '').kind).toBe('empty')
  })
  test('a zero makes it binary, but for a mark that says otherwise; a log has colours', () => {
    expect(guess('a.txt', 104, 0, 105).kind).toBe('binary')
    expect(guess('a.txt', 0xff, 0xfe, 104, 0)).toMatchObject({ kind: 'text', encoding: 'utf-16le', mark: 2 })
    expect(guess('a.txt', 0xef, 0xbb, 0xbf, 104)).toMatchObject({ kind: 'text', encoding: 'utf-8', mark: 3 })
    expect(text('a.log', '\x1b[31mred\x1b[0m').kind).toBe('text')
    expect(guess('a.log', ...Array.from({ length: 64 }, (_, i) => (i % 2 ? 1 : 65))).kind).toBe('binary')
  })
})
