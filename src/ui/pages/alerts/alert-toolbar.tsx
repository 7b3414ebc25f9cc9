import { createMemo, Show } from 'solid-js'
import { LEVEL_WORDS } from '../../../compute/alert-list.ts'
import { formatCount } from '../../../compute/number.ts'
import { ALERT_LEVELS } from '../../../model/alert.ts'
import { useApp } from '../../../state/app.ts'
import { SearchField } from '../../components/search-field.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Select } from '../../components/select.tsx'
import type { AlertList } from './list.ts'

/** Controls of the Alerts page, in one row. */
export function AlertsToolbar(props: { list: AlertList }) {
  const { runs } = useApp()
  const list = () => props.list
  const levels = createMemo(() => {
    const counts = list().counts()
    const each = ALERT_LEVELS.map((value) => ({
      value,
      text: `${LEVEL_WORDS[value]} ${formatCount(counts[value])}`,
    }))
    return [{ value: '', text: `All ${formatCount(list().ofAnyLevel().length)}` }, ...each]
  })
  /** Runs that warned of something, by key; those that are not listed by name. */
  const warned = createMemo(() => {
    const found = new Map<string, string>()
    for (const { run, runName } of list().all()) found.set(run ?? runName, runName)
    return [...found].map(([key, name]) => ({ value: `r:${key}`, text: name }))
  })
  const options = createMemo(() => [
    { value: '', text: `all ${formatCount(runs.all().length)}` },
    { value: 'shown', text: `shown only, ${formatCount(runs.shownCount())}` },
    ...warned(),
  ])
  const chosen = () =>
    list().filter().shown ? 'shown' : list().filter().run === undefined ? '' : `r:${list().filter().run}`
  return (
    <div class="toolbar own" role="toolbar" aria-label="Alerts">
      <SearchField
        label="Search alerts"
        placeholder="Title, text, or step > 500"
        hint="/"
        value={list().filter().text}
        onInput={(q) => list().set({ q })}
      >
        <Show when={list().filter().text !== ''}>
          <span class="found">{formatCount(list().ofAnyLevel().length)}</span>
        </Show>
      </SearchField>
      <span class="control">
        <span class="word">Level</span>
        <Segmented
          label="Level"
          value={list().filter().level ?? ''}
          options={levels()}
          onChange={(level) => list().set({ level })}
        />
      </span>
      <span class="control">
        Runs
        <Select
          label="Runs"
          value={chosen()}
          options={options()}
          onChange={(value) =>
            list().set({
              only: value === 'shown' ? value : '',
              run: value.startsWith('r:') ? value.slice(2) : '',
            })
          }
        />
      </span>
      <button
        type="button"
        class="fold"
        role="switch"
        aria-checked={list().folded()}
        title="One line for all alerts of a run with the same level and title"
        onClick={() => list().set({ fold: list().folded() ? 'off' : '' })}
      >
        <span class="tri" aria-hidden="true" />
        Fold repeats
      </button>
      <span class="gap" />
      <button
        type="button"
        class="text-button"
        title="Save what is listed as CSV"
        disabled={list().rows().length === 0}
        onClick={() => list().download()}
      >
        Export
      </button>
      <Show when={list().steps(list().selected())}>
        <button
          type="button"
          class="link-button"
          title="Enter"
          onClick={() => list().showOnCharts(list().selected())}
        >
          Show on charts
        </button>
      </Show>
    </div>
  )
}
