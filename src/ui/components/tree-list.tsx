import '../styles/tree-list.css'
import { createEffect, createMemo, createSignal, createUniqueId, type JSX, on, Show, untrack } from 'solid-js'
import { Icon } from './icon.tsx'
import { LongRows, type LongRowsControl } from './long-rows.tsx'

export interface TreeListProps<T> {
  label: string
  rows: readonly T[]
  keyOf(row: T): string
  levelOf(row: T): number
  /** Undefined for what has nothing below it. */
  isOpen(row: T): boolean | undefined
  isChosen(row: T): boolean
  onToggle(row: T, open: boolean): void
  onChoose(row: T): void
  rowHeight: number
  children(row: T): JSX.Element
}

/** Levels that a row is moved in by: deeper ones stand where the last of these does. */
const DEEPEST = 30

/** A tree of any size, walked by the arrow keys; one row has the keys, of which only those in sight are in the page. */
export function TreeList<T>(props: TreeListProps<T>) {
  const id = createUniqueId()
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const [control, setControl] = createSignal<LongRowsControl>()
  const [current, setCurrent] = createSignal<string>()
  const places = createMemo(() => new Map(props.rows.map((row, i) => [props.keyOf(row), i])))
  const chosenAt = createMemo(() => props.rows.findIndex((row) => props.isChosen(row)))
  const at = createMemo(() => places().get(current() ?? '') ?? Math.max(0, chosenAt()))
  // what is chosen by a link or by another list comes into sight
  createEffect(
    on([() => props.rows[chosenAt()] && props.keyOf(props.rows[chosenAt()] as T), control], ([key, to]) => {
      if (key === undefined) return
      setCurrent(key)
      // once it is known how much of the list is in sight
      requestAnimationFrame(() => to?.scrollTo(untrack(chosenAt), 'nearest'))
    }),
  )

  function goTo(row: number): void {
    const to = Math.max(0, Math.min(props.rows.length - 1, row))
    const found = props.rows[to]
    if (found === undefined) return
    setCurrent(props.keyOf(found))
    control()?.scrollTo(to, 'nearest')
  }

  function onKeyDown(event: KeyboardEvent): void {
    const row = props.rows[at()]
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    const open = props.isOpen(row)
    const page = Math.max(1, Math.floor((scroller()?.clientHeight ?? 0) / props.rowHeight) - 1)
    switch (event.key) {
      case 'ArrowDown':
        goTo(at() + 1)
        break
      case 'ArrowUp':
        goTo(at() - 1)
        break
      case 'PageDown':
        goTo(at() + page)
        break
      case 'PageUp':
        goTo(at() - page)
        break
      case 'Home':
        goTo(0)
        break
      case 'End':
        goTo(props.rows.length - 1)
        break
      case 'ArrowRight':
        if (open === false) props.onToggle(row, true)
        else if (open) goTo(at() + 1)
        break
      case 'ArrowLeft':
        if (open) props.onToggle(row, false)
        else goTo(parentOf(at()))
        break
      case 'Enter':
      case ' ':
        if (open === undefined) props.onChoose(row)
        else props.onToggle(row, !open)
        break
      default:
        return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  function parentOf(row: number): number {
    const own = props.rows[row]
    if (own === undefined) return row
    let above = row - 1
    while (above >= 0 && props.levelOf(props.rows[above] as T) >= props.levelOf(own)) above--
    return above < 0 ? row : above
  }

  return (
    <div
      ref={setScroller}
      role="tree"
      aria-label={props.label}
      aria-activedescendant={props.rows.length > 0 ? `${id}-${at()}` : undefined}
      tabIndex={0}
      class="tree-list"
      onKeyDown={onKeyDown}
    >
      <LongRows
        count={props.rows.length}
        rowHeight={props.rowHeight}
        scroller={scroller()}
        role="presentation"
        control={setControl}
      >
        {(index) => (
          <Show when={props.rows[index()]}>
            {(row) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys
              <div
                id={`${id}-${index()}`}
                role="treeitem"
                aria-level={props.levelOf(row()) + 1}
                aria-expanded={props.isOpen(row())}
                aria-selected={props.isChosen(row())}
                tabIndex={-1}
                class="tree-row"
                classList={{ now: index() === at() }}
                style={{ '--level': Math.min(DEEPEST, props.levelOf(row())) }}
                onClick={() => {
                  setCurrent(props.keyOf(row()))
                  const open = props.isOpen(row())
                  if (open === undefined) props.onChoose(row())
                  else props.onToggle(row(), !open)
                }}
              >
                <span class="twist">
                  <Show when={props.isOpen(row()) !== undefined}>
                    <Icon name={props.isOpen(row()) ? 'down' : 'right'} />
                  </Show>
                </span>
                {props.children(row())}
              </div>
            )}
          </Show>
        )}
      </LongRows>
    </div>
  )
}
