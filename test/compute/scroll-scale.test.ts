import { describe, expect, test } from 'vitest'
import { MOST, scrolled, scrollScale, toReal, toShown } from '../../src/compute/scroll-scale.ts'
import { makeRandom } from '../random.ts'

/** Five million rows of 24 px. */
const long = scrollScale(120_000_000)

describe('a list that an element can be as high as', () => {
  test('is scrolled as any other', () => {
    const scale = scrollScale(MOST)
    expect(scale.shown).toBe(MOST)
    for (const at of [-50, 0, 1, 123_456.5, MOST]) {
      expect(toReal(scale, at)).toBe(at)
      expect(toShown(scale, at)).toBe(at)
      expect(scrolled(scale, { shown: 7, real: 7 }, at, 600)).toBe(at)
    }
  })
})

describe('a list of five million rows', () => {
  test('has an element of four million pixels, whose ends are those of the list', () => {
    expect(long.shown).toBe(4_000_000)
    expect(toReal(long, 0)).toBe(0)
    expect(toReal(long, long.shown)).toBe(long.real)
    // the last window of the element is the last of the list
    expect(toReal(long, long.shown - 600)).toBe(long.real - 600)
    // above the element the list has not begun
    expect(toReal(long, -300)).toBe(-300)
    // the middle is the middle
    expect(toReal(long, 2_000_000)).toBe(60_000_000)
  })

  test('both ways round give the same place', () => {
    const random = makeRandom(7)
    for (let i = 0; i < 1000; i++) {
      const at = random() * long.real
      expect(toReal(long, toShown(long, at))).toBeCloseTo(at, 4)
      expect(toShown(long, at)).toBeLessThanOrEqual(long.shown)
    }
  })

  test('goes pixel by pixel under a wheel, from wherever it is', () => {
    for (const real of [150_000, 59_999_000, 119_000_000]) {
      const shown = toShown(long, real)
      expect(scrolled(long, { shown, real }, shown + 100, 600)).toBeCloseTo(real + 100, 6)
      expect(scrolled(long, { shown, real }, shown - 2400, 600)).toBeCloseTo(real - 2400, 6)
    }
  })

  test('follows the thumb of the scroll bar', () => {
    expect(scrolled(long, { shown: 0, real: 0 }, 2_000_000, 600)).toBe(60_000_000)
    expect(scrolled(long, { shown: 2_000_000, real: 60_000_000 }, long.shown - 600, 600)).toBe(
      long.real - 600,
    )
  })

  test('ends where its element ends', () => {
    // a long gesture that was never brought into line
    expect(scrolled(long, { shown: 100, real: 5000 }, -20, 600)).toBe(-20)
    const last = long.shown - 600
    expect(scrolled(long, { shown: last - 50, real: 90_000_000 }, last, 600)).toBe(long.real - 600)
  })
})
