import { createMemo, Show } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import type { RunSparks } from '../../../state/runs/more-ranks.ts'
import type { TableColumn } from './columns.ts'
import type { RunsModel } from './model.ts'
import { type SparkScale, sparkPath } from './spark.ts'

/** Size of the line, px. */
const SPARK_WIDTH = 80
const SPARK_HEIGHT = 20

/** The line of a metric in its run's colour; of a group, the mean of its runs' lines. */
export function SparkCell(props: { column: TableColumn; model: RunsModel; runs: readonly number[] }) {
  const { ranks, runs } = useApp()
  const metric = () => (props.column.spec.kind === 'spark' ? props.column.spec.metric : undefined)
  const drawn = createMemo((): { path: string; color: string; dash: string } | undefined => {
    const name = metric()
    const sparks: RunSparks | undefined = name === undefined ? undefined : ranks.sparks(name)
    if (name === undefined || !sparks) return undefined
    const scale: SparkScale = props.model.sparkScale(name)
    const places = props.runs.flatMap((run) => sparks.places.get(props.model.all()[run]?.key ?? '') ?? [])
    const style = runs.styled(props.model.all()[props.runs[0] ?? -1]?.key ?? '')?.style
    return {
      path: sparkPath(sparks, places, scale, SPARK_WIDTH, SPARK_HEIGHT),
      color: style?.color ?? '',
      dash: style?.dash.join(' ') ?? '',
    }
  })
  return (
    <Show when={drawn()}>
      {(line) => (
        <svg class="spark" width={SPARK_WIDTH} height={SPARK_HEIGHT} aria-hidden="true">
          <path d={line().path} stroke={line().color} stroke-dasharray={line().dash} />
        </svg>
      )}
    </Show>
  )
}
