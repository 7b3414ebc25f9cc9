import { Match, Show, Switch } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { HiddenHave } from '../../common/hidden-have.tsx'
import { Failed } from '../../common/page-states.tsx'
import { ProgressLine } from '../../components/progress-line.tsx'
import type { ReportsModel } from './model.ts'

const SNIPPET = (project: string) => `import trackio
trackio.init(project=${JSON.stringify(project)})
trackio.log({"summary": trackio.Markdown("# Epoch 3\\n\\nLoss fell to **0.2**.")})`

/** In place of list and text, where there is none to show. */
export function ReportsBlank(props: { model: ReportsModel }) {
  const { data, sources, resumeReading } = useApp()
  const { model } = props
  const failed = () => {
    const status = model.status()
    return status.kind === 'failed' ? status.notice : undefined
  }
  const held = () => ['held', 'cancelled'].includes(data.reading()?.state ?? '')
  return (
    <section class="sheet" id="charts" tabIndex={-1} aria-label="Reports">
      <Switch>
        <Match when={failed()}>
          {(notice) => (
            <Failed
              verb="look for"
              what="reports"
              cause={`${notice().subject}: ${notice().text}`}
              onRetry={model.retry}
            />
          )}
        </Match>
        <Match when={model.status().kind === 'loading' || !data.ended()}>
          <Show when={data.status().kind !== 'failed'}>
            <div class="report-wait patient">
              <ProgressLine label="Reports" share={undefined} words="looking for reports" />
            </div>
          </Show>
        </Match>
        <Match when={held()}>
          <div class="blank" role="status">
            <h2>Not all rows were read</h2>
            <p>Reports are found once all of it is read.</p>
            <button type="button" class="button" onClick={() => resumeReading()}>
              Read all
            </button>
          </div>
        </Match>
        <Match when={data.status().kind !== 'failed'}>
          <div class="blank" role="status">
            <h2>No reports logged</h2>
            <p>A report is a text in Markdown that a run logs:</p>
            <pre>{SNIPPET(sources.project()?.name ?? '')}</pre>
          </div>
        </Match>
      </Switch>
    </section>
  )
}

/** In place of the text, where the list has none of a shown run. */
export function NoneShown(props: { model: ReportsModel }) {
  const { model } = props
  return (
    <div class="blank" role="status">
      <Show
        when={model.text() !== ''}
        fallback={
          <>
            <h2>No report in the shown runs</h2>
            <HiddenHave runs={model.hiddenRuns()} what="one" />
          </>
        }
      >
        <h2>{model.searching() ? 'Searching' : 'No report says this'}</h2>
        <Show when={!model.searching()}>
          <p>{`Nothing in ${model.all().length === 1 ? 'the report' : 'any report'} says “${model.text()}”.`}</p>
          <button type="button" class="link-button" onClick={() => model.set({ q: '' })}>
            Clear search
          </button>
        </Show>
      </Show>
    </div>
  )
}
