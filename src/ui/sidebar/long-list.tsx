import { createVirtualizer } from '@tanstack/solid-virtual'
import { createMemo, For } from 'solid-js'
import { useApp } from '../../state/app.ts'
import type { ListRow } from '../../state/runs/runs.ts'
import type { GroupRow } from './group-row.tsx'

/** A run list of which only the rows in sight are in the page. */
export function LongList(props: {
  scroller: HTMLDivElement
  touch?: boolean | undefined
  draw(row: ListRow): ReturnType<typeof GroupRow>
}) {
  const { runs } = useApp()
  const isRun = (index: number) => runs.rows()[index]?.startsWith('r:') ?? true
  const virtual = createVirtualizer<HTMLDivElement, HTMLDivElement>({
    get count() {
      return runs.rows().length
    },
    getScrollElement: () => props.scroller,
    estimateSize: (index) => (props.touch ? (isRun(index) ? 44 : 32) : isRun(index) ? 26 : 28),
    getItemKey: (index) => runs.rows()[index] ?? index,
    overscan: 12,
  })
  // by row, not by item: items are new at every scroll
  const places = createMemo(() => new Map(virtual.getVirtualItems().map((item) => [String(item.key), item])))
  const rows = createMemo(() => virtual.getVirtualItems().flatMap(({ index }) => runs.rows()[index] ?? []))
  return (
    <ul class="runs-inner" style={{ height: `${virtual.getTotalSize()}px` }}>
      <For each={rows()}>
        {(row) => (
          <li
            aria-setsize={runs.rows().length}
            aria-posinset={(places().get(row)?.index ?? 0) + 1}
            style={{ position: 'absolute', left: 0, right: 0, top: `${places().get(row)?.start ?? 0}px` }}
          >
            {props.draw(row)}
          </li>
        )}
      </For>
    </ul>
  )
}
