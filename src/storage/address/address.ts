import { type FileKind, fileKindOf, isFileKind } from '../../model/data-files.mjs'
import { TrackioError } from '../../model/errors.ts'
import { type AddressKind, HUB, type HubRepo } from '../../model/source.ts'
import { takeWriteToken } from '../../model/write-token.ts'

/** What a text names, without having asked anybody. */
export type Address =
  /** One file. `format` by its ending or by what it was meant as; absent: its bytes tell. */
  | { kind: 'url'; url: string; format?: FileKind }
  /** A repository of the Hub at origin `hub`; `path` is a file in it, or a folder where it ends in `/`. */
  | { kind: 'hub'; hub: string; repo: HubRepo; path?: string; format?: FileKind }
  /** `user/name` alone: a Space, bucket or dataset of that name. */
  | { kind: 'hubName'; hub: string; id: string; revision?: string | undefined }
  /** Where a Space runs: `user-name.hf.space`. */
  | { kind: 'spaceHost'; host: string }
  /** A folder behind a web server; ends in `/`. */
  | { kind: 'folder'; url: string }
  /** A trackio server; ends in `/`. `writeToken` was part of the address and is taken out of it. */
  | { kind: 'server'; url: string; writeToken?: string }
  /** Its form does not tell: a server, a static dashboard or a folder. Ends in `/`. */
  | { kind: 'site'; url: string; writeToken?: string }

export interface AddressOptions {
  /** Address of the page, for relative ones. */
  base: string
  /** Origin of the Hub that names without one belong to. */
  hub?: string | undefined
}

const HUB_HOSTS = ['huggingface.co', 'www.huggingface.co', 'hf.co']
const NAME = /^[\w][\w.-]{0,95}$/

/**
 * Understands what a person typed or a link carries. Throws TrackioError with the text that makes no sense,
 * and what would.
 */
export function parseAddress(typed: string, as: AddressKind, options: AddressOptions): Address {
  const text = typed.trim().replace(/^[<"'](.*)[>"']$/, '$1')
  if (text === '') throw new TrackioError('address', 'nothing typed', EXAMPLES)
  // a pasted token must not come back on the screen, in a log or in a link
  if (/^(hf|api)_\w{16,}$/.test(text))
    throw new TrackioError('address', 'this is an access token, not an address', EXAMPLES)
  const hub = originOf(options.hub) ?? HUB
  if (/^hf:\/\//i.test(text)) return hfAddress(text, hub, as)
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase()
  if (scheme && scheme !== 'http' && scheme !== 'https') throw unreadable(text, scheme)
  if (/^(file|javascript|data|blob|mailto|ftp):/i.test(text))
    throw unreadable(text, text.slice(0, text.indexOf(':')).toLowerCase())
  if (scheme) return urlAddress(parseUrl(text), as, hub)
  return bareAddress(text, as, hub, options.base)
}

/**
 * Address of the raw bytes of a file of a repository. `revision` of a bucket does not exist and is left out.
 */
export function resolveUrl(
  hub: string,
  repo: HubRepo,
  path: string,
  revision = repo.revision ?? 'main',
): string {
  const at = repo.type === 'bucket' ? '' : `${encodeURIComponent(revision)}/`
  return `${hub}/${repo.type}s/${repo.id}/resolve/${at}${path.split('/').map(encodeURIComponent).join('/')}`
}

/**
 * What to type for a repository, or for a file or folder in it, where its kind is known:
 * `user/name@revision/path`.
 */
export function repoText(repo: HubRepo, path = ''): string {
  const at = repo.revision && repo.type !== 'bucket' ? `@${encodeURIComponent(repo.revision)}` : ''
  return [repo.id + at, ...(path === '' ? [] : [path.replaceAll('%', '%25')])].join('/')
}

/** Page of a repository, for people. */
export function repoPage(hub: string, repo: Pick<HubRepo, 'type' | 'id'>): string {
  return `${hub}/${repo.type}s/${repo.id}`
}

const EXAMPLES = 'Type user/name, an address of the Hub, or the address of a .db or .parquet file.'

function bareAddress(text: string, as: AddressKind, hub: string, base: string): Address {
  const parts = text.split('/')
  const [first = '', second = '', third = ''] = parts
  const prefix = /^(dataset|bucket|space)s$/.exec(first)?.[1]
  if (prefix && parts.length >= 3 && isType(prefix) && NAME.test(second) && NAME.test(third)) {
    return hubPage(parts.map(decode), hub, as) ?? unknownPage(text)
  }
  if (as === 'dataset' || as === 'bucket' || as === 'space') {
    if (as === 'space' && isSpaceHost(first)) return { kind: 'spaceHost', host: first.toLowerCase() }
    // names of users may have a dot in them too, but an id has two parts
    if (looksLikeHost(first) && (parts.filter(Boolean).length > 2 || HUB_HOSTS.includes(first)))
      return urlAddress(parseUrl(`https://${text}`), as, hub)
    return inRepo(text, as, parts, hub, as)
  }
  const relative = /^(\.{0,2}\/|\?|\.$)/.test(text)
  if (!relative && looksLikeHost(first))
    return urlAddress(parseUrl(`${isLoopback(first) ? 'http' : 'https'}://${text}`), as, hub)
  // `runs/demo.db` is a file beside the page: names of repositories seldom end like that, files always do
  if (as === 'auto' && !relative && fileKindOf(text) === undefined) {
    if (!/^[^/@]+\/[^/@]+\/?(@.+)?$/.test(text))
      throw new TrackioError(text, 'neither an address nor user/name', EXAMPLES)
    return nameOf(text, hub)
  }
  let url: URL
  try {
    url = new URL(text, base)
  } catch {
    // pages without an address of their own (about:srcdoc) have no neighbours
    throw new TrackioError(
      text,
      'a relative address, but the page has none itself',
      'Type the whole address, with https:// in front.',
    )
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw unreadable(text, url.protocol.slice(0, -1))
  return plain(url, as)
}

function urlAddress(url: URL, as: AddressKind, hub: string): Address {
  if (url.username || url.password) {
    throw new TrackioError(
      url.host,
      'carries a user name or password, which a page may not send',
      'Take them out of the address.',
    )
  }
  const parts = url.pathname.split('/').slice(1).map(decode)
  if (HUB_HOSTS.includes(url.hostname)) return hubPage(parts, HUB, as) ?? unknownPage(url.href)
  if (url.origin === hub) return hubPage(parts, hub, as) ?? plain(url, as)
  if (
    as !== 'server' &&
    isSpaceHost(url.hostname) &&
    parts.every((part) => !part.includes('.') || /\.html?$/i.test(part))
  )
    return { kind: 'spaceHost', host: url.hostname }
  if (as === 'dataset' || as === 'bucket' || as === 'space') {
    throw new TrackioError(
      url.href,
      `not an address of the Hub (${hub})`,
      `Type the name of the ${as}: user/name.`,
    )
  }
  const file = fileBehind(url, parts)
  if (!file) return plain(url, as)
  return { kind: 'url', url: file.href, ...formatField(file.pathname, as) }
}

/**
 * Pages of repositories: /datasets/u/n, …/tree/main/folder, …/blob/main/x.db, …/resolve/main/x.db,
 * …/commit/sha, and whatever else stands there.
 */
function hubPage(parts: string[], hub: string, as: AddressKind): Address | undefined {
  const prefix = /^(dataset|bucket|space)s$/.exec(parts[0] ?? '')?.[1]
  if (!isType(prefix)) return modelFile(parts, hub, as)
  const [, user = '', name = '', verb = '', ...rest] = parts
  if (!NAME.test(user) || !NAME.test(name)) return undefined
  const repo: HubRepo = { type: prefix, id: `${user}/${name}` }
  const found: Address & { kind: 'hub' } = { kind: 'hub', hub, repo }
  if (!['tree', 'blob', 'resolve', 'raw', 'commit', 'blame', 'edit'].includes(verb)) return found
  const [revision, inside] = prefix === 'bucket' ? [undefined, rest] : takeRevision(rest)
  if (revision) repo.revision = revision
  if (verb === 'commit') return found
  const path = cleanPath(inside)
  if (path === '') return found
  if (verb === 'tree') return { ...found, path: `${path}/` }
  return { ...found, path, ...formatField(path, as) }
}

/** A database in a model repository: nothing of trackio's lives there, but its address is as good as any. */
function modelFile(parts: string[], hub: string, as: AddressKind): Address | undefined {
  const [user = '', name = '', verb = '', ...rest] = parts
  if (!['blob', 'resolve', 'raw'].includes(verb) || rest.length < 2) return undefined
  const [revision = 'main', inside] = takeRevision(rest)
  return plain(
    new URL(
      `${hub}/${user}/${name}/resolve/${encodeURIComponent(revision)}/${inside.map(encodeURIComponent).join('/')}`,
    ),
    as,
  )
}

/** A file's path below its repository: `..` would lead to another one, to which a token might go. */
function cleanPath(parts: string[]): string {
  const path = parts.filter(Boolean).join('/')
  if (path.split('/').includes('..'))
    throw new TrackioError(path, 'a path with .. in it', 'Take the address from the page of the file.')
  return path
}

/** The revision in front of a path; those of pull requests and conversions hold slashes of their own. */
function takeRevision(parts: string[]): [string | undefined, string[]] {
  const count = parts[0] === 'refs' ? 3 : 1
  return [parts.slice(0, count).join('/') || undefined, parts.slice(count)]
}

/** `hf://datasets/user/name@revision/path`, as fsspec and the hf command write it. */
function hfAddress(text: string, hub: string, as: AddressKind): Address {
  const [first = '', ...rest] = text.slice(5).split('/')
  const prefix = /^(dataset|bucket|space)s$/.exec(first)?.[1]
  if (!isType(prefix)) {
    throw new TrackioError(
      text,
      'names no dataset, bucket or Space',
      'Write hf://datasets/user/name, hf://buckets/user/name or hf://spaces/user/name.',
    )
  }
  return inRepo(text, prefix, rest, hub, as)
}

/** `user/name`, `user/name@revision`, `user/name/path` and `user/name@revision/path`. */
function inRepo(text: string, type: HubRepo['type'], parts: string[], hub: string, as: AddressKind): Address {
  const [user = '', named = '', ...rest] = parts
  const [name = '', marked] = named.split('@')
  if (!NAME.test(user) || !NAME.test(name)) {
    throw new TrackioError(
      text,
      `no name of a ${type === 'space' ? 'Space' : type}`,
      'Names look like user/name.',
    )
  }
  const repo: HubRepo = { type, id: `${user}/${name}` }
  const [revision, inside] = marked
    ? takeRevision([marked, ...rest].map(decode))
    : [undefined, rest.map(decode)]
  const short = /^~(\w+)$/.exec(revision ?? '')?.[1]
  if (revision && type !== 'bucket') repo.revision = short ? `refs/convert/${short}` : revision
  const path = cleanPath(inside)
  if (path === '') return { kind: 'hub', hub, repo }
  return rest.at(-1) === ''
    ? { kind: 'hub', hub, repo, path: `${path}/` }
    : { kind: 'hub', hub, repo, path, ...formatField(path, as) }
}

/** `user/name` or `user/name@revision`, of whatever kind. */
function nameOf(text: string, hub: string): Address {
  const [, user = '', name = '', revision] = /^([^/@]+)\/([^/@]+?)\/?(?:@(.+))?$/.exec(text) ?? []
  if (!NAME.test(user) || !NAME.test(name))
    throw new TrackioError(text, 'no name of a repository', 'Names look like user/name.')
  return { kind: 'hubName', hub, id: `${user}/${name}`, ...(revision ? { revision } : {}) }
}

/** Pages that show a file → the file. Their raw form answers other origins, the page does not. */
function fileBehind(url: URL, parts: string[]): URL | undefined {
  if (url.hostname === 'github.com' || url.hostname === 'www.github.com') {
    const [owner, repo, verb, ...rest] = parts
    if ((verb === 'blob' || verb === 'raw') && rest.length >= 2) {
      return new URL(
        `https://raw.githubusercontent.com/${[owner, repo, ...rest].map((part) => encodeURIComponent(part ?? '')).join('/')}`,
      )
    }
    throw new TrackioError(
      url.href,
      'a page of GitHub, but not that of a file',
      'Open the .db or .parquet file there and copy the address of its page.',
    )
  }
  if (url.hostname === 'gist.github.com') {
    const [user, id, verb, ...rest] = parts
    if (!user || !id)
      throw new TrackioError(
        url.href,
        'no gist: its address has a user and an id',
        'Copy the address of the gist itself.',
      )
    const inside = verb === 'raw' ? rest : []
    return new URL(
      `https://gist.githubusercontent.com/${[user, id, 'raw', ...inside].map(encodeURIComponent).join('/')}`,
    )
  }
  return undefined
}

/** Any other address of the web. */
function plain(url: URL, as: AddressKind): Address {
  if (as === 'folder') return { kind: 'folder', url: folderUrl(url) }
  if (as === 'server') return { kind: 'server', ...serverUrl(url) }
  if (isFileKind(as)) return { kind: 'url', url: withoutHash(url), format: as }
  const last = url.pathname.slice(url.pathname.lastIndexOf('/') + 1)
  const format = fileKindOf(last)
  if (format) return { kind: 'url', url: withoutHash(url), format }
  // `…/index.html` is the page of a dashboard or of a folder; an ending we do not know, or a question, may
  // still give a database
  const page = last === '' || /\.html?$/i.test(last) || PAGES.test(url.pathname)
  if (!page && (last.includes('.') || url.search !== '')) return { kind: 'url', url: withoutHash(url) }
  return { kind: 'site', ...serverUrl(url) }
}

/**
 * Pages of trackio's own dashboard, which a person may have open when they copy its address. (Those of a
 * folder end in `/`.)
 */
export const PAGES = /\/(metrics|system|traces|media|reports|runs|run|files|artifacts|settings|registry)$/

function serverUrl(url: URL): { url: string; writeToken?: string } {
  const copy = new URL(url)
  const writeToken = takeWriteToken(copy)
  copy.pathname = url.pathname.replace(PAGES, '/')
  return { url: folderUrl(copy), ...(writeToken ? { writeToken } : {}) }
}

function folderUrl(url: URL): string {
  const path = url.pathname.replace(/\/[^/]*\.html?$/i, '/')
  return url.origin + (path.endsWith('/') ? path : `${path}/`)
}

function withoutHash(url: URL): string {
  const copy = new URL(url)
  copy.hash = ''
  return copy.href
}

function formatField(path: string, as: AddressKind): { format?: FileKind } {
  const format = isFileKind(as) ? as : fileKindOf(path)
  return format ? { format } : {}
}

function isType(word: string | undefined): word is HubRepo['type'] {
  return word === 'dataset' || word === 'bucket' || word === 'space'
}

function isSpaceHost(host: string): boolean {
  return /^[a-z0-9-]+(\.static)?\.hf\.space$/i.test(host)
}

/** `host`, `host:port` or an IP address in front of a path, rather than a folder or a user of the Hub. */
function looksLikeHost(part: string): boolean {
  if (isLoopback(part) || /^(\d{1,3}(\.\d{1,3}){3}|\[[\da-f:]+\])(:\d+)?$|^[\w.-]+:\d+$/i.test(part))
    return true
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$/i.test(part) && fileKindOf(part) === undefined
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i.test(host)
}

function originOf(hub: string | undefined): string | undefined {
  if (!hub) return undefined
  const url = parseUrl(/^https?:\/\//i.test(hub) ? hub : `https://${hub}`)
  return url.origin
}

function parseUrl(text: string): URL {
  try {
    return new URL(text)
  } catch {
    throw new TrackioError(text, 'not an address', EXAMPLES)
  }
}

/** A part of a path as it is called. */
export function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // a percent sign that encodes nothing is part of the name
    return part
  }
}

function unreadable(text: string, scheme: string): TrackioError {
  const action =
    scheme === 'file'
      ? 'Drop the file on the page, or choose it there.'
      : 'Type an address that starts with https://, or drop the file on the page.'
  return new TrackioError(text, `a page cannot read ${scheme}: addresses`, action)
}

function unknownPage(text: string): never {
  throw new TrackioError(
    text,
    'a page of the Hub, but no dataset, bucket or Space',
    'Copy the address of the dataset, bucket or Space itself.',
  )
}
