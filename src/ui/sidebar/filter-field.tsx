import { createEffect, createSignal, createUniqueId, lazy, Show } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { FollowSwitch } from '../common/follow-switch.tsx'
import { SearchField } from '../components/search-field.tsx'

// needed once somebody types, or the charts stand
const FilterAssist = lazy(async () => ({
  default: (await import('../common/filter-assist.tsx')).FilterAssist,
}))

/** The filter over the runs, what is wrong with it, and whether the charts follow it. */
export function FilterField() {
  const { runs, location, settled } = useApp()
  const errorId = createUniqueId()
  const filter = location.field('filter')
  const [input, setInput] = createSignal<HTMLInputElement>()
  const [example, setExample] = createSignal<string>()
  const [wanted, setWanted] = createSignal(false)
  createEffect(() => settled.ready() && setWanted(true))
  return (
    <>
      <div class="filter-row" onFocusIn={() => setWanted(true)}>
        <SearchField
          label="Filter runs"
          placeholder={example() === undefined ? 'Name' : `Name, or ${example()}`}
          hint="/"
          value={filter()}
          invalid={runs.filterError() !== undefined}
          describedBy={errorId}
          onInput={(text) => location.patch({ filter: text })}
          ref={setInput}
        />
        <FollowSwitch />
        <Show when={wanted() && input()}>
          {(field) => <FilterAssist input={field()} onExample={setExample} />}
        </Show>
      </div>
      <Show when={runs.filterError()}>
        <p class="filter-error" id={errorId}>
          {runs.filterError()}
        </p>
      </Show>
      <Show when={runs.filterError() === undefined && runs.filterWaits().length > 0}>
        <p class="filter-error waits">{`Waits for the rows of ${runs.filterWaits().join(', ')}`}</p>
      </Show>
    </>
  )
}
