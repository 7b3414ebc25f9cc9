import '../../styles/tables.css'
import { createComputed, createMemo, onCleanup, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import { RUN_COLUMN, STEP_COLUMN } from '../../../model/logged-table.ts'
import { useApp } from '../../../state/app.ts'
import type { WindowRow } from '../../../state/pages/table-window.ts'
import { FilterBar } from '../../common/data-table/filter-bar.tsx'
import { TableSheet } from '../../common/data-table/table-sheet.tsx'
import { pagePart } from '../../common/page-part.tsx'
import { SourceNotices } from '../../common/source-notices.tsx'
import { StepBar } from '../../common/step-bar.tsx'
import { NoProject, useNoProject } from '../no-project.tsx'
import type { PageProps } from '../page-entry.ts'
import { createTablesModel, type TablesModel } from './model.ts'
import { TablesBlank } from './states.tsx'
import { ofWords, TablesToolbar } from './toolbar.tsx'

const DiffView = pagePart(async () => (await import('./diff.tsx')).DiffView)

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
  const phone = () => props.frame === 'phone'

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

  return (
    <TableSheet
      model={model}
      label={model.key()?.key ?? 'Table'}
      name="Tables"
      phone={phone()}
      drawn={(row) => ({
        mark: (column) => markOf(row, column),
        warning: (column) => warningOf(row, column),
      })}
      colorOf={colorOf}
      tools={(find, selected) => (
        <>
          <Show when={props.frame !== 'embed'}>
            <TablesToolbar model={model} find={find} selected={selected} />
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
          <FilterBar model={model} words={ofWords(model)} />
          <SourceNotices />
        </>
      )}
    />
  )
}
