import { createMemo, For, type JSX, Show } from 'solid-js'
import { useSettings } from './model.ts'
import { SECTIONS, SETTINGS, type SectionId, type SettingId } from './settings-list.ts'

/** A section: its name and what it is about, and rows beside it. */
export function Block(props: { of: SectionId; children: JSX.Element }) {
  const model = useSettings()
  const about = () => SECTIONS.find(({ id }) => id === props.of)
  const shown = createMemo(() => model.sections().some(({ id }) => id === props.of))
  return (
    <section
      class="set-block"
      id={`set-${props.of}`}
      aria-labelledby={`set-${props.of}-title`}
      hidden={!shown()}
    >
      <div class="set-title">
        <h2 id={`set-${props.of}-title`} tabIndex={-1}>
          {about()?.title}
        </h2>
        <p>{about()?.note}</p>
      </div>
      <div class="set-rows">{props.children}</div>
    </section>
  )
}

export interface RowProps {
  of: SettingId
  /** Words beside the control. */
  note?: JSX.Element
  /** Takes a choice back; there where one was made. */
  reset?: (() => void) | undefined
  /** At the end of the row: what can be done. */
  acts?: JSX.Element
  /** What is under the row, over the whole width. */
  below?: JSX.Element
  children?: JSX.Element
}

/** One setting: its name, its control, words, and how to take it back. */
export function Row(props: RowProps) {
  const model = useSettings()
  const name = () => SETTINGS[props.of][1]
  return (
    <div class="set-row" id={`set-row-${props.of}`} hidden={!model.isFound(props.of)}>
      <span class="set-name">{name()}</span>
      <div class="set-value">
        {props.children}
        <Show when={props.note}>
          <span class="set-note">{props.note}</span>
        </Show>
        <span class="gap" />
        <Show when={props.reset}>
          {(reset) => (
            <button
              type="button"
              class="link-button"
              aria-label={`Reset ${name()}`}
              onClick={(event) => {
                // the button goes with what it takes back
                const row = event.currentTarget.closest('.set-row')
                reset()()
                row?.querySelector<HTMLElement>('[tabindex="0"], select, input, button')?.focus()
              }}
            >
              Reset
            </button>
          )}
        </Show>
        {props.acts}
      </div>
      <Show when={props.below}>
        <div class="set-below">{props.below}</div>
      </Show>
    </div>
  )
}

/** A grey bar in parts, with their words below. */
export function Bar(props: {
  label: string
  parts: readonly { words: string; bytes: number }[]
  of: number
}) {
  const share = (bytes: number) => `${(100 * bytes) / Math.max(1, props.of)}%`
  return (
    <span class="set-bar" role="img" aria-label={props.label}>
      <For each={props.parts}>{({ bytes }) => <i style={{ width: share(bytes) }} />}</For>
    </span>
  )
}
