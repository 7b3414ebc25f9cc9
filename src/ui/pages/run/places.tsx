import { type Accessor, createEffect, createMemo, For, on, onCleanup } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { RUN } from '../ids.ts'
import { PLACES, type Place, type RunModel } from './model.ts'

const TITLES: Record<Place, string> = {
  metrics: 'Metrics',
  config: 'Config',
  system: 'System',
  alerts: 'Alerts',
  artifacts: 'Artifacts',
  rows: 'Raw rows',
}
/** Scrolling has ended when nothing moved for so long. */
const ENDED_MS = 200
/** A place counts from so far below the top of the window on. */
const UNDER_TOP = 48

export interface Places {
  current: Accessor<Place>
  /** Those that this run has. */
  all: Accessor<readonly Place[]>
  goTo(place: Place): void
}

/** Where on the page somebody is: the link says it as they scroll, and a link brings them there. */
export function createPlaces(model: RunModel, scroller: Accessor<HTMLElement | undefined>): Places {
  const { location } = useApp()
  const current = createMemo((): Place => PLACES.find((place) => place === model.own().at) ?? 'metrics')
  /** It was scrolled to, not read from the link. */
  let seen: Place | undefined

  const elementOf = (place: Place): HTMLElement | null =>
    scroller()?.querySelector<HTMLElement>(`[data-place="${place}"]`) ?? null

  function say(place: Place): void {
    if (place === current()) return
    seen = place
    const { own: before } = location.view()
    location.adopt({ own: { ...before, [RUN]: { ...before[RUN], at: place === 'metrics' ? '' : place } } })
  }

  function look(): void {
    const element = scroller()
    if (!element || location.view().page !== RUN) return
    const top = element.getBoundingClientRect().top + UNDER_TOP
    const inside = PLACES.filter(
      (place) => (elementOf(place)?.getBoundingClientRect().top ?? Infinity) <= top,
    )
    // the order on screen: on a wide one the config stands beside
    say(inside.at(-1) ?? 'metrics')
  }

  createEffect(() => {
    const element = scroller()
    if (!element) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const onScroll = (): void => {
      clearTimeout(timer)
      timer = setTimeout(look, ENDED_MS)
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    onCleanup(() => {
      clearTimeout(timer)
      element.removeEventListener('scroll', onScroll)
    })
  })

  function scrollTo(place: Place): void {
    const element = scroller()
    const target = place === 'metrics' ? element?.firstElementChild : elementOf(place)
    if (!element || !target) return
    element.scrollTop += target.getBoundingClientRect().top - element.getBoundingClientRect().top
  }

  // a link, and the way back
  createEffect(
    on([current, scroller, () => model.run() !== undefined], ([place, element, ready]) => {
      if (!element || !ready || place === seen) return
      const isFirst = seen === undefined && place === 'metrics'
      seen = place
      // a step brings its rows into sight by itself
      if (!isFirst && !(place === 'rows' && model.own().step)) scrollTo(place)
    }),
  )

  return {
    current,
    all: () => PLACES.filter((place) => place !== 'artifacts' || (model.beside()?.artifacts ?? 0) > 0),
    goTo(place) {
      scrollTo(place)
      say(place)
    },
  }
}

/** The places as a strip, where there is no room to see them side by side. */
export function PlaceStrip(props: { places: Places }) {
  return (
    <nav class="run-places" aria-label="Parts of this run">
      <For each={props.places.all()}>
        {(place) => (
          <button
            type="button"
            aria-current={props.places.current() === place ? 'true' : undefined}
            onClick={() => props.places.goTo(place)}
          >
            {TITLES[place]}
          </button>
        )}
      </For>
    </nav>
  )
}
