import { Match, Switch } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { Failed } from '../../common/page-states.tsx'
import { ProgressLine } from '../../components/progress-line.tsx'
import type { TablesModel } from './model.ts'

const SNIPPET = (project: string) => `import trackio
trackio.init(project=${JSON.stringify(project)})
trackio.log({"samples": trackio.Table(columns=["prompt", "answer"], data=[["2 + 2", "4"]])})`

/** In place of the table, where there is none to show. */
export function TablesBlank(props: { model: TablesModel }) {
  const { data, runs, sources, resumeReading } = useApp()
  const { model } = props
  const failed = () => {
    const status = model.found.status()
    return status.kind === 'failed' ? status.notice : undefined
  }
  const held = () => ['held', 'cancelled'].includes(data.reading()?.state ?? '')
  return (
    <section class="sheet" id="charts" tabIndex={-1} aria-label="Tables">
      <Switch>
        <Match when={failed()}>
          {(notice) => (
            <Failed
              verb="look for"
              what="tables"
              cause={`${notice().subject}: ${notice().text}`}
              onRetry={model.found.retry}
            />
          )}
        </Match>
        <Match when={model.keys().length > 0 && model.holders().length === 0}>
          <div class="blank" role="status">
            <h2>{`No ${visibleName(model.key()?.key ?? 'table')} in the shown runs`}</h2>
            <p>{`${formatPlural(model.hiddenHolders().length, 'hidden run')} ${model.hiddenHolders().length === 1 ? 'has' : 'have'} one.`}</p>
            <button type="button" class="link-button" onClick={() => runs.set(model.hiddenHolders(), true)}>
              Show them
            </button>
          </div>
        </Match>
        <Match when={model.found.status().kind === 'loading' || !data.ended()}>
          <div class="tables-wait patient">
            <ProgressLine label="Tables" share={undefined} words="looking for tables" />
          </div>
        </Match>
        <Match when={held()}>
          <div class="blank" role="status">
            <h2>Not all rows were read</h2>
            <p>Tables are found once all of it is read.</p>
            <button type="button" class="button" onClick={() => resumeReading()}>
              Read all
            </button>
          </div>
        </Match>
        <Match when={data.status().kind !== 'failed'}>
          <div class="blank" role="status">
            <h2>No tables logged</h2>
            <p>They appear here when a run logs one:</p>
            <pre>{SNIPPET(sources.project()?.name ?? '')}</pre>
          </div>
        </Match>
      </Switch>
    </section>
  )
}
