import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contrast, parseHex } from '../../src/compute/color.ts'
import { shareExplained } from '../../src/compute/explained.ts'
import { LineDensity } from '../../src/compute/line-density.ts'
import { type Good, paretoFrontier, runsBehind } from '../../src/compute/pareto.ts'
import { pointsInside } from '../../src/compute/polygon.ts'
import { rampColors } from '../../src/compute/ramp.ts'
import type { Column } from '../../src/compute/run-columns.ts'

interface Vectors {
  frontiers: {
    x: (number | string)[]
    y: (number | string)[]
    frontiers: { good: [Good, Good]; on: number[]; ties: number; of: number; behind: number[] }[]
  }[]
  explained: {
    name: string
    keys: (number | string | null)[]
    values: (number | string)[]
    share: number | null
  }[]
  lasso: { corners: number[]; x: number[]; y: number[]; inside: number[] }
  ramps: Record<'light' | 'dark', string[]>
}

/** Written by test/make/plots-vectors.py. */
const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../fixtures/plots-data.json', import.meta.url), 'utf8'),
)

describe('a frontier', () => {
  test.each(vectors.frontiers)('is every run that no other one beats, ties and all, beside numpy', (set) => {
    const [x, y] = [Float64Array.from(set.x, Number), Float64Array.from(set.y, Number)]
    for (const { good, on, ties, of, behind } of set.frontiers) {
      const found = paretoFrontier(x, y, ...good)
      expect([...found.runs].sort((a, b) => a - b)).toEqual(on)
      expect([...found.on].flatMap((one, i) => (one ? i : []))).toEqual(on)
      expect({ ties: found.ties, of: found.of }).toEqual({ ties, of })
      expect([...runsBehind(x, y, ...good)]).toEqual(behind)
    }
  })

  test('goes from its best x to its worst, and of some runs alone', () => {
    const [x, y] = [Float64Array.of(3, 1, 2, 2, 0), Float64Array.of(9, 5, 7, 7, 100)]
    // less x, more y: 4 has both
    expect(paretoFrontier(x, y, 'min', 'max').runs).toEqual([4])
    expect(paretoFrontier(x, y, 'min', 'max', [0, 1, 2, 3])).toMatchObject({
      runs: [1, 2, 3, 0],
      ties: 2,
      of: 4,
    })
    expect(paretoFrontier(new Float64Array(0), new Float64Array(0), 'min', 'max').runs).toEqual([])
  })
})

describe('the share that a key explains', () => {
  test.each(vectors.explained)('$name: as by the F of scipy', ({ keys, values, share }) => {
    const column: Column = keys.some((key) => typeof key === 'string')
      ? { kind: 'text', values: keys.map((key) => (key === null ? undefined : String(key))) }
      : { kind: 'number', values: Float64Array.from(keys, Number), has: new Uint8Array(keys.length).fill(1) }
    const found = shareExplained(column, Float64Array.from(values, Number))
    if (share === null) expect(found).toBeUndefined()
    else expect(found).toBeCloseTo(share, 7)
  })
})

describe('a lasso', () => {
  test('holds what it goes around, as by the angles of its corners', () => {
    const { corners, x, y, inside } = vectors.lasso
    expect([...pointsInside(x, y, corners)]).toEqual(inside)
  })
  test('holds nothing of what has no place', () => {
    expect([...pointsInside([Number.NaN, 0.5], [0.5, Number.NaN], [0, 0, 1, 0, 1, 1, 0, 1])]).toEqual([0, 0])
    expect([...pointsInside([0.5], [0.5], [])]).toEqual([0])
  })
})

describe('continuous colours', () => {
  test('are mixed in Oklab', () => {
    expect({ light: rampColors('light'), dark: rampColors('dark') }).toEqual(vectors.ramps)
  })
  test.each([
    ['light', '#ffffff'],
    ['dark', '#131416'],
  ] as const)('stand out from the paper, each more than the one before: %s', (theme, paper) => {
    const contrasts = rampColors(theme).map((hex) => contrast(parseHex(hex), parseHex(paper)))
    expect(contrasts[0]).toBeGreaterThan(2.95)
    expect(contrasts).toEqual([...contrasts].sort((a, b) => a - b))
  })
})

describe('sums of lines', () => {
  test('hold of each line its width, however steep it is', () => {
    for (const [from, to, thick] of [
      [20, 20, 1],
      [10, 60.5, 1],
      [80, 15, 1.5],
      [5, 95, 3],
    ] as const) {
      const density = new LineDensity(30, 100, 1)
      density.add(from, to, thick, 1, 7)
      const sum = density.cover.reduce((a, b) => a + b)
      // its length times its width, in 64ths; each pixel is rounded by half of one
      expect(sum / 64 / (thick * Math.hypot(30, to - from))).toBeCloseTo(1, 1)
      expect(density.tones[0]).toEqual(density.cover.map((cover) => 7 * cover))
    }
  })

  test('are what they were once a line is taken away, whatever was added before and after it', () => {
    const lines = Array.from({ length: 200 }, (_, i) => [(i * 37) % 100, (i * 61) % 100, i % 256] as const)
    const [both, other] = [new LineDensity(24, 100, 1), new LineDensity(24, 100, 1)]
    for (const [a, b, tone] of lines) both.add(a, b, 1.5, 1, tone)
    for (const [a, b, tone] of lines.filter((_, i) => i % 3 === 0)) both.add(a, b, 1.5, -1, tone)
    for (const [a, b, tone] of lines.filter((_, i) => i % 3 !== 0).reverse()) other.add(a, b, 1.5, 1, tone)
    expect(both.cover).toEqual(other.cover)
    expect(both.tones).toEqual(other.tones)
  })

  test('keep the three parts of a colour apart, and leave out what is beyond their edges', () => {
    const density = new LineDensity(10, 10, 3)
    density.add(-30, 40, 1, 1, 0x804020)
    expect(density.tones).toEqual([0x80, 0x40, 0x20].map((part) => density.cover.map((one) => part * one)))
    density.add(-30, 40, 1, -1, 0x804020)
    expect(density.cover.every((one) => one === 0)).toBe(true)
  })
})
