import { type Accessor, createMemo } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import type { Groups } from './groups.ts'

/** What the baseline is: a run, or a group. */
export interface Baseline {
  label: string
  /** Places of its runs. */
  runs: number[]
  isGroup: boolean
}

/** What the address names as the baseline, as far as it is there; the filter may leave it out of the table. */
export function createBaseline(
  placeOf: Accessor<ReadonlyMap<string, number>>,
  whole: Groups['whole'],
): Accessor<Baseline | undefined> {
  const { runs, location } = useApp()
  const base = location.field('base')
  return createMemo((): Baseline | undefined => {
    const [, kind, id = ''] = /^(run|group):(.*)$/s.exec(base() ?? '') ?? []
    if (kind === 'group') {
      const group = whole(id)
      return group && { ...group, isGroup: true }
    }
    const place = placeOf().get(id)
    if (kind === undefined || place === undefined) return undefined
    return { label: runs.all()[place]?.name ?? '', runs: [place], isGroup: false }
  })
}
