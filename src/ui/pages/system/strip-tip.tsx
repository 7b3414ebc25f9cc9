import '../../styles/tooltip.css'
import { For, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import type { Samples } from '../../../model/system.ts'
import { Name } from '../../components/name.tsx'

const WIDTH = 204

/** Values of the device under the pointer and its neighbours, and the mean of all. */
export function StripTip(props: {
  title: string
  lines: readonly { key: string; name: string }[]
  row: number
  samples: Samples
  words(value: number): string
  left: number
  top: number
  width: number
  height: number
}) {
  const rows = () =>
    [props.row, props.row - 1, props.row + 1].flatMap((row) => {
      const line = props.lines[row]
      return line ? [{ row, name: line.name }] : []
    })
  const finite = () => Array.from(props.samples.mean).filter(Number.isFinite)
  const mean = () => finite().reduce((sum, value) => sum + value, 0) / finite().length
  const place = () => {
    const right = props.left + 12 + WIDTH > props.width
    return {
      left: `${right ? props.left - 12 - WIDTH : props.left + 12}px`,
      top: `${Math.max(4, Math.min(props.height - 110, props.top - 96))}px`,
      width: `${WIDTH}px`,
    }
  }
  return (
    <div class="chart-tip strip-tip" style={place()} aria-hidden="true">
      <div class="chart-tip-head">
        <b>{props.title}</b>
      </div>
      <For each={rows()}>
        {(line, i) => (
          <div class="chart-tip-row" classList={{ hot: i() === 0 }}>
            <span class="chart-tip-name">
              <Name of={line.name} />
            </span>
            <span class="chart-tip-value">{props.words(props.samples.mean[line.row] ?? Number.NaN)}</span>
          </div>
        )}
      </For>
      <Show when={finite().length > 1}>
        <div class="chart-tip-foot">
          <span>{`mean of ${formatCount(finite().length)} ${props.words(mean())}`}</span>
          <span>{samplesWords(props.samples.count[props.row] ?? 0)}</span>
        </div>
      </Show>
    </div>
  )
}

function samplesWords(count: number): string {
  return count === 0 ? '' : `${formatCount(count)} ${count === 1 ? 'sample' : 'samples'}`
}
