import type { Selection } from './overlay.ts'
import type { Box } from './scene.ts'

export type Zone = 'plot' | 'x' | 'y' | 'none'

export interface PointerActs {
  box(): Box | undefined
  /** Pointer over the plot, CSS pixels of the chart's canvas. */
  hover(x: number, y: number, touch: boolean): void
  leave(): void
  pin(x: number, y: number): void
  /** A finger that came and went. */
  tap(x: number, y: number): void
  select(selection: Selection | undefined): void
  zoomX(from: number, to: number): void
  zoomY(from: number, to: number): void
  /** Moves the view by `pixels`; `started` is true for the first call of a drag. */
  pan(pixels: number, started: boolean): void
  /** Scales the x range around a pixel: factor < 1 zooms in. */
  scale(around: number, factor: number, started: boolean): void
  reset(): void
}

const CLICK = 4
const HOLD_MS = 150
const DOUBLE_MS = 350

/** Turns mouse, wheel and touch events on `target` into acts on the chart. Returns its disposer. */
export function makePointer(target: HTMLElement, acts: PointerActs): () => void {
  const stop = new AbortController()
  const signal = stop.signal
  const touches = new Map<number, { x: number; y: number }>()
  let drag:
    | { zone: Zone; x: number; y: number; lastX: number; kind: 'x' | 'y' | 'box' | 'pan'; moved: boolean }
    | undefined
  let touch:
    | {
        x: number
        y: number
        mode: 'wait' | 'scrub' | 'pinch' | 'done'
        spread: number
        started: boolean
        hold: ReturnType<typeof setTimeout>
      }
    | undefined
  let lastTap = { at: -Infinity, x: 0, y: 0 }
  let lastWheel = -Infinity

  target.addEventListener('pointerdown', down, { signal })
  target.addEventListener('pointermove', move, { signal })
  target.addEventListener('pointerup', up, { signal })
  target.addEventListener('pointercancel', cancel, { signal })
  target.addEventListener('pointerleave', (event) => !drag && event.pointerType === 'mouse' && acts.leave(), {
    signal,
  })
  target.addEventListener('dblclick', () => acts.reset(), { signal })
  target.addEventListener('wheel', wheel, { signal, passive: false })
  // While scrubbing, the page must not scroll under the finger.
  target.addEventListener(
    'touchmove',
    (event) =>
      touch &&
      (touch.mode === 'scrub' || touch.mode === 'pinch') &&
      event.cancelable &&
      event.preventDefault(),
    { signal, passive: false },
  )

  function at(event: MouseEvent): { x: number; y: number } {
    const rect = target.getBoundingClientRect()
    return { x: event.clientX - rect.left, y: event.clientY - rect.top }
  }

  function down(event: PointerEvent): void {
    const point = at(event)
    if (event.pointerType === 'touch') return touchDown(event, point)
    const box = acts.box()
    if (event.button !== 0 || !box) return
    const zone = zoneOf(box, point.x, point.y)
    if (zone === 'none') return
    const kind = zone === 'y' ? 'y' : zone === 'x' ? 'x' : event.altKey ? 'pan' : event.shiftKey ? 'box' : 'x'
    drag = { zone, kind, ...point, lastX: point.x, moved: false }
    capture(event.pointerId)
  }

  function move(event: PointerEvent): void {
    const point = at(event)
    if (event.pointerType === 'touch') return touchMove(event, point)
    const box = acts.box()
    if (!box) return
    if (!drag) {
      if (zoneOf(box, point.x, point.y) === 'plot') acts.hover(point.x, point.y, false)
      else acts.leave()
      return
    }
    if (!drag.moved && Math.hypot(point.x - drag.x, point.y - drag.y) < CLICK) return
    const started = !drag.moved
    drag.moved = true
    if (drag.kind === 'pan') {
      acts.pan(point.x - drag.lastX, started)
      drag.lastX = point.x
    } else acts.select(selectionOf(box, drag, point))
  }

  function up(event: PointerEvent): void {
    const point = at(event)
    if (event.pointerType === 'touch') return touchUp(event, point)
    const box = acts.box()
    const done = drag
    drag = undefined
    if (!done || !box) return
    acts.select(undefined)
    if (!done.moved) {
      if (done.zone === 'plot') acts.pin(point.x, point.y)
      return
    }
    if (done.kind === 'pan') return
    const area = selectionOf(box, done, point)
    if (done.kind !== 'x') acts.zoomY(area.top, area.top + area.height)
    if (done.kind !== 'y' && area.width > 2) acts.zoomX(area.left, area.left + area.width)
  }

  function cancel(event: PointerEvent): void {
    drag = undefined
    acts.select(undefined)
    if (event.pointerType === 'touch') {
      touches.delete(event.pointerId)
      if (touch) clearTimeout(touch.hold)
      touch = undefined
    }
  }

  function wheel(event: WheelEvent): void {
    const box = acts.box()
    if (!(event.ctrlKey || event.metaKey) || !box) return
    event.preventDefault()
    const now = performance.now()
    const lines = event.deltaMode === 1 ? 20 : 1
    acts.scale(
      at(event).x,
      Math.exp(Math.max(-120, Math.min(120, event.deltaY * lines)) * 0.004),
      now - lastWheel > 400,
    )
    lastWheel = now
  }

  function touchDown(event: PointerEvent, point: { x: number; y: number }): void {
    touches.set(event.pointerId, point)
    if (touches.size === 2) {
      if (touch) clearTimeout(touch.hold)
      const [a, b] = [...touches.values()]
      touch = {
        ...point,
        mode: 'pinch',
        spread: a && b ? Math.abs(a.x - b.x) : 0,
        started: false,
        hold: setTimeout(() => {}, 0),
      }
      return
    }
    const hold = setTimeout(() => {
      if (touch?.mode !== 'wait') return
      touch.mode = 'scrub'
      acts.hover(touch.x, touch.y, true)
    }, HOLD_MS)
    touch = { ...point, mode: 'wait', spread: 0, started: false, hold }
  }

  function touchMove(event: PointerEvent, point: { x: number; y: number }): void {
    if (!touch || !touches.has(event.pointerId)) return
    touches.set(event.pointerId, point)
    if (touch.mode === 'scrub') acts.hover(point.x, point.y, true)
    else if (touch.mode === 'pinch') {
      const [a, b] = [...touches.values()]
      if (!a || !b) return
      const spread = Math.max(20, Math.abs(a.x - b.x))
      if (touch.spread > 0) acts.scale((a.x + b.x) / 2, Math.max(20, touch.spread) / spread, !touch.started)
      touch.started = true
      touch.spread = spread
    } else if (touch.mode === 'wait' && Math.hypot(point.x - touch.x, point.y - touch.y) > 10) {
      clearTimeout(touch.hold)
      touch.mode = 'done'
    }
  }

  function touchUp(event: PointerEvent, point: { x: number; y: number }): void {
    touches.delete(event.pointerId)
    if (!touch) return
    clearTimeout(touch.hold)
    if (touch.mode === 'wait') {
      if (
        event.timeStamp - lastTap.at < DOUBLE_MS &&
        Math.hypot(point.x - lastTap.x, point.y - lastTap.y) < 30
      )
        acts.reset()
      else acts.tap(point.x, point.y)
      lastTap = { at: event.timeStamp, ...point }
    }
    if (touches.size === 0) touch = undefined
  }

  function capture(id: number): void {
    try {
      target.setPointerCapture(id)
    } catch (error) {
      // The pointer may be gone already (a click made by a script); the drag then ends at the edge.
      if (!(error instanceof DOMException)) throw error
    }
  }

  return () => stop.abort()
}

/** Where in the chart a point lies: 4 px around the plot belong to it. */
export function zoneOf(box: Box, x: number, y: number): Zone {
  const right = box.left + box.width
  const bottom = box.top + box.height
  if (y > bottom + 4) return x >= box.left && x <= right ? 'x' : 'none'
  if (x < box.left - 4) return 'y'
  return x <= right + 4 ? 'plot' : 'none'
}

function selectionOf(
  box: Box,
  drag: { kind: string; x: number; y: number },
  point: { x: number; y: number },
): Selection {
  const inX = (x: number): number => Math.max(box.left, Math.min(box.left + box.width, x))
  const inY = (y: number): number => Math.max(box.top, Math.min(box.top + box.height, y))
  const left = drag.kind === 'y' ? box.left : Math.min(inX(drag.x), inX(point.x))
  const right = drag.kind === 'y' ? box.left + box.width : Math.max(inX(drag.x), inX(point.x))
  const top = drag.kind === 'x' ? box.top : Math.min(inY(drag.y), inY(point.y))
  const bottom = drag.kind === 'x' ? box.top + box.height : Math.max(inY(drag.y), inY(point.y))
  return { left, top, width: right - left, height: bottom - top }
}
