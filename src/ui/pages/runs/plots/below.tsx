import { createMemo } from 'solid-js'
import type { Line } from '../lines.ts'
import type { RunsModel } from '../model.ts'
import { RunsTable } from '../runs-table.tsx'

/** The table of runs under a plot: its columns, and of the runs those that the plot holds. */
export function TableBelow(props: { model: RunsModel; runs: readonly number[]; phone: boolean }) {
  const { model } = props
  const lineOf = createMemo(() =>
    model.all().map(({ key }, run): Line => ({ kind: 'run', id: `r:${key}`, run, level: 0 })),
  )
  const lines = createMemo(() => {
    const rank = model.rankOf()
    return Uint32Array.from(props.runs)
      .sort((a, b) => rank[a]! - rank[b]!)
      .reduce((found: Line[], run) => {
        const line = lineOf()[run]
        if (line) found.push(line)
        return found
      }, [])
  })
  return <RunsTable model={{ ...model, lines, groups: () => undefined }} phone={props.phone} bar={false} />
}
