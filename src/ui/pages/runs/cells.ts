import { formatWhen } from '../../../compute/alert-list.ts'
import { OWN_NAMES } from '../../../compute/filter-syntax.ts'
import { operandText, word } from '../../../compute/filter-text.ts'
import { formatCount, formatDuration, formatValue } from '../../../compute/number.ts'
import { marked } from '../../../compute/number-style.ts'
import { type Column, type ColumnSpec, isMeasure } from '../../../compute/run-columns.ts'

const MINUS = '\u2212'

/** A value of a column as it stands in a cell; '' where there is none. */
export function cellText(spec: ColumnSpec, column: Column, run: number, zone: 'local' | 'utc'): string {
  if (column.kind === 'text') return column.values[run] ?? ''
  if (!column.has[run]) return ''
  return valueText(spec, column.kind, column.values[run]!, zone)
}

export function valueText(
  spec: ColumnSpec,
  kind: 'number' | 'time' | 'duration',
  value: number,
  zone: 'local' | 'utc',
): string {
  if (kind === 'time') return formatWhen(value, Date.now(), zone)
  if (kind === 'duration') return formatDuration(value)
  if (spec.kind === 'config') return exact(value)
  if (spec.kind === 'metric' && spec.delta)
    return spec.delta === 'percent' ? `${signed(value)} %` : signed(value)
  if (spec.kind === 'logged' && spec.of === 'picture') return `step ${formatCount(value)}`
  return spec.kind === 'fact' || spec.kind === 'logged' || (spec.kind === 'metric' && COUNTS.has(spec.by))
    ? formatCount(value)
    : formatValue(value)
}

/** Statistics that are whole numbers: how many, or a step. */
const COUNTS: ReadonlySet<string> = new Set(['count', 'nonfinite', 'reach'])

/** A number as it was set, with all its digits: `1e-5`, `0.003`, `4096`, `1e6`. */
export function exact(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace('-', MINUS)
  const [plain, power] = [String(value), value.toExponential()]
  const text = power.replace('e+', 'e')
  const far = Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6
  return marked((far && text.length < plain.length ? text : plain).replace(/^-/, MINUS))
}

/** With its sign, as differences are written: `+0.0141`. */
export function signed(value: number): string {
  return value > 0 ? `+${formatValue(value, 3)}` : formatValue(value, 3)
}

/** The value as a filter has it, so that it finds the same run again: every digit. */
export function filterValue(column: Column, run: number): string | undefined {
  if (column.kind === 'text') {
    const text = column.values[run]
    return text === undefined ? undefined : word(text)
  }
  return column.has[run] ? String(column.values[run]) : undefined
}

/** What a filter compares: a key, `max(eval/acc)`, `state`. Undefined for what it cannot ask for. */
export function filterSubject(spec: ColumnSpec): string | undefined {
  if (spec.kind === 'config') return word(spec.path, isOwn(spec.path))
  if (spec.kind === 'told' || spec.kind === 'logged') return undefined
  if (spec.kind === 'spark') return `last(${word(spec.metric)})`
  if (spec.kind === 'metric') {
    const asked = { name: spec.metric, quoted: false }
    if (spec.delta) return undefined
    return operandText(
      isMeasure(spec) ? { ...asked, by: undefined, measure: spec } : { ...asked, by: spec.by },
    )
  }
  return isOwn(spec.fact) ? spec.fact : undefined
}

/** A filter has a word of its own for it. */
export function isOwn(name: string): boolean {
  return OWN_NAMES.some((own) => own === name)
}
