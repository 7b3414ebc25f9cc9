import { digitsOf, marked, numberStyle } from './number-style.ts'

export const MINUS = '\u2212'
const SUFFIXES = ['', 'k', 'M', 'G', 'T', 'P']

/**
 * A value in a few significant digits: `3.264`, `431.2k`, `1.5e−4`, `NaN`, or as the style has it
 * (number-style.ts). `integer`: write whole numbers below 10,000 without decimals.
 */
export function formatValue(value: number, digits = 4, integer = false): string {
  if (Number.isNaN(value)) return 'NaN'
  if (value === Infinity || value === -Infinity) return value > 0 ? 'Infinity' : `${MINUS}Infinity`
  if (value === 0) return '0'
  return signed(value, (absolute) => marked(written(absolute, digitsOf(digits), integer)))
}

/** A positive number. */
function written(value: number, digits: number, integer: boolean): string {
  const { notation } = numberStyle()
  if (notation === 'plain' && value >= 1e-6 && value < 1e-3) return plainSmall(value, digits)
  // rounding the largest doubles to a few digits would give Infinity: these are written from their own digits
  if (value < 1e-3 || value >= 1e21) return exponential(value, digits)
  const rounded = Number(value.toPrecision(digits))
  if (rounded >= 1e4 && notation === 'powers') return exponential(value, digits)
  if (rounded >= 1e4 && notation === 'plain' && value < 1e15) return group(String(Math.round(value)))
  if (rounded >= 1e4) return suffixed(rounded, digits)
  if (integer && Number.isInteger(value)) return String(value)
  return rounded.toPrecision(Math.max(digits, wholeDigits(rounded)))
}

/** A step or a count: thousands separators, `12,400`. Fractions keep up to `decimals` digits. */
export function formatCount(value: number, decimals = 3): string {
  if (!Number.isFinite(value)) return String(value).replace('-', MINUS)
  const format = formats.get(decimals) ?? new Intl.NumberFormat('en-US', { maximumFractionDigits: decimals })
  formats.set(decimals, format)
  return marked(format.format(value).replace('-', MINUS))
}

/** With so many decimals: `97.3`, for shares and other numbers that stand below each other. */
export function formatFixed(value: number, decimals: number): string {
  return marked(value.toFixed(decimals).replace('-', MINUS))
}

/** Making one costs 50 µs, as much as the rest of a tooltip's row. */
const formats = new Map<number, Intl.NumberFormat>()

/** Seconds in the two largest units: `2 h 41 m`, `5 m 20 s`, `3.2 s`, `4 d 1 h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–'
  if (seconds < 0) return MINUS + formatDuration(-seconds)
  if (seconds === 0) return '0 s'
  if (seconds < 1e-3) return `${formatValue(seconds, 3)} s`
  if (seconds < 59.95) return `${marked(String(Number(seconds.toFixed(seconds < 1 ? 3 : 1))))} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return units(Math.floor(whole / 60), 'm', whole % 60, 's')
  if (whole < 86_400) return units(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'm')
  return units(Math.floor(whole / 86_400), 'd', Math.floor((whole % 86_400) / 3600), 'h')
}

/** Labels for the ticks of one axis, all in one notation with as many decimals as their spacing needs. */
export function formatTicks(values: readonly number[], step: number): string[] {
  return tickTexts(values, step).map(marked)
}

function tickTexts(values: readonly number[], step: number): string[] {
  const { notation } = numberStyle()
  let largest = 0
  for (const value of values) largest = Math.max(largest, Math.abs(value))
  if (largest === 0) return values.map(() => '0')
  const small = notation === 'plain' ? 1e-6 : 1e-3
  if (largest < small || largest >= (notation === 'powers' ? 1e4 : 1e18)) {
    const exponent = exponentOf(largest)
    const decimals = Math.min(20, Math.max(0, exponent - exponentOf(step)))
    return values.map((value) => (value === 0 ? '0' : signed(value, (a) => powers(a, exponent, decimals))))
  }
  const power =
    largest >= (notation === 'plain' ? 1e15 : 1e4)
      ? Math.min(SUFFIXES.length - 1, Math.floor(Math.log10(largest * 1.000001) / 3))
      : 0
  const unit = 1000 ** power
  const decimals = decimalsOf(step / unit)
  return values.map((value) =>
    value === 0 ? '0' : signed(value, (a) => group((a / unit).toFixed(decimals)) + SUFFIXES[power]),
  )
}

/**
 * Labels for log ticks: each value in its shortest form; all as powers when the axis spans more than seven
 * decades.
 */
export function formatLogTicks(values: readonly number[]): string[] {
  const smallest = values[0] ?? 1
  const largest = values[values.length - 1] ?? 1
  const wide = smallest < 1e-4 || largest >= 1e9
  const { notation } = numberStyle()
  return values.map((value) => {
    // ticks have one digit: 1, 2, 3 or 5 of a power
    if (wide || (notation === 'powers' && value >= 1e4)) return exponential(value, 1)
    if (value >= 1e4) return marked(notation === 'plain' ? group(String(value)) : suffixed(value, 3, true))
    return marked(String(Number(value.toPrecision(3))))
  })
}

/** `0.000152`: a small value without a power. */
function plainSmall(value: number, digits: number): string {
  return value.toFixed(Math.min(100, digits - 1 - Math.floor(Math.log10(value))))
}

function units(a: number, aUnit: string, b: number, bUnit: string): string {
  return b === 0 ? `${a} ${aUnit}` : `${a} ${aUnit} ${b} ${bUnit}`
}

function signed(value: number, write: (absolute: number) => string): string {
  return value < 0 ? MINUS + write(-value) : write(value)
}

/** Power of ten of a positive value, one ulp short of the next power counting as that. */
export function exponentOf(value: number): number {
  return Math.floor(Math.log10(value) + 4e-7)
}

function powers(value: number, exponent: number, decimals: number): string {
  // in two steps: 10 to the −320 is 0 as a double
  const half = Math.trunc(exponent / 2)
  return `${(value / 10 ** half / 10 ** (exponent - half)).toFixed(decimals)}e${exponent < 0 ? MINUS : ''}${Math.abs(exponent)}`
}

/** Decimals that write all multiples of a step of one or two digits: 1 for 0.5, 3 for 0.025. */
function decimalsOf(step: number): number {
  const decimals = Math.min(12, Math.max(0, -Math.floor(Math.log10(step * 1.000001))))
  const scaled = step * 10 ** decimals
  return Math.abs(scaled - Math.round(scaled)) < 1e-6 ? decimals : decimals + 1
}

function exponential(value: number, digits: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(digits - 1).split('e')
  const short = mantissa.replace(/(\.\d+?)0+$/, '$1')
  return `${short}e${exponent.replace('-', MINUS).replace('+', '')}`
}

function suffixed(value: number, digits: number, short = false): string {
  const power = Math.min(SUFFIXES.length - 1, Math.floor(Math.log10(value) / 3 + 1e-12))
  const scaled = value / 1000 ** power
  if (scaled >= 1e6) return exponential(value, digits)
  const text = scaled.toPrecision(Math.max(digits, wholeDigits(scaled)))
  return (short ? String(Number(text)) : text) + SUFFIXES[power]
}

function wholeDigits(value: number): number {
  return value < 1 ? 1 : Math.floor(Math.log10(value)) + 1
}

function group(text: string): string {
  const [whole = '', fraction] = text.split('.')
  const grouped = whole.length > 3 ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}
