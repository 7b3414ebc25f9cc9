import { TrackioError } from '../../model/errors.ts'
import {
  type Encoded,
  type FileSource,
  fetchSource,
  isFileSource,
  kindOf,
  Media,
  optionsOf,
} from './media.ts'
import { encodePng } from './png.ts'

/** What `Image` takes beside its value. Names in Python's spelling are taken too. */
export interface ImageOptions {
  caption?: string | null | undefined
  /** Of an array of pixels. */
  width?: number
  height?: number
}

/** Pixels as arrays have them: rows from the top, 1 (grey), 3 (RGB) or 4 (RGBA) bytes each. */
export type Pixels = Uint8Array | Uint8ClampedArray

/** What can be drawn to a canvas. */
type Drawable =
  | HTMLCanvasElement
  | OffscreenCanvas
  | ImageBitmap
  | HTMLImageElement
  | HTMLVideoElement
  | VideoFrame

/** Where a picture may come from. */
export type ImageSource = FileSource | ImageData | Drawable | Pixels

/**
 * A picture. Takes a Blob or File, an address, ImageData, a canvas, anything that can be drawn to one, or
 * bytes with `width` and `height`. Pixels become a PNG; files keep their format.
 *
 * @example trackio.log({ sample: new trackio.Image(canvas, 'after epoch 3') })
 * @example trackio.log({ grey: new trackio.Image(bytes, { width: 28, height: 28 }) })
 */
export class Image extends Media {
  readonly type = 'trackio.image'
  readonly #value: ImageSource
  readonly #size: { width: number; height: number } | undefined

  constructor(value: ImageSource, options?: string | ImageOptions | null) {
    const { caption, width, height } = optionsOf(options)
    super(caption)
    this.#value = value
    if (isPixels(value)) this.#size = shapeOf(value, width, height)
    else if (!isFileSource(value) && !isImageData(value) && drawnSize(value) === undefined) {
      const why = ArrayBuffer.isView(value)
        ? `Invalid value dtype, expected Uint8Array, got ${kindOf(value)}`
        : `Invalid value type, got ${kindOf(value)}`
      throw new TrackioError(
        'Image',
        `${why}; expected a Blob, an address, ImageData, a canvas or bytes with width and height`,
      )
    }
  }

  protected load(): Promise<Encoded> {
    const value = this.#value
    if (isFileSource(value)) return fetchSource(value, 'png')
    const png = (blob: Promise<Blob>): Promise<Encoded> =>
      blob.then((one) => ({ blob: one, extension: 'png' }))
    if (isPixels(value) && this.#size) {
      const { width, height } = this.#size
      return png(encodePng(toRgba(value, width * height), width, height))
    }
    if (isImageData(value)) return png(encodePng(new Uint8Array(value.data), value.width, value.height))
    return png(drawn(value as Drawable)) // the constructor let nothing else through
  }
}

function isPixels(value: unknown): value is Pixels {
  return value instanceof Uint8Array || value instanceof Uint8ClampedArray
}

function isImageData(value: unknown): value is ImageData {
  return typeof ImageData !== 'undefined' && value instanceof ImageData
}

function shapeOf(
  value: Pixels,
  width: number | undefined,
  height: number | undefined,
): { width: number; height: number } {
  const pixels = (width ?? 0) * (height ?? 0)
  if (width === undefined || height === undefined || ![1, 3, 4].includes(value.length / pixels)) {
    throw new TrackioError(
      'Image',
      `${value.length} bytes are no picture of ${width ?? '?'} × ${height ?? '?'} pixels with 1, 3 or 4 bytes each; pass { width, height }`,
    )
  }
  return { width, height }
}

/** A copy with four bytes a pixel. */
function toRgba(value: Pixels, pixels: number): Uint8Array {
  const channels = value.length / pixels
  if (channels === 4) return new Uint8Array(value)
  const rgba = new Uint8Array(pixels * 4)
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = value[i * channels + (channels === 1 ? 0 : c)]!
    rgba[i * 4 + 3] = 255
  }
  return rgba
}

function drawnSize(value: unknown): { width: number; height: number } | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const number = (...names: string[]): number | undefined => {
    for (const name of names) {
      const found: unknown = Reflect.get(value, name)
      if (typeof found === 'number' && found > 0) return found
    }
    return undefined
  }
  const width = number('naturalWidth', 'videoWidth', 'displayWidth', 'width')
  const height = number('naturalHeight', 'videoHeight', 'displayHeight', 'height')
  return width === undefined || height === undefined ? undefined : { width, height }
}

function drawn(value: Drawable): Promise<Blob> {
  // both take their pixels at once
  if ('convertToBlob' in value) return value.convertToBlob({ type: 'image/png' })
  if ('toBlob' in value) {
    return new Promise((resolve, reject) => {
      value.toBlob(
        (blob) =>
          blob ? resolve(blob) : reject(new TrackioError('Image', 'the canvas is too large or empty')),
        'image/png',
      )
    })
  }
  const { width, height } = drawnSize(value) ?? { width: 1, height: 1 }
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context)
    return Promise.reject(new TrackioError('Image', 'this browser gives no canvas to draw the picture on'))
  context.drawImage(value, 0, 0)
  return canvas.convertToBlob({ type: 'image/png' })
}
