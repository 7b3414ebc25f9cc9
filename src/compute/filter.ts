import type { Json } from '../model/run.ts'
import { parseRegex } from './group.ts'

type Operator = '<' | '<=' | '>' | '>=' | '=' | '!=' | '~'

type Expression =
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'not'; inner: Expression }
  | { kind: 'compare'; name: string; operator: Operator; value: string }
  | { kind: 'text'; text: string }

/** What the filter looks at: the run's name, and values by config key or metric (undefined where the run has none). */
export interface FilterSubject {
  name: string
  value(key: string): Json | undefined
}

export type Filter =
  | { kind: 'text' | 'expression'; test: (subject: FilterSubject) => boolean /** Keys it compares. */; names: string[] }
  | { kind: 'error'; message: string }

/**
 * Plain text matches names as a substring or, where it is one, a regular expression, without regard to case. Text with a
 * comparison whose key `known` accepts, or that starts with `not`, is an expression: `lr < 1e-3 and eval/loss < 3.4 and not debug`,
 * with parentheses, quotes, `or` and `~` (regex). A bare word in an expression matches the name.
 */
export function parseFilter(text: string, known: (key: string) => boolean): Filter {
  const trimmed = text.trim()
  if (trimmed === '') return { kind: 'text', test: () => true, names: [] }
  if (!/[<>=~]|^not\s/i.test(trimmed)) return { kind: 'text', test: makeNameTest(trimmed), names: [] }
  try {
    const expression = parse(tokenize(trimmed))
    const names = namesOf(expression)
    // a run may be called `lr=0.1`: text whose keys nobody knows is a name
    if (names.length > 0 && !names.some(known)) return { kind: 'text', test: makeNameTest(trimmed), names: [] }
    const unknown = names.find((name) => !known(name))
    if (unknown !== undefined) return { kind: 'error', message: `no config key or metric is called ${unknown}` }
    return { kind: 'expression', test: (subject) => evaluate(expression, subject), names }
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: 'error', message: error.message }
    throw error
  }
}

/** Substring or regular expression, case ignored; an invalid one counts as a substring. */
export function makeNameTest(text: string): (subject: { name: string }) => boolean {
  const lower = text.toLowerCase()
  const regex = parseRegex(text)
  return ({ name }) => name.toLowerCase().includes(lower) || (regex?.test(name) ?? false)
}

/** A search over metric names: a regular expression where asked for and valid, else a substring. */
export function makeMetricTest(text: string, regex: boolean): (name: string) => boolean {
  if (text === '') return () => true
  const pattern = regex ? parseRegex(text) : undefined
  if (pattern) return (name) => pattern.test(name)
  const lower = text.toLowerCase()
  return (name) => name.toLowerCase().includes(lower)
}

interface Token {
  kind: 'word' | 'string' | 'operator' | 'open' | 'close'
  text: string
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  const pattern = /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(<=|>=|==|!=|[<>=~])|([()])|([^\s()<>=!~"']+)|(.))/gy
  for (let match = pattern.exec(text.trimEnd()); match; match = pattern.exec(text.trimEnd())) {
    const [, quoted, operator, paren, word, stray] = match
    if (quoted !== undefined) tokens.push({ kind: 'string', text: quoted.slice(1, -1).replace(/\\(.)/g, '$1') })
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator === '==' ? '=' : operator })
    else if (paren !== undefined) tokens.push({ kind: paren === '(' ? 'open' : 'close', text: paren })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word })
    else throw new SyntaxError(`unexpected ${stray}`)
  }
  return tokens
}

/** or < and < not < comparison; words side by side are joined by `and`. */
function parse(tokens: Token[]): Expression {
  let at = 0
  const result = parseOr()
  const rest = tokens[at]
  if (rest) throw new SyntaxError(`unexpected ${rest.text}`)
  return result

  function isWord(text: string): boolean {
    const token = tokens[at]
    return token?.kind === 'word' && token.text.toLowerCase() === text
  }

  function parseOr(): Expression {
    let left = parseAnd()
    while (isWord('or')) {
      at++
      left = { kind: 'or', left, right: parseAnd() }
    }
    return left
  }

  function parseAnd(): Expression {
    let left = parseNot()
    while (at < tokens.length && !isWord('or') && tokens[at]?.kind !== 'close') {
      if (isWord('and')) at++
      left = { kind: 'and', left, right: parseNot() }
    }
    return left
  }

  function parseNot(): Expression {
    if (!isWord('not')) return parseTerm()
    at++
    return { kind: 'not', inner: parseNot() }
  }

  function parseTerm(): Expression {
    const token = tokens[at++]
    if (!token) throw new SyntaxError('the expression ends too early')
    if (token.kind === 'open') {
      const inner = parseOr()
      if (tokens[at++]?.kind !== 'close') throw new SyntaxError('a parenthesis is not closed')
      return inner
    }
    if (token.kind !== 'word' && token.kind !== 'string') throw new SyntaxError(`unexpected ${token.text}`)
    const operator = tokens[at]
    if (operator?.kind !== 'operator') return { kind: 'text', text: token.text }
    at++
    const value = tokens[at++]
    if (!value || (value.kind !== 'word' && value.kind !== 'string')) throw new SyntaxError(`a value is missing after ${operator.text}`)
    return { kind: 'compare', name: token.text, operator: asOperator(operator.text), value: value.text }
  }
}

function asOperator(text: string): Operator {
  switch (text) {
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '=':
    case '!=':
    case '~':
      return text
    default:
      throw new SyntaxError(`unexpected ${text}`)
  }
}

function namesOf(expression: Expression): string[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return [...namesOf(expression.left), ...namesOf(expression.right)]
    case 'not':
      return namesOf(expression.inner)
    case 'compare':
      return expression.name === 'name' ? [] : [expression.name]
    case 'text':
      return []
  }
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
      return compare(expression.name === 'name' ? subject.name : subject.value(expression.name), expression.operator, expression.value)
  }
}

/** Numbers compare as numbers, everything else as text; a run without the value passes only `!=`. */
function compare(value: Json | undefined, operator: Operator, wanted: string): boolean {
  if (value === undefined) return operator === '!='
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (operator === '~') return parseRegex(wanted)?.test(text) ?? false
  const number = Number(wanted)
  const numeric = typeof value === 'number' && wanted.trim() !== '' && !(Number.isNaN(number) && wanted.toLowerCase() !== 'nan')
  const order = numeric ? value - number : text.toLowerCase().localeCompare(wanted.toLowerCase())
  const equal = numeric ? value === number : text.toLowerCase() === wanted.toLowerCase()
  switch (operator) {
    case '<':
      return order < 0
    case '<=':
      return order < 0 || equal
    case '>':
      return order > 0
    case '>=':
      return order > 0 || equal
    case '=':
      return equal
    case '!=':
      return !equal
  }
}
