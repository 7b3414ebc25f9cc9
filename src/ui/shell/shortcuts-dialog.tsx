import { For } from 'solid-js'
import { KEYS } from '../common/key-list.ts'
import { modified } from '../common/keys.ts'
import { Dialog } from '../components/dialog.tsx'
import { innerPages, pages } from '../pages/registry.ts'
import '../styles/keys.css'

/** All keys, by what they do. */
export function ShortcutsDialog(props: { onClose(): void }) {
  const keyed = [...pages, ...innerPages].filter(({ key }) => key !== undefined)
  const rows = () => [...KEYS, ...keyed.map((page) => [`g ${page.key}`, page.label] as const)]
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
