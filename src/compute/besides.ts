import { HISTOGRAM } from '../model/histogram.ts'
import { TABLE } from '../model/logged-table.ts'
import { MEDIA_KINDS } from '../model/media.ts'
import type { OtherKey } from '../model/metric.ts'
import { formatPlural } from './format.ts'

/** Values of these kinds, one and several, in the order in which they are told. */
const KINDS: Record<string, [string, string]> = {
  'trackio.file': ['file', 'files'],
}
/** Has a page, whether in a table or, as before 0.26, among the values of its key. */
const TRACE = 'trackio.trace'
/** Kinds that have a page. */
const SHOWN = new Set<string>([TABLE, HISTOGRAM, ...MEDIA_KINDS])

/**
 * What a project holds that no page but a run's raw rows shows, in words: `1 file`, `2 text keys`. A key with several kinds of
 * values counts for each that has a name of its own; others (lists, flags, objects) are counted by key.
 */
export function wordsBeside(others: readonly OtherKey[]): string[] {
  const kinds = new Map<string, number>()
  let texts = 0
  let odd = 0
  for (const { kinds: found } of others) {
    const names = Object.keys(found)
    for (const name of names) kinds.set(name, (kinds.get(name) ?? 0) + (found[name] ?? 0))
    if (names.some((name) => name in KINDS || name === TRACE || SHOWN.has(name))) continue
    if (names.includes('string')) texts++
    else odd++
  }
  return [
    ...Object.entries(KINDS).flatMap(([kind, [one, many]]) =>
      kinds.has(kind) ? [formatPlural(kinds.get(kind) ?? 0, one, many)] : [],
    ),
    ...(texts > 0 ? [formatPlural(texts, 'text key')] : []),
    ...(odd > 0 ? [formatPlural(odd, 'other key')] : []),
  ]
}

/** The same as one sentence; '' where there is nothing but numbers. */
export function sentenceBeside(words: readonly string[]): string {
  return words.length === 0 ? '' : `${words.join(', ')}: in the raw rows of a run`
}
