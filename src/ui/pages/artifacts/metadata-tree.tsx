import { createMemo, createSignal, createUniqueId, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { Json } from '../../../model/run.ts'
import { copyText } from '../../common/clipboard.ts'
import { Icon } from '../../components/icon.tsx'
import { LongRows, type LongRowsControl } from '../../components/long-rows.tsx'

const ROW = 24

interface Line {
  path: string
  key: string
  depth: number
  /** Of what has lines below it: how many values those are. */
  count: number | undefined
  text: string
}

/** The first value of a version's metadata in words, and how many more there are; undefined for none. */
export function metadataWords(metadata: Json): { first: string; more: number } | undefined {
  if (metadata === null) return undefined
  const leaves = linesOf(metadata, new Set()).filter(({ count }) => count === undefined)
  const [first] = leaves
  if (!first) return undefined
  return { first: `${first.path} ${first.text}`.trim().slice(0, 80), more: leaves.length - 1 }
}

/** What was written beside a version, as a tree; Enter copies a value. */
export function MetadataTree(props: { of: Json }) {
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const [folded, setFolded] = createSignal<ReadonlySet<string>>(new Set())
  const [at, setAt] = createSignal(0)
  const id = createUniqueId()
  let control: LongRowsControl | undefined
  const lines = createMemo(() => linesOf(props.of, folded()))
  const here = () => Math.min(at(), lines().length - 1)

  function toggle(line: Line | undefined): void {
    if (line?.count === undefined) return
    const next = new Set(folded())
    if (!next.delete(line.path)) next.add(line.path)
    setFolded(next)
  }
  function goTo(index: number): void {
    const to = Math.max(0, Math.min(lines().length - 1, index))
    setAt(to)
    control?.scrollTo(to, 'nearest')
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const line = lines()[here()]
    const isFolded = line?.count !== undefined && folded().has(line.path)
    if (event.key === 'ArrowDown') goTo(here() + 1)
    else if (event.key === 'ArrowUp') goTo(here() - 1)
    else if (event.key === 'Home') goTo(0)
    else if (event.key === 'End') goTo(lines().length - 1)
    else if (event.key === 'ArrowRight' && isFolded) toggle(line)
    else if (event.key === 'ArrowLeft' && line?.count !== undefined && !isFolded) toggle(line)
    else if (event.key === 'ArrowLeft')
      goTo(lines().findLastIndex((one, i) => i < here() && one.depth < (line?.depth ?? 0)))
    else if (event.key === 'Enter' || event.key === ' ') {
      if (line?.count !== undefined) toggle(line)
      else if (line) void copyText(line.text)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div class="artifact-metadata" ref={setScroller}>
      <div
        role="tree"
        aria-label="Metadata"
        tabIndex={0}
        aria-activedescendant={lines().length > 0 ? `${id}-${here()}` : undefined}
        onKeyDown={onKeyDown}
      >
        <LongRows
          count={lines().length}
          rowHeight={ROW}
          scroller={scroller()}
          role="presentation"
          control={(made) => {
            control = made
          }}
        >
          {(index) => (
            <Show when={lines()[index()]}>
              {(line) => (
                // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus
                // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys
                <div
                  role="treeitem"
                  id={`${id}-${index()}`}
                  aria-level={line().depth + 1}
                  aria-expanded={line().count === undefined ? undefined : !folded().has(line().path)}
                  aria-selected={index() === here()}
                  style={{ 'padding-left': `${16 + line().depth * 16}px` }}
                  onClick={() => {
                    setAt(index())
                    toggle(line())
                  }}
                >
                  <Show when={line().count !== undefined}>
                    <Icon name={folded().has(line().path) ? 'right' : 'down'} />
                  </Show>
                  <span class="key">{visibleName(line().key)}</span>
                  <span class="value" title={visibleName(line().text)}>
                    {line().count === undefined ? visibleName(line().text) : formatCount(line().count ?? 0)}
                  </span>
                </div>
              )}
            </Show>
          )}
        </LongRows>
      </div>
    </div>
  )
}

/** Objects and lists with something in them have lines below. */
function linesOf(value: Json, folded: ReadonlySet<string>, path = '', depth = 0): Line[] {
  if (value === null || typeof value !== 'object' || Object.keys(value).length === 0)
    return depth === 0 ? [{ path: '', key: '', depth, count: undefined, text: JSON.stringify(value) }] : []
  return Object.entries(value).flatMap(([key, member]): Line[] => {
    const own = path === '' ? key : `${path}.${key}`
    const below = linesOf(member, NONE, own, depth + 1)
    if (below.length === 0) return [{ path: own, key, depth, count: undefined, text: JSON.stringify(member) }]
    const count = below.filter((line) => line.count === undefined).length
    const shown = folded.has(own) ? [] : folded.size === 0 ? below : linesOf(member, folded, own, depth + 1)
    return [{ path: own, key, depth, count, text: '' }, ...shown]
  })
}

const NONE: ReadonlySet<string> = new Set()
