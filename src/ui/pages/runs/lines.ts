import { type Accessor, createMemo } from 'solid-js'
import { spreadOf } from '../../../compute/interval.ts'
import type { Run } from '../../../model/run.ts'
import type { Own } from '../../../state/address/link.ts'
import type { RowGroup } from './groups.ts'
import type { Sorting } from './sorting.ts'

/** A line of the table: a run, or the head of a group, by its value's id. */
export type Line = { kind: 'run'; id: string; run: number; inside: boolean } | GroupLine

export interface GroupLine extends RowGroup {
  kind: 'group'
  open: boolean
}

/** The lines in their order: runs, or groups with their runs where they are open. */
export function createLines(options: {
  own: Accessor<Own>
  all: Accessor<readonly Run[]>
  listed: Accessor<readonly number[]>
  groups: Accessor<readonly RowGroup[] | undefined>
  sorting: Sorting
}): { lines: Accessor<Line[]>; opened: Accessor<ReadonlySet<string>> } {
  const { own, all, listed, groups, sorting } = options
  const opened = createMemo(() => new Set((own().open ?? '').split('\n').filter((id) => id !== '')))
  const sorted = createMemo(() => {
    const rank = sorting.rank()
    return [...listed()].sort((a, b) => rank[a]! - rank[b]!)
  })
  const lines = createMemo((): Line[] => {
    const grouped = groups()
    if (!grouped)
      return sorted().map((run) => ({ kind: 'run', id: `r:${all()[run]?.key}`, run, inside: false }))
    const rank = sorting.rank()
    const first = sorting.first()
    const at = (members: readonly number[]): number => {
      if (!first || first.column.kind === 'text') return Math.min(...members.map((run) => rank[run]!))
      const { values } = first.column
      const { mean } = spreadOf(members.map((run) => values[run]!))
      return Number.isNaN(mean) ? Infinity : first.descending ? -mean : mean
    }
    return grouped
      .map((group) => ({ ...group, at: at(group.runs) }))
      .sort((a, b) => a.at - b.at || 0)
      .flatMap(({ id, label, runs: members }): Line[] => {
        const open = opened().has(id)
        const inside = open ? [...members].sort((a, b) => rank[a]! - rank[b]!) : []
        return [
          { kind: 'group', id: `g:${id}`, label, runs: members, open },
          ...inside.map((run): Line => ({ kind: 'run', id: `r:${all()[run]?.key}`, run, inside: true })),
        ]
      })
  })
  return { lines, opened }
}
