import { isExpression } from './filter.ts'
import { type Expression, type Operand, parseExpression } from './filter-syntax.ts'
import { operandText, word } from './filter-text.ts'
import type { Column } from './run-columns.ts'

/** A stretch of values; `withLow`: its end belongs to it. Open ends are infinities. */
export interface Interval {
  low: number
  high: number
  withLow: boolean
  withHigh: boolean
}

/**
 * What is let by on one axis: values in one of the stretches; of an axis of words, any of `texts`, which is
 * undefined where the condition is not one of single values.
 */
export interface Brush {
  intervals: Interval[]
  texts: string[] | undefined
}

/**
 * One of the conditions that a filter joins by `and`. With `subject`, what a filter asks for (`max(eval/acc)`),
 * it is a brush on that axis; others stay as they are.
 */
export interface BrushTerm {
  text: string
  subject?: string
  brush?: Brush
}

/**
 * A filter as brushes and what is none: stretches and single values of one thing each, joined by `and` (`lr >=
 * 1e-5 and lr <= 1e-4`, `(lr < 1 or lr > 5)`, `opt in (adamw, sgd)`). `subjectOf` says which axis a name is
 * meant as. Undefined for a text that cannot be read.
 */
export function parseBrushes(text: string, subjectOf: (operand: Operand) => string): BrushTerm[] | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return []
  // a search over names: its words would be parted
  if (!isExpression(trimmed)) return [{ text: /\s/.test(trimmed) ? word(trimmed, true) : trimmed }]
  let expression: Expression
  try {
    expression = parseExpression(trimmed)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  const terms: BrushTerm[] = []
  for (const part of conjuncts(expression)) {
    const found = brushOf(part, subjectOf)
    if (!found) {
      terms.push({ text: formatTerm(part) })
      continue
    }
    const same = terms.find(({ subject }) => subject === found.subject)
    if (!same?.brush) terms.push({ ...found, text: formatBrush(found.subject, found.brush) })
    else {
      same.brush = both(same.brush, found.brush)
      same.text = formatBrush(found.subject, same.brush)
    }
  }
  return terms
}

/** The filter with another brush on one axis, in its place; undefined takes it away. */
export function withBrush(
  terms: readonly BrushTerm[],
  subject: string,
  brush: Brush | undefined,
): BrushTerm[] {
  const next = brush && { subject, brush, text: formatBrush(subject, brush) }
  const at = terms.findIndex((term) => term.subject === subject)
  if (at < 0) return next ? [...terms, next] : [...terms]
  return terms.flatMap((term, i) => (i === at ? (next ?? []) : term))
}

export function formatTerms(terms: readonly BrushTerm[]): string {
  return terms.map(({ text }) => text).join(' and ')
}

/** What lets by all that some conditions together do not. */
export function negated(terms: readonly BrushTerm[]): string {
  return `not (${formatTerms(terms)})`
}

/** Which runs a brush lets by, 1 for each; those without a value are none of them. */
export function brushed(column: Column, brush: Brush): Uint8Array {
  const passes = new Uint8Array(column.values.length)
  if (column.kind === 'text') {
    const wanted = new Set(brush.texts?.map((text) => text.toLowerCase()))
    column.values.forEach((value, i) => {
      if (value !== undefined && wanted.has(value.toLowerCase())) passes[i] = 1
    })
    return passes
  }
  const { values, has } = column
  for (const { low, high, withLow, withHigh } of brush.intervals) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!
      if ((withLow ? value >= low : value > low) && (withHigh ? value <= high : value < high) && has[i])
        passes[i] = 1
    }
  }
  return passes
}

/** The shortest number that is at most `within` away from another: what a pixel can tell. */
export function shortNumber(value: number, within: number): number {
  for (let digits = 1; digits < 17; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.abs(short - value) <= within) return short
  }
  return value
}

/** A number as a filter has it, with all its digits, in the shorter of its forms: `1e-5`, `0.003`. */
export function numberText(value: number): string {
  const [plain, power] = [String(value), value.toExponential().replace('e+', 'e')]
  return power.length + 1 < plain.length ? power : plain
}

export function point(value: number): Interval {
  return { low: value, high: value, withLow: true, withHigh: true }
}

function conjuncts(expression: Expression): Expression[] {
  return expression.kind === 'and'
    ? [...conjuncts(expression.left), ...conjuncts(expression.right)]
    : [expression]
}

function brushOf(
  expression: Expression,
  subjectOf: (operand: Operand) => string,
): { subject: string; brush: Brush } | undefined {
  switch (expression.kind) {
    case 'compare': {
      const subject = subjectOf(expression.operand)
      const { operator, value } = expression
      if (operator === '!=' || operator === '~') return undefined
      if (operator === '=') return { subject, brush: valuesBrush([value]) }
      const limit = Number(value)
      if (Number.isNaN(limit)) return undefined
      const interval: Interval = operator.startsWith('<')
        ? { low: -Infinity, withLow: true, high: limit, withHigh: operator === '<=' }
        : { low: limit, withLow: operator === '>=', high: Infinity, withHigh: true }
      return { subject, brush: { intervals: [interval], texts: undefined } }
    }
    case 'in':
      return { subject: subjectOf(expression.operand), brush: valuesBrush(expression.values) }
    case 'and':
    case 'or': {
      const [left, right] = [brushOf(expression.left, subjectOf), brushOf(expression.right, subjectOf)]
      if (!left || left.subject !== right?.subject) return undefined
      const join = expression.kind === 'and' ? both : either
      return { subject: left.subject, brush: join(left.brush, right.brush) }
    }
    case 'not':
    case 'text':
      return undefined
  }
}

/** What is no number stands among the texts alone. */
function valuesBrush(values: readonly string[]): Brush {
  const numbers = values.map(Number).filter((value) => !Number.isNaN(value))
  return { intervals: sorted(numbers.map(point)), texts: [...values] }
}

function either(a: Brush, b: Brush): Brush {
  return {
    intervals: sorted([...a.intervals, ...b.intervals]),
    texts: a.texts && b.texts && [...new Set([...a.texts, ...b.texts])],
  }
}

function both(a: Brush, b: Brush): Brush {
  const intervals = a.intervals.flatMap((one) =>
    b.intervals.flatMap((other) => {
      const [low, withLow] = later(one.low, one.withLow, other.low, other.withLow, 1)
      const [high, withHigh] = later(one.high, one.withHigh, other.high, other.withHigh, -1)
      const some = low < high || (low === high && withLow && withHigh)
      return some ? [{ low, high, withLow, withHigh }] : []
    }),
  )
  return {
    intervals: sorted(intervals),
    texts:
      a.texts && b.texts
        ? a.texts.filter((text) => b.texts?.includes(text))
        : // of single values and a stretch the values that lie in it
          (a.texts ?? b.texts)?.filter((text) =>
            intervals.some(({ low, high }) => low === high && low === Number(text)),
          ),
  }
}

/** The narrower of two ends. */
function later(a: number, withA: boolean, b: number, withB: boolean, sign: 1 | -1): [number, boolean] {
  if (a === b) return [a, withA && withB]
  return sign * (a - b) > 0 ? [a, withA] : [b, withB]
}

function sorted(intervals: readonly Interval[]): Interval[] {
  return [...intervals].sort((a, b) => a.low - b.low || a.high - b.high)
}

function formatBrush(subject: string, { intervals, texts }: Brush): string {
  if (texts) {
    const [only] = texts
    // nothing has no value at all
    if (only === undefined) return `${subject} in ("")`
    return texts.length === 1
      ? `${subject} = ${word(only)}`
      : `${subject} in (${texts.map((one) => word(one)).join(', ')})`
  }
  if (intervals.length === 0) return `(${subject} < 0 and ${subject} > 0)`
  const parts = intervals.map((interval) => formatInterval(subject, interval))
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' or ')})`
}

function formatInterval(subject: string, { low, high, withLow, withHigh }: Interval): string {
  if (low === high) return `${subject} = ${numberText(low)}`
  const from = low === -Infinity ? '' : `${subject} ${withLow ? '>=' : '>'} ${numberText(low)}`
  const to = high === Infinity ? '' : `${subject} ${withHigh ? '<=' : '<'} ${numberText(high)}`
  // from everything to everything: every value there is
  if (from === '' && to === '') return `${subject} <= Infinity`
  return [from, to].filter(Boolean).join(' and ')
}

/** As it was written, but for spaces and parentheses that mean nothing. */
function formatTerm(expression: Expression): string {
  switch (expression.kind) {
    case 'text':
      return word(expression.text)
    case 'compare':
      return `${operandText(expression.operand)} ${expression.operator} ${word(expression.value)}`
    case 'in':
      return `${operandText(expression.operand)} in (${expression.values.map((one) => word(one)).join(', ')})`
    case 'not':
      return `not ${bracketed(expression.inner)}`
    case 'or':
      return `(${bracketed(expression.left)} or ${bracketed(expression.right)})`
    case 'and':
      return `${bracketed(expression.left)} and ${bracketed(expression.right)}`
  }
}

function bracketed(expression: Expression): string {
  const text = formatTerm(expression)
  return expression.kind === 'and' ? `(${text})` : text
}
