import '../styles/table.css'
import { createMemo, For, Show } from 'solid-js'
import { formatCount } from '../../compute/number.ts'
import { marked } from '../../compute/number-style.ts'
import { visibleName } from '../../compute/visible-name.ts'
import type { TablePage } from '../../model/view.ts'
import { Name } from '../components/name.tsx'
import type { ChartModel } from './chart-model.ts'
import { createTablePages, TableBox } from './table-pages.tsx'

/** The logged values as a table: one row a step, one column a run, all digits. */
export function ChartTable(props: { model: ChartModel; onClose(): void }) {
  const { view } = props.model
  const runs = () => view.lines(props.model.metric())
  const { pages, foot } = createTablePages<TablePage>({
    view,
    subject: () => [props.model.metric(), ...runs().map((run) => run.key)],
    cells: () => runs().length,
    ask: (from, count, how) => view.table(props.model.metric(), from, count, how),
    rowsOf: ({ steps }) => steps.length,
  })
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
  return (
    <TableBox label={`${props.model.metric()} as table`} onClose={props.onClose}>
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
                      {/* a sample of the machine before the first step has none */}
                      {Number.isNaN(page.steps[row]) ? '–' : formatCount(page.steps[row] ?? NaN, 20)}
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
      {foot()}
    </TableBox>
  )
}

function Cell(props: { page: TablePage; at: number }) {
  const value = () => props.page.values[props.at] ?? NaN
  return (
    <Show when={props.page.present[props.at]} fallback={<td>–</td>}>
      <td data-value={String(value())}>{marked(String(value()).replace('-', '\u2212'))}</td>
    </Show>
  )
}

function has(page: TablePage, run: number, runs: number): boolean {
  for (let at = run; at < page.present.length; at += runs) if (page.present[at]) return true
  return false
}
