import { Show } from 'solid-js'

/**
 * A run's style as a box: filled with a tick when shown, of a group with a line when some of its runs are; a dash
 * sample below it for dashed styles.
 */
export function Swatch(props: { color: string; dash: readonly number[]; on: boolean; some?: boolean }) {
  return (
    <span class="swatch" classList={{ on: props.on }} style={{ '--c': props.color }}>
      <svg viewBox="0 0 14 14" aria-hidden="true">
        <path d={props.some ? 'M3.5 7h7' : 'M3.4 7.2 6 9.8l4.6-5.4'} />
      </svg>
      <Show when={props.dash.length > 0}>
        <span class="dash" style={{ background: dashes(props.color, props.dash) }} />
      </Show>
    </span>
  )
}

export function LineSample(props: { color: string; dash: readonly number[] }) {
  return <span class="line-sample" style={{ background: dashes(props.color, props.dash) }} />
}

function dashes(color: string, dash: readonly number[]): string {
  if (dash.length === 0) return color
  let at = 0
  const stops = dash.map((length, i) => {
    const from = at
    at += length
    return `${i % 2 === 0 ? color : 'transparent'} ${from}px ${at}px`
  })
  return `repeating-linear-gradient(90deg, ${stops.join(', ')})`
}
