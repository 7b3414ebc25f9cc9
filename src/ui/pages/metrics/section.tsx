import { createMemo, For, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import {
  type Block,
  isMovable,
  leafName,
  perRow,
  rowsWithin,
  type SheetMeasure,
} from '../../../compute/sections.ts'
import { Icon } from '../../components/icon.tsx'
import { Name } from '../../components/name.tsx'
import { Cell, type HistogramCards } from './cell.tsx'
import type { MountQueue } from './mount-queue.ts'

export interface SectionContext {
  measure: SheetMeasure
  /** Of the sheet, CSS pixels. */
  width: number
  viewport: { top: number; height: number }
  /** How far around the window places of charts are in the page. */
  reach: number
  fullName: boolean
  /** Charts name their runs: nothing else on the page does. */
  legend: boolean
  queue: MountQueue
  histograms: HistogramCards
  toggle(key: string): void
}

export interface SectionViewProps {
  block: Block
  /** Of the parent, from the top of the sheet. */
  top: number
  level: 2 | 3
  context: SectionContext
}

const MOVES = 'Alt+ArrowUp Alt+ArrowDown'

/** One section: a head that stays in sight, its charts, and the sections nested in it. */
export function SectionView(props: SectionViewProps) {
  const section = () => props.block.section
  const columns = () => props.context.measure.columns
  const right = () => props.block.column + props.block.columns
  const fullName = () => props.context.fullName || !isMovable(section())
  const headHeight = () => props.context.measure.headHeight
  const top = () => props.top + props.block.top
  const cards = () => top() + headHeight()
  const shown = createMemo(() => {
    if (!props.block.open) return { from: 0, metrics: [] as string[] }
    const { viewport, reach, measure } = props.context
    const all = section().metrics
    const row = { columns: perRow(props.block), rowHeight: measure.rowHeight }
    const [from, end] = Number.isFinite(reach)
      ? rowsWithin(
          all.length,
          row,
          viewport.top - reach - cards(),
          viewport.top + viewport.height + reach - cards(),
        )
      : [0, all.length]
    return { from, metrics: all.slice(from, end) }
  })
  const head = () => (
    <button
      type="button"
      aria-expanded={props.block.open}
      aria-keyshortcuts={MOVES}
      onClick={() => props.context.toggle(section().key)}
    >
      <Icon name={props.block.open ? 'down' : 'right'} />
      <b>
        <Name of={section().name} />
      </b>{' '}
      <em>{formatCount(section().count)}</em>
    </button>
  )
  return (
    <section
      class="section"
      aria-label={section().name}
      classList={{ beside: right() < columns() }}
      style={{
        top: `${props.block.top}px`,
        height: `${props.block.height}px`,
        left: `${(100 * props.block.column) / columns()}%`,
        width: `${(100 * props.block.columns) / columns()}%`,
      }}
      data-section={section().key}
    >
      <Show when={headHeight() > 0}>
        <div class="section-head">
          <Show when={props.level === 2} fallback={<h3>{head()}</h3>}>
            <h2>{head()}</h2>
          </Show>
        </div>
      </Show>
      <For each={shown().metrics}>
        {(metric, i) => {
          const index = () => shown().from + i()
          const row = () => Math.floor(index() / perRow(props.block))
          const column = () => (index() % perRow(props.block)) * props.block.span
          return (
            <Cell
              metric={metric}
              title={(fullName() ? metric : leafName(metric)) || JSON.stringify(metric)}
              offset={headHeight() + row() * props.context.measure.rowHeight}
              top={cards() + row() * props.context.measure.rowHeight}
              left={column() / props.block.columns}
              width={props.block.span / props.block.columns}
              last={props.block.column + column() + props.block.span === columns()}
              height={props.context.measure.rowHeight}
              pixels={Math.floor((props.context.width * props.block.span) / columns())}
              fullName={fullName()}
              legend={props.context.legend}
              viewport={props.context.viewport}
              queue={props.context.queue}
              histograms={props.context.histograms}
            />
          )
        }}
      </For>
      <SectionList blocks={props.block.nested} top={top()} level={3} context={props.context} />
    </section>
  )
}

/**
 * Sections that reach into the window and its surroundings; keyed by name, so that a new layout moves them
 * instead of making them anew.
 */
export function SectionList(props: { blocks: Block[]; top: number; level: 2 | 3; context: SectionContext }) {
  const byKey = createMemo(() => new Map(props.blocks.map((block) => [block.section.key, block])))
  const keys = createMemo(
    () => {
      const { viewport, reach } = props.context
      const [from, to] = [
        viewport.top - reach - props.top,
        viewport.top + viewport.height + reach - props.top,
      ]
      return props.blocks
        .filter((block) => block.top < to && block.top + block.height > from)
        .map((block) => block.section.key)
    },
    [],
    { equals: (a, b) => a.length === b.length && a.every((key, i) => key === b[i]) },
  )
  return (
    <For each={keys()}>
      {(key) => (
        <Show when={byKey().get(key)}>
          {(block) => (
            <SectionView block={block()} top={props.top} level={props.level} context={props.context} />
          )}
        </Show>
      )}
    </For>
  )
}
