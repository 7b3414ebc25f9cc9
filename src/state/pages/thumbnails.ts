import { type Accessor, createSignal, onCleanup, untrack } from 'solid-js'
import { imageSize, SIZE_BYTES, type Size } from '../../compute/image-size.ts'
import { endingOf } from '../../compute/media-payload.ts'
import { makeSha256 } from '../../compute/sha256.ts'
import { isAbort } from '../../model/errors.ts'
import { UnreadFileError } from './unread-file.ts'

export const MB = 1e6
/** Small pictures that are kept, bytes of their pixels. */
export const THUMBNAIL_LIMIT = 96 * MB
/** Decoded at once: more would wait for each other. */
const AT_ONCE = 4
/** A picture of more pixels is not decoded for a thumbnail: its pixels alone would take 256 MB. */
const MOST_PIXELS = 64e6
/** Of files up to this size the bytes are compared with those of others. */
const COMPARED = 32 << 20

const [heldByAll, setHeldByAll] = createSignal(0)
/** Bytes of all that are held, by whichever parts of the page show them. */
export const thumbnailBytes = heldByAll

export type Thumbnail =
  | { state: 'ready'; bitmap: ImageBitmap; size: Size; digest: string | undefined }
  | { state: 'missing' }
  /** It may be there, and could not be read. */
  | { state: 'unread'; why: string }
  | { state: 'failed'; why: string }

export interface Thumbnails {
  /**
   * A picture at most `px` wide and high, or as large as it is, whichever is less. Calls back at once where it is
   * held. Gives back how to give it up.
   */
  want(path: string, px: number, show: (thumbnail: Thumbnail) => void): () => void
  /** Nothing that was wanted is still to come. */
  idle(): Promise<void>
  pending: Accessor<number>
  held: Accessor<number>
  /** What `held` is kept below. */
  limit: number
  /** Of a file that was looked at: what equal bytes have in common, its size, and whether it is there. */
  known(path: string): { digest?: string | undefined; size?: Size | undefined; missing: boolean } | undefined
  /** Grows with every file that was looked at. */
  looked: Accessor<number>
}

interface Picture {
  bitmap: ImageBitmap
  size: Size
  digest: string | undefined
}

interface Wanted {
  path: string
  px: number
  shows: Set<(thumbnail: Thumbnail) => void>
  abort: AbortController
  started: boolean
}

/**
 * Small pictures of files, the newest wanted first. The same bytes are decoded and held once, whatever they are
 * called; of what is held the longest unused goes when the limit is reached.
 */
export function createThumbnails(
  file: (path: string, signal: AbortSignal) => Promise<Blob | undefined>,
  limit = THUMBNAIL_LIMIT,
): Thumbnails {
  const wanted = new Map<string, Wanted>()
  /** By digest (or path) and size; in the order of last use. */
  const pictures = new Map<string, Picture & { bytes: number }>()
  /** By the same, while they are decoded. */
  const making = new Map<string, Promise<Picture>>()
  const files = new Map<string, { digest?: string | undefined; size?: Size | undefined; missing: boolean }>()
  const [pending, setPending] = createSignal(0)
  const [held, setHeld] = createSignal(0)
  const [looked, setLooked] = createSignal(0)
  const waiters: (() => void)[] = []
  let active = 0
  let bytes = 0
  let over = false

  function settle(): void {
    setPending(wanted.size)
    if (wanted.size === 0) for (const done of waiters.splice(0)) done()
  }

  function begin(): void {
    while (active < AT_ONCE) {
      // what was wanted last is what is in sight now
      const next = [...wanted.values()].reverse().find(({ started }) => !started)
      if (!next) return
      next.started = true
      active++
      void make(next)
        .catch((error: unknown): Thumbnail | undefined =>
          isAbort(error)
            ? undefined
            : {
                state: error instanceof UnreadFileError ? 'unread' : 'failed',
                why: error instanceof Error ? error.message : String(error),
              },
        )
        .then((thumbnail) => {
          active--
          const key = keyOf(next.path, next.px)
          if (wanted.get(key) === next) wanted.delete(key)
          if (thumbnail) for (const show of next.shows) show(thumbnail)
          settle()
          begin()
        })
    }
  }

  async function make({ path, px, abort: { signal } }: Wanted): Promise<Thumbnail> {
    const blob = await file(path, signal)
    signal.throwIfAborted()
    if (!blob) {
      files.set(path, { missing: true })
      setLooked((n) => n + 1)
      return { state: 'missing' }
    }
    const digest = blob.size <= COMPARED ? await digestOf(blob) : undefined
    const key = keyOf(digest ?? path, px)
    signal.throwIfAborted()
    const { bitmap, size } =
      pictures.get(key) ?? (await (making.get(key) ?? makeOf(key, blob, path, px, digest)))
    signal.throwIfAborted()
    note(path, { digest, size })
    return { state: 'ready', bitmap, size, digest }
  }

  /** For whoever wants these bytes: it is held though the one who asked first gave it up. */
  function makeOf(
    key: string,
    blob: Blob,
    path: string,
    px: number,
    digest: string | undefined,
  ): Promise<Picture> {
    const picture = decode(blob, path, px)
      .then((made) => {
        if (over) made.bitmap.close()
        else hold(key, { ...made, digest, bytes: made.bitmap.width * made.bitmap.height * 4 })
        return { ...made, digest }
      })
      .finally(() => making.delete(key))
    making.set(key, picture)
    return picture
  }

  function note(path: string, { digest, size }: Pick<Picture, 'digest' | 'size'>): void {
    files.set(path, { digest, size, missing: false })
    setLooked((n) => n + 1)
  }

  function hold(key: string, picture: Picture & { bytes: number }): void {
    pictures.set(key, picture)
    bytes += picture.bytes
    for (const [old, { bitmap, bytes: size }] of pictures) {
      if (bytes <= limit || old === key) break
      pictures.delete(old)
      bytes -= size
      // whoever shows it has drawn it: cards keep pixels of their own
      bitmap.close()
    }
    tell()
  }

  function tell(): void {
    setHeldByAll((all) => all + bytes - untrack(held))
    setHeld(bytes)
  }

  onCleanup(() => {
    over = true
    for (const { abort } of wanted.values()) abort.abort()
    for (const { bitmap } of pictures.values()) bitmap.close()
    pictures.clear()
    bytes = 0
    tell()
  })

  return {
    want(path, px, show) {
      const digest = files.get(path)?.digest
      const place = keyOf(digest ?? path, px)
      const known = pictures.get(place)
      if (known) {
        pictures.delete(place)
        pictures.set(place, known)
        show({ state: 'ready', ...known })
        return () => undefined
      }
      const key = keyOf(path, px)
      let one = wanted.get(key)
      if (one) one.shows.add(show)
      else {
        one = { path, px, shows: new Set([show]), abort: new AbortController(), started: false }
        wanted.set(key, one)
        setPending(wanted.size)
        // all that one picture of the page wants is there then
        queueMicrotask(begin)
      }
      const mine = one
      return () => {
        mine.shows.delete(show)
        if (mine.shows.size > 0 || wanted.get(key) !== mine) return
        wanted.delete(key)
        mine.abort.abort()
        settle()
      }
    },
    idle: () => (wanted.size === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
    pending,
    held,
    limit,
    known: (path) => files.get(path),
    looked,
  }
}

function keyOf(name: string, px: number): string {
  return `${px} ${name}`
}

async function digestOf(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  // not there on insecure origins
  if (!globalThis.crypto?.subtle) {
    const sum = makeSha256()
    sum.add(bytes)
    return sum.hex()
  }
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Decoded once at its size, or smaller: never larger than it is. */
async function decode(blob: Blob, path: string, px: number): Promise<{ bitmap: ImageBitmap; size: Size }> {
  if (endingOf(path) === 'svg') return decodeSvg(blob, px)
  const told = imageSize(new Uint8Array(await blob.slice(0, SIZE_BYTES).arrayBuffer()))
  if (told && told.width * told.height > MOST_PIXELS)
    throw new Error(`${told.width} × ${told.height} pixels are too many for a small picture`)
  const scale = told ? px / Math.max(told.width, told.height) : 1
  const bitmap = await bitmapOf(blob, told && scale < 1 ? shrunk(told, scale) : {})
  if (told) {
    // a photograph that lies on its side is stored so, and turned when it is decoded
    const turned = (told.width - told.height) * (bitmap.width - bitmap.height) < 0
    return { bitmap, size: turned ? { width: told.height, height: told.width } : told }
  }
  const size = { width: bitmap.width, height: bitmap.height }
  const own = px / Math.max(size.width, size.height)
  if (own >= 1) return { bitmap, size }
  const small = await createImageBitmap(bitmap, shrunk(size, own))
  bitmap.close()
  return { bitmap: small, size }
}

function shrunk({ width, height }: Size, scale: number): ImageBitmapOptions {
  // the other side follows, also of a photograph that is turned when it is decoded
  const long = Math.max(1, Math.round(Math.max(width, height) * scale))
  return { ...(width >= height ? { resizeWidth: long } : { resizeHeight: long }), resizeQuality: 'medium' }
}

async function bitmapOf(blob: Blob, options: ImageBitmapOptions): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob, options)
  } catch (error) {
    if (isAbort(error)) throw error
    throw new Error('the file is no picture that this browser can decode', { cause: error })
  }
}

/** As the source of an img it runs nothing and fetches nothing. */
async function decodeSvg(blob: Blob, px: number): Promise<{ bitmap: ImageBitmap; size: Size }> {
  const image = new Image()
  image.src = URL.createObjectURL(blob)
  try {
    await image.decode()
    const { naturalWidth: width, naturalHeight: height } = image
    const scale = px / Math.max(width, height, 1)
    const size = { width: width || px, height: height || px }
    return { bitmap: await createImageBitmap(image, shrunk(size, scale)), size }
  } catch (error) {
    throw new Error('the file is no picture that this browser can decode', { cause: error })
  } finally {
    URL.revokeObjectURL(image.src)
  }
}
