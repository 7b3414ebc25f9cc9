import { createMemo, Show } from 'solid-js'
import { fileName } from '../../../compute/file-name.ts'
import { formatCount } from '../../../compute/number.ts'
import { type TableForm, tableText } from '../../../compute/table-text.ts'
import { formatGroup, parseGroup } from '../../../state/address/link-values.ts'
import { useApp } from '../../../state/app.ts'
import { save } from '../../../state/base/save.ts'
import { copyText } from '../../common/clipboard.ts'
import { MenuItems, Popover } from '../../components/popover.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Select } from '../../components/select.tsx'
import { ColumnChooser } from './column-chooser.tsx'
import type { RunsModel } from './model.ts'
import { textTableOf } from './table-text-of.ts'

/** Controls of the Runs page, in one row. */
export function RunsToolbar(props: { model: RunsModel }) {
  const { model } = props
  const { runs, location } = useApp()
  const group = location.field('group')
  const keys = createMemo(() => model.varying().map(({ path }) => ({ value: `config:${path}`, text: path })))
  return (
    <div class="toolbar own" role="toolbar" aria-label="Runs">
      <SearchField
        label="Filter runs"
        placeholder="Name, or learning_rate < 1e-4"
        hint="/"
        value={model.filter()}
        invalid={runs.filterError() !== undefined}
        describedBy="runs-filter-error"
        onInput={model.setFilter}
      >
        <span class="found">{`${formatCount(model.listed().length)} of ${formatCount(model.all().length)}`}</span>
      </SearchField>
      <span class="control">
        <span class="word">Group</span>
        <Select
          label="Group runs"
          value={formatGroup(group())}
          options={[
            { value: 'none', text: 'none' },
            { value: 'seeds', text: 'all keys but seed' },
            { value: 'group', text: 'group' },
          ]}
          groups={[{ label: 'Config', options: keys() }]}
          onChange={(value) => {
            const next = parseGroup(value)
            if (next) location.patch({ group: next })
          }}
        />
      </span>
      <span class="gap" />
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
      <Popover label="Export the table" class="text-button" role="menu" button="Export">
        <MenuItems
          items={[
            { text: 'Download as CSV', onSelect: () => download(model, 'csv') },
            { text: 'Copy as Markdown', note: 'best in bold', onSelect: () => copy(model, 'markdown') },
            { text: 'Copy as LaTeX', note: 'best in bold', onSelect: () => copy(model, 'latex') },
            { text: 'Copy as TSV', note: 'for a spreadsheet', onSelect: () => copy(model, 'tsv') },
          ]}
        />
      </Popover>
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

function download(model: RunsModel, form: TableForm): void {
  save(
    new Blob([tableText(textTableOf(model, model.lines(), model.columns()), form)], { type: 'text/csv' }),
    fileName([model.projectName(), 'runs'], 'csv'),
  )
}

function copy(model: RunsModel, form: TableForm): void {
  void copyText(tableText(textTableOf(model, model.lines(), model.columns()), form))
}
