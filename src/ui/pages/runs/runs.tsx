import '../../styles/runs.css'
import '../../styles/runs-more.css'
import { createEffect, Match, onCleanup, Show, Switch } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount, formatValue } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { pagePart } from '../../common/page-part.tsx'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { NoProject, useNoProject } from '../no-project.tsx'
import type { PageProps } from '../page-entry.ts'
import { createRunsModel, type RunsModel } from './model.ts'
import { RunsTable } from './runs-table.tsx'
import { RunsToolbar } from './runs-toolbar.tsx'

const RunsPhoneBar = pagePart(async () => (await import('./phone-bar.tsx')).RunsPhoneBar)
const Plots = pagePart(async () => (await import('./plots/plots.tsx')).Plots)
/** All runs of the project as a table: their facts, config and statistics of their metrics. */
export function RunsPage(props: PageProps) {
  const { sources, data, runs } = useApp()
  const model = createRunsModel()
  const noProject = useNoProject()
  createEffect(() => model.view() === 'table' && setPageWords(wordsOf(model, runs.shown().length)))
  onCleanup(() => setPageWords(''))
  return (
    <main class="page runs" classList={{ phone: props.frame === 'phone' }}>
      <h1 class="unseen">{`Runs of ${sources.project()?.name ?? 'a project'}`}</h1>
      <Show when={!noProject()}>
        <RunsToolbar model={model} phone={props.frame === 'phone'} />
      </Show>
      <SourceNotices />
      <Switch>
        <Match when={noProject()}>
          <NoProject />
        </Match>
        <Match when={model.all().length > 0}>
          <Show
            when={model.view() === 'table'}
            fallback={<Plots model={model} phone={props.frame === 'phone'} />}
          >
            <RunsTable model={model} phone={props.frame === 'phone'} />
          </Show>
          <Show when={model.view() === 'table' && model.listed().length === 0}>
            <div class="blank runs-blank" role="status">
              <h2>No run matches</h2>
              <button type="button" class="link-button" onClick={() => model.setFilter('')}>
                Clear filter
              </button>
            </div>
          </Show>
        </Match>
        <Match when={data.exact()}>
          <section class="sheet" id="charts" tabIndex={-1} aria-label="Runs">
            <div class="blank" role="status">
              <h2>No runs logged</h2>
              <p>They appear here when something is logged to this project.</p>
            </div>
          </section>
        </Match>
      </Switch>
      <Show when={props.frame === 'phone' && model.view() === 'table' && model.all().length > 0}>
        <RunsPhoneBar model={model} />
      </Show>
      <span class="unseen" role="status">
        {model.filter() === '' ? '' : `${formatCount(model.listed().length)} runs listed`}
      </span>
    </main>
  )
}

/** What the status bar says: how many, and what the differences are held against. */
function wordsOf(model: RunsModel, shown: number): string {
  const counts = `${formatCount(model.listed().length)} of ${formatPlural(model.all().length, 'run')}, ${formatCount(shown)} shown in charts`
  const base = model.baseline()
  if (!base) return counts
  const column = model.columns().find(({ spec }) => spec.kind === 'metric' && spec.delta)
  const n = base.runs.length
  const name = visibleName(base.label)
  if (!column) return `${counts} · baseline ${name}`
  if (n < 3)
    return `${counts} · Δ against ${name}: ${n === 1 ? 'one run' : 'two runs'}, too few to tell the noise of seeds`
  const grouped = model.groups() ? `, ${formatValue(model.noise(column, n), 2)} of as many seeds` : ''
  return `${counts} · Δ against ${name}, ${formatCount(n)} seeds; grey: within their noise, ± ${formatValue(model.noise(column, 1), 2)} of one run${grouped}`
}
