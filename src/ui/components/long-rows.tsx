import '../styles/long-rows.css'
import {
  type Accessor,
  createEffect,
  createMemo,
  createSignal,
  For,
  type JSX,
  on,
  onCleanup,
  onMount,
  Show,
} from 'solid-js'
import { scrolled, scrollScale, toReal, toShown } from '../../compute/scroll-scale.ts'

/** What the owner of a list can have it do. */
export interface LongRowsControl {
  /** Brings a row into sight: to the top, or only where it is not seen. */
  scrollTo(row: number, where: 'top' | 'nearest'): void
}

export interface LongRowsProps {
  count: number
  /** Of each row, px. */
  rowHeight: number
  /** What scrolls: an element around the list, which may hold other things before and after it. */
  scroller: HTMLElement | undefined
  /** Of the scroller's top, what heads lie over that stick there, px. */
  inset?: number | undefined
  /** What stands between a row and the next one, of the row's place and a height of its own, px. */
  gap?: { after: number; height: number } | undefined
  inGap?(): JSX.Element
  class?: string | undefined
  role?: 'rowgroup' | 'presentation' | undefined
  /** The rows in sight, the last one left out; called whenever they change. */
  onRange?(from: number, end: number): void
  control?(control: LongRowsControl): void
  /** What a row shows: the same element shows another row when the list moves. */
  children(row: Accessor<number>): JSX.Element
}

/** Rows beyond both ends of the window that are in the page already. */
const OVERSCAN = 8
/** Scrolling has ended when nothing moved for so long, where the browser does not tell. */
const ENDED_MS = 150
/** Rows are placed from here on, so that no number grows beyond what a transform holds exactly. */
const BASE = 500_000

/**
 * Rows of one height, any number of them, of which only those in sight are in the page. A list that is higher
 * than an element can be is scrolled by `compute/scroll-scale.ts`.
 */
export function LongRows(props: LongRowsProps) {
  let list: HTMLDivElement | undefined
  const [view, setView] = createSignal(0)
  /** Top of the window: in the element, and in the list. */
  const [place, setPlace] = createSignal({ shown: 0, real: 0 })
  const gapHeight = () => (props.gap && props.gap.after < props.count ? props.gap.height : 0)
  const scale = createMemo(() => scrollScale(props.count * props.rowHeight + gapHeight()))
  const slots = createMemo(() =>
    Math.min(props.count, Math.ceil(view() / props.rowHeight) + 1 + 2 * OVERSCAN),
  )
  const first = createMemo(() => {
    const at = rowAt(place().real) - OVERSCAN
    return Math.max(0, Math.min(props.count - slots(), at))
  })
  const base = createMemo(() => Math.floor(place().real / BASE) * BASE)
  const indexes = createMemo<number[]>(
    (before) => (before.length === slots() ? before : Array.from({ length: slots() }, (_, i) => i)),
    [],
  )

  createEffect(
    on([first, slots, view, () => props.count, gapHeight], () => {
      const { real } = place()
      // the list may lie below the window, or above it
      const end = Math.max(0, Math.min(props.count, rowAt(real + view() - 1) + 1))
      const from = Math.max(0, Math.min(end, rowAt(real + (props.inset ?? 0))))
      props.onRange?.(from, end)
    }),
  )

  /** Top of a row in the list, and the row at a place; the gap belongs to the row before it. */
  function topOf(row: number): number {
    return row * props.rowHeight + (props.gap && row > props.gap.after ? gapHeight() : 0)
  }
  function rowAt(top: number): number {
    const { gap, rowHeight } = props
    const plain = Math.floor(top / rowHeight)
    if (!gap || plain <= gap.after) return plain
    return Math.max(gap.after, Math.floor((top - gapHeight()) / rowHeight))
  }
  /** The gap is near the window: beyond, its place may be no number that a transform holds. */
  const gapNear = createMemo(() => {
    const { gap } = props
    if (!gap || gap.after >= props.count) return false
    const top = topOf(gap.after) - place().real
    return top > -20_000 && top < view() + 20_000
  })

  /** Where the window's top is in the element now; it is above it while other things are. */
  function shownNow(): number {
    if (!list || !props.scroller) return 0
    return props.scroller.getBoundingClientRect().top - list.getBoundingClientRect().top
  }

  function onScroll(): void {
    const shown = shownNow()
    setPlace((before) => ({ shown, real: scrolled(scale(), before, shown, view()) }))
    clearTimeout(timer)
    timer = setTimeout(settle, ENDED_MS)
  }
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Puts the element where the list's place belongs, so that the scroll bar is right; nothing moves. */
  function settle(): void {
    clearTimeout(timer)
    const { shown, real } = place()
    const wanted = toShown(scale(), real)
    if (props.scroller && Math.abs(wanted - shown) > 1) moveTo(wanted, real)
  }

  function moveTo(shown: number, real: number): void {
    if (!props.scroller) return
    props.scroller.scrollTop += shown - shownNow()
    // the browser rounds to its pixels
    const now = shownNow()
    const atEnd = props.scroller.scrollTop + props.scroller.clientHeight >= props.scroller.scrollHeight - 1
    setPlace({ shown: now, real: atEnd || scale().real === scale().shown ? toReal(scale(), now) : real })
  }

  props.control?.({
    scrollTo(row, where) {
      const inset = props.inset ?? 0
      const { real } = place()
      const top = topOf(row) - inset
      const bottom = topOf(row) + props.rowHeight - view()
      const hidden = top < real ? top : bottom > real ? bottom : undefined
      const wanted = where === 'top' ? top : hidden
      if (wanted !== undefined) moveTo(toShown(scale(), wanted), wanted)
    },
  })

  createEffect(() => {
    const { scroller } = props
    if (!scroller) return
    const measure = (): void => {
      setView(scroller.clientHeight)
      onScroll()
    }
    const sized = new ResizeObserver(measure)
    sized.observe(scroller)
    // what stands before the list may grow
    if (scroller.firstElementChild) sized.observe(scroller.firstElementChild)
    scroller.addEventListener('scroll', onScroll, { passive: true })
    scroller.addEventListener('scrollend', settle)
    onCleanup(() => {
      sized.disconnect()
      scroller.removeEventListener('scroll', onScroll)
      scroller.removeEventListener('scrollend', settle)
      clearTimeout(timer)
    })
  })
  onMount(() => {
    if (props.scroller) setView(props.scroller.clientHeight)
    onScroll()
  })
  // what stands before the list may have another height then
  createEffect(
    on(
      () => props.count,
      () => queueMicrotask(onScroll),
      { defer: true },
    ),
  )

  return (
    <div
      ref={list}
      class={`long-rows ${props.class ?? ''}`}
      role={props.role ?? 'rowgroup'}
      style={{ height: `${scale().shown}px` }}
    >
      <div
        class="long-rows-layer"
        role="presentation"
        style={{ top: `${place().shown - place().real + base()}px` }}
      >
        <For each={indexes()}>
          {(slot) => {
            // the same element shows every so manieth row
            const row = createMemo(() => {
              const from = first()
              const turn = (((slot - from) % slots()) + slots()) % slots()
              return from + turn
            })
            return (
              <div
                class="long-rows-slot"
                role="presentation"
                style={{
                  height: `${props.rowHeight}px`,
                  transform: `translateY(${topOf(row()) - base()}px)`,
                }}
              >
                {props.children(row)}
              </div>
            )
          }}
        </For>
        <Show when={gapNear()}>
          <div
            class="long-rows-slot"
            role="presentation"
            style={{
              transform: `translateY(${topOf(props.gap?.after ?? 0) + props.rowHeight - base()}px)`,
            }}
          >
            {props.inGap?.()}
          </div>
        </Show>
      </div>
    </div>
  )
}
