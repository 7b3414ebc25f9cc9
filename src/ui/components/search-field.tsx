import { type JSX, Show } from 'solid-js'
import { Icon } from './icon.tsx'

export interface SearchFieldProps {
  label: string
  placeholder: string
  value: string
  onInput(value: string): void
  invalid?: boolean
  /** Id of the words that say what is wrong. */
  describedBy?: string
  hint?: string | undefined
  /** The field itself, for what comes later. */
  ref?(input: HTMLInputElement): void
  children?: JSX.Element
}

export function SearchField(props: SearchFieldProps) {
  return (
    <div class="field" classList={{ invalid: props.invalid }}>
      <Icon name="search" />
      <input
        ref={(input) => props.ref?.(input)}
        type="search"
        aria-label={props.label}
        aria-invalid={props.invalid ? true : undefined}
        aria-describedby={props.invalid ? props.describedBy : undefined}
        placeholder={props.placeholder}
        value={props.value}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          if (props.value === '') event.currentTarget.blur()
          else props.onInput('')
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      <Show when={props.hint && props.value === ''}>
        {/** biome-ignore lint/a11y/noAriaHiddenOnFocusable: a hint for the eye; nothing to focus */}
        <kbd aria-hidden="true">{props.hint}</kbd>
      </Show>
      {props.children}
    </div>
  )
}
