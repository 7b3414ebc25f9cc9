import { type Accessor, createSignal, onCleanup, onMount } from 'solid-js'

/**
 * The width of an element, px, and its `ref`. It is measured as the element is mounted, unless a width is guessed:
 * measuring lays the page out.
 */
export function createWidth(guess?: number): [width: Accessor<number>, ref: (element: HTMLElement) => void] {
  const [width, setWidth] = createSignal(guess ?? 0)
  let element: HTMLElement | undefined
  onMount(() => {
    const mounted = element
    if (!mounted) return
    const sized = new ResizeObserver(() => setWidth(mounted.clientWidth))
    sized.observe(mounted)
    if (guess === undefined) setWidth(mounted.clientWidth)
    onCleanup(() => sized.disconnect())
  })
  return [
    width,
    (given) => {
      element = given
    },
  ]
}
