/** One of 40 run styles; `color` is the index of a palette colour, `dash` in CSS pixels, [] = solid. */
export interface SlotStyle {
  color: number
  dash: number[]
}

export const PALETTE_SIZE = 10
const DASHES: readonly (readonly number[])[] = [[], [5, 2.5], [2, 2.5], [8, 2, 2, 2]]

/**
 * Run colours by theme, the values of the style sheet's tokens; charts paint on canvas and need them as text.
 */
export const PALETTES = {
  light: [
    '#2d69e9',
    '#d6760c',
    '#408862',
    '#be518b',
    '#1c9abc',
    '#8e192d',
    '#8d6108',
    '#502aad',
    '#2e675b',
    '#3a435b',
  ],
  dark: [
    '#4c70e6',
    '#e68848',
    '#4fcc95',
    '#d6508e',
    '#539eb9',
    '#c03829',
    '#fece5c',
    '#c7a0ff',
    '#84ecf7',
    '#b2b5bc',
  ],
} as const

/** Colour is slot % 10, dash floor(slot / 10) % 4: ten colours, then the same ones dashed. */
export function slotStyle(slot: number): SlotStyle {
  const dash = DASHES[Math.floor(slot / PALETTE_SIZE) % DASHES.length] ?? []
  return { color: slot % PALETTE_SIZE, dash: [...dash] }
}

export type Rgb = [number, number, number]
export type Vision = 'normal' | 'deutan' | 'protan' | 'tritan'

/** `#rrggbb` to 0..1 sRGB. Throws on anything else. */
export function parseHex(hex: string): Rgb {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex)
  if (!match) throw new RangeError(`color: not #rrggbb: ${hex}`)
  return [parseInt(match[1]!, 16) / 255, parseInt(match[2]!, 16) / 255, parseInt(match[3]!, 16) / 255]
}

/** WCAG 2.2 contrast ratio, 1 to 21. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05)
}

/**
 * Opacity (in steps of 1/100) at which `color` over `paper`, both 0xRRGGBB, has a contrast of at least
 * `least`; 1 where it never has.
 */
export function alphaFor(color: number, paper: number, least: number): number {
  const key = `${color} ${paper} ${least}`
  const known = alphas.get(key)
  if (known !== undefined) return known
  const [front, back] = [channels(color), channels(paper)]
  let alpha = 0.1
  const mixed = (): Rgb => [0, 1, 2].map((i) => (front[i] ?? 0) * alpha + (back[i] ?? 0) * (1 - alpha)) as Rgb
  while (alpha < 1 && contrast(mixed(), back) < least) alpha = Math.round(100 * alpha + 1) / 100
  alphas.set(key, alpha)
  return alpha
}

const alphas = new Map<string, number>()

function channels(color: number): Rgb {
  return [(color >> 16) / 255, ((color >> 8) & 255) / 255, (color & 255) / 255]
}

/** CIEDE2000 between two sRGB colours as seen with the given vision, D65. */
export function difference(a: Rgb, b: Rgb, vision: Vision = 'normal'): number {
  return ciede2000(toLab(simulate(a, vision)), toLab(simulate(b, vision)))
}

/**
 * How a dichromat sees a colour, on linear RGB. Matrices of Machado, Oliveira and Fernandes 2009, "A
 * Physiologically-based Model for Simulation of Color Vision Deficiency", table of severity 1.0.
 */
function simulate(rgb: Rgb, vision: Vision): Rgb {
  const matrix = MACHADO[vision]
  if (!matrix) return linear(rgb)
  const [r, g, b] = linear(rgb)
  const row = (i: number) =>
    Math.min(1, Math.max(0, matrix[i]! * r + matrix[i + 1]! * g + matrix[i + 2]! * b))
  return [row(0), row(3), row(6)]
}

const MACHADO: Record<Vision, readonly number[] | undefined> = {
  normal: undefined,
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
}

function linear([r, g, b]: Rgb): Rgb {
  const channel = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  return [channel(r), channel(g), channel(b)]
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = linear(rgb)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Linear RGB to CIELAB, D65 white. */
function toLab([r, g, b]: Rgb): Rgb {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116)
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047)
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b)
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

/** Sharma, Wu and Dalal 2005, "The CIEDE2000 Color-Difference Formula", with kL = kC = kH = 1. */
export function ciede2000([l1, a1, b1]: Rgb, [l2, a2, b2]: Rgb): number {
  const meanC = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2
  const g = 0.5 * (1 - Math.sqrt(meanC ** 7 / (meanC ** 7 + 25 ** 7)))
  const [p1, p2] = [(1 + g) * a1, (1 + g) * a2]
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)]
  const [h1, h2] = [hue(p1, b1), hue(p2, b2)]
  const dl = l2 - l1
  const dc = c2 - c1
  const turn = c1 * c2 === 0 ? 0 : ((h2 - h1 + 540) % 360) - 180
  const dh = 2 * Math.sqrt(c1 * c2) * Math.sin(radians(turn / 2))
  const l = (l1 + l2) / 2
  const c = (c1 + c2) / 2
  const far = Math.abs(h1 - h2) > 180
  const h = c1 * c2 === 0 ? h1 + h2 : far ? (h1 + h2 + (h1 + h2 < 360 ? 360 : -360)) / 2 : (h1 + h2) / 2
  const t =
    1 -
    0.17 * Math.cos(radians(h - 30)) +
    0.24 * Math.cos(radians(2 * h)) +
    0.32 * Math.cos(radians(3 * h + 6)) -
    0.2 * Math.cos(radians(4 * h - 63))
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2)
  const sc = 1 + 0.045 * c
  const sh = 1 + 0.015 * c * t
  const rotation =
    -2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7)) * Math.sin(radians(60 * Math.exp(-(((h - 275) / 25) ** 2))))
  return Math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rotation * (dc / sc) * (dh / sh))
}

function hue(a: number, b: number): number {
  if (a === 0 && b === 0) return 0
  const degrees = (Math.atan2(b, a) * 180) / Math.PI
  return degrees < 0 ? degrees + 360 : degrees
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180
}
