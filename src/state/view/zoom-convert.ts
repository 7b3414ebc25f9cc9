import { nameInText } from '../../compute/visible-name.ts'
import { isAbort } from '../../model/errors.ts'
import type { Notice } from '../../model/source.ts'
import type { XAxis, Zoom } from '../../model/view.ts'

/** What was made of what, so that the way back gives what was there, to the digit; and what was said of it. */
export interface Converting {
  converted: { from: Part; to: Part } | undefined
  asking: AbortController
  said: Notice | undefined
}

export interface Part {
  x: XAxis
  zoom: Zoom | undefined
}

export interface Turning {
  /** The part of another axis that holds the same rows. */
  convert(zoom: Zoom, from: XAxis, to: XAxis, signal: AbortSignal): Promise<Zoom | undefined>
  tell(notice: Notice): void
  show(part: Part): void
}

/**
 * Shows a part of another axis on this one: what has the same rows, or, where there is none, all of it, which
 * is said.
 */
export async function turnTo(axis: XAxis, part: Part, state: Converting, options: Turning): Promise<void> {
  const { signal } = state.asking
  const { converted } = state
  // what was made of another part is that part again
  const from = converted && JSON.stringify(converted.to) === JSON.stringify(part) ? converted.from : part
  const say = (text: string): void => {
    state.said = { level: 'info', subject: 'zoom', text }
    options.tell(state.said)
  }
  if (from.zoom === undefined || JSON.stringify(from.x) === JSON.stringify(axis))
    return options.show({ x: axis, zoom: from.zoom })
  try {
    const zoom = await options.convert(from.zoom, from.x, axis, signal)
    if (signal.aborted) return
    if (zoom) state.converted = { from, to: { x: axis, zoom } }
    options.show({ x: axis, zoom })
    if (!zoom) say(`no row of the shown runs that was in view has ${wordsOf(axis)}; all of it is shown`)
  } catch (error) {
    if (signal.aborted || isAbort(error)) return
    options.show({ x: axis, zoom: undefined })
    say(`${error instanceof Error ? error.message : String(error)}; all of the axis is shown`)
  }
}

function wordsOf(axis: XAxis): string {
  return axis.kind === 'metric' ? nameInText(axis.name) : axis.kind === 'step' ? 'a step' : 'a time'
}
