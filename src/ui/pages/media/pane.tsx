import { createMemo, Match, Show, Switch } from 'solid-js'
import { isMediaKind, MEDIA_WORDS, pathEnd } from '../../../compute/media-payload.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { save } from '../../../state/base/save.ts'
import { createFullPicture } from '../../../state/pages/full-pictures.ts'
import type { MediaItem } from '../../../state/pages/media.ts'
import { Markdown } from '../../common/markdown.tsx'
import { pagePart } from '../../common/page-part.tsx'
import { Icon } from '../../components/icon.tsx'
import { Name } from '../../components/name.tsx'
import { LineSample } from '../../components/swatch.tsx'
import { UnreadWords } from './file-words.tsx'
import { pixelOf } from './measure.ts'
import type { MediaModel } from './model.ts'
import { type Pane, type Shown, shownIn } from './open-panes.ts'
import { PicturePane } from './picture-pane.tsx'
import type { PictureViews } from './picture-view.ts'
import type { Transport } from './transport.ts'

const VideoPane = pagePart(async () => (await import('./video-pane.tsx')).VideoPane)
const AudioPane = pagePart(async () => (await import('./audio-pane.tsx')).AudioPane)
const HtmlPane = pagePart(async () => (await import('./html-pane.tsx')).HtmlPane)
const ObjectPane = pagePart(async () => (await import('./object-pane.tsx')).ObjectPane)

/** What a pane shows now: of its run's values the one at the step. */
export function usePane(model: MediaModel, pane: () => Pane) {
  const { runs } = useApp()
  const shown = createMemo((): Shown => {
    const { run, key } = pane()
    return shownIn(pane(), model.itemsOf(run, key), model.stepOf(key), model.otherwise())
  })
  const item = createMemo(() => shown().item, undefined, { equals: (a, b) => a?.id === b?.id })
  const payload = createMemo(() => {
    const now = item()
    return now && model.media.payload(now)
  })
  /** `9,200`, `9,000, asked 9,200`, `8,000, pinned`. */
  const words = () => {
    const now = shown()
    if (!now.item) return now.why
    const step = Number.isFinite(now.item.step) ? formatCount(now.item.step) : 'no step'
    return now.pinned
      ? `${step}, pinned`
      : now.asked === undefined
        ? step
        : `${step}, asked ${formatCount(now.asked)}`
  }
  const warns = () => {
    const now = shown()
    return now.item !== undefined && now.asked !== undefined
  }
  return { shown, item, payload, words, warns, run: () => runs.styled(pane().run) }
}

export type PaneState = ReturnType<typeof usePane>

/** One value at full size, with what it is, its step, and ways to hold it there or to save it. */
export function MediaPane(props: {
  model: MediaModel
  pane: Pane
  index: number
  name: string
  views: PictureViews
  transport: Transport
  scrolls: boolean
  onActive(): void
  onClose?: (() => void) | undefined
}) {
  const { model } = props
  const state = usePane(model, () => props.pane)
  const kind = () => state.item()?.kind ?? ''
  const label = () =>
    [visibleName(props.pane.key), visibleName(state.run()?.name ?? ''), `step ${state.words()}`].join(', ')
  return (
    <section class="pane" aria-label={label()} onPointerEnter={props.onActive} onFocusIn={props.onActive}>
      <PaneHead model={model} pane={props.pane} name={props.name} state={state} onClose={props.onClose} />
      <div class="pane-body">
        <Show
          when={state.item()}
          fallback={<PaneWords bad={false} title="not logged" text={state.words()} />}
        >
          {(item) => (
            <Switch
              fallback={
                <OfFile
                  model={model}
                  state={state}
                  item={item()}
                  index={props.index}
                  transport={props.transport}
                />
              }
            >
              <Match when={state.payload()?.odd}>
                {(why) => <PaneWords bad title="cannot be shown" text={why()} />}
              </Match>
              <Match when={kind() === 'trackio.image'}>
                <ImageOf
                  {...{
                    model,
                    state,
                    index: props.index,
                    views: props.views,
                    scrolls: props.scrolls,
                    label: label(),
                  }}
                />
              </Match>
              <Match when={state.payload()?.text !== undefined}>
                <div class="pane-text">
                  <Markdown text={state.payload()?.text ?? ''} />
                </div>
              </Match>
            </Switch>
          )}
        </Show>
      </div>
    </section>
  )
}

export function PaneHead(props: {
  model: MediaModel
  pane: Pane
  name: string
  state: PaneState
  onClose?: (() => void) | undefined
}) {
  const { model, state } = props
  async function download(): Promise<void> {
    const path = state.payload()?.path
    const file = path === undefined ? undefined : await model.media.file(path)
    if (file) save(file, path?.split(/[\\/]/).pop() ?? 'file')
  }
  function pin(): void {
    const step = state.item()?.step
    const pinned = props.pane.step !== undefined
    model.open(
      model.panes().map((one) => {
        if (one !== props.pane) return one
        const { step: _, ...rest } = one
        return pinned || step === undefined ? rest : { ...rest, step: Number.isFinite(step) ? step : null }
      }),
    )
  }
  return (
    <div class="pane-head">
      <kbd>{props.name}</kbd>
      <Show when={state.run()}>
        {(run) => (
          <>
            <LineSample color={run().style.color} dash={run().style.dash} />
            <Name of={run().name} />
          </>
        )}
      </Show>
      <span class="note" classList={{ warned: state.warns() }}>
        {state.words()}
      </span>
      <span class="note caption" title={visibleName(state.payload()?.caption ?? '')}>
        {visibleName(state.payload()?.caption ?? '')}
      </span>
      <span class="gap" />
      <Show when={state.item()}>
        <button
          type="button"
          class="text-button"
          aria-pressed={props.pane.step !== undefined}
          title="Stay at this step, whatever the step of the page"
          onClick={pin}
        >
          Pin
        </button>
      </Show>
      <Show when={state.payload()?.path}>
        <button
          type="button"
          class="text-button"
          title={state.payload()?.path}
          onClick={() => void download()}
        >
          Save
        </button>
      </Show>
      <Show when={props.onClose}>
        <button
          type="button"
          class="icon-button"
          aria-label={`Close pane ${props.name}`}
          onClick={() => props.onClose?.()}
        >
          <Icon name="close" />
        </button>
      </Show>
    </div>
  )
}

/** In place of what cannot be shown. */
export function PaneWords(props: { bad: boolean; title: string; text: string; children?: never }) {
  return (
    <div class="pane-words" role="status">
      <b classList={{ bad: props.bad }}>{props.title}</b>
      <span>{visibleName(props.text)}</span>
    </div>
  )
}

function ImageOf(props: {
  model: MediaModel
  state: PaneState
  index: number
  views: PictureViews
  scrolls: boolean
  label: string
}) {
  const picture = createFullPicture(
    () => props.state.payload()?.path,
    props.model.media.file,
    props.model.busyPart(),
    props.model.media.tries,
  )
  const unread = () => {
    const now = picture()
    return now.state === 'unread' ? now : undefined
  }
  const ready = () => {
    const now = picture()
    return now.state === 'ready' ? now : undefined
  }
  const trouble = () => {
    const now = picture()
    if (now.state === 'missing') return ['missing file', now.path] as const
    return now.state === 'failed' ? (['broken file', `${pathEnd(now.path)}: ${now.why}`] as const) : undefined
  }
  return (
    <Show
      when={!trouble() && !unread()}
      fallback={
        <Show
          when={unread()}
          fallback={<PaneWords bad title={trouble()?.[0] ?? ''} text={trouble()?.[1] ?? ''} />}
        >
          {(now) => <UnreadWords path={now().path} why={now().why} again={props.model.media.tryAgain} />}
        </Show>
      }
    >
      <PicturePane
        index={props.index}
        label={props.label}
        views={props.views}
        scrolls={props.scrolls}
        picture={drawable(ready()?.bitmap)}
        read={(x, y) => {
          const bitmap = ready()?.bitmap
          return bitmap ? pixelOf(bitmap, x, y).join(' ') : ''
        }}
      />
    </Show>
  )
}

export function drawable(source: ImageBitmap | OffscreenCanvas | undefined) {
  return source && { source, width: source.width, height: source.height }
}

/** What lies in a file and is no picture. */
function OfFile(props: {
  model: MediaModel
  state: PaneState
  item: MediaItem
  index: number
  transport: Transport
}) {
  const path = () => props.state.payload()?.path
  const common = () => ({ model: props.model, path: path() ?? '', label: labelOf(props.item) })
  return (
    <Show when={path() !== undefined} fallback={<span />}>
      <Switch
        fallback={<PaneWords bad={false} title={props.item.kind} text="no way to show values of this kind" />}
      >
        <Match when={props.item.kind === 'trackio.video'}>
          <VideoPane {...common()} index={props.index} transport={props.transport} />
        </Match>
        <Match when={props.item.kind === 'trackio.audio'}>
          <AudioPane {...common()} />
        </Match>
        <Match when={props.item.kind === 'trackio.html'}>
          <HtmlPane {...common()} />
        </Match>
        <Match when={props.item.kind === 'trackio.object3d'}>
          <ObjectPane {...common()} points={props.state.payload()?.points} />
        </Match>
      </Switch>
    </Show>
  )
}

function labelOf(item: MediaItem): string {
  return `${isMediaKind(item.kind) ? MEDIA_WORDS[item.kind][0] : item.kind} ${visibleName(item.key)}`
}
