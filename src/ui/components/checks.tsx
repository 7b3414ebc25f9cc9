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
