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
