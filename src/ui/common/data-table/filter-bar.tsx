import { createSignal, For, type JSX, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import type { TableFilter } from '../../../model/logged-table.ts'
import { Icon } from '../../components/icon.tsx'
import { Popover } from '../../components/popover.tsx'
import { Select } from '../../components/select.tsx'
import { columnName, filterWords } from './filters.ts'
import type { TableModel } from './table-model.ts'

/** The filters, each to be taken away, and what they leave. */
export function FilterBar(props: {
  model: TableModel
  /** What the rows are of. */
  words: string
  /** Before the filters, and at the end. */
  before?: JSX.Element
  children?: JSX.Element
}) {
  const { model } = props
  const view = () => model.table.view()
  return (
    <div class="tables-filters">
      {props.before}
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
            <span class="word">{props.words}</span>
          </span>
        )}
      </Show>
      <Show when={model.filters().length > 0}>
        <button type="button" class="link-button" onClick={() => model.clearFilters()}>
          Clear
        </button>
      </Show>
      {props.children}
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

function AddFilter(props: { model: TableModel }) {
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
