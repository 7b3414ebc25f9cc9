import { parseHex, type Rgb } from './color.ts'

/*
 * Mixing colours evenly for the eye: Björn Ottosson, "A perceptual color space for image processing", 2020,
 * matrices from linear sRGB. https://bottosson.github.io/posts/oklab/
 */

/** Between two colours `#rrggbb`; `share` 0 is the first, 1 the second. Red, green and blue 0 to 255. */
export function mixOklab(a: string, b: string, share: number): Rgb {
  const [p, q] = [toOklab(parseHex(a)), toOklab(parseHex(b))]
  return fromOklab([0, 1, 2].map((i) => p[i]! + share * (q[i]! - p[i]!)) as Rgb)
}

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

function fromOklab([lightness, a, b]: Rgb): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear: Rgb = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
  return linear
    .map((c) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055))
    .map((c) => Math.round(255 * Math.max(0, Math.min(1, c)))) as Rgb
}
