import { formatCount, formatDuration, formatValue } from '../../../compute/number.ts'
import { marked } from '../../../compute/number-style.ts'

/** `6.8 s`, `120 ms`, `2 h 41 m`; '' where none was logged. */
export function durationWords(ms: number): string {
  if (Number.isNaN(ms)) return ''
  return ms > 0 && ms < 1000 ? `${formatCount(Number(ms.toPrecision(3)))} ms` : formatDuration(ms / 1000)
}

/** US dollars; the smallest ones with the digits that they have. */
export function costWords(cost: number): string {
  if (Number.isNaN(cost)) return ''
  if (cost === 0 || cost >= 0.01) return `$${formatCount(cost, 4)}`
  return `$${cost >= 1e-6 ? marked(String(Number(cost.toPrecision(3)))) : formatValue(cost, 3)}`
}

export function countWords(count: number): string {
  return Number.isNaN(count) ? '' : formatCount(count)
}

/** A number of metadata, without zeros that were not logged: `0.5`, `2`, `0.4057`. */
export function plainWords(value: number): string {
  if (!Number.isFinite(value)) return formatValue(value)
  const short = Number(value.toPrecision(5))
  return short !== 0 && Math.abs(short) < 1e-4 ? formatValue(value) : formatCount(short, 10)
}
