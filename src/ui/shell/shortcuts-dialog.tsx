import { For } from 'solid-js'
import { Dialog } from '../components/dialog.tsx'
import { pages } from '../pages/registry.ts'
import { modified } from './keys.ts'

const KEYS: [string, string][] = [
  ['⌘K', 'commands'],
  ['?', 'this list'],
  ['⌘O', 'open a source'],
  ['\\', 'sidebar'],
  ['/', 'filter runs'],
  ['f', 'search metrics'],
  ['⌘Z', 'undo a change of the view'],
  ['⇧⌘Z', 'redo it'],
  ['j k', 'next, previous chart'],
  ['Enter', 'full screen; Esc goes back'],
  ['← →', 'crosshair by logged step; ⇧ by ten'],
  ['↑ ↓', 'run within the chart'],
  ['t', 'show as table'],
  ['p', 'pin the chart, or unpin it'],
  ['⌥← ⌥→', 'move the chart; on its head, the section'],
  ['l', 'log y for all; ⇧ for this chart'],
  ['x', 'next x axis'],
  ['s', 'smoothing'],
  ['[ ]', 'zoom back, forward'],
  ['0', 'reset zoom'],
  ['Space', 'on a run: show or hide'],
  ['o', 'on a run: show only it'],
  ['⇧⌘C', 'copy link'],
]

/** All keys, by what they do. */
export function ShortcutsDialog(props: { onClose(): void }) {
  const rows = () => [...KEYS, ...pages.map((page): [string, string] => [`g ${page.key}`, page.label])]
  return (
    <Dialog label="Keys" title="Keys" class="dialog" onClose={props.onClose}>
      <div class="dialog-body">
        <dl class="keys">
          <For each={rows()}>
            {([key, does]) => (
              <>
                <dt>
                  <kbd class="key">{modified(key)}</kbd>
                </dt>
                <dd>{modified(does)}</dd>
              </>
            )}
          </For>
        </dl>
      </div>
    </Dialog>
  )
}
