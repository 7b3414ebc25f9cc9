import { Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import type { TableCopy } from '../../../model/logged-table.ts'
import { useApp } from '../../../state/app.ts'
import { HitWalk } from '../../components/hit-walk.tsx'
import { MenuItems } from '../../components/menu-items.tsx'
import { Popover } from '../../components/popover.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { modified } from '../keys.ts'
import { ColumnsChooser } from './columns-chooser.tsx'
import { copyTable } from './copy-table.ts'
import type { TableModel } from './table-model.ts'

export interface FindState {
  /** Place among the hits, from 0. */
  at: number | undefined
  total: number
  walk(by: 1 | -1): void
}

/** What is looked for in a table, and the way from hit to hit. */
export function TableFind(props: { model: TableModel; find: FindState; placeholder?: string }) {
  const { model } = props
  const hits = () => {
    const { at, total } = props.find
    if (model.find() === '') return ''
    return total === 0
      ? 'none'
      : `${at === undefined ? '' : `${formatCount(at + 1)} of `}${formatCount(total)}`
  }
  return (
    <SearchField
      label="Find in the table"
      placeholder={props.placeholder ?? 'Find'}
      hint={modified('⌘F')}
      ref={(input) => input.setAttribute('data-find', '')}
      value={model.find()}
      onInput={(find) => model.set({ find })}
    >
      <Show when={model.find() !== ''}>
        <HitWalk words={hits()} none={props.find.total === 0} onWalk={(by) => props.find.walk(by)} />
      </Show>
    </SearchField>
  )
}

export function ColumnsMenu(props: { model: TableModel }) {
  const { model } = props
  return (
    <Popover
      label={`Columns, ${model.columns().length} of ${model.allColumns().length}`}
      class="text-button"
      button={
        <>
          Columns
          <Show when={model.hidden().size > 0}>
            {`, ${formatCount(model.columns().length)} of ${formatCount(model.allColumns().length)}`}
          </Show>
        </>
      }
    >
      <ColumnsChooser model={model} />
    </Popover>
  )
}

/** The rows that are shown, or those that are chosen, as text. */
export function ExportMenu(props: {
  model: TableModel
  selected: { from: number; end: number } | undefined
}) {
  const app = useApp()
  const copy = (form: TableCopy): void => void copyTable(app, props.model, form, props.selected)
  const rows = () =>
    props.selected ? formatPlural(props.selected.end - props.selected.from, 'row') : 'all rows'
  return (
    <Popover label="Export" class="text-button" role="menu" button="Export">
      <MenuItems
        items={[
          { text: `Save ${rows()} as CSV`, onSelect: () => copy('csv') },
          undefined,
          { text: `Copy ${rows()} as TSV`, note: 'for spreadsheets', onSelect: () => copy('tsv') },
          { text: `Copy ${rows()} as Markdown`, onSelect: () => copy('markdown') },
          { text: `Copy ${rows()} as LaTeX`, onSelect: () => copy('latex') },
        ]}
      />
    </Popover>
  )
}
