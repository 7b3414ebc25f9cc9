import { MEDIA_KINDS, type MediaKind } from '../model/media.ts'
import type { Json } from '../model/run.ts'

/** Of one, of several, and as a choice. */
export const MEDIA_WORDS: Record<MediaKind, [string, string, string]> = {
  'trackio.image': ['image', 'images', 'Images'],
  'trackio.video': ['video', 'videos', 'Videos'],
  'trackio.audio': ['audio clip', 'audio clips', 'Audio'],
  'trackio.html': ['HTML page', 'HTML pages', 'HTML'],
  'trackio.object3d': ['3D object', '3D objects', '3D'],
  'trackio.markdown': ['text', 'texts', 'Text'],
}

/** What a logged value says of itself. */
export interface MediaPayload {
  /** Of its file; undefined where the value names none. */
  path?: string | undefined
  /** '' for none. */
  caption: string
  /** Markdown stands in the value itself. */
  text?: string | undefined
  /** Of a point cloud that was thinned when it was logged: points before and after. */
  points?: { original: number; rendered: number } | undefined
  /** What is wrong with it. */
  odd?: string | undefined
}

export function isMediaKind(kind: string): kind is MediaKind {
  return (MEDIA_KINDS as readonly string[]).includes(kind)
}

/** Of what `valuesAt` answers; undefined: it is not found any more. */
export function mediaPayload(value: Json | undefined): MediaPayload {
  if (value === undefined) return { caption: '', odd: 'the row is not found any more' }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return { caption: '', odd: `not an object: ${JSON.stringify(value).slice(0, 80)}` }
  const {
    file_path: path,
    caption,
    _value: text,
    original_point_count: original,
    rendered_point_count: rendered,
  } = value
  // trackio takes any value for a caption
  const told = typeof caption === 'string' ? caption : typeof caption === 'number' ? String(caption) : ''
  if (value._type === 'trackio.markdown')
    return typeof text === 'string' ? { caption: told, text } : { caption: told, odd: 'it holds no text' }
  if (typeof path !== 'string' || path === '') return { caption: told, odd: 'it names no file' }
  return {
    ...{ path, caption: told },
    points: typeof original === 'number' && typeof rendered === 'number' ? { original, rendered } : undefined,
  }
}

const TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
  avif: 'image/avif',
  svg: 'image/svg+xml',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  ogv: 'video/ogg',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  m4a: 'audio/mp4',
}

/** Ending of a file's name in small letters, without the dot. */
export function endingOf(path: string): string {
  return /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
}

/** Media type of a file by its name; '' for what no element of the page plays. */
export function mediaType(path: string): string {
  return TYPES[endingOf(path)] ?? ''
}

/** The end of a path that fits a card: `…/3000/b41f09c2.png`. */
export function pathEnd(path: string): string {
  const parts = path.replaceAll('\\', '/').split('/')
  return parts.length > 2 ? `…/${parts.slice(-2).join('/')}` : path
}
