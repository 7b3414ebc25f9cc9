import { Show } from 'solid-js'
import { formatPlural } from '../../../../compute/format.ts'
import { formatCount } from '../../../../compute/number.ts'
import type { Good } from '../../../../compute/pareto.ts'
import { visibleName } from '../../../../compute/visible-name.ts'
import type { RunsModel } from '../model.ts'
import type { Choices } from './choices.ts'
import { ColorKey } from './color-key.tsx'
import type { ColorState } from './color-state.ts'
import type { ScatterAxis, ScatterScene } from './scatter-scene.ts'

/** What is drawn, what the colours mean, the frontier and its ties, and what could not be drawn. */
export function ScatterCaption(props: {
  model: RunsModel
  choices: Choices
  colors: ColorState
  scene: ScatterScene | undefined
}) {
  const { choices } = props
  return (
    <figcaption class="scatter-caption">
      <Show when={props.scene}>
        {(scene) => (
          <>
            <b>{visibleName(scene().y.column.label)}</b>
            <span class="muted">{`against ${visibleName(scene().x.column.label)}`}</span>
            <ColorKey state={props.colors} runs={scene().drawn} range={[0, 1]} />
            <span class="gap" />
            <AxisChoices name="x" one={scene().x} choices={choices} />
            <AxisChoices name="y" one={scene().y} choices={choices} />
            <span class="note">{frontierCount(scene())}</span>
            <Show when={scene().without > 0}>
              <span class="note">{`${formatPlural(scene().without, 'run')} without both values: not drawn`}</span>
            </Show>
            <label>
              <input
                type="checkbox"
                checked={choices.draws('frontier')}
                onChange={(event) => choices.setDraws('frontier', event.currentTarget.checked)}
              />
              Frontier
            </label>
            <label>
              <input
                type="checkbox"
                checked={choices.draws('seeds')}
                onChange={(event) => choices.setDraws('seeds', event.currentTarget.checked)}
              />
              Join seeds
            </label>
          </>
        )}
      </Show>
    </figcaption>
  )
}

function frontierCount({ frontier, x, y }: ScatterScene): string {
  if (frontier)
    return `frontier: ${formatCount(frontier.runs.length)} of ${formatPlural(frontier.of, 'run')}, ${formatPlural(frontier.ties, 'tie')}`
  const [unknown] = [x, y].filter(({ good }) => !good)
  return unknown ? `no frontier: is more or less ${visibleName(unknown.column.label)} better?` : ''
}

/** Log or not, and which end is the good one: a press leads to the next of lower, higher, neither. */
function AxisChoices(props: { name: 'x' | 'y'; one: ScatterAxis; choices: Choices }) {
  const { choices } = props
  const number = () => props.one.axis.kind === 'number'
  const next = (): Good | undefined =>
    props.one.good === 'min' ? 'max' : props.one.good === 'max' ? undefined : 'min'
  const arrow = () =>
    props.one.good === undefined ? '' : (props.one.good === 'min') === (props.name === 'x') ? '←' : '→'
  const words = () =>
    props.one.good === undefined
      ? 'neither end better'
      : `${props.name === 'x' ? arrow() : props.one.good === 'min' ? '↓' : '↑'} ${props.one.good === 'min' ? 'lower' : 'higher'} is better`
  return (
    <Show when={number()}>
      <span class="axis-choices">
        <button
          type="button"
          class="text-button"
          aria-pressed={props.one.log}
          aria-label={`Log ${props.name} axis`}
          onClick={() => {
            const summary = props.one.column.summary()?.summary
            if (summary) choices.setLog(props.one.column.spec, summary, !props.one.log)
          }}
        >
          {`log ${props.name}`}
        </button>
        <button
          type="button"
          class="text-button"
          aria-label={`${props.name}: ${words()}`}
          title={`Which end of ${visibleName(props.one.column.label)} is the good one`}
          onClick={() => choices.setGood(props.one.column.id, next(), props.one.column.direction)}
        >
          {`${props.name}: ${words()}`}
        </button>
      </span>
    </Show>
  )
}
