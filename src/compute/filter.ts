import type { Measure } from '../model/measure.ts'
import type { Json } from '../model/run.ts'
import { parseRegex } from './group.ts'

export type FilterFunction = 'min' | 'max' | 'last' | 'mean' | 'first' | 'tail' | 'count' | 'nonfinite'

/** What the filter looks at in a run. */
export interface FilterSubject {
  name: string
  group: string | null
  /** What a person wrote about it. */
  tags: readonly string[]
  note: string | undefined
  /** `live` or `ended`. */
  state: string
  config(key: string): Json | undefined
  /**
   * A single value of a metric; without `by` the one that stands beside the run. Undefined where the run did
   * not log it.
   */
  metric(name: string, by: FilterFunction | undefined): number | undefined
  /** One that asks for more: `at(loss, 1000)`. */
  measured(name: string, measure: Measure): number | undefined
}

/** What can be asked for in a project. */
export interface FilterWords {
  isKey(name: string): boolean
  isMetric(name: string): boolean
  /** Config keys, then metrics; asked for only when something is wrong. */
  keys(): readonly string[]
  metrics(): readonly string[]
  runNames(): readonly string[]
}

export interface MetricMeasure {
  metric: string
  measure: Measure
}

export type Filter =
  | {
      kind: 'text' | 'expression'
      test: (subject: FilterSubject) => boolean /** Metrics whose values it compares. */
      metrics: string[]
      /** And those of which it compares more than that. */
      measures: MetricMeasure[]
    }
  | { kind: 'error'; message: string }

/** Something is compared, called, negated or wholly in quotes. */
const MARKS =
  /[<>=~]|^not\s|\b(?:min|max|last|mean|first|tail|count|nonfinite|at|best|reach|area|in)\s*\(|^(["'])[\s\S]*\1$/i
const JOINED = /\s(?:and|or)\s/i
/** Within a regular expression, `and` is a word like any other. */
const REGEX = /[\\^$*+?[\]{}|]/

/**
 * Whether a text is meant as an expression (`compute/filter-expression.ts` reads it); any other is looked for
 * in names.
 */
export function isExpression(text: string): boolean {
  return MARKS.test(text) || (JOINED.test(text) && !REGEX.test(text))
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
