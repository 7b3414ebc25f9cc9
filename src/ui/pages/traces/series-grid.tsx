import { For } from 'solid-js'
import { ChartCard } from '../../charts/chart-card.tsx'
import type { TraceSeries } from './series.ts'

/** Charts of numbers of the traces, in rows. */
export function SeriesGrid(props: {
  series: TraceSeries
  metrics: readonly string[]
  columns: number
  /** Of the whole, CSS pixels. */
  width: number
  /** Of a chart. */
  height: number
  legend: boolean
}) {
  return (
    <div class="chart-grid" style={{ '--n': props.columns }}>
      <For each={props.metrics}>
        {(metric) => (
          <div style={{ height: `${props.height}px` }}>
            <ChartCard
              metric={metric}
              title={metric}
              view={props.series.view}
              width={Math.floor(props.width / props.columns)}
              height={props.height}
              sectionHidden
              legend={props.legend}
            />
          </div>
        )}
      </For>
    </div>
  )
}
