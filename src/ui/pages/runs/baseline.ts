import { type Accessor, createMemo } from 'solid-js'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import type { RowGroup } from './groups.ts'

/** What the baseline is: a run, or a group. */
export interface Baseline {
  label: string
  /** Places of its runs. */
  runs: number[]
  isGroup: boolean
}

/** What the address names as the baseline, as far as it is there. */
export function createBaseline(
  own: Accessor<Own>,
  placeOf: Accessor<ReadonlyMap<string, number>>,
  groups: Accessor<readonly RowGroup[] | undefined>,
): Accessor<Baseline | undefined> {
  const { runs } = useApp()
  return createMemo((): Baseline | undefined => {
    const text = own().base
    if (text === undefined) return undefined
    const place = placeOf().get(text.replace(/^run:/, ''))
    if (text.startsWith('run:') && place !== undefined)
      return { label: runs.all()[place]?.name ?? '', runs: [place], isGroup: false }
    const group = groups()?.find(({ id }) => `group:${id}` === text)
    return group && { label: group.label, runs: group.runs, isGroup: true }
  })
}
