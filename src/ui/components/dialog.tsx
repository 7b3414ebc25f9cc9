import '../styles/dialog.css'
import { type JSX, onCleanup, onMount, Show } from 'solid-js'
import { Icon } from './icon.tsx'

export interface DialogProps {
  label: string
  /** `dialog`: a sheet in the middle; `bottom-sheet`: from below, for phones. */
  class: string
  title?: string | undefined
  onClose(): void
  children: JSX.Element
}

/**
 * A modal dialog, open as long as it is mounted. The browser traps the focus, puts it on what has
 * `autofocus`, and gives it back; where a menu that is closed by now led here, the menu's button takes it.
 */
export function Dialog(props: DialogProps) {
  let dialog: HTMLDialogElement | undefined
  const menu = document.activeElement?.closest('[popover]')?.id
  onMount(() => dialog?.showModal())
  onCleanup(() => {
    dialog?.close()
    const at = document.activeElement
    if (menu && (at === document.body || dialog?.contains(at)))
      document.querySelector<HTMLElement>(`[popovertarget="${menu}"]`)?.focus()
  })
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes a dialog by itself
    <dialog
      ref={dialog}
      class={props.class}
      aria-label={props.label}
      onClose={() => props.onClose()}
      onClick={(event) => {
        if (event.target === dialog) dialog?.close() // the backdrop belongs to the dialog
      }}
    >
      <Show when={props.title}>
        <div class="dialog-head">
          <h2 class="gap">{props.title}</h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={() => dialog?.close()}>
            <Icon name="close" />
          </button>
        </div>
      </Show>
      {props.children}
    </dialog>
  )
}
