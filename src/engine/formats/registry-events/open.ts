import { isAbort, TrackioError } from '../../../model/errors.ts'
import type { Json } from '../../../model/run.ts'
import type { Notice } from '../../../model/source.ts'
import type { Tree, TreeEntry } from '../../../storage/tree.ts'
import { parseLoose } from '../../columns/json.ts'
import type { OpenDataset, OpenOptions, ProjectReader } from '../dataset.ts'
import { emptyReader } from '../empty-reader.ts'
import { sizeOf } from '../listing.ts'
import { addRow, emptyRows, ROW_TABLES, type TableRows } from '../table-rows.ts'
import { isRegistry, type RegistryFiles } from './registry-files.ts'

/** Each event is a file, so a request where they are behind a network. */
const AT_ONCE = 8

/**
 * A registry in a bucket as the tables that it has in a database: its metadata and its events. What is linked
 * now stands nowhere but in the events.
 */
export async function openRegistry(
  files: RegistryFiles,
  tree: Tree,
  { signal }: OpenOptions,
): Promise<OpenDataset> {
  let now = files
  let version = 0
  /** By path; a file of an event is written once and never changed. */
  const known = new Map<string, { stamp: string; text: string }>()
  const manifest = await read(now.manifest, signal)
  if (!isObject(parseLoose(manifest)))
    throw new TrackioError(
      files.path,
      'not the description of a registry: no JSON object',
      'Copy the folder of the registry again.',
    )
  const bytes = (): number => sizeOf([now.manifest, ...now.events])
  const reader: ProjectReader = {
    ...emptyReader(() => ({ state: 'done', bytes: bytes(), totalBytes: bytes(), rows: 0 })),
    version: () => version,
    async tableRows(table, signal) {
      if (table === 'project_metadata') return metadata(await read(now.manifest, signal))
      return table === 'registry_events' ? events(now.events, signal) : undefined
    },
  }
  return {
    path: files.path,
    get bytes() {
      return bytes()
    },
    projects: [{ info: { name: files.project, file: files.path, bytes: bytes() }, reader }],
    notices: [],
    read: async () => {},
    stop() {},
    done: () => true,
    async refresh(next) {
      if (!isRegistry(next)) return 'other'
      const more = next.events.length !== now.events.length || next.manifest.stamp !== now.manifest.stamp
      now = next
      version++
      return more ? 'more' : 'same'
    },
  }

  async function read({ path, stamp }: TreeEntry, signal: AbortSignal | undefined): Promise<string> {
    const before = known.get(path)
    if (before?.stamp === stamp) return before.text
    const text = await (await tree.blob(path, { signal })).text()
    known.set(path, { stamp, text })
    return text
  }

  function metadata(text: string): TableRows {
    const found = emptyRows(ROW_TABLES.project_metadata)
    const parsed = parseLoose(text)
    const cells: { [key: string]: Json } = isObject(parsed) ? parsed : {}
    // its presence makes the registry exist, whatever it says
    const created = typeof cells.created_at === 'string' ? cells.created_at : ''
    addRow(found, (column) => (column === 'key' ? 'registry_created_at' : created))
    const { description } = cells
    if (typeof description === 'string')
      addRow(found, (column) => (column === 'key' ? 'registry_description' : description))
    return found
  }

  async function events(entries: readonly TreeEntry[], signal: AbortSignal | undefined): Promise<TableRows> {
    const found = emptyRows(ROW_TABLES.registry_events)
    const lost: { entry: TreeEntry; why: string }[] = []
    const texts = new Array<string | undefined>(entries.length)
    const left = entries.entries()
    const lane = async (): Promise<void> => {
      for (const [i, entry] of left)
        try {
          texts[i] = await read(entry, signal)
        } catch (cause) {
          if (isAbort(cause)) throw cause
          lost.push({ entry, why: cause instanceof Error ? cause.message : String(cause) })
        }
    }
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, entries.length) }, lane))
    const seen = new Set<string>()
    const rows = entries.flatMap((entry, i) => {
      const text = texts[i]
      const parsed = text === undefined ? undefined : parseLoose(text)
      if (text !== undefined && !isObject(parsed)) lost.push({ entry, why: 'no JSON object' })
      return isObject(parsed) ? [{ uid: uidOf(entry, parsed), event: parsed }] : []
    })
    rows.sort((a, b) => (a.uid < b.uid ? -1 : a.uid > b.uid ? 1 : 0))
    for (const { uid, event } of rows) {
      if (seen.has(uid)) continue
      seen.add(uid)
      const cells: Record<string, Json> = {
        id: found.rows + 1,
        event_uid: uid,
        ts: event.ts ?? null,
        kind: event.kind ?? null,
        payload: event.payload ?? null,
      }
      addRow(found, (column) => cells[column] ?? null)
    }
    if (lost.length > 0) found.notices.push(lostWords(files, lost))
    return found
  }
}

function uidOf({ path }: TreeEntry, { event_uid: uid }: { [key: string]: Json }): string {
  return typeof uid === 'string' && uid !== '' ? uid : path.replace(/^.*\/|\.json$/g, '')
}

function lostWords(files: RegistryFiles, lost: { entry: TreeEntry; why: string }[]): Notice {
  const [first] = lost
  const name = first?.entry.path.replace(/^.*\//, '') ?? ''
  const count = lost.length === 1 ? 'an event' : `${lost.length.toLocaleString('en')} events`
  return {
    level: 'warn',
    subject: files.path,
    text: `${count} could not be read, and what came of them is missing: ${name}: ${first?.why ?? ''}`,
    action: 'Copy the folder of the registry again.',
  }
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
