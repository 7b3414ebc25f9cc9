import { ChangedOnDiskError, TrackioError } from '../model/errors.ts'
import { decode } from './address.ts'
import { type Bytes, memoryBytes } from './bytes.ts'
import { type Answer, askNow, changed, download, rangeHeader, refused, unreachable } from './http.ts'
import type { Tree, TreeEntry, WaitOptions } from './tree.ts'

/** What `index.json` says of a file. `etag`: the host answers If-Match with it, so that a file is read as it was listed or not at all. */
interface Listed extends TreeEntry {
  etag: string | undefined
}

export interface ListingTree extends Tree {
  /** What the listing calls the folder; the last part of its address before the first `list`, and where it says nothing. */
  name(): string
}

/** Kept from opening on: SQLite's header and a Parquet file of a small project are in it. */
const HEAD = 64 << 10

/**
 * A folder behind a web server, with an `index.json` in it that lists its files: `{ name?, files: [{ path, size, mtimeMs?, etag? }] }`. `npx trackio-lite` serves
 * one, and then files are read as they were listed: ChangedOnDiskError says that one was written to since. Any other host may too; there the listing
 * is only as fresh as whoever wrote it. `address` is the folder's, or that of its index.json.
 */
export function listingTree(address: string): ListingTree {
  const folder = folderOf(address)
  const index = new URL('index.json', folder).href
  // this machine: nothing comes over a network, and there is somebody to start it again
  const local = /^(127(\.\d+){3}|localhost|\[::1\])$/.test(folder.hostname)
  let known = new Map<string, Listed>()
  let name = decode(/([^/]*)\/$/.exec(folder.pathname)?.[1] ?? '') || folder.host
  let version: string | undefined
  let total = 0
  return { whole: true, host: local ? '' : folder.host, name: () => name, list, find, bytes, blob, received: () => (local ? 0 : total) }

  async function list({ signal }: WaitOptions = {}): Promise<TreeEntry[]> {
    // another origin would be asked for its permission before each If-None-Match; there the browser's own cache does it
    const answer = await ask(index, local && version ? { 'If-None-Match': version } : {}, { signal }, local ? 'no-store' : 'no-cache')
    if (answer.status !== 304) {
      if (answer.status === 404) throw noListing(folder.href)
      if (answer.status !== 200) throw refusal(index, answer)
      const listing = parseListing(index, new TextDecoder().decode(answer.bytes))
      known = listing.files
      name = listing.name ?? name
      version = answer.header('etag')
    }
    return [...known.values()].map(({ path, size, stamp }) => ({ path, size, stamp }))
  }

  async function find(path: string, options: WaitOptions = {}): Promise<TreeEntry | undefined> {
    let entry = known.get(path)
    if (!entry) {
      // an image can be logged, and asked for, before the next look at the list
      const answer = await ask(urlOf(path), {}, options, 'no-store', 'HEAD')
      if (answer.status === 404) return undefined
      if (answer.status !== 200) throw refusal(path, answer)
      entry = { path, size: Number(answer.header('content-length') ?? 0), stamp: versionOf(answer) ?? '', etag: undefined }
    }
    return { path, size: entry.size, stamp: entry.stamp }
  }

  async function bytes(path: string, options: WaitOptions = {}): Promise<Bytes> {
    if (!known.has(path)) await list(options)
    const entry = known.get(path)
    if (!entry) throw gone(path)
    const pin: Record<string, string> = entry.etag === undefined ? {} : { 'If-Match': entry.etag }
    if (entry.etag !== undefined && entry.size === 0) return memoryBytes(new Uint8Array(0))
    const first = await ask(urlOf(path), { ...rangeHeader(0, HEAD), ...pin }, options)
    if (first.status === 200) return memoryBytes(first.bytes) // no ranges there
    if (first.status === 416 && first.header('content-range') === 'bytes */0') return memoryBytes(new Uint8Array(0))
    const head = check(path, first)
    // a listing without versions may be older than its files
    const size = entry.etag === undefined ? totalOf(first) : entry.size
    if (size !== undefined) return size <= head.length ? memoryBytes(head) : ranged(path, size, pin, versionOf(first), head)
    // a host of another origin may hide how long the file is
    const whole = await ask(urlOf(path), {}, options)
    if (whole.status !== 200) throw refusal(path, whole)
    return memoryBytes(whole.bytes)
  }

  function ranged(path: string, size: number, pin: Record<string, string>, version: string | undefined, head: Uint8Array): Bytes {
    const url = urlOf(path)
    const checked = (answer: Answer): Uint8Array => {
      const part = check(path, answer)
      const now = versionOf(answer)
      if (version && now && now !== version) throw changed(path)
      return part
    }
    return {
      size,
      read(offset, length) {
        const count = Math.min(length, size - offset)
        if (count <= 0 || offset + count <= head.length) return head.subarray(offset, offset + Math.max(0, count))
        let answer: Answer
        try {
          answer = askNow(url, { ...rangeHeader(offset, count), ...pin })
        } catch (cause) {
          throw unanswered(cause)
        }
        total += answer.bytes.length
        return checked(answer)
      },
      async load(offset, length) {
        const count = Math.min(length, size - offset)
        if (count <= 0 || offset + count <= head.length) return head.subarray(offset, offset + Math.max(0, count))
        return checked(await ask(url, { ...rangeHeader(offset, count), ...pin }, {}))
      },
    }
  }

  async function blob(path: string, options: WaitOptions = {}): Promise<Blob> {
    const answer = await ask(urlOf(path), {}, options)
    if (answer.status === 404)
      throw new TrackioError(path, 'not there', 'It was moved or deleted after it was logged, or never copied here.')
    if (answer.status !== 200) throw refusal(path, answer)
    return new Blob([Uint8Array.from(answer.bytes)], { type: answer.header('content-type') })
  }

  async function ask(
    url: string,
    headers: Record<string, string>,
    options: WaitOptions,
    cache: RequestCache = 'no-store',
    method = 'GET',
  ): Promise<Answer> {
    try {
      const { signal, onProgress } = options
      const head = await fetch(url, { method, headers, signal, cache })
      const body = await download(head, onProgress)
      total += body.length
      return { status: head.status, url: head.url, header: (name) => head.headers.get(name) ?? undefined, bytes: body }
    } catch (cause) {
      throw cause instanceof Error && cause.name === 'AbortError' ? cause : unanswered(cause)
    }
  }

  function unanswered(cause: unknown): Error {
    if (!local) return unreachable(folder.href, cause)
    return new TrackioError(folder.host, 'no answer: the command that serves these files has ended', 'Start it again: npx trackio-lite')
  }

  function urlOf(path: string): string {
    if (!isBelow(path)) throw new TrackioError(path, 'not a path below the folder')
    return new URL(path.split('/').map(encodeURIComponent).join('/'), folder).href
  }
}

/** Gives the bytes of a part, or says why it is none. */
function check(path: string, answer: Answer): Uint8Array {
  if (answer.status === 206) return answer.bytes
  // 416: it ends before the range by now; 200: a host that gives it whole again
  if ([200, 412, 416].includes(answer.status)) throw changed(path)
  throw answer.status === 404 ? gone(path) : refusal(path, answer)
}

/** The length of the file that a part is of; undefined where it is not said. */
function totalOf(answer: Answer): number | undefined {
  const total = /\/(\d+)$/.exec(answer.header('content-range') ?? '')?.[1]
  return total === undefined ? undefined : Number(total)
}

function versionOf(answer: Answer): string | undefined {
  return answer.header('etag') ?? answer.header('last-modified')
}

/** What the host says in a line of text is told: it knows more than its status. */
function refusal(subject: string, answer: Answer): TrackioError {
  const said = /^text\/plain/.test(answer.header('content-type') ?? '') ? new TextDecoder().decode(answer.bytes).trim().slice(0, 200) : ''
  const error = refused(subject, answer.status)
  return said ? new TrackioError(subject, `${error.message}: ${said}`, error.action) : error
}

function gone(path: string): ChangedOnDiskError {
  return new ChangedOnDiskError(path, 'no longer there: it was moved, renamed or deleted', 'Open the folder again to see it as it is now.')
}

function noListing(folder: string): TrackioError {
  return new TrackioError(
    folder,
    'no index.json in it that lists its files',
    'Start `npx trackio-lite` for a folder on this machine. A folder on the web needs an index.json: see docs/hosting.md.',
  )
}

/** The folder with a slash at its end, whichever way it was written. */
function folderOf(address: string): URL {
  const url = new URL(address)
  url.search = ''
  url.hash = ''
  url.pathname = url.pathname.replace(/\/index\.json\/?$/, '/').replace(/\/?$/, '/')
  return url
}

/** Parts by name: none is empty, `.` or `..`. */
function isBelow(path: string): boolean {
  return path.split('/').every((part) => !/^\.{0,2}$/.test(part))
}

/** Throws where the text is no listing, with the part that is wrong. */
function parseListing(url: string, text: string): { name: string | undefined; files: Map<string, Listed> } {
  const wrong = (what: string): TrackioError =>
    new TrackioError(
      url,
      `not a listing of files: ${what}`,
      'It should read {"files": [{"path": "project.db", "size": 4096}]}: see docs/hosting.md.',
    )
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw wrong(cause instanceof Error ? cause.message : String(cause))
  }
  if (!isRecord(value) || !Array.isArray(value.files)) throw wrong('it has no list "files"')
  const files = new Map<string, Listed>()
  for (const item of value.files) {
    const { path, size, mtimeMs, etag } = isRecord(item) ? item : {}
    if (typeof path !== 'string' || !isBelow(path)) throw wrong(`no path below the folder: ${JSON.stringify(path ?? item)}`)
    if (typeof size !== 'number' || !(size >= 0)) throw wrong(`${path} has no size`)
    const version = typeof etag === 'string' ? etag : undefined
    files.set(path, { path, size, stamp: version ?? `${size}-${typeof mtimeMs === 'number' ? mtimeMs : ''}`, etag: version })
  }
  return { name: typeof value.name === 'string' ? value.name : undefined, files }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
