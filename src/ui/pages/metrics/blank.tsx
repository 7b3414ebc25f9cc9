import { createComputed, createEffect, createMemo, lazy, Match, on, Switch } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { OpeningProgress } from '../open/opening-progress.tsx'
import type { Lack } from './absent.tsx'

// no chart needs it to stand; it comes right after them, as whoever searches may have no network by then
const Absent = lazy(async () => ({ default: (await import('./absent.tsx')).Absent }))
const NoneShown = lazy(async () => ({ default: (await import('./none-shown.tsx')).NoneShown }))

/** What stands on the sheet when there is nothing, or nothing chosen, to draw: why, then what next. */
export function SheetBlank() {
  const { runs, metrics, data, sources, settled, started, patterns } = useApp()
  const lack = createMemo((): Lack | undefined => {
    if (started() && !sources.opening() && sources.project() === undefined) return 'project'
    const catalogue = data.catalogue()
    if (!catalogue || !data.ended()) return undefined
    if (metrics.names().length === 0 && metrics.cards() === 0) return 'rows'
    return !patterns.waits() && metrics.cards() === 0 && metrics.empty() === 0 ? 'metric' : undefined
  })
  createComputed(
    on(lack, (now) => {
      settled.setBusy('absent', now !== undefined)
      if (now) void Absent.preload().finally(() => settled.setBusy('absent', false))
    }),
  )
  createEffect(
    on(settled.ready, (ready) => ready && void Promise.all([Absent.preload(), NoneShown.preload()])),
  )
  return (
    <Switch>
      <Match when={sources.list().length === 0 && sources.opening()}>
        <div class="blank patient">
          <OpeningProgress />
        </div>
      </Match>
      <Match when={lack()}>{(now) => <Absent lack={now()} />}</Match>
      <Match
        when={runs.noneDrawn() || (data.catalogue() && runs.all().length > 0 && runs.shownCount() === 0)}
      >
        <NoneShown />
      </Match>
    </Switch>
  )
}
