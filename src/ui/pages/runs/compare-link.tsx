import { createMemo, Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import type { RunKey } from '../../../model/run.ts'
import { formatList } from '../../../state/address/link-values.ts'
import { useApp } from '../../../state/app.ts'
import type { RunsModel } from './model.ts'

const COMPARE = 'compare'

/** To some runs side by side: those given, else the selected ones; without a selection, those that charts show. */
export function CompareLink(props: { model: RunsModel; keys?: readonly RunKey[] }) {
  const { runs, location } = useApp()
  const there = location.pages.all.some(({ id }) => id === COMPARE)
  const keys = createMemo(() => {
    const picked = props.keys ?? props.model.selection.keys()
    return props.keys || picked.length > 0 ? picked : runs.shown().map(({ key }) => key)
  })
  return (
    <Show when={there && keys().length > 1}>
      <a
        class="button primary compare-link"
        href={`#/${COMPARE}?runs=${encodeURIComponent(formatList(keys()))}`}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          const { own } = location.view()
          location.patch({
            page: COMPARE,
            own: { ...own, [COMPARE]: { ...own[COMPARE], runs: formatList(keys()) } },
          })
        }}
      >
        {`Compare ${formatCount(keys().length)}`}
      </a>
    </Show>
  )
}
