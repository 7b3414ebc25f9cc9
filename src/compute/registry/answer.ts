import type { Collection, Holding } from '../../model/registry.ts'
import { holderAt } from './holdings.ts'

/** Who held an alias at a moment, or why nobody did. Times in ms since 1970. */
export type Answer =
  | {
      kind: 'held'
      holding: Holding /** Until now, for all that is known. */
      still: boolean
      ahead: boolean
    }
  /** The collection was not made yet. */
  | { kind: 'before'; created: number }
  /** Nobody was given it yet; `first`: when somebody was. */
  | { kind: 'notYet'; first: number }
  /** It was taken away: since when, and until when. */
  | { kind: 'nobody'; since: number; until: number | undefined }
  /** No such alias was ever given. */
  | { kind: 'never' }

export function answerOf(collection: Collection, alias: string, time: number, now: number): Answer {
  const holding = holderAt(collection, alias, time)
  if (holding) return { kind: 'held', holding, still: holding.to === undefined, ahead: time > now }
  if (time < collection.created) return { kind: 'before', created: collection.created }
  // by a clock that was behind some end before they began: nobody held it for that
  const held = collection.holdings.filter(
    (one) => one.alias === alias && (one.to === undefined || one.to >= one.from),
  )
  const after = least(held.flatMap(({ from }) => (from > time ? [from] : [])))
  const ended = held.flatMap(({ to }) => (to !== undefined && to <= time ? [to] : []))
  if (ended.length > 0) return { kind: 'nobody', since: ended.reduce((a, b) => Math.max(a, b)), until: after }
  return after === undefined ? { kind: 'never' } : { kind: 'notYet', first: after }
}

function least(times: readonly number[]): number | undefined {
  return times.length > 0 ? times.reduce((a, b) => Math.min(a, b)) : undefined
}
