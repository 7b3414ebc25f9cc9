import { createEffect, createSignal, onCleanup, Show } from 'solid-js'
import { endingOf } from '../../../compute/media-payload.ts'
import { createFile, createUrl } from './file-of.ts'
import { WithFile } from './file-words.tsx'
import { GifPane } from './gif-pane.tsx'
import type { MediaModel } from './model.ts'
import type { Transport } from './transport.ts'

/** Later than any video ends, s. */
const FAR = 1e9

/** A video, played along with the others. */
export function VideoPane(props: {
  model: MediaModel
  path: string
  label: string
  index: number
  transport: Transport
}) {
  const file = createFile(props.model, () => props.path)
  const url = createUrl(file)
  const [why, setWhy] = createSignal<string>()
  createEffect(() => {
    file()
    setWhy(undefined)
  })
  let video: HTMLVideoElement | undefined
  const leave = props.transport.add({
    duration: () => (video && Number.isFinite(video.duration) ? video.duration : Number.NaN),
    time: () => video?.currentTime ?? 0,
    seek: (time) => {
      if (video) video.currentTime = time
    },
    play: (rate) => {
      if (!video) return
      video.playbackRate = rate
      // a pause that comes before it began is no failure
      video.play().catch((error: unknown) => {
        if (!(error instanceof DOMException) || error.name !== 'AbortError') setWhy(String(error))
      })
    },
    pause: () => video?.pause(),
  })
  onCleanup(leave)
  const gif = () => {
    const now = file()
    return now.state === 'ready' && endingOf(now.path) === 'gif' ? now.blob : undefined
  }
  return (
    <WithFile file={file()} path={props.path} why={why()}>
      <Show
        when={gif()}
        fallback={
          <video
            ref={video}
            src={url()}
            aria-label={props.label}
            muted
            playsinline
            preload="auto"
            onLoadedMetadata={(event) => {
              const element = event.currentTarget
              // what a browser recorded does not say how long it lasts: that is known once its end was sought
              if (element.duration === Number.POSITIVE_INFINITY) element.currentTime = FAR
              else props.transport.measured()
            }}
            onDurationChange={(event) => {
              const element = event.currentTarget
              if (element.currentTime === 0 || !Number.isFinite(element.duration)) return
              props.transport.measured()
              element.currentTime = Math.min(props.transport.time(), element.duration)
            }}
            onError={() => url() && setWhy('no video that this browser can play')}
          />
        }
      >
        {(blob) => <GifPane blob={blob()} label={props.label} transport={props.transport} />}
      </Show>
    </WithFile>
  )
}
