import {
  createComputed,
  createEffect,
  createMemo,
  createSignal,
  For,
  Match,
  onCleanup,
  Show,
  Switch,
} from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { directionOf } from '../../../compute/metric-words.ts'
import { formatCount, formatValue } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import type { DiffMean, DiffRow, DiffSign, TableCell, TableColumn } from '../../../model/logged-table.ts'
import { useApp } from '../../../state/app.ts'
import { copyText } from '../../common/clipboard.ts'
import { DataTable } from '../../common/data-table/data-table.tsx'
import type { DataRow } from '../../common/data-table/line.tsx'
import { setPageWords } from '../../common/page-words.ts'
import { SourceNotices } from '../../common/source-notices.tsx'
import { Words } from '../../common/words.tsx'
import { Icon } from '../../components/icon.tsx'
import { ProgressLine } from '../../components/progress-line.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Select } from '../../components/select.tsx'
import { createDiffModel, type DiffModel, type Side } from './diff-model.ts'
import { DiffOpened } from './diff-opened.tsx'
import type { TablesModel } from './model.ts'

const SIGN = '@sign'
const KEY = '@key'
const SIGNS: Record<DiffSign, [sign: string, words: string]> = {
  changed: ['~', 'changed'],
  same: ['=', 'same'],
  onlyA: ['−', 'only in the first'],
  onlyB: ['+', 'only in the second'],
}

/** Two tables by the values of a column: of two steps, or of two runs. */
export function DiffView(props: { model: TablesModel; phone: boolean }) {
  const { settled } = useApp()
  const { model } = props
  const diff = createDiffModel(model)
  const [opened, setOpened] = createSignal<number>()
  const ended = () => diff.failed() !== undefined || diff.hasNoColumns() || diff.table.ready()
  createComputed(() => settled.setBusy('tables-diff', !ended()))
  onCleanup(() => settled.setBusy('tables-diff', false))
  createEffect(() => {
    diff.table.sides()
    setOpened(undefined)
  })
  createEffect(() => {
    const found = diff.table.diff()
    if (!found) return setPageWords('')
    setPageWords(
      `${formatPlural(
        Object.values(found.counts).reduce((sum, n) => sum + n, 0),
        'key',
      )} of ${formatCount(found.rowsA)} and ${formatPlural(found.rowsB, 'row')}`,
    )
  })

  const keyColumn = createMemo(() => diff.columns().find(({ id }) => id === diff.key()))
  const columns = createMemo((): TableColumn[] => {
    const found = diff.table.diff()
    const key = keyColumn()
    if (!found || !key) return []
    return [
      { id: SIGN, name: 'Sign', kind: 'text', letters: 1 },
      { ...key, id: KEY },
      // two numbers and an arrow between them
      ...found.columns.map((column) =>
        column.kind === 'number'
          ? { ...column, kind: 'mixed' as const, letters: Math.min(24, column.letters * 2 + 5) }
          : column,
      ),
    ]
  })

  function drawnRow(index: number): DataRow | undefined {
    const row = diff.table.row(index)
    const found = diff.table.diff()
    if (!row || !found) return undefined
    const cells = new Map<string, TableCell>([
      [SIGN, { kind: 'text', text: SIGNS[row.sign][0] }],
      [KEY, row.key],
    ])
    found.columns.forEach(({ id }, c) => {
      cells.set(id, { ...(row.b ?? row.a)?.[c], kind: 'text', text: shownText(row, c) })
    })
    const place = new Map(found.columns.map(({ id }, c) => [id, c]))
    return {
      cells,
      draw(id) {
        if (id === SIGN)
          return (
            <span class={`diff-sign ${row.sign}`} title={SIGNS[row.sign][1]}>
              <span aria-hidden="true">{SIGNS[row.sign][0]}</span>
              <span class="unseen">{SIGNS[row.sign][1]}</span>
            </span>
          )
        const c = place.get(id)
        return c === undefined ? undefined : <DiffCell row={row} column={c} />
      },
    }
  }
  return (
    <>
      <DiffToolbar model={model} diff={diff} />
      <Show when={diff.table.diff()}>
        {(found) => (
          <>
            <Show when={found().means.length > 0}>
              <Means means={found().means} />
            </Show>
            <div class="tables-filters">
              <Segmented
                label="Rows"
                value={diff.show()}
                options={[
                  {
                    value: 'all',
                    text: `All ${formatCount(Object.values(found().counts).reduce((a, b) => a + b, 0))}`,
                  },
                  { value: 'changed', text: `Changed ${formatCount(found().counts.changed)}` },
                  { value: 'same', text: `Same ${formatCount(found().counts.same)}` },
                  { value: 'onlyA', text: `Only A ${formatCount(found().counts.onlyA)}` },
                  { value: 'onlyB', text: `Only B ${formatCount(found().counts.onlyB)}` },
                ]}
                onChange={(show) => model.set({ show: show === 'all' ? '' : show })}
              />
              <span class="gap" />
              <span class="tables-counts">{uniqueWords(found())}</span>
            </div>
          </>
        )}
      </Show>
      <SourceNotices />
      <Switch
        fallback={
          <section class="sheet" id="charts" tabIndex={-1} aria-label="Difference">
            <div class="tables-wait patient">
              <ProgressLine label="Tables" share={undefined} words="comparing the tables" />
            </div>
          </section>
        }
      >
        <Match when={diff.failed()}>
          {(notice) => (
            <section class="sheet" id="charts" tabIndex={-1} aria-label="Difference">
              <div class="blank" role="alert">
                <h2>Could not compare the tables</h2>
                <pre>{`${notice().subject}: ${notice().text}`}</pre>
                <button type="button" class="button" onClick={() => diff.retry()}>
                  Retry
                </button>
              </div>
            </section>
          )}
        </Match>
        <Match when={diff.hasNoColumns()}>
          <section class="sheet" id="charts" tabIndex={-1} aria-label="Difference">
            <div class="blank" role="status">
              <h2>Nothing to compare by</h2>
              <p>{`${sideWords(diff.a())} logged no row, so there is no column that tells rows apart.`}</p>
            </div>
          </section>
        </Match>
        <Match when={diff.table.diff()}>
          {(found) => (
            <DataTable
              label="Difference"
              count={found().total}
              columns={columns()}
              row={drawnRow}
              look={diff.table.look}
              withSummary={false}
              summary={() => undefined}
              held={() => undefined}
              order={undefined}
              onPick={() => undefined}
              widths={new Map([[SIGN, 60], ...model.widths()])}
              onWidth={model.setWidth}
              find={model.find()}
              hit={undefined}
              touch={props.phone}
              tall={model.isTall()}
              opened={opened()}
              onOpen={setOpened}
              openedRow={(width) => (
                <Show when={diff.table.row(opened() ?? -1)}>
                  {(row) => (
                    <DiffOpened
                      diff={diff}
                      row={row()}
                      columns={found().columns}
                      width={width}
                      words={[sideWords(diff.a()), sideWords(diff.b())]}
                      onClose={() => setOpened(undefined)}
                    />
                  )}
                </Show>
              )}
              onAct={(_, index, column) => void copyText(drawnRow(index)?.cells.get(column.id)?.text ?? '')}
              onCopy={(from, end) => void copyText(linesOf(from, end))}
            >
              <div class="blank tables-none" role="status">
                <h2>No row matches</h2>
                <button type="button" class="link-button" onClick={() => model.set({ show: '', find: '' })}>
                  Show all
                </button>
              </div>
            </DataTable>
          )}
        </Match>
      </Switch>
    </>
  )

  /** Of the rows that are here: as many as are in sight, and some around. */
  function linesOf(from: number, end: number): string {
    const lines: string[] = []
    for (let at = from; at < end; at++) {
      const row = drawnRow(at)
      if (row)
        lines.push(
          columns()
            .map(({ id }) => (row.cells.get(id)?.text ?? '').replace(/[\t\r\n]+/g, ' '))
            .join('\t'),
        )
    }
    return `${lines.join('\n')}\n`
  }

  function sideWords({ run, step }: Side): string {
    const name = names().get(run) ?? run
    return Number.isNaN(step) ? name : `${visibleName(name)}, step ${formatCount(step)}`
  }
  function names(): ReadonlyMap<string, string> {
    return new Map(model.holders().map((key) => [key, model.nameOf(key)]))
  }
}

function shownText(row: DiffRow, column: number): string {
  const [before, after] = [row.a?.[column]?.text, row.b?.[column]?.text]
  if (before === undefined || after === undefined || before === after) return after ?? before ?? ''
  return `${before} → ${after}`
}

function DiffCell(props: { row: DiffRow; column: number }) {
  const before = () => props.row.a?.[props.column]
  const after = () => props.row.b?.[props.column]
  const isText = () => before()?.kind === 'text' || after()?.kind === 'text' || after()?.kind === 'json'
  return (
    <Switch fallback={<span class="diff-same">{text(after() ?? before())}</span>}>
      <Match when={props.row.sign === 'onlyA'}>
        <span class="diff-only">{text(before())}</span>
      </Match>
      <Match when={props.row.sign === 'onlyB'}>
        <span class="diff-only">{text(after())}</span>
      </Match>
      <Match when={before()?.text === after()?.text && before()?.kind === after()?.kind}>
        <span class="diff-same">{text(after())}</span>
      </Match>
      <Match when={isText()}>
        <Words before={before()?.text ?? ''} after={after()?.text ?? ''} />
      </Match>
      <Match when={true}>
        <span class="diff-same">{`${text(before())} → `}</span>
        {text(after())}
      </Match>
    </Switch>
  )
}

function text(cell: TableCell | undefined): string {
  if (!cell || cell.kind === 'none') return '–'
  return cell.kind === 'number' ? cell.text.replace(/^-/, '−') : visibleName(cell.text)
}

function uniqueWords({ repeatedA, repeatedB }: { repeatedA: number; repeatedB: number }): string {
  if (repeatedA + repeatedB === 0) return 'The key is unique on both sides'
  return `Keys in several rows: ${formatCount(repeatedA)} of A, ${formatCount(repeatedB)} of B; the first row of each is taken`
}

const MOST_MEANS = 5

function Means(props: { means: readonly DiffMean[] }) {
  return (
    <ul class="diff-means" aria-label="Means over the keys of both">
      <For each={props.means.slice(0, MOST_MEANS)}>
        {(mean) => {
          const change = () => mean.b - mean.a
          const better = () => {
            const direction = directionOf(mean.name)
            if (change() === 0 || direction === undefined) return undefined
            return change() > 0 === (direction === 'max') ? 'better' : 'worse'
          }
          return (
            <li>
              <span>{`${visibleName(mean.name)}, mean of ${formatPlural(mean.keys, 'key')} in both`}</span>
              <b>
                {`${formatValue(mean.a)} → ${formatValue(mean.b)}`}{' '}
                <em class={better()}>
                  {`${change() > 0 ? '+' : ''}${formatValue(change())}${better() ? ` ${better()}` : ''}`}
                </em>
              </b>
            </li>
          )
        }}
      </For>
      <Show when={props.means.length > MOST_MEANS}>
        <li>{`${formatPlural(props.means.length - MOST_MEANS, 'more column')} of numbers`}</li>
      </Show>
    </ul>
  )
}

function DiffToolbar(props: { model: TablesModel; diff: DiffModel }) {
  const { model, diff } = props
  const runs = () => model.holders().map((key) => ({ value: key, text: model.nameOf(key) }))
  const sideControl = (label: 'A' | 'B', side: () => Side, set: (side: Side) => void) => (
    <span class="control">
      <span class="word">{label}</span>
      <Select
        label={`Run of ${label}`}
        value={side().run}
        options={runs()}
        onChange={(run) => set({ run, step: side().step })}
      />
      <Show when={diff.stepsOf(side().run).length > 0}>
        <Select
          label={`Step of ${label}`}
          value={String(side().step)}
          options={diff
            .stepsOf(side().run)
            .map((step) => ({ value: String(step), text: `step ${formatCount(step)}` }))}
          onChange={(step) => set({ run: side().run, step: Number(step) })}
        />
      </Show>
    </span>
  )
  return (
    <div class="toolbar own tables-toolbar" role="toolbar" aria-label="Difference">
      <button
        type="button"
        class="icon-button"
        aria-label="Back to the table"
        title="Back to the table"
        onClick={() => model.set({ diff: '', show: '' })}
      >
        <Icon name="left" />
      </button>
      <b class="diff-key">{visibleName(model.key()?.key ?? '')}</b>
      {sideControl('A', diff.a, diff.setA)}
      <button
        type="button"
        class="icon-button"
        aria-label="Swap A and B"
        title="Swap A and B"
        onClick={() => diff.swap()}
      >
        ⇄
      </button>
      {sideControl('B', diff.b, diff.setB)}
      <span class="control">
        <span class="word">Key</span>
        <Select
          label="Key"
          title="Rows with the same value of it belong together"
          value={diff.key() ?? ''}
          options={diff.columns().map(({ id, name }) => ({ value: id, text: name }))}
          onChange={(by) => model.set({ by })}
        />
      </span>
      <span class="gap" />
      <SearchField
        label="Find in either side"
        placeholder="Find in either side"
        value={model.find()}
        onInput={(find) => model.set({ find })}
      />
    </div>
  )
}
