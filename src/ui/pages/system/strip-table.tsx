import '../../styles/table.css'
import { For } from 'solid-js'
import { formatCount, formatDuration } from '../../../compute/number.ts'
import type { Strip } from '../../../model/system.ts'
import { Name } from '../../components/name.tsx'

/** The rows of a strip as numbers, over what is in view. */
export function StripTable(props: {
  strip: Strip
  lines: readonly { key: string; name: string }[]
  metric: string
  words(value: number): string
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a scrolling box, neither a fieldset nor a section of the page
    <div class="chart-table" tabindex="0" role="group" aria-label={`${props.metric} as table`}>
      <table>
        <caption>
          <Name of={props.metric} />
        </caption>
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Mean</th>
            <th scope="col">Samples</th>
            <th scope="col">Longest gap</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.lines}>
            {(line, i) => (
              <tr>
                <th scope="row">
                  <Name of={line.name} />
                </th>
                <td data-value={String(props.strip.mean[i()])}>
                  {props.words(props.strip.mean[i()] ?? Number.NaN)}
                </td>
                <td>{formatCount(props.strip.samples[i()] ?? 0)}</td>
                <td>{gapWords(props.strip.longestGap[i()] ?? Number.NaN)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  )
}

function gapWords(seconds: number): string {
  return Number.isNaN(seconds) ? '–' : formatDuration(seconds)
}
