import { ChangedOnDiskError, TrackioError } from '../../model/errors.ts'
import { decode } from '../address/address.ts'
import { type Bytes, memoryBytes } from '../bytes.ts'
import type { BytesOptions, Tree, TreeEntry, WaitOptions } from '../tree.ts'
import { type Answer, refused } from './answer.ts'
import { askPatiently, type Tell } from './client.ts'
import { LineError } from './line-error.ts'
import { isPage, pageInstead, partOf, rangedBytes, rangeHeader, versionOf } from './ranges.ts'
import { HEAD } from './url.ts'

/**
 * What `index.json` says of a file. `etag`: the host answers If-Match with it, so that a file is read as it
 * was listed or not at all.
 */
interface Listed extends TreeEntry {
  etag: string | undefined
}

export interface ListingTree extends Tree {
  /**
   * What the listing calls the folder; the last part of its address before the first `list`, and where it
   * says nothing.
   */
  name(): string
}

/**
 * A folder behind a web server, with an `index.json` in it that lists its files: `{ name?, files: [{ path,
 * size, mtimeMs?, etag? }] }`. `npx trackio-lite` serves one, and then files are read as they were listed:
 * ChangedOnDiskError says that one was written to since. Any other host may too; there the listing is only as
 * fresh as whoever wrote it. `address` is the folder's, or that of its index.json. `tell`: told in words why
 * nothing happens.
 */
export function listingTree(address: string, tell?: Tell): ListingTree {
  const folder = folderOf(address)
  const index = new URL('index.json', folder).href
  // this machine: nothing comes over a network, and there is somebody to start it again
  const local = /^(127(\.\d+){3}|localhost|\[::1\])$/.test(folder.hostname)
  let known = new Map<string, Listed>()
  let name = decode(/([^/]*)\/$/.exec(folder.pathname)?.[1] ?? '') || folder.host
  let version: string | undefined
  let total = 0
  return {
    whole: true,
    host: local ? '' : folder.host,
    name: () => name,
    list,
    find,
    bytes,
    blob,
    received: () => (local ? 0 : total),
  }

  async function list({ signal }: WaitOptions = {}): Promise<TreeEntry[]> {
    // another origin would be asked for its permission before each If-None-Match; there the browser's own
    // cache does it
    const answer = await ask(
      index,
      local && version ? { 'If-None-Match': version } : {},
      { signal },
      local ? 'no-store' : 'no-cache',
    )
    if (answer.status !== 304) {
      if (answer.status === 404) throw noListing(folder.href)
      if (answer.status !== 200) throw refusal(index, answer)
      if (isPage(answer)) throw pageInstead(index)
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
      let answer = await ask(urlOf(path), {}, options, 'no-store', 'HEAD')
      // some hosts know GET alone
      if (answer.status === 405 || answer.status === 501)
        answer = await ask(urlOf(path), rangeHeader(0, 1), options)
      if (answer.status === 404) return undefined
      if (answer.status !== 200 && answer.status !== 206) throw refusal(path, answer)
      const size = totalOf(answer) ?? Number(answer.header('content-length') ?? answer.bytes.length)
      entry = { path, size, stamp: versionOf(answer) ?? '', etag: undefined }
    }
    return { path, size: entry.size, stamp: entry.stamp }
  }

  async function bytes(path: string, options: BytesOptions = {}): Promise<Bytes> {
    if (!known.has(path)) await list(options)
    const entry = known.get(path)
    if (!entry) throw gone(path)
    const { grows } = options
    // a weak version says that the content is as good, and If-Match never takes one
    const etag = entry.etag?.startsWith('W/') ? undefined : entry.etag
    const pin: Record<string, string> | undefined =
      etag === undefined || grows !== undefined ? undefined : { 'If-Match': etag }
    if (pin && entry.size === 0) return memoryBytes(new Uint8Array(0))
    const url = urlOf(path)
    const first = await ask(url, { ...rangeHeader(0, HEAD), ...pin }, options)
    if (first.status === 200) {
      if (isPage(first, path)) throw pageInstead(path)
      return memoryBytes(first.bytes) // no ranges there
    }
    if (first.status === 416 && first.header('content-range') === 'bytes */0')
      return memoryBytes(new Uint8Array(0))
    const version = versionOf(first)
    // a listing without versions may be older than its files
    const size = pin ? entry.size : totalOf(first)
    const file = {
      subject: path,
      version,
      grows,
      refuse: (answer: Answer) => (answer.status === 404 ? gone(path) : refusal(path, answer)),
    }
    const head = partOf(first, {
      ...file,
      size: size ?? HEAD,
      offset: 0,
      count: Math.min(HEAD, size ?? first.bytes.length),
    })
    if (isPage(first, path)) throw pageInstead(path)
    if (size !== undefined && size <= head.length && grows === undefined) return memoryBytes(head)
    if (size !== undefined) {
      const count = (bytes: number): void => {
        total += bytes
      }
      return rangedBytes({
        ...file,
        url,
        size,
        head,
        ...(pin && { headers: pin }),
        ...(local ? {} : { tell }),
        count,
        line: unanswered,
      })
    }
    // a host of another origin may hide how long the file is
    const whole = await ask(url, {}, options)
    if (whole.status !== 200) throw refusal(path, whole)
    if (isPage(whole, path)) throw pageInstead(path)
    return memoryBytes(whole.bytes)
  }

  async function blob(path: string, options: WaitOptions = {}): Promise<Blob> {
    const answer = await ask(urlOf(path), {}, options)
    if (answer.status === 404)
      throw new TrackioError(
        path,
        'not there',
        'It was moved or deleted after it was logged, or never copied here.',
      )
    if (answer.status !== 200) throw refusal(path, answer)
    return new Blob([Uint8Array.from(answer.bytes)], { type: answer.header('content-type') ?? '' })
  }

  async function ask(
    url: string,
    headers: Record<string, string>,
    options: WaitOptions,
    cache: RequestCache = 'no-store',
    method = 'GET',
  ): Promise<Answer> {
    const { signal, onProgress } = options
    const onBytes = (bytes: number, all: number): void => onProgress?.(bytes, all)
    try {
      const answer = await askPatiently({ url, method, headers, cache, signal, tell, onBytes })
      total += answer.bytes.length
      return answer
    } catch (cause) {
      throw unanswered(cause)
    }
  }

  /** A command of this machine that does not answer was ended; otherwise the line's own words hold. */
  function unanswered(cause: unknown): unknown {
    if (!(cause instanceof LineError)) return cause
    if (!local)
      return cause.how === 'nothing'
        ? new LineError(folder.href, cause.how, cause.message, cause.action)
        : cause
    if (cause.how === 'broken' || cause.how === 'packed') return cause
    if (cause.how === 'silent')
      return new TrackioError(
        folder.host,
        cause.message,
        'Look at the terminal of npx trackio-lite, or start it again.',
      )
    return new TrackioError(
      folder.host,
      'no answer: the command that serves these files has ended',
      'Start it again: npx trackio-lite',
    )
  }

  function urlOf(path: string): string {
    if (!isBelow(path)) throw new TrackioError(path, 'not a path below the folder')
    return new URL(path.split('/').map(encodeURIComponent).join('/'), folder).href
  }
}

/** The length of the file that a part is of; undefined where it is not said. */
function totalOf(answer: Answer): number | undefined {
  const total = /\/(\d+)$/.exec(answer.header('content-range') ?? '')?.[1]
  return total === undefined ? undefined : Number(total)
}

/** What the host says in a line of text is told: it knows more than its status. */
function refusal(subject: string, answer: Answer): TrackioError {
  const said = /^text\/plain/.test(answer.header('content-type') ?? '')
    ? new TextDecoder().decode(answer.bytes).trim().slice(0, 200)
    : ''
  const error = refused(subject, answer.status)
  return said ? new TrackioError(subject, `${error.message}: ${said}`, error.action) : error
}

function gone(path: string): ChangedOnDiskError {
  return new ChangedOnDiskError(
    path,
    'no longer there: it was moved, renamed or deleted',
    'Open the folder again to see it as it is now.',
  )
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
    if (typeof path !== 'string' || !isBelow(path))
      throw wrong(`no path below the folder: ${JSON.stringify(path ?? item)}`)
    if (typeof size !== 'number' || !(size >= 0)) throw wrong(`${path} has no size`)
    const version = typeof etag === 'string' ? etag : undefined
    files.set(path, {
      path,
      size,
      stamp: version ?? `${size}-${typeof mtimeMs === 'number' ? mtimeMs : ''}`,
      etag: version,
    })
  }
  return { name: typeof value.name === 'string' ? value.name : undefined, files }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
