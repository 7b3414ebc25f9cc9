import { For, Show } from 'solid-js'
import { visibleName } from '../../compute/visible-name.ts'

export interface MenuEntry {
  text: string
  note?: string
  disabled?: boolean
  checked?: boolean
  /** With `checked`: one of several that may be on at once, or the only one; otherwise one of them is on. */
  many?: boolean
  /** It leads to a dialog. */
  dialog?: boolean
  onSelect(): void
}

/** Entries of a menu; `undefined` draws a rule. `plain`: buttons of a popover that is not a menu. */
export function MenuItems(props: { items: readonly (MenuEntry | undefined)[]; plain?: boolean | undefined }) {
  return (
    <For each={props.items}>
      {(item) => (
        <Show when={item} fallback={<hr class="menu-rule" style={{ border: 0 }} />}>
          {(entry) => (
            // biome-ignore lint/a11y/useAriaPropsSupportedByRole: its role is given at run time
            <button
              type="button"
              class="menu-item"
              role={
                props.plain
                  ? undefined
                  : entry().checked === undefined
                    ? 'menuitem'
                    : entry().many
                      ? 'menuitemcheckbox'
                      : 'menuitemradio'
              }
              aria-checked={props.plain ? undefined : entry().checked}
              aria-pressed={props.plain ? entry().checked : undefined}
              aria-haspopup={entry().dialog ? 'dialog' : undefined}
              disabled={entry().disabled}
              onClick={() => entry().onSelect()}
            >
              {visibleName(entry().text)}
              <Show when={entry().checked}>
                <span class="note" aria-hidden="true">
                  ✓
                </span>
              </Show>
              <Show when={entry().note}>
                <span class="note">{entry().note}</span>
              </Show>
            </button>
          )}
        </Show>
      )}
    </For>
  )
}

/** Entries under a heading. */
export function MenuGroup(props: {
  label: string
  items: readonly (MenuEntry | undefined)[]
  plain?: boolean | undefined
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu
    <div role="group" aria-label={props.label}>
      <div class="menu-head" aria-hidden="true">
        {props.label}
      </div>
      <MenuItems items={props.items} plain={props.plain} />
    </div>
  )
}
