import '../../../styles/plots.css'
import { createMemo, Match, Show, Switch } from 'solid-js'
import { Portal } from 'solid-js/web'
import type { RunsModel } from '../model.ts'
import { createAxes } from './axes.ts'
import { createChoices } from './choices.ts'
import { createColors } from './color-state.ts'
import { ParallelControls } from './controls.tsx'
import { createHeld } from './held.ts'
import { Parallel } from './parallel.tsx'

/** The runs as points or as lines, over the table of what they hold. */
export function Plots(props: { model: RunsModel; phone: boolean }) {
  const { model } = props
  const choices = createChoices(model)
  const colors = createColors(model, choices)
  return (
    <Switch>
      <Match when={model.view() === 'parallel'}>
        <ParallelView {...{ model, choices, colors }} phone={props.phone} />
      </Match>
    </Switch>
  )
}

function ParallelView(props: {
  model: RunsModel
  choices: ReturnType<typeof createChoices>
  colors: ReturnType<typeof createColors>
  phone: boolean
}) {
  const { model, choices, colors } = props
  const { axes } = createAxes(model, choices)
  const held = createHeld(model)
  const last = createMemo(() => axes().at(-1))
  return (
    <>
      <Show when={model.slot()}>
        {(slot) => (
          <Portal mount={slot()}>
            <ParallelControls {...{ model, choices, held }} axes={axes()} last={last()} />
          </Portal>
        )}
      </Show>
      <Parallel {...{ model, choices, colors, held }} axes={axes()} phone={props.phone} />
    </>
  )
}
