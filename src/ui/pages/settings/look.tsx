import { For } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { Segmented } from '../../components/segmented.tsx'
import { Block, Row } from './row.tsx'

const COLOURS = Array.from({ length: 10 }, (_, slot) => slot)

export function Look() {
  const { preferences, setTheme, theme, location } = useApp()
  const chosen = () => preferences.value().theme
  const linked = location.field('theme')
  return (
    <Block of="look">
      <Row
        of="theme"
        note={
          linked() !== undefined && linked() !== chosen()
            ? `This link asks for ${linked()}`
            : chosen() === 'auto'
              ? `Auto follows the system: ${theme()} now`
              : 'Auto follows the system'
        }
        reset={chosen() === 'auto' ? undefined : () => setTheme('auto')}
      >
        <Segmented
          label="Theme"
          value={chosen()}
          options={[
            { value: 'auto', text: 'Auto' },
            { value: 'light', text: 'Light' },
            { value: 'dark', text: 'Dark' },
          ]}
          onChange={setTheme}
        />
      </Row>
      <Row of="colors" note="10 colours, 4 dashes, tried for three kinds of colour blindness">
        <span class="set-colours" aria-hidden="true">
          <For each={COLOURS}>{(slot) => <i style={{ background: `var(--run-${slot})` }} />}</For>
        </span>
      </Row>
    </Block>
  )
}
