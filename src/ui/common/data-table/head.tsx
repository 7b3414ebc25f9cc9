import { createMemo, For, Show } from 'solid-js'
import { formatCount, formatValue } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { TableColumn, TableOrder, TableSummary } from '../../../model/logged-table.ts'
import { type Bars, createBarBrush } from '../../components/bar-brush.ts'
import { isRight, LEAST, type PlacedColumn } from './sizes.ts'

/** A range of numbers, or one of a column's few values. */
export type HeadPick = { low: number; high: number; below?: true } | { value: string }

export interface HeadProps {
  column: PlacedColumn
  index: number
  order: TableOrder | undefined
  summary: TableSummary | undefined
  /** Words and bars under the name. */
  withSummary: boolean
  /** What a filter of this column holds to. */
  held: HeadPick | undefined
  /** Colour of a bar that stands for a value. */
  colorOf?(value: string): string | undefined
  /** Undefined where the order is given. */
  onSort?: ((column: TableColumn) => void) | undefined
  onPick(column: TableColumn, pick: HeadPick | undefined): void
  onWidth(column: TableColumn, width: number | undefined): void
}

const BARS = 22

/** The name of a column, which sorts by it, and what its cells are over all rows: bars, which filter, and words. */
export function Head(props: HeadProps) {
  const right = () => isRight(props.column)
  const sorted = () => props.order?.column === props.column.id
  return (
    // biome-ignore lint/a11y/useSemanticElements: a head of a grid of which only a part is in the page
    // biome-ignore lint/a11y/useFocusableInteractive: its buttons have the keys
    <div
      role="columnheader"
      aria-colindex={props.index + 2}
      aria-sort={
        sorted() ? (props.order?.descending ? 'descending' : 'ascending') : props.onSort ? 'none' : undefined
      }
      class="data-head"
      classList={{ number: right(), picked: props.held !== undefined }}
      style={{ left: `${props.column.left}px`, width: `${props.column.width}px` }}
      data-column={props.column.id}
    >
      <Show
        when={props.onSort}
        fallback={
          <span class="data-name">
            <bdi>{visibleName(props.column.name) || '(no name)'}</bdi>
          </span>
        }
      >
        {(sort) => (
          <button
            type="button"
            class="data-name"
            classList={{ sorted: sorted() }}
            title={`${visibleName(props.column.name)}: sort`}
            onClick={() => sort()(props.column)}
          >
            <bdi>{visibleName(props.column.name) || '(no name)'}</bdi>
            <span aria-hidden="true">{sorted() ? (props.order?.descending ? ' ↓' : ' ↑') : ''}</span>
          </button>
        )}
      </Show>
      <Show when={props.withSummary}>
        <Show when={props.summary} fallback={<span class="data-bars" />}>
          {(summary) => <Histogram {...props} summary={summary()} />}
        </Show>
        <span class="data-words" title={wordsOf(props.summary)}>
          {wordsOf(props.summary)}
        </span>
      </Show>
      <WidthGrip column={props.column} onWidth={props.onWidth} />
    </div>
  )
}

function Histogram(props: HeadProps & { summary: TableSummary }) {
  const count = () => props.summary.bins.length
  const most = createMemo(() => Math.max(1, ...props.summary.bins))
  // of several kinds the bar of 2 is that of "2" too, which no filter holds
  const picks = () =>
    count() > 1 &&
    (props.summary.of === 'numbers' || (props.summary.of === 'values' && props.column.kind !== 'mixed'))
  const brush = createBarBrush({
    ...{ count, write, enabled: picks },
    single: () => props.summary.of === 'values',
    isHeld(bars) {
      const now = held()
      return now !== undefined && now[0] === bars[0] && now[1] === bars[1]
    },
  })
  /** The bars that the filter holds, the first and the last of them. */
  const held = createMemo((): Bars | undefined => {
    const [now, { of, names, least, greatest }] = [props.held, props.summary]
    const draft = brush.draft()
    if (draft) return draft
    if (!now) return undefined
    if ('value' in now) {
      const at = names.indexOf(now.value)
      return of === 'values' && at >= 0 ? [at, at] : undefined
    }
    if (of !== 'numbers') return undefined
    const bin = (value: number): number =>
      Math.max(0, Math.min(count() - 1, Math.floor(((value - least) / (greatest - least || 1)) * count())))
    // a bar's upper end is the next one's lower end
    const last = bin(now.high)
    return [
      bin(now.low),
      Math.max(bin(now.low), now.high < greatest && edge(last) >= now.high ? last - 1 : last),
    ]
  })
  const edge = (bin: number): number => {
    const { least, greatest } = props.summary
    return bin >= count() ? greatest : least + ((greatest - least) * bin) / count()
  }

  function write(bars: Bars | undefined): void {
    if (!bars || (bars[0] === 0 && bars[1] === count() - 1)) return props.onPick(props.column, undefined)
    const { of, names } = props.summary
    const value = names[bars[0]]
    if (of === 'values') {
      if (value !== undefined) props.onPick(props.column, { value })
    } else {
      const [low, high] = [edge(bars[0]), edge(bars[1] + 1)]
      // a value at an inner edge is of the next bar alone
      props.onPick(props.column, high < props.summary.greatest ? { low, high, below: true } : { low, high })
    }
  }

  const spoken = () => {
    const now = held()
    if (!now) return 'all values'
    const { of, names } = props.summary
    return of === 'values' ? (names[now[0]] ?? '') : `${shown(edge(now[0]))} to ${shown(edge(now[1] + 1))}`
  }
  const drawn = () => (
    <For each={props.summary.bins}>
      {(bin, i) => (
        <i title={barTitle(props.summary, i(), edge)}>
          <b style={{ height: `${(BARS * bin) / most()}px` }} />
          <b
            class="held"
            classList={{ inside: within(held(), i()) }}
            style={{
              height: `${(BARS * (props.summary.held[i()] ?? 0)) / most()}px`,
              background: props.colorOf?.(props.summary.names[i()] ?? ''),
            }}
          />
        </i>
      )}
    </For>
  )
  return (
    <Show
      when={picks()}
      fallback={
        <span class="data-bars" aria-hidden="true">
          {drawn()}
        </span>
      }
    >
      <span
        class="data-bars pick"
        role="slider"
        tabIndex={0}
        aria-label={`Filter ${visibleName(props.column.name)}`}
        aria-valuemin={0}
        aria-valuemax={count() - 1}
        aria-valuenow={held()?.[0] ?? 0}
        aria-valuetext={spoken()}
        title="Drag over bars to filter; arrows, with Shift for several, Delete lets go"
        {...brush.on}
      >
        {drawn()}
      </span>
    </Show>
  )
}

function within(held: Bars | undefined, bin: number): boolean {
  return held !== undefined && bin >= held[0] && bin <= held[1]
}

function shown(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? formatCount(value) : formatValue(value)
}

function barTitle(
  { of, names, bins, held, least }: TableSummary,
  bin: number,
  edge: (bin: number) => number,
): string {
  const rows = `${formatCount(bins[bin] ?? 0)} rows, ${formatCount(held[bin] ?? 0)} of them shown`
  if (of === 'values') return `${visibleName(names[bin] ?? '')}: ${rows}`
  if (of === 'lengths') return rows
  return Number.isNaN(least) ? rows : `${shown(edge(bin))} to ${shown(edge(bin + 1))}: ${rows}`
}

/** Range and mean of numbers, how many texts there are, and how many cells hold nothing. */
function wordsOf(summary: TableSummary | undefined): string {
  if (!summary) return ''
  const { distinct, empty, least, greatest, mean, nonFinite, of } = summary
  const parts: string[] = []
  // of flags the share says more than that there are both
  if (of === 'numbers' && Number.isFinite(least) && distinct === 2) parts.push(`mean ${formatValue(mean, 3)}`)
  else if (of === 'numbers' && Number.isFinite(least))
    parts.push(least === greatest ? shown(least) : `${shown(least)} to ${shown(greatest)}`)
  else if (distinct > 0) parts.push(`${formatCount(distinct)} distinct`)
  if (nonFinite > 0) parts.push(`${formatCount(nonFinite)} not finite`)
  if (empty > 0) parts.push(`${formatCount(empty)} null`)
  return parts.join(', ') || 'empty'
}

/** The right edge of a head: drawn to a width, or walked there by arrows. */
function WidthGrip(props: { column: PlacedColumn; onWidth: HeadProps['onWidth'] }) {
  let start: { x: number; width: number } | undefined
  const set = (width: number): void => props.onWidth(props.column, Math.max(LEAST, Math.round(width)))
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule that moves is no hr
    <span
      class="data-grip"
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${visibleName(props.column.name)}`}
      aria-valuenow={props.column.width}
      aria-valuemin={LEAST}
      aria-valuemax={2000}
      tabIndex={0}
      title="Drag for another width; double-click for its own"
      onPointerDown={(event) => {
        if (event.button !== 0) return
        start = { x: event.clientX, width: props.column.width }
        event.currentTarget.setPointerCapture(event.pointerId)
        event.preventDefault()
      }}
      onPointerMove={(event) => start && set(start.width + event.clientX - start.x)}
      onPointerUp={() => {
        start = undefined
      }}
      onPointerCancel={() => {
        start = undefined
      }}
      onDblClick={() => props.onWidth(props.column, undefined)}
      onKeyDown={(event) => {
        const by = { ArrowRight: 16, ArrowLeft: -16 }[event.key]
        if (by) set(props.column.width + by)
        else if (event.key === 'Delete') props.onWidth(props.column, undefined)
        else return
        event.preventDefault()
        event.stopPropagation()
      }}
    />
  )
}
