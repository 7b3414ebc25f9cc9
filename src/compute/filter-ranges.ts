import { isExpression } from './filter.ts'
import { operandsOf } from './filter-expression.ts'
import {
  type Expression,
  type Operand,
  type Operator,
  parseExpression,
  type Token,
  tokenize,
} from './filter-syntax.ts'

/*
 * What a filter says of one subject alone, so that a brush can write it, read it back and write it anew: of
 * `lr >= 1e-4 and lr < 1e-3 and opt = adamw` the first two conditions are about `lr`.
 */

/** Values between two limits, which may be infinite; whether they belong to it is of no account to a brush. */
export interface Span {
  from: number
  to: number
}

/** A condition of a filter, joined to the others by `and`, with its place in the text. */
interface Condition {
  expression: Expression
  start: number
  end: number
}

/**
 * The stretches of numbers that a filter leaves to its subject (`lr`, `max(eval/acc)`), in order, without those
 * that touch; undefined where no condition is about that alone. None: it lets no number pass.
 */
export function spansOf(filter: string, subject: string): Span[] | undefined {
  const about = conditionsAbout(filter, subject)
  if (about.length === 0) return undefined
  return about.map(({ expression }) => numbersOf(expression)).reduce(common)
}

/** A filter without its conditions about a subject alone. */
export function withoutSubject(filter: string, subject: string): string {
  const about = conditionsAbout(filter, subject)
  if (about.length === 0) return filter.trim()
  const gone = new Set(about.map(({ start }) => start))
  return conditionsOf(filter)
    .filter(({ start }) => !gone.has(start))
    .map(({ start, end }) => filter.slice(start, end))
    .join(' and ')
}

function conditionsAbout(filter: string, subject: string): Condition[] {
  const wanted = operandIn(subject)
  if (!wanted) return []
  return conditionsOf(filter).filter(({ expression }) => {
    const operands = operandsOf(expression)
    return operands.length > 0 && !hasText(expression) && operands.every((one) => isSame(one, wanted))
  })
}

/** None of a text that is no expression, or not a right one. */
function conditionsOf(filter: string): Condition[] {
  if (!isExpression(filter.trim())) return []
  try {
    const tokens = tokenize(filter)
    let depth = 0
    const parts: Token[][] = [[]]
    for (const token of tokens) {
      if (token.kind === 'open') depth++
      else if (token.kind === 'close') depth--
      // joined by `or`, nothing is a condition of the whole
      if (depth === 0 && isWord(token, 'or')) return whole(filter)
      if (depth === 0 && isWord(token, 'and')) parts.push([])
      else parts.at(-1)?.push(token)
    }
    return parts.flatMap((part): Condition[] => {
      const [first, last] = [part[0], part.at(-1)]
      if (!first || !last) return []
      const [start, end] = [first.start, last.end]
      return [{ expression: parseExpression(filter.slice(start, end)), start, end }]
    })
  } catch (error) {
    if (error instanceof SyntaxError) return [] // what is being typed is told of elsewhere
    throw error
  }
}

function whole(filter: string): Condition[] {
  return [{ expression: parseExpression(filter), start: 0, end: filter.length }]
}

function isWord(token: Token, text: string): boolean {
  return token.kind === 'word' && token.text.toLowerCase() === text
}

function operandIn(subject: string): Operand | undefined {
  try {
    return operandsOf(parseExpression(`${subject} = 0`))[0]
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isSame(a: Operand, b: Operand): boolean {
  return a.name === b.name && a.by === b.by && a.quoted === b.quoted
}

function hasText(expression: Expression): boolean {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return hasText(expression.left) || hasText(expression.right)
    case 'not':
      return hasText(expression.inner)
    default:
      return expression.kind === 'text'
  }
}

const ALL: Span[] = [{ from: -Infinity, to: Infinity }]

function numbersOf(expression: Expression): Span[] {
  switch (expression.kind) {
    case 'and':
      return common(numbersOf(expression.left), numbersOf(expression.right))
    case 'or':
      return joined([...numbersOf(expression.left), ...numbersOf(expression.right)])
    case 'not':
      return others(numbersOf(expression.inner))
    case 'in':
      return joined(expression.values.flatMap((value) => only(Number(value))))
    case 'compare':
      return compared(expression.operator, Number(expression.value))
    case 'text':
      return []
  }
}

function compared(operator: Operator, value: number): Span[] {
  if (Number.isNaN(value)) return []
  switch (operator) {
    case '<':
    case '<=':
      return [{ from: -Infinity, to: value }]
    case '>':
    case '>=':
      return [{ from: value, to: Infinity }]
    case '=':
      return only(value)
    case '!=':
    case '~':
      return ALL
  }
}

function only(value: number): Span[] {
  return Number.isNaN(value) ? [] : [{ from: value, to: value }]
}

function common(a: readonly Span[], b: readonly Span[]): Span[] {
  return a.flatMap((one) =>
    b.flatMap((other): Span[] => {
      const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)]
      return from <= to ? [{ from, to }] : []
    }),
  )
}

function joined(spans: readonly Span[]): Span[] {
  const found: Span[] = []
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else found.push({ ...span })
  }
  return found
}

function others(spans: readonly Span[]): Span[] {
  let from = -Infinity
  const found: Span[] = []
  for (const span of joined(spans)) {
    if (span.from > from) found.push({ from, to: span.from })
    from = span.to
  }
  return from < Infinity ? [...found, { from, to: Infinity }] : found
}
