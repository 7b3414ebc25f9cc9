import type { TraceRows } from '../../../model/trace.ts'
import { countWords, durationWords, plainWords } from './words.ts'

/** Numbers beside each line of the list: of which no trace has one, there is no column. */
export interface ListColumn {
  name: 'tokens' | 'duration' | 'score'
  title: string
  words(at: number): string
}

const PREFERRED = /reward|accuracy|score|correct|pass/i

/** Tokens and durations; of traces with neither, as completions are, the number of their metadata that says most. */
export function listColumns(list: TraceRows): ListColumn[] {
  const some = (values: Float64Array): boolean => values.some((value) => !Number.isNaN(value))
  const columns: ListColumn[] = []
  if (some(list.tokens))
    columns.push({
      name: 'tokens',
      title: 'tokens',
      words: (at) => countWords(list.tokens[at] ?? Number.NaN),
    })
  if (some(list.duration))
    columns.push({
      name: 'duration',
      title: 'duration',
      words: (at) => durationWords(list.duration[at] ?? Number.NaN),
    })
  if (columns.length > 0) return columns
  const score = list.scores.find(({ name }) => PREFERRED.test(name)) ?? list.scores[0]
  if (!score) return []
  const words = (at: number): string => {
    const value = score.values[at] ?? Number.NaN
    return Number.isNaN(value) ? '' : plainWords(value)
  }
  return [{ name: 'score', title: score.name, words }]
}
