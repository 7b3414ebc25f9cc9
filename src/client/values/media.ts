import { TrackioError } from '../../model/errors.ts'
import { camelKeys } from '../base/case.ts'

/** A file made of a value, and what is stored of it beside its path. */
export interface Encoded {
  blob: Blob
  /** Without the dot. */
  extension: string
  /** Further fields of the stored value. */
  fields?: Record<string, string | number>
}

/** Where a page has bytes: a Blob or File, or an address (also `data:` and `blob:`). */
export type FileSource = Blob | URL | string

/** A download that takes longer is given up: rows logged after it wait for it. */
const DOWNLOAD_MS = 30_000

/**
 * What all values that become files share. The bytes are taken when the value is logged; an object logged
 * twice keeps its first file.
 */
export abstract class Media {
  abstract readonly type: string
  readonly caption: string | null
  #encoded: Promise<Encoded> | undefined
  /** By project: the files of one go with it, and with its runs. */
  #paths = new Map<string, string>()

  constructor(caption: string | null | undefined) {
    this.caption = caption ?? null
  }

  /** Takes what can still change (pixels, samples) before it returns; the promise is the rest of the work. */
  protected abstract load(): Promise<Encoded>

  /** The file; the same for every call. */
  encode(): Promise<Encoded> {
    if (!this.#encoded) {
      this.#encoded = this.load()
      // whoever waits for it hears of a failure; nobody may be waiting yet
      this.#encoded.catch(() => {})
    }
    return this.#encoded
  }

  /** Path below `media/`, given at the first call for a project, with which `folder` begins. */
  pathIn(folder: string, extension: string): { path: string; isNew: boolean } {
    const project = folder.slice(0, folder.indexOf('/'))
    const known = this.#paths.get(project)
    const path = known ?? `${folder}/${crypto.randomUUID()}.${extension}`
    this.#paths.set(project, path)
    return { path, isNew: known === undefined }
  }
}

/** Caption and options as the second argument has them: a text, or an object. */
export function optionsOf<T extends { caption?: string | null | undefined }>(
  second: string | T | null | undefined,
): Partial<T> {
  if (typeof second === 'string') return { caption: second } as Partial<T> // T has a caption
  return second ? camelKeys(second) : {}
}

/** True for what is fetched or already is bytes. */
export function isFileSource(value: unknown): value is FileSource {
  return (
    typeof value === 'string' ||
    value instanceof URL ||
    (typeof Blob !== 'undefined' && value instanceof Blob)
  )
}

/** Bytes of a source, with the ending they should have; `fallback` where neither name nor type tells. */
export async function fetchSource(source: FileSource, fallback: string): Promise<Encoded> {
  if (typeof source !== 'string' && !(source instanceof URL))
    return { blob: source, extension: endingOf(nameOf(source), source.type, fallback) }
  const address = String(source)
  let answer: Response
  try {
    answer = await fetch(address, { signal: AbortSignal.timeout(DOWNLOAD_MS) })
  } catch (cause) {
    throw new TrackioError(
      shorten(address),
      `${shorten(address)} could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  }
  if (!answer.ok)
    throw new TrackioError(
      shorten(address),
      `${shorten(address)} could not be loaded: ${answer.status} ${answer.statusText}`,
    )
  const blob = await answer.blob()
  const path =
    address.startsWith('data:') || address.startsWith('blob:') ? '' : address.replace(/[?#].*$/, '')
  return { blob, extension: endingOf(path, blob.type, fallback) }
}

function nameOf(source: Blob): string {
  return typeof File !== 'undefined' && source instanceof File ? source.name : ''
}

const ENDINGS: Record<string, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/svg+xml': 'svg',
  'image/bmp': 'bmp',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'video/quicktime': 'mov',
  'video/ogg': 'ogv',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'audio/webm': 'webm',
  'audio/flac': 'flac',
  'text/html': 'html',
  'model/gltf-binary': 'glb',
  'model/gltf+json': 'gltf',
  'model/obj': 'obj',
  'model/stl': 'stl',
}

function endingOf(path: string, type: string, fallback: string): string {
  const named = /\.([A-Za-z0-9]{1,8})$/.exec(path)?.[1]
  return named?.toLowerCase() ?? ENDINGS[type.split(';')[0] ?? ''] ?? fallback
}

function shorten(address: string): string {
  return address.length > 100 ? `${address.slice(0, 100)}…` : address
}

/** How a value is named in messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value !== 'object') return typeof value
  return value.constructor?.name ?? 'object'
}
