import { type Accessor, createSignal, onCleanup, type Setter } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { isTyping } from './keys.ts'

/**
 * The keys of a page that has a field to find something in: `f`, and Ctrl or ⌘ with it until the field has the
 * focus; then, and while there is no field, it is the browser's. `other` takes what else it knows, and says whether it did.
 */
export function createFindKey(
  other?: (event: KeyboardEvent, field: HTMLInputElement | undefined) => boolean,
): [field: Accessor<HTMLInputElement | undefined>, setField: Setter<HTMLInputElement | undefined>] {
  const { preferences } = useApp()
  const [field, setField] = createSignal<HTMLInputElement>()

  function find(event: KeyboardEvent, to: HTMLInputElement): boolean {
    const asked =
      event.ctrlKey || event.metaKey
        ? document.activeElement !== to
        : !isTyping(event.target) && preferences.value().singleKeys
    if (!asked) return false
    to.focus()
    to.select()
    return true
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return
    // one that stood here before may be gone with what it stood in
    const to = field()?.isConnected ? field() : undefined
    const isFind = event.key.toLowerCase() === 'f' && !event.altKey && !event.shiftKey
    if (!(isFind ? to !== undefined && find(event, to) : other?.(event, to))) return
    event.preventDefault()
    event.stopPropagation()
  }
  document.addEventListener('keydown', onKeyDown, { capture: true })
  onCleanup(() => document.removeEventListener('keydown', onKeyDown, { capture: true }))
  return [field, setField]
}

/**
 * The keys of rows or lines that a text is looked for in: Ctrl or ⌘ with `f` leads to the field (`data-find`),
 * Enter in it goes on to the next hit, with Shift back; so do `n`, `N` and `p` while something is looked for.
 * `enter`: what Enter does, where it may do something else.
 */
export function createHitKeys(options: {
  finds: () => boolean
  walk(by: 1 | -1): void
  enter?(by: 1 | -1): void
}): void {
  const { finds, walk, enter = walk } = options
  const { preferences } = useApp()

  function onKeyDown(event: KeyboardEvent): void {
    const field = document.querySelector<HTMLInputElement>('input[data-find]')
    const withCommand = event.metaKey || event.ctrlKey
    if (event.key.toLowerCase() === 'f' && withCommand && !event.altKey && !event.shiftKey) {
      // pressed again in the field, it is the browser's
      if (!field || document.activeElement === field || document.querySelector('dialog[open]')) return
      field.focus()
      field.select()
      event.preventDefault()
      return
    }
    if (event.key === 'Enter' && event.target === field) {
      enter(event.shiftKey ? -1 : 1)
      event.preventDefault()
      return
    }
    if (withCommand || event.altKey || event.defaultPrevented || !finds()) return
    if (isTyping(event.target) || !preferences.value().singleKeys) return
    if (event.key === 'n' || event.key === 'N') walk(event.shiftKey ? -1 : 1)
    else if (event.key === 'p') walk(-1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  // before the keys of the whole page: `p` pins a chart there
  document.addEventListener('keydown', onKeyDown, { capture: true })
  onCleanup(() => document.removeEventListener('keydown', onKeyDown, { capture: true }))
}
