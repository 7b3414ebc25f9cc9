import { createMemo, For, Show } from 'solid-js'
import { formatWhen, LEVEL_WORDS } from '../../../compute/alert-list.ts'
import { sentenceBeside, wordsBeside } from '../../../compute/besides.ts'
import { formatPlural } from '../../../compute/format.ts'
import { isMediaKind } from '../../../compute/media-payload.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { HISTOGRAM } from '../../../model/histogram.ts'
import { TABLE } from '../../../model/logged-table.ts'
import { MARKDOWN } from '../../../model/report.ts'
import { useApp } from '../../../state/app.ts'
import { createTraceCount } from '../../../state/pages/trace-count.ts'
import { SHAPES } from '../../charts/alert-marks.ts'
import { ALERTS, ARTIFACTS, HISTOGRAMS, MEDIA, REPORTS, TABLES, TRACES } from '../ids.ts'
import { hasTraces } from '../traces/count.ts'
import type { RunModel } from './model.ts'
import { RunSection } from './section.tsx'

/** Alerts that are listed here; all of them are on their own page. */
const LISTED = 20

/** What the run warned of, and how much of anything else it holds. */
export function RunAlerts(props: { model: RunModel }) {
  const { alerts, location, preferences, sideCounts, settled } = useApp()
  const { model } = props
  const own = createMemo(() => (alerts()?.all() ?? []).filter(({ run }) => run === model.key()))
  // a project without such a table is not asked for its rows
  const counted = () =>
    alerts()?.status().kind === 'ready' ||
    (settled.ready() && !sideCounts().some(({ table }) => table === 'alerts'))
  function openAlerts(): void {
    const { own: before } = location.view()
    location.patch({ page: ALERTS, own: { ...before, [ALERTS]: { run: model.key() ?? '' } } })
  }
  return (
    <RunSection
      place="alerts"
      title="Alerts"
      note={counted() ? formatCount(own().length) : undefined}
      beside={<Others model={model} />}
      tools={
        <Show when={own().length > 0}>
          <button type="button" class="link-button" onClick={openAlerts}>
            {own().length > LISTED ? `All ${formatCount(own().length)} alerts` : 'Open Alerts'}
          </button>
        </Show>
      }
    >
      <Show when={own().length > 0}>
        <ul class="run-alerts">
          <For each={own().slice(0, LISTED)}>
            {(alert) => (
              <li data-level={alert.level}>
                <b class={`level ${alert.level}`}>
                  <span aria-hidden="true">{SHAPES[alert.level]}</span>
                  {LEVEL_WORDS[alert.level]}
                </b>
                <Show when={alert.step !== null} fallback={<span class="step" />}>
                  <button
                    type="button"
                    class="step link-button"
                    title="Go to the rows of this step"
                    onClick={() => model.set({ step: String(alert.step), at: 'rows' })}
                  >
                    {`step ${formatCount(alert.step ?? 0)}`}
                  </button>
                </Show>
                <span class="title">{visibleName(alert.title)}</span>
                <span class="text">{visibleName(alert.text ?? '')}</span>
                <time>{formatWhen(alert.time, Date.now(), preferences.value().timeZone)}</time>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={alerts()?.status().kind === 'failed'}>
        <p class="run-none" role="alert">
          Could not read the alerts
        </p>
      </Show>
    </RunSection>
  )
}

/** Media, tables and artifacts as counts, with the way to their pages. */
function Others(props: { model: RunModel }) {
  const { data, location, runs } = useApp()
  const beside = () => props.model.beside()
  const sum = (test: (kind: string) => boolean) =>
    (beside()?.others ?? [])
      .flatMap(({ kinds }) => Object.entries(kinds))
      .reduce((total, [kind, n]) => total + (test(kind) ? n : 0), 0)
  const counts = (): readonly { name: string; n: number; page: string }[] => [
    { name: 'Media', n: sum(isMediaKind), page: MEDIA },
    { name: 'Tables', n: sum((kind) => kind === TABLE), page: TABLES },
    { name: 'Reports', n: sum((kind) => kind === MARKDOWN), page: REPORTS },
    { name: 'Histograms', n: sum((kind) => kind === HISTOGRAM), page: HISTOGRAMS },
    { name: 'Artifacts', n: beside()?.artifacts ?? 0, page: ARTIFACTS },
  ]
  /** Of files that do not tell whose they are. */
  const ofProject = () => sentenceBeside(wordsBeside(data.catalogue()?.others ?? []))
  return (
    <Show when={beside()}>
      {(now) => (
        <>
          <TracesLink model={props.model} />
          <Show when={now().others} fallback={<em>{ofProject() && `the project has ${ofProject()}`}</em>}>
            <ul class="run-counts">
              <For each={counts()}>
                {({ name, n, page }) => (
                  <li>
                    <Show when={n > 0 ? page : undefined} fallback={name}>
                      {(id) => (
                        <a
                          href={`#/${id()}`}
                          onClick={(event) => {
                            if (event.metaKey || event.ctrlKey || event.shiftKey) return
                            event.preventDefault()
                            const run = props.model.key()
                            if (run !== undefined && !runs.isShown(run)) runs.set([run], true)
                            const { own } = location.view()
                            const of = id() === ARTIFACTS ? { [ARTIFACTS]: { run: run ?? '' } } : {}
                            location.patch({ page: id(), own: { ...own, ...of } })
                          }}
                        >
                          {name}
                        </a>
                      )}
                    </Show>{' '}
                    <em>{formatCount(n)}</em>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        </>
      )}
    </Show>
  )
}

/** To the traces of this run, where the project has some. */
function TracesLink(props: { model: RunModel }) {
  const app = useApp()
  const { location, data, ask, sources } = app
  const count = createTraceCount({
    ...{ ask, project: sources.asked, run: props.model.key, version: data.version },
    wanted: () => data.ended() && hasTraces(app),
  })
  return (
    // until they are counted it may have some
    <Show when={hasTraces(app) && count() !== 0} fallback={<Show when={hasTraces(app)}>No traces</Show>}>
      <button
        type="button"
        class="link-button"
        onClick={() => {
          const { own } = location.view()
          location.patch({ page: TRACES, own: { ...own, [TRACES]: { run: props.model.key() ?? '' } } })
        }}
      >
        {count() === undefined ? 'Traces' : formatPlural(count() ?? 0, 'trace')}
      </button>
    </Show>
  )
}
