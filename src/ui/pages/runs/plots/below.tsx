import { createMemo } from 'solid-js'
import type { Line } from '../lines.ts'
import type { RunsModel } from '../model.ts'
import { RunsTable } from '../runs-table.tsx'

/** The table of runs under a plot: its columns, and of the runs those that the plot holds. */
export function TableBelow(props: { model: RunsModel; runs: readonly number[]; phone: boolean }) {
  const { model } = props
  const lines = createMemo(() => {
    const rank = model.rankOf()
    return [...props.runs]
      .sort((a, b) => rank[a]! - rank[b]!)
      .map((run): Line => ({ kind: 'run', id: `r:${model.all()[run]?.key}`, run, level: 0 }))
  })
  return <RunsTable model={{ ...model, lines, groups: () => undefined }} phone={props.phone} />
}
