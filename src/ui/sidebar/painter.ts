import { onCleanup } from 'solid-js'

export interface Painter {
  start(event: PointerEvent, key: string, on: boolean): void
  over(event: PointerEvent, key: string): void
}

/**
 * Dragging over run rows gives them all the state that the first one takes. Not by touch, where a drag
 * scrolls.
 */
export function createPainter(set: (keys: string[], on: boolean) => void): Painter {
  let stroke: { key: string; on: boolean; moved: boolean } | undefined
  const end = () => {
    stroke = undefined
  }
  window.addEventListener('pointerup', end)
  onCleanup(() => window.removeEventListener('pointerup', end))
  return {
    start(event, key, on) {
      if (event.button === 0 && event.pointerType !== 'touch' && !event.shiftKey && !event.altKey)
        stroke = { key, on, moved: false }
    },
    over(event, key) {
      if (!stroke || (event.buttons & 1) === 0 || (key === stroke.key && !stroke.moved)) return
      if (stroke.moved) set([key], stroke.on)
      else set([stroke.key, key], stroke.on)
      stroke.moved = true
    },
  }
}
