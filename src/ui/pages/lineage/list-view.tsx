import { createEffect, createMemo, createSignal, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { reached } from '../../../compute/lineage/reach.ts'
import { formatCount } from '../../../compute/number.ts'
import { Icon } from '../../components/icon.tsx'
import { LongRows, type LongRowsControl } from '../../components/long-rows.tsx'
import { Name } from '../../components/name.tsx'
import type { LineageModel } from './model.ts'
import { type ListRow, listRows } from './rows.ts'

const ROW = 28
/** Open from the start: what was used at once, and what made that. */
const OPEN_LEVELS = 3

/** The same as the graph, as a tree of lines around the node it is around. */
export function ListView(props: { model: LineageModel }) {
  const { model } = props
  const [toggled, setToggled] = createSignal<ReadonlySet<string>>(new Set())
  const [reachedRow, setReached] = createSignal(0)
  const [scroller, setScroller] = createSignal<HTMLElement>()
  let control: LongRowsControl | undefined
  const graph = () => model.graph()?.neighbours
  const rows = createMemo((): ListRow[] => {
    const [all, start] = [graph(), model.around()]
    if (!all || start === undefined) return []
    const changed = toggled()
    return listRows(all, start, {
      show: model.show(),
      isOpen: (key, level) => level <= OPEN_LEVELS !== changed.has(key),
    })
  })
  createEffect(() => {
    // a graph that shrank
    if (reachedRow() >= rows().length) setReached(Math.max(0, rows().length - 1))
  })
  const counts = createMemo(() => {
    const [all, start] = [graph(), model.around()]
    if (!all || start === undefined) return { from: 0, of: 0 }
    return { from: reached(all.before, start).length, of: reached(all.next, start).length }
  })

  function toggle(row: ListRow | undefined): void {
    if (!row || row.below === 0 || row.again) return
    const next = new Set(toggled())
    if (!next.delete(row.key)) next.add(row.key)
    setToggled(next)
  }

  function goTo(at: number): void {
    const to = Math.max(0, Math.min(rows().length - 1, at))
    setReached(to)
    control?.scrollTo(to, 'nearest')
    const { place } = rows()[to] ?? {}
    if (place !== undefined) model.select(place)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const row = rows()[reachedRow()]
    const page = Math.max(1, Math.floor((scroller()?.clientHeight ?? ROW) / ROW) - 1)
    switch (event.key) {
      case 'ArrowDown':
        goTo(reachedRow() + 1)
        break
      case 'ArrowUp':
        goTo(reachedRow() - 1)
        break
      case 'PageDown':
        goTo(reachedRow() + page)
        break
      case 'PageUp':
        goTo(reachedRow() - page)
        break
      case 'Home':
        goTo(0)
        break
      case 'End':
        goTo(rows().length - 1)
        break
      case 'ArrowRight':
        if (row && row.below > 0 && !row.open && !row.again) toggle(row)
        else goTo(reachedRow() + 1)
        break
      case 'ArrowLeft':
        if (row?.open) toggle(row)
        else goTo(parentOf(rows(), reachedRow()))
        break
      case 'Enter':
        if (row?.place === undefined) toggle(row)
        else model.openNode(row.place)
        break
      case ' ':
        toggle(row)
        break
      default:
        return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div
      class="lineage-list"
      id="charts"
      role="tree"
      aria-label={`Lineage of ${model.title(model.around())}`}
      tabIndex={0}
      aria-activedescendant={rows().length > 0 ? `lineage-row-${reachedRow()}` : undefined}
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
        {(at) => (
          <Show when={rows()[at()]}>
            {(row) => (
              <Line
                model={model}
                row={row()}
                at={at()}
                reached={reachedRow() === at()}
                count={row().heading ? counts()[row().heading ?? 'from'] : 0}
                onToggle={() => {
                  setReached(at())
                  toggle(row())
                }}
                onReach={() => {
                  goTo(at())
                }}
              />
            )}
          </Show>
        )}
      </LongRows>
    </div>
  )
}

function Line(props: {
  model: LineageModel
  row: ListRow
  at: number
  reached: boolean
  /** Of a heading: all that is reached. */
  count: number
  onToggle(): void
  onReach(): void
}) {
  const { model } = props
  const node = () => model.node(props.row.place)
  const isHit = () => {
    const { place } = props.row
    return place !== undefined && (model.found()?.includes(place) ?? false)
  }
  const words = () => {
    const { heading } = props.row
    if (heading) return heading === 'from' ? 'Made from' : 'Made of it'
    return model.title(props.row.place)
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus, and says which line is meant
    <div
      class="list-line"
      role="treeitem"
      id={`lineage-row-${props.at}`}
      aria-level={props.row.level}
      aria-posinset={props.row.at}
      aria-setsize={props.row.of}
      aria-expanded={props.row.below > 0 && !props.row.again ? props.row.open : undefined}
      aria-selected={props.reached}
      classList={{ head: props.row.heading !== undefined, reached: props.reached, hit: isHit() }}
      style={{ '--level': props.row.level - 1 }}
      onClick={({ target }) =>
        target instanceof Element && target.closest('.twist') ? props.onToggle() : props.onReach()
      }
      onDblClick={() => props.row.place !== undefined && model.openNode(props.row.place)}
    >
      <span
        class="twist"
        classList={{ open: props.row.open, leaf: props.row.below === 0 || props.row.again }}
      >
        <Icon name="right" />
      </span>
      <Show when={node()} fallback={<b>{words()}</b>}>
        {(one) => (
          <>
            <Show when={one().kind === 'run'} fallback={<Icon name="box" />}>
              <i class="run-mark" aria-hidden="true" />
            </Show>
            <span class="name">
              <Name of={words()} />
            </span>
            <Show when={one().kind === 'version' && aliasesOf(one()).length > 0}>
              <span class="tag">{aliasesOf(one()).join(', ')}</span>
            </Show>
            <span class="detail">{model.detail(one())}</span>
          </>
        )}
      </Show>
      <span class="gap" />
      <span class="amount">
        {props.row.heading
          ? formatPlural(props.count, 'node')
          : props.row.again
            ? 'opened above'
            : props.row.below > 0
              ? formatCount(props.row.below)
              : ''}
      </span>
    </div>
  )
}

function aliasesOf(node: NonNullable<ReturnType<LineageModel['node']>>): string[] {
  return node.kind === 'version' ? node.aliases : []
}

function parentOf(rows: readonly ListRow[], at: number): number {
  const level = rows[at]?.level ?? 1
  for (let i = at - 1; i >= 0; i--) if ((rows[i]?.level ?? 0) < level) return i
  return at
}
