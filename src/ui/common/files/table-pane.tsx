import { createComputed, createMemo, createSignal, onCleanup, Show } from 'solid-js'
import { formatBytes, formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { FileLook, FileRef } from '../../../model/file.ts'
import type { TableFileKind, TableRef } from '../../../model/logged-table.ts'
import type { Own } from '../../../state/address/link.ts'
import { useApp } from '../../../state/app.ts'
import { Select } from '../../components/select.tsx'
import { FilterBar } from '../data-table/filter-bar.tsx'
import { createTableModel, type TableModel } from '../data-table/table-model.ts'
import { TableSheet } from '../data-table/table-sheet.tsx'
import { ColumnsMenu, ExportMenu, TableFind } from '../data-table/table-tools.tsx'
import { FileFacts } from './file-facts.tsx'

export interface TablePaneProps {
  file: FileRef
  look: FileLook
  name: string
  as: TableFileKind
  own: Own
  set(change: Own): void
  phone: boolean
}

/** Rows of a file in the table that runs' tables are in. */
export function TablePane(props: TablePaneProps) {
  const { settled } = useApp()
  const { file, look, name, as } = props
  const [all, setAll] = createSignal(false)
  const tables = createMemo(() => (look.header?.kind === 'sqlite' ? look.header.tables : []))
  /** The one of the link, else the first that a person made. */
  const table = createMemo(() => {
    const asked = tables().find((one) => one.name === props.own.table)
    return asked ?? tables().find((one) => !one.name.startsWith('sqlite_')) ?? tables()[0]
  })
  const model = createTableModel({
    own: () => props.own,
    set: props.set,
    ref: (): TableRef | undefined => {
      const chosen = table()?.name
      if (as === 'sqlite' && chosen === undefined) return undefined
      const key = chosen === undefined ? name : `${name}: ${chosen}`
      return { project: file.project, key, runs: [], file: { of: file, as, table: chosen, all: all() } }
    },
    version: () => undefined,
  })
  createComputed(() => settled.setBusy('file-table', !model.table.ready()))
  onCleanup(() => settled.setBusy('file-table', false))
  return (
    <Show
      when={as !== 'sqlite' || table()}
      fallback={
        <div class="blank" role="status">
          <h2>No tables</h2>
          <p>This database has none.</p>
        </div>
      }
    >
      <TableSheet
        model={model}
        label={table() ? `${name}: ${table()?.name}` : name}
        name={name}
        phone={props.phone}
        tools={(find, selected) => (
          <>
            <FilterBar
              model={model}
              words={wordsOf(model)}
              before={
                <>
                  <Show when={as === 'sqlite'}>
                    <Select
                      label="Table"
                      value={table()?.name ?? ''}
                      options={tables().map((one) => ({
                        value: one.name,
                        text: `${visibleName(one.name)}${one.view ? ' (view)' : ''}`,
                      }))}
                      onChange={(chosen) =>
                        props.set({ table: chosen, filters: '', sort: '', find: '', hide: '' })
                      }
                    />
                  </Show>
                  <TableFind
                    model={model}
                    find={find}
                    placeholder={`Find in ${formatPlural(model.columns().length, 'column')}`}
                  />
                </>
              }
            >
              <FileFacts file={file} size={look.size} read={model.table.view()?.file?.read ?? look.read} />
              <ColumnsMenu model={model} />
              <ExportMenu model={model} selected={selected} />
            </FilterBar>
            <More model={model} all={all()} onAll={setAll} far={look.far} />
          </>
        )}
      />
    </Show>
  )
}

function wordsOf({ table }: TableModel): string {
  const now = table.view()
  if (!now?.file || now.file.all) return ''
  const { total } = now.file
  return total === undefined ? 'the first ones' : `the first ones of ${formatCount(total)}`
}

/** That rows are left, and the way to them. */
function More(props: { model: TableModel; all: boolean; onAll(all: boolean): void; far: boolean }) {
  const { table } = props.model
  const state = () => table.view()?.file
  const left = () => {
    const now = state()
    if (!now) return ''
    const rest = now.size - now.read.bytes
    const cost = rest > 0 ? `: ${formatBytes(rest)} more to read` : ''
    const rows =
      now.total === undefined
        ? 'Filters, order and search are of the rows read so far'
        : `${formatCount(now.total - (table.view()?.rows ?? 0))} rows are not read yet: filters, order and search are of the others`
    return `${rows}${props.far ? cost : ''}. `
  }
  return (
    <>
      <Show when={state() && !state()?.all && !state()?.full && state()?.why === undefined}>
        <p class="file-note" role="status">
          <Show
            when={!props.all}
            fallback={
              <>
                {`${table.progress() || 'reading rows'} `}
                <button type="button" class="link-button" onClick={() => props.onAll(false)}>
                  Cancel
                </button>
              </>
            }
          >
            {left()}
            <button type="button" class="link-button" onClick={() => props.onAll(true)}>
              Read all
            </button>
          </Show>
        </p>
      </Show>
      <Show when={state()?.full}>
        <p class="file-note" role="status">
          More rows than this page has memory for: those behind the ones below are left out. Download the file
          to see all.
        </p>
      </Show>
      <Show when={state()?.why}>
        {(why) => (
          <p class="file-trouble" role="alert">
            {`Rows end here, no more could be read: ${visibleName(why())} `}
            <button type="button" class="link-button" onClick={() => table.retry()}>
              Retry
            </button>
          </p>
        )}
      </Show>
      <Show when={(table.view()?.notes.length ?? 0) > 0}>
        <p class="file-note" role="status">
          {table.view()?.notes.map(visibleName).join('; ')}
        </p>
      </Show>
    </>
  )
}
