import { createMemo, For, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { useApp } from '../../../state/app.ts'
import { Icon } from '../../components/icon.tsx'
import { MenuItems } from '../../components/menu-items.tsx'
import { Popover } from '../../components/popover.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Select } from '../../components/select.tsx'
import { createWidth } from '../../components/width.ts'
import {
  ColumnsControl,
  RegexToggle,
  ResetZoom,
  SmoothingSlider,
  YScaleControl,
  zoomItems,
} from '../metrics/controls.tsx'
import type { Draw } from './lines.ts'
import type { SystemModel, TimeAxis } from './model.ts'
import { systemSmoothing } from './view.ts'

/** Bar width below which drawing and splitting move into "More". */
const FITS = 900

/** Controls of the System page, in one row. */
export function SystemToolbar(props: { model: SystemModel }) {
  const { view } = useApp()
  const { model } = props
  const [width, takeBar] = createWidth(2000)
  const wide = () => width() >= FITS
  return (
    <div class="toolbar own" role="toolbar" aria-label="System" ref={takeBar}>
      <SearchField
        label="Search system metrics"
        placeholder="Search system metrics"
        value={model.own().q ?? ''}
        onInput={(q) => model.set({ q })}
      >
        <RegexToggle
          on={model.own().regex === 'on'}
          onToggle={() => model.set({ regex: model.own().regex === 'on' ? '' : 'on' })}
        />
      </SearchField>
      <span class="control">
        X
        <Select
          label="X axis"
          value={model.x().kind}
          options={AXES}
          onChange={(value) => {
            const axis = AXES.find((one) => one.value === value)
            if (axis) model.setX(axis.value)
          }}
        />
      </span>
      <Show when={model.devices().length > 0}>
        <Devices model={model} />
      </Show>
      <Show when={wide()}>
        <DrawControl model={model} />
      </Show>
      <Smoothing />
      <span class="gap" />
      <Show when={wide() && model.devices().length > 0}>
        <SplitControl model={model} />
      </Show>
      <Show when={model.zoom()}>
        <ResetZoom />
      </Show>
      <Popover label="More controls" class="icon-button" title="More" button={<Icon name="more" />}>
        <div class="form">
          <Show when={!wide()}>
            <DrawControl model={model} />
            <Show when={model.devices().length > 0}>
              <SplitControl model={model} />
            </Show>
          </Show>
          <Show when={model.x().kind !== 'wall'}>
            <StretchControl model={model} />
          </Show>
          <YScaleControl />
          <RangeControl model={model} />
          <ColumnsControl />
        </div>
        <hr class="menu-rule" style={{ border: 0 }} />
        <MenuItems plain items={zoomItems(view)} />
      </Popover>
    </div>
  )
}

const AXES: readonly { value: TimeAxis['kind']; text: string }[] = [
  { value: 'step', text: 'Step' },
  { value: 'relative', text: 'Relative time' },
  { value: 'wall', text: 'Wall time' },
]

const DRAWS: readonly { value: Draw; text: string; title: string }[] = [
  { value: 'auto', text: 'Auto', title: 'Lines; from nine devices on a strip of what tells the load' },
  { value: 'lines', text: 'Lines', title: 'A line for each device, and their mean' },
  { value: 'mean', text: 'Mean', title: 'The mean over the devices of each run' },
  { value: 'strip', text: 'Strip', title: 'A row for each device, colour for the value' },
]

function DrawControl(props: { model: SystemModel }) {
  return (
    <span class="control">
      <span class="word">Draw</span>
      <Segmented
        label="Draw"
        value={props.model.draw()}
        options={DRAWS}
        onChange={(draw) => props.model.set({ draw: draw === 'auto' ? '' : draw })}
      />
    </span>
  )
}

function RangeControl(props: { model: SystemModel }) {
  return (
    <span class="control wide">
      <span>Range</span>
      <Segmented
        label="Range"
        value={props.model.range()}
        options={[
          { value: 'full', text: 'Full', title: 'All values in view' },
          { value: 'robust', text: 'Robust', title: 'Leaves out far outliers; the caption counts them' },
          { value: 'zero', text: 'Zero', name: 'From zero', title: 'All values in view, and zero' },
        ]}
        onChange={(range) => props.model.set({ range: range === 'full' ? '' : range })}
      />
    </span>
  )
}

function SplitControl(props: { model: SystemModel }) {
  return (
    <button
      type="button"
      class="system-split"
      role="switch"
      aria-checked={props.model.split()}
      title="A chart for each device"
      onClick={() => props.model.set({ split: props.model.split() ? '' : 'on' })}
    >
      <span class="tri" aria-hidden="true" />
      Split devices
    </button>
  )
}

/** The ends of the selected stretch, for those who cannot drag. */
function StretchControl(props: { model: SystemModel }) {
  const { model } = props
  const take = (form: HTMLFormElement): void => {
    const [min, max] = [...form.querySelectorAll('input')].map(({ valueAsNumber }) => valueAsNumber)
    if (min !== undefined && max !== undefined && min <= max) model.setStretch({ min, max })
  }
  return (
    <form
      class="control system-stretch"
      onSubmit={(event) => {
        event.preventDefault()
        take(event.currentTarget)
      }}
    >
      <span>{model.x().kind === 'step' ? 'Steps' : 'Seconds'}</span>
      <input type="number" step="any" aria-label="Stretch from" required value={model.stretch()?.min ?? ''} />
      to
      <input type="number" step="any" aria-label="Stretch to" required value={model.stretch()?.max ?? ''} />
      <button type="submit" class="text-button">
        Select
      </button>
    </form>
  )
}

/** Off means the samples as they were taken, which is what stands here until somebody asks for more. */
function Smoothing() {
  const { location, view } = useApp()
  const smoothing = createMemo(() => systemSmoothing(view.smoothing()))
  return (
    <SmoothingSlider
      width={smoothing().width}
      title={smoothing().width === 0 ? 'Off: the samples as they were taken' : undefined}
      onWidth={(width) => location.patch({ smoothing: { ...smoothing(), width } })}
    >
      <span class="slider-value">{smoothing().width}</span>
    </SmoothingSlider>
  )
}

/** Which devices are drawn and counted, by the part of the machine that they belong to. */
function Devices(props: { model: SystemModel }) {
  const { model } = props
  const groups = createMemo(() => {
    const found = new Map<string, string[]>()
    for (const device of model.devices()) {
      const group = device.slice(0, device.lastIndexOf('/'))
      const known = found.get(group)
      if (known) known.push(device)
      else found.set(group, [device])
    }
    return [...found]
  })
  const on = createMemo(() => model.devices().filter(model.isOn).length)
  const text = () => `${formatCount(on())} of ${formatCount(model.devices().length)}`
  return (
    <span class="control">
      Devices
      <Popover
        label={`Devices, ${text()}`}
        class="text-button system-devices"
        button={
          <>
            {text()}
            <Icon name="down" />
          </>
        }
      >
        <div class="device-list">
          <For each={groups()}>
            {([group, devices]) => (
              <fieldset>
                <legend>{group}</legend>
                <label class="all">
                  <input
                    type="checkbox"
                    checked={devices.every(model.isOn)}
                    ref={(box) => {
                      box.indeterminate = devices.some(model.isOn) && !devices.every(model.isOn)
                    }}
                    onChange={(event) => model.setDevices(devices, event.currentTarget.checked)}
                  />
                  {`All ${formatCount(devices.length)}`}
                </label>
                <div class="boxes">
                  <For each={devices}>
                    {(device) => (
                      <label>
                        <input
                          type="checkbox"
                          checked={model.isOn(device)}
                          onChange={(event) => model.setDevices([device], event.currentTarget.checked)}
                        />
                        {device}
                      </label>
                    )}
                  </For>
                </div>
              </fieldset>
            )}
          </For>
        </div>
      </Popover>
    </span>
  )
}
