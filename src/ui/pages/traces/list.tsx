import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js'
import { formatWhen } from '../../../compute/alert-list.ts'
import { formatCount } from '../../../compute/number.ts'
import type { TraceOrder } from '../../../compute/trace-filter.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { LongRows, type LongRowsControl } from '../../components/long-rows.tsx'
import { LineSample } from '../../components/swatch.tsx'
import { type ListColumn, listColumns } from './columns.ts'
import type { TracesModel } from './model.ts'
import { RunName } from './run-name.tsx'
import { costWords } from './words.ts'

const ROW = 46
const ORDERS: readonly [TraceOrder, string][] = [
  ['-time', 'Newest first'],
  ['time', 'Oldest first'],
  ['-step', 'Highest step'],
  ['step', 'Lowest step'],
  ['-tokens', 'Most tokens'],
  ['-duration', 'Longest'],
  ['-cost', 'Most cost'],
  ['-failed', 'Most failed calls'],
]

/** The traces that pass search and filters, a line of two rows each; arrows walk them. */
export function TraceList(props: { model: TracesModel }) {
  const { model } = props
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const [reached, setReached] = createSignal(0)
  let control: LongRowsControl | undefined
  const rows = () => model.rows()
  const searched = () => model.text() !== ''
  const columns = createMemo(() => {
    const list = model.list()
    return list ? listColumns(list) : []
  })
  const orders = () => (searched() ? [...ORDERS, ['-hits', 'Most hits'] as const] : ORDERS)
  createEffect(
    on(model.shownAt, (at) => {
      if (at < 0) return
      setReached(at)
      control?.scrollTo(at, 'nearest')
    }),
  )

  function open(row: number, opens: boolean): void {
    const at = rows()[row]
    if (at !== undefined) void model.choose(at, { opens })
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const last = rows().length - 1
    const page = Math.max(1, Math.floor((scroller()?.clientHeight ?? ROW) / ROW) - 1)
    const moves: Record<string, number> = {
      ArrowDown: reached() + 1,
      ArrowUp: reached() - 1,
      PageDown: reached() + page,
      PageUp: reached() - page,
      Home: 0,
      End: last,
    }
    const next = moves[event.key]
    if (event.key === 'Enter' || event.key === ' ') open(reached(), true)
    else if (next === undefined) return
    else {
      const to = Math.max(0, Math.min(last, next))
      setReached(to)
      control?.scrollTo(to, 'nearest')
      open(to, false)
    }
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div class="trace-list" classList={{ searched: searched() }}>
      <div class="list-head">
        <select
          aria-label="Order"
          value={model.order()}
          onChange={(event) => {
            const { value } = event.currentTarget
            model.set({ sort: value === '-time' ? '' : value })
          }}
        >
          <For each={orders()}>{([value, text]) => <option value={value}>{text}</option>}</For>
        </select>
        <Show when={searched()}>
          <span class="number hits">hits</span>
        </Show>
        <For each={columns()}>
          {({ name, title }) => (
            <span class={`number ${name}`} title={visibleName(title)}>
              {visibleName(title)}
            </span>
          )}
        </For>
      </div>
      <div
        class="list-body"
        id="charts"
        role="listbox"
        aria-label="Traces"
        tabIndex={0}
        aria-activedescendant={rows().length > 0 ? `trace-line-${rows()[reached()]}` : undefined}
        ref={setScroller}
        onKeyDown={onKeyDown}
      >
        <LongRows
          count={rows().length}
          rowHeight={ROW}
          scroller={scroller()}
          role="presentation"
          control={(given) => {
            control = given
          }}
        >
          {(row) => (
            <Line
              model={model}
              columns={columns()}
              row={row()}
              reached={reached() === row()}
              onReach={setReached}
            />
          )}
        </LongRows>
      </div>
    </div>
  )
}

function Line(props: {
  model: TracesModel
  columns: readonly ListColumn[]
  row: number
  reached: boolean
  onReach(row: number): void
}) {
  const { model } = props
  const { preferences } = useApp()
  const at = () => model.rows()[props.row] ?? 0
  const list = () => model.list()
  const run = () => list()?.run[at()] ?? 0
  const style = createMemo(() => model.styleOf(run()))
  const line = createMemo(() => model.preview(at()))
  const step = () => list()?.step[at()] ?? Number.NaN
  const when = () => formatWhen(list()?.time[at()] ?? Number.NaN, Date.now(), preferences.value().timeZone)
  const failed = () => list()?.failed[at()] ?? 0
  const name = () => list()?.runs[run()]?.name ?? ''
  const hits = () => model.facets()?.hits?.[at()]
  /** Of a trace without any number the line has the room for its run. */
  const numbers = () => {
    const all = props.columns.map(({ name, words }) => ({ name, text: words(at()) }))
    return model.text() !== '' || all.some(({ text }) => text !== '') ? all : []
  }
  const cost = () => costWords(list()?.cost[at()] ?? Number.NaN)
  const parts = () => {
    const { text = '', hit = [] } = line() ?? {}
    const [from = 0, end = 0] = hit
    const flat = (words: string): string => words.replace(/\s+/g, ' ')
    return [flat(text.slice(0, from)), flat(text.slice(from, end)), flat(text.slice(end))]
  }
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
    <div
      role="option"
      id={`trace-line-${at()}`}
      class="trace-line"
      classList={{ reached: props.reached }}
      aria-selected={model.trace()?.at === at() && model.id() !== undefined}
      aria-posinset={props.row + 1}
      aria-setsize={model.rows().length}
      data-trace={line()?.id}
      onClick={() => {
        props.onReach(props.row)
        void model.choose(at(), { opens: true })
      }}
    >
      <div class="facts">
        <Show when={style()} fallback={<i class="none" />}>
          {(found) => <LineSample color={found().color} dash={found().dash} />}
        </Show>
        <RunName of={name()} />
        <span class="when">
          {[Number.isNaN(step()) ? '' : formatCount(step()), when()].filter(Boolean).join(', ')}
        </span>
        <Show when={failed() > 0 || list()?.error[at()] === 1}>
          <span class="error-word">{failed() > 0 ? 'tool error' : 'error'}</span>
        </Show>
        <span class="gap" />
        <Show when={model.text() !== ''}>
          <span class="number hits">{hits() === undefined ? '' : formatCount(hits() ?? 0)}</span>
        </Show>
        <For each={numbers()}>
          {({ name, text }) => (
            <span class={`number ${name}`} title={(name === 'tokens' && cost()) || undefined}>
              {text}
            </span>
          )}
        </For>
      </div>
      <div class="preview" dir="auto">
        {parts()[0]}
        <Show when={parts()[1]}>
          <mark>{parts()[1]}</mark>
        </Show>
        {parts()[2]}
      </div>
    </div>
  )
}
