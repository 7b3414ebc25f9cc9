import { createMemo, createSignal, lazy, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { useApp } from '../../../state/app.ts'
import { FollowSwitch } from '../../common/follow-switch.tsx'
import { MenuItems } from '../../components/menu-items.tsx'
import { Popover } from '../../components/popover.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { CompareLink } from '../compare/compare-link.tsx'
import { ColumnChooser } from './column-chooser.tsx'
import { copy, download } from './export.ts'
import type { RunsModel } from './model.ts'
import { TableControls } from './table-controls.tsx'

const FilterAssist = lazy(async () => ({
  default: (await import('../../common/filter-assist.tsx')).FilterAssist,
}))

/** Controls of the Runs page, in one row. */
export function RunsToolbar(props: { model: RunsModel; phone: boolean }) {
  const { model } = props
  const app = useApp()
  const { runs } = app
  const [input, setInput] = createSignal<HTMLInputElement>()
  const [example, setExample] = createSignal<string>()
  const [wanted, setWanted] = createSignal(false)
  /** The selected runs; without a selection, those that charts show. */
  const compared = createMemo(() => {
    const picked = model.selection.keys()
    return picked.length > 0 ? picked : runs.shown().map(({ key }) => key)
  })
  return (
    <div class="toolbar own" role="toolbar" aria-label="Runs">
      <div class="filter-row runs-filter" onFocusIn={() => setWanted(true)}>
        <SearchField
          label="Filter runs"
          placeholder={example() === undefined ? 'Name' : `Name, or ${example()}`}
          hint="/"
          value={model.filter()}
          invalid={runs.filterError() !== undefined}
          describedBy="runs-filter-error"
          onInput={model.setFilter}
          ref={setInput}
        >
          <span class="found">{`${formatCount(model.found())} of ${formatCount(model.all().length)}`}</span>
        </SearchField>
        <Show when={wanted() && input()}>
          {(field) => <FilterAssist input={field()} onExample={setExample} />}
        </Show>
      </div>
      <div class="runs-controls">
        <Show when={model.view() === 'table'} fallback={<span class="plot-slot" ref={model.setSlot} />}>
          <FollowSwitch />
          {/* a phone has the others in the bar below the table */}
          <Show when={!props.phone}>
            <TableControls model={model} />
          </Show>
        </Show>
        <span class="gap" />
        <span class="control">
          <span class="word">View</span>
          <Segmented
            label="View"
            value={model.view()}
            options={[
              { value: 'table', text: 'Table' },
              { value: 'parallel', text: 'Parallel' },
              { value: 'scatter', text: 'Scatter' },
            ]}
            onChange={model.setView}
          />
        </span>
        <Show when={model.view() === 'table' && !props.phone}>
          <Popover
            label={`Columns ${formatCount(model.columns().length)}`}
            class="text-button"
            button={
              <>
                Columns <span class="found">{formatCount(model.columns().length)}</span>
              </>
            }
          >
            <ColumnChooser model={model} />
          </Popover>
        </Show>
        <Show when={model.view() === 'table'}>
          <Popover label="Export the table" class="text-button" role="menu" button="Export">
            <MenuItems
              items={[
                { text: 'Download as CSV', onSelect: () => download(model, app) },
                {
                  text: 'Copy as Markdown',
                  note: 'best in bold',
                  onSelect: () => copy(model, 'markdown', app),
                },
                { text: 'Copy as LaTeX', note: 'best in bold', onSelect: () => copy(model, 'latex', app) },
                { text: 'Copy as TSV', note: 'for a spreadsheet', onSelect: () => copy(model, 'tsv', app) },
              ]}
            />
          </Popover>
        </Show>
        <Show when={model.view() === 'table'}>
          <CompareLink keys={compared()} />
        </Show>
      </div>
      <Show when={runs.filterError()}>
        {(error) => (
          <p class="filter-error" id="runs-filter-error">
            {error()}
          </p>
        )}
      </Show>
    </div>
  )
}
