import { For } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { KEYS } from '../../common/key-list.ts'
import { modified } from '../../common/keys.ts'
import { Switch } from '../../components/switch.tsx'
import { Block, Row } from './row.tsx'

/** Single letters as commands or not, and all keys there are. */
export function Keyboard() {
  const { preferences, location } = useApp()
  const single = () => preferences.value().singleKeys
  const rows = [
    ...KEYS,
    ...location.pages.all.flatMap(({ key, label }) =>
      key === undefined || label === undefined ? [] : [[`g ${key}`, `go to ${label}`] as const],
    ),
  ]
  return (
    <Block of="keyboard">
      <Row
        of="single"
        note={`off while typing; turned off, only those with ${modified('⌘').trim()} are left`}
        reset={single() ? undefined : () => preferences.set({ singleKeys: true })}
      >
        <Switch
          label="Single-key shortcuts"
          value={single()}
          onChange={(singleKeys) => preferences.set({ singleKeys })}
        />
      </Row>
      <Row
        of="keys"
        below={
          <dl class="set-keys">
            <For each={rows}>
              {([keys, does]) => (
                <div>
                  <dt>{modified(does)}</dt>
                  <dd>
                    <kbd>{modified(keys)}</kbd>
                  </dd>
                </div>
              )}
            </For>
          </dl>
        }
      />
    </Block>
  )
}
