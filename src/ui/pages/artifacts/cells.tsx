import type { JSX } from 'solid-js'

/* Parts of a grid whose rows are not all in the page, as a table's would have to be; the grid has the keys. */

/** A cell. */
export function Cell(props: { class: string; title?: string | undefined; children: JSX.Element }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useSemanticElements: see above
    <span role="gridcell" class={props.class} title={props.title}>
      {props.children}
    </span>
  )
}

/** The head of a column; one that sorts is a button. */
export function Head(props: {
  class: string
  sorted?: 'ascending' | 'descending' | 'none' | undefined
  onSort?: (() => void) | undefined
  children: JSX.Element
}) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: its button has the keys
    // biome-ignore lint/a11y/useSemanticElements: see above
    <span role="columnheader" aria-sort={props.sorted} class={props.class}>
      {props.onSort ? (
        <button type="button" onClick={() => props.onSort?.()}>
          {props.children}
          {props.sorted === 'ascending' ? ' ↑' : props.sorted === 'descending' ? ' ↓' : ''}
        </button>
      ) : (
        props.children
      )}
    </span>
  )
}
