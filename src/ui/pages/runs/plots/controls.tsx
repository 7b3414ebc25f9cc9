import { createMemo, createSignal, Show } from 'solid-js'
import { formatCount } from '../../../../compute/number.ts'
import { type ColumnSpec, columnId } from '../../../../compute/run-columns.ts'
import { Popover } from '../../../components/popover.tsx'
import { Select } from '../../../components/select.tsx'
import { ColumnChooser } from '../column-chooser.tsx'
import type { RunsModel } from '../model.ts'
import type { AxisView } from './axes.ts'
import { bestBrush, bestShare } from './best.ts'
import type { Choices } from './choices.ts'
import { ColumnPicker } from './column-picker.tsx'
import type { Held } from './held.ts'

/** Controls of the scatter plot. */
export function ScatterControls(props: { model: RunsModel; choices: Choices }) {
  const { model, choices } = props
  return (
    <>
      <ColumnPicker
        model={model}
        label="X"
        value={choices.x()}
        onChange={(spec) => choices.setColumn('xcol', spec)}
      />
      <ColumnPicker
        model={model}
        label="Y"
        value={choices.y()}
        onChange={(spec) => choices.setColumn('ycol', spec)}
      />
      <ColumnPicker
        model={model}
        label="Colour"
        value={choices.color()}
        none="as in charts"
        onChange={(spec) => choices.setColumn('color', spec)}
      />
      <ColumnPicker
        model={model}
        label="Size"
        value={choices.size()}
        none="none"
        onChange={(spec) => choices.setColumn('size', spec)}
      />
    </>
  )
}

/** Controls of parallel coordinates. */
export function ParallelControls(props: {
  model: RunsModel
  choices: Choices
  held: Held
  axes: readonly AxisView[]
  last: AxisView | undefined
}) {
  const { model, choices, held } = props
  const specs = createMemo(() => props.axes.map(({ spec }) => spec))
  /** The chooser of the table's columns, of axes instead. */
  const axesModel: RunsModel = {
    ...model,
    specs,
    columns: () => props.axes.map(({ column }) => column),
    setColumns: choices.setAxes,
    isStandard: choices.isStandardAxes,
    resetColumns: () => choices.setAxes([]),
    addColumn: (spec: ColumnSpec) => choices.setAxes([...specs(), spec]),
    removeColumn: (id: string) => choices.setAxes(specs().filter((spec) => columnId(spec) !== id)),
  }
  return (
    <>
      <Popover
        label={`Axes ${formatCount(props.axes.length)}`}
        class="text-button"
        button={
          <>
            Axes <span class="found">{formatCount(props.axes.length)}</span>
          </>
        }
      >
        <ColumnChooser model={axesModel} />
      </Popover>
      <ColumnPicker
        model={model}
        label="Colour"
        value={choices.color()}
        none="as in charts"
        onChange={(spec) => choices.setColumn('color', spec)}
      />
      <span class="control">
        <span class="word">Order</span>
        <Select
          label="Order of the axes"
          value={choices.byExplained() ? 'explained' : 'chosen'}
          options={[
            { value: 'chosen', text: 'as chosen' },
            { value: 'explained', text: 'most explaining first' },
          ]}
          onChange={(value) => choices.setByExplained(value === 'explained')}
        />
      </span>
      <Best last={props.last} held={held} />
    </>
  )
}

/** Keeps the best share of the runs by the last axis: a brush on it, as any other. */
function Best(props: { last: AxisView | undefined; held: Held }) {
  const values = createMemo(() => {
    const data = props.last?.column.data()
    return data && data.kind !== 'text' && props.last?.subject ? data.values : undefined
  })
  const good = () => props.last?.column.direction
  const share = createMemo(() => {
    const [found, end] = [values(), good()]
    return found && end ? bestShare(found, end, props.held.brushOf(props.last?.subject)) : 1
  })
  const [moving, setMoving] = createSignal<number>()
  const shown = () => moving() ?? Math.round(100 * share())
  function set(percent: number, done: boolean): void {
    const [view, found, end] = [props.last, values(), good()]
    if (!view || !found || !end) return
    setMoving(done ? undefined : percent)
    props.held.brush(view, bestBrush(found, end, percent / 100), done)
  }
  return (
    <label
      class="control best"
      title={
        good()
          ? `Best by ${props.last?.column.label}`
          : 'Which end of the last axis is the good one is not known'
      }
    >
      <span class="word">Best</span>
      <input
        type="range"
        class="slider"
        min="1"
        max="100"
        value={shown()}
        disabled={!values() || !good()}
        aria-label="Best runs by the last axis"
        aria-valuetext={`${shown()} %`}
        onInput={(event) => set(event.currentTarget.valueAsNumber, false)}
        onChange={(event) => set(event.currentTarget.valueAsNumber, true)}
      />
      <Show when={values() && good()}>
        <b>{`${shown()} %`}</b>
      </Show>
    </label>
  )
}
