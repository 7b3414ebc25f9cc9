import { createSignal } from 'solid-js'

export interface PointerActs {
  at(x: number, y: number): number | undefined
  pan(x: number, y: number): void
  zoom(factor: number, x: number, y: number): void
  hover(item: number | undefined): void
  choose(item: number): void
  /** Of a second click. */
  act(item: number): void
  /** The plain wheel moves the graph; else it is the page's. */
  wheel(): boolean
}

/** A click, not a drag, px. */
const SLACK = 4
const TWICE_MS = 400
/** Of zooming by the wheel, as an exponent. */
const MOST_STEP = 0.25

/** Mouse, pen and fingers over the graph: drag to pan, Ctrl or ⌘ and wheel or two fingers to zoom. */
export function createPointers(acts: PointerActs) {
  const down = new Map<number, { x: number; y: number }>()
  let began: { x: number; y: number } | undefined
  let moved = false
  let clicked: { item: number; at: number } | undefined
  const [dragging, setDragging] = createSignal(false)
  const [over, setOver] = createSignal(false)

  const placeOf = (event: PointerEvent | WheelEvent): { x: number; y: number } => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  function release(event: PointerEvent): void {
    down.delete(event.pointerId)
    if (down.size > 0) return
    began = undefined
    setDragging(false)
  }

  return {
    dragging,
    over,
    down(event: PointerEvent): void {
      if (event.button !== 0) return
      const at = placeOf(event)
      down.set(event.pointerId, at)
      moved = down.size > 1
      began = at
      if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId)
    },
    move(event: PointerEvent): void {
      const at = placeOf(event)
      const before = down.get(event.pointerId)
      if (!before) {
        const item = event.pointerType === 'mouse' ? acts.at(at.x, at.y) : undefined
        setOver(item !== undefined)
        return acts.hover(item)
      }
      if (!moved && began && Math.hypot(at.x - began.x, at.y - began.y) < SLACK) return
      moved = true
      setDragging(true)
      acts.hover(undefined)
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1]
      if (other) {
        const [was, is] = [
          Math.hypot(before.x - other.x, before.y - other.y),
          Math.hypot(at.x - other.x, at.y - other.y),
        ]
        acts.pan((at.x - before.x) / 2, (at.y - before.y) / 2)
        if (was > 0) acts.zoom(is / was, (at.x + other.x) / 2, (at.y + other.y) / 2)
      } else acts.pan(at.x - before.x, at.y - before.y)
      down.set(event.pointerId, at)
    },
    up(event: PointerEvent): void {
      const at = placeOf(event)
      const wasDown = down.has(event.pointerId)
      release(event)
      if (!wasDown || moved) return
      const item = acts.at(at.x, at.y)
      if (item === undefined) return
      const twice = clicked?.item === item && event.timeStamp - clicked.at < TWICE_MS
      clicked = { item, at: event.timeStamp }
      if (twice) acts.act(item)
      else acts.choose(item)
    },
    cancel: release,
    leave(): void {
      if (down.size > 0) return
      setOver(false)
      acts.hover(undefined)
    },
    turn(event: WheelEvent): void {
      const { x, y } = placeOf(event)
      // a pinch on a trackpad comes in steps of a few, a wheel in steps of a hundred
      const step = Math.max(-MOST_STEP, Math.min(MOST_STEP, event.deltaY * 0.01))
      if (event.ctrlKey || event.metaKey) acts.zoom(Math.exp(-step), x, y)
      else if (!acts.wheel()) return
      else if (event.shiftKey) acts.pan(-event.deltaY, 0)
      else acts.pan(-event.deltaX, -event.deltaY)
      event.preventDefault()
    },
  }
}
