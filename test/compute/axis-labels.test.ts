import { describe, expect, test } from 'vitest'
import { labelWidth } from '../../src/compute/axis-labels.ts'
import { extentOf, yLimits } from '../../src/compute/domain.ts'
import { linearTicks, scaleTicks } from '../../src/compute/ticks.ts'

/** Left gutter less its gap: what a label has. */
const ROOM = 44

const NASTY: [string, number[]][] = [
  ['1e-300', [1e-300, 5e-300]],
  ['5e-324', [5e-324, 1e-322]],
  ['a constant 1e-300', [1e-300, 1e-300]],
  ['123456789.1 in tenths', [123456789.1, 123456789.2, 123456789.9]],
  ['123456789.1 alone', [123456789.1]],
  ['1 ± 1e-12', [1 - 1e-12, 1 + 1e-12]],
  ['1 ± 1e-8', [1 - 1e-8, 1 + 1e-8]],
  ['1 ± 1e-5', [1 - 1e-5, 1 + 1e-5]],
  ['−1 ± 1e-5', [-1 - 1e-5, -1 + 1e-5]],
  ['-123456.789', [-123456.789, -123456.7]],
  ['1e15 and a few', [1e15, 1e15 + 8_000_000]],
  ['1e17', [1e17, 3e17]],
  ['1e300', [1e300, 3e300]],
  ['the largest', [-Number.MAX_VALUE, Number.MAX_VALUE]],
  ['thousandths', [-0.0012, 0.0019]],
  ['small and not around zero', [0.0012345, 0.0012346]],
  ['a loss', [2.31, 11.2]],
  ['a rate', [0, 2e-4]],
  ['tokens', [0, 4.2e9]],
  ['−1e-7', [-1e-7, 1e-7]],
  ['0', [0, 0]],
  ['9999.5', [9999.5, 10000.5]],
  ['1e21', [1e21, 1.1e21]],
]

describe('labels of a nasty axis', () => {
  test.each(NASTY)('fit their gutter, tell ticks apart and stand for their values: %s', (_, values) => {
    const all = Float64Array.from(values)
    for (const scale of ['linear', 'log'] as const) {
      const [low, high] = yLimits(
        {
          all: extentOf(scale === 'log' ? all.filter((v) => v > 0) : all),
          usual: () => all.slice(),
          hold: [],
          short: false,
        },
        { kind: 'robust' },
        scale,
      )
      for (const most of [3, 4, 5, 6, 8]) {
        const { values: ticks, labels, note = '' } = scaleTicks(low, high, most, scale, ROOM)
        expect(ticks.length).toBeGreaterThanOrEqual(1)
        for (const label of labels) expect(labelWidth(label), label).toBeLessThanOrEqual(ROOM)
        expect(new Set(labels).size, labels.join(' ')).toBe(labels.length)
        // what label and note say together is the tick
        const step = Math.abs((ticks[1] ?? 0) - (ticks[0] ?? 0)) || Math.abs(ticks[0] ?? 1)
        ticks.forEach((tick, i) => {
          const said = saidBy(labels[i] ?? '', note)
          if (Number.isFinite(said))
            expect(Math.abs(said - tick), `${labels[i]} ${note} is ${tick}`).toBeLessThanOrEqual(0.3 * step)
        })
      }
    }
  })
  test('are whole where they fit, then a power of ten, then what is above a round number', () => {
    expect(linearTicks(0, 1, 5, ROOM)).toEqual({ values: [0, 0.5, 1], labels: ['0', '0.5', '1.0'] })
    expect(linearTicks(1e-300, 5e-300, 6, ROOM).labels).toEqual([
      '1e−300',
      '2e−300',
      '3e−300',
      '4e−300',
      '5e−300',
    ])
    expect(linearTicks(1e-300, 1.4e-300, 6, ROOM)).toMatchObject({
      labels: ['1.0', '1.1', '1.2', '1.3', '1.4'],
      note: '× 10⁻³⁰⁰',
    })
    expect(linearTicks(123456789.1, 123456789.5, 6, ROOM)).toMatchObject({
      labels: ['89.1', '89.2', '89.3', '89.4', '89.5'],
      note: '+ 123,456,700',
    })
  })
})

/** The number that a label and the note of its axis stand for. */
function saidBy(label: string, note: string): number {
  const plain = label.replaceAll(',', '').replaceAll('−', '-')
  const unit = { k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 }[plain.at(-1) ?? ''] ?? 1
  let value = (unit === 1 ? Number(plain) : Number(plain.slice(0, -1))) * unit
  const power = /× 10([⁻⁰¹²³⁴-⁹]+)/.exec(note)?.[1]
  if (power)
    value = Number(
      `${value}e${[...power]
        .map((sign) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(sign) - 1)
        .join('')
        .replace('-1', '-')}`,
    )
  const base = /\+ ([\d,.e−-]+)/.exec(note.replace('+ −', '+ -'))?.[1]
  return base ? value + Number(base.replaceAll(',', '').replaceAll('−', '-')) : value
}
