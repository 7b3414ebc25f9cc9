import type { ManifestEntry } from '../../model/artifact.ts'
import type { Json } from '../../model/run.ts'
import { parseLoose } from '../columns/json.ts'

/** What a manifest holds, and what of it cannot be taken. */
export interface Manifest {
  entries: ManifestEntry[]
  /** In words, of entries that are none: `entry 3 has no path`. */
  bad: string[]
}

/** A list of objects with path, digest and size; a text that is none is what is wrong with it, in words. */
export function parseManifest(text: string | null): Manifest | string {
  if (text === null) return 'its manifest is missing'
  const list = parseLoose(text)
  if (list === undefined) return `its manifest is no JSON: ${short(text)}`
  if (!Array.isArray(list)) return `its manifest is no list: ${short(text)}`
  const manifest: Manifest = { entries: [], bad: [] }
  list.forEach((value, at) => {
    const entry = entryOf(value)
    if (typeof entry === 'string') manifest.bad.push(`entry ${at + 1} ${entry}`)
    else manifest.entries.push(entry)
  })
  return manifest
}

/** An entry, or what is wrong with it in words. */
function entryOf(value: Json): ManifestEntry | string {
  const words = (part: Json): string => short(JSON.stringify(part))
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return `is no object: ${words(value)}`
  const { path, digest, size, ref = null } = value
  if (typeof path !== 'string' || path === '') return `has no path: ${words(value)}`
  if (ref !== null && typeof ref !== 'string')
    return `(${path}) has a reference that is no text: ${words(ref)}`
  if (typeof digest !== 'string') return `(${path}) has no digest`
  if (typeof size !== 'number' || size < 0) return `(${path}) has no size: ${words(size ?? null)}`
  return { path, digest, bytes: size, ref }
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
