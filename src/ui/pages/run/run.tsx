import '../../styles/runs.css'
import '../../styles/run.css'
import { createComputed, createEffect, createSignal, Match, on, onCleanup, Show, Switch } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { useApp } from '../../../state/app.ts'
import { isTyping } from '../../common/keys.ts'
import { PageLink } from '../../common/page-link.tsx'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { RUNS } from '../ids.ts'
import { NoProject, useNoProject } from '../no-project.tsx'
import type { PageProps } from '../page-entry.ts'
import { RunArtifacts } from './artifacts.tsx'
import { RunAlerts } from './beside.tsx'
import { ConfigPane } from './config-pane.tsx'
import { Facts } from './facts.tsx'
import { MetricRows } from './metric-rows.tsx'
import { createRunModel, type RunModel } from './model.ts'
import { createPlaces, PlaceStrip } from './places.tsx'
import { RawRows } from './raw-rows.tsx'
import { RunToolbar } from './run-toolbar.tsx'
import { RunSection } from './section.tsx'
import { RunSystem } from './system.tsx'

/** All of one run, on one scroll. */
export function RunPage(props: PageProps) {
  const { data, settled } = useApp()
  const model = createRunModel()
  const [scroller, setScroller] = createSignal<HTMLElement>()
  const phone = () => props.frame === 'phone'
  const noProject = useNoProject()
  const places = createPlaces(model, scroller)
  useWalk(model)

  createComputed(() => {
    const waits =
      model.run() !== undefined && !(model.summary.ready() && model.rows.ready() && model.beside())
    settled.setBusy('run', waits)
  })
  onCleanup(() => settled.setBusy('run', false))
  createEffect(() => setPageWords(wordsOf(model)))
  onCleanup(() => setPageWords(''))
  // what was in sight of the run before is where it was; its numbers are others
  createEffect(
    on(model.key, () => document.querySelector('.run-sheet')?.scrollTo({ left: 0 }), { defer: true }),
  )

  return (
    <main class="page run" classList={{ phone: phone() }}>
      <Show when={!noProject()}>
        <RunToolbar model={model} phone={phone()} />
        <Show when={phone()}>
          <PlaceStrip places={places} />
        </Show>
      </Show>
      <SourceNotices />
      <Switch>
        <Match when={noProject()}>
          <NoProject />
        </Match>
        <Match when={model.run()}>
          <Show when={!phone()}>
            <Facts model={model} />
          </Show>
          <div class="run-two">
            <Show when={!phone()}>
              <section class="run-config" aria-label="Config" data-place="config">
                <ConfigPane model={model} touch={false} scroller={undefined} />
              </section>
            </Show>
            <section class="sheet run-sheet" id="charts" tabIndex={-1} aria-label="Run" ref={setScroller}>
              <div class="run-content">
                <Show when={phone()}>
                  <Facts model={model} />
                </Show>
                <MetricRows model={model} touch={phone()} scroller={scroller()} />
                <Show when={phone()}>
                  <RunSection place="config" title="Config">
                    <ConfigPane model={model} touch scroller={scroller()} />
                  </RunSection>
                </Show>
                <RunSystem model={model} />
                <RunAlerts model={model} />
                <Show when={(model.beside()?.artifacts ?? 0) > 0}>
                  <RunArtifacts model={model} />
                </Show>
                <RawRows model={model} touch={phone()} scroller={scroller()} />
              </div>
            </section>
          </div>
        </Match>
        <Match when={data.ended()}>
          <section class="sheet" id="charts" tabIndex={-1} aria-label="Run">
            <div class="blank" role="status">
              <h2>{model.own().run ? 'No run of this id' : 'No runs logged'}</h2>
              <p>
                {model.own().run
                  ? `${model.own().run} is not among the ${formatPlural(data.catalogue()?.runs.length ?? 0, 'run')} of this project; it may have been renamed or deleted.`
                  : 'They appear here when something is logged to this project.'}
              </p>
              <PageLink page={RUNS} class="link-button">
                All runs
              </PageLink>
            </div>
          </section>
        </Match>
      </Switch>
    </main>
  )
}

/** `[` and `]` walk the runs, in the order that the toolbar names. */
function useWalk(model: RunModel): void {
  const { preferences } = useApp()
  function onKeyDown(event: KeyboardEvent): void {
    const by = event.key === '[' ? -1 : event.key === ']' ? 1 : undefined
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    if (isTyping(event.target) || document.querySelector('dialog[open]') || !preferences.value().singleKeys)
      return
    model.walk(by)
    event.preventDefault()
  }
  document.addEventListener('keydown', onKeyDown)
  onCleanup(() => document.removeEventListener('keydown', onKeyDown))
}

function wordsOf(model: RunModel): string {
  const run = model.run()
  if (!run) return ''
  const keys = countKeys(run.config)
  return `${formatPlural(model.rows.total() ?? run.rows, 'row')}, ${formatPlural(model.metrics().length, 'metric')}, ${formatCount(keys)} config ${keys === 1 ? 'key' : 'keys'}`
}

function countKeys(config: object | null): number {
  if (config === null) return 0
  return Object.values(config).reduce<number>((sum, value: unknown) => {
    const isNested = typeof value === 'object' && value !== null && !Array.isArray(value)
    return sum + (isNested && Object.keys(value as object).length > 0 ? countKeys(value as object) : 1)
  }, 0)
}
