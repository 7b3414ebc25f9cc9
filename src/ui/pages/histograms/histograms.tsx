import '../../styles/histograms.css'
import { createEffect, createMemo, For, onCleanup, Show } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { autoColumns } from '../../../compute/sections.ts'
import { useApp } from '../../../state/app.ts'
import { ChartFullscreen } from '../../charts/chart-fullscreen.tsx'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { StepBar } from '../../common/step-bar.tsx'
import { createWidth } from '../../components/width.ts'
import { focusChart } from '../metrics/sheet.tsx'
import { NoProject, useNoProject } from '../no-project.tsx'
import type { PageProps } from '../page-entry.ts'
import { createHistogramsModel, type HistogramsModel } from './model.ts'
import { chartName, createPercentileView } from './percentiles.tsx'
import { HistogramSection } from './section.tsx'
import { HistogramsBlank } from './states.tsx'
import { HistogramsToolbar } from './toolbar.tsx'

/** How values were spread at every logged step of every run. */
export function HistogramsPage(props: PageProps) {
  const { sources, location } = useApp()
  const model = createHistogramsModel()
  const [width, takeSheet] = createWidth()
  const wanted = location.field('columns')
  const noProject = useNoProject()
  const phone = () => props.frame === 'phone'

  createEffect(() => setPageWords(wordsOf(model)))
  onCleanup(() => setPageWords(''))

  const columns = createMemo(() => {
    const asked = wanted()
    return phone() ? 1 : asked === 'auto' ? autoColumns(width()) : asked
  })
  const byKey = createMemo(() => new Map(model.sections().map((section) => [section.key, section])))
  const keys = createMemo(() => [...byKey().keys()], [], {
    equals: (a, b) => a.length === b.length && a.every((key, i) => key === b[i]),
  })
  return (
    <main class="page histograms" classList={{ phone: phone() }}>
      <h1 class="unseen">{`Histograms of ${sources.project()?.name ?? 'a project'}`}</h1>
      <Show when={props.frame !== 'embed' && model.keys().length > 0}>
        <HistogramsToolbar model={model} />
        <Show when={model.ticks().steps.length > 0}>
          <StepBar ticks={model.ticks()} step={model.step()} onStep={model.setStep} phone={phone()} />
        </Show>
      </Show>
      <SourceNotices />
      <Show when={!noProject()} fallback={<NoProject />}>
        <section
          class="sheet"
          id="charts"
          aria-label="All histograms"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reached by keys
          tabIndex={0}
          ref={takeSheet}
        >
          <HistogramsBlank model={model} />
          <Show when={width() > 0}>
            <For each={keys()}>
              {(key) => (
                <Show when={byKey().get(key)}>
                  {(section) => (
                    <HistogramSection
                      model={model}
                      section={section()}
                      width={width()}
                      columns={columns()}
                      phone={phone()}
                    />
                  )}
                </Show>
              )}
            </For>
          </Show>
          <Closing model={model} />
        </section>
      </Show>
      <Fullscreen model={model} />
    </main>
  )
}

/** A chart of percentiles alone; the arrows walk those of the page. */
function Fullscreen(props: { model: HistogramsModel }) {
  const { view } = useApp()
  const key = createMemo<string | undefined>(
    (old) =>
      props.model.ordered().find((one) => chartName(one, props.model.only()) === view.fullscreen()) ?? old,
  )
  return (
    <Show when={view.fullscreen() !== undefined && key()}>
      {(now) => (
        <ChartFullscreen
          view={createPercentileView(props.model, now)}
          metrics={props.model.ordered().map((one) => chartName(one, props.model.only()))}
          onLost={focusChart}
        />
      )}
    </Show>
  )
}

/** What is left out. */
function Closing(props: { model: HistogramsModel }) {
  const left = () => props.model.keys().length - props.model.inShown().length
  const reading = () => props.model.index.answer()?.complete === false
  return (
    <div class="histograms-closing">
      <Show when={left() > 0 && props.model.searched().length > 0}>
        <p>{`${formatPlural(left(), 'histogram')} ${left() === 1 ? 'is' : 'are'} in no shown run.`}</p>
      </Show>
      <Show when={reading()}>
        <p>Of the rows read so far; the rest is still being read, or waits until it is asked for.</p>
      </Show>
    </div>
  )
}

/** What the status bar says. */
function wordsOf(model: HistogramsModel): string {
  if (model.keys().length === 0) return ''
  return [
    formatPlural(model.searched().length, 'histogram'),
    `${formatPlural(model.entries(), 'step')} of ${formatPlural(model.shown().length, 'run')}`,
    'bins narrower than a pixel are joined, none is divided',
  ].join(' · ')
}
