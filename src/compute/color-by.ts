import { PALETTES, slotStyle } from './color.ts'
import { rampColors, rampStep } from './ramp.ts'

/** What runs are coloured by, in words of a key. */
export type ColorKey =
  | {
      kind: 'scale'
      /** From the least to the greatest. */
      colors: string[]
      low: number
      high: number
      log: boolean
      /** Values beyond an end are in the colour of that end. */
      below: boolean
      above: boolean
      missing: number
    }
  | { kind: 'values'; values: { text: string; color: string; dash: number[] }[]; missing: number }

export interface Colored {
  /** One for each value, in their order. */
  styles: { color: string; dash: number[] }[]
  key: ColorKey
}

/** Of what has no value: neither on the scale nor among the run colours, and dotted. */
const MISSING = { light: '#8a8a84', dark: '#6d7078' }
/** Greatest over least from which a scale is logarithmic. */
const WIDE = 100
/** A scale ends at the 5 and 95 % quantiles where all values span so many times what lies between these. */
const FAR = 3

/**
 * Colours for values: numbers on the continuous scale, which is logarithmic where they are wide apart, and
 * ends before outliers; anything else in run colours, by the order in which values come first.
 */
export function colorBy(values: readonly unknown[], theme: 'light' | 'dark'): Colored {
  const none = { color: MISSING[theme], dash: [2, 2.5] }
  const there = values.filter((value) => value !== undefined && value !== null && !Number.isNaN(value))
  const missing = values.length - there.length
  const numbers = there.filter((value) => typeof value === 'number')
  if (numbers.length === there.length && numbers.length > 0) {
    const scale = scaleOf(numbers)
    const colors = rampColors(theme)
    const styles = values.map((value) => {
      if (typeof value !== 'number' || Number.isNaN(value)) return none
      return { color: colors[rampStep(shareOf(value, scale))] ?? none.color, dash: [] }
    })
    return { styles, key: { kind: 'scale', colors, ...scale, missing } }
  }
  const found = new Map<string, { text: string; color: string; dash: number[] }>()
  const styles = values.map((value) => {
    if (value === undefined || value === null || Number.isNaN(value)) return none
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    const { color, dash } = slotStyle(found.size)
    const style = found.get(text) ?? { text, color: PALETTES[theme][color] ?? none.color, dash }
    found.set(text, style)
    return { color: style.color, dash: style.dash }
  })
  return { styles, key: { kind: 'values', values: [...found.values()], missing } }
}

type Ends = { low: number; high: number; log: boolean; below: boolean; above: boolean }

function scaleOf(numbers: readonly number[]): Ends {
  const sorted = numbers.filter(Number.isFinite).sort((a, b) => a - b)
  const [least, most] = [sorted[0] ?? 0, sorted[sorted.length - 1] ?? 0]
  const log = least > 0 && most / least >= WIDE
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  const on = (value: number): number => (log ? Math.log(value) : value)
  const [q05, q95] = [at(0.05), at(0.95)]
  const far = on(q95) > on(q05) && on(most) - on(least) > FAR * (on(q95) - on(q05))
  const [low, high] = far ? [q05, q95] : [least, most]
  return { low, high, log, below: numbers.some((one) => one < low), above: numbers.some((one) => one > high) }
}

function shareOf(value: number, { low, high, log }: Ends): number {
  if (!(high > low)) return 0.5
  if (!log) return (value - low) / (high - low)
  return value > 0 ? Math.log(value / low) / Math.log(high / low) : 0
}
