import { isExpression } from './filter.ts'
import { quote } from './filter-expression.ts'

/** A text as one word of the filter's language, in quotes where it needs them, or `always`. */
export function word(text: string, always = false): string {
  const plain = /^[\w./+-]+$/.test(text) && !/^(and|or|not|in)$/i.test(text)
  return plain && !always ? text : quote(text)
}

/** A filter with one more condition. */
export function withTerm(filter: string, term: string): string {
  const before = asTerm(filter)
  if (before === '') return term
  // `or` binds less than what is added
  return /\bor\b/i.test(before) && isExpression(before) ? `(${before}) and ${term}` : `${before} and ${term}`
}

/** A search over names stays one beside a comparison: its spaces would part it into words. */
function asTerm(filter: string): string {
  const trimmed = filter.trim()
  return isExpression(trimmed) || /^[^\s()<>=!~"']*$/.test(trimmed) ? trimmed : quote(trimmed)
}

/**
 * The condition that keeps runs of these names (`in`), or leaves them out; of `others`, the names that are
 * listed besides, where those are fewer: then the same is said the other way round. A name that several runs
 * have stands for all of them.
 */
export function namesTerm(names: readonly string[], others: readonly string[], keep: boolean): string {
  const chosen = new Set(names)
  const rest = new Set(others.filter((name) => !chosen.has(name)))
  const turned = rest.size < chosen.size && rest.size > 0
  const list = [...(turned ? rest : chosen)].map((name) => word(name)).join(', ')
  return `name ${keep !== turned ? '' : 'not '}in (${list})`
}
