import { createMemo, For, Show } from 'solid-js'
import { formatBytes } from '../../../compute/format.ts'
import { formatCount } from '../../../compute/number.ts'
import { nameInText, visibleName } from '../../../compute/visible-name.ts'
import { choicesByProject } from '../../../state/address/preference-parts.ts'
import { useApp } from '../../../state/app.ts'
import { focusBeside } from '../../components/focus.ts'
import { Name } from '../../components/name.tsx'
import { useSettings } from './model.ts'
import { Table } from './table.tsx'

const HEADS = [
  { text: 'project' },
  ...['colours', 'pins', 'order', 'folds', 'notes', 'size'].map((text) => ({ text, number: true })),
]

/** What was chosen for single projects. */
export function ChoicesTable() {
  const { preferences } = useApp()
  const { say } = useSettings()
  const all = createMemo(() => choicesByProject(preferences.value()))
  // by name: a row that stays keeps the focus
  const names = createMemo(() => all().map(({ name }) => name))
  return (
    <Show when={names().length > 0} fallback={<p class="hush">None yet</p>}>
      <Table label="Choices by project" heads={HEADS} act="Forget">
        <For each={names()}>
          {(name) => {
            const one = () => all().find((found) => found.name === name)
            const cells = () => {
              const { colors = 0, pins = 0, order = 0, folds = 0, marks = 0 } = one()?.counts ?? {}
              return [colors, pins, order, folds, marks]
            }
            return (
              <tr>
                <th scope="row" title={visibleName(name)}>
                  <Name of={name} />
                </th>
                <For each={cells()}>
                  {(count) => (
                    <td class="number" classList={{ hush: count === 0 }}>
                      {formatCount(count)}
                    </td>
                  )}
                </For>
                <td class="number">{formatBytes(one()?.bytes ?? 0)}</td>
                <td class="number">
                  <button
                    type="button"
                    class="link-button"
                    aria-label={`Forget choices for ${visibleName(name)}`}
                    onClick={(event) => {
                      const row = event.currentTarget.closest('tr')
                      if (!focusBeside(row, 'button')) document.getElementById('set-storage-title')?.focus()
                      preferences.forgetProject(name)
                      say(`Choices for ${nameInText(name)} are forgotten`)
                    }}
                  >
                    Forget
                  </button>
                </td>
              </tr>
            )
          }}
        </For>
      </Table>
    </Show>
  )
}
