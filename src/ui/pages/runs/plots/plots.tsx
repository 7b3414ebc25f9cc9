import '../../../styles/plots.css'
import { createMemo, Match, Show, Switch } from 'solid-js'
import { Portal } from 'solid-js/web'
import type { RunsModel } from '../model.ts'
import { createAxes } from './axes.ts'
import { type Choices, createChoices } from './choices.ts'
import { type ColorState, createColors } from './color-state.ts'
import { ParallelControls, ScatterControls } from './controls.tsx'
import { createHeld } from './held.ts'
import { Parallel } from './parallel.tsx'
import { Scatter } from './scatter.tsx'
import { createScatterScene } from './scatter-scene.ts'

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
      <Match when={model.view() === 'scatter'}>
        <ScatterView {...{ model, choices, colors }} phone={props.phone} />
      </Match>
    </Switch>
  )
}

interface ViewProps {
  model: RunsModel
  choices: Choices
  colors: ColorState
  phone: boolean
}

function ScatterView(props: ViewProps) {
  const { model, choices, colors } = props
  const scene = createScatterScene(model, choices)
  return (
    <>
      <Show when={model.slot()}>
        {(slot) => (
          <Portal mount={slot()}>
            <ScatterControls model={model} choices={choices} />
          </Portal>
        )}
      </Show>
      <Scatter {...{ model, choices, colors }} scene={scene()} phone={props.phone} />
    </>
  )
}

function ParallelView(props: ViewProps) {
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
