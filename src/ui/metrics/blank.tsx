import { createComputed, createEffect, createMemo, lazy, Match, on, Show, Switch } from 'solid-js'
import { formatPlural } from '../../compute/format.ts'
import { formatCount } from '../../compute/number.ts'
import { useApp } from '../../state/app.ts'
import { OpeningProgress } from '../open/opening-progress.tsx'
import type { Lack } from './absent.tsx'

// no chart needs it to stand; it comes right after them, as whoever searches may have no network by then
const Absent = lazy(async () => ({ default: (await import('./absent.tsx')).Absent }))
const Besides = lazy(async () => ({ default: (await import('../shell/besides.tsx')).Besides }))

/** What stands on the sheet when there is nothing, or nothing chosen, to draw: why, then what next. */
export function SheetBlank() {
  const { runs, metrics, data, sources, settled, started, location, patterns } = useApp()
  const lack = createMemo((): Lack | undefined => {
    if (started() && !sources.opening() && sources.project() === undefined) return 'project'
    const catalogue = data.catalogue()
    if (!catalogue || !data.ended()) return undefined
    if (metrics.names().length === 0) return 'rows'
    return !patterns.waits() && metrics.listed().length === 0 && metrics.empty() === 0 ? 'metric' : undefined
  })
  createComputed(
    on(lack, (now) => {
      settled.setBusy('absent', now !== undefined)
      if (now) void Absent.preload().finally(() => settled.setBusy('absent', false))
    }),
  )
  createEffect(on(settled.ready, (ready) => ready && void Absent.preload()))
  return (
    <Switch>
      <Match when={sources.list().length === 0 && sources.opening()}>
        <div class="blank patient">
          <OpeningProgress />
        </div>
      </Match>
      <Match when={lack()}>{(now) => <Absent lack={now()} />}</Match>
      <Match when={runs.noneDrawn()}>
        <div class="blank over">
          <Show when={runs.listed().length > 0} fallback={<h2>No run matches</h2>}>
            <h2>No run that matches is shown</h2>
            <p>
              <button type="button" class="link-button" onClick={() => runs.set(runs.listed(), true)}>
                {runs.listed().length === 1 ? 'Show it' : `Show the ${formatCount(runs.listed().length)} that match`}
              </button>
            </p>
          </Show>
          <button type="button" class="link-button" onClick={() => location.patch({ filter: '' })}>
            Clear filter
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
  const { metrics, sideCounts } = useApp()
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
      <Show when={metrics.others() > 0 || sideCounts().length > 0}>
        <p>
          <Besides />
        </p>
      </Show>
    </div>
  )
}
