import { createMemo, Show } from 'solid-js'
import { fileName } from '../../../compute/file-name.ts'
import { formatCount, formatValue } from '../../../compute/number.ts'
import { type TableForm, type TextTable, tableText } from '../../../compute/table-text.ts'
import { formatGroup, parseGroup } from '../../../state/address/link-values.ts'
import { useApp } from '../../../state/app.ts'
import { save } from '../../../state/base/save.ts'
import { copyText } from '../../common/clipboard.ts'
import { MenuItems } from '../../components/menu-items.tsx'
import { Popover } from '../../components/popover.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Select } from '../../components/select.tsx'
import { cellText, valueText } from './cells.ts'
import { ColumnChooser } from './column-chooser.tsx'
import { labelOf, type RunsModel } from './model.ts'

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
    new Blob([tableText(textOf(model), form)], { type: 'text/csv' }),
    fileName([model.projectName(), 'runs'], 'csv'),
  )
}

function copy(model: RunsModel, form: TableForm): void {
  void copyText(tableText(textOf(model), form))
}

/** The lines as they stand, with all columns; numbers of runs as they are, those of groups as means. */
function textOf(model: RunsModel): TextTable {
  const columns = model.columns()
  const lines = model.lines()
  const zone = 'utc'
  return {
    head: [
      'Run',
      ...columns.map(({ spec }) => (spec.kind === 'metric' ? `${spec.by}(${spec.metric})` : labelOf(spec))),
    ],
    numbers: [false, ...columns.map((column) => column.data()?.kind !== 'text')],
    rows: lines.map((line) => [
      line.kind === 'group' ? line.label : (model.all()[line.run]?.name ?? ''),
      ...columns.map((column) => {
        const data = column.data()
        if (!data) return ''
        if (line.kind === 'run') {
          // every digit of a number
          if (data.kind === 'number') return data.has[line.run] ? String(data.values[line.run]) : ''
          if (data.kind === 'time')
            return data.has[line.run] ? new Date(data.values[line.run]!).toISOString() : ''
          return cellText(column.spec, data, line.run, zone)
        }
        const spread = model.spread(column, line.runs)
        if (column.spec.kind !== 'metric' || !spread) {
          const each = new Set(line.runs.map((run) => cellText(column.spec, data, run, zone)))
          return each.size === 1 ? ([...each][0] ?? '') : ''
        }
        if (spread.n === 0 || data.kind === 'text') return ''
        const mean = valueText(column.spec, data.kind, spread.mean, zone)
        return Number.isNaN(spread.half) ? mean : `${mean} ± ${formatValue(spread.half, 2)}`
      }),
    ]),
    bold(row, column) {
      const [line, of] = [lines[row], columns[column - 1]]
      if (!line || !of) return false
      const best = model.best(of)
      return line.kind === 'run' ? best.run === line.run : best.group === line.id
    },
  }
}
