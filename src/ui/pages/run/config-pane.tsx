import { createMemo, createSignal, createUniqueId, For, Show } from 'solid-js'
import { type ConfigLine, configLines, configText, filterConfig } from '../../../compute/config-tree.ts'
import { formatPlural, splitMiddle } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { copyText } from '../../common/clipboard.ts'
import { Icon } from '../../components/icon.tsx'
import { LongRows, type LongRowsControl } from '../../components/long-rows.tsx'
import { SearchField } from '../../components/search-field.tsx'
import type { RunModel } from './model.ts'

const ROW = 24
const TOUCH_ROW = 44

/** The config of the run as a tree, with a field above it; marks where it varies and where its group differs. */
export function ConfigPane(props: { model: RunModel; touch: boolean; scroller: HTMLElement | undefined }) {
  const { runs } = useApp()
  const { model } = props
  const [own, setOwn] = createSignal<HTMLElement>()
  const [folded, setFolded] = createSignal<ReadonlySet<string>>(new Set())
  const [current, setCurrent] = createSignal<string>()
  const id = createUniqueId()
  let control: LongRowsControl | undefined
  const distinct = createMemo(() => new Map(runs.configKeys().map((key) => [key.path, key.distinct])))
  const lines = createMemo(() => {
    const run = model.run()
    return run ? configLines(run, model.group()?.runs ?? [], distinct()) : []
  })
  const keys = createMemo(() => lines().filter(({ count }) => count === undefined).length)
  const varying = createMemo(
    () => lines().filter((line) => line.distinct !== undefined || line.differs).length,
  )
  const text = () => model.own().q ?? ''
  const onlyVarying = () => model.own().varies === 'on'
  const shown = createMemo(() =>
    filterConfig(lines(), { text: text(), varying: onlyVarying(), folded: folded() }),
  )
  const at = createMemo(() => shown().findIndex(({ path }) => path === current()))

  function copy(): void {
    const config = model.run()?.config ?? {}
    void copyText(JSON.stringify(config, null, 2))
  }

  function toggle(line: ConfigLine | undefined, open?: boolean): void {
    if (line?.count === undefined) return
    const next = new Set(folded())
    if (open ?? next.has(line.path)) next.delete(line.path)
    else next.add(line.path)
    setFolded(next)
  }

  function goTo(index: number): void {
    const line = shown()[Math.max(0, Math.min(shown().length - 1, index))]
    if (!line) return
    setCurrent(line.path)
    control?.scrollTo(shown().indexOf(line), 'nearest')
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const line = shown()[at()]
    if (event.key === 'ArrowDown') goTo(at() + 1)
    else if (event.key === 'ArrowUp') goTo(Math.max(0, at() - 1))
    else if (event.key === 'Home') goTo(0)
    else if (event.key === 'End') goTo(shown().length - 1)
    else if (event.key === 'PageDown') goTo(at() + 10)
    else if (event.key === 'PageUp') goTo(Math.max(0, at() - 10))
    else if (event.key === 'ArrowLeft' && line?.count !== undefined && !folded().has(line.path))
      toggle(line, false)
    else if (event.key === 'ArrowLeft' && line && line.depth > 0)
      goTo(shown().findLastIndex((one, i) => i < at() && one.depth < line.depth))
    else if (event.key === 'ArrowRight') toggle(line, true)
    else if (event.key === 'Enter' || event.key === ' ') {
      if (line?.count !== undefined) toggle(line)
      else if (line?.value !== undefined) void copyText(configText(line))
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div class="config-pane" classList={{ touch: props.touch }}>
      <div class="config-tools">
        <SearchField
          label="Search config"
          placeholder={`Search ${formatPlural(keys(), 'key')}`}
          value={text()}
          onInput={(q) => model.set({ q })}
        />
        <button
          type="button"
          class="text-button"
          aria-pressed={onlyVarying()}
          title="Only keys that vary over the runs, or within its group"
          onClick={() => model.set({ varies: onlyVarying() ? '' : 'on' })}
        >
          Varies <span class="found">{formatCount(varying())}</span>
        </button>
        <button
          type="button"
          class="text-button"
          disabled={keys() === 0}
          title="The config as JSON"
          onClick={copy}
        >
          Copy
        </button>
      </div>
      <div class="config-scroll" ref={setOwn}>
        <Show
          when={shown().length > 0}
          fallback={
            <p class="run-none" role="status">
              {keys() === 0 ? 'No config logged' : 'No key matches'}
            </p>
          }
        >
          <div
            role="tree"
            aria-label="Config"
            tabIndex={0}
            class="config-tree"
            aria-activedescendant={at() >= 0 ? `${id}-${at()}` : undefined}
            onKeyDown={onKeyDown}
            onFocus={() => at() < 0 && setCurrent(shown()[0]?.path)}
          >
            <LongRows
              count={shown().length}
              rowHeight={props.touch ? TOUCH_ROW : ROW}
              scroller={props.touch ? props.scroller : own()}
              role="presentation"
              control={(made) => {
                control = made
              }}
            >
              {(index) => (
                <Show when={shown()[index()]}>
                  {(line) => (
                    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys
                    <div
                      role="treeitem"
                      id={`${id}-${index()}`}
                      aria-level={line().depth + 1}
                      aria-expanded={line().count === undefined ? undefined : !folded().has(line().path)}
                      aria-selected={line().path === current()}
                      class="config-line"
                      classList={{
                        head: line().count !== undefined,
                        varies: line().distinct !== undefined,
                        differs: line().differs,
                        current: line().path === current(),
                      }}
                      data-path={line().path}
                      style={{ 'padding-left': `${16 + line().depth * 18}px` }}
                      onClick={() => {
                        setCurrent(line().path)
                        toggle(line())
                      }}
                    >
                      <Show when={line().count !== undefined}>
                        <Icon name={folded().has(line().path) && text() === '' ? 'right' : 'down'} />
                      </Show>
                      <span class="config-key" title={visibleName(line().path)}>
                        <For each={splitMiddle(visibleName(line().key), 12)}>
                          {(part) => <span>{part}</span>}
                        </For>
                      </span>
                      <Show when={marksOf(line())}>{(words) => <em>{words()}</em>}</Show>
                      <Show when={line().count === undefined}>
                        <span
                          class="config-value"
                          classList={{ unset: line().value === undefined }}
                          title={visibleName(configText(line()))}
                        >
                          {visibleName(configText(line()))}
                        </span>
                      </Show>
                    </div>
                  )}
                </Show>
              )}
            </LongRows>
          </div>
        </Show>
      </div>
    </div>
  )
}

function marksOf({ count, differs, distinct }: ConfigLine): string | undefined {
  if (count !== undefined) return formatCount(count)
  if (differs) return 'differs from its group'
  return distinct === undefined ? undefined : `1 of ${formatCount(distinct)}`
}
