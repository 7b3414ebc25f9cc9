import { createEffect, createMemo, createSignal, Match, on, onCleanup, Show, Switch } from 'solid-js'
import type { GridCell, GridHead } from '../../../compute/media-grid.ts'
import { endingOf, isMediaKind, MEDIA_WORDS, pathEnd } from '../../../compute/media-payload.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import type { MediaItem } from '../../../state/pages/media.ts'
import type { Thumbnail } from '../../../state/pages/thumbnails.ts'
import { Name } from '../../components/name.tsx'
import { LineSample } from '../../components/swatch.tsx'
import type { MediaModel } from './model.ts'
import type { SectionView } from './section-view.ts'

/** A cell of the grid: the value that stands there, or why none does. */
export function MediaCard(props: {
  model: MediaModel
  view: SectionView
  row: GridHead
  column: GridHead
  cell: GridCell
  /** Line and column. */
  place: string
}) {
  const { runs } = useApp()
  const { model, view } = props
  const [turn, setTurn] = createSignal(0)
  const count = () => props.cell.items.length
  const item = createMemo(() => view.item(props.cell.items[turn() % Math.max(1, count())] ?? -1))
  const sides = () => view.placed().places
  const bySide = (what: string) => sides().rowsBy === what || sides().columnsBy === what
  const isAsked = () => {
    const step = item()?.step ?? props.column.step ?? props.row.step
    const own = bySide('step')
      ? (props.column.step ?? props.row.step)
      : sides().columnsBy === 'all'
        ? step
        : undefined
    return own !== undefined && own === view.step()
  }
  /** Held at its step, unless it stands for the step of the page. */
  const pane = () => {
    const now = item()
    if (!now) return undefined
    const pinned = (bySide('step') || sides().columnsBy === 'all') && !isAsked()
    return model.paneOf(now, pinned)
  }
  const payload = createMemo(() => {
    const now = item()
    return now && model.media.payload(now)
  })
  const runName = () => runs.styled(item()?.run ?? '')?.name ?? ''
  const warning = () => {
    const { asked } = props.cell
    const step = item()?.step
    return asked === undefined || step === undefined || step === asked
      ? ''
      : `${formatCount(step)}, asked ${formatCount(asked)}`
  }
  const under = () => {
    const now = item()
    if (!now) return ''
    const step = Number.isFinite(now.step) ? formatCount(now.step) : 'no step'
    return [
      ...(count() > 1 ? [`${(turn() % count()) + 1} of ${formatCount(count())}`] : []),
      ...(bySide('run') || view.layout().phone ? [] : [runName()]),
      ...(sides().columnsBy === 'all' || view.layout().phone ? [step] : []),
      ...(bySide('caption') ? [] : [payload()?.caption ?? '']),
    ]
      .filter(Boolean)
      .join(', ')
  }
  const name = () => {
    const now = item()
    if (!now)
      return `${visibleName(props.row.text)} ${visibleName(props.column.text)}: ${props.cell.why ?? 'none'}`
    const kind = isMediaKind(now.kind) ? MEDIA_WORDS[now.kind][0] : 'value'
    const step = Number.isFinite(now.step) ? `step ${formatCount(now.step)}` : 'no step'
    return [
      kind,
      visibleName(runName()),
      warning() ? `step ${warning()}` : step,
      visibleName(payload()?.caption ?? ''),
    ]
      .filter(Boolean)
      .join(', ')
  }
  const chosen = () => {
    const now = pane()
    return now !== undefined && model.isChosen(now)
  }
  function choose(): void {
    const now = pane()
    if (now) model.toggleChosen(now)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: of a table all rows would have to be in the page
    // biome-ignore lint/a11y/useFocusableInteractive: its buttons have the keys
    <div role="gridcell" class="media-cell" data-place={props.place} data-step={item()?.step}>
      <Show when={view.layout().phone}>
        <span class="media-run">
          <Show when={runs.styled(item()?.run ?? props.column.run ?? '')}>
            {(run) => (
              <>
                <LineSample color={run().style.color} dash={run().style.dash} />
                <Name of={run().name} />
              </>
            )}
          </Show>
        </span>
      </Show>
      <div class="media-box" classList={{ asked: isAsked(), empty: !item() }}>
        <Show
          when={item()}
          fallback={
            <button type="button" class="card-open none" tabIndex={firstOf(props.place)}>
              <span class="unseen">{name()}</span>
              <span>not logged</span>
              <span>{props.cell.why}</span>
            </button>
          }
        >
          {(now) => (
            <>
              <button
                type="button"
                class="card-open"
                tabIndex={firstOf(props.place)}
                onClick={(event) => {
                  const opens = pane()
                  if (event.ctrlKey || event.metaKey || event.shiftKey) choose()
                  else if (opens) model.open([opens])
                }}
                onKeyDown={(event) => {
                  if (event.key !== ' ') return
                  event.preventDefault()
                  event.stopPropagation()
                  choose()
                }}
              >
                {/* its name, and then what the card says of its file */}
                <span class="unseen">{name()}</span>
                <CardBody model={model} item={now()} cell={view.layout().cell} />
              </button>
              {/* biome-ignore lint/a11y/useSemanticElements: it is drawn, and Space is the card's */}
              <button
                type="button"
                class="card-tick"
                role="checkbox"
                aria-checked={chosen()}
                aria-label={`Choose ${name()}`}
                tabIndex={-1}
                onClick={choose}
              >
                <span class="tri" aria-hidden="true" />
              </button>
            </>
          )}
        </Show>
      </div>
      <Show
        when={count() > 1}
        fallback={
          <span
            class="media-under"
            classList={{ warned: warning() !== '' }}
            title={visibleName(payload()?.caption ?? '')}
          >
            {warning() || visibleName(under())}
          </span>
        }
      >
        <button
          type="button"
          class="media-under link-button"
          classList={{ warned: warning() !== '' }}
          title="Several values stand here: the next one"
          tabIndex={-1}
          onClick={() => setTurn((n) => n + 1)}
        >
          {visibleName([warning(), under()].filter(Boolean).join(', '))}
        </button>
      </Show>
    </div>
  )
}

/** Tab reaches one card of a grid; arrows walk them. */
function firstOf(place: string): 0 | -1 {
  return place.endsWith(':0') ? 0 : -1
}

/** What cards take: the values, and small pictures of their files. */
export type CardSource = Pick<MediaModel, 'media' | 'thumbnails'>

/** A value as small as a card, whatever its kind. */
export function CardBody(props: { model: CardSource; item: MediaItem; cell: number }) {
  const payload = createMemo(() => props.model.media.payload(props.item))
  const path = () => payload()?.path ?? ''
  const pictured = () =>
    props.item.kind === 'trackio.image' || (props.item.kind === 'trackio.video' && endingOf(path()) === 'gif')
  const points = () => {
    const told = payload()?.points
    return told && told.rendered < told.original
      ? `${formatCount(told.rendered)} of ${formatCount(told.original)} points`
      : ''
  }
  return (
    <Switch fallback={<span class="card-wait" />}>
      <Match when={payload()?.odd}>
        {(why) => (
          <span class="card-words">
            <b class="bad">no {isMediaKind(props.item.kind) ? MEDIA_WORDS[props.item.kind][0] : 'value'}</b>
            <span>{why()}</span>
          </span>
        )}
      </Match>
      <Match when={payload()?.text !== undefined}>
        <span class="card-text">{(payload()?.text ?? '').slice(0, 400)}</span>
      </Match>
      <Match when={payload() && pictured()}>
        <Picture model={props.model} path={path()} cell={props.cell} />
        <Show when={props.item.kind === 'trackio.video'}>
          <span class="card-kind">gif</span>
        </Show>
      </Match>
      <Match when={payload()}>
        <span class="card-words">
          <b>{isMediaKind(props.item.kind) ? MEDIA_WORDS[props.item.kind][0] : 'value'}</b>
          <span>{endingOf(path())}</span>
          <span>{points()}</span>
        </span>
      </Match>
    </Switch>
  )
}

const TROUBLES = { missing: 'missing file', unread: 'could not be read', failed: 'broken file' }

/** What shows pictures; the Media page also counts those that could not be read, and has them tried again. */
type Shows = Pick<MediaModel, 'thumbnails'> & Partial<Pick<MediaModel, 'media' | 'unread'>>

/** A small picture of a file, in pixels of its own; enlarged ones keep theirs. */
export function Picture(props: { model: Shows; path: string; cell: number }) {
  const [found, setFound] = createSignal<Exclude<Thumbnail, { state: 'ready' }>>()
  const [large, setLarge] = createSignal(false)
  const [blank, setBlank] = createSignal(true)
  let canvas: HTMLCanvasElement | undefined
  /** A few sizes, so that a window that is made a little larger asks for nothing anew. */
  const px = () => Math.ceil((props.cell * (window.devicePixelRatio || 1)) / 64) * 64
  createEffect(
    on([() => props.path, px, () => props.model.media?.tries()], ([path, size]) => {
      onCleanup(() => props.model.unread?.(path, undefined))
      const stop = props.model.thumbnails.want(path, size, (thumbnail) => {
        props.model.unread?.(path, thumbnail.state === 'unread' ? thumbnail.why : undefined)
        if (thumbnail.state !== 'ready') {
          setBlank(true)
          return void setFound(thumbnail)
        }
        setFound(undefined)
        const { bitmap } = thumbnail
        const context = canvas?.getContext('2d')
        if (!canvas || !context) return
        canvas.width = bitmap.width
        canvas.height = bitmap.height
        context.drawImage(bitmap, 0, 0)
        setLarge(Math.max(thumbnail.size.width, thumbnail.size.height) < props.cell)
        setBlank(false)
      })
      onCleanup(stop)
    }),
  )
  return (
    <>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas takes no focus */}
      <canvas ref={canvas} aria-hidden="true" classList={{ pixels: large(), blank: blank() }} />
      <Show when={found()}>
        {(one) => {
          const words = () => {
            const now = one()
            return now.state === 'missing' ? '' : now.why
          }
          return (
            <span class="card-words">
              <b class="bad">{TROUBLES[one().state]}</b>
              <span>{visibleName(pathEnd(props.path))}</span>
              <span>{words()}</span>
            </span>
          )
        }}
      </Show>
    </>
  )
}
