import { createMemo, Match, Show, Switch } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { Icon } from '../../components/icon.tsx'
import { STATISTIC_WORDS } from '../runs/labels.ts'
import type { Parts } from './export.ts'
import type { CompareLine } from './lines.ts'
import { isSideLine } from './side-lines.ts'

/** How much is compared, and how much of it differs; sorts the keys by name. */
export function KeyHead(props: { parts: Parts }) {
  const { lines, model } = props.parts
  const { choices } = model
  return (
    <button
      type="button"
      class="compare-sort"
      title="Sort the keys by name"
      aria-pressed={choices.byName()}
      onClick={() => choices.set({ order: 'name' })}
    >
      <span>{`${formatPlural(lines.counts().keys, 'key')}, ${formatPlural(lines.counts().metrics, 'metric')}`}</span>
      <span class="note">
        {`${formatCount(lines.counts().differing)} ${lines.counts().differing === 1 ? 'key differs' : 'keys differ'}`}
        {choices.byName() ? ' ↑' : ''}
      </span>
    </button>
  )
}

/** Which metric the effects are of; sorts the keys by how much they do. */
export function EffectHead(props: { parts: Parts }) {
  const { model, analysis } = props.parts
  const { runs } = useApp()
  const metric = () => analysis.metric()
  return (
    <button
      type="button"
      class="compare-sort"
      title="Sort the keys by their effect"
      aria-pressed={!model.choices.byName()}
      onClick={() => model.choices.set({ order: '' })}
    >
      <span>
        Effect of this key alone
        {model.choices.byName() ? '' : ' ↓'}
      </span>
      <span class="note">
        <Show when={metric()} fallback="no metric is logged">
          {(name) => (
            <>{`${visibleName(leaf(name()))}, ${STATISTIC_WORDS[model.statisticOf(name())]}, matched pairs among ${formatPlural(runs.all().length, 'run')}, 95 %`}</>
          )}
        </Show>
      </span>
    </button>
  )
}

/** What a line is of. */
export function KeyLabel(props: { parts: Parts; line: CompareLine }) {
  const line = () => props.line
  return (
    <Show
      when={line().kind === 'section' ? line() : undefined}
      fallback={<PlainLabel parts={props.parts} line={line()} />}
    >
      {(found) => <SectionLabel parts={props.parts} line={found()} />}
    </Show>
  )
}

function PlainLabel(props: { parts: Parts; line: CompareLine }) {
  const { model, lines } = props.parts
  const line = () => props.line
  const failure = () => (props.line.kind === 'failure' ? props.line : undefined)
  return (
    <Switch
      fallback={
        <span class="key-name" title={visibleName(line().label)}>
          {visibleName(line().label)}
          <Show when={line().kind === 'metric' && line()}>
            {(of) => <span class="quiet">{`, ${STATISTIC_WORDS[model.statisticOf(of().label)]}`}</span>}
          </Show>
        </span>
      }
    >
      <Match when={isSideLine(props.line) && props.line}>{(side) => lines.sides()?.label(side())}</Match>
      <Match when={failure()}>
        {(one) => (
          <span class="compare-failure" role="alert">
            <b>{one().label}</b>
            <code>{one().why}</code>
            <Show when={one().retry}>
              <button type="button" class="link-button" tabIndex={-1} onClick={() => one().retry?.()}>
                Retry
              </button>
            </Show>
          </span>
        )}
      </Match>
    </Switch>
  )
}

function SectionLabel(props: { parts: Parts; line: CompareLine }) {
  const { model } = props.parts
  const of = () => (props.line.kind === 'section' ? props.line : undefined)
  const note = createMemo(() => {
    if (of()?.section !== 'metrics') return ''
    const [base] = model.columns()
    return `against ${base?.isGroup ? 'the mean of ' : ''}${visibleName(base?.label ?? '')}; bold: best of the row`
  })
  return (
    <button
      type="button"
      class="section-name"
      tabIndex={-1}
      aria-expanded={of()?.open}
      disabled={(of()?.count ?? 0) === 0}
      onClick={() => {
        const section = of()?.section
        if (section) model.choices.fold(section)
      }}
    >
      <Icon name={of()?.open ? 'down' : 'right'} />
      <b>{of()?.label}</b>
      {/* of traces there is one line, which says how many they are */}
      <Show when={of()?.section !== 'traces'}>
        <span class="quiet">{formatCount(of()?.count ?? 0)}</span>
      </Show>
      <span class="quiet note">{note()}</span>
    </button>
  )
}

/** How large a difference of a metric is no more than the noise of the baseline's seeds. */
export function NoiseCell(props: { parts: Parts; metric: string }) {
  const row = createMemo(() => props.parts.cells.metricRow(props.metric))
  return (
    <Show when={row() && !Number.isNaN(row()?.noise ?? Number.NaN) && row()}>
      {(found) => (
        <span class="quiet">{`grey within ± ${found().format.value(found().noise)}, its seed noise`}</span>
      )}
    </Show>
  )
}

function leaf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1) || name
}
