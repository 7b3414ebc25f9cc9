import { For, type JSX, Show } from 'solid-js'

/** A table of a section: by project, figures in most columns, and in the last one what can be done with a row. */
export function Table(props: {
  label: string
  heads: readonly { text: string; number?: boolean }[]
  /** What the last column does. */
  act: string
  /** Nothing in it need have the focus: the box takes it, to be scrolled by keys. */
  focusable?: boolean
  /** Rows. */
  children: JSX.Element
}) {
  const table = () => (
    <table class="set-table" aria-label={props.label}>
      <thead>
        <tr>
          <For each={props.heads}>
            {({ text, number }) => (
              <th scope="col" class={number ? 'number' : undefined}>
                {text}
              </th>
            )}
          </For>
          <th scope="col">
            <span class="unseen">{props.act}</span>
          </th>
        </tr>
      </thead>
      <tbody>{props.children}</tbody>
    </table>
  )
  return (
    <Show when={props.focusable} fallback={<div class="set-table-box">{table()}</div>}>
      {/* biome-ignore lint/a11y/useSemanticElements: a scrolling box, neither a fieldset nor a section of the page */}
      <div class="set-table-box" tabindex="0" role="group" aria-label={props.label}>
        {table()}
      </div>
    </Show>
  )
}
