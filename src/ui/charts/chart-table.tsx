import '../styles/table.css'
import { createEffect, createMemo, createSignal, createUniqueId, For, on, onCleanup, Show } from 'solid-js'
import { formatCount } from '../../compute/number.ts'
import { visibleName } from '../../compute/visible-name.ts'
import { IncompleteError } from '../../model/errors.ts'
import type { TablePage } from '../../model/view.ts'
import { Name } from '../components/name.tsx'
import type { ChartModel } from './chart-model.ts'

const ROWS = 1000
/** Browsers slow down beyond this many cells at once; with many runs a page has fewer rows. */
const CELLS = 20_000

/** The logged values as a table: one row a step, one column a run, all digits. */
export function ChartTable(props: { model: ChartModel; onClose(): void }) {
  const { view } = props.model
  const [pages, setPages] = createSignal<TablePage[]>([])
  const [failed, setFailed] = createSignal('')
  /** How many of how many rows there are, and why no more; `taken`: the person looks at those. */
  const [part, setPart] = createSignal<{ read: string; why: string; taken: boolean }>()
  const [loading, setLoading] = createSignal(false)
  const runs = () => view.lines(props.model.metric())
  // Equal columns stay the same objects: "Show more" must not draw all rows anew.
  const columns = createMemo(
    () =>
      runs()
        .map((run, index) => ({ run, index }))
        .filter(({ index }) => pages().some((page) => has(page, index, runs().length))),
    [],
    {
      equals: (a, b) =>
        a.length === b.length &&
        a.every((column, i) => column.run === b[i]?.run && column.index === b[i]?.index),
    },
  )
  let asking = new AbortController()
  onCleanup(() => asking.abort())
  const id = createUniqueId()
  createEffect(() => view.setBusy(id, loading()))
  onCleanup(() => view.setBusy(id, false))

  createEffect(
    on(
      () => [
        props.model.metric(),
        runs()
          .map((run) => run.key)
          .join('\n'),
      ],
      () => {
        setPages([])
        setPart(undefined)
        void load(0)
      },
    ),
  )

  async function load(from: number): Promise<void> {
    asking.abort()
    asking = new AbortController()
    const { signal } = asking
    setLoading(true)
    setFailed('')
    try {
      const count = Math.max(50, Math.min(ROWS, Math.floor(CELLS / Math.max(1, runs().length))))
      const page = await view.table(props.model.metric(), from, count, {
        part: part()?.taken ?? false,
        signal,
      })
      if (!signal.aborted) setPages((old) => (from === 0 ? [page] : [...old, page]))
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof IncompleteError) setPart({ read: error.read, why: error.why, taken: false })
      else setFailed(error instanceof Error ? error.message : String(error))
    } finally {
      if (!signal.aborted) setLoading(false)
    }
  }

  function key(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return
    // in full screen the next one closes that
    event.preventDefault()
    event.stopPropagation()
    props.onClose()
  }

  function take(): void {
    setPart((now) => now && { ...now, taken: true })
    void load(0)
  }

  async function readOn(): Promise<void> {
    setPart(undefined)
    setPages([])
    setLoading(true)
    await view
      .readOn()
      .catch((error: unknown) => setFailed(error instanceof Error ? error.message : String(error)))
    await load(0)
  }

  const read = () => pages().reduce((sum, page) => sum + page.steps.length, 0)
  const total = () => pages()[0]?.total ?? 0
  return (
    // biome-ignore lint/a11y/useSemanticElements: a scrolling box, neither a fieldset nor a section of the page
    <div
      class="chart-table"
      tabindex="0"
      role="group"
      aria-label={`${props.model.metric()} as table`}
      onKeyDown={key}
    >
      <table>
        <caption>
          <Name of={props.model.metric()} />
        </caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <For each={columns()}>
              {({ run }) => (
                <th scope="col" title={visibleName(run.name)}>
                  <Name of={run.name} />
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={pages()}>
            {(page) => (
              <For each={[...page.steps.keys()]}>
                {(row) => (
                  <tr>
                    <th scope="row" data-value={String(page.steps[row])}>
                      {formatCount(page.steps[row] ?? NaN, 20)}
                    </th>
                    <For each={columns()}>
                      {({ index }) => <Cell page={page} at={row * runs().length + index} />}
                    </For>
                  </tr>
                )}
              </For>
            )}
          </For>
        </tbody>
      </table>
      <Show when={failed()}>
        <p class="chart-error-cause" role="alert">
          {failed()}
        </p>
      </Show>
      <Show when={part()}>
        {(now) => (
          <p class="chart-hint" role="status">
            {`Only ${now().read} were read: ${now().why}. `}
            <Show when={!now().taken}>
              <button type="button" class="chart-link" onClick={take}>
                Show this part
              </button>
              {' or '}
            </Show>
            <button type="button" class="chart-link" onClick={() => void readOn()}>
              Read on
            </button>
          </p>
        )}
      </Show>
      <Show when={loading()}>
        <p class="chart-hint">{view.readingText() || 'reading'}</p>
      </Show>
      <Show when={!loading() && read() < total()}>
        <p class="chart-hint">
          {`${formatCount(read())} of ${formatCount(total())} rows `}
          <button type="button" class="chart-link" onClick={() => void load(read())}>
            Show more
          </button>
        </p>
      </Show>
    </div>
  )
}

function Cell(props: { page: TablePage; at: number }) {
  const value = () => props.page.values[props.at] ?? NaN
  return (
    <Show when={props.page.present[props.at]} fallback={<td>–</td>}>
      <td data-value={String(value())}>{String(value()).replace('-', '\u2212')}</td>
    </Show>
  )
}

function has(page: TablePage, run: number, runs: number): boolean {
  for (let at = run; at < page.present.length; at += runs) if (page.present[at]) return true
  return false
}
