import { Icon } from '../../components/icon.tsx'
import { Select } from '../../components/select.tsx'
import type { Transport } from './transport.ts'

const RATES = [0.1, 0.25, 0.5, 1, 2]

/** One set of controls for all videos that are open. */
export function TransportBar(props: { transport: Transport }) {
  const { transport } = props
  const seconds = (s: number) => `${s.toFixed(2)} s`
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row everywhere
    <div class="transport" role="group" aria-label="All videos">
      <button
        type="button"
        class="icon-button"
        aria-label={transport.playing() ? 'Pause videos' : 'Play videos'}
        onClick={() => (transport.playing() ? transport.pause() : transport.play())}
      >
        <Icon name={transport.playing() ? 'pause' : 'play'} />
      </button>
      <input
        type="range"
        class="slider"
        aria-label="Time in the videos"
        min="0"
        max={transport.duration() || 1}
        step="0.01"
        value={transport.time()}
        aria-valuetext={`${seconds(transport.time())} of ${seconds(transport.duration())}`}
        onInput={(event) => {
          transport.pause()
          transport.seek(event.currentTarget.valueAsNumber)
        }}
      />
      <span class="note">{`${seconds(transport.time())} of ${seconds(transport.duration())}`}</span>
      <span class="control">
        Speed
        <Select
          label="Speed of the videos"
          value={String(transport.rate())}
          options={RATES.map((rate) => ({ value: String(rate), text: `${rate} ×` }))}
          onChange={(rate) => transport.setRate(Number(rate))}
        />
      </span>
    </div>
  )
}
