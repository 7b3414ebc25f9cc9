import '../../styles/reorder.css'
import { type Accessor, createSignal } from 'solid-js'
import { sectionId } from '../../../compute/section-order.ts'
import { type Block, isMovable, perRow, type SheetMeasure } from '../../../compute/sections.ts'
import type { Arrangement, Movable } from '../../../state/data/arrangement.ts'

/** A press that goes this far is a drag. */
const DRAG_FROM = 5
/** A finger that rests so long lifts what it is on; one that goes further before scrolls. */
const HOLD_MS = 350
const STILL = 10
/** This near to the sheet's edge a drag scrolls, by up to this much a frame. */
const EDGE = 48
const FASTEST = 18

/** Where what is dragged would go: pixels of the sheet's content. */
export interface Mark {
  left: number
  top: number
  width: number
  height: number
}

export interface ReorderOptions {
  sheet(): HTMLElement | undefined
  blocks: Accessor<Block[]>
  measure: Accessor<SheetMeasure>
  arrangement: Arrangement
}

/** A block with its place on the whole sheet, and the blocks of its level. */
interface Placed {
  block: Block
  top: number
  level: Block[]
}

interface Target {
  before: string | undefined
  mark: Mark
}

export interface Reorder {
  mark: Accessor<Mark | undefined>
  /** Where the last one went, in words. */
  said: Accessor<string>
  /** Of Alt and an arrow. */
  onKeyDown(event: KeyboardEvent): void
  onPointerDown(event: PointerEvent): void
  stop(): void
}

/** Charts by their captions and sections by their heads, put in order: by dragging, or Alt and the arrows. */
export function makeReorder({ sheet, blocks, measure, arrangement }: ReorderOptions): Reorder {
  const [mark, setMark] = createSignal<Mark>()
  const [said, setSaid] = createSignal('')
  let end: (() => void) | undefined

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0
    const found = findIn(event.target)
    if (!found) return
    const { what, placed } = found
    const ids = idsOf(found)
    const id = idOf(what)
    const row =
      'metric' in what && event.key !== 'ArrowLeft' && event.key !== 'ArrowRight' ? perRow(placed.block) : 1
    const at = ids.indexOf(id)
    const to = Math.max(0, Math.min(ids.length - 1, at + step * row))
    if (to === at) return
    const focused = document.activeElement
    put(what, ids.filter((other) => other !== id)[to], ids)
    // what is put elsewhere in the page has lost the focus
    if (!(focused instanceof HTMLElement)) return
    focused.focus({ preventScroll: true })
    const place =
      'metric' in what
        ? focused.closest('figure')
        : focused.closest('section')?.querySelector('.section-head, .cell')
    place?.scrollIntoView({ block: 'nearest' })
  }

  function onPointerDown(event: PointerEvent): void {
    if (event.button !== 0 || !(event.target instanceof Element)) return
    const handle = event.target.closest('.section-head button, figcaption')
    if (!handle || (handle.matches('figcaption') && event.target.closest('button'))) return
    const found = findIn(handle)
    if (!found || idsOf(found).length < 2) return
    if (event.pointerType === 'touch') hold(event, handle, found)
    else drag(event, handle, found)
  }

  /** A finger scrolls, unless it rests first. */
  function hold(start: PointerEvent, handle: Element, found: Found): void {
    const stop = new AbortController()
    const { signal } = stop
    const timer = setTimeout(() => {
      stop.abort()
      drag(start, handle, found)
    }, HOLD_MS)
    const giveUp = (): void => {
      clearTimeout(timer)
      stop.abort()
    }
    end = () => {
      giveUp()
      end = undefined
    }
    window.addEventListener(
      'pointermove',
      (event) => {
        if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > STILL) giveUp()
      },
      { signal },
    )
    for (const type of ['pointerup', 'pointercancel'] as const)
      window.addEventListener(type, giveUp, { signal })
  }

  function drag(start: PointerEvent, handle: Element, found: Found): void {
    const { what } = found
    const stop = new AbortController()
    const moved = 'metric' in what ? handle.closest('.cell') : handle.closest('section')
    const at = { x: start.clientX, y: start.clientY }
    let target: Target | undefined
    let frame = 0
    end = () => {
      stop.abort()
      cancelAnimationFrame(frame)
      moved?.classList.remove('moving')
      sheet()?.classList.remove('sorting')
      setMark(undefined)
      end = undefined
    }
    const look = () => {
      target = targetAt(found, at.x, at.y)
      setMark(target?.mark)
    }
    const scroll = () => {
      const box = sheet()?.getBoundingClientRect()
      const into = box ? Math.max(0, at.y - box.bottom + EDGE) - Math.max(0, box.top + EDGE - at.y) : 0
      if (into !== 0) {
        sheet()?.scrollBy({
          top: Math.max(-FASTEST, Math.min(FASTEST, (into * FASTEST) / EDGE)),
          behavior: 'instant',
        })
        look()
      }
      frame = requestAnimationFrame(scroll)
    }
    const lift = (): void => {
      moved?.classList.add('moving')
      sheet()?.classList.add('sorting')
      getSelection()?.removeAllRanges()
      frame = requestAnimationFrame(scroll)
    }
    const on = <K extends 'pointermove' | 'pointerup' | 'pointercancel' | 'keydown' | 'click'>(
      type: K,
      act: (event: WindowEventMap[K]) => void,
    ) => window.addEventListener(type, act, { signal: stop.signal, capture: true })
    on('pointermove', (event) => {
      Object.assign(at, { x: event.clientX, y: event.clientY })
      if (!target) {
        if (Math.hypot(at.x - start.clientX, at.y - start.clientY) < DRAG_FROM) return
        lift()
      }
      look()
    })
    on('pointerup', () => {
      const to = target
      end?.()
      if (!to) return
      // the press has done its work: no head is folded by it
      const quiet = new AbortController()
      window.addEventListener('click', (event) => event.stopPropagation(), {
        capture: true,
        signal: quiet.signal,
      })
      setTimeout(() => quiet.abort())
      put(what, to.before, idsOf(found))
    })
    on('pointercancel', () => end?.())
    if (start.pointerType === 'touch') {
      lift()
      look()
    }
    on('keydown', (event) => {
      if (event.key !== 'Escape' || !target) return
      event.stopPropagation()
      event.preventDefault()
      end?.()
    })
  }

  function put(what: Movable, before: string | undefined, shown: readonly string[]): void {
    const id = idOf(what)
    const rest = shown.filter((other) => other !== id)
    // back to where it was
    const at = before === id ? shown.indexOf(id) : before === undefined ? rest.length : rest.indexOf(before)
    if (at === shown.indexOf(id)) return
    arrangement.move(what, rest[at], shown)
    setSaid(
      `${'metric' in what ? what.metric : what.section.replace(/\/$/, '') || 'charts'}: ${at + 1} of ${shown.length}`,
    )
  }

  /** The chart or section that an element belongs to, where it can be moved. */
  function findIn(element: EventTarget | null): Found | undefined {
    if (!(element instanceof Element)) return undefined
    const key = element.closest<HTMLElement>('[data-section]')?.dataset.section
    const placed = placedBlocks(blocks()).find(({ block }) => block.section.key === key)
    if (!placed) return undefined
    const metric = element.closest<HTMLElement>('figure[data-metric]')?.dataset.metric
    if (metric !== undefined)
      return placed.block.section.metrics.includes(metric) ? { what: { metric }, placed } : undefined
    if (!element.closest('.section-head') || !isMovable(placed.block.section)) return undefined
    return { what: { section: sectionId(placed.block.section) }, placed }
  }

  function targetAt({ what, placed }: Found, clientX: number, clientY: number): Target | undefined {
    const inner = sheet()?.querySelector('.sheet-inner')?.getBoundingClientRect()
    if (!inner) return undefined
    const [x, y] = [clientX - inner.left, clientY - inner.top]
    const column = inner.width / measure().columns
    return 'metric' in what ? chartTarget(placed, x, y, column) : sectionTarget(placed, x, y, column)
  }

  function chartTarget({ block, top }: Placed, x: number, y: number, column: number): Target {
    const { rowHeight, headHeight } = measure()
    const { metrics } = block.section
    const many = perRow(block)
    if (many === 1) {
      // one below the other: the half of a chart that is pointed at decides
      const at = Math.max(0, Math.min(metrics.length, Math.round((y - top - headHeight) / rowHeight)))
      const mark = {
        left: block.column * column,
        top: top + headHeight + at * rowHeight,
        width: block.span * column,
        height: 0,
      }
      return { before: metrics[at], mark }
    }
    const row = Math.max(
      0,
      Math.min(Math.ceil(metrics.length / many) - 1, Math.floor((y - top - headHeight) / rowHeight)),
    )
    const left = block.column * column
    const width = block.span * column
    const last = Math.min(many, metrics.length - row * many)
    const slot = Math.max(0, Math.min(last, Math.round((x - left) / width)))
    const mark = {
      left: left + slot * width,
      top: top + headHeight + row * rowHeight,
      width: 0,
      height: rowHeight,
    }
    return { before: metrics[row * many + slot], mark }
  }

  function sectionTarget(
    { level, top: own, block }: Placed,
    x: number,
    y: number,
    column: number,
  ): Target | undefined {
    const from = own - block.top
    const movable = level.filter(({ section }) => isMovable(section))
    const isAt = (one: Block) =>
      from + one.top <= y && x >= one.column * column && x < (one.column + one.columns) * column
    const over = movable.findLast(isAt) ?? movable[0]
    if (!over) return undefined
    const beside = over.columns < measure().columns
    const left = over.column * column
    const [width, height] = [over.columns * column, over.height]
    // of a section that is higher than the window, the first part counts as its upper half
    const behind = beside
      ? x > left + width / 2
      : y > from + over.top + Math.min(height, sheet()?.clientHeight ?? height) / 2
    const mark = beside
      ? { left: left + (behind ? width : 0), top: from + over.top, width: 0, height }
      : { left, top: from + over.top + (behind ? height : 0), width, height: 0 }
    const next = movable[movable.indexOf(over) + (behind ? 1 : 0)]
    return { before: next && sectionId(next.section), mark }
  }

  const gone = new AbortController()
  // what is lifted goes with the finger, the sheet stays; a long press opens no menu over it
  for (const type of ['touchmove', 'contextmenu'] as const)
    sheet()?.addEventListener(
      type,
      (event) => mark() !== undefined && event.cancelable && event.preventDefault(),
      { passive: false, signal: gone.signal },
    )
  const stop = (): void => {
    gone.abort()
    end?.()
  }
  return { mark, said, onKeyDown, onPointerDown, stop }
}

interface Found {
  what: Movable
  placed: Placed
}

function idOf(what: Movable): string {
  return 'metric' in what ? what.metric : what.section
}

/** Of everything that it stands among, as it stands on the sheet. */
function idsOf({ what, placed }: Found): string[] {
  if ('metric' in what) return placed.block.section.metrics
  return placed.level.filter(({ section }) => isMovable(section)).map(({ section }) => sectionId(section))
}

function placedBlocks(level: Block[], top = 0): Placed[] {
  return level.flatMap((block) => [
    { block, top: top + block.top, level },
    ...placedBlocks(block.nested, top + block.top),
  ])
}
