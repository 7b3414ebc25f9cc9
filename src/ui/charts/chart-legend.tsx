import { Name } from '../components/name.tsx'
import '../styles/legend.css'
import { createMemo, For, Show } from 'solid-js'
import { formatCount } from '../../compute/number.ts'
import type { ChartModel } from './chart-model.ts'
import { Sample } from './sample.tsx'

/** Names in the page; of more runs the rest are counted. */
const MOST_NAMES = 60

/**
 * Styles and names of the drawn runs in one line that scrolls sideways: where no sidebar and no table of runs
 * stands beside the chart.
 */
export function ChartLegend(props: { model: ChartModel }) {
  const runs = createMemo(() => (props.model.scene()?.lines ?? []).map(({ run }) => run).reverse())
  return (
    <ul class="chart-legend" aria-label="Legend" tabindex="0">
      <For each={runs().slice(0, MOST_NAMES)}>
        {(run) => (
          <li classList={{ hot: run.key === props.model.hot() }}>
            <Sample style={run.style} />
            <Name of={run.name} />
          </li>
        )}
      </For>
      <Show when={runs().length > MOST_NAMES}>
        <li>{`+${formatCount(runs().length - MOST_NAMES)}`}</li>
      </Show>
    </ul>
  )
}
