import { createComputed, createEffect, createMemo, createSignal, For, lazy, on, Show } from 'solid-js'
import { useApp } from '../../state/app.ts'
import type { ListRow } from '../../state/runs/runs.ts'
import { createPainter } from './painter.ts'
import { RunRow } from './run-row.tsx'

/** Longer lists keep only the rows in sight in the page. */
const MOST_ROWS = 200

// runs are rarely grouped at first; it comes right after the charts
const GroupRow = lazy(async () => ({ default: (await import('./group-row.tsx')).GroupRow }))
// few projects have more than 200 runs: the others do without the virtual list's code
const LongList = lazy(async () => ({ default: (await import('./long-list.tsx')).LongList }))

/** The runs, in groups where asked for. Up and Down walk the rows; Tab reaches one of them. */
export function RunList(props: { touch?: boolean | undefined }) {
  const { runs, data, settled } = useApp()
  const [current, setCurrent] = createSignal<string>()
  const [scroller, setScroller] = createSignal<HTMLDivElement>()
  const painter = createPainter(runs.set)
  const first = createMemo(() => runs.rows().find((row) => row.startsWith('r:')))
  const grouped = createMemo(() => runs.rows().some((row) => !row.startsWith('r:')))
  const tabbed = createMemo(() => (runs.rows().some((row) => row === current()) ? current() : first()))
  const long = createMemo(() => runs.rows().length > MOST_ROWS)

  createComputed(
    on(grouped, (now) => {
      settled.setBusy('groups', now)
      if (now) void GroupRow.preload().finally(() => settled.setBusy('groups', false))
    }),
  )
  createEffect(on(settled.ready, (ready) => ready && void GroupRow.preload()))

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const boxes = [...(scroller()?.querySelectorAll<HTMLElement>('.run-main') ?? [])]
    const at = boxes.findIndex((box) => box.matches(':focus'))
    const next = boxes[at + (event.key === 'ArrowDown' ? 1 : -1)]
    if (at === -1 || !next) return
    next.focus()
    next.scrollIntoView({ block: 'nearest' })
    event.preventDefault()
  }

  const draw = (row: ListRow) => (
    <Show when={row.startsWith('r:')} fallback={<GroupRow row={row} />}>
      <RunRow
        runKey={row.slice(2)}
        painter={painter}
        current={tabbed() === row}
        onFocus={() => setCurrent(row)}
      />
    </Show>
  )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot scroll
    <div class="runs-list" role="group" aria-label="Runs" id="runs" ref={setScroller} onKeyDown={onKeyDown}>
      <Show
        when={runs.rows().length > 0}
        fallback={
          <p class="runs-none">
            {runs.filtering() ? 'No run matches' : data.catalogue() ? 'No runs yet' : ''}
          </p>
        }
      >
        <Show
          when={long()}
          fallback={
            <ul class="runs-inner">
              <For each={runs.rows()}>{(row) => <li>{draw(row)}</li>}</For>
            </ul>
          }
        >
          <Show when={scroller()}>
            {(element) => <LongList scroller={element()} touch={props.touch} draw={draw} />}
          </Show>
        </Show>
      </Show>
    </div>
  )
}
