import { createUniqueId } from 'solid-js'

export type TriValue = boolean | 'mixed'

/** A tri-state box. */
export function TriState(props: { label: string; value: TriValue; onChange(on: boolean): void }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: the third state is drawn, not only a property
    <button
      type="button"
      class="tri"
      role="checkbox"
      aria-label={props.label}
      aria-checked={props.value}
      onClick={() => props.onChange(props.value !== true)}
    />
  )
}

/** On or off, with its words at the left. */
export function Switch(props: { label: string; value: boolean; onChange(on: boolean): void; title?: string }) {
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
