import { createEffect, createMemo, createSignal, lazy, on, onCleanup, onMount, Show } from 'solid-js'
import {
  autoColumns,
  cardHeight,
  heightOf,
  layoutSections,
  type SheetMeasure,
} from '../../../compute/sections.ts'
import { useApp } from '../../../state/app.ts'
import { createLate } from '../../../state/base/late.ts'
import { FEW_CHARTS } from '../../../state/view/metric-list.ts'
import { SheetBlank } from './blank.tsx'
import { createFolds } from './folds.ts'
import { makeMountQueue } from './mount-queue.ts'
import type { Reorder } from './reorder.ts'
import { SectionList } from './section.tsx'

/**
 * Up to this many metrics every chart has its place in the page, so that the browser's own search finds it;
 * of more, those around the window.
 */
// no chart needs it to stand
const SheetClosing = lazy(async () => ({ default: (await import('./closing.tsx')).SheetClosing }))

const MOST_PLACES = 1000
const REACH = 3000
/** Scrolling within this distance makes no new rows. */
const GRAIN = 120
const PHONE_CARD = 230
const LEAST_CARD = 168
const MOVING_MS = 120
const PIN = 'button[aria-label="Pin"]'

export interface SheetProps {
  /** Where the sheet stands: an embed fills its frame, a phone has one column. */
  frame: 'full' | 'embed' | 'phone'
}

/**
 * The ruled surface of charts. Its height is known from the layout, so only what is near the window is in the
 * page.
 */
export function Sheet(props: SheetProps) {
  const app = useApp()
  const { metrics, location, runs, settled, arrangement } = app
  const folds = createFolds()
  const columnsWanted = location.field('columns')
  const [size, setSize] = createSignal(
    { width: 0, height: 0 },
    { equals: (a, b) => a.width === b.width && a.height === b.height },
  )
  const [scroll, setScroll] = createSignal(0)
  let sheet: HTMLElement | undefined

  let scrolled = 0
  // one a frame while the sheet moves: each costs its drawing too
  const queue = makeMountQueue(() => performance.now() - scrolled < MOVING_MS)
  queue.onChange((urgent) => settled.setBusy('sheet', urgent))

  onMount(() => {
    if (!sheet) return
    const measureSheet = () => setSize({ width: sheet?.clientWidth ?? 0, height: sheet?.clientHeight ?? 0 })
    measureSheet()
    const sized = new ResizeObserver(measureSheet)
    sized.observe(sheet)
    onCleanup(() => sized.disconnect())
  })
  createEffect(on(size, settled.poke, { defer: true }))
  onCleanup(() => settled.setBusy('sheet', false))

  const measure = createMemo((): SheetMeasure => {
    const { width, height } = size()
    const wanted = columnsWanted()
    const count = metrics.cards()
    const one = props.frame === 'phone' || (props.frame === 'embed' && width < 560)
    const auto =
      props.frame === 'embed' && count <= FEW_CHARTS
        ? Math.min(Math.max(1, count), Math.max(1, Math.floor(width / 320)))
        : autoColumns(width)
    const columns = one ? 1 : wanted === 'auto' ? auto : wanted
    const headHeight = metrics.plain() ? 0 : props.frame === 'phone' ? 36 : 32
    const rows = Math.ceil(count / columns)
    // a single column fills the frame too, as long as its charts stay readable
    const fill =
      props.frame === 'embed' &&
      metrics.plain() &&
      count <= FEW_CHARTS &&
      (!one || height >= rows * LEAST_CARD)
    const rowHeight = fill
      ? Math.max(LEAST_CARD, Math.floor(height / rows))
      : props.frame === 'phone'
        ? PHONE_CARD
        : cardHeight(width / columns)
    return { columns, rowHeight, headHeight, closed: folds.isClosed }
  })
  const blocks = createMemo(() => (size().width === 0 ? [] : layoutSections(metrics.sections(), measure())))
  const height = createMemo(() => heightOf(blocks()))
  const viewport = createMemo(() => ({
    top: Math.min(scroll(), Math.max(0, height() - size().height)),
    height: size().height,
  }))
  const reach = createMemo(() => (metrics.cards() <= MOST_PLACES ? Number.POSITIVE_INFINITY : REACH))

  let frame = 0
  function onScroll(): void {
    scrolled = performance.now()
    if (frame !== 0) return
    frame = requestAnimationFrame(() => {
      frame = 0
      const top = sheet?.scrollTop ?? 0
      setScroll(Math.floor(top / GRAIN) * GRAIN)
    })
  }
  onCleanup(() => cancelAnimationFrame(frame))

  const [reorder, setReorder] = createSignal<Reorder>()
  let coming: Promise<Reorder> | undefined
  // once the charts stand: the first of them do not wait for it
  createEffect(on(settled.ready, (ready) => ready && void loadReorder().catch(() => undefined)))
  onCleanup(() => reorder()?.stop())

  /** What moves charts and sections; asked for again where it did not come. */
  function loadReorder(): Promise<Reorder> {
    coming ??= import('./reorder.ts').then(({ makeReorder }) => {
      const made = makeReorder({ sheet: () => sheet, blocks, measure, arrangement })
      setReorder(made)
      return made
    })
    coming.catch(() => {
      coming = undefined
    })
    return coming
  }

  function onPointerDown(event: PointerEvent): void {
    if (!metrics.plain()) reorder()?.onPointerDown(event)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (
      metrics.plain() ||
      !/^Arrow/.test(event.key) ||
      !event.altKey ||
      event.ctrlKey ||
      event.metaKey ||
      event.shiftKey
    )
      return
    // elsewhere the browser goes back a page by them
    if (!(event.target instanceof Element) || !event.target.closest('figure, .section-head')) return
    event.preventDefault()
    event.stopPropagation()
    void loadReorder().then((loaded) => loaded.onKeyDown(event))
  }

  let pressed:
    | { metric: string; key: string | undefined; top: number | undefined; byKey: boolean }
    | undefined
  const topOf = (key: string | undefined) => blocks().find(({ section }) => section.key === key)?.top

  function onClick(event: MouseEvent): void {
    const button = event.target instanceof Element ? event.target.closest(PIN) : null
    const metric = button?.closest<HTMLElement>('figure')?.dataset.metric
    const key = button?.closest<HTMLElement>('[data-section]')?.dataset.section
    pressed = metric === undefined ? undefined : { metric, key, top: topOf(key), byKey: event.detail === 0 }
  }
  // a pinned chart is made anew elsewhere: the focus goes with it, and what was around it stays where it is,
  // unless the top is in sight
  createEffect(
    on(
      arrangement.pins,
      () => {
        if (!pressed || !sheet) return
        const { metric, key, top, byKey } = pressed
        pressed = undefined
        const now = topOf(key)
        if (sheet.scrollTop > 0 && top !== undefined && now !== undefined) sheet.scrollTop += now - top
        focusIn(metric, PIN, byKey)
      },
      { defer: true },
    ),
  )

  // no chart needs their code: it comes with the first of them that is near the window
  const [wanted, setWanted] = createSignal(false)
  const histograms = createLate(
    wanted,
    async () => (await import('../histograms/sheet-card.tsx')).createSheetHistograms,
    (error) => app.sources.fail(error, 'histograms'),
  )
  const context = {
    histograms: { made: histograms, want: () => setWanted(true) },
    get measure() {
      return measure()
    },
    get width() {
      return size().width
    },
    get viewport() {
      return viewport()
    },
    get reach() {
      return reach()
    },
    get fullName() {
      return metrics.plain()
    },
    legend: props.frame === 'phone',
    queue,
    toggle: folds.toggle,
  }
  return (
    <section
      class="sheet"
      id="charts"
      aria-label="All charts"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reached by keys
      tabIndex={0}
      ref={sheet}
      onScroll={onScroll}
      onPointerDown={onPointerDown}
      on:keydown={{ handleEvent: onKeyDown, capture: true }}
      on:click={{ handleEvent: onClick, capture: true }}
      style={{ '--head': `${measure().headHeight}px` }}
    >
      <span class="unseen" role="status">
        {reorder()?.said()}
      </span>
      <SheetBlank />
      <div class="sheet-inner" classList={{ blanked: runs.noneDrawn() }} style={{ height: `${height()}px` }}>
        <SectionList blocks={blocks()} top={0} level={2} context={context} />
        <Show when={reorder()?.mark()}>
          {(mark) => (
            <div
              class="drop-mark"
              style={{
                left: `max(1px, min(100% - 1px, ${mark().left}px))`,
                top: `${mark().top}px`,
                width: `${mark().width}px`,
                height: `${mark().height}px`,
              }}
            />
          )}
        </Show>
      </div>
      <Show when={props.frame !== 'embed'}>
        <SheetClosing
          folds={folds}
          columns={measure().columns}
          width={size().width}
          height={measure().rowHeight}
          legend={props.frame === 'phone'}
        />
      </Show>
    </section>
  )
}

/**
 * Brings a metric's card into the window and gives it the keys. False where it has no card: folded, searched
 * away, or far off.
 */
export function scrollToMetric(metric: string): boolean {
  const figure = document.querySelector(figureOf(metric))
  if (!figure) return false
  figure.scrollIntoView({ block: 'center' })
  focusChart(metric)
  return true
}

/** Gives a chart the keys: at once, or when it is made, which takes a moment after scrolling to it. */
export function focusChart(metric: string): void {
  focusIn(metric, '[tabindex="0"]', false)
}

function focusIn(metric: string, part: string, scroll: boolean, tries = 10): void {
  const figure = document.querySelector(figureOf(metric))
  if (scroll) figure?.scrollIntoView({ block: 'nearest' })
  const found = figure?.querySelector<HTMLElement>(part)
  if (found) found.focus({ preventScroll: true })
  else if (tries > 0) setTimeout(() => focusIn(metric, part, scroll, tries - 1), 50)
  // too far off to be made: the keys go to the sheet it stands on
  else if (document.activeElement === document.body)
    document.getElementById('charts')?.focus({ preventScroll: true })
}

function figureOf(metric: string): string {
  return `figure[data-metric="${CSS.escape(metric)}"]`
}
