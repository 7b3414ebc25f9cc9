import { type Accessor, createMemo } from 'solid-js'
import { spreadOf } from '../../../compute/interval.ts'
import type { Run } from '../../../model/run.ts'
import type { Own } from '../../../state/address/link.ts'
import type { RowGroup } from './groups.ts'
import type { Sorting } from './sorting.ts'

/** A line of the table: a run, or the head of a group, by its value's id. `level`: in how many groups it is. */
export type Line = { kind: 'run'; id: string; run: number; level: number } | GroupLine

export interface GroupLine extends Omit<RowGroup, 'inner'> {
  kind: 'group'
  level: number
  open: boolean
}

/** The lines in their order: runs, or groups with what is in them where they are open. */
export function createLines(options: {
  own: Accessor<Own>
  all: Accessor<readonly Run[]>
  listed: Accessor<readonly number[]>
  groups: Accessor<readonly RowGroup[] | undefined>
  sorting: Sorting
}): { lines: Accessor<Line[]>; opened: Accessor<ReadonlySet<string>> } {
  const { own, all, listed, groups, sorting } = options
  const opened = createMemo(() => new Set((own().open ?? '').split('\n').filter((id) => id !== '')))
  /** Each run as a line by itself, made once: the order of thousands changes with every click. */
  const plain = createMemo(() =>
    all().map(({ key }, run): Line => ({ kind: 'run', id: `r:${key}`, run, level: 0 })),
  )
  /** Places of groups by what is sorted by: as they were, while the order is held. */
  const places = new Map<string, number>()
  const lines = createMemo((): Line[] => {
    const grouped = groups()
    if (!grouped) {
      const inIt = new Uint8Array(all().length)
      for (const run of listed()) inIt[run] = 1
      const each = plain()
      const found: Line[] = []
      for (const run of sorting.order()) if (inIt[run]) found.push(each[run]!)
      return found
    }
    const found: Line[] = []
    put(found, grouped, 0)
    return found
  })

  function runLines(members: readonly number[], level: number): Line[] {
    const rank = sorting.rank()
    const sorted = Uint32Array.from(members).sort((a, b) => rank[a]! - rank[b]!)
    return Array.from(sorted, (run) => ({ kind: 'run', id: `r:${all()[run]?.key}`, run, level }))
  }

  function put(found: Line[], grouped: readonly RowGroup[], level: number): void {
    const sorted = grouped
      .map((group) => ({ ...group, at: heldPlace(group) }))
      .sort((a, b) => a.at - b.at || 0)
    for (const { id, label, runs, inner } of sorted) {
      const open = opened().has(id)
      found.push({ kind: 'group', id: `g:${id}`, label, runs, level, open })
      if (!open) continue
      if (inner) put(found, inner, level + 1)
      else for (const line of runLines(runs, level + 1)) found.push(line)
    }
  }

  function heldPlace({ id, runs }: RowGroup): number {
    const key = `${sorting.by()}\n${id}`
    const before = sorting.held() ? places.get(key) : undefined
    const at = before ?? placeOfGroup(runs)
    places.set(key, at)
    return at
  }

  /** By the mean of what is sorted by; of texts, by its first run. */
  function placeOfGroup(members: readonly number[]): number {
    const first = sorting.first()
    const rank = sorting.rank()
    if (!first || first.column.kind === 'text')
      return members.reduce((least, run) => Math.min(least, rank[run]!), Infinity)
    const { values } = first.column
    const { mean } = spreadOf(members.map((run) => values[run]!))
    return Number.isNaN(mean) ? Infinity : first.descending ? -mean : mean
  }

  return { lines, opened }
}
