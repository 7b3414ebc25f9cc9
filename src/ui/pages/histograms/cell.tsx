import { createSignal, createUniqueId, type JSX, onCleanup, onMount, Show } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { Name } from '../../components/name.tsx'

/** A card is made this near to the window, and taken away again beyond it. */
const NEAR = '900px 0px'

/** The place of a card: a light figure until it is near the window. */
export function HistogramCell(props: {
  metric: string
  title: string
  height: number
  wide?: boolean
  children: JSX.Element
}) {
  const { settled } = useApp()
  const id = createUniqueId()
  const [near, setNear] = createSignal(false)
  // the page is not settled before it is known which cards are to be made
  settled.setBusy(id, true)
  onCleanup(() => settled.setBusy(id, false))
  let cell: HTMLDivElement | undefined
  onMount(() => {
    if (!cell) return
    const seen = new IntersectionObserver(
      (entries) => {
        setNear(entries[entries.length - 1]?.isIntersecting ?? false)
        settled.setBusy(id, false)
      },
      { rootMargin: NEAR, scrollMargin: NEAR },
    )
    seen.observe(cell)
    onCleanup(() => seen.disconnect())
  })
  return (
    <div
      class="histograms-cell"
      style={{ height: `${props.height}px`, ...(props.wide && { 'grid-column': '1 / -1' }) }}
      ref={cell}
    >
      <Show
        when={near()}
        fallback={
          <figure
            class="waiting"
            data-histogram={props.metric}
            data-state="loading"
            aria-label={props.metric}
          >
            <figcaption>
              <Name of={props.title} />
            </figcaption>
          </figure>
        }
      >
        {props.children}
      </Show>
    </div>
  )
}
