import '../styles/table.css'
import { createMemo, For, Show } from 'solid-js'
import { BAND_WORDS, STATISTIC_WORDS } from '../../compute/group-words.ts'
import { formatCount } from '../../compute/number.ts'
import { marked } from '../../compute/number-style.ts'
import { visibleName } from '../../compute/visible-name.ts'
import type { GroupPage } from '../../model/groups.ts'
import type { ChartGroups } from '../../state/view/chart-context.ts'
import { Name } from '../components/name.tsx'
import { xWord } from './chart-axes.ts'
import type { ChartModel } from './chart-model.ts'
import { createTablePages, TableBox } from './table-pages.tsx'
import { drawnRuns } from './with-groups.ts'

/** What stands for groups, from what was logged: a row for each x, for each group its value, band and n. */
export function GroupTable(props: { model: ChartModel; onClose(): void }) {
  const { view } = props.model
  const asked = createMemo(() => {
    const groups = view.groups(props.model.metric())
    return groups === undefined || groups === 'waits' ? undefined : groups.asked(props.model.metric())
  })
  const table: ChartGroups['table'] = (...how) => {
    const groups = view.groups(props.model.metric())
    if (groups === undefined || groups === 'waits') throw new Error('no groups are drawn')
    return groups.table(...how)
  }
  const { pages, foot } = createTablePages<GroupPage>({
    view,
    subject: () => JSON.stringify([props.model.metric(), view.x(), asked()]),
    // each has its value, both ends of its band and n
    cells: () => 4 * (asked()?.groups?.list.length ?? 1),
    ask: (from, count, how) => table(props.model.metric(), from, count, how),
    rowsOf: ({ xs }) => xs.length,
  })

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
  return (
    <TableBox label={`${props.model.metric()} as table of groups`} onClose={props.onClose}>
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
      {foot()}
    </TableBox>
  )
}

function Cell(props: { value: number | undefined }) {
  const value = () => props.value ?? Number.NaN
  return (
    <Show when={value() === value()} fallback={<td>–</td>}>
      <td data-value={String(value())}>{marked(String(value()).replace('-', '−'))}</td>
    </Show>
  )
}
