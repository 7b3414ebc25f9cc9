import { type Accessor, untrack } from 'solid-js'
import type { Notice } from '../../model/source.ts'
import type { XAxis, Zoom } from '../../model/view.ts'
import type { ViewLocation } from '../address/location.ts'
import type { Settled } from '../data/readiness.ts'
import type { Converting, Part, Turning } from './zoom-convert.ts'

/** Steps that `[` can go back. */
const HISTORY = 60

export interface ZoomOptions {
  location: ViewLocation
  /** The axis that is drawn. */
  x: Accessor<XAxis>
  convert: Turning['convert']
  settled: Settled
  tell: Turning['tell']
  dismiss(notice: Notice): void
}

export interface ZoomState {
  setX(axis: XAxis): void
  /** `replace`: goes on with the newest change, as a wheel does. */
  setZoom(zoom: Zoom | undefined, replace?: boolean): void
  zoomBack(): void
  zoomForward(): void
}

/** The part of the x axis in view, with its history; on another axis it becomes the part with the same rows. */
export function makeZoom({ location, x, convert, settled, tell, dismiss }: ZoomOptions): ZoomState {
  const back: Part[] = []
  const forward: Part[] = []
  const state: Converting = { converted: undefined, asking: new AbortController(), said: undefined }
  const now = (): Part => untrack(() => ({ x: x(), zoom: location.view().zoom }))

  function show({ x: axis, zoom }: Part): void {
    // the same fields as other zooms have, so that undo takes a wheel's way as one
    location.patch(same(axis, now().x) ? { zoom } : { x: axis, zoom })
  }

  function stop(): void {
    state.asking.abort()
    settled.setBusy('zoom', false)
    if (state.said) dismiss(state.said)
    state.said = undefined
  }

  function turnTo(axis: XAxis, part: Part): void {
    stop()
    if (part.zoom === undefined || same(part.x, axis)) return show({ x: axis, zoom: part.zoom })
    state.asking = new AbortController()
    const { signal } = state.asking
    settled.setBusy('zoom', true)
    import('./zoom-convert.ts')
      .then((found) => found.turnTo(axis, part, state, { convert, tell, show }))
      .catch(() => signal.aborted || show({ x: axis, zoom: undefined })) // its code did not come
      .finally(() => signal.aborted || settled.setBusy('zoom', false))
  }

  function walk(from: Part[], to: Part[]): void {
    const part = from.pop()
    if (!part) return
    const before = now()
    to.push(before)
    turnTo(before.x, part)
  }

  return {
    setX: (axis) => turnTo(axis, now()),
    setZoom(zoom, replace = false) {
      stop()
      if (!replace) back.push(now())
      if (back.length > HISTORY) back.shift()
      forward.length = 0
      location.patch({ zoom })
    },
    zoomBack: () => walk(back, forward),
    zoomForward: () => walk(forward, back),
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
