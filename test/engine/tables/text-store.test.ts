import { describe, expect, test } from 'vitest'
import { makeFinder, makeTextStore } from '../../../src/engine/tables/text-store.ts'
import { makeRandom } from '../../random.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

function all(text: string, wanted: string): number {
  const bytes = bytesOf(text)
  const finder = makeFinder(wanted)
  let count = 0
  for (let at = finder.find(bytes, 0, bytes.length); at >= 0; count++)
    at = finder.find(bytes, at + finder.length, bytes.length)
  return count
}

describe('a finder', () => {
  test.each([
    ['Remainder of the REMAINDER, remainde', 'remainder', 2],
    ['aaaa', 'aa', 2],
    ['Größe GRÖSSE größer', 'größe', 2],
    ['Привет, ПРИВЕТ', 'привет', 2],
    ['naïve Café', 'CAFÉ', 1],
    ['日本語 日本', '日本', 2],
    ['x', 'longer than the text', 0],
  ])('in %j finds %j %i times', (text, wanted, count) => {
    expect(all(text, wanted)).toBe(count)
  })

  test('finds what a search in lower case finds, of any text', () => {
    const random = makeRandom(7)
    const letters = [...'abABéÉßжЖ日 .']
    const word = (length: number): string =>
      Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('')
    for (let i = 0; i < 400; i++) {
      const text = word(200)
      const wanted = word(1 + Math.floor(random() * 4))
      expect(all(text, wanted), `${wanted} in ${text}`).toBe(
        text.toLowerCase().split(wanted.toLowerCase()).length - 1,
      )
    }
  })
})

test('a store gives back what was put into it, small and large', () => {
  const store = makeTextStore()
  const long = 'é'.repeat(5_000_000)
  const first = store.add(['one', '', 'zwei €'])
  const large = store.add([long])
  const last = store.add(['three'])
  expect(store.text({ piece: first.piece, from: first.ends[1] ?? 0, end: first.ends[2] ?? 0 })).toBe('zwei €')
  expect(store.text({ piece: large.piece, from: large.from, end: large.ends[0] ?? 0 }) === long).toBe(true)
  expect(store.text({ piece: last.piece, from: last.from, end: last.ends[0] ?? 0 })).toBe('three')
})
