import { TrackioError } from '../../model/errors.ts'
import type { HubRepo, Notice } from '../../model/source.ts'
import { resolveUrl } from '../address/address.ts'
import { changed, jsonOf } from '../http/answer.ts'
import type { Tree, TreeEntry, WaitOptions } from '../tree.ts'
import { type KeptBytes, keptBytes } from './cached-bytes.ts'
import { type HubCache, hubCache } from './hub-cache.ts'
import {
  eachOnce,
  MissingError,
  OfflineError,
  oddAnswer,
  type Place,
  placeName,
  sensible,
} from './hub-errors.ts'
import { hubRanges } from './hub-ranges.ts'
import { type HubClient, type HubOptions, makeHubClient } from './hub-requests.ts'

export interface HubTreeOptions extends HubOptions {
  /** Only what is below this folder; ends in `/`. Paths are without it. */
  root?: string
  /** Default: this browser's; undefined: nothing is kept. */
  cache?: HubCache | undefined
}

export interface HubTree extends Tree {
  /** The commit that is read; undefined for buckets, and before the first listing. */
  revision(): string | undefined
  /** Said of what is shown: the Hub cannot be reached, so it is what was read earlier. */
  notices(): Notice[]
}

/** A listing at one moment. Of a dataset or Space it never changes: it is that of a commit. */
interface Listing {
  /** Commit; '' of buckets. */
  sha: string
  /** When it was read, ms since 1970. */
  at: number
  entries: Map<string, TreeEntry>
}

/**
 * A dataset, bucket or Space as named bytes. The branch is resolved to a commit once and everything is read
 * at that commit, until `list` looks again. What was read is kept by its content, so a new commit costs only
 * what it changed; a listing is kept too, and stands in while the Hub cannot be reached. Nothing of a Space
 * is kept: old ones hold a token in their config.json.
 */
export function hubTree(repo: HubRepo, options: HubTreeOptions = {}): HubTree {
  const client = makeHubClient(options)
  const { root = '' } = options
  const cache = repo.type === 'space' ? undefined : 'cache' in options ? options.cache : hubCache()
  const here: Place = { hub: client.hub, repo }
  const name = `${client.hub} ${repo.type}s/${repo.id}`
  /** For a person who looks at what is kept. */
  const words = `${client.host}/${repo.type}s/${repo.id}`
  const clock = options.clock ?? { now: Date.now }
  let listing: Listing | undefined
  let offline: Notice | undefined
  /** When the listing was last noted, ms since 1970. */
  let noted = 0
  return {
    whole: true,
    host: client.host,
    list: async (wait) => [...(await look(wait)).entries.values()],
    find,
    bytes,
    async blob(path, { signal, onProgress } = {}) {
      const file = await bytes(path, { signal })
      const { size } = file
      const data = await file.load(0, size, {
        signal,
        onBytes: onProgress && ((done) => onProgress(Math.min(done, size), size)),
      })
      onProgress?.(size, size)
      return blobOf(data)
    },
    received: () => client.received(),
    revision: () => listing?.sha || undefined,
    notices: () => (offline ? [offline] : []),
  }

  /** The newest listing; an earlier one where the Hub cannot be reached. */
  async function look({ signal, onProgress }: WaitOptions = {}): Promise<Listing> {
    try {
      const sha = repo.type === 'bucket' ? '' : await shaOf(client, here, signal)
      const known = sha && listing?.sha === sha ? listing : sha ? await recalled(sha) : undefined
      const next = known ?? (await listed(client, here, root, sha, clock.now(), { signal, onProgress }))
      remember(next, known !== undefined)
      listing = next
      offline = undefined
    } catch (cause) {
      if (!(cause instanceof OfflineError)) throw cause
      const last = await lastSeen()
      if (!last) throw cause
      listing = last.listing
      offline = offlineNotice(cause, here, last)
    }
    return listing
  }

  /** For a visit without the Hub. A live source looks every few seconds, and nearly always sees the same. */
  function remember(next: Listing, kept: boolean): void {
    const same = listing !== undefined && sameEntries(listing, next)
    if (same && clock.now() - noted < 600_000) return
    noted = clock.now()
    void cache?.note(keyOf('at'), { sha: next.sha, at: noted }, words)
    if (!kept && !same) void cache?.note(keyOf('listing', next.sha), plain(next), words)
  }

  async function find(path: string, { signal }: WaitOptions = {}): Promise<TreeEntry | undefined> {
    const { sha, entries } = listing ?? (await look({ signal }))
    // a commit's listing is complete for ever, a bucket's only until somebody writes
    if (sha || offline) return entries.get(path)
    const entry = await infoOf(path, signal)
    if (entry) entries.set(path, entry)
    else entries.delete(path)
    return entry
  }

  async function bytes(path: string, { signal }: WaitOptions = {}): Promise<KeptBytes> {
    const { sha, entries } = listing ?? (await look({ signal }))
    const entry = entries.get(path) ?? (sha ? undefined : await infoOf(path, signal))
    const place = placeOf(path)
    if (!entry)
      throw new MissingError(
        placeName(place),
        `no such file${sha ? ` at commit ${sha.slice(0, 7)}` : ''}`,
        'Read the source anew to see what is there.',
      )
    // what has no hash may be something else tomorrow
    const kept = entry.stamp.includes(' ')
      ? undefined
      : await cache?.file(keyOf('file', path, entry.stamp), words)
    signal?.throwIfAborted()
    const url = resolveUrl(client.hub, repo, root + path, sha || undefined)
    const check = sha ? undefined : unchanged(place, entry)
    return keptBytes(hubRanges({ client, place, url, size: entry.size, signal, check }), kept)
  }

  async function infoOf(path: string, signal: AbortSignal | undefined): Promise<TreeEntry | undefined> {
    const { pathsInfo } = await import('./hub-package.ts')
    const place = placeOf(path)
    const found: unknown = await sensible(place, () =>
      pathsInfo({
        repo: { type: repo.type, name: repo.id },
        paths: [root + path],
        hubUrl: client.hub,
        fetch: client.fetch(place, signal),
      }),
    )
    if (!Array.isArray(found)) throw oddAnswer(place)
    const [info] = found.flatMap((item) => entryOf(item, root))
    return info?.path === path ? info : undefined
  }

  /**
   * A bucket's files change in place, behind addresses that do not. A signed address is of one content, so
   * once its file has still the listed hash after the address was given, all that comes from there is what
   * was listed.
   */
  function unchanged(
    place: Place,
    entry: TreeEntry,
  ): { load(signal?: AbortSignal | undefined): Promise<void>; read(): void } {
    const compare = (now: TreeEntry | undefined): void => {
      if (now?.stamp !== entry.stamp) throw changed(placeName(place))
    }
    return {
      load: async (signal) => compare(await infoOf(entry.path, signal)),
      read() {
        const url = `${client.hub}/api/${repo.type}s/${repo.id}/paths-info`
        const body = JSON.stringify({ paths: [root + entry.path] })
        const { bytes: answer } = client.askNow({
          place,
          url,
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body,
        })
        const items = jsonOf(answer)
        if (!Array.isArray(items)) throw oddAnswer(place)
        compare(items.flatMap((item) => entryOf(item, root))[0])
      },
    }
  }

  function placeOf(path: string): Place {
    return { ...here, path: root + path }
  }

  function keyOf(what: 'at' | 'listing' | 'file', ...more: string[]): string {
    // a file is kept by its path and content, whichever commits have it; a listing by its commit
    const revision = what === 'at' ? [repo.revision ?? ''] : []
    return [what, name, ...(what === 'file' ? [] : [root]), ...revision, ...more].join('\n')
  }

  async function recalled(sha: string): Promise<Listing | undefined> {
    return parseListing(await cache?.recall(keyOf('listing', sha)))
  }

  async function lastSeen(): Promise<{ listing: Listing; at: number } | undefined> {
    const last = await cache?.recall(keyOf('at'))
    if (typeof last !== 'object' || last === null || !('sha' in last) || !('at' in last)) return undefined
    if (typeof last.sha !== 'string' || typeof last.at !== 'number') return undefined
    const found = await recalled(last.sha)
    return found && { listing: found, at: last.at }
  }
}

/** Without a copy: a video may be large. */
function blobOf(data: Uint8Array): Blob {
  const { buffer, byteOffset, byteLength } = data
  return new Blob([
    buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : Uint8Array.from(data),
  ])
}

/** Full commit ids need no question; branches, tags and the default branch do. */
async function shaOf(client: HubClient, place: Place, signal: AbortSignal | undefined): Promise<string> {
  const { type, id, revision } = place.repo
  if (revision && /^[0-9a-f]{40}$/.test(revision)) return revision
  const { datasetInfo, spaceInfo } = await import('./hub-package.ts')
  const ask = {
    name: id,
    ...(revision ? { revision } : {}),
    hubUrl: client.hub,
    fetch: client.fetch(place, signal),
  }
  const { sha } = await sensible<{ sha?: unknown }>(place, () =>
    type === 'space'
      ? spaceInfo({ ...ask, additionalFields: ['sha'] })
      : datasetInfo({ ...ask, additionalFields: ['sha'] }),
  )
  if (typeof sha !== 'string' || sha === '')
    throw new TrackioError(placeName(place), 'the Hub names no commit of it', 'Try again later.')
  return sha
}

async function listed(
  client: HubClient,
  place: Place,
  root: string,
  sha: string,
  at: number,
  { signal, onProgress }: WaitOptions,
): Promise<Listing> {
  const { listFiles } = await import('./hub-package.ts')
  const { type, id } = place.repo
  const entries = new Map<string, TreeEntry>()
  const all = listFiles({
    repo: { type, name: id },
    recursive: true,
    path: root.split('/').filter(Boolean).map(encodeURIComponent).join('/'),
    ...(sha ? { revision: sha } : {}),
    hubUrl: client.hub,
    fetch: eachOnce(client.fetch(root === '' ? place : { ...place, path: root }, signal), place),
  })
  const before = client.received()
  let now = before
  await sensible(place, async () => {
    for await (const item of all) {
      for (const entry of entryOf(item, root)) entries.set(entry.path, entry)
      if (client.received() === now) continue
      now = client.received()
      onProgress?.(now - before, now - before)
    }
  })
  return { sha, at, entries }
}

/**
 * An entry of the Hub's listing as ours; none for folders. A hash says what the content is; without one, the
 * time and size do.
 */
function entryOf(item: unknown, root: string): TreeEntry[] {
  if (typeof item !== 'object' || item === null || !('path' in item) || !('size' in item)) return []
  const { path, size } = item
  if (typeof path !== 'string' || typeof size !== 'number' || !path.startsWith(root)) return []
  if (!('type' in item) || item.type !== 'file') return []
  const text = (key: string): string | undefined => {
    const value: unknown = Reflect.get(item, key)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const stamp = text('xetHash') ?? text('oid') ?? `${text('uploadedAt') ?? text('mtime') ?? ''} ${size}`
  return [{ path: path.slice(root.length), size, stamp }]
}

function sameEntries(a: Listing, b: Listing): boolean {
  if (a.sha || b.sha) return a.sha === b.sha
  return (
    a.entries.size === b.entries.size &&
    [...a.entries].every(([path, { stamp }]) => b.entries.get(path)?.stamp === stamp)
  )
}

function plain({ sha, at, entries }: Listing): unknown {
  return { sha, at, entries: [...entries.values()].map(({ path, size, stamp }) => [path, size, stamp]) }
}

function parseListing(value: unknown): Listing | undefined {
  if (
    typeof value !== 'object' ||
    value === null ||
    !('sha' in value) ||
    !('at' in value) ||
    !('entries' in value)
  )
    return undefined
  const { sha, at, entries } = value
  if (typeof sha !== 'string' || typeof at !== 'number' || !Array.isArray(entries)) return undefined
  const found = new Map<string, TreeEntry>()
  for (const entry of entries) {
    const [path, size, stamp]: unknown[] = Array.isArray(entry) ? entry : []
    if (typeof path !== 'string' || typeof size !== 'number' || typeof stamp !== 'string') return undefined
    found.set(path, { path, size, stamp })
  }
  return { sha, at, entries: found }
}

function offlineNotice(
  cause: OfflineError,
  place: Place,
  { listing, at }: { listing: Listing; at: number },
): Notice {
  const when = new Date(at).toISOString().slice(0, 16).replace('T', ' ')
  const what = listing.sha ? ` (commit ${listing.sha.slice(0, 7)})` : ''
  return {
    level: 'warn',
    subject: placeName(place),
    text: `${cause.message}: shown as it was on ${when} UTC${what}, as far as it was read then`,
    action: 'Read it again once the Hub can be reached.',
  }
}
