import {
  type Accessor,
  createEffect,
  createSignal,
  createUniqueId,
  type JSX,
  on,
  onCleanup,
  Show,
} from 'solid-js'
import { formatCount } from '../../compute/number.ts'
import { IncompleteError } from '../../model/errors.ts'
import type { ChartView } from '../../state/view/chart-context.ts'

const ROWS = 1000
/** Browsers slow down beyond this many cells at once; with many columns a page has fewer rows. */
const CELLS = 20_000

export interface TablePagesOptions<P> {
  view: ChartView
  /** What the table is of: it begins anew where this changes. */
  subject: Accessor<unknown>
  /** Cells of a row. */
  cells: Accessor<number>
  ask(from: number, count: number, how: { part: boolean; signal: AbortSignal }): Promise<P>
  rowsOf(page: P): number
}

export interface TablePages<P> {
  pages: Accessor<readonly P[]>
  /** What cannot be had, what there is of it, what is on its way, and the way to the next page. */
  foot(): JSX.Element
}

/** Rows of a table in the place of a chart, page by page; what is not whole is said before it is shown. */
export function createTablePages<P extends { total: number }>(options: TablePagesOptions<P>): TablePages<P> {
  const { view } = options
  const [pages, setPages] = createSignal<P[]>([])
  const [failed, setFailed] = createSignal('')
  /** How many of how many rows there are, and why no more; `taken`: the person looks at those. */
  const [part, setPart] = createSignal<{ read: string; why: string; taken: boolean }>()
  const [loading, setLoading] = createSignal(false)
  let asking = new AbortController()
  onCleanup(() => asking.abort())
  const id = createUniqueId()
  createEffect(() => view.setBusy(id, loading()))
  onCleanup(() => view.setBusy(id, false))
  createEffect(
    on(options.subject, () => {
      setPages([])
      setPart(undefined)
      void load(0)
    }),
  )

  async function load(from: number): Promise<void> {
    asking.abort()
    asking = new AbortController()
    const { signal } = asking
    setLoading(true)
    setFailed('')
    try {
      const count = Math.max(50, Math.min(ROWS, Math.floor(CELLS / Math.max(1, options.cells()))))
      const page = await options.ask(from, count, { part: part()?.taken ?? false, signal })
      if (!signal.aborted) setPages((old) => (from === 0 ? [page] : [...old, page]))
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof IncompleteError) setPart({ read: error.read, why: error.why, taken: false })
      else setFailed(wordsOf(error))
    } finally {
      if (!signal.aborted) setLoading(false)
    }
  }

  function take(): void {
    setPart((now) => now && { ...now, taken: true })
    void load(0)
  }

  async function readOn(): Promise<void> {
    setPart(undefined)
    setPages([])
    setLoading(true)
    await view.readOn().catch((error: unknown) => setFailed(wordsOf(error)))
    await load(0)
  }

  const read = () => pages().reduce((sum, page) => sum + options.rowsOf(page), 0)
  const total = () => pages()[0]?.total ?? 0
  const foot = () => (
    <>
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
    </>
  )
  return { pages, foot }
}

/** A scrolling box that Tab reaches and Esc leaves: in full screen the next one closes that. */
export function TableBox(props: { label: string; onClose(): void; children: JSX.Element }) {
  function key(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    props.onClose()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a scrolling box, neither a fieldset nor a section of the page
    <div class="chart-table" tabindex="0" role="group" aria-label={props.label} onKeyDown={key}>
      {props.children}
    </div>
  )
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
