import '../styles/switch.css'
import { createUniqueId } from 'solid-js'

/** On or off, with its words at the left. */
export function Switch(props: {
  label: string
  value: boolean
  onChange(on: boolean): void
  title?: string | undefined
}) {
  const id = createUniqueId()
  return (
    <div class="check-row" title={props.title}>
      <span id={id}>{props.label}</span>
      <button
        type="button"
        class="switch"
        role="switch"
        aria-labelledby={id}
        aria-checked={props.value}
        onClick={() => props.onChange(!props.value)}
      />
    </div>
  )
}
