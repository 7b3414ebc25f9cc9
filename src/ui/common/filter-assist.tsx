import {
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  For,
  onCleanup,
  onMount,
  Show,
} from 'solid-js'
import { type Completion, completeFilter, type Suggestion } from '../../compute/complete.ts'
import { isExpression } from '../../compute/filter.ts'
import { exampleFilter } from '../../compute/filter-example.ts'
import { configValue, makeConfigGetter, valueText } from '../../compute/group.ts'
import { formatCount } from '../../compute/number.ts'
import type { Json } from '../../model/run.ts'
import { useApp } from '../../state/app.ts'
import { Name } from '../components/name.tsx'
import '../styles/filter.css'

const KINDS: Record<Suggestion['kind'], string> = {
  config: 'config',
  metric: 'metric',
  function: 'function',
  run: 'run',
  value: '',
  operator: '',
}
/**
 * More stand in the list at once than anybody reads; typing on finds the others, and the list says how many
 * there are.
 */
const MOST = 100

/**
 * Completes what is typed into the filter: a list below the field, walked by arrows. Enter and Tab take the
 * chosen entry, Esc closes. The field stays a searchbox; it keeps the focus, and `aria-activedescendant`
 * names the entry. What may just be a part of a run's name has no entry chosen, so that Tab and Enter do what
 * they do elsewhere.
 */
export function FilterAssist(props: { input: HTMLInputElement; onExample(text: string | undefined): void }) {
  const { runs, marks, metrics, location } = useApp()
  const filter = location.field('filter')
  const listId = createUniqueId()
  const [found, setFound] = createSignal<Completion>()
  const [at, setAt] = createSignal(-1)
  let list: HTMLDivElement | undefined

  const keys = createMemo(() => {
    const all = runs.configKeys()
    return [
      ...all.filter(({ distinct }) => distinct > 1),
      ...all.filter(({ distinct }) => distinct <= 1),
    ].map(({ path }) => path)
  })
  const words = {
    get keys() {
      return keys()
    },
    get metrics() {
      return metrics.names()
    },
    typeOf(name: string): 'number' | 'text' | undefined {
      if (/^(name|group|state|tag|note)$/.test(name)) return 'text'
      if (metrics.names().includes(name)) return 'number'
      if (!keys().includes(name)) return undefined
      const valueIn = makeConfigGetter(name)
      const set = runs.all().flatMap(({ config }) => valueIn(config) ?? [])
      return set.every((value) => typeof value === 'number') ? 'number' : 'text'
    },
    values(key: string): string[] {
      if (key === 'state') return ['live', 'ended']
      if (key === 'tag') return [...new Set(runs.all().flatMap((run) => marks.of(run.key)?.tags ?? []))]
      const values = runs.all().map((run) => (key === 'group' ? run.group : configValue(run.config, key)))
      // lists and numbers without end are not chosen from a list
      const texts = values.flatMap((value) =>
        value === undefined || value === null || typeof value === 'object' ? [] : [valueText(value)],
      )
      return [...new Set(texts)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    },
  }
  const items = createMemo(() => found()?.items.slice(0, MOST) ?? [])

  function look(all = false): void {
    const { value, selectionStart, selectionEnd } = props.input
    const next =
      selectionStart === null || selectionStart !== selectionEnd
        ? undefined
        : completeFilter(value, selectionStart, words, all)
    setFound(next)
    const typed = value.trim().toLowerCase()
    const mayBeName =
      typed !== '' &&
      !isExpression(value) &&
      runs.all().some(({ name }) => name.toLowerCase().includes(typed))
    setAt(next && !all && !mayBeName ? 0 : -1)
  }

  function close(): void {
    setFound(undefined)
    setAt(-1)
  }

  function take(item: Suggestion | undefined): void {
    const place = found()
    if (!item || !place) return
    close()
    props.input.focus()
    props.input.setRangeText(item.insert, place.from, place.to, 'end')
    // the field's own way to say that it changed; what comes next is offered at once
    props.input.dispatchEvent(new InputEvent('input', { bubbles: true }))
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    const count = items().length
    const open = count > 0
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!open) {
        if (event.key === 'ArrowUp') return
        look(true)
        setAt(items().length > 0 ? 0 : -1)
      } else setAt(event.key === 'ArrowDown' ? (at() + 1) % count : (at() <= 0 ? count : at()) - 1)
    } else if (!open) return
    else if (event.key === 'Escape') close()
    // the list goes before the focus does, which so passes it by
    else if (event.key === 'Tab' && (event.shiftKey || at() < 0)) return close()
    else if ((event.key === 'Enter' || event.key === 'Tab') && at() >= 0) take(items()[at()])
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  function onBlur({ relatedTarget }: FocusEvent): void {
    if (!(relatedTarget instanceof Node && list?.contains(relatedTarget))) close()
  }

  // listened to here, not in the field: nobody else needs any of it
  onMount(() => {
    const { input } = props
    const onInput = () => look()
    input.addEventListener('keydown', onKeyDown)
    input.addEventListener('input', onInput)
    input.addEventListener('blur', onBlur)
    input.setAttribute('aria-autocomplete', 'list')
    input.setAttribute('aria-haspopup', 'listbox')
    // what was typed while this was on its way
    if (document.activeElement === input && input.value !== '') look()
    onCleanup(() => {
      input.removeEventListener('keydown', onKeyDown)
      input.removeEventListener('input', onInput)
      input.removeEventListener('blur', onBlur)
    })
  })
  createEffect(() => {
    const { input } = props
    if (items().length > 0) input.setAttribute('aria-controls', listId)
    else input.removeAttribute('aria-controls')
    if (at() >= 0) input.setAttribute('aria-activedescendant', `${listId}-${at()}`)
    else input.removeAttribute('aria-activedescendant')
    list?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  })
  // cleared or changed by others: what was offered belongs to another text
  createEffect(() => filter() !== props.input.value && close())

  createEffect(() => {
    const all = runs.all()
    const valuesOf = (path: string): Json[] =>
      all.map((run) => configValue(run.config, path)).filter((value) => value !== undefined)
    const differing = runs.configKeys().filter(({ distinct }) => distinct > 1)
    const rank = runs.rank()
    const ranked = rank
      ? [{ name: rank.metric, values: all.map(({ key }) => runs.value(key) ?? Number.NaN) }]
      : []
    props.onExample(
      exampleFilter(
        differing.map(({ path }) => ({ name: path, values: valuesOf(path) })),
        ranked,
      ),
    )
  })

  return (
    <>
      <Show when={items().length > 0}>
        <div class="filter-list" ref={list}>
          {/* it scrolls, so it takes the focus where somebody points at it; by keys the field scrolls it */}
          <div
            role="listbox"
            id={listId}
            aria-label="Completions"
            tabIndex={0}
            onFocusOut={onBlur}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return
              props.input.focus()
              close()
              event.stopPropagation()
            }}
          >
            <For each={items()}>
              {(item, i) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
                // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
                <div
                  role="option"
                  id={`${listId}-${i()}`}
                  aria-selected={i() === at()}
                  title={item.text}
                  onPointerDown={(event) => event.preventDefault()}
                  onPointerMove={() => setAt(i())}
                  onClick={() => take(item)}
                >
                  <span>
                    <Name of={item.text} />
                  </span>
                  <span class="note">{KINDS[item.kind]}</span>
                </div>
              )}
            </For>
          </div>
          <Show when={(found()?.items.length ?? 0) > MOST}>
            <p class="more">{`${formatCount((found()?.items.length ?? 0) - MOST)} more, type on`}</p>
          </Show>
        </div>
      </Show>
      <span class="unseen" role="status">
        {items().length === 0
          ? ''
          : items().length === 1
            ? '1 completion'
            : `${formatCount(found()?.items.length ?? 0)} completions`}
      </span>
    </>
  )
}
