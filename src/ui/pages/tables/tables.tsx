import '../../styles/tables.css'
import {
  createComputed,
  createEffect,
  createMemo,
  createSignal,
  lazy,
  Match,
  on,
  onCleanup,
  Show,
  Switch,
} from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { RUN_COLUMN, STEP_COLUMN, type TableCell, type TableColumn } from '../../../model/logged-table.ts'
import { useApp } from '../../../state/app.ts'
import type { WindowRow } from '../../../state/pages/table-window.ts'
import { copyText } from '../../common/clipboard.ts'
import { DataTable, type DataTableControl } from '../../common/data-table/data-table.tsx'
import type { HeadPick } from '../../common/data-table/head.tsx'
import type { DataRow } from '../../common/data-table/line.tsx'
import { OpenedRow } from '../../common/data-table/opened-row.tsx'
import type { CellAct } from '../../common/data-table/strip.tsx'
import { isTyping } from '../../common/keys.ts'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { StepBar } from '../../common/step-bar.tsx'
import { ProgressLine } from '../../components/progress-line.tsx'
import { NoProject, useNoProject } from '../no-project.tsx'
import type { PageProps } from '../page-entry.ts'
import { copyTable } from './export.ts'
import { filterValueOf } from './filters.ts'
import { createTablesModel, type TablesModel } from './model.ts'
import { NoRows, TableFailed, TablesBlank } from './states.tsx'
import { FilterBar, TablesToolbar } from './toolbar.tsx'

const DiffView = lazy(async () => ({ default: (await import('./diff.tsx')).DiffView }))

/** Tables that runs logged: one step, all steps as one, or two of them compared. */
export function TablesPage(props: PageProps) {
  const { sources, settled, data } = useApp()
  const model = createTablesModel()
  const noProject = useNoProject()
  const diff = () => model.own().diff === 'on'

  createComputed(() => {
    const waits =
      sources.project() !== undefined &&
      data.status().kind !== 'failed' &&
      ((model.found.status().kind === 'loading' && data.status().kind === 'ready') || !model.table.ready())
    settled.setBusy('tables', waits)
  })
  onCleanup(() => settled.setBusy('tables', false))
  onCleanup(() => setPageWords(''))
  return (
    <main class="page tables" classList={{ phone: props.frame === 'phone' }}>
      <h1 class="unseen">{`Tables of ${sources.project()?.name ?? 'a project'}`}</h1>
      <Show when={!noProject()} fallback={<NoProject />}>
        <Show
          when={model.key() && model.holders().length > 0}
          fallback={
            <>
              <SourceNotices />
              <TablesBlank model={model} />
            </>
          }
        >
          <Show when={diff()} fallback={<OneTable model={model} {...props} />}>
            <DiffView model={model} phone={props.frame === 'phone'} />
          </Show>
        </Show>
      </Show>
    </main>
  )
}

function OneTable(props: PageProps & { model: TablesModel }) {
  const app = useApp()
  const { model } = props
  const { table } = model
  const [opened, setOpened] = createSignal<number>()
  const [selected, setSelected] = createSignal<{ from: number; end: number }>()
  const [hit, setHit] = createSignal<number>()
  const [control, setControl] = createSignal<DataTableControl>()
  const phone = () => props.frame === 'phone'
  const hits = () => table.view()?.hits ?? new Uint32Array(0)
  /** Which rows, in which order: of others the place of what was opened is another row's. */
  const order = createMemo(() => {
    const { key, at, filters, order: by } = table.query() ?? {}
    return JSON.stringify([key, at, filters, by])
  })
  createEffect(
    on(
      order,
      () => {
        setOpened(undefined)
        setSelected(undefined)
        control()?.toTop()
      },
      { defer: true },
    ),
  )
  // rows that come by themselves move nothing
  const found = createMemo(() => table.query()?.find ?? '')
  createEffect(
    on(found, (find) => {
      setHit(undefined)
      if (find !== '' && hits().length > 0) walk(1)
    }),
  )

  /** From the last to the first hit, and back. */
  function walk(by: 1 | -1): void {
    const n = hits().length
    if (n === 0) return
    const next = hit() === undefined ? (by > 0 ? 0 : n - 1) : ((hit() ?? 0) + by + n) % n
    setHit(next)
    control()?.goTo(hits()[next] ?? 0)
  }

  function onKeyDown(event: KeyboardEvent): void {
    const key = event.key.toLowerCase()
    const field = document.querySelector<HTMLInputElement>('.tables-toolbar input[type="search"]')
    if (key === 'f' && (event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey) {
      // pressed again in the field, it is the browser's
      if (!field || document.activeElement === field || document.querySelector('dialog[open]')) return
      field.focus()
      field.select()
      event.preventDefault()
      return
    }
    if (event.key === 'Enter' && event.target === field) {
      walk(event.shiftKey ? -1 : 1)
      event.preventDefault()
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || model.find() === '')
      return
    if (isTyping(event.target) || !app.preferences.value().singleKeys) return
    if (event.key === 'n' || event.key === 'N') walk(event.shiftKey ? -1 : 1)
    else if (event.key === 'p') walk(-1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  // before the keys of the whole page: `p` pins a chart there
  document.addEventListener('keydown', onKeyDown, { capture: true })
  onCleanup(() => document.removeEventListener('keydown', onKeyDown, { capture: true }))

  createEffect(() => {
    const view = table.view()
    if (!view) return setPageWords('')
    const rows =
      view.shown === view.rows
        ? formatPlural(view.rows, 'row')
        : `${formatCount(view.shown)} of ${formatPlural(view.rows, 'row')}`
    const work = view.took >= 1 ? [`filtered and sorted in ${formatCount(Math.round(view.took))} ms`] : []
    const partly = view.complete ? [] : ['of the rows read so far']
    setPageWords([rows, ...partly, ...work, ...view.notes].join(', '))
  })

  function drawnRow(index: number): DataRow | undefined {
    const row = table.row(index)
    return (
      row && {
        cells: row.cells,
        mark: (column) => markOf(row, column),
        warning: (column) => warningOf(row, column),
      }
    )
  }

  function markOf(row: WindowRow, column: string) {
    if (column !== RUN_COLUMN) return undefined
    const { style } = app.runs.styled(row.run) ?? {}
    return style && { color: style.color, dash: style.dash }
  }

  function warningOf(row: WindowRow, column: string): string | undefined {
    const asked = column === STEP_COLUMN ? model.askedInstead(row.step) : undefined
    return asked === undefined ? undefined : `${formatCount(row.step)}, asked ${formatCount(asked)}`
  }

  const names = createMemo(() => new Map(app.runs.all().map(({ key, name }) => [name, key])))
  function colorOf(column: string, value: string): string | undefined {
    if (column !== RUN_COLUMN) return undefined
    return app.runs.styled(names().get(value) ?? '')?.style.color
  }

  function heldOf(column: string): HeadPick | undefined {
    for (const filter of model.filters()) {
      if (filter.column !== column) continue
      if (filter.op === 'in') return { low: filter.low, high: filter.high }
      if (filter.op === '≥') return { low: filter.value, high: Infinity }
      if (filter.op === '≤') return { low: -Infinity, high: filter.value }
      if (filter.op === '=' && typeof filter.value === 'number')
        return { low: filter.value, high: filter.value }
      if (filter.op === '=' && filter.value !== null) return { value: String(filter.value) }
    }
    return undefined
  }

  function pick(column: TableColumn, held: HeadPick | undefined): void {
    const others = model
      .filters()
      .filter((one) => one.column !== column.id || one.op === '≠' || one.op === 'has')
    if (!held) return model.setFilters(others)
    if ('low' in held) return model.setFilters([...others, { column: column.id, op: 'in', ...held }])
    const value =
      column.kind === 'bool'
        ? held.value === 'true'
        : column.kind === 'number'
          ? Number(held.value)
          : held.value
    model.setFilters([...others, { column: column.id, op: '=', value }])
  }

  function act(what: CellAct, index: number, column: TableColumn): void {
    const cell: TableCell = table.row(index)?.cells.get(column.id) ?? { kind: 'none', text: '' }
    const take = (text: string): void => {
      if (what === 'copy') return void copyText(cell.kind === 'none' ? '' : text)
      const value = filterValueOf({ kind: cell.kind, text })
      if (what === 'equal') model.addFilter({ column: column.id, op: '=', value })
      else if (what === 'unequal') model.addFilter({ column: column.id, op: '≠', value })
      else if (cell.kind === 'number')
        model.addFilter({ column: column.id, op: what === 'least' ? '≥' : '≤', value: Number(text) })
    }
    if (cell.length === undefined) return take(cell.text)
    void app.jobs.run('reading the cell', column.name, async () => take(await whole(index, column, cell)))
  }

  /** Of a text that was cut for the screen, all of it. */
  async function whole(index: number, column: TableColumn, cell: TableCell): Promise<string> {
    const [query, row] = [table.query(), table.row(index)]
    if (cell.length === undefined || !query || !row) return cell.text
    const cells = await app.ask('tableRow', { ...refOf(query), place: row.place })
    return cells[table.view()?.columns.findIndex(({ id }) => id === column.id) ?? -1]?.text ?? cell.text
  }

  const openedPlace = createMemo(() => {
    const at = opened()
    return at === undefined ? undefined : table.row(at)?.place
  })
  return (
    <>
      <Show when={props.frame !== 'embed'}>
        <TablesToolbar
          model={model}
          find={{
            get at() {
              return hit()
            },
            get total() {
              return hits().length
            },
            walk,
          }}
          selected={selected()}
        />
      </Show>
      <Show when={!model.all() && model.ticks().steps.length > 1}>
        <StepBar
          ticks={model.ticks()}
          step={model.step()}
          onStep={(step) => model.set({ step: String(step) })}
          phone={phone()}
          drawn={() => app.settled.wait()}
        />
      </Show>
      <FilterBar model={model} />
      <SourceNotices />
      <Switch
        fallback={
          <section class="sheet" id="charts" tabIndex={-1} aria-label="Tables">
            <div class="tables-wait patient">
              <ProgressLine label="Table" share={undefined} words={table.progress() || 'reading the table'} />
            </div>
          </section>
        }
      >
        <Match when={table.failed()}>
          <section class="sheet" id="charts" tabIndex={-1} aria-label="Tables">
            <TableFailed model={model} />
          </section>
        </Match>
        <Match when={table.view()}>
          {(view) => (
            <DataTable
              label={model.key()?.key ?? 'Table'}
              count={view().shown}
              columns={model.columns()}
              row={drawnRow}
              look={table.look}
              withSummary={!phone()}
              summary={table.summary}
              held={heldOf}
              colorOf={colorOf}
              order={model.order()}
              onSort={model.sort}
              onPick={pick}
              widths={model.widths()}
              onWidth={model.setWidth}
              find={table.query()?.find ?? ''}
              hit={hit() === undefined ? undefined : hits()[hit() ?? 0]}
              touch={phone()}
              tall={model.isTall()}
              opened={opened()}
              onOpen={setOpened}
              openedRow={(width) => (
                <Show when={openedPlace() !== undefined && table.query()}>
                  {(query) => (
                    <OpenedRow
                      columns={view().columns}
                      read={readerOf(refOf(query()), openedPlace() ?? 0)}
                      find={query().find}
                      width={width}
                      onClose={() => setOpened(undefined)}
                    />
                  )}
                </Show>
              )}
              onAct={act}
              filters
              onCopy={(from, end) => void copyTable(app, model, 'tsv', { from, end })}
              onSelect={setSelected}
              control={setControl}
            >
              <NoRows model={model} />
            </DataTable>
          )}
        </Match>
      </Switch>
    </>
  )

  function readerOf(ref: ReturnType<typeof refOf>, place: number): () => Promise<TableCell[]> {
    return () => app.ask('tableRow', { ...ref, place })
  }
}

function refOf({
  project,
  key,
  runs,
  at,
}: {
  project: string
  key: string
  runs: string[]
  at?: { run: string; row: number }[] | undefined
}) {
  return { project, key, runs, at }
}
