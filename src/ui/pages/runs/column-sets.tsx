import { createSignal, For } from 'solid-js'
import { visibleName } from '../../../compute/visible-name.ts'
import { Icon } from '../../components/icon.tsx'
import { Popover } from '../../components/popover.tsx'
import type { RunsModel } from './model.ts'

/** Saved sets of columns as tabs; the first one is the table as it is at first. All of them are in the link. */
export function ColumnSets(props: { model: RunsModel; width: number }) {
  const { model } = props
  let panel: HTMLFormElement | undefined
  const [name, setName] = createSignal('')

  function save(event: Event): void {
    event.preventDefault()
    if (name().trim() === '') return
    model.sets.save(name())
    setName('')
    panel?.closest<HTMLElement>('[popover]')?.hidePopover()
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div
      class="column-sets"
      role="group"
      aria-label="Sets of columns"
      style={{ 'min-width': `${props.width}px` }}
    >
      <button
        type="button"
        class="column-set"
        aria-pressed={model.isStandard()}
        onClick={() => model.resetColumns()}
      >
        Overview
      </button>
      <For each={model.sets.names()}>
        {(one) => (
          <>
            <button
              type="button"
              class="column-set"
              aria-pressed={model.sets.current() === one}
              onClick={() => model.sets.choose(one)}
            >
              {visibleName(one)}
            </button>
            <button
              type="button"
              class="column-set-gone"
              aria-label={`Forget ${one}`}
              title={`Forget ${one}`}
              onClick={() => model.sets.forget(one)}
            >
              <Icon name="close" />
            </button>
          </>
        )}
      </For>
      <Popover label="Save columns as" class="column-set save" button="Save columns as…">
        <form class="column-set-form" ref={panel} onSubmit={save}>
          <label>
            Name of the set
            <div class="field">
              <input
                value={name()}
                autocomplete="off"
                spellcheck={false}
                onInput={(event) => setName(event.currentTarget.value)}
              />
            </div>
          </label>
          <p class="note">Columns and their order, kept in the link.</p>
          <button type="submit" class="button primary" disabled={name().trim() === ''}>
            Save
          </button>
        </form>
      </Popover>
    </div>
  )
}
