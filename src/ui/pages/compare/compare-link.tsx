import { Show } from 'solid-js'
import { formatCount } from '../../../compute/number.ts'
import type { RunKey } from '../../../model/run.ts'
import { formatList } from '../../../state/address/link-values.ts'
import { useApp } from '../../../state/app.ts'
import { COMPARE } from '../ids.ts'

/** To some runs side by side, the first one as the first column; nothing where there are less than two. */
export function CompareLink(props: { keys: readonly RunKey[] }) {
  const { location } = useApp()
  return (
    <Show when={props.keys.length > 1}>
      <a
        class="button primary compare-link"
        href={`#/${COMPARE}?runs=${encodeURIComponent(formatList(props.keys))}`}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          const { own } = location.view()
          location.patch({
            page: COMPARE,
            own: { ...own, [COMPARE]: { ...own[COMPARE], runs: formatList(props.keys) } },
          })
        }}
      >
        {`Compare ${formatCount(props.keys.length)}`}
      </a>
    </Show>
  )
}
