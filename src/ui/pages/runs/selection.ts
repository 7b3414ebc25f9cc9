import { type Accessor, createMemo, createSignal } from 'solid-js'
import { namesTerm, withTerm } from '../../../compute/filter-text.ts'
import type { Run, RunKey } from '../../../model/run.ts'

/** Runs that a person picked to do something with; not which runs charts show, and not what the filter lets by. */
export interface Selection {
  /** Of those that still exist, in the order of their first rows. */
  keys: Accessor<RunKey[]>
  has(key: RunKey): boolean
  count: Accessor<number>
  /** How they were picked, in words: `by the lasso`. */
  how: Accessor<string>
  set(keys: Iterable<RunKey>, how: string): void
  toggle(keys: readonly RunKey[], how: string): void
  clear(): void
}

export function createSelection(all: Accessor<readonly Run[]>): Selection {
  const [state, setState] = createSignal<{ keys: ReadonlySet<RunKey>; how: string }>(NONE)
  const keys = createMemo(() => {
    const { keys: picked } = state()
    return picked.size === 0 ? [] : all().flatMap(({ key }) => (picked.has(key) ? [key] : []))
  })
  return {
    keys,
    has: (key) => state().keys.has(key),
    count: () => keys().length,
    how: () => state().how,
    set(next, how) {
      setState({ keys: new Set(next), how })
    },
    toggle(changed, how) {
      const next = new Set(state().keys)
      const on = !changed.every((key) => next.has(key))
      for (const key of changed) {
        if (on) next.add(key)
        else next.delete(key)
      }
      setState({ keys: next, how })
    },
    clear() {
      setState(NONE)
    },
  }
}

const NONE = { keys: new Set<RunKey>(), how: '' }

/**
 * The filter that keeps the picked ones of the listed runs, or leaves them out. It names them, so a run that
 * has its name from another goes with that: `shared` counts those that were not meant.
 */
export function pickedFilter(
  filter: string,
  listed: readonly Run[],
  picked: ReadonlySet<RunKey>,
  keep: boolean,
): { filter: string; shared: number } {
  const [names, others]: [string[], string[]] = [[], []]
  for (const { key, name } of listed) (picked.has(key) ? names : others).push(name)
  const taken = new Set(names)
  return {
    filter: withTerm(filter, namesTerm(names, others, keep)),
    shared: others.filter((name) => taken.has(name)).length,
  }
}
