import { createMemo } from 'solid-js'
import type { TableColumn } from '../columns.ts'
import type { Line } from '../lines.ts'
import type { RunsModel } from '../model.ts'
import { RunsTable } from '../runs-table.tsx'

/** The table of runs under a plot: its columns, and of the runs those that the plot holds. */
export function TableBelow(props: {
  model: RunsModel
  runs: readonly number[]
  phone: boolean
  /** A last column, which no link names: nothing is sorted by it. */
  told?: TableColumn | undefined
}) {
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
  const below: RunsModel = {
    ...model,
    lines,
    groups: () => undefined,
    columns: createMemo(() => (props.told ? [...model.columns(), props.told] : model.columns())),
    sort: (spec, more) => (spec !== 'name' && spec.kind === 'told' ? undefined : model.sort(spec, more)),
  }
  return <RunsTable model={below} phone={props.phone} bar={false} />
}
