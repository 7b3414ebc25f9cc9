import { exponentOf, formatTicks } from './number.ts'
import { marked } from './number-style.ts'

/**
 * Labels of one axis; `note` says what they leave out: `× 10⁻³⁰⁰`, `+ 123,456,700`; '' where they are whole.
 */
export interface AxisLabels {
  labels: string[]
  note: string
}

/** Widths at 11 px: digits are the widest that labels mostly hold, points and commas half of that. */
const NARROW = /[.,\u202f]/g
const DIGIT = 6.2

/** About how wide a label is, CSS pixels at 11 px; a little more rather than less. */
export function labelWidth(label: string): number {
  const narrow = label.match(NARROW)?.length ?? 0
  // an M or a G is wider than a digit
  return DIGIT * (label.length - narrow) + 3.2 * narrow + (/[MGTPkm]/.test(label) ? 3 : 0)
}

/**
 * Labels for ticks (multiples of `step`, ascending) that are at most `room` CSS pixels wide: whole where they
 * fit; else with a common power of ten; else as what they are more than a round number. The numbers may be of
 * any size: 1e-300, or 123456789.1 in steps of 0.1.
 */
export function axisLabels(values: readonly number[], step: number, room: number): AxisLabels {
  const fits = (labels: readonly string[]): boolean => labels.every((label) => labelWidth(label) <= room)
  const whole = formatTicks(values, step)
  if (fits(whole)) return { labels: whole, note: '' }
  const scaled = scaledLabels(values, step)
  if (scaled && fits(scaled.labels)) return scaled
  const first = values[0] ?? 0
  // fewer than a thousand steps above a round number
  const grain = 10 ** (exponentOf(step) + 3)
  const base = Math.floor(first / grain) * grain
  // from whole steps, so that the difference of two large numbers has no rounding of its own
  const above = values.map((value) => (Math.round(value / step) - Math.round(base / step)) * step)
  const words = `+ ${exactly(base, grain)}`
  const labels = formatTicks(above, step)
  if (fits(labels)) return { labels, note: words }
  const both = scaledLabels(above, step)
  return both ? { labels: both.labels, note: `${both.note} ${words}` } : { labels, note: words }
}

/** Labels as multiples of one power of ten; undefined where that is none. */
function scaledLabels(values: readonly number[], step: number): AxisLabels | undefined {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const exponent = largest > 0 ? exponentOf(largest) : 0
  if (exponent === 0) return undefined
  // in two steps: 10 to the −320 is 0 as a double
  const half = Math.trunc(exponent / 2)
  const down = (value: number): number => value / 10 ** half / 10 ** (exponent - half)
  return { labels: formatTicks(values.map(down), down(step)), note: `× 10${superscript(exponent)}` }
}

/** A multiple of `grain` (a power of ten) with all its digits. */
function exactly(value: number, grain: number): string {
  if (Math.abs(value) < 1e21 && Math.abs(value) >= 1e-6) {
    const decimals = Math.min(20, Math.max(0, -exponentOf(grain)))
    const [whole = '', fraction] = value.toFixed(decimals).replace('-', '−').split('.')
    return marked(whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction ? `.${fraction}` : ''))
  }
  return marked(String(value).replaceAll('-', '−'))
}

const RAISED: Record<string, string> = {
  '-': '⁻',
  0: '⁰',
  1: '¹',
  2: '²',
  3: '³',
  4: '⁴',
  5: '⁵',
  6: '⁶',
  7: '⁷',
  8: '⁸',
  9: '⁹',
}

function superscript(exponent: number): string {
  return [...String(exponent)].map((sign) => RAISED[sign]).join('')
}
