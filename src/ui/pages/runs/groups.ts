import { type Accessor, createMemo } from 'solid-js'
import { sharedName } from '../../../compute/shared-name.ts'
import { useApp } from '../../../state/app.ts'

/** Runs that stand under one head. */
export interface RowGroup {
  id: string
  label: string
  /** Places of its runs among all. */
  runs: number[]
}

/** The groups of the runs that pass the filter; undefined where nothing is grouped. */
export function createGroups(
  placeOf: Accessor<ReadonlyMap<string, number>>,
): Accessor<readonly RowGroup[] | undefined> {
  const { runs, location } = useApp()
  const groupKey = location.field('group')
  return createMemo(() => {
    const found: RowGroup[] = []
    // repetitions of one configuration are told apart by less than all its values
    const bySeeds = groupKey().kind === 'seeds'
    const nameOf = (key: string) => runs.byKey().get(key)?.name ?? []
    for (const row of runs.rows()) {
      if (!row.startsWith('g:')) continue
      const info = runs.group(row)
      if (info)
        found.push({
          id: row.slice(2),
          label: (bySeeds && sharedName(info.keys.flatMap(nameOf))) || info.label,
          runs: info.keys.flatMap((key) => placeOf().get(key) ?? []),
        })
    }
    return found.length > 0 ? found : undefined
  })
}
