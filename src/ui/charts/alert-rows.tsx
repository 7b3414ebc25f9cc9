import { createMemo, For, Show } from 'solid-js'
import { LEVEL_WORDS } from '../../compute/alert-list.ts'
import { formatCount } from '../../compute/number.ts'
import { Name } from '../components/name.tsx'
import { firstLine, headingsOf, SHAPES } from './alert-marks.ts'
import { Sample } from './sample.tsx'
import type { PlacedAlert } from './scene.ts'

/** More than these are counted. */
const MOST = 5

/**
 * What the runs warned of where the crosshair stands, below their values: runs that warned of the same stand
 * under one title.
 */
export function AlertRows(props: { alerts: readonly PlacedAlert[] }) {
  const folds = createMemo(() => headingsOf(props.alerts.slice(0, MOST)))
  return (
    <div class="chart-tip-alerts">
      <For each={folds()}>
        {({ alert, all }) => (
          <>
            <div class="chart-tip-alert" data-level={alert.level}>
              <i>{SHAPES[alert.level]}</i>
              <i>{LEVEL_WORDS[alert.level]}</i>
              <b>
                <Name of={alert.title} />
              </b>
              <Show when={alert.step !== null}>
                <span class="chart-tip-value">step {formatCount(alert.step ?? 0, 0)}</span>
              </Show>
            </div>
            <For each={all}>
              {({ alert: { text }, shown }) => (
                <>
                  <div class="chart-tip-row">
                    <Sample style={shown.style} />
                    <span class="chart-tip-name">
                      <Name of={shown.name} />
                    </span>
                    <Show when={all.length > 1}>
                      <Text of={text} />
                    </Show>
                  </div>
                  <Show when={all.length === 1}>
                    <Text of={text} />
                  </Show>
                </>
              )}
            </For>
          </>
        )}
      </For>
      <Show when={props.alerts.length > MOST}>
        <div class="chart-tip-text">and {formatCount(props.alerts.length - MOST)} more</div>
      </Show>
    </div>
  )
}

function Text(props: { of: string | null }) {
  return (
    <Show when={firstLine(props.of)}>
      {(text) => (
        <div class="chart-tip-text">
          <Name of={text()} />
        </div>
      )}
    </Show>
  )
}
