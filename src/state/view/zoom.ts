import { type Accessor, untrack } from 'solid-js'
import { nameInText } from '../../compute/visible-name.ts'
import { isAbort } from '../../model/errors.ts'
import type { Notice } from '../../model/source.ts'
import type { XAxis, Zoom } from '../../model/view.ts'
import type { ViewLocation } from '../address/location.ts'
import type { Settled } from '../data/readiness.ts'

/** Steps that `[` can go back. */
const HISTORY = 60

export interface ZoomOptions {
  location: ViewLocation
  /** The axis that is drawn. */
  x: Accessor<XAxis>
  /** The part of another axis that holds the same rows. */
  convert(zoom: Zoom, from: XAxis, to: XAxis, signal: AbortSignal): Promise<Zoom | undefined>
  settled: Settled
  tell(notice: Notice): void
  dismiss(notice: Notice): void
}

export interface ZoomState {
  setX(axis: XAxis): void
  /** `replace`: goes on with the newest change, as a wheel does. */
  setZoom(zoom: Zoom | undefined, replace?: boolean): void
  zoomBack(): void
  zoomForward(): void
}

interface Part {
  x: XAxis
  zoom: Zoom | undefined
}

/** The part of the x axis in view, with its history; on another axis it becomes the part with the same rows. */
export function makeZoom({ location, x, convert, settled, tell, dismiss }: ZoomOptions): ZoomState {
  const back: Part[] = []
  const forward: Part[] = []
  /** What was made of what: the way back gives what was there, to the digit. */
  let converted: { from: Part; to: Part } | undefined
  let asking = new AbortController()
  let said: Notice | undefined
  const now = (): Part => untrack(() => ({ x: x(), zoom: location.view().zoom }))

  function show(axis: XAxis, zoom: Zoom | undefined): void {
    // the same fields as other zooms have, so that undo takes a wheel's way as one
    location.patch(same(axis, now().x) ? { zoom } : { x: axis, zoom })
  }

  function stop(): void {
    asking.abort()
    settled.setBusy('zoom', false)
    if (said) dismiss(said)
    said = undefined
  }

  function turnTo(axis: XAxis, part: Part): void {
    stop()
    const from = converted && same(converted.to, part) ? converted.from : part
    const { zoom } = from
    if (zoom === undefined || same(from.x, axis)) return show(axis, zoom)
    asking = new AbortController()
    const { signal } = asking
    settled.setBusy('zoom', true)
    convert(zoom, from.x, axis, signal)
      .then((found) => {
        if (signal.aborted) return
        if (found) converted = { from, to: { x: axis, zoom: found } }
        show(axis, found)
        if (!found) say(`no row of the shown runs that was in view has ${wordsOf(axis)}; all of it is shown`)
      })
      .catch((error: unknown) => {
        if (signal.aborted || isAbort(error)) return
        show(axis, undefined)
        say(`${error instanceof Error ? error.message : String(error)}; all of the axis is shown`)
      })
      .finally(() => signal.aborted || settled.setBusy('zoom', false))
  }

  function say(text: string): void {
    said = { level: 'info', subject: 'zoom', text }
    tell(said)
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

function wordsOf(axis: XAxis): string {
  return axis.kind === 'metric' ? nameInText(axis.name) : axis.kind === 'step' ? 'a step' : 'a time'
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
