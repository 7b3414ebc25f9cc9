import type { MediaFile, TraceRow } from '../../model/tracking.ts'
import { warn } from '../base/warn.ts'
import { Histogram } from '../values/histogram.ts'
import { Markdown } from '../values/markdown.ts'
import { type Encoded, Media } from '../values/media.ts'
import { jsonOf, numberText, type Part, stringText } from '../values/stored-json.ts'
import { Table } from '../values/table.ts'
import { Trace, type TraceParts, traceParts } from '../values/trace.ts'

/**
 * Names that are columns of trackio's tables: they are stored with `__` before them, as is what begins so.
 */
const RESERVED = new Set(['project', 'run', 'timestamp', 'step', 'time', 'metrics'])

/** Told of a value that is left out of its row, with why. */
export type LeaveOut = (key: string, cause: unknown) => void

/** One name of a row whose text is not known yet: media have no path, traces go to a table of their own. */
interface Entry {
  key: string
  parts: Part[]
  traces?: { index: number | null; parts: TraceParts }[]
}

/** A row that waits for its media. */
export interface OpenRow {
  entries: Entry[]
  /** Every file is made, or failed; set once `wait` has resolved. */
  settled: boolean
  made: Map<Media, Encoded | Error>
  /** Resolves, never rejects. */
  wait: Promise<void>
  /** About the bytes it takes in memory. */
  size: number
}

/** Where a row's media go. */
export interface RowPlace {
  /** Below `media/`: `<project>/<run>`. */
  folder: string
  row: number
  step: number
  time: number
}

/**
 * `"name":` of each metric that was logged, with the name as it is stored: a training loop logs the same few.
 */
const known = new Map<string, { text: string; key: string; renamed: boolean }>()
const KNOWN = 10_000

function nameOf(key: string): { text: string; key: string; renamed: boolean } {
  let name = known.get(key)
  if (!name) {
    const renamed = RESERVED.has(key) || key.startsWith('__')
    const stored = renamed ? `__${key}` : key
    name = { text: `${stringText(stored)}:`, key: stored, renamed }
    if (known.size < KNOWN) known.set(key, name)
  }
  return name
}

/**
 * What is stored of logged metrics: JSON text where that is all (numbers, texts, lists), else a row that is
 * finished later. What cannot be stored is left out. Throws only for what is no object at all.
 */
export function rowOf(metrics: Record<string, unknown>, leaveOut: LeaveOut): string | OpenRow {
  if (typeof metrics !== 'object' || metrics === null || Array.isArray(metrics)) {
    throw new TypeError(
      `expected an object of metrics, got ${metrics === null ? 'null' : Array.isArray(metrics) ? 'a list' : typeof metrics}`,
    )
  }
  const given: Record<string, unknown> = metrics instanceof Map ? Object.fromEntries(metrics) : metrics
  let text = ''
  let open: Entry[] | undefined
  let renamed: string[] | undefined
  for (const key of Object.keys(given)) {
    const name = nameOf(key)
    if (name.renamed) renamed = [...(renamed ?? []), key]
    try {
      const value = given[key]
      if (value === undefined) continue
      const entry = typeof value === 'number' ? numberText(value) : entryOf(name.key, value)
      if (typeof entry === 'string') text += (text === '' ? '' : ',') + name.text + entry
      else {
        open = [...(open ?? []), { key: '', parts: text === '' ? [] : [text] }, entry]
        text = ''
      }
    } catch (cause) {
      leaveOut(key, cause)
    }
  }
  if (renamed) warn(`Reserved keys renamed: [${renamed.map((key) => `'${key}'`).join(', ')}] → '__{key}'`)
  return open ? openRow([...open, { key: '', parts: text === '' ? [] : [text] }]) : `{${text}}`
}

function entryOf(key: string, value: unknown): string | Entry {
  if (typeof value !== 'object' || value === null) return jsonOf(value)
  if (value instanceof Media) return { key, parts: [value] }
  if (value instanceof Table) {
    const parts = value.parts()
    return parts.some((part) => part instanceof Media) ? { key, parts } : parts.join('')
  }
  if (value instanceof Histogram || value instanceof Markdown) return value.json()
  if (isTrace(value)) return { key, parts: [], traces: [{ index: null, parts: traceParts(value) }] }
  if (Array.isArray(value) && value.some(isTrace)) {
    const rest = value.filter((item) => !isTrace(item))
    const traces = value.flatMap((item: unknown, index) =>
      isTrace(item) ? [{ index, parts: traceParts(item) }] : [],
    )
    return { key, parts: rest.length > 0 ? [jsonOf(rest)] : [], traces }
  }
  return jsonOf(value)
}

/** Also a plain object in the stored form, as trackio takes it. */
function isTrace(value: unknown): value is { messages: unknown; metadata: unknown; spans: unknown } {
  if (value instanceof Trace) return true
  return typeof value === 'object' && value !== null && Reflect.get(value, '_type') === 'trackio.trace'
}

function openRow(entries: Entry[]): OpenRow {
  const media = entries.flatMap(partsIn).filter((part) => part instanceof Media)
  const row: OpenRow = {
    entries,
    settled: media.length === 0,
    made: new Map(),
    wait: Promise.resolve(),
    size: entries
      .flatMap(partsIn)
      .reduce((sum, part) => sum + (typeof part === 'string' ? part.length * 2 : 200), 0),
  }
  if (media.length > 0) {
    // the files are begun now: pixels must be those of this moment
    const made = media.map((one) =>
      one.encode().then(
        (encoded) => void row.made.set(one, encoded),
        (cause: unknown) => void row.made.set(one, cause instanceof Error ? cause : new Error(String(cause))),
      ),
    )
    row.wait = Promise.all(made).then(() => {
      row.settled = true
    })
  }
  return row
}

function partsIn(entry: Entry): Part[] {
  return [
    ...entry.parts,
    ...(entry.traces ?? []).flatMap(({ parts }) => [...parts.messages, ...parts.metadata, ...parts.spans]),
  ]
}

/** Finishes a settled row: its text, its files and traces. A value whose file failed is left out. */
export function finishRow(
  row: OpenRow,
  place: RowPlace,
  leaveOut: LeaveOut,
): { text: string; files: MediaFile[]; traces: TraceRow[] } {
  const texts: string[] = []
  const files: MediaFile[] = []
  const traces: TraceRow[] = []
  for (const entry of row.entries) {
    try {
      const texted = mediaTexts(row, partsIn(entry), `${place.folder}/${place.step}`, files)
      const fill = (parts: Part[]): string =>
        parts.map((part) => (typeof part === 'string' ? part : (texted.get(part)?.json ?? ''))).join('')
      const text = fill(entry.parts)
      if (text !== '') texts.push(entry.key === '' ? text : nameText(entry.key) + text)
      for (const { index, parts } of entry.traces ?? []) {
        traces.push({
          row: place.row,
          step: place.step,
          time: place.time,
          key: entry.key,
          index,
          messages: fill(parts.messages),
          metadata: fill(parts.metadata),
          spans: fill(parts.spans),
          words: parts.words
            .map((part) => (typeof part === 'string' ? part : (texted.get(part)?.words ?? '')))
            .join(' '),
        })
      }
    } catch (cause) {
      leaveOut(entry.key, cause)
    }
  }
  return { text: `{${texts.join(',')}}`, files, traces }
}

/**
 * Stored form of each of the media, whose new files are added to `files`. Throws what one of them failed
 * with.
 */
function mediaTexts(
  row: OpenRow,
  parts: Part[],
  folder: string,
  files: MediaFile[],
): Map<Media, { json: string; words: string }> {
  const texts = new Map<Media, { json: string; words: string }>()
  const media = parts.filter((part) => part instanceof Media)
  const failed = media.map((one) => row.made.get(one)).find((made) => made instanceof Error)
  if (failed) throw failed
  for (const one of media) {
    const made = row.made.get(one)
    if (!made || made instanceof Error || texts.has(one)) continue
    const { blob, extension, fields } = made
    const { path, isNew } = one.pathIn(folder, extension)
    if (isNew) files.push({ path, blob })
    const stored = { _type: one.type, file_path: path, caption: one.caption, ...fields }
    texts.set(one, {
      json: jsonOf(stored),
      words: Object.values(stored)
        .filter((value) => value !== null)
        .join(' '),
    })
  }
  return texts
}

function nameText(key: string): string {
  return `${stringText(key)}:`
}

/** System metrics: names stay as they are, and there are no values that become files. */
export function systemRowOf(metrics: Record<string, unknown>, leaveOut: LeaveOut): string {
  const texts: string[] = []
  for (const [key, value] of Object.entries(metrics)) {
    if (value === undefined) continue
    try {
      texts.push(nameText(key) + jsonOf(value))
    } catch (cause) {
      leaveOut(key, cause)
    }
  }
  return `{${texts.join(',')}}`
}
