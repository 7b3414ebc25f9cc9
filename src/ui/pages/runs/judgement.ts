import { type Accessor, createMemo } from 'solid-js'
import { type Spread, seedNoise, spreadOf } from '../../../compute/interval.ts'
import type { ColumnSpec } from '../../../compute/run-columns.ts'
import type { Baseline } from './baseline.ts'
import type { Columns, TableColumn } from './columns.ts'
import { allGroups, type RowGroup } from './groups.ts'

/** The best value of a column among runs, and among groups; undefined where no end is the good one. */
export interface Best {
  run: number | undefined
  group: string | undefined
}

export interface Judgement {
  /** Mean, interval and number of a group's values; undefined while they are computed, and of texts. */
  spread(column: TableColumn, members: readonly number[]): Spread | undefined
  /** Least difference that is more than the noise of the baseline's seeds; NaN where nothing can be said. */
  noise(column: TableColumn, members: number): number
  best(column: TableColumn): Best
}

/** What numbers are held against: the baseline and its seeds, and the best of their column. */
export function createJudgement(
  columns: Columns,
  baseline: Accessor<Baseline | undefined>,
  listed: Accessor<readonly number[]>,
  groups: Accessor<readonly RowGroup[] | undefined>,
): Judgement {
  const bests = new Map<string, Accessor<Best>>()

  function spread(column: TableColumn, members: readonly number[]): Spread | undefined {
    const found = column.data()
    return found && found.kind !== 'text' ? spreadOf(members.map((run) => found.values[run]!)) : undefined
  }

  function bestOf(column: TableColumn): Best {
    const found = column.data()
    const { direction } = column
    if (!found || found.kind === 'text' || !direction) return { run: undefined, group: undefined }
    const sign = direction === 'max' ? -1 : 1
    let run: number | undefined
    for (const place of listed()) {
      const value = found.values[place]!
      if (Number.isFinite(value) && (run === undefined || sign * value < sign * found.values[run]!))
        run = place
    }
    let group: string | undefined
    let least = Infinity
    for (const { id, runs: members } of innermost(groups() ?? [])) {
      const { mean } = spreadOf(members.map((place) => found.values[place]!))
      if (sign * mean < least) {
        least = sign * mean
        group = `g:${id}`
      }
    }
    return { run, group }
  }

  return {
    spread,
    noise(column, members) {
      const base = baseline()
      if (!base || column.spec.kind !== 'metric') return Number.NaN
      const found = spread(columns.of(plain(column.spec)), base.runs)
      if (!found) return Number.NaN
      const limit = seedNoise(found, members)
      return column.spec.delta === 'percent' ? (100 * limit) / Math.abs(found.mean) : limit
    },
    best(column) {
      let memo = bests.get(column.id)
      if (!memo) {
        memo = columns.lasting(() => createMemo(() => bestOf(column)))
        bests.set(column.id, memo)
      }
      return memo()
    },
  }
}

/** Groups of unlike sizes are not held against each other: the best is one of those without further ones. */
function innermost(groups: readonly RowGroup[]): RowGroup[] {
  return allGroups(groups).filter(({ inner }) => inner === undefined)
}

/** The same without the baseline. */
function plain(spec: ColumnSpec & { kind: 'metric' }): ColumnSpec {
  const { delta: _, ...rest } = spec
  return rest
}
