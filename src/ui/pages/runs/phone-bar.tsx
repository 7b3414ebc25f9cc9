import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js'
import type { GroupKey } from '../../../compute/group.ts'
import { formatCount } from '../../../compute/number.ts'
import { visibleName } from '../../../compute/visible-name.ts'
import { useApp } from '../../../state/app.ts'
import { Dialog } from '../../components/dialog.tsx'
import { Name } from '../../components/name.tsx'
import { ColumnChooser, columnTotal } from './column-chooser.tsx'
import { labelOf } from './labels.ts'
import type { RunsModel } from './model.ts'
import { sortId } from './sorting.ts'
import { TableControls } from './table-controls.tsx'

type Sheet = 'group' | 'sort' | 'columns'
const TITLES: Record<Sheet, string> = { group: 'Group', sort: 'Sort', columns: 'Columns' }

/** On a phone: how the table is grouped, sorted and what it shows, each in a sheet from below. */
export function RunsPhoneBar(props: { model: RunsModel }) {
  const { location } = useApp()
  const [sheet, setSheet] = createSignal<Sheet>()
  const group = location.field('group')
  const sorted = () => {
    const [first] = props.model.sorting()
    if (!first) return 'as logged'
    return `${first.spec === 'name' ? 'Run' : labelOf(first.spec)} ${first.descending ? '↓' : '↑'}`
  }
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of buttons, no fieldset */}
      <div class="phone-bar runs-bar" role="group" aria-label="Table">
        <button type="button" aria-haspopup="dialog" onClick={() => setSheet('group')}>
          <span>Group</span>
          <b>
            <Name of={groupWords(group())} />
          </b>
        </button>
        <button type="button" aria-haspopup="dialog" onClick={() => setSheet('sort')}>
          <span>Sort</span>
          <b>
            <Name of={sorted()} />
          </b>
        </button>
        <button type="button" aria-haspopup="dialog" onClick={() => setSheet('columns')}>
          <span>Columns</span>
          <b>{`${formatCount(props.model.columns().length)} of ${formatCount(columnTotal(props.model))}`}</b>
        </button>
      </div>
      <Show when={sheet()}>
        {(open) => (
          <Dialog label={TITLES[open()]} class="bottom-sheet" onClose={() => setSheet(undefined)}>
            <div class="grab" />
            <Switch>
              <Match when={open() === 'group'}>
                <div class="sheet-form">
                  <TableControls model={props.model} />
                </div>
              </Match>
              <Match when={open() === 'sort'}>
                <SortList model={props.model} />
              </Match>
              <Match when={open() === 'columns'}>
                <ColumnChooser model={props.model} />
              </Match>
            </Switch>
          </Dialog>
        )}
      </Show>
    </>
  )
}

/** By which column; once more, the other way round. */
function SortList(props: { model: RunsModel }) {
  const { model } = props
  const specs = createMemo(() => ['name' as const, ...model.specs()])
  // by id: what is sorted by stays the same row
  const ids = createMemo(() => specs().map(sortId))
  const find = (id: string) => specs().find((spec) => sortId(spec) === id)
  const words = (id: string) => {
    const spec = find(id)
    return spec === undefined || spec === 'name' ? 'Run' : labelOf(spec)
  }
  const key = (id: string) => {
    const spec = find(id)
    return spec && model.sortKey(spec)
  }
  return (
    <ul class="runs-sort">
      <For each={ids()}>
        {(id) => (
          <li>
            <button
              type="button"
              aria-pressed={key(id) !== undefined}
              aria-label={`${visibleName(words(id))}${key(id) ? (key(id)?.descending ? ', descending' : ', ascending') : ''}`}
              onClick={() => {
                const spec = find(id)
                if (spec) model.sort(spec, false)
              }}
            >
              <Name of={words(id)} />
              <span class="gap" />
              <span aria-hidden="true">{key(id) ? (key(id)?.descending ? '↓' : '↑') : ''}</span>
            </button>
          </li>
        )}
      </For>
    </ul>
  )
}

function groupWords(group: GroupKey): string {
  switch (group.kind) {
    case 'none':
      return 'None'
    case 'seeds':
      return 'All but seed'
    case 'config':
      return group.path
    default:
      return 'group'
  }
}
