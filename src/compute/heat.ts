import { mixOklab } from './oklab.ts'

/** Colours of a scale from nothing to all, 256 of them, as 0xRRGGBB. */
export type HeatScale = Uint32Array

/** Pale, middle, strong; those of the style sheet's tokens --heat-0 to --heat-2. */
export const HEAT = {
  light: ['#f0f0ed', '#8fa9dc', '#123f9c'],
  dark: ['#1e2024', '#3d5fae', '#bcd2ff'],
} as const

/** Mixed in oklab between three colours. */
export function makeHeatScale([low, middle, high]: readonly [string, string, string]): HeatScale {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const share = i / 255
    const [r, g, b] = share < 0.5 ? mixOklab(low, middle, share * 2) : mixOklab(middle, high, share * 2 - 1)
    return r * 0x10000 + g * 0x100 + b
  })
}

/**
 * The place of a value on the scale, 0 to 255. Of shares of a hundred the cube, so that 82 % shows beside 97 %;
 * others lie evenly between the least and the greatest.
 */
export function heatPlace(value: number, [low, high]: readonly [number, number], cubed: boolean): number {
  const share = Math.max(0, Math.min(1, high > low ? (value - low) / (high - low) : 1))
  return Math.round(255 * (cubed ? share ** 3 : share))
}
