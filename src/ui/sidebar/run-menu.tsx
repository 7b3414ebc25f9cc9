import { createMemo } from 'solid-js'
import { useApp } from '../../state/app.ts'
import { copyText } from '../common/clipboard.ts'
import { openRun } from '../common/run-link.tsx'
import { MenuItems } from '../components/menu-items.tsx'
import { SlotPicker } from './slot-picker-later.ts'

/** What is done to a run where it lies, or with a question before; `view` calls it otherwise on this page alone. */
export type Change = 'view' | 'rename' | 'delete' | 'move'

/** What can be set of one run, and what can be taken from it. */
export function RunMenu(props: { runKey: string; name: string; onChange(change: Change): void }) {
  const { runs, sources, location, changes } = useApp()
  // memos: a live source is another object with every look, and the menu must not be made anew under the
  // pointer
  const id = createMemo(() => runs.byKey().get(props.runKey)?.id)
  const kind = createMemo(() => sources.source()?.kind)
  const renamed = createMemo(() => runs.loggedName(props.runKey) !== props.name)
  const no = createMemo(() => changes.access().kind === 'no')
  const where = (here: string, there = here): string => {
    if (no()) return 'run'
    const at = WHERE[kind() ?? '']
    return at ? `${here} ${at}` : `${there} the server`
  }
  /** Of a source that is only read it is said why, and what can be done. */
  const change = (what: Change) => () => {
    if (changes.ready()) props.onChange(what)
  }
  return (
    <>
      <SlotPicker slot={runs.slot(props.runKey)} onPick={(slot) => runs.setSlot([props.runKey], slot)} />
      <hr class="menu-rule" style={{ border: 0 }} />
      <MenuItems
        plain
        items={[
          { text: 'Open run', onSelect: () => openRun(location, props.runKey) },
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
          { text: `Rename ${where('in', 'on')}`, dialog: true, onSelect: change('rename') },
          ...(kind() === 'tracked' || kind() === 'kept'
            ? [{ text: 'Move to another project', dialog: true, onSelect: change('move') }]
            : []),
          { text: `Delete ${where('from')}`, onSelect: change('delete') },
        ]}
      />
    </>
  )
}

/** Where a source's runs lie, in words; at any other than these, on a server. */
const WHERE: Record<string, string> = {
  tracked: 'this browser',
  kept: 'this copy',
  file: 'the file',
  folder: 'the file',
}
