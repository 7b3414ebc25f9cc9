import { createMemo, For, Show } from 'solid-js'
import { visibleName } from '../../compute/visible-name.ts'
import { Icon } from './icon.tsx'

export interface SelectOption {
  value: string
  text: string
}

export interface SelectProps {
  label: string
  value: string
  options: readonly SelectOption[]
  /** Options under a heading, after the plain ones. */
  groups?: readonly { label: string; options: readonly SelectOption[] }[]
  title?: string | undefined
  onChange(value: string): void
  /** Called before the list opens: options that are costly can be made then. */
  onOpen?(): void
}

/** A native list: it opens everywhere, also on phones, and takes thousands of entries. */
export function Select(props: SelectProps) {
  const all = createMemo(() => [...props.options, ...(props.groups ?? []).flatMap(({ options }) => options)])
  const chosen = createMemo(() => all().find(({ value }) => value === props.value))
  return (
    <span class="select" data-shown={chosen()?.text ?? props.value}>
      <select
        aria-label={props.label}
        title={props.title}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        onFocus={() => props.onOpen?.()}
        onPointerDown={() => props.onOpen?.()}
      >
        <Show when={!chosen()}>
          <option value={props.value} selected>
            {visibleName(props.value)}
          </option>
        </Show>
        <For each={props.options}>
          {(option) => (
            <option value={option.value} selected={option.value === props.value}>
              {visibleName(option.text)}
            </option>
          )}
        </For>
        <For each={props.groups}>
          {(group) => (
            <optgroup label={group.label}>
              <For each={group.options}>
                {(option) => (
                  <option value={option.value} selected={option.value === props.value}>
                    {visibleName(option.text)}
                  </option>
                )}
              </For>
            </optgroup>
          )}
        </For>
      </select>
      <Icon name="down" />
    </span>
  )
}
