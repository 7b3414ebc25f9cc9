import type { Collection, Holding } from '../../model/registry.ts'

/** Names of all aliases that a collection ever had: those that people gave first, by name, `latest` last. */
export function aliasesOf({ holdings }: Collection): string[] {
  const names = [...new Set(holdings.map(({ alias }) => alias))]
  const rank = (alias: string): number => (alias === 'production' ? 0 : alias === 'latest' ? 2 : 1)
  return names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

/** Who held an alias at a moment; undefined where nobody did. From a move on it is the new one. */
export function holderAt({ holdings }: Collection, alias: string, time: number): Holding | undefined {
  return holdings.findLast(
    (one) => one.alias === alias && one.from <= time && (one.to === undefined || time < one.to),
  )
}

/**
 * The nearest moves of an alias before and after a moment, whole ms since 1970: stored times are finer, and what
 * happened within a millisecond has happened at its end.
 */
export function movesAround(
  { holdings }: Collection,
  alias: string,
  time: number,
): { before: number | undefined; after: number | undefined } {
  const times = holdings
    .filter((one) => one.alias === alias)
    .flatMap(({ from, to }) => [Math.ceil(from), Math.ceil(to ?? Number.NaN)])
    .filter((at) => Number.isFinite(at))
    .sort((a, b) => a - b)
  return { before: times.findLast((at) => at < time), after: times.find((at) => at > time) }
}

/** The time from the first thing that happened to a collection to now, or to a later event of a clock that was ahead. */
export function spanOf({ created, holdings, links }: Collection, now: number): [from: number, to: number] {
  const times = [
    created,
    ...links.map((link) => link.created),
    ...holdings.flatMap(({ from, to }) => [from, to ?? Number.NaN]),
  ].filter((time) => Number.isFinite(time))
  if (times.length === 0) return [now - 1, now]
  const from = times.reduce((a, b) => Math.min(a, b))
  const to = times.reduce((a, b) => Math.max(a, b), now)
  return from < to ? [from, to] : [from - 1, to]
}
