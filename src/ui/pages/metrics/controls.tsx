import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import { kindOf } from '../../../compute/metric-kind.ts'
import type { Smoothing } from '../../../model/view.ts'
import { DEFAULT_VIEW } from '../../../state/address/link.ts'
import { formatX, parseX } from '../../../state/address/link-values.ts'
import { useApp } from '../../../state/app.ts'
import type { ChartView } from '../../../state/view/chart-context.ts'
import type { MenuEntry } from '../../components/menu-items.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Select } from '../../components/select.tsx'

/** Of more metrics than this, the list of axes is filled when it is opened. */
const MANY = 400
const EPOCH = /(^|[/_.])epochs?$/i
const AXIS_LIKE =
  /(^|[/_.])(global_step|step|steps|epoch|epochs|num_tokens|tokens|samples|iter|iteration|time|num_input_tokens_seen)$/i
/** trackio's `step` only counts calls there; this is on every row. */
const TRAINER_STEP = 'train/global_step'

export function MetricSearch() {
  const { location } = useApp()
  const search = location.field('search')
  return (
    <SearchField
      label="Search metrics"
      placeholder="Search metrics"
      value={search().text}
      onInput={(text) => location.patch({ search: { ...search(), text } })}
    >
      <RegexToggle
        on={search().regex}
        onToggle={() => location.patch({ search: { ...search(), regex: !search().regex } })}
      />
    </SearchField>
  )
}

/** In a search field: whether its text is a regular expression. */
export function RegexToggle(props: { on: boolean; onToggle(): void }) {
  return (
    <button
      type="button"
      class="toggle"
      aria-label="Regular expression"
      aria-pressed={props.on}
      title="Regular expression"
      onClick={() => props.onToggle()}
    >
      .*
    </button>
  )
}

export function ResetZoom() {
  const { view } = useApp()
  return (
    <button type="button" class="text-button" title="Reset zoom (0)" onClick={() => view.setZoom(undefined)}>
      Reset zoom
    </button>
  )
}

/** Back and forward through the parts of the x axis that were in view. */
export function zoomItems(view: Pick<ChartView, 'zoomBack' | 'zoomForward'>): MenuEntry[] {
  return [
    { text: 'Zoom back', note: '[', onSelect: view.zoomBack },
    { text: 'Zoom forward', note: ']', onSelect: view.zoomForward },
  ]
}

export function SmoothingControl() {
  const { location } = useApp()
  const smoothing = location.field('smoothing')
  return (
    <SmoothingSlider
      width={smoothing().width}
      title={smoothingWords(smoothing())}
      said={smoothing().auto ? 'auto' : undefined}
      onWidth={(width) => {
        const { kind, factor } = smoothing()
        location.patch({ smoothing: { kind, factor, width } })
      }}
    >
      <Show
        when={!smoothing().auto}
        fallback={
          <span class="slider-value" title={smoothingWords(smoothing())}>
            auto
          </span>
        }
      >
        <button
          type="button"
          class="slider-value"
          title="Back to the automatic width"
          aria-label={`Smoothing ${smoothing().width}; back to automatic`}
          onClick={() => location.patch({ smoothing: DEFAULT_VIEW.smoothing })}
        >
          {smoothing().width}
        </button>
      </Show>
    </SmoothingSlider>
  )
}

/** The slider of a width, and beside it what it stands at. `said`: in place of the number. */
export function SmoothingSlider(props: {
  width: number
  title?: string | undefined
  said?: string | undefined
  onWidth(width: number): void
  children: JSX.Element
}) {
  // a link may ask for up to 100, and then the slider goes that far, for as long as the page lives
  const max = createMemo<number>((before) => (props.width > 20 ? 100 : before), 20)
  return (
    <label class="control">
      Smoothing
      <input
        type="range"
        class="slider"
        aria-label="Smoothing"
        title={props.title}
        min="0"
        max={max()}
        step="1"
        value={props.width}
        style={{ '--at': `${(100 * props.width) / max()}%` }}
        aria-valuetext={props.said}
        onInput={(event) => props.onWidth(event.currentTarget.valueAsNumber)}
      />
      {props.children}
    </label>
  )
}

function byLength(a: string, b: string): number {
  return a.length - b.length
}

/** What the slider's value means: `Mean of 11 rows`. */
function smoothingWords({ kind, width, factor, auto }: Smoothing): string {
  if (auto && kind === 'mean')
    return 'Mean of at most 11 rows; short lines, constants, counters and plateaus as logged'
  if (width === 0) return 'Off: the values as logged'
  const scaled = width * factor
  const points = 2 * Math.floor(Math.max(3, scaled) / 2) + 1
  switch (kind) {
    case 'mean':
      return `Mean of ${points} rows`
    case 'median':
      return `Median of ${points} rows`
    case 'gaussian':
      return `Gaussian, σ ${scaled / 2} points`
    default:
      return `Exponential average, weight ${(scaled / (scaled + 1)).toFixed(3)}`
  }
}

export function XControl() {
  const { metrics, view } = useApp()
  const [opened, setOpened] = createSignal(false)
  const entry = (name: string) => ({ value: formatX({ kind: 'metric', name }), text: name })
  const epochs = createMemo(() => metrics.names().filter((name) => EPOCH.test(name)))
  const options = createMemo(() => [
    { value: 'step', text: 'Step' },
    { value: 'relative', text: 'Relative time' },
    { value: 'wall', text: 'Wall time' },
    ...epochs().map(entry),
  ])
  const isCounter = (name: string) => AXIS_LIKE.test(name) || kindOf(name) === 'counter'
  const likely = createMemo(() => {
    const counters = metrics.names().filter((name) => isCounter(name) && !EPOCH.test(name))
    return [
      ...counters.filter((name) => AXIS_LIKE.test(name)),
      ...counters.filter((name) => !AXIS_LIKE.test(name)),
    ]
  })
  /** What is one click away while x is the step. */
  const near = createMemo(() => [
    ...metrics.names().filter((name) => name === TRAINER_STEP),
    ...[...epochs()].sort(byLength).slice(0, 1),
  ])
  const groups = createMemo(() => {
    const rest =
      metrics.names().length <= MANY || opened() ? metrics.names().filter((name) => !isCounter(name)) : []
    return [
      ...(likely().length > 0 ? [{ label: 'Counters', options: likely().map(entry) }] : []),
      ...(rest.length > 0 ? [{ label: 'Metrics', options: rest.map(entry) }] : []),
    ]
  })
  const onChange = (value: string) => {
    view.setX(parseX(value) ?? { kind: 'step' })
  }
  return (
    <span class="control">
      X
      <Select
        label="X axis"
        value={formatX(view.x())}
        options={options()}
        groups={groups()}
        onChange={onChange}
        onOpen={() => setOpened(true)}
      />
      <Show when={view.x().kind === 'step'}>
        <For each={near()}>
          {(name) => (
            <button
              type="button"
              class="text-button near"
              title={
                name === TRAINER_STEP
                  ? `Use ${name} as x: data of the transformers and TRL trainers counts log calls as steps`
                  : `Use ${name} as x`
              }
              onClick={() => onChange(formatX({ kind: 'metric', name }))}
            >
              {name.slice(name.lastIndexOf('/') + 1)}
            </button>
          )}
        </For>
      </Show>
    </span>
  )
}

const SCALES = [
  { value: 'linear', text: 'Linear' },
  { value: 'log', text: 'Log' },
] as const

export function YScaleControl() {
  const { location } = useApp()
  const scale = location.field('yScale')
  return (
    <span class="control">
      <span>Y</span>
      <Segmented
        label="Y scale"
        value={scale()}
        options={SCALES}
        onChange={(yScale) => location.patch({ yScale })}
      />
    </span>
  )
}

export function XScaleControl() {
  const { location } = useApp()
  const scale = location.field('xScale')
  return (
    <span class="control">
      <span>X scale</span>
      <Segmented
        label="X scale"
        value={scale()}
        options={SCALES}
        onChange={(xScale) => location.patch({ xScale })}
      />
    </span>
  )
}

export function RangeControl() {
  const { location } = useApp()
  const range = location.field('range')
  return (
    <span class="control wide">
      <span>Range</span>
      <Segmented
        label="Range"
        value={range()}
        options={[
          { value: 'robust', text: 'Robust', title: 'Leaves out far outliers; the caption counts them' },
          { value: 'full', text: 'Full', title: 'All values in view' },
          { value: 'zero', text: 'Zero', name: 'From zero', title: 'All values in view, and zero' },
        ]}
        onChange={(next) => location.patch({ range: next })}
      />
    </span>
  )
}

export function ColumnsControl() {
  const { location } = useApp()
  const columns = location.field('columns')
  return (
    <span class="control wider">
      <span>Columns</span>
      <Segmented
        label="Columns"
        value={String(columns())}
        options={['auto', '1', '2', '3', '4', '6'].map((value) => ({
          value,
          text: value === 'auto' ? 'Auto' : value,
        }))}
        onChange={(value) => location.patch({ columns: value === 'auto' ? 'auto' : Number(value) })}
      />
    </span>
  )
}
