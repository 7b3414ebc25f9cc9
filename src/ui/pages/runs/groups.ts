import { type Accessor, createMemo } from 'solid-js'
import { configValue, valueText } from '../../../compute/group.ts'
import { sharedName } from '../../../compute/shared-name.ts'
import type { Own } from '../../../state/address/link.ts'
import { parseList } from '../../../state/address/link-values.ts'
import { useApp } from '../../../state/app.ts'

/** Runs that stand under one head. */
export interface RowGroup {
  id: string
  label: string
  /** Places of its runs among all. */
  runs: number[]
  /** Groups within it, where runs are grouped by several keys. */
  inner: RowGroup[] | undefined
}

/** Parts the ids of groups within groups. */
const WITHIN = '\u001f'

/**
 * The groups of the runs that pass the filter, and within them those by further keys (`within` of the link);
 * undefined where nothing is grouped.
 */
export function createGroups(
  own: Accessor<Own>,
  placeOf: Accessor<ReadonlyMap<string, number>>,
): { groups: Accessor<readonly RowGroup[] | undefined>; further: Accessor<string[]> } {
  const { runs, location } = useApp()
  const groupKey = location.field('group')
  const further = createMemo(() => parseList(own().within ?? ''))
  const groups = createMemo(() => {
    const found: RowGroup[] = []
    // repetitions of one configuration are told apart by less than all its values
    const bySeeds = groupKey().kind === 'seeds'
    for (const row of runs.rows()) {
      if (!row.startsWith('g:')) continue
      const info = runs.group(row)
      if (!info) continue
      const names = bySeeds ? info.keys.flatMap((key) => runs.byKey().get(key)?.name ?? []) : []
      const id = row.slice(2)
      const members = info.keys.flatMap((key) => placeOf().get(key) ?? [])
      found.push({
        id,
        label: (bySeeds && sharedName(names)) || info.label,
        runs: members,
        inner: within(id, members, further()),
      })
    }
    return found.length > 0 ? found : undefined
  })

  function within(id: string, members: readonly number[], keys: readonly string[]): RowGroup[] | undefined {
    const [path, ...rest] = keys
    if (path === undefined) return undefined
    const byValue = new Map<string | undefined, number[]>()
    for (const run of members) {
      const value = configValue(runs.all()[run]?.config ?? null, path)
      const text = value === undefined ? undefined : valueText(value)
      const known = byValue.get(text)
      if (known) known.push(run)
      else byValue.set(text, [run])
    }
    const name = path.slice(path.lastIndexOf('.') + 1)
    return [...byValue].map(([value, inside]) => {
      const own = `${id}${WITHIN}${value === undefined ? '-' : `=${value}`}`
      const label = value === undefined ? `${name} not set` : `${name} ${value}`
      return { id: own, label, runs: inside, inner: within(own, inside, rest) }
    })
  }

  return { groups, further }
}

/** A group and all within it. */
export function allGroups(groups: readonly RowGroup[]): RowGroup[] {
  return groups.flatMap((group) => [group, ...allGroups(group.inner ?? [])])
}
