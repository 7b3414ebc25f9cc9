import { parseHex, type Rgb } from './color.ts'

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
    return share < 0.5 ? mixOklab(low, middle, share * 2) : mixOklab(middle, high, share * 2 - 1)
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

/**
 * Between two colours `#rrggbb`, evenly for the eye: Björn Ottosson, A perceptual color space for image
 * processing (2020). https://bottosson.github.io/posts/oklab/
 */
function mixOklab(a: string, b: string, share: number): number {
  const [p, q] = [toOklab(parseHex(a)), toOklab(parseHex(b))]
  const rgb = fromOklab([0, 1, 2].map((i) => p[i]! + (q[i]! - p[i]!) * share) as [number, number, number])
  return rgb.reduce((sum, part) => sum * 256 + Math.round(255 * Math.max(0, Math.min(1, part))), 0)
}

function toOklab(rgb: Rgb): [number, number, number] {
  const [r, g, b] = rgb.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as Rgb
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function fromOklab([lightness, a, b]: [number, number, number]): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear: Rgb = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
  return linear.map((c) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055)) as Rgb
}
