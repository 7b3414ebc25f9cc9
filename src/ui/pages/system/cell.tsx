import { createSignal, onCleanup, onMount, Show } from 'solid-js'
import { ChartCard } from '../../charts/chart-card.tsx'
import { Name } from '../../components/name.tsx'
import type { Place, SystemModel } from './model.ts'
import { createSystemView } from './view.ts'

/** A chart is made this near to the window, and taken away again beyond it. */
const NEAR = '900px 0px'

/** The place of one chart: a light figure until it is near the window. */
export function SystemCell(props: {
  model: SystemModel
  place: Place
  width: number
  height: number
  legend: boolean
}) {
  const [near, setNear] = createSignal(false)
  let cell: HTMLDivElement | undefined
  onMount(() => {
    if (!cell) return
    const seen = new IntersectionObserver(
      (entries) => setNear(entries[entries.length - 1]?.isIntersecting ?? false),
      { rootMargin: NEAR, scrollMargin: NEAR },
    )
    seen.observe(cell)
    onCleanup(() => seen.disconnect())
  })
  const view = createSystemView(props.model, () => props.place)
  const name = () => props.place.metric.name
  return (
    <div class="system-cell" style={{ height: `${props.height}px` }} ref={cell}>
      <Show
        when={near() && props.width > 0}
        fallback={
          <figure class="waiting" data-metric={name()} data-state="loading" aria-label={name()}>
            <figcaption>
              <Name of={name()} />
            </figcaption>
          </figure>
        }
      >
        <ChartCard
          metric={name()}
          title={name()}
          view={view}
          width={props.width}
          height={props.height}
          sectionHidden
          legend={props.legend}
        />
      </Show>
    </div>
  )
}
