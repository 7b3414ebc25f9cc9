import {
  type Accessor,
  createComputed,
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  on,
  onCleanup,
  Show,
} from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { ChartCard } from '../../charts/chart-card.tsx'
import { Name } from '../../components/name.tsx'
import type { SheetHistograms } from '../histograms/sheet-card.tsx'
import type { MountQueue } from './mount-queue.ts'

/**
 * A chart is made this near to the window, and taken away this far from it (screens full of canvases cost
 * memory).
 */
export const NEAR = 300
const FAR = 900

/** Cards of histograms, which come with the first of them. */
export interface HistogramCards {
  made: Accessor<SheetHistograms | undefined>
  want(): void
}

export interface CellProps {
  metric: string
  title: string
  /** From the top of the sheet's content. */
  top: number
  /** Left edge and width, in shares of the section's. */
  left: number
  width: number
  /** It ends where the sheet does. */
  last: boolean
  /** From the top of the section. */
  offset: number
  height: number
  /** In CSS pixels. */
  pixels: number
  fullName: boolean
  legend: boolean
  viewport: { top: number; height: number }
  queue: MountQueue
  histograms: HistogramCards
}

/** The place of one chart: a light figure until the chart is near enough to be made. */
export function Cell(props: CellProps) {
  const { view, settled, metrics } = useApp()
  const [made, setMade] = createSignal(false)
  const distance = createMemo(() => {
    const { top, height } = props.viewport
    return Math.max(0, props.top - (top + height), top - (props.top + props.height))
  })
  const band = createMemo(() =>
    distance() === 0 ? 'seen' : distance() <= NEAR ? 'near' : distance() <= FAR ? 'kept' : 'far',
  )
  let cancel: (() => void) | undefined
  createEffect(
    on(band, (now) => {
      cancel?.()
      cancel = undefined
      if (now === 'far') setMade(false)
      else if (!made() && now !== 'kept') {
        if (now === 'seen') settled.poke()
        cancel = props.queue.add(
          () => setMade(true),
          () => distance() === 0,
        )
      }
    }),
  )
  onCleanup(() => cancel?.())
  const picture = () => metrics.isHistogram(props.metric)
  const card = () => props.histograms.made()
  const id = createUniqueId()
  createComputed(() => {
    const waits = picture() && made() && !card()
    settled.setBusy(id, waits)
    if (waits) props.histograms.want()
  })
  onCleanup(() => settled.setBusy(id, false))
  return (
    <div
      class="cell"
      classList={{ last: props.last, open: made() }}
      style={{
        top: `${props.offset}px`,
        left: `${100 * props.left}%`,
        width: `${100 * props.width}%`,
        height: `${props.height}px`,
      }}
    >
      <Show
        when={made() && (!picture() || card())}
        fallback={
          <figure
            class="waiting"
            data-metric={picture() ? undefined : props.metric}
            data-histogram={picture() ? props.metric : undefined}
            data-state="loading"
            aria-label={props.metric}
          >
            <figcaption>
              <Name of={props.fullName ? props.metric : props.title} />
            </figcaption>
          </figure>
        }
      >
        <Show
          when={picture() && card()}
          fallback={
            <ChartCard
              metric={props.metric}
              title={props.title}
              view={view}
              width={props.pixels}
              height={props.height}
              sectionHidden={props.fullName}
              legend={props.legend}
            />
          }
        >
          {(histograms) =>
            histograms().card({
              metric: props.metric,
              get title() {
                return props.title
              },
              get width() {
                return props.pixels
              },
              get height() {
                return props.height
              },
              get sectionHidden() {
                return props.fullName
              },
            })
          }
        </Show>
      </Show>
    </div>
  )
}
