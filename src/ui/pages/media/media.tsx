import '../../styles/media.css'
import {
  createComputed,
  createEffect,
  createMemo,
  createSignal,
  For,
  mapArray,
  onCleanup,
  onMount,
  Show,
} from 'solid-js'
import { formatBytes, formatPlural } from '../../../compute/format.ts'
import { MEDIA_WORDS } from '../../../compute/media-payload.ts'
import { useApp } from '../../../state/app.ts'
import { pagePart } from '../../common/page-part.tsx'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { StepBar } from '../../common/step-bar.tsx'
import { NoProject, useNoProject } from '../no-project.tsx'
import type { PageProps } from '../page-entry.ts'
import { createMediaModel, type MediaModel } from './model.ts'
import { MediaSection } from './section.tsx'
import { cellLayout, createSectionView } from './section-view.ts'
import { MediaBlank } from './states.tsx'
import { MediaToolbar } from './toolbar.tsx'

const Panes = pagePart(async () => (await import('./panes.tsx')).Panes)

/** What the runs logged to be looked at and listened to: a grid by run and step, and any of it side by side. */
export function MediaPage(props: PageProps) {
  const { sources, settled, data } = useApp()
  const phone = () => props.frame === 'phone'
  const model = createMediaModel({ phone })
  const noProject = useNoProject()
  const loading = () => model.media.status().kind === 'loading' || model.toRead() > 0

  createComputed(() => {
    const waits = loading() && sources.project() !== undefined && data.status().kind !== 'failed'
    const { media, thumbnails, decoding } = model
    settled.setBusy('media', waits || media.busy() || thumbnails.pending() > 0 || decoding() > 0)
  })
  onCleanup(() => settled.setBusy('media', false))
  createEffect(() => setPageWords(wordsOf(model)))
  onCleanup(() => setPageWords(''))

  const opened = () => model.panes().length > 0
  const stepBar = () => (
    <StepBar
      ticks={model.ticks()}
      step={model.step()}
      onStep={model.setStep}
      otherwise={model.otherwise()}
      usual={model.usual()}
      onOtherwise={model.setOtherwise}
      drawn={model.drawn}
      phone={phone()}
    />
  )
  const steps = () => !noProject() && model.ticks().steps.length > 0
  return (
    <main class="page media" classList={{ phone: phone() }}>
      <h1 class="unseen">{`Media of ${sources.project()?.name ?? 'a project'}`}</h1>
      <Show when={!noProject()} fallback={<NoProject />}>
        <Show
          when={!opened()}
          fallback={<Panes model={model} phone={phone()} bar={steps() && !phone() ? stepBar() : undefined} />}
        >
          <Show when={props.frame !== 'embed' && model.all().length > 0}>
            <MediaToolbar model={model} />
          </Show>
          <SourceNotices />
          <Show when={steps() && !phone()}>{stepBar()}</Show>
          <Sheet model={model} phone={phone()} />
        </Show>
        <Show when={steps() && phone()}>{stepBar()}</Show>
      </Show>
      <span class="unseen" role="status">
        {model.searched() ? `${formatPlural(model.found().length, 'item')} found` : ''}
      </span>
    </main>
  )
}

function Sheet(props: { model: MediaModel; phone: boolean }) {
  const { model } = props
  const [width, setWidth] = createSignal(0)
  const [view, setView] = createSignal({ top: 0, height: 0 })
  let sheet: HTMLElement | undefined
  onMount(() => {
    const element = sheet
    if (!element) return
    const measure = (): void => {
      setWidth(element.clientWidth)
      setView({ top: element.scrollTop, height: element.clientHeight })
    }
    const sized = new ResizeObserver(measure)
    sized.observe(element)
    measure()
    onCleanup(() => sized.disconnect())
  })
  const layout = createMemo(() => cellLayout(width(), model.own().size || 'm', props.phone))
  const views = createMemo(mapArray(model.keys, (key) => createSectionView(model, key, layout)))
  const tops = createMemo(() => {
    let top = 0
    return views().map((one) => {
      const mine = top
      top += one.height()
      return mine
    })
  })
  const total = () => views().reduce((sum, one) => sum + one.height(), 0)
  return (
    <section
      class="sheet media-sheet"
      id="charts"
      aria-label="Media"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reached by keys
      tabIndex={0}
      ref={sheet}
      onScroll={(event) =>
        setView({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })
      }
    >
      <MediaBlank model={model} />
      <Show when={width() > 0}>
        <div class="media-sections" style={{ height: `${total()}px` }}>
          <For each={views()}>
            {(one, i) => {
              const top = () => tops()[i()] ?? 0
              const seen = createMemo(
                () => top() + one.height() > view().top - 400 && top() < view().top + view().height + 400,
              )
              return (
                <Show when={seen()}>
                  <MediaSection model={model} view={one} top={top()} window={view()} />
                </Show>
              )
            }}
          </For>
        </div>
      </Show>
    </section>
  )
}

/** What the status bar says. */
function wordsOf(model: MediaModel): string {
  const counts = new Map<string, number>()
  for (const { kind } of model.found()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const kinds = model.kinds().flatMap((kind) => {
    const [one, many] = MEDIA_WORDS[kind]
    const n = counts.get(kind) ?? 0
    return n > 0 ? [formatPlural(n, one, many)] : []
  })
  const held = model.thumbnails.held()
  return [
    ...kinds,
    ...(model.toRead() > 0 ? [`${formatPlural(model.toRead(), 'caption')} still being read`] : []),
    ...(held > 0
      ? [`${formatBytes(held)} of thumbnails held, limit ${formatBytes(model.thumbnails.limit)}`]
      : []),
  ].join(' · ')
}
