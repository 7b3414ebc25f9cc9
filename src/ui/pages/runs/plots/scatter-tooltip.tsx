import { createMemo, Show } from 'solid-js'
import { formatPlural } from '../../../../compute/format.ts'
import { spreadOf } from '../../../../compute/interval.ts'
import { formatCount, formatValue } from '../../../../compute/number.ts'
import { visibleName } from '../../../../compute/visible-name.ts'
import { useApp } from '../../../../state/app.ts'
import { cellText } from '../cells.ts'
import type { RunsModel } from '../model.ts'
import type { ScatterScene } from './scatter-scene.ts'

/** `on it`, `behind 3 runs`; '' where there is no frontier. */
export function frontierWords({ behind }: ScatterScene, run: number): string {
  const count = behind?.[run] ?? -1
  return count < 0 ? '' : count === 0 ? 'on it' : `behind ${formatPlural(count, 'run')}`
}

/** Values of a run in words: `accuracies, max 0.7510; kl, last 3.020; on the frontier`. */
export function pointWords(
  model: RunsModel,
  scene: ScatterScene,
  run: number,
  zone: 'local' | 'utc',
): string {
  const value = (axis: ScatterScene['x']): string => {
    const data = axis.column.data()
    return `${axis.column.label} ${data ? cellText(axis.column.spec, data, run, zone) : ''}`
  }
  const where = frontierWords(scene, run)
  return [
    model.all()[run]?.name ?? '',
    value(scene.y),
    value(scene.x),
    where === 'on it' ? 'on the frontier' : where,
    model.selection.has(model.all()[run]?.key ?? '') ? 'selected' : '',
  ]
    .filter(Boolean)
    .join('; ')
}

export function ScatterTooltip(props: {
  model: RunsModel
  scene: ScatterScene
  run: number
  x: number
  y: number
  /** Size of the plot. */
  width: number
  height: number
}) {
  const { preferences } = useApp()
  const zone = () => preferences.value().timeZone
  const value = (axis: ScatterScene['x']): string => {
    const data = axis.column.data()
    return data ? cellText(axis.column.spec, data, props.run, zone()) : ''
  }
  const group = createMemo(() => {
    const runs = props.scene.groups.find((members) => members.includes(props.run))
    const data = props.scene.y.column.data()
    if (!runs || !data || data.kind === 'text') return undefined
    return spreadOf(runs.map((run) => data.values[run]!))
  })
  const where = createMemo(() => frontierWords(props.scene, props.run))
  // on the empty side of the frontier, as far as there is room
  const right = () => {
    const wanted = props.scene.x.good !== 'min'
    return wanted ? props.x < props.width - 320 : props.x < 320
  }
  const below = () => (props.scene.y.good === 'min' ? props.y < props.height - 90 : props.y < 80)
  return (
    <div
      class="chart-tip scatter-tip"
      aria-hidden="true"
      style={{
        left: right() ? `${props.x + 14}px` : 'auto',
        right: right() ? 'auto' : `${props.width - props.x + 14}px`,
        top: below() ? `${props.y + 12}px` : 'auto',
        bottom: below() ? 'auto' : `${props.height - props.y + 12}px`,
      }}
    >
      <div class="scatter-tip-line">
        <b class="clip">{visibleName(props.model.all()[props.run]?.name ?? '')}</b>
        <span class="muted">{where() === 'on it' ? 'on the frontier' : where()}</span>
      </div>
      <div class="scatter-tip-line">
        <span>{`${value(props.scene.y)} at ${visibleName(props.scene.x.column.label)} ${value(props.scene.x)}`}</span>
        <Show when={group()}>
          {(found) => (
            <span class="muted">
              {`its group ${formatValue(found().mean)} ± ${formatValue(found().half, 2)}, n ${formatCount(found().n)}`}
            </span>
          )}
        </Show>
      </div>
    </div>
  )
}
