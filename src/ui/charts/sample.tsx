import type { RunStyle } from '../../state/view/chart-context.ts'

/** A short piece of a run's line. */
export function Sample(props: { style: RunStyle }) {
  return (
    <svg class="chart-sample" width="14" height="4" aria-hidden="true">
      <line
        x1="0"
        y1="2"
        x2="14"
        y2="2"
        stroke={props.style.color}
        stroke-width="2"
        stroke-dasharray={props.style.dash.join(' ') || undefined}
      />
    </svg>
  )
}
