import { Show } from 'solid-js'
import { PERCENTILES } from '../../../compute/percentile-name.ts'
import { useApp } from '../../../state/app.ts'
import { stripAxis } from '../../charts/histogram/scene.ts'
import { Icon } from '../../components/icon.tsx'
import { MenuItems } from '../../components/menu-items.tsx'
import { Popover } from '../../components/popover.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Select } from '../../components/select.tsx'
import { createWidth } from '../../components/width.ts'
import { ColumnsControl, RegexToggle, ResetZoom, zoomItems } from '../metrics/controls.tsx'
import type { HistogramsModel, View } from './model.ts'

/** Bar width below which what is seldom changed moves into "More". */
const FITS = 900

const VIEWS: readonly { value: View; text: string; title: string }[] = [
  { value: 'mixed', text: 'Mixed', title: 'One opened with everything, a strip of each other' },
  {
    value: 'heat',
    text: 'Heat',
    title: 'Every step of every shown run, colour by the logarithm of the count',
  },
  { value: 'ridge', text: 'Ridge', title: 'Steps of one run one behind the other' },
  { value: 'percentiles', text: 'Percentiles', title: 'p1, p25, p50, p75 and p99 as lines' },
  { value: 'outlines', text: 'Outlines', title: 'The shown runs over each other, at one step' },
]

const AXES = [
  { value: 'step', text: 'Step' },
  { value: 'relative', text: 'Relative time' },
  { value: 'wall', text: 'Wall time' },
] as const

/** Controls of the Histograms page, in one row. */
export function HistogramsToolbar(props: { model: HistogramsModel }) {
  const { view } = useApp()
  const { model } = props
  const [width, takeBar] = createWidth(2000)
  const wide = () => width() >= FITS
  const ofOne = () => model.view() === 'mixed' || model.view() === 'ridge'
  const percentiles = () => model.view() === 'mixed' || model.view() === 'percentiles'
  return (
    <div class="toolbar own" role="toolbar" aria-label="Histograms" ref={takeBar}>
      <SearchField
        label="Search histograms"
        placeholder="Search histograms"
        value={model.own().q ?? ''}
        onInput={(q) => model.set({ q })}
      >
        <RegexToggle
          on={model.own().regex === 'on'}
          onToggle={() => model.set({ regex: model.own().regex === 'on' ? '' : 'on' })}
        />
      </SearchField>
      <span class="control">
        <span class="word">View</span>
        <Show
          when={width() >= 640}
          fallback={
            <Select
              label="View"
              value={model.view()}
              options={VIEWS}
              onChange={(value) => model.set({ view: value === 'mixed' ? '' : value })}
            />
          }
        >
          <Segmented
            label="View"
            value={model.view()}
            options={VIEWS}
            onChange={(value) => model.set({ view: value === 'mixed' ? '' : value })}
          />
        </Show>
      </span>
      <Show when={wide()}>
        <ValueControl model={model} />
        <RangeControl model={model} />
      </Show>
      <Show when={ofOne() && model.shown().length > 1}>
        <span class="control histograms-run">
          <span class="word">Run</span>
          <Select
            label="Run of the strips"
            value={model.runOf(model.open() ?? '')?.key ?? ''}
            options={[...model.shown()].reverse().map(({ key, name }) => ({ value: key, text: name }))}
            onChange={(run) => model.set({ run })}
          />
        </span>
      </Show>
      <span class="gap" />
      <Show when={view.zoom()}>
        <ResetZoom />
      </Show>
      <Popover label="More controls" class="icon-button" title="More" button={<Icon name="more" />}>
        <div class="form">
          <Show when={!wide()}>
            <ValueControl model={model} />
            <RangeControl model={model} />
          </Show>
          <Show when={percentiles()}>
            <span class="control">
              Percentiles
              <Select
                label="Percentiles"
                title="One alone is a chart that draws groups with their bands"
                value={model.only() ?? ''}
                options={[
                  { value: '', text: 'All five' },
                  ...PERCENTILES.map(({ name }) => ({ value: name, text: `${name} alone` })),
                ]}
                onChange={(only) => model.set({ only })}
              />
            </span>
          </Show>
          <span class="control">
            X
            <Select
              label="X axis"
              value={stripAxis(view.x()).kind}
              options={AXES}
              onChange={(value) => {
                const axis = AXES.find((one) => one.value === value)
                if (axis) view.setX({ kind: axis.value })
              }}
            />
          </span>
          <ColumnsControl />
        </div>
        <hr class="menu-rule" style={{ border: 0 }} />
        <MenuItems plain items={zoomItems(view)} />
      </Popover>
    </div>
  )
}

function ValueControl(props: { model: HistogramsModel }) {
  return (
    <span class="control">
      <span class="word">Value</span>
      <Segmented
        label="Value"
        value={props.model.axis().kind}
        options={[
          { value: 'linear', text: 'Linear' },
          { value: 'symlog', text: 'Symlog', title: 'Linear around 0, logarithmic beyond, both signs' },
        ]}
        onChange={(kind) => props.model.set({ value: kind === 'symlog' ? '' : kind })}
      />
    </span>
  )
}

function RangeControl(props: { model: HistogramsModel }) {
  return (
    <span class="control">
      <span class="word">Range</span>
      <Select
        label="Range"
        title="The part of the values in view; what lies outside is said on each card"
        value={props.model.axis().range}
        options={[
          { value: 'most', text: '99.9 % of mass' },
          { value: 'middle', text: '99 % of mass' },
          { value: 'full', text: 'Full' },
        ]}
        onChange={(range) => props.model.set({ range: range === 'most' ? '' : range })}
      />
    </span>
  )
}
