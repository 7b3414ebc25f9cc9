import {
  createEffect,
  createMemo,
  createSignal,
  type JSX,
  Match,
  on,
  onCleanup,
  Show,
  Switch,
} from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { TableCell, TableColumn, TableRef } from '../../../model/logged-table.ts'
import { useApp } from '../../../state/app.ts'
import type { WindowRow } from '../../../state/pages/table-window.ts'
import { ProgressLine } from '../../components/progress-line.tsx'
import { copyText } from '../clipboard.ts'
import { createHitKeys } from '../find-key.ts'
import { setPageWords } from '../page-words.ts'
import { copyTable } from './copy-table.ts'
import { DataTable, type DataTableControl } from './data-table.tsx'
import { filterValueOf } from './filters.ts'
import type { HeadPick } from './head.tsx'
import type { DataRow } from './line.tsx'
import { OpenedRow } from './opened-row.tsx'
import type { CellAct } from './strip.tsx'
import type { TableModel } from './table-model.ts'
import type { FindState } from './table-tools.tsx'

export interface TableSheetProps {
  model: TableModel
  /** What it is called, and the sheet around it. */
  label: string
  name: string
  phone: boolean
  /** Marks and warnings in cells, and colours of values. */
  drawn?(row: WindowRow): Pick<DataRow, 'mark' | 'warning'>
  colorOf?(column: string, value: string): string | undefined
  /** Above the rows, with the way through the hits and the rows that are chosen. */
  tools(find: FindState, selected: { from: number; end: number } | undefined): JSX.Element
}

/** A table with all that is done with it: rows opened, cells that filter, hits walked, rows copied. */
export function TableSheet(props: TableSheetProps) {
  const app = useApp()
  const { model } = props
  const { table } = model
  const [opened, setOpened] = createSignal<number>()
  const [selected, setSelected] = createSignal<{ from: number; end: number }>()
  const [hit, setHit] = createSignal<number>()
  const [control, setControl] = createSignal<DataTableControl>()
  const hits = () => table.view()?.hits ?? new Uint32Array(0)
  /** Which rows, in which order: of others the place of what was opened is another row's. */
  const order = createMemo(() => {
    const { key, at, file, filters, order: by } = table.query() ?? {}
    return JSON.stringify([key, at, file?.of, file?.table, filters, by])
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

  createHitKeys({ finds: () => model.find() !== '', walk })

  onCleanup(() => setPageWords(''))
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
    return row && { cells: row.cells, ...props.drawn?.(row) }
  }

  function heldOf(column: string): HeadPick | undefined {
    for (const filter of model.filters()) {
      if (filter.column !== column) continue
      if (filter.op === 'in')
        return { low: filter.low, high: filter.high, ...(filter.below && { below: true }) }
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
      {props.tools(
        {
          get at() {
            return hit()
          },
          get total() {
            return hits().length
          },
          walk,
        },
        selected(),
      )}
      <Switch
        fallback={
          <section class="sheet" id="charts" tabIndex={-1} aria-label={props.name}>
            <div class="tables-wait patient">
              <ProgressLine label="Table" share={undefined} words={table.progress() || 'reading the table'} />
              <p class="data-note">{table.progress()}</p>
            </div>
          </section>
        }
      >
        <Match when={table.failed()}>
          <section class="sheet" id="charts" tabIndex={-1} aria-label={props.name}>
            <TableFailed model={model} label={props.label} />
          </section>
        </Match>
        <Match when={table.view()}>
          {(view) => (
            <DataTable
              label={props.label}
              count={view().shown}
              columns={model.columns()}
              row={drawnRow}
              look={table.look}
              withSummary={!props.phone}
              summary={table.summary}
              held={heldOf}
              colorOf={props.colorOf}
              order={model.order()}
              onSort={model.sort}
              onPick={pick}
              widths={model.widths()}
              onWidth={model.setWidth}
              find={table.query()?.find ?? ''}
              hit={hit() === undefined ? undefined : hits()[hit() ?? 0]}
              touch={props.phone}
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

  function readerOf(ref: TableRef, place: number): () => Promise<TableCell[]> {
    return () => app.ask('tableRow', { ...ref, place })
  }
}

function refOf({ project, key, runs, at, file }: TableRef): TableRef {
  return { project, key, runs, at, file }
}

/** Under the heads, where no row is shown. */
function NoRows(props: { model: TableModel }) {
  const { model } = props
  return (
    <div class="blank tables-none" role="status">
      <Show
        when={model.filters().length > 0}
        fallback={
          <>
            <h2>No rows</h2>
            <p>{(model.table.view()?.notes ?? []).join('; ') || 'This table holds none.'}</p>
          </>
        }
      >
        <h2>No row matches</h2>
        <button type="button" class="link-button" onClick={() => model.clearFilters()}>
          Clear filters
        </button>
      </Show>
    </div>
  )
}

function TableFailed(props: { model: TableModel; label: string }) {
  return (
    <Show when={props.model.table.failed()}>
      {(notice) => (
        <div class="blank" role="alert">
          <h2>{`Could not read ${visibleName(props.label)}`}</h2>
          <pre>{`${notice().subject}: ${notice().text}`}</pre>
          <Show when={notice().action}>
            <p>{notice().action}</p>
          </Show>
          <button type="button" class="button" onClick={() => props.model.table.retry()}>
            Retry
          </button>
        </div>
      )}
    </Show>
  )
}
