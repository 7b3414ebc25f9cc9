import { type Accessor, createEffect, createSignal, on, onCleanup, untrack } from 'solid-js'
import { imageSize, SIZE_BYTES } from '../../compute/image-size.ts'
import { endingOf } from '../../compute/media-payload.ts'
import { isAbort } from '../../model/errors.ts'
import { UnreadFileError } from './unread-file.ts'

/** Pixels that are decoded at full size: 400 MB. */
const MOST_PIXELS = 100e6

export type FullPicture =
  | { state: 'loading' }
  | { state: 'ready'; bitmap: ImageBitmap; path: string; bytes: number }
  | { state: 'missing'; path: string }
  /** It may be there, and could not be read. */
  | { state: 'unread'; path: string; why: string }
  | { state: 'failed'; path: string; why: string }

/**
 * The picture of a file at its own size, decoded as sRGB with 8 bits. The one before stays until the next is here;
 * `busy` is told while one is on its way. Freed with its owner.
 */
export function createFullPicture(
  path: Accessor<string | undefined>,
  file: (path: string, signal: AbortSignal) => Promise<Blob | undefined>,
  busy: (on: boolean) => void,
  /** Grows when what could not be read is to be asked for again. */
  tries: Accessor<number> = () => 0,
): Accessor<FullPicture> {
  const [picture, setPicture] = createSignal<FullPicture>({ state: 'loading' })
  let held: ImageBitmap | undefined
  function show(next: FullPicture): void {
    const before = held
    held = next.state === 'ready' ? next.bitmap : undefined
    setPicture(next)
    before?.close()
  }
  createEffect(
    on([path, tries], ([name]) => {
      if (name === undefined) return void show({ state: 'loading' })
      // what is there stays
      const now = untrack(picture)
      if (now.state === 'ready' && now.path === name) return
      const abort = new AbortController()
      busy(true)
      load(name, (signal) => file(name, signal), abort.signal)
        .then(
          (next) => {
            if (!abort.signal.aborted) show(next)
            else if (next.state === 'ready') next.bitmap.close()
          },
          (error: unknown) => {
            if (isAbort(error) || abort.signal.aborted) return
            const state = error instanceof UnreadFileError ? 'unread' : 'failed'
            show({ state, path: name, why: error instanceof Error ? error.message : String(error) })
          },
        )
        .finally(() => {
          if (!abort.signal.aborted) busy(false)
        })
      onCleanup(() => {
        abort.abort()
        busy(false)
      })
    }),
  )
  onCleanup(() => held?.close())
  return picture
}

async function load(
  path: string,
  file: (signal: AbortSignal) => Promise<Blob | undefined>,
  signal: AbortSignal,
): Promise<FullPicture> {
  const blob = await file(signal)
  signal.throwIfAborted()
  if (!blob) return { state: 'missing', path }
  if (endingOf(path) === 'svg')
    return { state: 'ready', bitmap: await svgBitmap(blob), path, bytes: blob.size }
  const told = imageSize(new Uint8Array(await blob.slice(0, SIZE_BYTES).arrayBuffer()))
  if (told && told.width * told.height > MOST_PIXELS)
    throw new Error(`${told.width} × ${told.height} pixels are too many to be decoded here`)
  try {
    return { state: 'ready', bitmap: await createImageBitmap(blob), path, bytes: blob.size }
  } catch (error) {
    throw new Error('the file is no picture that this browser can decode', { cause: error })
  }
}

/** As the source of an img it runs nothing and fetches nothing. */
async function svgBitmap(blob: Blob): Promise<ImageBitmap> {
  const image = new Image()
  image.src = URL.createObjectURL(blob)
  try {
    await image.decode()
    // a drawing without a size of its own
    const options = image.naturalWidth > 0 ? {} : { resizeWidth: 512, resizeHeight: 512 }
    return await createImageBitmap(image, options)
  } catch (error) {
    throw new Error('the file is no picture that this browser can decode', { cause: error })
  } finally {
    URL.revokeObjectURL(image.src)
  }
}
