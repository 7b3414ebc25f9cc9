import { compareNames } from './group.ts'
import { kindOf, type MetricKind } from './metric-kind.ts'
import { directionOf, splitWords } from './metric-words.ts'
import type { Section } from './section.ts'

/** Sections of more charts than this are folded at start where they hold timings. */
export const FOLD_OVER = 20

/** Places of sections on the sheet; those of one rank stand in natural order. */
const RANKS = {
  bare: 0,
  train: 1,
  eval: 2,
  val: 3,
  test: 4,
  results: 5,
  others: 6,
  late: 7,
  timing: 8,
} as const

const STAGES: Record<string, number> = {
  ...{ train: RANKS.train, training: RANKS.train },
  ...{ eval: RANKS.eval, evals: RANKS.eval, evaluation: RANKS.eval },
  ...{ val: RANKS.val, valid: RANKS.val, validation: RANKS.val, dev: RANKS.val },
  ...{ test: RANKS.test, testing: RANKS.test },
}
const TIMING_NAME =
  /^(profil(e|es|er|ing)|times?|timings?|timers?|perf|throughput|speed|latency|benchmarks?)$/
/** How the machine was, not how the model is. */
const LATE_NAME = /^(system|sys|gpus?|cpus?|memory|mem|hardware|device|devices)$/
const KIND_RANKS: Record<MetricKind, number> = { result: 0, other: 1, counter: 2, timing: 3 }

/**
 * Results first, counters and timings last, natural order within each. Total, and of the two names alone:
 * more metrics never turn it round.
 */
export function compareMetrics(a: string, b: string): number {
  return KIND_RANKS[kindOf(a)] - KIND_RANKS[kindOf(b)] || compareNames(a, b)
}

/**
 * Where each section stands, by its key. What its name tells counts first, else what most of its metrics are.
 * A section that had its rank `before` keeps it: metrics that come later would move it under the hands of
 * whoever looks.
 */
export function rankSections(
  sections: readonly Section[],
  before: ReadonlyMap<string, number> = new Map(),
): Map<string, number> {
  const ranks = new Map(before)
  for (const section of sections.flatMap((top) => [top, ...top.nested])) {
    if (!ranks.has(section.key)) ranks.set(section.key, rankOf(section))
  }
  return ranks
}

/** Sections of timings with more than 20 charts, by key. */
export function foldedAtStart(sections: readonly Section[], ranks: ReadonlyMap<string, number>): Set<string> {
  const all = sections.flatMap((top) => [top, ...top.nested])
  return new Set(
    all
      .filter(({ key, count }) => count > FOLD_OVER && ranks.get(key) === RANKS.timing)
      .map(({ key }) => key),
  )
}

/** Those that `order` lists stand first, as it lists them; the others follow as they are. */
export function putInOrder<T>(items: readonly T[], idOf: (item: T) => string, order: readonly string[]): T[] {
  if (order.length === 0) return [...items]
  const places = new Map(order.map((id, place) => [id, place]))
  const listed = items.filter((item) => places.has(idOf(item)))
  listed.sort((a, b) => (places.get(idOf(a)) ?? 0) - (places.get(idOf(b)) ?? 0))
  return [...listed, ...items.filter((item) => !places.has(idOf(item)))]
}

/**
 * How a section is called in an order set by hand; `/` for names without a prefix. Metrics whose names end in
 * a slash cannot be told from it.
 */
export function sectionId({ key }: { key: string }): string {
  return key === '' ? '/' : key
}

/**
 * The order by hand after one of `siblings` (ids, as they stand now) was moved before another, or to the end
 * without one. `automatic`: the same ids as they stand without it. Only as many are listed as it takes, so
 * that a link stays short and what comes later finds its own place.
 */
export function movedOrder(
  order: readonly string[],
  siblings: readonly string[],
  automatic: readonly string[],
  moved: string,
  before: string | undefined,
): string[] {
  const left = siblings.filter((id) => id !== moved)
  const at = before === undefined ? -1 : left.indexOf(before)
  const next = at === -1 ? [...left, moved] : [...left.slice(0, at), moved, ...left.slice(at)]
  const place = new Map(automatic.map((id, i) => [id, i]))
  const placeOf = (i: number): number => place.get(next[i] ?? '') ?? 0
  let listed = next.length - 1
  while (listed > 0 && placeOf(listed - 1) < placeOf(listed)) listed--
  const own = new Set(siblings)
  return [...order.filter((id) => !own.has(id)), ...next.slice(0, listed)]
}

function rankOf(section: Section): number {
  const { key, name, nested } = section
  const metrics = [...section.metrics, ...nested.flatMap((inner) => inner.metrics)]
  const kinds = metrics.map(kindOf)
  const most = (...wanted: MetricKind[]): boolean =>
    kinds.filter((kind) => wanted.includes(kind)).length * 2 > kinds.length
  const service = kinds.every((kind) => kind === 'counter' || kind === 'timing')
  // names without a prefix are most often a small project's own results
  if (key === '') return service ? RANKS.late : RANKS.bare
  const words = splitWords(name.slice(name.lastIndexOf('/') + 1))
  if (words.some((word) => TIMING_NAME.test(word))) return RANKS.timing
  const stage = STAGES[words[0] ?? '']
  if (stage !== undefined) return stage
  if (words.some((word) => LATE_NAME.test(word))) return RANKS.late
  if (most('timing')) return RANKS.timing
  if (service) return RANKS.late
  return directionOf(name) || !most('other', 'counter', 'timing') ? RANKS.results : RANKS.others
}
