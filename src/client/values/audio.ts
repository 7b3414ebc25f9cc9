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

/** What `Audio` takes beside its value. Names in Python's spelling are taken too. */
export interface AudioOptions {
  caption?: string | null | undefined
  /** Hz; needed for arrays. */
  sampleRate?: number
  /** `wav`, the only one a page can write; files keep theirs. */
  format?: string
}

export type Samples =
  | Float32Array
  | Float64Array
  | Int16Array
  | Int32Array
  | Int8Array
  | Uint8Array
  | Uint16Array

/** Samples of one channel, of two (`[left, right]`), or an AudioBuffer. */
export type AudioSource = FileSource | Samples | Samples[] | AudioBuffer

/**
 * Sound. Takes a Blob or File, an address, an AudioBuffer, or samples with `sampleRate`: they become a WAV of
 * 16 bits. Fractions are scaled so that the loudest is full scale, as trackio does.
 *
 * @example trackio.log({ tone: new trackio.Audio(samples, { sampleRate: 16_000, caption: 'A4' }) })
 */
export class Audio extends Media {
  readonly type = 'trackio.audio'
  readonly #value: AudioSource
  readonly #rate: number

  constructor(value: AudioSource, options?: string | AudioOptions | null) {
    const { caption, sampleRate, format } = optionsOf(options)
    super(caption)
    this.#value = value
    this.#rate = isBuffer(value) ? value.sampleRate : (sampleRate ?? 0)
    if (isFileSource(value)) return
    if (!isBuffer(value) && channelsOf(value) === undefined)
      throw new TrackioError(
        'Audio',
        `Unsupported audio dtype: ${kindOf(value)}; expected a Blob, an address, an AudioBuffer or typed arrays`,
      )
    if (!isBuffer(value) && sampleRate === undefined)
      throw new TrackioError('Audio', 'Sample rate is required when value is an array')
    if (!Number.isInteger(this.#rate) || this.#rate <= 0)
      throw new TrackioError('Audio', `Invalid sample_rate: ${this.#rate}`)
    if (format !== undefined && format !== 'wav')
      throw new TrackioError(
        'Audio',
        `Unsupported format: ${format}. A page can write wav; pass a Blob for other formats`,
      )
  }

  protected async load(): Promise<Encoded> {
    const value = this.#value
    if (isFileSource(value)) return fetchSource(value, 'wav')
    return { blob: encodeWav(toPcm(channelsOf(value) ?? []), this.#rate), extension: 'wav' }
  }
}

function isBuffer(value: unknown): value is AudioBuffer {
  return typeof value === 'object' && value !== null && 'getChannelData' in value && 'sampleRate' in value
}

function isSamples(value: unknown): value is Samples {
  return (
    ArrayBuffer.isView(value) && /^(Float32|Float64|Int16|Int32|Int8|Uint8|Uint16)Array$/.test(kindOf(value))
  )
}

function channelsOf(value: unknown): Samples[] | undefined {
  if (isBuffer(value))
    return Array.from({ length: value.numberOfChannels }, (_, i) => value.getChannelData(i))
  if (isSamples(value)) return [value]
  return Array.isArray(value) && value.length > 0 && value.every(isSamples) ? value : undefined
}

/** Signed 16 bit, channels interleaved. */
function toPcm(channels: Samples[]): { data: Int16Array<ArrayBuffer>; channels: number } {
  const length = Math.min(...channels.map((channel) => channel.length))
  const data = new Int16Array(length * channels.length)
  const fractions = channels.some(
    (channel) => channel instanceof Float32Array || channel instanceof Float64Array,
  )
  let loudest = 0
  if (fractions)
    for (const channel of channels)
      for (const sample of channel) loudest = Math.max(loudest, Math.abs(finite(sample)))
  channels.forEach((channel, c) => {
    const scale = scaleOf(channel, loudest)
    for (let i = 0; i < length; i++) data[i * channels.length + c] = scale(channel[i]!)
  })
  return { data, channels: channels.length }
}

function scaleOf(channel: Samples, loudest: number): (sample: number) => number {
  if (channel instanceof Float32Array || channel instanceof Float64Array) {
    return (sample) => Math.trunc((loudest > 0 ? finite(sample) / loudest : 0) * 32767)
  }
  if (channel instanceof Int32Array) return (sample) => sample >> 16
  if (channel instanceof Uint16Array) return (sample) => sample - 32768
  if (channel instanceof Uint8Array) return (sample) => sample * 257 - 32768
  if (channel instanceof Int8Array) return (sample) => sample * 256
  return (sample) => sample
}

function finite(sample: number): number {
  if (Number.isNaN(sample)) return 0
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, sample))
}

function encodeWav(
  { data, channels }: { data: Int16Array<ArrayBuffer>; channels: number },
  rate: number,
): Blob {
  const head = new DataView(new ArrayBuffer(44))
  const text = (at: number, letters: string): void => {
    for (let i = 0; i < letters.length; i++) head.setUint8(at + i, letters.charCodeAt(i))
  }
  text(0, 'RIFF')
  head.setUint32(4, 36 + data.byteLength, true)
  text(8, 'WAVEfmt ')
  head.setUint32(16, 16, true)
  head.setUint16(20, 1, true) // PCM
  head.setUint16(22, channels, true)
  head.setUint32(24, rate, true)
  head.setUint32(28, rate * channels * 2, true)
  head.setUint16(32, channels * 2, true)
  head.setUint16(34, 16, true)
  text(36, 'data')
  head.setUint32(40, data.byteLength, true)
  // every browser of today runs on little-endian machines, as does the file
  return new Blob([head, data], { type: 'audio/wav' })
}
