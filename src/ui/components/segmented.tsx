import { For } from 'solid-js'

export interface SegmentedProps<T extends string | number> {
  label: string
  /** `text` is drawn; `name` is read out, and must contain it. */
  options: readonly { value: T; text: string; name?: string | undefined; title?: string | undefined }[]
  value: T
  onChange(value: T): void
}

/** One of a few: a radio group in a row, walked by the arrow keys. */
export function Segmented<T extends string | number>(props: SegmentedProps<T>) {
  let root: HTMLDivElement | undefined

  function onKeyDown(event: KeyboardEvent): void {
    const step =
      event.key === 'ArrowRight' || event.key === 'ArrowDown'
        ? 1
        : event.key === 'ArrowLeft' || event.key === 'ArrowUp'
          ? -1
          : 0
    if (step === 0) return
    event.preventDefault()
    event.stopPropagation()
    const { options } = props
    const at = options.findIndex(({ value }) => value === props.value)
    const next = options[(at + step + options.length) % options.length]
    if (!next) return
    props.onChange(next.value)
    root?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus()
  }

  return (
    <div class="segmented" role="radiogroup" aria-label={props.label} ref={root} onKeyDown={onKeyDown}>
      <For each={props.options}>
        {(option, i) => (
          // biome-ignore lint/a11y/useSemanticElements: a native radio cannot be drawn as a segment
          <button
            type="button"
            role="radio"
            aria-checked={option.value === props.value}
            aria-label={option.name}
            title={option.title}
            tabIndex={
              option.value === props.value ||
              (i() === 0 && !props.options.some(({ value }) => value === props.value))
                ? 0
                : -1
            }
            onClick={() => props.onChange(option.value)}
          >
            {option.text}
          </button>
        )}
      </For>
    </div>
  )
}
