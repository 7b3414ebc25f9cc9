import { parseHex, type Rgb } from './color.ts'

/**
 * Ends and middle of the continuous colours, by theme: contrast on paper 3.0, 4.7, 15.3; dark 3.4, 5.6, 15.8.
 */
const STOPS = {
  light: ['#8995ac', '#3a70da', '#0b2159'],
  dark: ['#5f6980', '#5b8af2', '#e6eeff'],
} as const

export const RAMP_STEPS = 7

/** The colours of a continuous scale from its least to its greatest value, mixed in Oklab. */
export function rampColors(theme: 'light' | 'dark'): string[] {
  const stops = STOPS[theme].map((hex) => toOklab(parseHex(hex)))
  return Array.from({ length: RAMP_STEPS }, (_, i) => {
    const at = (i / (RAMP_STEPS - 1)) * (stops.length - 1)
    const from = Math.min(stops.length - 2, Math.floor(at))
    return toHex(mix(stops[from]!, stops[from + 1]!, at - from))
  })
}

/** The step of a share of the scale, 0 to 1. */
export function rampStep(share: number): number {
  return Math.max(0, Math.min(RAMP_STEPS - 1, Math.floor(share * RAMP_STEPS)))
}

function mix(a: Rgb, b: Rgb, t: number): Rgb {
  return [0, 1, 2].map((i) => a[i]! + t * (b[i]! - a[i]!)) as Rgb
}

/** Björn Ottosson, "A perceptual color space for image processing", 2020: matrices from linear sRGB. */
function toOklab(rgb: Rgb): Rgb {
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

function toHex([lightness, a, b]: Rgb): string {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
  return `#${linear
    .map((c) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055))
    .map((c) => Math.round(255 * Math.max(0, Math.min(1, c))))
    .map((c) => c.toString(16).padStart(2, '0'))
    .join('')}`
}
