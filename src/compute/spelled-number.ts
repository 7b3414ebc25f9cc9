const SPELLED = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
])

/** The number that a text stands for: what JSON has no word for, trackio writes as these three. */
export function spelledNumber(text: string): number | undefined {
  return SPELLED.get(text)
}
