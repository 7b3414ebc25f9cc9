import { isSha256 } from '../../compute/artifact-paths.ts'
import { mediaInText } from '../../compute/media-in-text.ts'
import { mediaPaths, stripsOf } from '../../compute/media-paths.ts'
import type { SideCount } from '../../model/catalogue.ts'
import { isAbort } from '../../model/errors.ts'
import { TABLE } from '../../model/logged-table.ts'
import { MEDIA_KINDS } from '../../model/media.ts'
import type { Project } from '../projects/project.ts'
import type { ProjectPlace } from './companion-files.ts'

/** How many files that a project names are not among those that go out with it; undefined where nobody knows. */
export interface Missing {
  media: number | undefined
  blobs: number | undefined
}

/** Kinds of values that name a file. */
export const NAME_FILES = MEDIA_KINDS.filter((kind) => kind !== 'trackio.markdown')
/** Those, and others that may hold such. */
const MAY_NAME = [...NAME_FILES, TABLE, 'trackio.trace']

/** So many values and traces are read again for the files that they name: 20,000 take about a second. */
const MOST = 20_000
/** Of another host each may cost a request. */
const MOST_FAR = 500
/** Tables and traces may be megabytes each: more text than this is not read through, and few of them at once. */
const MOST_TEXT = 64 << 20
const AT_ONCE = 100

/**
 * Looks for the files that a project's values, traces and manifests name among those that lie beside it.
 * `there`: their paths in the tree. `beside`: rows of its tables, undefined where they could not be counted.
 */
export async function missingFiles(
  project: Project,
  { tree, files, project: name }: ProjectPlace,
  there: ReadonlySet<string>,
  beside: readonly SideCount[] | undefined,
  signal: AbortSignal | undefined,
): Promise<Missing> {
  const most = tree.host === '' ? MOST : MOST_FAR
  return { media: await orUnknown(missingMedia(), signal), blobs: await orUnknown(missingBlobs(), signal) }

  async function missingMedia(): Promise<number | undefined> {
    const { runs, keys, run, key, row, complete } = await project.typedValues(MAY_NAME, signal)
    const traces = beside?.find(({ table }) => table === 'traces')
    // of those that were not counted nobody knows how many there are
    const places = row.length + (traces ? (traces.rows ?? Number.POSITIVE_INFINITY) : 0)
    if (!complete || !beside || places > most) return undefined
    const missing = new Set<string>()
    const strips = stripsOf(name)
    const isThere = (path: string): boolean =>
      mediaPaths(path, files.media, strips).some((one) => there.has(one))
    let left = MOST_TEXT
    const look = (text: string): void => {
      left -= text.length
      if (left < 0 || !text.includes('file_path')) return
      for (const { path } of mediaInText(text)) if (!isThere(path)) missing.add(path)
    }
    for (let from = 0; from < row.length; from += AT_ONCE) {
      const some = Array.from(row.subarray(from, from + AT_ONCE), (place, i) => ({
        run: runs[run[from + i] ?? -1] ?? '',
        key: keys[key[from + i] ?? -1] ?? '',
        row: place,
      }))
      for (const text of await project.valueTexts(some, signal)) {
        if (text === undefined) return undefined
        look(text)
      }
      if (left < 0) return undefined
    }
    if (traces)
      await project.eachTrace(({ messages, metadata, spans }) => {
        for (const text of [messages, metadata, spans]) look(text)
      }, signal)
    return left < 0 ? undefined : missing.size
  }

  async function missingBlobs(): Promise<number | undefined> {
    if (beside && !beside.some(({ table }) => table === 'artifacts')) return 0
    const stored = new Set([...there].map((path) => path.slice(path.lastIndexOf('/') + 1)))
    const named = await project.artifactFiles(signal)
    return named.filter(({ digest }) => isSha256(digest) && !stored.has(digest)).length
  }
}

/** What cannot be looked into holds up nothing: it would only be words. */
async function orUnknown(
  count: Promise<number | undefined>,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  const found = await count.catch((cause: unknown) => {
    if (isAbort(cause)) throw cause
    return undefined
  })
  signal?.throwIfAborted()
  return found
}
