import { createMemo, Show } from 'solid-js'
import { directionOf } from '../../../../compute/metric-words.ts'
import { type ColumnSpec, columnId, FACTS, parseColumn, STATISTICS } from '../../../../compute/run-columns.ts'
import { Select } from '../../../components/select.tsx'
import { labelOf, STATISTIC_WORDS, takenWords } from '../labels.ts'
import type { RunsModel } from '../model.ts'

/** Any column: a fact, a config key, or a metric and a statistic of it. */
export function ColumnPicker(props: {
  model: RunsModel
  label: string
  value: ColumnSpec | undefined
  /** What no column is called. */
  none?: string
  onChange(spec: ColumnSpec | undefined): void
}) {
  const { model } = props
  const groups = createMemo(() => [
    {
      label: 'Config that varies',
      options: model.varying().map(({ path }) => ({ value: `config:${path}`, text: path })),
    },
    { label: 'Metrics', options: model.names().map((name) => ({ value: `metric:${name}`, text: name })) },
    ...listed(
      'Percentiles of histograms',
      model.percentiles().map((name) => ({ value: `metric:${name}`, text: name })),
    ),
    ...listed(
      'Media, tables, traces',
      model.loggedColumns().map((spec) => ({ value: columnId(spec), text: labelOf(spec) })),
    ),
    {
      label: 'Runs',
      options: FACTS.map((fact) => ({ value: fact, text: labelOf({ kind: 'fact', fact }) })),
    },
    {
      label: 'Config, same in all',
      options: model.sameInAll().map(({ path }) => ({ value: `config:${path}`, text: path })),
    },
  ])
  const metric = () => (props.value?.kind === 'metric' ? props.value : undefined)
  const statistic = () => STATISTICS.find((by) => by === metric()?.by)
  const value = () => {
    const { value } = props
    return value === undefined ? '' : value.kind === 'metric' ? `metric:${value.metric}` : columnId(value)
  }
  function choose(text: string): void {
    if (!text.startsWith('metric:')) return props.onChange(parseColumn(text))
    const name = text.slice('metric:'.length)
    props.onChange({ kind: 'metric', metric: name, by: statistic() ?? directionOf(name) ?? 'last' })
  }
  return (
    <span class="control">
      <span class="word">{props.label}</span>
      <Select
        label={`${props.label} of the plot`}
        value={value()}
        options={props.none ? [{ value: '', text: props.none }] : []}
        groups={groups()}
        onChange={choose}
      />
      <Show when={metric()}>
        {(one) => (
          <Select
            label={`Statistic of ${props.label}`}
            value={statistic() ?? ''}
            options={[
              ...(statistic() ? [] : [{ value: '', text: takenWords(one()) }]),
              ...STATISTICS.map((by) => ({ value: by, text: STATISTIC_WORDS[by] })),
            ]}
            onChange={(by) =>
              props.onChange({
                kind: 'metric',
                metric: one().metric,
                by: STATISTICS.find((known) => known === by) ?? 'last',
              })
            }
          />
        )}
      </Show>
    </span>
  )
}

/** Of what few projects have no empty group stands in the list. */
function listed<T>(label: string, options: T[]): { label: string; options: T[] }[] {
  return options.length > 0 ? [{ label, options }] : []
}
