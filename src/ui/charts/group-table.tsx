import '../styles/table.css'
import { createEffect, createMemo, createSignal, createUniqueId, For, on, onCleanup, Show } from 'solid-js'
import { BAND_WORDS, STATISTIC_WORDS } from '../../compute/group-words.ts'
import { formatCount } from '../../compute/number.ts'
import { visibleName } from '../../compute/visible-name.ts'
import { IncompleteError } from '../../model/errors.ts'
import type { GroupPage } from '../../model/groups.ts'
import type { ChartGroups } from '../../state/view/chart-context.ts'
import { Name } from '../components/name.tsx'
import { xWord } from './chart-axes.ts'
import type { ChartModel } from './chart-model.ts'
import { drawnRuns } from './with-groups.ts'

const CELLS = 20_000

/** What stands for groups, from what was logged: a row for each x, for each group its value, band and n. */
export function GroupTable(props: { model: ChartModel; onClose(): void }) {
  const { view } = props.model
  const [pages, setPages] = createSignal<GroupPage[]>([])
  const [failed, setFailed] = createSignal('')
  const [missing, setMissing] = createSignal<IncompleteError>()
  const [loading, setLoading] = createSignal(false)
  const id = createUniqueId()
  createEffect(() => view.setBusy(id, loading()))
  let asking = new AbortController()
  onCleanup(() => {
    asking.abort()
    view.setBusy(id, false)
  })
  const asked = createMemo(() => {
    const groups = view.groups()
    return groups === undefined || groups === 'waits' ? undefined : groups.asked(props.model.metric())
  })
  const table: ChartGroups['table'] = (...how) => {
    const groups = view.groups()
    if (groups === undefined || groups === 'waits') throw new Error('no groups are drawn')
    return groups.table(...how)
  }
  createEffect(
    on(
      () => JSON.stringify([props.model.metric(), view.x(), asked()]),
      () => {
        setPages([])
        setMissing(undefined)
        void load(0, false)
      },
    ),
  )

  async function load(from: number, part: boolean): Promise<void> {
    asking.abort()
    asking = new AbortController()
    const { signal } = asking
    setLoading(true)
    setFailed('')
    try {
      const lines = asked()?.groups?.list.length ?? 1
      const count = Math.max(50, Math.min(1000, Math.floor(CELLS / (4 * lines))))
      const page = await table(props.model.metric(), from, count, { part, signal })
      if (!signal.aborted) setPages((old) => (from === 0 ? [page] : [...old, page]))
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof IncompleteError) setMissing(error)
      else setFailed(error instanceof Error ? error.message : String(error))
    } finally {
      if (!signal.aborted) setLoading(false)
    }
  }

  function key(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    props.onClose()
  }

  const lines = createMemo(() => {
    const names = new Map(drawnRuns(view, props.model.metric()).map((run) => [run.key, run]))
    const groups = new Set(asked()?.groups?.list.map(({ id }) => id))
    return (pages()[0]?.lines ?? []).map((key, index) => {
      return { index, name: names.get(key)?.name ?? key, isGroup: groups.has(key) }
    })
  })
  const band = () => asked()?.groups?.band ?? 'none'
  const statistic = () => STATISTIC_WORDS[asked()?.groups?.statistic ?? 'mean']
  const columns = () => (band() === 'none' ? 2 : 4)
  const read = () => pages().reduce((sum, page) => sum + page.xs.length, 0)
  const total = () => pages()[0]?.total ?? 0
  return (
    // biome-ignore lint/a11y/useSemanticElements: a scrolling box, neither a fieldset nor a section of the page
    <div
      class="chart-table"
      tabindex="0"
      role="group"
      aria-label={`${props.model.metric()} as table of groups`}
      onKeyDown={key}
    >
      <table>
        <caption>
          <Name of={props.model.metric()} />
        </caption>
        <thead>
          <tr>
            <th scope="col" rowspan="2">
              <Show when={props.model.scene()} fallback="Step">
                {(scene) => xWord(scene().query)}
              </Show>
            </th>
            <For each={lines()}>
              {(line) => (
                <th scope="colgroup" colspan={line.isGroup ? columns() : 1} title={visibleName(line.name)}>
                  <Name of={line.name} />
                </th>
              )}
            </For>
          </tr>
          <tr>
            <For each={lines()}>
              {(line) => (
                <Show when={line.isGroup} fallback={<th scope="col">logged</th>}>
                  <th scope="col">{statistic()}</th>
                  <Show when={band() !== 'none'}>
                    <th scope="col" title={BAND_WORDS[band()]}>
                      low
                    </th>
                    <th scope="col" title={BAND_WORDS[band()]}>
                      high
                    </th>
                  </Show>
                  <th scope="col">n</th>
                </Show>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={pages()}>
            {(page) => (
              <For each={[...page.xs.keys()]}>
                {(row) => (
                  <tr>
                    <th scope="row" data-value={String(page.xs[row])}>
                      {formatCount(page.xs[row] ?? Number.NaN, 20)}
                    </th>
                    <For each={lines()}>
                      {(line) => {
                        const at = row * page.lines.length + line.index
                        return (
                          <>
                            <Cell value={page.value[at]} />
                            <Show when={line.isGroup}>
                              <Show when={band() !== 'none'}>
                                <Cell value={page.low[at]} />
                                <Cell value={page.high[at]} />
                              </Show>
                              <td data-value={String(page.n[at])}>{page.n[at]}</td>
                            </Show>
                          </>
                        )
                      }}
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
      <Show when={missing()}>
        {(now) => (
          <p class="chart-hint" role="status">
            {`Only ${now().read} were read: ${now().why}. `}
            <button type="button" class="chart-link" onClick={() => void load(0, true)}>
              Show this part
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
          <button type="button" class="chart-link" onClick={() => void load(read(), missing() !== undefined)}>
            Show more
          </button>
        </p>
      </Show>
    </div>
  )
}

function Cell(props: { value: number | undefined }) {
  const value = () => props.value ?? Number.NaN
  return (
    <Show when={value() === value()} fallback={<td>–</td>}>
      <td data-value={String(value())}>{String(value()).replace('-', '−')}</td>
    </Show>
  )
}
