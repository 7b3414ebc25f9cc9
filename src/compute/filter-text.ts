import { isExpression } from './filter.ts'
import { quote } from './filter-expression.ts'
import type { Operand } from './filter-syntax.ts'

/** A text as one word of the filter's language, in quotes where it needs them, or `always`. */
export function word(text: string, always = false): string {
  const plain = /^[\w./+-]+$/.test(text) && !/^(and|or|not|in)$/i.test(text)
  return plain && !always ? text : quote(text)
}

/** What is asked for, as a filter has it: `lr`, `max(eval/acc)`, `at(loss, 1000)`, `reach(eval/acc, >= 0.7)`. */
export function operandText({ name, by, measure, quoted }: Operand): string {
  switch (measure?.by) {
    case 'at':
      return `at(${word(name)}, ${measure.step})`
    case 'best':
      return `best(${word(name)}, ${measure.end} ${word(measure.of)})`
    case 'reach':
      return `reach(${word(name)}, ${measure.end === 'min' ? '<=' : '>='} ${measure.value})`
    case 'area':
      return `area(${word(name)})`
  }
  return by ? `${by}(${word(name)})` : word(name, quoted)
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
