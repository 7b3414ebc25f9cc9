import { type Accessor, createSignal, onCleanup } from 'solid-js'

/** Device pixels in a CSS pixel; changes when the window moves to another screen or is zoomed. */
export function createRatio(): Accessor<number> {
  const [ratio, setRatio] = createSignal(window.devicePixelRatio || 1)
  // uPlot announces the change after it has taken over the new ratio itself.
  const update = (): void => {
    setRatio(window.devicePixelRatio || 1)
  }
  window.addEventListener('dppxchange', update)
  window.addEventListener('resize', update)
  onCleanup(() => {
    window.removeEventListener('dppxchange', update)
    window.removeEventListener('resize', update)
  })
  return ratio
}
