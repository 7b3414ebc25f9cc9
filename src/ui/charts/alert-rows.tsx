import { For, Show } from 'solid-js'
import { formatCount } from '../../compute/number.ts'
import { Name } from '../components/name.tsx'
import { firstLine, levelWord, MOST_SAID, SHAPES } from './alert-marks.ts'
import type { PlacedAlert } from './scene.ts'
import { Sample } from './tooltip.tsx'

/** What the runs warned of where the crosshair stands, below their values. */
export function AlertRows(props: { alerts: readonly PlacedAlert[] }) {
  return (
    <div class="chart-tip-alerts">
      <For each={props.alerts.slice(0, MOST_SAID)}>
        {({ alert, shown }) => (
          <>
            <div class="chart-tip-alert" data-level={alert.level}>
              <i>{SHAPES[alert.level]}</i>
              <i>{levelWord(alert.level)}</i>
              <b>
                <Name of={alert.title} />
              </b>
              <Show when={alert.step !== null}>
                <span class="chart-tip-value">step {formatCount(alert.step ?? 0, 0)}</span>
              </Show>
            </div>
            <div class="chart-tip-row">
              <Sample style={shown.style} />
              <span class="chart-tip-name">
                <Name of={shown.name} />
              </span>
            </div>
            <Show when={firstLine(alert.text)}>
              {(text) => (
                <div class="chart-tip-text">
                  <Name of={text()} />
                </div>
              )}
            </Show>
          </>
        )}
      </For>
      <Show when={props.alerts.length > MOST_SAID}>
        <div class="chart-tip-text">and {formatCount(props.alerts.length - MOST_SAID)} more</div>
      </Show>
    </div>
  )
}
