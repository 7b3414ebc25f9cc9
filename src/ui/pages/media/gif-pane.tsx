import { createEffect, createSignal, on, onCleanup, Show } from 'solid-js'
import { gifTimes, playedTime } from '../../../compute/gif-times.ts'
import { createUrl } from './file-of.ts'
import type { Transport } from './transport.ts'

/**
 * A GIF frame by frame, so that it plays along with the others. Where the browser does not decode frames, it moves by
 * itself, which is said.
 */
export function GifPane(props: { blob: Blob; label: string; transport: Transport }) {
  const decodes = 'ImageDecoder' in globalThis
  const [why, setWhy] = createSignal<string>()
  const url = createUrl(() => ({ state: 'ready', blob: props.blob, path: '' }))
  let canvas: HTMLCanvasElement | undefined
  createEffect(
    on(
      () => props.blob,
      (blob) => {
        if (!decodes) return
        const player = makeGifPlayer(blob, () => canvas, setWhy, props.transport.measured)
        const leave = props.transport.add(player)
        onCleanup(() => {
          leave()
          player.close()
        })
      },
    ),
  )
  return (
    <Show
      when={decodes && !why()}
      fallback={
        <div class="pane-still">
          <img src={url()} alt={props.label} />
          <span class="note">{why() ?? 'this browser decodes no frames of a GIF: it moves by itself'}</span>
        </div>
      }
    >
      <canvas ref={canvas} class="pane-frames" role="img" aria-label={props.label} />
    </Show>
  )
}

function makeGifPlayer(
  blob: Blob,
  canvas: () => HTMLCanvasElement | undefined,
  fail: (why: string) => void,
  measured: () => void,
) {
  /** When each frame ends, s, as the file says it: decoding all of them to learn it would take long. */
  let ends: number[] = []
  let decoder: ImageDecoder | undefined
  let now = 0
  let shown = -1
  let drawing = false
  let timer = 0
  let closed = false

  async function draw(): Promise<void> {
    if (drawing || !decoder) return
    drawing = true
    try {
      for (let at = frameAt(now); at !== shown && !closed; at = frameAt(now)) {
        shown = at
        const { image } = await decoder.decode({ frameIndex: at })
        const element = canvas()
        const context = element?.getContext('2d')
        if (element && context && !closed) {
          element.width = image.displayWidth
          element.height = image.displayHeight
          context.drawImage(image, 0, 0)
        }
        image.close()
      }
    } catch (error) {
      if (!closed) fail(error instanceof Error ? error.message : String(error))
    } finally {
      drawing = false
    }
  }
  function frameAt(time: number): number {
    const at = ends.findIndex((end) => time < end)
    return at === -1 ? Math.max(0, ends.length - 1) : at
  }
  async function begin(): Promise<void> {
    try {
      const bytes = await blob.arrayBuffer()
      const told = gifTimes(new Uint8Array(bytes))
      decoder = new ImageDecoder({ data: bytes, type: 'image/gif' })
      await decoder.tracks.ready
      await decoder.completed
      const count = decoder.tracks.selectedTrack?.frameCount ?? 1
      const found: number[] = []
      // in hundredths, which sum exactly
      let end = 0
      for (let i = 0; i < count; i++) {
        end += Math.round(100 * playedTime(told[i] ?? 0))
        found.push(end / 100)
      }
      ends = found
      measured()
      await draw()
    } catch (error) {
      if (!closed) fail(error instanceof Error ? error.message : String(error))
    }
  }
  void begin()
  return {
    duration: () => ends[ends.length - 1] ?? Number.NaN,
    time: () => now,
    seek(time: number): void {
      now = time
      void draw()
    },
    play(rate: number): void {
      cancelAnimationFrame(timer)
      let last = performance.now()
      const tick = (at: number): void => {
        now = Math.min(now + ((at - last) / 1000) * rate, ends[ends.length - 1] ?? 0)
        last = at
        void draw()
        timer = requestAnimationFrame(tick)
      }
      timer = requestAnimationFrame(tick)
    },
    pause: () => cancelAnimationFrame(timer),
    close(): void {
      closed = true
      cancelAnimationFrame(timer)
      decoder?.close()
    },
  }
}
