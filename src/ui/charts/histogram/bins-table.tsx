import '../../styles/table.css'
import { createSignal, For, Show } from 'solid-js'
import { sumOf } from '../../../compute/histogram.ts'
import { formatCount, MINUS } from '../../../compute/number.ts'
import type { Bins } from '../../../model/histogram.ts'
import { Name } from '../../components/name.tsx'
import { countText, shareText } from './scene.ts'

/** Rows that a table begins with, and has more of each time it is asked. */
const PART = 1000

/** Bins as numbers, all digits of what was logged. */
export function BinsTable(props: {
  metric: string
  /** One histogram each: of which run, and at which step. */
  of: readonly { name: string; step: string; bins: Bins }[]
}) {
  const [count, setCount] = createSignal(PART)
  const rows = () =>
    props.of.flatMap(({ name, step, bins }) => {
      const total = sumOf(bins.counts)
      return Array.from({ length: bins.counts.length }, (_, i) => ({
        ...{ name, step, from: bins.edges[i] as number, to: bins.edges[i + 1] as number },
        ...{ count: bins.counts[i] as number, share: total > 0 ? (bins.counts[i] as number) / total : 0 },
      }))
    })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a scrolling box, neither a fieldset nor a section of the page
    <div class="chart-table" tabindex="0" role="group" aria-label={`${props.metric} as table`}>
      <table>
        <caption>
          <Name of={props.metric} />
        </caption>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Step</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Count</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          <For each={rows().slice(0, count())}>
            {(row) => (
              <tr>
                <th scope="row">
                  <Name of={row.name} />
                </th>
                <td>{row.step}</td>
                <td data-value={String(row.from)}>{digits(row.from)}</td>
                <td data-value={String(row.to)}>{digits(row.to)}</td>
                <td data-value={String(row.count)}>{countText(row.count)}</td>
                <td>{shareText(row.share)}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
      <Show when={rows().length === 0}>
        <p class="chart-state">Nothing was counted at this step</p>
      </Show>
      <Show when={rows().length > count()}>
        <button type="button" class="chart-link" onClick={() => setCount(count() + PART)}>
          {`Show more: ${formatCount(count())} of ${formatCount(rows().length)} bins`}
        </button>
      </Show>
    </div>
  )
}

function digits(value: number): string {
  return String(value).replaceAll('-', MINUS)
}
