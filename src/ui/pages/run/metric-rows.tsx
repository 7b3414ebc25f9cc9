import { createMemo, For, Show } from 'solid-js'
import { directionOf } from '../../../compute/metric-words.ts'
import { formatCount, formatValue } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import type { MetricSummary } from '../../../state/pages/run-summary.ts'
import { LongRows } from '../../components/long-rows.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Spark } from '../../components/spark.tsx'
import type { RunModel } from './model.ts'
import { RunSection } from './section.tsx'

const ROW = 26
const CARD = 54

/** Single numbers of every metric of the run, with its group's beside them. */
export function MetricRows(props: { model: RunModel; touch: boolean; scroller: HTMLElement | undefined }) {
  const { model } = props
  const names = () => model.found()
  const heads = () => [
    ['Metric', 'name'],
    ['', 'spark'],
    ['First', 'number'],
    ['Last', 'number'],
    ['Min', 'number'],
    ['Max', 'number'],
    ['Best at', 'number'],
    [model.group() ? 'Best or last, its group' : 'Its group', 'number rule'],
    ['Count', 'number'],
    ['Non-finite', 'number'],
  ]
  return (
    <RunSection
      place="metrics"
      title="Metrics"
      note={
        names().length === model.metrics().length
          ? formatCount(model.metrics().length)
          : `${formatCount(names().length)} of ${formatCount(model.metrics().length)}`
      }
      tools={
        <SearchField
          label="Search metrics of this run"
          placeholder="Search"
          value={model.search()}
          onInput={(find) => model.set({ find })}
        />
      }
    >
      <Show
        when={names().length > 0}
        fallback={
          <p class="run-none" role="status">
            {model.metrics().length === 0 ? 'No metrics logged' : 'No metric matches'}
          </p>
        }
      >
        {/* biome-ignore lint/a11y/useSemanticElements: of a table all rows would have to be in the page */}
        <div
          role="table"
          aria-label="Metrics of this run"
          aria-rowcount={names().length + 1}
          class="metric-table"
          classList={{ cards: props.touch }}
        >
          {/* biome-ignore lint/a11y/useSemanticElements: the same */}
          <div role="rowgroup" class="metric-heads" classList={{ unseen: props.touch }}>
            {/* biome-ignore lint/a11y/useSemanticElements: the same */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: nothing to press */}
            <div role="row" aria-rowindex="1" class="metric-line">
              <For each={heads()}>
                {([text, kind]) => (
                  // biome-ignore lint/a11y/useSemanticElements: the same
                  // biome-ignore lint/a11y/useFocusableInteractive: nothing to press
                  <div role="columnheader" class={kind}>
                    {text}
                    <Show when={text === ''}>
                      <span class="unseen">Line</span>
                    </Show>
                    <Show when={kind === 'number rule' && model.group()}>
                      {(group) => <span class="n">{`n ${formatCount(group().runs.length)}`}</span>}
                    </Show>
                  </div>
                )}
              </For>
            </div>
          </div>
          <LongRows
            count={names().length}
            rowHeight={props.touch ? CARD : ROW}
            scroller={props.scroller}
            inset={props.touch ? 32 : 60}
            onRange={(from, end) => model.setWanted(names().slice(Math.max(0, from - 8), end + 8))}
          >
            {(index) => (
              <Show when={index() < names().length}>
                <MetricLine model={model} name={names()[index()] ?? ''} index={index()} touch={props.touch} />
              </Show>
            )}
          </LongRows>
        </div>
      </Show>
      <Show when={model.summary.failed()}>
        {(notice) => <p class="run-none" role="alert">{`${notice().subject}: ${notice().text}`}</p>}
      </Show>
    </RunSection>
  )
}

function MetricLine(props: { model: RunModel; name: string; index: number; touch: boolean }) {
  const { runs, view, location, metrics } = useApp()
  const integer = createMemo(() => metrics.info(props.name)?.integer === true)
  const summary = createMemo(() => props.model.summary.of(props.name))
  const color = () => runs.styled(props.model.key() ?? '')?.style.color ?? ''
  const direction = createMemo(() => directionOf(props.name))
  const spark = (width: number, height: number) => (
    <Show when={props.model.summary.spark(props.name)}>
      {(line) => <Spark low={line().low} high={line().high} color={color()} width={width} height={height} />}
    </Show>
  )
  function openChart(): void {
    view.setFullscreen(props.name)
    location.patch({ page: location.pages.home })
  }
  const label = () => (
    <button
      type="button"
      class="metric-name"
      title={`${visibleName(props.name)}: open its chart`}
      onClick={openChart}
    >
      {visibleName(props.name)}
    </button>
  )
  const under = () => {
    const now = summary()
    if (!now) return ''
    const best = bestOf(now, direction())
    return best && Number.isFinite(best.value)
      ? `best ${formatValue(best.value, 5)} at ${formatCount(best.step)}`
      : `${formatCount(now.count)} ${now.count === 1 ? 'point' : 'points'}`
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of such a table
    // biome-ignore lint/a11y/useFocusableInteractive: its name has the focus
    <div role="row" aria-rowindex={props.index + 2} class="metric-line" data-metric={props.name}>
      <Show
        when={!props.touch}
        fallback={
          <>
            <Cell class="name">
              {label()}
              <span class="under">{under()}</span>
            </Cell>
            <Cell class="spark">{spark(84, 28)}</Cell>
            <NumberCell value={summary()?.last} integer={integer()} />
          </>
        }
      >
        <Cell class="name">{label()}</Cell>
        <Cell class="spark">{spark(112, 20)}</Cell>
        <NumberCell value={summary()?.first} integer={integer()} class="quiet" />
        <NumberCell value={summary()?.last} integer={integer()} />
        <NumberCell
          value={summary()?.min}
          integer={integer()}
          finite
          class={direction() === 'min' ? 'best' : undefined}
        />
        <NumberCell
          value={summary()?.max}
          integer={integer()}
          finite
          class={direction() === 'max' ? 'best' : undefined}
        />
        <Cell class="number" value={stepText(summary(), direction())}>
          {stepText(summary(), direction()) ?? '–'}
        </Cell>
        <GroupCell model={props.model} summary={summary()} />
        <NumberCell value={summary()?.count} count />
        <NumberCell value={summary()?.nonFinite} count class={summary()?.nonFinite ? 'bad' : 'quiet'} />
      </Show>
    </div>
  )
}

function stepText(summary: MetricSummary | undefined, direction: 'min' | 'max' | undefined) {
  const best = summary && bestOf(summary, direction)
  return best && Number.isFinite(best.step) ? formatCount(best.step) : undefined
}

function bestOf(summary: MetricSummary, direction: 'min' | 'max' | undefined) {
  if (direction === 'min') return { value: summary.min, step: summary.minStep }
  return direction === 'max' ? { value: summary.max, step: summary.maxStep } : undefined
}

function Cell(props: {
  class: string
  value?: string | undefined
  title?: string | undefined
  children: unknown
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a cell of such a table
    <div role="cell" class={props.class} data-value={props.value} title={props.title}>
      {props.children as Element}
    </div>
  )
}

interface NumberProps {
  value: number | undefined
  class?: string | undefined
  /** How many of something. */
  count?: boolean
  /** Every value was logged as an integer. */
  integer?: boolean
  /** Of the finite values, of which there may be none. */
  finite?: boolean
}

/** A logged number in five digits, all of them in its title; a bar while it is not known. */
function NumberCell(props: NumberProps) {
  const known = () => props.value !== undefined
  const none = () => props.finite === true && known() && Number.isNaN(props.value)
  const bad = () => known() && !none() && !Number.isFinite(props.value)
  const exact = () => (Object.is(props.value, -0) ? '-0' : known() ? String(props.value) : undefined)
  const text = () => {
    const value = props.value ?? Number.NaN
    if (none()) return '–'
    return props.count ? formatCount(value) : formatValue(value, 5, props.integer)
  }
  return (
    <Cell
      class={`number ${props.class ?? ''} ${bad() ? 'bad' : ''}`}
      value={exact()}
      title={props.count ? undefined : exact()}
    >
      <Show when={known()} fallback={<i class="cell-waits" />}>
        {text()}
      </Show>
    </Cell>
  )
}

function GroupCell(props: { model: RunModel; summary: MetricSummary | undefined }) {
  const size = () => props.model.group()?.runs.length ?? 0
  const spread = () => (size() > 0 ? props.summary?.group : undefined)
  return (
    <Cell class="number rule" value={spread()?.n ? String(spread()?.mean) : undefined}>
      <Show when={spread()} fallback="–">
        {(now) => (
          <Show when={now().n > 0} fallback="–">
            {formatValue(now().mean, 5)}
            <Show when={!Number.isNaN(now().half)}>
              <span class="half">{` ± ${formatValue(now().half, 2)}`}</span>
            </Show>
            <Show when={now().n !== size()}>
              <span class="half">{` n ${formatCount(now().n)}`}</span>
            </Show>
          </Show>
        )}
      </Show>
    </Cell>
  )
}
