import { createMemo, For, Show } from 'solid-js'
import { PALETTE_SIZE } from '../../../../compute/color.ts'
import { formatCount } from '../../../../compute/number.ts'
import { rampColors } from '../../../../compute/ramp.ts'
import { visibleName } from '../../../../compute/visible-name.ts'
import { useApp } from '../../../../state/app.ts'
import { valueText } from '../cells.ts'
import type { ColorState } from './color-state.ts'

/** Values of their own that are named in a key; of more the first ones, and how many there are besides. */
const NAMED = 8

/** What the colours mean: each value with its number of runs, or the ends of a scale. */
export function ColorKey(props: {
  state: ColorState
  /** Places of the runs that are counted. */
  runs: readonly number[]
  /** The part of the scale that has all the colours, as shares. */
  range: readonly [number, number]
}) {
  const { theme, preferences } = useApp()
  const zone = () => preferences.value().timeZone
  const each = createMemo(() => props.state.colors()?.each)
  const counts = createMemo(() => {
    const shares = props.state.colors()?.shares
    const found = new Map<number, number>()
    if (!each()) return found
    for (const run of props.runs) {
      const share = shares?.[run]
      if (share !== undefined) found.set(share, (found.get(share) ?? 0) + 1)
    }
    return found
  })
  const turned = (share: number): number => (props.state.colors()?.reversed ? 1 - share : share)
  const text = (value: number): string => {
    const column = props.state.column()
    const data = column?.data()
    return column && data && data.kind !== 'text' ? valueText(column.spec, data.kind, value, zone()) : ''
  }
  return (
    <Show when={props.state.column()}>
      {(column) => (
        <span class="plot-key">
          <span class="muted">{visibleName(column().label)}</span>
          <Show
            when={each()}
            fallback={
              <Show when={props.state.axis()}>
                {(axis) => (
                  <span>
                    {text(axis().value(turned(props.range[0])))}
                    <u style={{ background: `linear-gradient(90deg, ${rampColors(theme()).join(', ')})` }} />
                    {text(axis().value(turned(props.range[1])))}
                  </span>
                )}
              </Show>
            }
          >
            {(values) => (
              <>
                <For each={values().slice(0, NAMED)}>
                  {({ value, color, share }) => (
                    <span>
                      <i style={{ background: color }} />
                      {typeof value === 'string' ? visibleName(value) : text(value)}{' '}
                      <span class="muted">{formatCount(counts().get(share) ?? 0)}</span>
                    </span>
                  )}
                </For>
                <Show when={values().length > NAMED}>
                  <span class="muted">
                    {`and ${formatCount(values().length - NAMED)} more${values().length > PALETTE_SIZE ? ', in the same ten colours' : ''}`}
                  </span>
                </Show>
              </>
            )}
          </Show>
        </span>
      )}
    </Show>
  )
}
