import '../styles/slot-picker.css'
import { For } from 'solid-js'
import { slotStyle } from '../../compute/color.ts'
import { Swatch } from '../components/swatch.tsx'

const SLOTS = Array.from({ length: 20 }, (_, slot) => slot)

/** Sets a run's style by hand: ten colours, solid and dashed. */
export function SlotPicker(props: { slot: number; onPick(slot: number | undefined): void }) {
  return (
    <>
      <div class="menu-head">Colour</div>
      <div class="palette-grid" role="radiogroup" aria-label="Colour">
        <For each={SLOTS}>
          {(slot) => (
            // biome-ignore lint/a11y/useSemanticElements: drawn as a swatch
            <button
              type="button"
              role="radio"
              aria-checked={slot === props.slot}
              aria-label={`Style ${slot + 1}`}
              onClick={() => props.onPick(slot)}
            >
              <Swatch
                color={`var(--run-${slotStyle(slot).color})`}
                dash={slotStyle(slot).dash}
                on={slot === props.slot}
              />
            </button>
          )}
        </For>
      </div>
      <button type="button" class="menu-item" onClick={() => props.onPick(undefined)}>
        Own colour again
      </button>
    </>
  )
}
