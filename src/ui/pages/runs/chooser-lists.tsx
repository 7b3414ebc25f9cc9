import { createMemo, createSignal, For, Show } from 'solid-js'
import { directionOf } from '../../../compute/metric-words.ts'
import { formatCount } from '../../../compute/number.ts'
import { type ColumnSpec, columnId, STATISTICS, type Statistic } from '../../../compute/run-columns.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { Select } from '../../components/select.tsx'
import { labelOf, STATISTIC_WORDS } from './labels.ts'
import type { RunsModel } from './model.ts'

/** So many of a kind are listed; a search finds the others, and it is said that there are more. */
const LISTED = 200

/** Columns of one kind, each ticked where it is shown. */
export function ChoiceList(props: {
  title: string
  aside?: string | undefined
  folded?: boolean
  specs: readonly ColumnSpec[]
  model: RunsModel
  shown: ReadonlySet<string>
  notes?: ReadonlyMap<string, string>
}) {
  return (
    <Fold title={props.title} aside={props.aside} count={props.specs.length} folded={props.folded === true}>
      <ul>
        <For each={props.specs.slice(0, LISTED)}>
          {(spec) => (
            <li>
              <label>
                <input
                  type="checkbox"
                  checked={props.shown.has(columnId(spec))}
                  onChange={(event) => toggle(props.model, spec, event.currentTarget.checked)}
                />
                <span class="clip" title={visibleName(labelOf(spec))}>
                  {visibleName(labelOf(spec))}
                </span>
              </label>
              <span class="note">{props.notes?.get(columnId(spec))}</span>
            </li>
          )}
        </For>
      </ul>
    </Fold>
  )
}

/** Metrics by section; each has as many columns as there are statistics of it, and a line. */
export function MetricList(props: {
  model: RunsModel
  names: readonly string[]
  shown: ReadonlySet<string>
}) {
  const sections = createMemo(() => {
    const found = new Map<string, string[]>()
    for (const name of props.names) {
      const slash = name.lastIndexOf('/')
      const section = slash > 0 ? name.slice(0, slash) : 'Metrics'
      const known = found.get(section)
      if (known) known.push(name)
      else found.set(section, [name])
    }
    return [...found].map(([section, names]) => ({ section, names }))
  })
  return (
    <>
      <For each={sections().slice(0, LISTED)}>
        {({ section, names }, i) => (
          <Fold title={section} count={names.length} folded={i() > 3 && sections().length > 6}>
            <ul>
              <For each={names.slice(0, LISTED)}>
                {(name) => <MetricChoice model={props.model} name={name} shown={props.shown} />}
              </For>
            </ul>
          </Fold>
        )}
      </For>
      <More count={sections().length} />
    </>
  )
}

/** Percentiles of histograms: metrics in all but their being logged. */
export function PercentileList(props: {
  model: RunsModel
  names: readonly string[]
  folded: boolean
  shown: ReadonlySet<string>
}) {
  return (
    <Fold title="Percentiles of histograms" count={props.names.length} folded={props.folded}>
      <ul>
        <For each={props.names.slice(0, LISTED)}>
          {(name) => <MetricChoice model={props.model} name={name} shown={props.shown} />}
        </For>
      </ul>
    </Fold>
  )
}

function Fold(props: {
  title: string
  aside?: string | undefined
  count: number
  folded: boolean
  children: unknown
}) {
  const [turned, setTurned] = createSignal(false)
  const open = () => props.folded === turned()
  return (
    <Show when={props.count > 0}>
      <div class="column-head">
        <h3>
          <button
            type="button"
            class="column-twist"
            aria-expanded={open()}
            onClick={() => setTurned(!turned())}
          >
            {open() ? '⌄' : '›'} {visibleName(props.title)}{' '}
            <span class="note">{formatCount(props.count)}</span>
          </button>
        </h3>
        <span class="note">{props.aside}</span>
      </div>
      <Show when={open()}>
        {props.children as Element}
        <More count={props.count} />
      </Show>
    </Show>
  )
}

function MetricChoice(props: { model: RunsModel; name: string; shown: ReadonlySet<string> }) {
  const { model } = props
  const [by, setBy] = createSignal<Statistic>(directionOf(props.name) ?? 'last')
  const spec = (): ColumnSpec => ({ kind: 'metric', metric: props.name, by: by() })
  const extra = (): { spec: ColumnSpec; text: string; label: string }[] => [
    {
      spec: { kind: 'metric', metric: props.name, by: by(), delta: 'value' },
      text: 'Δ',
      label: `Difference of ${props.name} to the baseline`,
    },
    {
      spec: { kind: 'metric', metric: props.name, by: by(), delta: 'percent' },
      text: '%',
      label: `Difference of ${props.name} to the baseline in percent`,
    },
    { spec: { kind: 'spark', metric: props.name }, text: 'line', label: `Line of ${props.name}` },
  ]
  return (
    <li>
      <label>
        <input
          type="checkbox"
          checked={props.shown.has(columnId(spec()))}
          onChange={(event) => toggle(model, spec(), event.currentTarget.checked)}
        />
        <span class="clip" title={visibleName(props.name)}>
          {visibleName(props.name)}
        </span>
      </label>
      <For each={extra()}>
        {(one) => (
          <button
            type="button"
            class="column-extra"
            aria-pressed={props.shown.has(columnId(one.spec))}
            aria-label={one.label}
            title={one.label}
            onClick={() => toggle(model, one.spec, !props.shown.has(columnId(one.spec)))}
          >
            {one.text}
          </button>
        )}
      </For>
      <Select
        label={`Statistic of ${props.name}`}
        value={by()}
        options={STATISTICS.map((value) => ({ value, text: STATISTIC_WORDS[value] }))}
        onChange={(value) => {
          const before = spec()
          setBy(STATISTICS.find((one) => one === value) ?? 'last')
          // of what is shown, the statistic is another one now
          if (props.shown.has(columnId(before))) model.replaceColumn(columnId(before), spec())
        }}
      />
    </li>
  )
}

function toggle(model: RunsModel, spec: ColumnSpec, on: boolean): void {
  if (on) model.addColumn(spec)
  else model.removeColumn(columnId(spec))
}

function More(props: { count: number }) {
  return (
    <Show when={props.count > LISTED}>
      <p class="note">{`${formatCount(props.count - LISTED)} more: search to find them`}</p>
    </Show>
  )
}
