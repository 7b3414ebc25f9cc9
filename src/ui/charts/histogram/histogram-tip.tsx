import '../../styles/tooltip.css'
import { Show } from 'solid-js'
import type { ShownRun } from '../../../state/view/chart-context.ts'
import { Name } from '../../components/name.tsx'

const WIDTH = 250
const HEIGHT = 96

/** A bin at a step: its ends, its count, and what part of all it is. */
export function HistogramTip(props: {
  head: string
  side: string
  run?: ShownRun | undefined
  range: string
  count: string
  foot: string
  exact: string
  left: number
  top: number
  width: number
  height: number
}) {
  const place = () => {
    const turned = props.left + 14 + WIDTH > props.width
    const low = props.top + 12 + HEIGHT > props.height
    return {
      left: `${Math.max(0, turned ? props.left - 14 - WIDTH : props.left + 14)}px`,
      top: `${Math.max(0, low ? props.top - 12 - HEIGHT : props.top + 12)}px`,
      width: `${WIDTH}px`,
    }
  }
  return (
    <div class="chart-tip histogram-tip" style={place()} aria-hidden="true">
      <div class="chart-tip-head">
        <b>{props.head}</b>
        <span>{props.side}</span>
      </div>
      <Show when={props.run}>
        {(run) => (
          <div class="chart-tip-row">
            <i class="histogram-dot" style={{ background: run().style.color }} />
            <span class="chart-tip-name">
              <Name of={run().name} />
            </span>
          </div>
        )}
      </Show>
      <div class="chart-tip-row hot">
        <span>{props.range}</span>
        <span class="chart-tip-value">{props.count}</span>
      </div>
      <div class="chart-tip-foot">
        <span>{props.foot}</span>
        <span>{props.exact}</span>
      </div>
    </div>
  )
}
