import { createMemo, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { useApp } from '../../../state/app.ts'
import { PageLink } from '../../common/page-link.tsx'
import { Icon } from '../../components/icon.tsx'
import { MenuItems } from '../../components/menu-items.tsx'
import { Popover } from '../../components/popover.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Select } from '../../components/select.tsx'
import { RUNS } from '../ids.ts'
import { STATISTIC_WORDS } from '../runs/labels.ts'
import { AddRuns } from './add-runs.tsx'
import { copy, download, type Parts, waitingFor } from './export.ts'
import { SETS, type Sets, STATISTIC_CHOICES, VALUES, type Values } from './model.ts'

const VALUE_WORDS: Record<Values, string> = {
  both: 'Both',
  value: 'Value',
  change: 'Change',
  percent: 'Percent',
}

const SET_WORDS: Record<Sets, string> = {
  all: 'all keys',
  some: 'not in all runs',
  base: 'in the baseline, not in all',
  new: 'not in the baseline',
}

/** Controls of the comparison, in one row. */
export function CompareToolbar(props: { parts: Parts; few: boolean }) {
  const { data } = useApp()
  const { parts } = props
  const { model, analysis } = parts
  const { choices } = model
  const names = createMemo(() => (data.catalogue()?.metrics ?? []).map(({ name }) => name))
  const waits = () => waitingFor(parts)
  return (
    <div class="toolbar own" role="toolbar" aria-label="Compare">
      <span class="crumb">
        <PageLink page={RUNS}>Runs</PageLink>
        <Icon name="right" />
        <b>{`Compare ${formatCount(model.columns().length)}`}</b>
      </span>
      <Show when={!props.few}>
        <SearchField
          label="Search keys and metrics"
          placeholder="Search keys and metrics"
          hint="/"
          value={choices.search()}
          onInput={(q) => choices.set({ q })}
        />
        <label class="tick-label">
          <input
            type="checkbox"
            checked={choices.differ()}
            onChange={(event) => choices.set({ differ: event.currentTarget.checked ? 'on' : '' })}
          />
          Differences only
        </label>
        <span class="control">
          <span class="word">Effect on</span>
          <Select
            label="Effect on"
            value={analysis.metric() ?? ''}
            options={names().map((value) => ({ value, text: value }))}
            onChange={(on) => choices.set({ on })}
          />
          <Select
            label="Statistic"
            value={choices.statistic()}
            options={[
              { value: '', text: 'best or last' },
              ...STATISTIC_CHOICES.map((value) => ({ value, text: STATISTIC_WORDS[value] })),
            ]}
            onChange={(by) => choices.set({ by })}
          />
        </span>
        <span class="control">
          <span class="word">Values</span>
          <Segmented
            label="Values"
            value={choices.values()}
            options={VALUES.map((value) => ({ value, text: VALUE_WORDS[value] }))}
            onChange={(values) => choices.set({ values: values === 'both' ? '' : values })}
          />
        </span>
        <Select
          label="Keys and metrics"
          value={choices.sets()}
          options={SETS.map((value) => ({ value, text: SET_WORDS[value] }))}
          onChange={(set) => choices.set({ set: set === 'all' ? '' : set })}
        />
      </Show>
      <span class="gap" />
      <Show when={!props.few}>
        <button
          type="button"
          class="text-button"
          aria-pressed={choices.turned()}
          onClick={() => choices.set({ turn: choices.turned() ? '' : 'on' })}
        >
          Transpose
        </button>
        <Popover label="Export the comparison" class="text-button" role="menu" button="Export">
          <MenuItems
            items={[
              {
                text: 'Download as CSV',
                note: waits() > 0 ? `reading ${formatCount(waits())} lines` : 'every digit',
                disabled: waits() > 0,
                onSelect: () => download(parts),
              },
              {
                text: 'Copy as Markdown',
                note: 'best in bold',
                disabled: waits() > 0,
                onSelect: () => copy(parts, 'markdown'),
              },
              {
                text: 'Copy as LaTeX',
                note: 'best in bold',
                disabled: waits() > 0,
                onSelect: () => copy(parts, 'latex'),
              },
            ]}
          />
        </Popover>
        <Popover
          label="Add runs"
          class="text-button"
          button={
            <>
              <Icon name="plus" /> Add runs
            </>
          }
        >
          <AddRuns model={model} />
        </Popover>
      </Show>
    </div>
  )
}
