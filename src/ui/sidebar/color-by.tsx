import '../styles/color-by.css'
import { createMemo, For, Show } from 'solid-js'
import { directionOf } from '../../compute/metric-words.ts'
import { formatCount, formatValue } from '../../compute/number.ts'
import { visibleName } from '../../compute/visible-name.ts'
import type { ColorBy } from '../../state/address/link.ts'
import { colorBy as spelling } from '../../state/address/link-values.ts'
import { useApp } from '../../state/app.ts'
import { Name } from '../components/name.tsx'
import { Select } from '../components/select.tsx'
import { LineSample } from '../components/swatch.tsx'

/** Chooses what runs are coloured by. */
export function ColorBySelect() {
  const { runs, metrics, location } = useApp()
  const by = location.field('colorBy')
  const option = (wanted: ColorBy, text: string) => ({ value: spelling.format(wanted), text })
  const keys = createMemo(() =>
    runs
      .configKeys()
      .filter(({ distinct }) => distinct > 1)
      .map(({ path }) => option({ kind: 'config', path }, path)),
  )
  const values = createMemo(() =>
    metrics.names().map((metric) => {
      // with another statistic of the metric chosen by a link, that one is in the list
      const now = by()
      const chosen = now?.kind === 'metric' && now.metric === metric ? now.by : undefined
      const stat = chosen ?? directionOf(metric) ?? 'last'
      return option({ kind: 'metric', metric, by: stat }, `${metric}, ${stat}`)
    }),
  )

  function onChange(value: string): void {
    const next = value === '' ? undefined : spelling.parse(value, Number)
    if (typeof next !== 'symbol') location.patch({ colorBy: next })
  }

  return (
    <span class="control">
      Colour
      <Select
        label="Colour by"
        value={spelling.format(by())}
        options={[{ value: '', text: 'each run its own' }]}
        groups={[
          ...(keys().length > 0 ? [{ label: 'Config', options: keys() }] : []),
          { label: 'Metrics', options: values() },
        ]}
        onChange={onChange}
      />
    </span>
  )
}

/** What the colours mean: a scale with its ends, or the values one by one. */
export function ColorByKey() {
  const { runs, location } = useApp()
  const by = location.field('colorBy')
  const title = () => {
    const now = by()
    return now === undefined ? '' : now.kind === 'config' ? now.path : `${now.metric}, ${now.by}`
  }
  const missing = () => runs.colorKey()?.missing ?? 0
  return (
    <Show when={runs.colorKey()}>
      {(key) => (
        <section class="color-key" aria-label={`Colour by ${visibleName(title())}`}>
          <div class="color-key-head">
            <span title={visibleName(title())}>
              <Name of={title()} />
            </span>
            <button
              type="button"
              class="text-button"
              onClick={() => location.patch({ colorBy: undefined })}
              aria-label="Own colours again"
            >
              Own colours
            </button>
          </div>
          {(() => {
            const now = key()
            if (now.kind === 'values')
              return (
                <ul class="color-key-values">
                  <For each={now.values}>
                    {(value) => (
                      <li>
                        <LineSample color={value.color} dash={value.dash} />
                        <Name of={value.text} />
                      </li>
                    )}
                  </For>
                </ul>
              )
            return (
              <div class="color-key-scale">
                <span>{`${now.below ? '≤ ' : ''}${formatValue(now.low)}`}</span>
                <span class="color-key-ramp" aria-hidden="true">
                  <For each={now.colors}>{(color) => <i style={{ background: color }} />}</For>
                </span>
                <span>{`${now.above ? '≥ ' : ''}${formatValue(now.high)}`}</span>
                <Show when={now.log}>
                  <span>log</span>
                </Show>
              </div>
            )
          })()}
          <Show when={missing() > 0}>
            <div class="color-key-missing">{`${formatCount(missing())} without a value: grey, dotted`}</div>
          </Show>
        </section>
      )}
    </Show>
  )
}
