import '../styles/group-draw.css'
import { Show } from 'solid-js'
import { BAND_WORDS, linesWords, STATISTIC_WORDS } from '../../compute/group-words.ts'
import { BANDS, STATISTICS } from '../../model/groups.ts'
import { DRAWN } from '../../state/address/link.ts'
import { useApp } from '../../state/app.ts'
import { Popover } from '../components/popover.tsx'
import { Segmented } from '../components/segmented.tsx'
import { Select } from '../components/select.tsx'
import { Switch } from '../components/switch.tsx'

const NAMES = { runs: 'Runs', groups: 'Groups', both: 'Both' } as const

/** What charts draw of grouped runs: the runs, a line and a band for each group, or both. */
export function GroupDraw() {
  const { location } = useApp()
  const draw = location.field('draw')
  const statistic = location.field('statistic')
  const band = location.field('band')
  const words = () => linesWords(statistic(), band())
  return (
    <div class="group-draw">
      <Segmented
        label="Draw"
        value={draw()}
        options={DRAWN.map((value) => ({ value, text: NAMES[value] }))}
        onChange={(next) => location.patch({ draw: next })}
      />
      <Show when={draw() !== 'runs'}>
        <Popover
          label={`Line and band of groups: ${words()}`}
          class="text-button"
          title="Line and band of groups"
          button={words()}
        >
          <div class="form">
            <span class="control">
              Line
              <Select
                label="Line of groups"
                value={statistic()}
                options={STATISTICS.map((value) => ({ value, text: STATISTIC_WORDS[value] }))}
                onChange={(value) => {
                  const found = STATISTICS.find((name) => name === value)
                  if (found) location.patch({ statistic: found })
                }}
              />
            </span>
            <span class="control">
              Band
              <Select
                label="Band of groups"
                value={band()}
                options={BANDS.map((value) => ({ value, text: BAND_WORDS[value] }))}
                onChange={(value) => {
                  const found = BANDS.find((name) => name === value)
                  if (found) location.patch({ band: found })
                }}
              />
            </span>
            <Show when={location.view().base !== undefined}>
              <Switch
                label="Differences to the baseline"
                title="In all charts; each chart’s own menu has it for that chart"
                value={location.view().differences.includes('*')}
                onChange={(on) => location.patch({ differences: on ? ['*'] : [] })}
              />
            </Show>
          </div>
        </Popover>
      </Show>
    </div>
  )
}
