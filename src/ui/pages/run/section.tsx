import { createSignal, type JSX, Show } from 'solid-js'
import { Icon } from '../../components/icon.tsx'
import type { Place } from './model.ts'

export interface SectionProps {
  place: Place
  title: string
  /** Beside the title: how much there is. */
  note?: string | undefined
  /** At the right of the head. */
  tools?: JSX.Element
  /** Beside the note: what belongs to the head alone. */
  beside?: JSX.Element
  children?: JSX.Element
}

/** A part of the page whose head sticks; it is a place in the link. */
export function RunSection(props: SectionProps) {
  const [open, setOpen] = createSignal(true)
  return (
    <section
      class="run-section"
      data-place={props.place}
      aria-label={props.title}
      classList={{ closed: !open() }}
    >
      <div class="run-head">
        <h2>
          <button type="button" aria-expanded={open()} onClick={() => setOpen(!open())}>
            <Icon name={open() ? 'down' : 'right'} />
            {props.title}
          </button>
        </h2>
        <Show when={props.note}>
          <em>{props.note}</em>
        </Show>
        {props.beside}
        <span class="gap" />
        <Show when={open()}>{props.tools}</Show>
      </div>
      <Show when={open()}>{props.children}</Show>
    </section>
  )
}
