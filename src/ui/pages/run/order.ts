import { type Accessor, createEffect, createMemo, untrack } from 'solid-js'
import type { RunKey } from '../../../model/run.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { RUN, RUNS } from '../ids.ts'
import { createColumns } from '../runs/columns.ts'
import { labelOf } from '../runs/labels.ts'
import { createSorting } from '../runs/sorting.ts'

export interface RunOrder {
  keys: Accessor<readonly RunKey[]>
  /** ` by accuracies, max`, `, newest first`. */
  words: Accessor<string>
  /** How the table of runs is sorted, as links have it; '' where nobody sorted it. */
  sort: Accessor<string>
}

/** The order in which runs are walked: that of the table where somebody sorted it, else of the list. */
export function createRunOrder(own: Accessor<Own>): RunOrder {
  const { runs, location } = useApp()
  const rank = location.field('rank')
  const sort = createMemo(() => own().sort || location.view().own[RUNS]?.sort || '')
  const isSorted = createMemo(() => sort() !== '')
  // its columns are not made where nothing is sorted by them
  const sorting = createMemo(() =>
    isSorted()
      ? untrack(() =>
          createSorting(
            () => ({ sort: sort() }),
            createColumns(
              () => ({ cols: 'state' }),
              () => undefined,
            ),
          ),
        )
      : undefined,
  )
  const keys = createMemo((): readonly RunKey[] => {
    const order = sorting()?.rank()
    if (!order) return runs.listed()
    const listed = new Set(runs.listed())
    return runs
      .all()
      .map(({ key }, i) => ({ key, at: order[i] ?? 0 }))
      .filter(({ key }) => listed.has(key))
      .sort((a, b) => a.at - b.at)
      .map(({ key }) => key)
  })
  const words = createMemo(() => {
    const first = sorting()?.keys()[0]
    if (first) return ` by ${first.spec === 'name' ? 'name' : labelOf(first.spec)}`
    const by = rank()
    return by ? ` by ${by.metric}, ${by.by}` : ', newest first'
  })
  // the link of a run says in which order it was come from
  createEffect(() => {
    const { own: before, page } = location.view()
    const text = before[RUNS]?.sort
    if (page === RUN && text && !own().sort)
      location.adopt({ own: { ...before, [RUN]: { ...before[RUN], sort: text } } })
  })
  return { keys, words, sort }
}
