import { createMemo } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { ColumnsMenu, ExportMenu, type FindState, TableFind } from '../../common/data-table/table-tools.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Select } from '../../components/select.tsx'
import type { TablesModel } from './model.ts'

/** Which table, what is looked for in it, which steps; what it is copied as. */
export function TablesToolbar(props: {
  model: TablesModel
  find: FindState
  selected: { from: number; end: number } | undefined
}) {
  const { model } = props
  const keys = createMemo(() =>
    model.keys().map(({ key, tables }) => ({ value: key, text: `${key}, ${formatCount(tables)}` })),
  )
  return (
    <div class="toolbar own tables-toolbar" role="toolbar" aria-label="Tables">
      <span class="control tables-key">
        <Select
          label="Table"
          value={model.key()?.key ?? ''}
          options={keys()}
          onChange={(key) => model.set({ key, filters: '', sort: '', find: '', hide: '', step: '' })}
        />
      </span>
      <TableFind model={model} find={props.find} />
      <span class="control">
        <span class="word">Steps</span>
        <Segmented
          label="Steps"
          value={model.all() ? 'all' : 'one'}
          options={[
            { value: 'one', text: 'One' },
            { value: 'all', text: 'All', title: 'All steps as one long table' },
          ]}
          onChange={(steps) => model.set({ steps: steps === 'one' ? '' : steps })}
        />
      </span>
      <span class="control">
        <span class="word">Rows</span>
        <Segmented
          label="Rows"
          value={model.isTall() ? 'tall' : 'short'}
          options={[
            { value: 'short', text: 'Short' },
            { value: 'tall', text: 'Tall' },
          ]}
          onChange={(height) => model.set({ rows: height === 'tall' ? height : '' })}
        />
      </span>
      <span class="gap" />
      <ColumnsMenu model={model} />
      <button type="button" class="text-button" onClick={() => model.set({ diff: 'on' })}>
        Diff by key
      </button>
      <ExportMenu model={model} selected={props.selected} />
    </div>
  )
}

/** What the rows of the table are of. */
export function ofWords(model: TablesModel): string {
  const now = model.table.view()
  if (!now) return ''
  // at one step not every run has to have a table
  const all = model.holders().length
  const runs =
    now.runs < all ? `${formatCount(now.runs)} of ${formatPlural(all, 'run')}` : formatPlural(all, 'run')
  const parts = [now.steps > 0 ? formatPlural(now.steps, 'step') : '', runs]
  return parts.filter((part) => part !== '').join(', ')
}
