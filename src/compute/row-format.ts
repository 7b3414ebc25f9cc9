import { digitsOf, marked } from './number-style.ts'

const MINUS = '\u2212'

/** How the numbers of one row are written: all with as many decimals. */
export interface RowFormat {
  value(value: number): string
  /** With its sign: `+0.0135`, `−12.9`, `0`. */
  change(change: number): string
}

/**
 * Decimals for four (`usual`) digits of the greatest value, and more where the differences to `base` need them, at most
 * five more; none where all are integers. Values beyond 10⁷ and below 10⁻⁴ are written with powers.
 */
export function makeRowFormat(values: readonly number[], base: number, usual = 4): RowFormat {
  const digits = digitsOf(usual)
  const finite = values.filter(Number.isFinite)
  const greatest = finite.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const least = finite.reduce((found, value) => {
    const change = Math.abs(value - base)
    return change > 0 && change < found ? change : found
  }, Number.POSITIVE_INFINITY)
  if (greatest >= 1e7 || (greatest > 0 && greatest < 1e-4)) return makePowers()
  const needed = greatest > 0 ? digits - 1 - Math.floor(Math.log10(greatest)) : 0
  let decimals = Math.max(0, needed)
  while (decimals < needed + 5 && least < 0.5 / 10 ** decimals) decimals++
  if (finite.every(Number.isInteger) && Number.isInteger(base)) decimals = 0
  const format = new Intl.NumberFormat('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  const write = (value: number): string => marked(format.format(value).replace(/^-/, MINUS))
  return {
    value: (value) => (Number.isFinite(value) ? write(value) : odd(value)),
    change(change) {
      if (!Number.isFinite(change)) return odd(change)
      if (change === 0) return '0'
      return change > 0 ? `+${write(change)}` : write(change)
    },
  }
}

function makePowers(): RowFormat {
  const write = (value: number): string =>
    value === 0 ? '0' : marked(value.toExponential(4).replace('e+', 'e').replaceAll('-', MINUS))
  return {
    value: (value) => (Number.isFinite(value) ? write(value) : odd(value)),
    change: (change) =>
      Number.isFinite(change) ? (change > 0 ? `+${write(change)}` : write(change)) : odd(change),
  }
}

function odd(value: number): string {
  return String(value).replace('-', MINUS)
}

/** A change as a share of what it is a change of: `+1.8 %`; '' of nothing. */
export function formatPercent(change: number, base: number): string {
  const share = (100 * change) / Math.abs(base)
  if (!Number.isFinite(share)) return ''
  if (share === 0) return '0 %'
  const size = Math.abs(share)
  const text =
    size >= 1000
      ? size.toExponential(1).replace('e+', 'e')
      : size.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)
  return `${share > 0 ? '+' : MINUS}${marked(text)} %`
}
