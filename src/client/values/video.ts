import { TrackioError } from '../../model/errors.ts'
import { encodeGif, type Frame } from './gif.ts'
import {
  type Encoded,
  type FileSource,
  fetchSource,
  isFileSource,
  kindOf,
  Media,
  optionsOf,
} from './media.ts'

/** What `Video` takes beside its value. Names in Python's spelling are taken too. */
export interface VideoOptions {
  caption?: string | null | undefined
  /** Frames a second, of arrays; 24 unless given. */
  fps?: number
  /** `gif`, the only one a page can write; files keep theirs. */
  format?: string
  /** Of an array of bytes. */
  width?: number
  height?: number
}

/**
 * A film: a file, pictures of one size, or bytes frame after frame (rows from the top, 3 or 4 bytes a pixel).
 */
export type VideoSource = FileSource | readonly ImageData[] | Uint8Array | Uint8ClampedArray

/**
 * A film. Takes a Blob or File (such as MediaRecorder gives), an address, or frames, which become a GIF.
 *
 * @example trackio.log({ rollout: new trackio.Video(frames, { fps: 12, caption: 'episode 40' }) })
 */
export class Video extends Media {
  readonly type = 'trackio.video'
  readonly #value: FileSource | (() => Promise<Blob>)

  constructor(value: VideoSource, options?: string | VideoOptions | null) {
    const { caption, fps = 24, format, width, height } = optionsOf(options)
    super(caption)
    if (isFileSource(value)) {
      this.#value = value
      return
    }
    if (format !== undefined && format !== 'gif')
      throw new TrackioError(
        'Video',
        `Unsupported format: ${format}. A page can write gif from frames; pass a Blob for mp4 or webm`,
      )
    if (!(fps > 0 && fps <= 100))
      throw new TrackioError('Video', `fps must be above 0 and at most 100, not ${fps}`)
    const film = framesOf(value, width, height)
    this.#value = () =>
      encodeGif(
        film.frames.map((frame) => frame.slice()),
        film.width,
        film.height,
        fps,
      )
  }

  protected async load(): Promise<Encoded> {
    const value = this.#value
    return typeof value === 'function' ? { blob: await value(), extension: 'gif' } : fetchSource(value, 'mp4')
  }
}

function framesOf(value: unknown, width = 0, height = 0): { frames: Frame[]; width: number; height: number } {
  if (value instanceof Uint8Array || value instanceof Uint8ClampedArray) {
    const pixels = width * height
    const channels = [4, 3].find((n) => pixels > 0 && value.length > 0 && value.length % (pixels * n) === 0)
    if (!channels)
      throw new TrackioError(
        'Video',
        `${value.length} bytes are no frames of ${width || '?'} × ${height || '?'} pixels with 3 or 4 bytes each; pass { width, height }`,
      )
    const frames = Array.from({ length: value.length / pixels / channels }, (_, i) =>
      rgba(value.subarray(i * pixels * channels, (i + 1) * pixels * channels), channels),
    )
    return { frames, width, height }
  }
  const [first] = Array.isArray(value) ? value : []
  if (
    Array.isArray(value) &&
    value.every((one) => isFrame(one) && one.width === first.width && one.height === first.height) &&
    first
  ) {
    return { frames: value.map((one: ImageData) => one.data), width: first.width, height: first.height }
  }
  throw new TrackioError(
    'Video',
    `Invalid value type, got ${kindOf(value)}; expected a Blob, an address, ImageData of one size or bytes with width and height`,
  )
}

function isFrame(value: unknown): value is ImageData {
  return (
    typeof value === 'object' &&
    value !== null &&
    'data' in value &&
    value.data instanceof Uint8ClampedArray &&
    'width' in value
  )
}

function rgba(frame: Frame, channels: number): Frame {
  if (channels === 4) return frame
  const wide = new Uint8Array((frame.length / 3) * 4).fill(255)
  for (let i = 0; i < frame.length / 3; i++) wide.set(frame.subarray(i * 3, i * 3 + 3), i * 4)
  return wide
}
