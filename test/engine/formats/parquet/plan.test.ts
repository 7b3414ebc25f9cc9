import { describe, expect, it } from 'vitest'
import { piecesOf, planRequests, type Span } from '../../../../src/engine/formats/parquet/plan.ts'
import { makeRandom } from '../../../random.ts'

const spans = (...pairs: [number, number][]): Span[] => pairs.map(([start, end]) => ({ start, end }))

describe('planRequests', () => {
  it('joins neighbours over a small gap and leaves a wide one out', () => {
    expect(planRequests(spans([0, 10], [14, 20], [31, 40]), { gap: 10, most: 100 })).toEqual([
      { start: 0, end: 20, wanted: [0, 1] },
      { start: 31, end: 40, wanted: [2] },
    ])
  })

  it('goes by the place in the file, whatever the order asked in', () => {
    expect(planRequests(spans([50, 60], [0, 10], [10, 20]), { gap: 0, most: 100 })).toEqual([
      { start: 0, end: 20, wanted: [1, 2] },
      { start: 50, end: 60, wanted: [0] },
    ])
  })

  it('ends a request before it grows beyond the limit, but never cuts a span', () => {
    expect(planRequests(spans([0, 40], [40, 80], [80, 200]), { gap: 0, most: 80 })).toEqual([
      { start: 0, end: 80, wanted: [0, 1] },
      { start: 80, end: 200, wanted: [2] },
    ])
  })

  it('serves spans that overlap from one request', () => {
    expect(planRequests(spans([0, 50], [10, 20], [0, 50]), { gap: 0, most: 100 })).toEqual([
      { start: 0, end: 50, wanted: [0, 2, 1] },
    ])
  })

  it('puts every span into exactly one request that holds it', () => {
    const random = makeRandom(4)
    for (let round = 0; round < 200; round++) {
      let at = 0
      const list = Array.from({ length: 1 + Math.floor(random() * 30) }, () => {
        at += Math.floor(random() * 50)
        const start = at
        at += Math.floor(random() * 80)
        return { start, end: at }
      })
      const plan = planRequests(list, { gap: 20, most: 150 })
      expect(plan.flatMap(({ wanted }) => wanted).sort((a, b) => a - b)).toEqual(list.map((_, i) => i))
      for (const { start, end, wanted } of plan) {
        for (const i of wanted)
          expect(start <= (list[i]?.start ?? -1) && (list[i]?.end ?? Infinity) <= end).toBe(true)
        expect(wanted.length === 1 || end - start <= 150).toBe(true)
      }
    }
  })
})

describe('piecesOf', () => {
  it('covers a span without overlap', () => {
    expect(piecesOf({ start: 5, end: 26 }, 10)).toEqual(spans([5, 15], [15, 25], [25, 26]))
    expect(piecesOf({ start: 5, end: 5 }, 10)).toEqual([])
  })
})
