import { type Accessor, createMemo } from 'solid-js'
import { configValue, valueText } from '../../../compute/group.ts'
import type { Own } from '../../../state/address/link.ts'
import { parseList } from '../../../state/address/link-values.ts'
import { useApp } from '../../../state/app.ts'
import { groupLabel } from '../../../state/runs/group-label.ts'

/** Runs that stand under one head. */
export interface RowGroup {
  id: string
  label: string
  /** Places of its runs among all. */
  runs: number[]
  /** Groups within it, where runs are grouped by several keys. */
  inner: RowGroup[] | undefined
}

export interface Groups {
  groups: Accessor<readonly RowGroup[] | undefined>
  /** Keys that are grouped by within groups. */
  further: Accessor<string[]>
  /** A group by its id with all its runs, whatever the filter leaves of it; undefined where it has none. */
  whole(id: string): { label: string; runs: number[] } | undefined
}

/** Parts the ids of groups within groups. */
const WITHIN = '\u001f'

/**
 * The groups of the runs that pass the filter, and within them those by further keys (`within` of the link);
 * undefined where nothing is grouped.
 */
export function createGroups(own: Accessor<Own>, placeOf: Accessor<ReadonlyMap<string, number>>): Groups {
  const { runs, location } = useApp()
  const groupKey = location.field('group')
  const further = createMemo(() => parseList(own().within ?? ''))
  /** Of all its runs, so that the filter renames no group. */
  function labelOf(id: string, text: string): string {
    const key = groupKey()
    if (key.kind === 'config') return `${shortName(key.path)} ${text}`
    return groupLabel({ label: text, keys: runs.members(id) }, key.kind === 'seeds', runs)
  }
  const groups = createMemo(() => {
    const found: RowGroup[] = []
    for (const row of runs.rows()) {
      if (!row.startsWith('g:')) continue
      const info = runs.group(row)
      if (!info) continue
      const id = row.slice(2)
      const members = info.keys.flatMap((key) => placeOf().get(key) ?? [])
      found.push({
        id,
        label: labelOf(id, info.label),
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
      const text = textOf(run, path)
      const known = byValue.get(text)
      if (known) known.push(run)
      else byValue.set(text, [run])
    }
    const name = shortName(path)
    return [...byValue].map(([value, inside]) => {
      const own = `${id}${WITHIN}${value === undefined ? '-' : `=${value}`}`
      return {
        id: own,
        label: `${name} ${value ?? 'not set'}`,
        runs: inside,
        inner: within(own, inside, rest),
      }
    })
  }

  function textOf(run: number, path: string): string | undefined {
    const value = configValue(runs.all()[run]?.config ?? null, path)
    return value === undefined ? undefined : valueText(value)
  }

  return {
    groups,
    further,
    whole(id) {
      const [first = '', ...inner] = id.split(WITHIN)
      let members = runs.members(first).flatMap((key) => placeOf().get(key) ?? [])
      inner.forEach((value, i) => {
        const path = further()[i] ?? ''
        members = members.filter((run) => {
          const text = textOf(run, path)
          return value === (text === undefined ? '-' : `=${text}`)
        })
      })
      const labels = [
        labelOf(first, first.slice(1) || 'not set'),
        ...inner.map((value, i) => `${shortName(further()[i] ?? '')} ${value.slice(1) || 'not set'}`),
      ]
      return members.length > 0 ? { label: labels.join(', '), runs: members } : undefined
    },
  }
}

function shortName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1)
}

/** A group and all within it. */
export function allGroups(groups: readonly RowGroup[]): RowGroup[] {
  return groups.flatMap((group) => [group, ...allGroups(group.inner ?? [])])
}
