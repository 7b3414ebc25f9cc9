import { MEDIA_KINDS, type MediaKind } from '../model/media.ts'
import type { Json, RunKey } from '../model/run.ts'
import type { ProjectId } from '../model/source.ts'
import type { EngineApi } from './engine-api.ts'
import { readValues } from './logged-values.ts'

/** An image, video, sound, HTML page, 3D object or text as it was logged. */
export interface LoggedMedia {
  key: string
  /** Key of its run: the id, or the name where the source has no ids. */
  run: RunKey
  /** null where none was logged. */
  step: number | null
  /** ms since 1970, NaN where it cannot be read as a time. */
  time: number
  kind: MediaKind
  /** '' for none. */
  caption: string
  /** Of its file, which `media` gives the bytes of; null where the value names none, as a text. */
  path: string | null
  /** Of a text (`trackio.markdown`), which has no file; else null. */
  text: string | null
  /**
   * Bytes of its file, null where it is lost or none is named; undefined unless `sizes` were asked for.
   */
  size: number | null | undefined
  /** All that was logged of it: a format, how many points an object has. */
  value: Json
}

/** Which media. */
export interface MediaWanted {
  key?: string | undefined
  run?: RunKey | undefined
  kind?: MediaKind | undefined
  /** With the sizes of their files, which are read for that: over a network each is fetched. */
  sizes?: boolean | undefined
  signal?: AbortSignal | undefined
}

/** Values that are read at once, and files. */
const AT_ONCE = 256
const FILES_AT_ONCE = 4

/** Media that the runs of a project logged, by run, then in row order; of rows that are all read. */
export async function readMedia(
  engine: EngineApi,
  project: ProjectId,
  { key, run, kind, sizes, signal }: MediaWanted,
  file: (path: string) => Promise<Blob | undefined>,
): Promise<LoggedMedia[]> {
  const kinds = kind === undefined ? MEDIA_KINDS : [kind]
  const values = await readValues(engine, project, { kinds, key, run, signal }, AT_ONCE)
  const media = values.flatMap(({ value, ...at }): LoggedMedia[] => {
    const kind = MEDIA_KINDS.find((one) => one === at.kind)
    if (kind === undefined) return []
    return [{ ...at, kind, ...partsOf(kind, value), size: sizes ? null : undefined, value: value ?? null }]
  })
  if (sizes) await measure(media, file, signal)
  return media
}

function partsOf(kind: MediaKind, value: Json | undefined): Pick<LoggedMedia, 'caption' | 'path' | 'text'> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { caption: '', path: null, text: null }
  const { caption, file_path: path, _value: text } = value
  return {
    // trackio takes any value for a caption
    caption: typeof caption === 'string' ? caption : typeof caption === 'number' ? String(caption) : '',
    path: typeof path === 'string' && path !== '' ? path : null,
    text: kind === 'trackio.markdown' && typeof text === 'string' ? text : null,
  }
}

/** One file may be named by many values, and is read once. Rejects where one could not be read. */
async function measure(
  media: readonly LoggedMedia[],
  file: (path: string) => Promise<Blob | undefined>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const paths = [...new Set(media.flatMap(({ path }) => path ?? []))]
  const sizes = new Map<string, number | null>()
  for (let at = 0; at < paths.length; at += FILES_AT_ONCE) {
    signal?.throwIfAborted()
    await Promise.all(
      paths.slice(at, at + FILES_AT_ONCE).map(async (path) => {
        sizes.set(path, (await file(path))?.size ?? null)
      }),
    )
  }
  for (const one of media) one.size = one.path === null ? null : (sizes.get(one.path) ?? null)
}
