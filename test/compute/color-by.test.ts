import { describe, expect, test } from 'vitest'
import { contrast, PALETTES, parseHex } from '../../src/compute/color.ts'
import { colorBy } from '../../src/compute/color-by.ts'
import { RAMP_STEPS, rampColors } from '../../src/compute/ramp.ts'

describe('the continuous colours', () => {
  test.each([
    ['light', '#ffffff', ['#8995ac', '#3a70da', '#0b2159'], [3.0, 4.7, 15.3]],
    ['dark', '#131416', ['#5f6980', '#5b8af2', '#e6eeff'], [3.4, 5.6, 15.8]],
  ] as const)(
    '%s: begin, pass and end at the colours of the design, ever further from the paper',
    (theme, paper, ends, wanted) => {
      const colors = rampColors(theme)
      expect(colors).toHaveLength(RAMP_STEPS)
      expect([colors[0], colors[3], colors[6]]).toEqual([...ends])
      const contrasts = colors.map((color) => contrast(parseHex(color), parseHex(paper)))
      expect(contrasts).toEqual([...contrasts].sort((a, b) => a - b))
      for (const [i, step] of [0, 3, 6].entries()) expect(contrasts[step]).toBeCloseTo(wanted[i] ?? 0, 1)
    },
  )
})

describe('colours by a value', () => {
  const steps = (values: unknown[]) => {
    const { styles, key } = colorBy(values, 'light')
    const ramp = rampColors('light')
    return { at: styles.map(({ color }) => ramp.indexOf(color)), key, styles }
  }

  test('numbers stand on a scale from the least to the greatest', () => {
    const { at, key } = steps([0, 0.5, 1])
    expect(at).toEqual([0, 3, 6])
    expect(key).toMatchObject({
      kind: 'scale',
      low: 0,
      high: 1,
      log: false,
      below: false,
      above: false,
      missing: 0,
    })
  })
  test('that is logarithmic where they are wide apart', () => {
    // 1e-3 is in the middle of 1e-5 and 1e-1 by powers of ten
    const { at, key } = steps([1e-5, 1e-3, 1e-1])
    expect(at).toEqual([0, 3, 6])
    expect(key).toMatchObject({ log: true })
    expect(steps([-1, 0, 1000]).key).toMatchObject({ log: false })
  })
  test('and ends before an outlier, which takes the colour of the end', () => {
    const { at, key } = steps([
      ...Array.from({ length: 40 }, (_, i) => 100 + i),
      1e4,
      Number.POSITIVE_INFINITY,
    ])
    // 42 values, two of them far out: the 5 and 95 % quantiles are the third and the last but two
    expect(key).toMatchObject({ low: 102, high: 138, below: true, above: true })
    expect([at[0], at[40], at[41]]).toEqual([0, 6, 6])
  })
  test('one value alone is in the middle', () => {
    expect(steps([3, 3]).at).toEqual([3, 3])
  })
  test('other values have run colours, in the order in which they come; mixed ones are such', () => {
    const { styles, key } = steps(['muon', 'adamw', 'muon', true, 1])
    expect(styles.map(({ color }) => PALETTES.light.indexOf(color as never))).toEqual([0, 1, 0, 2, 3])
    expect(key.kind === 'values' && key.values.map(({ text }) => text)).toEqual([
      'muon',
      'adamw',
      'true',
      '1',
    ])
  })
  test('what has no value is grey and dotted, and counted', () => {
    const { styles, key } = steps([1, undefined, Number.NaN, null, 2])
    expect(key.missing).toBe(3)
    expect(styles.map(({ dash }) => dash.length)).toEqual([0, 2, 2, 2, 0])
    expect(colorBy([undefined], 'dark').key).toEqual({ kind: 'values', values: [], missing: 1 })
  })
})
