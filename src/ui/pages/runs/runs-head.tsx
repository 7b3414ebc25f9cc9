import { createMemo, For, Show } from 'solid-js'
import { binRange, type Summary } from '../../../compute/column-summary.ts'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { exact, filterSubject, valueText, withTerm } from './cells.ts'
import type { TableColumn } from './columns.ts'
import type { RunsModel } from './model.ts'
import { clampWidth } from './widths.ts'

interface Layout {
  lefts: readonly number[]
  total: number
}

/** Over the names: what neighbours have in common. */
export function SectionHeads(props: {
  model: RunsModel
  columns: readonly TableColumn[]
  layout: Layout
  from: number
}) {
  /** One for each stretch of neighbours in one section. */
  const stretches = createMemo(() => {
    const found: { text: string; left: number; right: number }[] = []
    props.columns.forEach(({ section }, i) => {
      const left = props.layout.lefts[props.from + i] ?? 0
      const right = props.layout.lefts[props.from + i + 1] ?? props.layout.total
      const last = found.at(-1)
      if (last?.text === section) last.right = right
      else found.push({ text: section, left, right })
    })
    return found
  })
  return (
    <div class="runs-sections" aria-hidden="true">
      <For each={stretches()}>
        {(one) => (
          <span
            class="runs-section"
            classList={{ plain: one.text === '' }}
            style={{ left: `${one.left}px`, width: `${one.right - one.left}px` }}
          >
            {visibleName(one.text)}
            <Show when={one.text === 'Config' && props.model.sameInAll().length > 0}>
              {`, ${formatCount(props.model.sameInAll().length)} same in all`}
            </Show>
          </span>
        )}
      </For>
    </div>
  )
}

export function NameHead(props: { model: RunsModel; width: number }) {
  const { model } = props
  const { runs } = useApp()
  const shown = createMemo(
    () => model.listed().filter((run) => runs.isShown(model.all()[run]?.key ?? '')).length,
  )
  const state = () => (shown() === 0 ? 'false' : shown() === model.listed().length ? 'true' : 'mixed')
  const toggle = () =>
    runs.set(
      model.listed().flatMap((run) => model.all()[run]?.key ?? []),
      state() !== 'true',
    )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table's cell would need a table
    // biome-ignore lint/a11y/useFocusableInteractive: its buttons have the keys
    <div
      role="columnheader"
      class="runs-name-head"
      style={{ width: `${props.width}px` }}
      aria-sort={sortOf(model, 'name')}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a native box cannot carry the colour */}
      <button
        type="button"
        class="tick-all"
        role="checkbox"
        aria-checked={state()}
        aria-label="Show all listed runs in charts"
        onClick={toggle}
      >
        <i classList={{ on: state() === 'true', some: state() === 'mixed' }} />
      </button>
      <button type="button" class="head-name" onClick={(event) => model.sort('name', event.shiftKey)}>
        Run{arrow(model, 'name')}
      </button>
      <span class="head-note">
        {`${formatCount(model.listed().length)} of ${formatPlural(model.all().length, 'run')}`}
        <Show when={model.groups()}>
          {(groups) => (
            <>
              <br />
              {formatPlural(groups().length, 'group')}
            </>
          )}
        </Show>
      </span>
    </div>
  )
}

/** Name and summary of a column; a bar that is clicked is a condition of the filter. */
export function HeadCell(props: {
  model: RunsModel
  column: TableColumn
  index: number
  left: number
  width: number
  onWidth(width: number): void
}) {
  const { model } = props
  const column = () => props.column
  const numeric = () => column().data()?.kind !== 'text'
  let from = 0

  function onPointerDown(event: PointerEvent): void {
    if (!(event.currentTarget instanceof HTMLElement)) return
    from = event.clientX - props.width
    event.currentTarget.setPointerCapture(event.pointerId)
    event.preventDefault()
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 16 : event.key === 'ArrowLeft' ? -16 : 0
    if (step === 0) return
    props.onWidth(clampWidth(props.width + step))
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table's cell would need a table
    // biome-ignore lint/a11y/useFocusableInteractive: its buttons have the keys
    <div
      role="columnheader"
      aria-colindex={props.index + 2}
      aria-sort={sortOf(model, column().spec)}
      class="runs-head-cell"
      classList={{ number: numeric(), rule: startsSection(model, props.index) }}
      style={{ transform: `translateX(${props.left}px)`, width: `${props.width}px` }}
    >
      <button
        type="button"
        class="head-name"
        title={titleOf(column())}
        onClick={(event) => model.sort(column().spec, event.shiftKey)}
      >
        <span class="clip">{visibleName(column().label)}</span>
        {arrow(model, column().spec)}
      </button>
      <Show when={column().summary()} fallback={<i class="head-waits" />}>
        {(found) => (
          <HeadSummary model={model} column={column()} summary={found().summary} binOf={found().binOf} />
        )}
      </Show>
      {/* biome-ignore lint/a11y/useSemanticElements: a rule between columns that is dragged */}
      <span
        class="head-edge"
        role="separator"
        aria-orientation="vertical"
        aria-label={`Width of ${column().label}`}
        aria-valuenow={props.width}
        tabIndex={0}
        onPointerDown={onPointerDown}
        onPointerMove={(event) => {
          if (event.buttons === 1 && event.currentTarget.hasPointerCapture(event.pointerId))
            props.onWidth(clampWidth(event.clientX - from))
        }}
        onKeyDown={onKeyDown}
      />
    </div>
  )
}

function HeadSummary(props: { model: RunsModel; column: TableColumn; summary: Summary; binOf: Int8Array }) {
  const { zone } = useZone()
  const held = createMemo(() => {
    const counts = props.summary.bins.map(() => 0)
    for (const run of props.model.listed()) {
      const bin = props.binOf[run] ?? -1
      if (bin >= 0) counts[bin] = (counts[bin] ?? 0) + 1
    }
    return counts
  })
  const most = createMemo(() => Math.max(1, ...props.summary.bins))
  const text = (value: number) => {
    const kind = props.column.data()?.kind
    return kind === undefined || kind === 'text'
      ? exact(value)
      : valueText(props.column.spec, kind, value, zone())
  }
  const words = createMemo(() => {
    const { distinct, least, greatest, each, log } = props.summary
    if (distinct === 0) return ['none', '']
    if (Number.isNaN(least) || (each && each.length <= 5 && props.column.spec.kind === 'config'))
      return [distinct === 1 ? '1 value' : `${formatCount(distinct)} distinct`, '']
    return least === greatest ? [text(least), ''] : [text(least), `${text(greatest)}${log ? ' log' : ''}`]
  })
  const subject = () => filterSubject(props.column.spec)

  function onBar(bin: number): void {
    const of = subject()
    const { each, bins } = props.summary
    if (of === undefined) return
    const one = each?.[bin]
    if (one !== undefined) {
      const value =
        typeof one === 'number'
          ? String(one)
          : /^[\w./+-]+$/.test(one)
            ? one
            : `"${one.replace(/["\\]/g, '\\$&')}"`
      return props.model.setFilter(withTerm(props.model.filter(), `${of} = ${value}`))
    }
    if (props.column.data()?.kind === 'text') return
    const [from, to] = binRange(props.summary, bin)
    const upper = bin === bins.length - 1 ? '<=' : '<'
    props.model.setFilter(withTerm(props.model.filter(), `${of} >= ${from} and ${of} ${upper} ${to}`))
  }

  return (
    <>
      <span class="head-bars" aria-hidden="true">
        <For each={props.summary.bins}>
          {(count, i) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: the filter field says the same in words
            // biome-ignore lint/a11y/useKeyWithClickEvents: the same
            <i
              title={barTitle(props.summary, i(), count, text)}
              classList={{ pick: subject() !== undefined }}
              onClick={() => onBar(i())}
            >
              <b style={{ height: `${(20 * count) / most()}px` }} />
              <b class="held" style={{ height: `${(20 * (held()[i()] ?? 0)) / most()}px` }} />
            </i>
          )}
        </For>
      </span>
      <span class="head-range">
        <span>{words()[0]}</span>
        <span>{words()[1]}</span>
      </span>
      <Show when={props.summary.nonFinite > 0}>
        <span class="head-bad">{`${formatCount(props.summary.nonFinite)} not finite`}</span>
      </Show>
    </>
  )
}

function barTitle(summary: Summary, bin: number, count: number, text: (value: number) => string): string {
  const one = summary.each?.[bin]
  const runs = formatPlural(count, 'run')
  if (one !== undefined) return `${typeof one === 'number' ? text(one) : visibleName(one)}: ${runs}`
  if (Number.isNaN(summary.least)) return runs
  const [from, to] = binRange(summary, bin)
  return `${text(from)} to ${text(to)}: ${runs}`
}

/** Times are told in the zone that the settings say. */
export function useZone(): { zone: () => 'local' | 'utc' } {
  const { preferences } = useApp()
  return { zone: () => preferences.value().timeZone }
}

function sortOf(model: RunsModel, spec: TableColumn['spec'] | 'name'): 'none' | 'ascending' | 'descending' {
  const found = model.sortKey(spec)
  return !found ? 'none' : found.descending ? 'descending' : 'ascending'
}

function arrow(model: RunsModel, spec: TableColumn['spec'] | 'name') {
  const found = () => model.sortKey(spec)
  return (
    <span class="head-arrow" aria-hidden="true">
      <Show when={found()}>
        {(key) =>
          `${key().descending ? ' ↓' : ' ↑'}${key().place > 0 || model.sorting().length > 1 ? key().place + 1 : ''}`
        }
      </Show>
    </span>
  )
}

/** A rule stands where another section begins. */
export function startsSection(model: RunsModel, index: number): boolean {
  const all = model.columns()
  return index > 0 && all[index]?.section !== all[index - 1]?.section
}

function titleOf({ spec, label }: TableColumn): string {
  if (spec.kind !== 'metric') return visibleName(label)
  return `${visibleName(spec.metric)}, ${label.slice(label.lastIndexOf(', ') + 2)}`
}
