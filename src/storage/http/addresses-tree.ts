import { type FileKind, fileKindOf } from '../../model/data-files.mjs'
import { isAbort, TrackioError } from '../../model/errors.ts'
import { decode } from '../address/address.ts'
import type { Tree, TreeEntry, WaitOptions } from '../tree.ts'
import type { Tell } from './client.ts'
import { urlBytes, type WebBytes } from './url.ts'

/** A file at an address of the web. `format`: what it is meant as, where that is known. */
export interface WebFile {
  url: URL
  format?: FileKind
}

/**
 * Files at addresses of the web, as a tree: each is known by its file name, those of a second folder of the
 * web below `2/`, and so on. What stands beside them (a write-ahead log, a config table) nobody listed:
 * `find` asks for it. `tell`: told in words why nothing happens.
 */
export function addressesTree(files: readonly WebFile[], tell?: Tell): Tree {
  const byPath = new Map<string, URL>()
  /** By folder: a file in it. */
  const folders = new Map<string, URL>()
  for (const { url, format } of files) {
    const name = nameOf(url, format)
    const known = [...folders].find(
      ([folder, other]) =>
        other.host + folderOf(other) === url.host + folderOf(url) && !byPath.has(folder + name),
    )
    const folder = known?.[0] ?? (folders.size === 0 ? '' : `${folders.size + 1}/`)
    if (!known) folders.set(folder, url)
    byPath.set(folder + name, url)
  }
  let open = new Map<string, Promise<WebBytes | undefined>>()
  let received = 0
  let looks = 0

  function opened(
    path: string,
    url: URL,
    optional: boolean,
    options: WaitOptions,
  ): Promise<WebBytes | undefined> {
    let bytes = open.get(path)
    if (!bytes) {
      bytes = urlBytes(url.href, { ...options, optional, tell }).then((found) => found && counted(found))
      const mine = open
      mine.set(path, bytes)
      // what failed is tried again when it is asked for again
      bytes.catch(() => mine.delete(path))
    }
    return bytes
  }

  function counted(bytes: WebBytes): WebBytes {
    return {
      ...bytes,
      read(offset, length) {
        const part = bytes.read(offset, length)
        received += part.length
        return part
      },
      async load(offset, length) {
        const part = await bytes.load(offset, length)
        received += part.length
        return part
      },
    }
  }

  /** Undefined where no such path can be: data may name any. */
  function urlOf(path: string): URL | undefined {
    const known = byPath.get(path)
    if (known) return known
    // `a.db` → `a.db-wal`
    const [owner, file] = [...byPath].find(([other]) => path.startsWith(`${other}-`)) ?? []
    if (owner !== undefined && file)
      return inFolder(file, file.pathname + encodeURIComponent(path.slice(owner.length)))
    // the same folder of the host: `metrics.parquet` → `aux/configs.parquet`
    const folder = [...folders.keys()].find((one) => one !== '' && path.startsWith(one)) ?? ''
    const beside = folders.get(folder)
    const parts = path.slice(folder.length).split('/')
    if (!beside || parts.some((part) => part === '' || part === '.' || part === '..')) return undefined
    return inFolder(beside, folderOf(beside) + parts.map(encodeURIComponent).join('/'))
  }

  async function entryOf(
    path: string,
    url: URL,
    optional: boolean,
    options: WaitOptions,
  ): Promise<TreeEntry | undefined> {
    const bytes = await opened(path, url, optional, options)
    // of what has no version nobody knows whether it is the same as at the last look
    return bytes && { path, size: bytes.size, stamp: `${bytes.size} ${bytes.version ?? looks}` }
  }

  async function bytes(path: string, options: WaitOptions = {}): Promise<WebBytes> {
    const url = urlOf(path)
    const found = url && (await opened(path, url, false, options))
    if (!found) throw new TrackioError(path, 'not there', 'Check the address.')
    return found
  }

  return {
    whole: false,
    host: files[0]?.url.host ?? '',
    async list(options = {}) {
      // what is there may be another file by now
      if (looks++ > 0) open = new Map()
      const entries = await Promise.all([...byPath].map(([path, url]) => entryOf(path, url, false, options)))
      return entries.filter((entry) => entry !== undefined)
    },
    async find(path, options = {}) {
      const url = urlOf(path)
      try {
        return url && (await entryOf(path, url, true, options))
      } catch (cause) {
        // a host that refuses to say is taken as one that has nothing there
        if (isAbort(cause) || options.sure) throw cause
        return undefined
      }
    },
    bytes,
    async blob(path, options) {
      const found = await bytes(path, options)
      return new Blob([(await found.load(0, found.size)).slice()])
    },
    received: () => received,
  }
}

/** With the ending of what it is meant as: `download?id=1`, meant as a database, is `download.db`. */
function nameOf(url: URL, format: FileKind | undefined): string {
  const name = decode(url.pathname.split('/').pop() ?? '') || url.host
  return format === undefined || fileKindOf(name) === format ? name : `${name}.${format}`
}

function folderOf(url: URL): string {
  return url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1)
}

/**
 * Another file of the same host, asked for with the same parameters: an address may carry the right to read.
 */
function inFolder(url: URL, path: string): URL {
  const other = new URL(url)
  other.pathname = path
  return other
}
