import { createMemo, Show } from 'solid-js'
import { useApp } from '../../../state/app.ts'
import { Select } from '../../components/select.tsx'

/** Which system metric stands as a strip under the charts; nothing where the project has none. */
export function UnderControl() {
  const { location, system, sideCounts, wantSystem } = useApp()
  const under = location.field('under')
  const has = createMemo(() => under() !== undefined || sideCounts().some(({ table }) => table === 'system'))
  const options = createMemo(() => [
    { value: '', text: 'none' },
    ...(system()?.metrics() ?? []).map(({ name }) => ({ value: name, text: name })),
  ])
  return (
    <Show when={has()}>
      <span class="control">
        <span>System below</span>
        <Select
          label="System metric below charts"
          value={under() ?? ''}
          options={options()}
          onOpen={wantSystem}
          onChange={(value) => location.patch({ under: value === '' ? undefined : value })}
        />
      </span>
    </Show>
  )
}
