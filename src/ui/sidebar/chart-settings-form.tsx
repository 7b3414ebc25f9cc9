import { Show } from 'solid-js'
import { KIND_NAMES } from '../../compute/smoothing-words.ts'
import { SMOOTHING_KINDS, type Smoothing } from '../../model/view.ts'
import { DEFAULT_VIEW } from '../../state/address/link.ts'
import { useApp } from '../../state/app.ts'
import { Segmented } from '../components/segmented.tsx'
import { Select } from '../components/select.tsx'
import { Switch } from '../components/switch.tsx'

/** A kind or a factor of somebody's is a width of somebody's; the default ones are nobody's again. */
function chosen({ kind, width, factor, auto }: Smoothing): Smoothing {
  const { smoothing } = DEFAULT_VIEW
  const plain = kind === smoothing.kind && factor === smoothing.factor && width === smoothing.width
  return plain ? smoothing : { kind, width, factor, ...(auto && kind === 'mean' && factor === 1 && { auto }) }
}

/** How charts are drawn, beside what the toolbar has. */
export function ChartSettingsForm() {
  const { location, view } = useApp()
  const smoothing = location.field('smoothing')
  const raw = location.field('raw')
  const envelope = location.field('envelope')
  const kind = (value: string) => {
    const found = SMOOTHING_KINDS.find((name) => name === value)
    if (found) location.patch({ smoothing: chosen({ ...smoothing(), kind: found }) })
  }
  return (
    <>
      <span class="control">
        Smoothing kind
        <Select
          label="Smoothing kind"
          value={smoothing().kind}
          options={SMOOTHING_KINDS.map((name) => ({ value: name, text: KIND_NAMES[name] }))}
          onChange={kind}
        />
      </span>
      <span class="control" title="For long runs: the slider's width times this">
        Width
        <Segmented
          label="Smoothing width"
          value={smoothing().factor}
          options={[
            { value: 1, text: '×1' },
            { value: 10, text: '×10' },
            { value: 100, text: '×100' },
          ]}
          onChange={(factor) => location.patch({ smoothing: chosen({ ...smoothing(), factor }) })}
        />
      </span>
      <Switch
        label="Raw line"
        title="The logged values, faint behind the smoothed ones; up to 24 runs"
        value={raw()}
        onChange={(on) => location.patch({ raw: on })}
      />
      <Switch
        label="Envelope"
        title="The least and greatest logged value of every pixel, behind each line; up to 24 runs"
        value={envelope()}
        onChange={(on) => location.patch({ envelope: on })}
      />
      <Show when={view.alerts().length > 0}>
        <Switch
          label="Alert marks"
          title="Where a shown run warned of something: ▼ error, ▲ warn, ● info"
          value={view.alertMarks()}
          onChange={view.setAlertMarks}
        />
      </Show>
    </>
  )
}
