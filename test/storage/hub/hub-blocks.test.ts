import { describe, expect, test } from 'vitest'
import { BLOCK, foldersToDrop, PIECE, planRead } from '../../../src/storage/hub/hub-blocks.ts'
import { makeRandom } from '../../random.ts'

const B = BLOCK

describe('what is read of a file far away', () => {
  test('is rounded to blocks, the last one ends with the file', () => {
    expect(planRead({ start: 10, end: 20 }, 10 * B, [])).toEqual({ take: [], fetch: [{ start: 0, end: B }] })
    expect(planRead({ start: B - 1, end: B + 1 }, 10 * B, [])).toEqual({
      take: [],
      fetch: [{ start: 0, end: 2 * B }],
    })
    expect(planRead({ start: B, end: 2 * B }, 10 * B, [])).toEqual({
      take: [],
      fetch: [{ start: B, end: 2 * B }],
    })
    expect(planRead({ start: 3 * B + 5, end: 9 * B }, 3 * B + 100, [])).toEqual({
      take: [],
      fetch: [{ start: 3 * B, end: 3 * B + 100 }],
    })
  })
  test('is nothing behind the end', () => {
    expect(planRead({ start: 100, end: 200 }, 100, [])).toEqual({ take: [], fetch: [] })
    expect(planRead({ start: 5, end: 5 }, 100, [])).toEqual({ take: [], fetch: [] })
  })
  test('comes in pieces when it is long', () => {
    const plan = planRead({ start: 0, end: 2 * PIECE + 1 }, 100 * PIECE, [])
    expect(plan.fetch).toEqual([
      { start: 0, end: PIECE },
      { start: PIECE, end: 2 * PIECE },
      { start: 2 * PIECE, end: 2 * PIECE + B },
    ])
  })
  test('leaves out what is here', () => {
    const kept = [
      { start: 4 * B, end: 5 * B },
      { start: 0, end: B },
    ]
    expect(planRead({ start: 10, end: 6 * B }, 10 * B, kept)).toEqual({
      take: [
        { index: 1, start: 10, end: B },
        { index: 0, start: 4 * B, end: 5 * B },
      ],
      fetch: [
        { start: B, end: 4 * B },
        { start: 5 * B, end: 6 * B },
      ],
    })
  })
  test('takes the span that reaches furthest, and no byte twice', () => {
    const kept = [
      { start: 0, end: 2 * B },
      { start: 0, end: 4 * B },
      { start: B, end: 3 * B },
      { start: 3 * B, end: 5 * B },
    ]
    expect(planRead({ start: 0, end: 5 * B }, 5 * B, kept)).toEqual({
      take: [
        { index: 1, start: 0, end: 4 * B },
        { index: 3, start: 4 * B, end: 5 * B },
      ],
      fetch: [],
    })
  })
  test('is covered whole, once, in whole blocks, whatever is here', () => {
    const random = makeRandom(7)
    const whole = (limit: number): number => Math.floor(random() * limit)
    for (let round = 0; round < 500; round++) {
      const size = 1 + whole(40 * B)
      const kept = Array.from({ length: whole(8) }, () => {
        const start = whole(Math.ceil(size / B)) * B
        return { start, end: Math.min(size, start + (1 + whole(6)) * B) }
      })
      const start = whole(size)
      const want = { start, end: start + whole(20 * B) }
      const { take, fetch } = planRead(want, size, kept)
      const end = Math.min(want.end, size)
      // every wanted byte is either here or fetched; what is here is not fetched
      const inside =
        (at: number) =>
        (span: { start: number; end: number }): boolean =>
          span.start <= at && at < span.end
      for (let at = start; at < end; at += 1 + whole(B)) {
        const here = take.filter(inside(at))
        const wanted = kept.some(inside(at)) ? [1, 0] : [0, 1]
        if (here.length !== wanted[0] || fetch.filter(inside(at)).length !== wanted[1])
          expect.fail(`byte ${at} of ${JSON.stringify({ want, kept })}`)
        for (const { index } of here) expect(kept.filter((_, i) => i === index).some(inside(at))).toBe(true)
      }
      for (const span of fetch) {
        expect(span.start % B).toBe(0)
        expect(span.end === size || span.end % B === 0).toBe(true)
        expect(span.end - span.start).toBeLessThanOrEqual(PIECE)
      }
    }
  })
})

describe('what goes when there is no room', () => {
  const folders = [
    { name: 'old', bytes: 40, used: 1 },
    { name: 'new', bytes: 40, used: 3 },
    { name: 'mid', bytes: 40, used: 2 },
  ]
  test('is least recently used, and no more than must', () => {
    expect(foldersToDrop(folders, 120)).toEqual([])
    expect(foldersToDrop(folders, 119)).toEqual(['old'])
    expect(foldersToDrop(folders, 50)).toEqual(['old', 'mid'])
    expect(foldersToDrop(folders, 0)).toEqual(['old', 'mid', 'new'])
  })
  test('is never what is being read', () => {
    expect(foldersToDrop(folders, 50, 'old')).toEqual(['mid', 'new'])
  })
})
