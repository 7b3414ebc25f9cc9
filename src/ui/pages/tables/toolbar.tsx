import { createMemo, createSignal, For, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import type { TableCopy, TableFilter } from '../../../model/logged-table.ts'
import { useApp } from '../../../state/app.ts'
import { modified } from '../../common/keys.ts'
import { Icon } from '../../components/icon.tsx'
import { MenuItems } from '../../components/menu-items.tsx'
import { Popover } from '../../components/popover.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Select } from '../../components/select.tsx'
import { ColumnsChooser } from './columns-chooser.tsx'
import { copyTable } from './export.ts'
import { columnName, filterWords } from './filters.ts'
import type { TablesModel } from './model.ts'

export interface FindState {
  /** Place among the hits, from 0. */
  at: number | undefined
  total: number
  walk(by: 1 | -1): void
}

/** Which table, what is looked for in it, which steps; what it is copied as. */
export function TablesToolbar(props: {
  model: TablesModel
  find: FindState
  selected: { from: number; end: number } | undefined
}) {
  const app = useApp()
  const { model } = props
  const keys = createMemo(() =>
    model.keys().map(({ key, tables }) => ({ value: key, text: `${key}, ${formatCount(tables)}` })),
  )
  const hits = () => {
    const { at, total } = props.find
    if (model.find() === '') return ''
    return total === 0
      ? 'none'
      : `${at === undefined ? '' : `${formatCount(at + 1)} of `}${formatCount(total)}`
  }
  const copy = (form: TableCopy): void => void copyTable(app, model, form, props.selected)
  const rows = () =>
    props.selected ? formatPlural(props.selected.end - props.selected.from, 'row') : 'all rows'
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
      <SearchField
        label="Find in the table"
        placeholder="Find"
        hint={modified('⌘F')}
        value={model.find()}
        onInput={(find) => model.set({ find })}
      >
        <Show when={model.find() !== ''}>
          <span class="found" role="status">
            {hits()}
          </span>
          <button
            type="button"
            class="icon-button"
            aria-label="Previous hit"
            title="Previous hit: p"
            disabled={props.find.total === 0}
            onClick={() => props.find.walk(-1)}
          >
            <Icon name="left" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label="Next hit"
            title="Next hit: n"
            disabled={props.find.total === 0}
            onClick={() => props.find.walk(1)}
          >
            <Icon name="right" />
          </button>
        </Show>
      </SearchField>
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
      <button type="button" class="text-button" onClick={() => model.set({ diff: 'on' })}>
        Diff by key
      </button>
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
    </div>
  )
}

/** The filters, each to be taken away, and what they leave. */
export function FilterBar(props: { model: TablesModel }) {
  const { model } = props
  const view = () => model.table.view()
  const words = () => {
    const now = view()
    if (!now) return ''
    // at one step not every run has to have a table
    const all = model.holders().length
    const runs =
      now.runs < all ? `${formatCount(now.runs)} of ${formatPlural(all, 'run')}` : formatPlural(all, 'run')
    const parts = [now.steps > 0 ? formatPlural(now.steps, 'step') : '', runs]
    return parts.filter((part) => part !== '').join(', ')
  }
  return (
    <div class="tables-filters">
      <ul aria-label="Filters">
        <For each={model.filters()}>
          {(filter) => (
            <li class="chip">
              <span>{filterWords(filter)}</span>
              <button
                type="button"
                aria-label={`Remove ${filterWords(filter)}`}
                onClick={() => model.removeFilter(filter)}
              >
                <Icon name="close" />
              </button>
            </li>
          )}
        </For>
      </ul>
      <Popover
        label="Add a filter"
        class="text-button"
        button={
          <>
            <Icon name="plus" /> Filter
          </>
        }
      >
        <AddFilter model={model} />
      </Popover>
      <span class="gap" />
      <Show when={view()}>
        {(now) => (
          <span class="tables-counts" role="status">
            <b>{formatCount(now().shown)}</b>
            {now().shown === now().rows
              ? now().rows === 1
                ? ' row'
                : ' rows'
              : ` of ${formatPlural(now().rows, 'row')}`}
            <span class="word">{words()}</span>
          </span>
        )}
      </Show>
      <Show when={model.filters().length > 0}>
        <button type="button" class="link-button" onClick={() => model.clearFilters()}>
          Clear
        </button>
      </Show>
    </div>
  )
}

const OPS = [
  { value: 'has', text: 'has' },
  { value: '=', text: '=' },
  { value: '≠', text: '≠' },
  { value: '≥', text: '≥' },
  { value: '≤', text: '≤' },
  { value: 'null', text: 'is null' },
  { value: 'given', text: 'is not null' },
] as const

function AddFilter(props: { model: TablesModel }) {
  const { model } = props
  const [column, setColumn] = createSignal(model.columns()[0]?.id ?? '')
  const isNumber = () => model.allColumns().find(({ id }) => id === column())?.kind === 'number'
  const [op, setOp] = createSignal<string>()
  const chosen = () => op() ?? (isNumber() ? '≥' : 'has')
  const [text, setText] = createSignal('')
  const needsValue = () => chosen() !== 'null' && chosen() !== 'given'
  const wrong = () =>
    needsValue() &&
    (chosen() === '≥' || chosen() === '≤') &&
    text() !== '' &&
    !Number.isFinite(Number(text()))

  function filterOf(): TableFilter | undefined {
    const at = { column: column() }
    const value = text()
    switch (chosen()) {
      case 'null':
        return { ...at, op: '=', value: null }
      case 'given':
        return { ...at, op: '≠', value: null }
      case 'has':
        return value === '' ? undefined : { ...at, op: 'has', value }
      case '≥':
      case '≤':
        return value.trim() === '' || wrong()
          ? undefined
          : { ...at, op: chosen() as '≥' | '≤', value: Number(value) }
      default: {
        const isFlag = value === 'true' || value === 'false'
        const typed = isNumber() && value.trim() !== '' ? Number(value) : value
        const flags = model.allColumns().find(({ id }) => id === column())?.kind === 'bool'
        return { ...at, op: chosen() as '=' | '≠', value: isFlag && flags ? value === 'true' : typed }
      }
    }
  }
  return (
    <form
      class="tables-add"
      onSubmit={(event) => {
        event.preventDefault()
        const filter = filterOf()
        if (!filter) return
        model.addFilter(filter)
        event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover()
      }}
    >
      <Select
        label="Column"
        value={column()}
        options={model.allColumns().map(({ id }) => ({ value: id, text: columnName(id) }))}
        onChange={setColumn}
      />
      <Select label="Condition" value={chosen()} options={OPS} onChange={(value) => setOp(value)} />
      <Show when={needsValue()}>
        <span class="field" classList={{ invalid: wrong() }}>
          <input
            type="text"
            aria-label="Value"
            aria-invalid={wrong() ? true : undefined}
            autocomplete="off"
            value={text()}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </span>
      </Show>
      <Show when={wrong()}>
        <span class="data-note">a number is needed</span>
      </Show>
      <button type="submit" class="button" disabled={filterOf() === undefined}>
        Add
      </button>
    </form>
  )
}
