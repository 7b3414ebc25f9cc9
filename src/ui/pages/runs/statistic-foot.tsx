import { createMemo, createSignal, Match, Switch } from 'solid-js'
import { directionOf } from '../../../compute/metric-words.ts'
import type { Taken } from '../../../compute/run-columns.ts'
import { STATISTICS } from '../../../compute/run-columns.ts'
import { Select } from '../../components/select.tsx'
import { STATISTIC_WORDS } from './labels.ts'
import type { RunsModel } from './model.ts'

const FURTHER = [
  { value: 'at', text: 'at step' },
  { value: 'best', text: 'at the best step of' },
  { value: 'reach', text: 'steps to reach' },
  { value: 'area', text: 'area' },
  { value: 'spark', text: 'line' },
]

/** Adds any statistic of any metric, also those that ask for a step, a value or another metric. */
export function StatisticFoot(props: { model: RunsModel }) {
  const { model } = props
  const [metric, setMetric] = createSignal<string>()
  const [by, setBy] = createSignal('best')
  const [other, setOther] = createSignal<string>()
  const [end, setEnd] = createSignal<'min' | 'max'>()
  const [text, setText] = createSignal('')
  const results = createMemo(() => model.names().filter((name) => directionOf(name) !== undefined))
  const name = () => metric() ?? model.names()[0] ?? ''
  const of = () => other() ?? results()[0] ?? model.names()[0] ?? ''
  /** Which end is the best one of what is looked at. */
  const good = () => end() ?? directionOf(by() === 'best' ? of() : name()) ?? 'max'
  const names = () => model.names().map((value) => ({ value, text: value }))

  const taken = (): Taken | 'spark' | undefined => {
    const value = Number(text())
    const known = text().trim() !== '' && Number.isFinite(value)
    switch (by()) {
      case 'at':
        return known ? { by: 'at', step: value } : undefined
      case 'reach':
        return known ? { by: 'reach', value, end: good() } : undefined
      case 'best':
        return of() === '' ? undefined : { by: 'best', of: of(), end: good() }
      case 'area':
        return { by: 'area' }
      case 'spark':
        return 'spark'
      default: {
        const found = STATISTICS.find((one) => one === by())
        return found && { by: found }
      }
    }
  }

  function add(event: Event): void {
    event.preventDefault()
    const found = taken()
    if (found === undefined || name() === '') return
    model.addColumn(
      found === 'spark' ? { kind: 'spark', metric: name() } : { kind: 'metric', metric: name(), ...found },
    )
  }

  return (
    <form class="column-foot" onSubmit={add}>
      <p class="note">Add a statistic of any metric</p>
      <div class="column-foot-row">
        <Select label="Metric of the new column" value={name()} options={names()} onChange={setMetric} />
        <Select
          label="Statistic of the new column"
          value={by()}
          options={[...FURTHER, ...STATISTICS.map((value) => ({ value, text: STATISTIC_WORDS[value] }))]}
          onChange={(value) => {
            setBy(value)
            setText('')
          }}
        />
      </div>
      <div class="column-foot-row">
        <Switch>
          <Match when={by() === 'best'}>
            <Select label="Best of which metric" value={of()} options={names()} onChange={setOther} />
            <EndSelect value={good()} words={['min', 'max']} onChange={setEnd} />
          </Match>
          <Match when={by() === 'reach'}>
            <EndSelect value={good()} words={['at most', 'at least']} onChange={setEnd} />
            <NumberField label="Value to reach" value={text()} onInput={setText} />
          </Match>
          <Match when={by() === 'at'}>
            <NumberField label="Step" value={text()} onInput={setText} />
          </Match>
        </Switch>
        <span class="gap" />
        <button type="submit" class="button primary" disabled={taken() === undefined}>
          Add column
        </button>
      </div>
    </form>
  )
}

function EndSelect(props: {
  value: 'min' | 'max'
  words: [string, string]
  onChange(value: 'min' | 'max'): void
}) {
  return (
    <Select
      label="Which end"
      value={props.value}
      options={[
        { value: 'min', text: props.words[0] },
        { value: 'max', text: props.words[1] },
      ]}
      onChange={(value) => props.onChange(value === 'min' ? 'min' : 'max')}
    />
  )
}

function NumberField(props: { label: string; value: string; onInput(value: string): void }) {
  return (
    <div class="field">
      <input
        aria-label={props.label}
        placeholder={props.label}
        inputmode="decimal"
        value={props.value}
        autocomplete="off"
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </div>
  )
}
