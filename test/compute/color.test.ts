import { describe, expect, test } from 'vitest'
import {
  alphaFor,
  ciede2000,
  contrast,
  difference,
  PALETTES,
  parseHex,
  type Rgb,
  slotStyle,
  type Vision,
} from '../../src/compute/color.ts'

const GROUNDS = {
  light: { paper: '#ffffff', chrome: '#f6f6f4' },
  dark: { paper: '#131416', chrome: '#191a1d' },
} as const

test('the difference agrees with the published pairs', () => {
  // Sharma, Wu and Dalal 2005, table 1: pairs 1, 7, 13, 17 and 25
  const pairs: [Rgb, Rgb, number][] = [
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, -0.001, 2.49], [50, 0.0009, -2.49], 4.8045],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
  ]
  for (const [a, b, expected] of pairs) expect(ciede2000(a, b)).toBeCloseTo(expected, 4)
})

test('contrast is 21 between black and white and 1 with itself', () => {
  expect(contrast([0, 0, 0], [1, 1, 1])).toBeCloseTo(21)
  expect(contrast([0.3, 0.2, 0.1], [0.3, 0.2, 0.1])).toBe(1)
})

describe.each(['light', 'dark'] as const)('run colours, %s', (theme) => {
  const colors = PALETTES[theme].map(parseHex)

  test.each<[Vision, number]>([
    ['normal', 10],
    ['tritan', 10],
    ['deutan', 12],
    ['protan', 12],
  ])('any two are told apart, %s: at least %d', (vision, least) => {
    let smallest = Infinity
    for (const [i, a] of colors.entries())
      for (const b of colors.slice(i + 1)) smallest = Math.min(smallest, difference(a, b, vision))
    expect(smallest).toBeGreaterThan(least)
  })

  test('all stand out from the grounds they lie on by 3', () => {
    for (const ground of Object.values(GROUNDS[theme])) {
      for (const color of colors) expect(contrast(color, parseHex(ground))).toBeGreaterThanOrEqual(3)
    }
  })
})

test('forty styles, then they repeat', () => {
  const styles = Array.from({ length: 41 }, (_, slot) => JSON.stringify(slotStyle(slot)))
  expect(new Set(styles.slice(0, 40)).size).toBe(40)
  expect(styles[40]).toBe(styles[0])
})

describe('logged lines behind smoothed ones', () => {
  const papers = { light: '#ffffff', dark: '#131416' } as const
  const number = (hex: string): number => Number.parseInt(hex.slice(1), 16)
  test.each(['light', 'dark'] as const)(
    'have a contrast of at least 1.6 on paper, and hardly more: %s',
    (theme) => {
      const paper = parseHex(papers[theme])
      for (const hex of PALETTES[theme]) {
        const alpha = alphaFor(number(hex), number(papers[theme]), 1.6)
        const color = parseHex(hex)
        const mixed = color.map((channel, i) => channel * alpha + (paper[i] ?? 0) * (1 - alpha)) as Rgb
        expect(contrast(mixed, paper)).toBeGreaterThanOrEqual(1.6)
        expect(contrast(mixed, paper)).toBeLessThan(1.8)
      }
    },
  )
  test('a colour too near to its ground stands at full strength', () => {
    expect(alphaFor(0xfefefe, 0xffffff, 1.6)).toBe(1)
  })
})
