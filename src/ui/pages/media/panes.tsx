import type { JSX } from 'solid-js'
import type { MediaModel } from './model.ts'

export function Panes(props: { model: MediaModel; phone: boolean; bar: JSX.Element }) {
  return <section class="sheet">{props.bar}</section>
}
