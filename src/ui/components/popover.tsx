import { createSignal, createUniqueId, type JSX, onCleanup, Show } from 'solid-js'
import { firstFocusable } from './focus.ts'

export interface PopoverProps {
  label: string
  class: string
  /** What the button shows. */
  button: JSX.Element
  /** `menu`: the content is menu items, walked by arrow keys. */
  role?: 'menu' | 'dialog'
  title?: string | undefined
  /** Said after the button's name. */
  description?: string | undefined
  children: JSX.Element
}

/**
 * A button and what opens below it (above it where there is no room), flush with the edge that is nearer to
 * the window's. Esc and a click outside close it.
 */
export function Popover(props: PopoverProps) {
  const id = createUniqueId()
  const [open, setOpen] = createSignal(false)
  let button: HTMLButtonElement | undefined
  let panel: HTMLDivElement | undefined

  function place(): void {
    if (!button || !panel) return
    const at = button.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height } = panel
    const below = at.bottom + 4 + height <= window.innerHeight || at.top < height
    const left = at.left + at.right > window.innerWidth ? at.right - width : at.left
    panel.style.left = `${Math.max(8, Math.min(left, window.innerWidth - width - 8))}px`
    panel.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - height - 4)}px`
  }

  // before the first paint, and again for content that comes later
  const sized = new ResizeObserver(() => {
    place()
    if (!panel?.contains(document.activeElement)) firstFocusable(panel)?.focus()
  })
  onCleanup(() => sized.disconnect())

  function onBeforeToggle(event: ToggleEvent): void {
    // what had the focus goes with the content, or went when an entry changed it: the browser cannot give it
    // back
    const at = document.activeElement
    if (event.newState === 'closed' && (at === document.body || panel?.contains(at))) button?.focus()
    setOpen(event.newState === 'open')
    if (panel && event.newState === 'open') sized.observe(panel)
    else sized.disconnect()
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (props.role !== 'menu') return
    // the focus goes back to the button, and on from there
    if (event.key === 'Tab') panel?.hidePopover()
    const items = [...(panel?.querySelectorAll<HTMLElement>('.menu-item:not(:disabled)') ?? [])]
    const at = items.findIndex((item) => item.matches(':focus'))
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[
      event.key
    ]
    if (next === undefined || items.length === 0) return
    items[next % items.length]?.focus()
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <>
      <button
        type="button"
        ref={button}
        class={props.class}
        aria-label={props.label}
        title={props.title}
        aria-description={props.description}
        aria-haspopup={props.role ?? 'dialog'}
        aria-expanded={open()}
        popovertarget={id}
      >
        {props.button}
      </button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: its role is set below */}
      {/** biome-ignore lint/a11y/useAriaPropsSupportedByRole: its role is given at run time */}
      <div
        id={id}
        ref={panel}
        popover="auto"
        class="popover"
        role={props.role ?? 'dialog'}
        aria-label={props.label}
        onBeforeToggle={onBeforeToggle}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          if (props.role === 'menu' && event.target instanceof Element && event.target.closest('.menu-item'))
            panel?.hidePopover()
        }}
      >
        <Show when={open()}>{props.children}</Show>
      </div>
    </>
  )
}
