import { quote } from './filter-expression.ts'
import { FUNCTIONS, OWN_NAMES, type Token, tokenize } from './filter-syntax.ts'

/** What there is to complete, in the order it is offered. */
export interface CompletionWords {
  /** Config keys, those that differ between runs first. */
  keys: readonly string[]
  metrics: readonly string[]
  /** Whether values of a key or metric compare by size; undefined for what is neither. */
  typeOf(name: string): 'number' | 'text' | undefined
  /** Values of a config key, or of `group` and `state`. */
  values(key: string): readonly string[]
}

export interface Suggestion {
  /** As it is shown; `insert` is what replaces the typed part, in quotes where it has to be. */
  text: string
  insert: string
  kind: 'config' | 'metric' | 'function' | 'run' | 'value' | 'operator'
}

export interface Completion {
  /** Part of the text that a suggestion replaces. */
  from: number
  to: number
  items: Suggestion[]
}

/** Words of the expressions themselves. */
const TAKEN = /^(?:and|or|not|in|name|group|state|tag|note)$/i
/** Words have no order, numbers no pattern. */
const OPERATORS = {
  number: ['<', '<=', '>', '>=', '=', '!='],
  text: ['=', '!=', '~', 'in (', 'not in ('],
  none: [],
} as const
const WORD_END = /[^\s()<>=!~"',]*$/
const WORD_START = /^[^\s()<>=!~"',]*/

/**
 * What may stand at the caret: keys, metrics and functions where a comparison begins, metrics in a function,
 * values behind an operator and in a list. Best match first. With nothing typed it offers what is sure to
 * come next (`min(`, `opt =`), or everything when `all` is asked for. Undefined where there is nothing to
 * offer.
 */
export function completeFilter(
  text: string,
  caret: number,
  words: CompletionWords,
  all = false,
): Completion | undefined {
  const before = text.slice(0, caret)
  const open = openQuote(before)
  const from = open ?? caret - (WORD_END.exec(before)?.[0].length ?? 0)
  const typed = before.slice(open === undefined ? from : from + 1).toLowerCase()
  const to = caret + (open === undefined ? (WORD_START.exec(text.slice(caret))?.[0].length ?? 0) : 0)
  const place = placeOf(before.slice(0, from))
  if (!place || (typed === '' && place.kind === 'name' && !all)) return undefined
  const items = pool(place, words)
    .map((item) => ({ item, rank: rankOf(item.text.toLowerCase(), typed) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
  const [only] = items
  // nothing is left to complete
  if (!only || (items.length === 1 && only.text.toLowerCase() === typed)) return undefined
  const rest = text.slice(to)
  return {
    from,
    to,
    items: items.map((item) => ({ ...item, insert: item.insert + tail(item, place, rest) })),
  }
}

type Place =
  | { kind: 'name' }
  | { kind: 'operator'; key: string }
  | { kind: 'metric' }
  | { kind: 'value'; key: string; list: boolean }

/** What is expected behind a text; undefined where it is an operator, or nobody can tell. */
function placeOf(text: string): Place | undefined {
  let tokens: Token[]
  try {
    tokens = tokenize(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined // what stands before is not right yet
    throw error
  }
  const [third, second, last] = [tokens.at(-3), tokens.at(-2), tokens.at(-1)]
  if (last?.kind === 'operator')
    return second?.kind === 'close' || !second ? undefined : { kind: 'value', key: second.text, list: false }
  if (last?.kind === 'open') {
    if (second?.kind === 'word' && FUNCTIONS.some((name) => name === second.text.toLowerCase()))
      return { kind: 'metric' }
    if (second?.text.toLowerCase() === 'in') return listOf(tokens, tokens.length - 1)
    return { kind: 'name' }
  }
  const opened = tokens.findLastIndex(({ kind }) => kind === 'open' || kind === 'close')
  if (tokens[opened]?.kind === 'open' && tokens[opened - 1]?.text.toLowerCase() === 'in')
    return listOf(tokens, opened)
  if (!last || last.kind === 'close') return { kind: 'name' }
  if (/^(?:and|or|not)$/i.test(last.text)) return { kind: 'name' }
  // a comparison is complete: another may follow; behind a bare word an operator may
  if (second?.kind === 'operator' && third) return { kind: 'name' }
  return /\s$/.test(text) ? { kind: 'operator', key: last.text } : undefined
}

function listOf(tokens: readonly Token[], open: number): Place | undefined {
  const at = tokens[open - 2]?.text.toLowerCase() === 'not' ? open - 3 : open - 2
  const key = tokens[at]
  return key && { kind: 'value', key: key.text, list: true }
}

function pool(place: Place, words: CompletionWords): Suggestion[] {
  const named = (kind: Suggestion['kind']) => (text: string) => ({ text, insert: asWord(text, TAKEN), kind })
  switch (place.kind) {
    case 'metric':
      return words.metrics.map(named('metric'))
    case 'operator':
      return OPERATORS[words.typeOf(place.key) ?? 'none'].map((text) => ({
        text,
        insert: text,
        kind: 'operator',
      }))
    case 'value':
      return words.values(place.key).map((text) => ({ text, insert: asWord(text), kind: 'value' }))
    case 'name':
      return [
        ...words.keys.map(named('config')),
        ...words.metrics.map(named('metric')),
        ...OWN_NAMES.map((text): Suggestion => ({ text, insert: text, kind: 'run' })),
        ...(words.metrics.length > 0
          ? FUNCTIONS.map((name): Suggestion => ({ text: `${name}(`, insert: `${name}(`, kind: 'function' }))
          : []),
      ]
  }
}

/** What follows what was taken: room for the next word, the end of the call. */
function tail({ kind, text }: Suggestion, place: Place, rest: string): string {
  if (kind === 'function' || text.endsWith('(') || (place.kind === 'value' && place.list)) return ''
  const close = place.kind === 'metric' && !/^\s*\)/.test(rest) ? ')' : ''
  return close + (/^[\s)]/.test(rest) ? '' : ' ')
}

/** Names and values that an expression would read otherwise stand in quotes. */
function asWord(text: string, taken?: RegExp): string {
  return /^[^\s()<>=!~"',]+$/.test(text) && !taken?.test(text) ? text : quote(text)
}

/** Where a quote begins that is not closed. */
function openQuote(text: string): number | undefined {
  let at: number | undefined
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && at !== undefined) i++
    else if (at === undefined && (text[i] === '"' || text[i] === "'")) at = i
    else if (at !== undefined && text[i] === text[at]) at = undefined
  }
  return at
}

/**
 * Less is nearer: beginnings of the name, of a word in it, anything in it, the first letters of its words.
 */
function rankOf(name: string, typed: string): number {
  if (typed === '' || name.startsWith(typed)) return 0
  for (let at = name.indexOf(typed); at > 0; at = name.indexOf(typed, at + 1))
    if (/[^\p{L}\p{N}]/u.test(name[at - 1] ?? '')) return 1
  if (name.includes(typed)) return 2
  const initials = name.split(/[^\p{L}\p{N}]+/u).map((word) => word[0] ?? '')
  return initials.length > 1 && initials.join('').startsWith(typed) ? 3 : Infinity
}
