import { expect, test } from 'vitest'
import { diffWords, type Piece } from '../../src/compute/word-diff.ts'
import { makeRandom } from '../random.ts'

const marked = (before: string, after: string): string =>
  diffWords(before, after)
    .pieces.map(({ kind, text }) => (kind === 'same' ? text : kind === 'del' ? `[-${text}-]` : `{+${text}+}`))
    .join('')

test('words that differ are marked, the rest stands', () => {
  expect(marked('You are a helpful assistant.', 'You are a careful assistant.')).toBe(
    'You are a [-helpful-]{+careful+} assistant.',
  )
  expect(marked('same', 'same')).toBe('same')
  expect(marked('', 'new words')).toBe('{+new words+}')
  expect(marked('old', '')).toBe('[-old-]')
})

test('a number with its separators, and a tag, are one word', () => {
  expect(marked('at most 12,400 tokens', 'at most 12,800 tokens')).toBe('at most [-12,400-]{+12,800+} tokens')
  expect(marked('with lr 1e-5 in <think> tags', 'with lr 1e-4 in <plan> tags')).toBe(
    'with lr [-1e-5-]{+1e-4+} in [-<think>-]{+<plan>+} tags',
  )
})

test('what is equal for less than four letters between two changes joins them', () => {
  expect(marked('one a two of the rest', 'six a ten of the rest')).toBe(
    '[-one a two-]{+six a ten+} of the rest',
  )
  expect(marked('one with two', 'six with ten')).toBe('[-one-]{+six+} with [-two-]{+ten+}')
})

test('both texts come back from the pieces, whatever they are', () => {
  const random = makeRandom(7)
  const words = ['a', 'be', 'sea', ' ', '\n', '12.5', '<x>', ',', 'naïve', '日本', '🙂']
  for (let i = 0; i < 300; i++) {
    const text = (): string =>
      Array.from(
        { length: Math.floor(random() * 40) },
        () => words[Math.floor(random() * words.length)],
      ).join('')
    const [before, after] = [text(), text()]
    const { pieces, whole } = diffWords(before, after)
    expect(whole).toBe(true)
    expect(without(pieces, 'ins')).toBe(before)
    expect(without(pieces, 'del')).toBe(after)
  }
})

test('texts with too much between them are replaced as a whole, in time', () => {
  const many = (word: string) => Array.from({ length: 20_000 }, (_, i) => `${word}${i} `).join('')
  const { pieces, whole } = diffWords(`first ${many('a')}last`, `first ${many('b')}last`)
  expect(whole).toBe(false)
  expect(pieces.map(({ kind }) => kind)).toEqual(['same', 'del', 'ins', 'same'])
  // few changes in a long text are found at once
  const long = many('a')
  expect(diffWords(long, long.replace('a9999 ', 'b ')).pieces.map(({ kind }) => kind)).toEqual([
    ...['same', 'del', 'ins', 'same'],
  ])
})

function without(pieces: readonly Piece[], kind: Piece['kind']): string {
  return pieces.flatMap((piece) => (piece.kind === kind ? [] : piece.text)).join('')
}
