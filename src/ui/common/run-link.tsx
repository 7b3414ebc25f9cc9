import type { JSX } from 'solid-js'
import type { ViewLocation } from '../../state/address/location.ts'
import { useApp } from '../../state/app.ts'

/** The page of one run. */
export const RUN = 'run'

/** Goes to a run's page; the view's state comes along, which the bare address does not hold. */
export function openRun(location: ViewLocation, run: string): void {
  const { own } = location.view()
  location.patch({ page: RUN, own: { ...own, [RUN]: { run } } })
}

/** A link to a run's page. */
export function RunLink(props: {
  run: string
  class?: string | undefined
  tabIndex?: number | undefined
  /** Where keys with a click mean something else. */
  plain?: boolean
  children: JSX.Element
}) {
  const { location } = useApp()
  return (
    <a
      href={`#/${RUN}?run=${encodeURIComponent(props.run)}`}
      class={props.class ?? 'run-link'}
      tabIndex={props.tabIndex}
      onClick={(event) => {
        event.stopPropagation()
        const modified = event.metaKey || event.ctrlKey || event.shiftKey
        if (modified && !props.plain) return
        event.preventDefault()
        if (!modified) openRun(location, props.run)
      }}
    >
      {props.children}
    </a>
  )
}
