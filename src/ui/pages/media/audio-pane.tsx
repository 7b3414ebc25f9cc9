import { createEffect, createSignal, onCleanup } from 'solid-js'
import { formatPlural } from '../../../compute/format.ts'
import { formatDuration } from '../../../compute/number.ts'
import { soundPeaks } from '../../../compute/sound-peaks.ts'
import { useApp } from '../../../state/app.ts'
import { createFile, createUrl } from './file-of.ts'
import { WithFile } from './file-words.tsx'
import type { MediaModel } from './model.ts'
import { designTokens } from './tokens.ts'

/** One sound at a time: the one before stops. */
let playing: HTMLAudioElement | undefined

/** A sound with its peaks, which are drawn once it is opened. */
export function AudioPane(props: { model: MediaModel; path: string; label: string }) {
  const { theme } = useApp()
  const file = createFile(props.model, () => props.path)
  const url = createUrl(file)
  const [sound, setSound] = createSignal<AudioBuffer>()
  const [why, setWhy] = createSignal<string>()
  const [time, setTime] = createSignal(0)
  const [width, setWidth] = createSignal(0)
  let audio: HTMLAudioElement | undefined
  // it comes with the file
  const [canvas, setCanvas] = createSignal<HTMLCanvasElement>()

  createEffect(() => {
    const now = file()
    setSound(undefined)
    setWhy(undefined)
    if (now.state !== 'ready') return
    let over = false
    onCleanup(() => {
      over = true
    })
    // a context that plays nothing: none of the few that a page may have
    now.blob
      .arrayBuffer()
      .then((bytes) => new OfflineAudioContext(1, 1, 44_100).decodeAudioData(bytes))
      .then(
        (decoded) => !over && setSound(decoded),
        () => !over && setWhy('no sound that this browser can decode'),
      )
  })
  createEffect(() => {
    const drawn = canvas()
    if (!drawn) return
    const sized = new ResizeObserver(() => setWidth(drawn.clientWidth))
    sized.observe(drawn)
    onCleanup(() => sized.disconnect())
  })
  createEffect(() => {
    theme()
    const buffer = sound()
    const drawn = canvas()
    const context = drawn?.getContext('2d')
    if (!drawn || !context || width() === 0) return
    const ratio = window.devicePixelRatio || 1
    drawn.width = Math.round(width() * ratio)
    drawn.height = Math.round(drawn.clientHeight * ratio)
    if (!buffer) return
    const channels = Array.from({ length: buffer.numberOfChannels }, (_, i) => buffer.getChannelData(i))
    const each = drawn.height / channels.length
    const { ink, rule } = designTokens()
    channels.forEach((samples, i) => {
      const peaks = soundPeaks(samples, drawn.width)
      const middle = each * (i + 0.5)
      context.fillStyle = rule
      context.fillRect(0, middle, drawn.width, 1)
      context.fillStyle = ink
      for (let x = 0; x < peaks.length / 2; x++) {
        const [low = 0, high = 0] = [peaks[2 * x], peaks[2 * x + 1]]
        context.fillRect(x, middle - (high * each) / 2, 1, Math.max(1, ((high - low) * each) / 2))
      }
    })
  })
  onCleanup(() => {
    if (playing === audio) playing = undefined
  })
  const words = () => {
    const buffer = sound()
    return buffer
      ? `${formatDuration(buffer.duration)}, ${formatPlural(buffer.numberOfChannels, 'channel')}`
      : ''
  }
  return (
    <WithFile file={file()} path={props.path} why={why()}>
      <div class="pane-sound">
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the element below has keys of its own */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the same */}
        <div
          class="sound-peaks"
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect()
            if (audio && sound())
              audio.currentTime = ((event.clientX - box.left) / box.width) * (sound()?.duration ?? 0)
          }}
        >
          {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas takes no focus */}
          <canvas ref={setCanvas} aria-hidden="true" />
          <i style={{ left: `${(100 * time()) / (sound()?.duration || 1)}%` }} />
        </div>
        <span class="note">{words()}</span>
        {/* biome-ignore lint/a11y/useMediaCaption: what a run logged has no captions */}
        <audio
          ref={audio}
          src={url()}
          controls
          aria-label={props.label}
          onTimeUpdate={(event) => setTime(event.currentTarget.currentTime)}
          onPlay={(event) => {
            if (playing !== event.currentTarget) playing?.pause()
            playing = event.currentTarget
          }}
        />
      </div>
    </WithFile>
  )
}
