import '../styles/group-row.css'
import { createMemo, Show } from 'solid-js'
import { formatCount, formatValue } from '../../compute/number.ts'
import { visibleName } from '../../compute/visible-name.ts'
import { useApp } from '../../state/app.ts'
import { groupLabel } from '../../state/runs/group-label.ts'
import type { ListRow } from '../../state/runs/runs.ts'
import { TriState, type TriValue } from '../components/checks.tsx'
import { Icon } from '../components/icon.tsx'
import { MenuItems } from '../components/menu-items.tsx'
import { Name } from '../components/name.tsx'
import { Popover } from '../components/popover.tsx'
import { SlotPicker } from './slot-picker-later.ts'

export { GroupDraw } from './group-draw.tsx'

/** Head of a group: shows, hides, colours and folds its runs as one. */
export function GroupRow(props: { row: ListRow }) {
  const { runs, location, view } = useApp()
  const id = () => props.row.slice(2)
  const group = createMemo(() => runs.group(props.row))
  const keys = () => group()?.keys ?? []
  const label = createMemo(() => {
    const found = group()
    if (!found) return ''
    // of all its runs, so that the filter renames no group
    const whole = { label: found.label, keys: runs.members(id()) }
    return groupLabel(whole, location.view().group.kind === 'seeds', runs)
  })
  /** Of its line, where groups are drawn. */
  const color = () =>
    location.view().draw === 'runs' ? undefined : runs.styled(keys()[0] ?? '')?.style.color
  const shown = createMemo(() => keys().filter((key) => runs.isShown(key)).length)
  const state = (): TriValue => (shown() === 0 ? false : shown() === keys().length ? true : 'mixed')
  /** Over the runs that match the filter, shown or not. */
  const values = createMemo(() =>
    keys()
      .map((key) => runs.value(key))
      .filter((value) => value !== undefined && Number.isFinite(value)),
  )
  const mean = () => values().reduce((sum: number, value) => sum + (value ?? 0), 0) / values().length
  const base = location.field('base')
  const isBase = () => base() === `group:${id()}`
  const line = () => `g:${id()}`
  const leave = () => view.highlight() === line() && view.setHighlight(undefined)
  const rankWords = () => `mean of ${runs.rank()?.metric}, ${runs.rank()?.by}, of ${values().length} runs`
  return (
    <div
      class="group-row"
      classList={{ hot: view.highlight() === line(), drawn: color() !== undefined }}
      style={{ '--c': color() }}
      onPointerEnter={() => location.view().draw !== 'runs' && view.setHighlight(line())}
      onPointerLeave={leave}
    >
      <button
        type="button"
        class="twist"
        aria-label={`${runs.isCollapsed(id()) ? 'Unfold' : 'Fold'} ${label()}`}
        aria-expanded={!runs.isCollapsed(id())}
        onClick={() => runs.collapse(id())}
      >
        <Icon name={runs.isCollapsed(id()) ? 'right' : 'down'} />
      </button>
      <TriState label={`Group ${label()}`} value={state()} onChange={(on) => runs.set(keys(), on)} />
      <span class="label" title={visibleName(label())}>
        <Name of={label()} />
      </span>
      <Show when={isBase()}>
        <span class="run-base">base</span>
      </Show>
      <span class="count">
        {shown() < keys().length || values().length === 0
          ? `${formatCount(shown())}/${formatCount(keys().length)}`
          : ''}
      </span>
      <Show when={values().length > 0}>
        <span class="run-value group-value" title={visibleName(rankWords())}>
          {formatValue(mean())}
          <small title="runs with a value">{formatCount(values().length)}</small>
        </span>
      </Show>
      <span class="run-tools">
        <Popover
          label={`More about group ${label()}`}
          class="icon-button"
          title="More"
          button={<Icon name="more" />}
        >
          <SlotPicker slot={-1} onPick={(slot) => runs.setSlot(keys(), slot)} />
          <hr class="menu-rule" style={{ border: 0 }} />
          <MenuItems
            plain
            items={[
              { text: 'Show only this group', onSelect: () => runs.solo(keys()) },
              {
                text: 'Baseline',
                note: 'of differences',
                checked: isBase(),
                many: true,
                onSelect: () => runs.toggleBase(`group:${id()}`),
              },
            ]}
          />
        </Popover>
      </span>
    </div>
  )
}
