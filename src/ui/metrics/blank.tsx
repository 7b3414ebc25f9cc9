import { createMemo, Match, Show, Switch } from 'solid-js'
import { formatPlural } from '../../compute/format.ts'
import { formatCount } from '../../compute/number.ts'
import { useApp } from '../../state/app.ts'
import { OpeningProgress } from '../open/opening-progress.tsx'

const SNIPPET = (project: string) => `import trackio
run = trackio.init(project=${JSON.stringify(project)})
run.log({"loss": 0.5})`

/** What stands on the sheet when there is nothing, or nothing chosen, to draw: why, then what next. */
export function SheetBlank() {
  const { runs, metrics, data, sources, location, patterns } = useApp()
  const known = createMemo(() => data.catalogue() !== undefined && data.ended())
  const project = () => sources.project()?.name ?? ''
  const damage = () => data.catalogue()?.notices.find(({ level }) => level !== 'info')
  return (
    <Switch>
      <Match when={sources.list().length === 0 && sources.opening()}>
        <div class="blank patient">
          <OpeningProgress />
        </div>
      </Match>
      <Match when={known() && metrics.names().length === 0 && damage()}>
        {(notice) => (
          <div class="blank">
            <h2>{`No rows of ${project()} could be read`}</h2>
            <p>{`${notice().subject}: ${notice().text}`}</p>
          </div>
        )}
      </Match>
      <Match when={known() && metrics.names().length === 0}>
        <div class="blank">
          <h2>{`${project()} has no ${runs.all().length > 0 ? 'metrics' : 'rows'} yet`}</h2>
          <p>Rows appear here when a run logs numbers:</p>
          <pre>{SNIPPET(project())}</pre>
          <p>{sources.source()?.info.live ? 'Watching the file for new rows.' : 'Drop the folder that holds the file to watch it.'}</p>
        </div>
      </Match>
      <Match when={known() && !patterns.waits() && metrics.listed().length === 0 && metrics.empty() === 0}>
        <div class="blank">
          <h2>No metric matches</h2>
          <p>{`${formatPlural(metrics.names().length, 'metric')} in ${project()}.`}</p>
          <button
            type="button"
            class="link-button"
            onClick={() => location.patch({ search: { text: '', regex: false }, metrics: undefined })}
          >
            Show all
          </button>
        </div>
      </Match>
      <Match when={data.catalogue() && runs.all().length > 0 && runs.shownCount() === 0}>
        <div class="blank over">
          <h2>No runs shown</h2>
          <button type="button" class="link-button" onClick={() => runs.showNewest()}>
            {runs.all().length > 50 ? 'Show newest 50' : `Show ${runs.all().length === 1 ? 'it' : `all ${runs.all().length}`}`}
          </button>
        </div>
      </Match>
    </Switch>
  )
}

/** Below the last chart: what is not among them. */
export function SheetClosing() {
  const { metrics } = useApp()
  return (
    <div class="closing">
      <Show when={metrics.empty() > 0}>
        <p>
          {`${formatPlural(metrics.empty(), 'metric')} ${metrics.empty() === 1 ? 'has' : 'have'} no points in the shown runs. `}
          <button type="button" class="link-button" onClick={() => metrics.setShowEmpty(true)}>
            Show
          </button>
        </p>
      </Show>
      <Show when={metrics.showEmpty()}>
        <p>
          <button type="button" class="link-button" onClick={() => metrics.setShowEmpty(false)}>
            Hide metrics without points in the shown runs
          </button>
        </p>
      </Show>
      <Show when={metrics.others() > 0}>
        <p>{`${formatCount(metrics.others())} ${metrics.others() === 1 ? 'key holds' : 'keys hold'} text, images or tables; not drawn on this page`}</p>
      </Show>
    </div>
  )
}
