import type { Measure } from '../model/measure.ts'
import type { FilterFunction } from './filter.ts'
import { MEASURES, parseMeasure } from './filter-measures.ts'

export type Operator = '<' | '<=' | '>' | '>=' | '=' | '!=' | '~'

/** Of all logged values of a metric: the least, the greatest, the one logged last, the mean. */
export const FUNCTIONS = ['min', 'max', 'last', 'mean'] as const satisfies FilterFunction[]
/**
 * Those that columns of the table of runs have besides: the value logged first, the mean of the last tenth, how
 * many values there are, how many of them are not finite.
 */
const MORE_FUNCTIONS = ['first', 'tail', 'count', 'nonfinite'] as const satisfies FilterFunction[]

/** What a run is asked for by a word of its own; a key of that name stands in quotes. */
export const OWN_NAMES = ['name', 'group', 'state', 'tag', 'note'] as const

/** What a comparison looks at. `quoted`: it is a key even if it reads like one of `OWN_NAMES`. */
export interface Operand {
  name: string
  by: FilterFunction | undefined
  /** What else is asked of a metric: `at(loss, 1000)`. */
  measure?: Measure
  quoted: boolean
}

export type Expression =
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'not'; inner: Expression }
  | { kind: 'compare'; operand: Operand; operator: Operator; value: string }
  | { kind: 'in'; operand: Operand; values: string[] }
  | { kind: 'text'; text: string }

/** Reads an expression; throws SyntaxError, in words. */
export function parseExpression(text: string): Expression {
  return parse(tokenize(text.trim()))
}

export interface Token {
  kind: 'word' | 'string' | 'operator' | 'open' | 'close'
  text: string
  start: number
  end: number
}

/** Throws SyntaxError for what belongs to no word: a quote that is not closed, a lone `!`. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  const pattern =
    /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(<=|>=|==|!=|[<>=~])|([()])|([^\s()<>=!~"']+)|(\S))/gy
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [, quoted, operator, paren, word, stray] = match
    const end = pattern.lastIndex
    const add = (kind: Token['kind'], text: string, length = text.length) =>
      tokens.push({ kind, text, start: end - length, end })
    if (quoted !== undefined) add('string', quoted.slice(1, -1).replace(/\\(.)/g, '$1'), quoted.length)
    else if (operator !== undefined) add('operator', operator === '==' ? '=' : operator, operator.length)
    else if (paren !== undefined) add(paren === '(' ? 'open' : 'close', paren)
    else if (word !== undefined) add('word', word)
    else
      throw new SyntaxError(stray === '"' || stray === "'" ? 'a quote is not closed' : `unexpected ${stray}`)
  }
  return tokens
}

/** or < and < not < comparison; what stands side by side is joined by `and`. */
function parse(tokens: Token[]): Expression {
  let at = 0
  const result = parseOr()
  const rest = tokens[at]
  if (rest) throw new SyntaxError(`unexpected ${rest.text}`)
  return result

  function isWord(text: string, ahead = 0): boolean {
    const token = tokens[at + ahead]
    return token?.kind === 'word' && token.text.toLowerCase() === text
  }

  function isOpen(ahead: number): boolean {
    return tokens[at + ahead]?.kind === 'open'
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
    const token = tokens[at]
    if (!token) throw new SyntaxError('the expression ends too early')
    if (token.kind === 'open') {
      at++
      const inner = parseOr()
      close()
      return inner
    }
    if (token.kind !== 'word' && token.kind !== 'string') throw new SyntaxError(`unexpected ${token.text}`)
    const measured = calledMeasure()
    const by = measured ? undefined : calledFunction()
    const operand = measured ? parseMeasured(measured) : by ? parseCall(by) : parseName()
    const operator = tokens[at]
    if (operator?.kind === 'operator') {
      at++
      const value = tokens[at++]
      if (value?.kind !== 'word' && value?.kind !== 'string')
        throw new SyntaxError(`a value is missing after ${operator.text}`)
      return { kind: 'compare', operand, operator: asOperator(operator.text), value: value.text }
    }
    if (isWord('in') && isOpen(1)) return parseIn(operand)
    if (isWord('not') && isWord('in', 1) && isOpen(2)) {
      at++
      return { kind: 'not', inner: parseIn(operand) }
    }
    const called = by ?? measured
    if (called) throw new SyntaxError(`${called}(${operand.name}) is compared with nothing`)
    return { kind: 'text', text: token.text }
  }

  function calledMeasure(): Measure['by'] | undefined {
    const [word, paren] = [tokens[at], tokens[at + 1]]
    return word?.kind === 'word' && paren?.kind === 'open'
      ? MEASURES.find((name) => name === word.text.toLowerCase())
      : undefined
  }

  function parseMeasured(by: Measure['by']): Operand {
    at += 2
    const inner: Token[] = []
    for (let token = tokens[at]; token && token.kind !== 'close'; token = tokens[++at]) inner.push(token)
    close()
    return { by: undefined, quoted: false, ...parseMeasure(by, inner) }
  }

  /** `min (` is one as well; any other word right before a parenthesis is meant as one. */
  function calledFunction(): FilterFunction | undefined {
    const [word, paren] = [tokens[at], tokens[at + 1]]
    if (word?.kind !== 'word' || paren?.kind !== 'open') return undefined
    const known = [...FUNCTIONS, ...MORE_FUNCTIONS].find((name) => name === word.text.toLowerCase())
    if (!known && word.end === paren.start)
      throw new SyntaxError(`no function ${word.text}(); ${FUNCTIONS.join(', ')}`)
    return known
  }

  function parseName(): Operand {
    const token = tokens[at++]
    return { name: token?.text ?? '', by: undefined, quoted: token?.kind === 'string' }
  }

  function parseCall(by: FilterFunction): Operand {
    at += 2
    const token = tokens[at++]
    if (token?.kind !== 'word' && token?.kind !== 'string')
      throw new SyntaxError(`a metric is missing in ${by}()`)
    close()
    return { name: token.text, by, quoted: token.kind === 'string' }
  }

  function parseIn(operand: Operand): Expression {
    at += 2
    const values: string[] = []
    for (let token = tokens[at]; token?.kind === 'word' || token?.kind === 'string'; token = tokens[++at]) {
      // a comma ends a word, or stands by itself after a quoted value
      if (token.kind === 'string') values.push(token.text)
      else values.push(...token.text.split(',').filter((part) => part !== ''))
    }
    close()
    if (values.length === 0) throw new SyntaxError('a value is missing after in (')
    return { kind: 'in', operand, values }
  }

  function close(): void {
    const token = tokens[at++]
    if (token && token.kind !== 'close') throw new SyntaxError(`unexpected ${token.text}`)
    if (!token) throw new SyntaxError('a parenthesis is not closed')
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
