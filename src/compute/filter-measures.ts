import type { Measure } from '../model/measure.ts'

/*
 * Functions of the filter that ask for more than a metric's name: `at(loss, 1000)`, `best(kl, max eval/acc)`,
 * `reach(eval/acc, >= 0.7)`, `area(loss)`.
 */

export const MEASURES = ['at', 'best', 'reach', 'area'] as const satisfies Measure['by'][]

interface Part {
  kind: string
  text: string
}

/** What stands in its parentheses, read; throws SyntaxError, in words. */
export function parseMeasure(by: Measure['by'], parts: readonly Part[]): { name: string; measure: Measure } {
  const [name, ...rest] = split(parts)
  if (name === undefined) throw new SyntaxError(`a metric is missing in ${by}()`)
  switch (by) {
    case 'area':
      return { name, measure: { by } }
    case 'at':
      return { name, measure: { by, step: number(rest[0], `${by}(${name}, 1000)`) } }
    case 'best': {
      const [end, of] = rest
      if ((end !== 'min' && end !== 'max') || of === undefined)
        throw new SyntaxError(`best() is written best(${name}, max eval/accuracy)`)
      return { name, measure: { by, of, end } }
    }
    case 'reach': {
      const example = `${by}(${name}, >= 0.7)`
      const [sign, limit] = rest
      if (sign !== '<=' && sign !== '>=') throw new SyntaxError(`reach() is written ${example}`)
      return { name, measure: { by, value: number(limit, example), end: sign === '<=' ? 'min' : 'max' } }
    }
  }
}

/** A comma ends a word, or stands by itself behind a quoted name. */
function split(parts: readonly Part[]): string[] {
  return parts.flatMap(({ kind, text }) =>
    kind === 'word' ? text.split(',').filter((one) => one !== '') : [text],
  )
}

function number(text: string | undefined, example: string): number {
  const value = Number(text)
  if (text === undefined || !Number.isFinite(value)) throw new SyntaxError(`a number is missing: ${example}`)
  return value
}
