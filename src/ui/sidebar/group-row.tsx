import '../styles/group-row.css'
import { createMemo } from 'solid-js'
import { formatCount } from '../../compute/number.ts'
import { visibleName } from '../../compute/visible-name.ts'
import { useApp } from '../../state/app.ts'
import type { ListRow } from '../../state/runs/runs.ts'
import { TriState, type TriValue } from '../components/checks.tsx'
import { Icon } from '../components/icon.tsx'
import { Name } from '../components/name.tsx'
import { MenuItems, Popover } from '../components/popover.tsx'
import { SlotPicker } from './slot-picker-later.ts'

/** Head of a group: shows, hides, colours and folds its runs as one. */
export function GroupRow(props: { row: ListRow }) {
  const { runs } = useApp()
  const id = () => props.row.slice(2)
  const group = createMemo(() => runs.group(props.row))
  const keys = () => group()?.keys ?? []
  const label = () => group()?.label ?? ''
  const shown = createMemo(() => keys().filter((key) => runs.isShown(key)).length)
  const state = (): TriValue => (shown() === 0 ? false : shown() === keys().length ? true : 'mixed')
  return (
    <div class="group-row">
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
      <span class="count">{`${formatCount(shown())}/${formatCount(keys().length)}`}</span>
      <span class="run-tools">
        <Popover
          label={`More about group ${label()}`}
          class="icon-button"
          title="More"
          button={<Icon name="more" />}
        >
          <SlotPicker slot={-1} onPick={(slot) => runs.setSlot(keys(), slot)} />
          <hr class="menu-rule" style={{ border: 0 }} />
          <MenuItems plain items={[{ text: 'Show only this group', onSelect: () => runs.solo(keys()) }]} />
        </Popover>
      </span>
    </div>
  )
}
