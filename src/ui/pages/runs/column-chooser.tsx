import { createMemo, createSignal, For, Show } from 'solid-js'
import { directionOf } from '../../../compute/metric-words.ts'
import { type ColumnSpec, columnId, FACTS, STATISTICS, type Statistic } from '../../../compute/run-columns.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { Icon } from '../../components/icon.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Select } from '../../components/select.tsx'
import { labelOf, STATISTIC_WORDS } from './labels.ts'
import type { RunsModel } from './model.ts'

/** So many of a kind are listed; a search finds the others, and it is said that there are more. */
const LISTED = 200

/** Which columns the table has, in their order, and all that could be some. */
export function ColumnChooser(props: { model: RunsModel }) {
  const { model } = props
  const [text, setText] = createSignal('')
  const matches = (name: string): boolean => name.toLowerCase().includes(text().trim().toLowerCase())
  const shown = createMemo(() => new Set(model.specs().map(columnId)))
  const facts = createMemo(() =>
    FACTS.map((fact): ColumnSpec => ({ kind: 'fact', fact })).filter((spec) => matches(labelOf(spec))),
  )
  const configs = createMemo(() =>
    [...model.varying(), ...model.sameInAll()].filter(({ path }) => matches(path)),
  )
  const metrics = createMemo(() => model.names().filter(matches))

  function move(id: string, by: -1 | 1): void {
    const next = [...model.specs()]
    const at = next.findIndex((spec) => columnId(spec) === id)
    const [taken] = next.splice(at, 1)
    if (!taken) return
    next.splice(Math.max(0, at + by), 0, taken)
    model.setColumns(next)
  }

  return (
    <div class="column-chooser">
      <SearchField
        label="Search columns"
        placeholder="Config key or metric"
        value={text()}
        onInput={setText}
      />
      <div class="column-lists">
        <h3>Shown</h3>
        <ul>
          <For each={model.columns()}>
            {(column, i) => (
              <li>
                <span class="clip" title={visibleName(column.label)}>
                  {visibleName(column.label)}
                </span>
                <button
                  type="button"
                  class="icon-button"
                  aria-label={`Move ${column.label} to the left`}
                  disabled={i() === 0}
                  onClick={() => move(column.id, -1)}
                >
                  ↑
                </button>
                <button
                  type="button"
                  class="icon-button"
                  aria-label={`Move ${column.label} to the right`}
                  disabled={i() === model.columns().length - 1}
                  onClick={() => move(column.id, 1)}
                >
                  ↓
                </button>
                <button
                  type="button"
                  class="icon-button"
                  aria-label={`Hide ${column.label}`}
                  onClick={() => model.removeColumn(column.id)}
                >
                  <Icon name="close" />
                </button>
              </li>
            )}
          </For>
        </ul>
        <Section title="Runs" specs={facts()} model={model} shown={shown()} />
        <Section
          title="Config"
          specs={configs().map(({ path }): ColumnSpec => ({ kind: 'config', path }))}
          model={model}
          shown={shown()}
          note={(spec) => {
            const key = configs().find(({ path }) => spec.kind === 'config' && path === spec.path)
            return key && key.distinct <= 1 ? 'same in all' : `${key?.distinct ?? 0} distinct`
          }}
        />
        <MetricSection model={model} names={metrics()} />
      </div>
      <div class="column-foot">
        <button
          type="button"
          class="link-button"
          disabled={model.isStandard()}
          onClick={() => model.resetColumns()}
        >
          As at first
        </button>
      </div>
    </div>
  )
}

function Section(props: {
  title: string
  specs: readonly ColumnSpec[]
  model: RunsModel
  shown: ReadonlySet<string>
  note?: (spec: ColumnSpec) => string
}) {
  return (
    <Show when={props.specs.length > 0}>
      <h3>{props.title}</h3>
      <ul>
        <For each={props.specs.slice(0, LISTED)}>
          {(spec) => (
            <li>
              <label>
                <input
                  type="checkbox"
                  checked={props.shown.has(columnId(spec))}
                  onChange={(event) =>
                    event.currentTarget.checked
                      ? props.model.addColumn(spec)
                      : props.model.removeColumn(columnId(spec))
                  }
                />
                <span class="clip">{visibleName(labelOf(spec))}</span>
              </label>
              <span class="note">{props.note?.(spec)}</span>
            </li>
          )}
        </For>
      </ul>
      <More count={props.specs.length} />
    </Show>
  )
}

/** A metric has as many columns as there are statistics of it. */
function MetricSection(props: { model: RunsModel; names: readonly string[] }) {
  return (
    <Show when={props.names.length > 0}>
      <h3>Metrics</h3>
      <ul>
        <For each={props.names.slice(0, LISTED)}>
          {(name) => <MetricChoice model={props.model} name={name} />}
        </For>
      </ul>
      <More count={props.names.length} />
    </Show>
  )
}

function MetricChoice(props: { model: RunsModel; name: string }) {
  const { model } = props
  const [by, setBy] = createSignal<Statistic>(directionOf(props.name) ?? 'last')
  const spec = (delta = false): ColumnSpec =>
    delta
      ? { kind: 'metric', metric: props.name, by: by(), delta: 'value' }
      : { kind: 'metric', metric: props.name, by: by() }
  const isShown = (one: ColumnSpec) => model.specs().some((other) => columnId(other) === columnId(one))
  const toggle = (one: ColumnSpec, on: boolean) =>
    on ? model.addColumn(one) : model.removeColumn(columnId(one))
  return (
    <li>
      <label>
        <input
          type="checkbox"
          checked={isShown(spec())}
          onChange={(event) => toggle(spec(), event.currentTarget.checked)}
        />
        <span class="clip" title={visibleName(props.name)}>
          {visibleName(props.name)}
        </span>
      </label>
      <label title="The difference to the baseline">
        <input
          type="checkbox"
          aria-label={`Difference of ${props.name} to the baseline`}
          checked={isShown(spec(true))}
          onChange={(event) => toggle(spec(true), event.currentTarget.checked)}
        />
        Δ
      </label>
      <Select
        label={`Statistic of ${props.name}`}
        value={by()}
        options={STATISTICS.map((value) => ({ value, text: STATISTIC_WORDS[value] }))}
        onChange={(value) => setBy(STATISTICS.find((one) => one === value) ?? 'last')}
      />
    </li>
  )
}

function More(props: { count: number }) {
  return (
    <Show when={props.count > LISTED}>
      <p class="note">{`${(props.count - LISTED).toLocaleString('en')} more: search to find them`}</p>
    </Show>
  )
}
