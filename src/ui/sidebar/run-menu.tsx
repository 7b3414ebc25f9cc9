import { createMemo, lazy, Show } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { copyText } from '../common/clipboard.ts'
import { MenuItems } from '../components/menu-items.tsx'
import { SlotPicker } from './slot-picker-later.ts'

const WhyFixed = lazy(async () => ({ default: (await import('./why-fixed.tsx')).WhyFixed }))

/** What is done to a run with a question before: `view` calls it otherwise on this page alone. */
export type Change = 'view' | 'rename' | 'delete'

/** What can be set of one run, and what can be taken from it. */
export function RunMenu(props: { runKey: string; name: string; onChange(change: Change): void }) {
  const { runs, sources } = useApp()
  // memos: a live source is another object with every look, and the menu must not be made anew under the
  // pointer
  const id = createMemo(() => runs.byKey().get(props.runKey)?.id)
  const kind = createMemo(() => sources.source()?.kind)
  // runs of a project beside this one belong to another source
  const writable = createMemo(() => sources.source()?.info.writable === true && sources.beside().length === 0)
  const renamed = createMemo(() => runs.loggedName(props.runKey) !== props.name)
  const where = (here: string, there = here): string =>
    kind() === 'tracked' ? `${here} this browser` : `${there} the server`
  return (
    <>
      <SlotPicker slot={runs.slot(props.runKey)} onPick={(slot) => runs.setSlot([props.runKey], slot)} />
      <hr class="menu-rule" style={{ border: 0 }} />
      <MenuItems
        plain
        items={[
          { text: 'Show only this run', note: 'o', onSelect: () => runs.solo([props.runKey]) },
          {
            text: 'Baseline',
            note: '=',
            checked: runs.baseRun() === props.runKey,
            many: true,
            onSelect: () => runs.toggleBase(`run:${props.runKey}`),
          },
          { text: 'Copy name', onSelect: () => void copyText(props.name) },
          { text: 'Copy id', disabled: !id(), onSelect: () => void copyText(id() ?? '') },
          undefined,
          { text: 'Rename in this view', note: 'F2', onSelect: () => props.onChange('view') },
          ...(renamed()
            ? [{ text: 'Name as logged again', onSelect: () => runs.rename(props.runKey, '') }]
            : []),
          {
            text: writable() ? `Rename ${where('in', 'on')}` : 'Rename run',
            disabled: !writable(),
            onSelect: () => props.onChange('rename'),
          },
          {
            text: writable() ? `Delete ${where('from')}` : 'Delete run',
            disabled: !writable(),
            onSelect: () => props.onChange('delete'),
          },
        ]}
      />
      <Show when={!writable()}>
        <WhyFixed />
      </Show>
    </>
  )
}
