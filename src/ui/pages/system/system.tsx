import '../../styles/system.css'
import { createComputed, createEffect, createMemo, For, lazy, onCleanup, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { autoColumns } from '../../../compute/sections.ts'
import { useApp } from '../../../state/app.ts'
import { ChartFullscreen } from '../../charts/chart-fullscreen.tsx'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { createWidth } from '../../components/width.ts'
import { focusChart } from '../metrics/sheet.tsx'
import { useNoProject } from '../no-project.tsx'
import type { PageProps } from '../page-entry.ts'
import { SystemCell } from './cell.tsx'
import { createSystemModel, type Place, type SystemModel } from './model.ts'
import { SystemBlank } from './states.tsx'
import { Strip } from './strip.tsx'
import { Summary } from './summary.tsx'
import { SystemToolbar } from './toolbar.tsx'
import { createSystemView } from './view.ts'

const Absent = lazy(async () => ({ default: (await import('../metrics/absent.tsx')).Absent }))

const CARD = 209
const PHONE_CARD = 230

/** What the machines of the runs logged: a summary, and every metric over steps or time. */
export function SystemPage(props: PageProps) {
  const { sources, settled, data, system, location } = useApp()
  const model = createSystemModel()
  const [width, takeSheet] = createWidth()
  const wanted = location.field('columns')
  const noProject = useNoProject()
  const phone = () => props.frame === 'phone'

  createComputed(() => {
    const waits =
      ((system()?.status() ?? { kind: 'loading' }).kind === 'loading' || system()?.reading()) === true &&
      sources.project() !== undefined &&
      data.status().kind !== 'failed'
    settled.setBusy('system', waits)
  })
  onCleanup(() => settled.setBusy('system', false))
  createEffect(() => setPageWords(wordsOf(model)))
  onCleanup(() => setPageWords(''))

  const columns = createMemo(() => {
    const asked = wanted()
    return phone() ? 1 : asked === 'auto' ? autoColumns(width()) : asked
  })
  const byName = createMemo(() => new Map(model.places().map((place) => [place.metric.name, place])))
  const names = (strip: boolean) =>
    model
      .places()
      .filter((place) => place.strip === strip)
      .map(({ metric }) => metric.name)
  const strips = createMemo(() => names(true), [], { equals: sameNames })
  const charts = createMemo(() => names(false), [], { equals: sameNames })
  const height = () => (phone() ? PHONE_CARD : CARD)
  return (
    <main class="page system" classList={{ phone: phone() }}>
      <h1 class="unseen">{`System metrics of ${sources.project()?.name ?? 'a project'}`}</h1>
      <Show when={props.frame !== 'embed' && model.all().length > 0}>
        <SystemToolbar model={model} />
      </Show>
      <SourceNotices />
      <section
        class="sheet"
        id="charts"
        aria-label="System charts"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reached by keys
        tabIndex={0}
        ref={takeSheet}
      >
        <Show when={!noProject()} fallback={<Absent lack="project" />}>
          <SystemBlank model={model} />
          <Show when={model.places().length > 0 && model.shown().length > 0}>
            <Show when={model.roles().size > 0}>
              <Summary model={model} />
            </Show>
            <For each={strips()}>
              {(name) => (
                <Show when={byName().get(name)}>
                  {(place) => <Strip model={model} place={place()} width={width()} />}
                </Show>
              )}
            </For>
            <div class="system-grid" style={{ '--n': columns() }}>
              <For each={charts()}>
                {(name) => (
                  <Show when={byName().get(name)}>
                    {(place) => (
                      <SystemCell
                        model={model}
                        place={place()}
                        width={Math.floor(width() / columns())}
                        height={height()}
                        legend={phone()}
                      />
                    )}
                  </Show>
                )}
              </For>
            </div>
            <Closing model={model} />
          </Show>
        </Show>
      </section>
      <Fullscreen model={model} />
    </main>
  )
}

/** One chart alone; the arrows walk those of the page. */
function Fullscreen(props: { model: SystemModel }) {
  const { view } = useApp()
  const places = createMemo(() => props.model.places().filter(({ strip }) => !strip))
  const place = createMemo<Place | undefined>(
    (old) => places().find(({ metric }) => metric.name === view.fullscreen()) ?? old,
  )
  return (
    <Show when={view.fullscreen() !== undefined && place()}>
      {(now) => (
        <ChartFullscreen
          view={createSystemView(props.model, now)}
          metrics={places().map(({ metric }) => metric.name)}
          onLost={focusChart}
        />
      )}
    </Show>
  )
}

/** What is left out, and what cannot be shown. */
function Closing(props: { model: SystemModel }) {
  const { model } = props
  const left = () => model.searched().length - model.places().length
  const notices = () => model.catalogue()?.notices ?? []
  const others = () => model.catalogue()?.others.length ?? 0
  return (
    <div class="system-closing">
      <Show when={left() > 0}>
        <p>{`${formatPlural(left(), 'metric')} ${left() === 1 ? 'has' : 'have'} no samples in what is shown.`}</p>
      </Show>
      <Show when={others() > 0}>
        <p>{`${formatPlural(others(), 'key')} ${others() === 1 ? 'holds' : 'hold'} other things than numbers, and ${others() === 1 ? 'is' : 'are'} not drawn.`}</p>
      </Show>
      <For each={notices()}>
        {(notice) => (
          <p>{`${notice.text.replace(/^./, (letter) => letter.toUpperCase())}. ${notice.action ?? ''}`}</p>
        )}
      </For>
    </div>
  )
}

/** What the status bar says. */
function wordsOf(model: SystemModel): string {
  const now = model.catalogue()
  if (!now || now.metrics.length === 0) return ''
  const samples = [...model.samplesOf().values()].reduce((sum, n) => sum + n, 0)
  return [
    ...(model.devices().length > 0 ? [formatPlural(model.devices().length, 'device')] : []),
    `${formatPlural(now.metrics.length, 'system metric')}`,
    `${formatPlural(samples, 'sample')}`,
    ...(model.x().kind === 'step' ? ['at the step last logged before each'] : []),
    ...(model.places().some(({ strip }) => strip) ? ['strip: mean per pixel, hatched: no sample'] : []),
  ].join(' · ')
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i])
}
