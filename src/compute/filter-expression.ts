import type { Json } from '../model/run.ts'
import { type Filter, type FilterSubject, type FilterWords, isExpression, makeNameTest } from './filter.ts'
import { type Expression, type Operand, type Operator, OWN_NAMES, parseExpression } from './filter-syntax.ts'
import { parseRegex } from './group.ts'
import { nearestOf } from './nearest.ts'

/**
 * Plain text matches names as a substring or, where it is one, a regular expression, without regard to case.
 * Text that compares, calls, negates or quotes is an expression: `lr < 1e-3 and min(eval/loss) < 3.4 and opt
 * in (adamw, muon) and not debug`, with parentheses, `or`, `not in` and `~` (regex). A word of an expression
 * that is compared with nothing matches the name.
 */
export function parseFilter(text: string, words: FilterWords): Filter {
  const trimmed = text.trim()
  if (trimmed === '') return { kind: 'text', test: () => true, metrics: [], measures: [] }
  if (!isExpression(trimmed)) return { kind: 'text', test: makeNameTest(trimmed), metrics: [], measures: [] }
  try {
    const expression = parseExpression(trimmed)
    const operands = operandsOf(expression)
    for (const operand of operands) check(operand, words)
    const metrics = operands.filter((one) => !one.measure && isMetric(one, words)).map(({ name }) => name)
    return {
      kind: 'expression',
      test: (subject) => evaluate(expression, subject),
      metrics: [...new Set(metrics)],
      measures: operands.flatMap(({ name, measure }) => (measure ? [{ metric: name, measure }] : [])),
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // a run may be called `lr=0.1`
    const named = words.runNames().some((name) => name.toLowerCase().includes(trimmed.toLowerCase()))
    const { message } = error
    return {
      kind: 'error',
      message: named
        ? `${message}${message.endsWith('?') ? '' : '.'} In quotes it searches names: ${quote(trimmed)}`
        : message,
    }
  }
}

/** A text as one word of an expression. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

function operandsOf(expression: Expression): Operand[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return [...operandsOf(expression.left), ...operandsOf(expression.right)]
    case 'not':
      return operandsOf(expression.inner)
    case 'compare':
    case 'in':
      return [expression.operand]
    case 'text':
      return []
  }
}

function isOwn({ name, by, measure, quoted }: Operand): boolean {
  return !by && !measure && !quoted && OWN_NAMES.some((own) => own === name)
}

function isMetric(operand: Operand, words: FilterWords): boolean {
  return !isOwn(operand) && words.isMetric(operand.name)
}

/** Throws SyntaxError for what the project does not have, with what comes nearest. */
function check(operand: Operand, words: FilterWords): void {
  const { name, measure } = operand
  const by = operand.by ?? measure
  if (measure?.by === 'best') check({ name: measure.of, by: 'last', quoted: true }, words)
  if (isOwn(operand) || words.isMetric(name) || (!by && words.isKey(name))) return
  const nearest = nearestOf(name, by ? words.metrics() : [...words.keys(), ...words.metrics(), ...OWN_NAMES])
  throw new SyntaxError(
    `no ${by ? 'metric' : 'key'} "${name}"${nearest === undefined ? '' : `; ${nearest}?`}`,
  )
}

function evaluate(expression: Expression, subject: FilterSubject): boolean {
  switch (expression.kind) {
    case 'and':
      return evaluate(expression.left, subject) && evaluate(expression.right, subject)
    case 'or':
      return evaluate(expression.left, subject) || evaluate(expression.right, subject)
    case 'not':
      return !evaluate(expression.inner, subject)
    case 'text':
      return makeNameTest(expression.text)(subject)
    case 'compare':
      return isTag(expression.operand, subject)
        ? compareTags(subject.tags, expression.operator, expression.value)
        : compare(operandValue(expression.operand, subject), expression.operator, expression.value)
    case 'in':
      if (isTag(expression.operand, subject))
        return subject.tags.some((tag) => isAmong(tag, expression.values))
      return isAmong(operandValue(expression.operand, subject), expression.values)
  }
}

/** A key of the config may have the name too. */
function isTag(operand: Operand, subject: FilterSubject): boolean {
  return (
    isOwn(operand) &&
    operand.name === 'tag' &&
    (subject.tags.length > 0 || subject.config('tag') === undefined)
  )
}

/** One of the tags does; of `!=`, all of them. */
function compareTags(tags: readonly string[], operator: Operator, wanted: string): boolean {
  return operator === '!='
    ? tags.every((tag) => compare(tag, operator, wanted))
    : tags.some((tag) => compare(tag, operator, wanted))
}

function operandValue(operand: Operand, subject: FilterSubject): Json | undefined {
  const { name, by, measure } = operand
  if (measure) return subject.measured(name, measure)
  if (by) return subject.metric(name, by)
  const value = subject.config(name)
  if (isOwn(operand)) {
    if (name === 'name') return subject.name
    if (name === 'tag') return value
    if (name === 'note') return subject.note ?? value
    return name === 'group' ? (subject.group ?? value) : subject.state
  }
  return value === undefined ? subject.metric(name, undefined) : value
}

/** Numbers compare as numbers, everything else as text; a run without the value passes only `!=`. */
function compare(value: Json | undefined, operator: Operator, wanted: string): boolean {
  if (value === undefined) return operator === '!='
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)
  if (operator === '~') return parseRegex(wanted)?.test(text) ?? false
  const [left, right] = [
    typeof value === 'number' ? value : typeof value === 'string' ? numberOf(value) : undefined,
    numberOf(wanted),
  ]
  const numeric = left !== undefined && right !== undefined
  const order = numeric ? left - right : text.toLowerCase().localeCompare(wanted.toLowerCase())
  // NaN is what is looked for with `loss = nan`
  const equal = numeric
    ? left === right || (left !== left && right !== right)
    : text.toLowerCase() === wanted.toLowerCase()
  switch (operator) {
    case '<':
      return order < 0 && !equal
    case '<=':
      return order < 0 || equal
    case '>':
      return order > 0 && !equal
    case '>=':
      return order > 0 || equal
    case '=':
      return equal
    case '!=':
      return !equal
  }
}

/** As `=` with one of them, in one step however many there are: a list may hold thousands of names. */
function isAmong(value: Json | undefined, wanted: readonly string[]): boolean {
  let sets = among.get(wanted)
  if (!sets) {
    const numbers = wanted.map(numberOf).filter((number) => number !== undefined)
    sets = { texts: new Set(wanted.map((text) => text.toLowerCase())), numbers: new Set(numbers) }
    among.set(wanted, sets)
  }
  if (value === undefined) return false
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)
  if (sets.texts.has(text.toLowerCase())) return true
  const number = typeof value === 'number' ? value : typeof value === 'string' ? numberOf(value) : undefined
  return number !== undefined && sets.numbers.has(number)
}

const among = new WeakMap<readonly string[], { texts: Set<string>; numbers: Set<number> }>()

/** A number as people and logs write it: `nan` and `inf` are some. */
function numberOf(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase()
  if (trimmed === 'nan') return Number.NaN
  const infinite = /^([+-]?)inf(?:inity)?$/.exec(trimmed)
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity
  const number = Number(trimmed)
  return trimmed === '' || number !== number ? undefined : number
}
