import { TrackioError } from '../model/errors.ts'
import type { Bytes } from './bytes.ts'
import type { Tree, TreeEntry, WaitOptions } from './tree.ts'
import { urlBytes } from './url.ts'

/**
 * Files at addresses of the web, as a tree: each is known by its file name. What stands beside them (a write-ahead log, a config table) nobody listed:
 * `find` asks for it.
 */
export function addressesTree(urls: readonly URL[]): Tree {
  const byPath = new Map<string, URL>()
  for (const url of urls) {
    const name = decodeURIComponent(url.pathname.split('/').pop() ?? '') || url.host
    let path = name
    for (let n = 2; byPath.has(path); n++) path = `${n}/${name}`
    byPath.set(path, url)
  }
  const open = new Map<string, Promise<Bytes | undefined>>()
  let received = 0

  function opened(path: string, url: URL, optional: boolean, options: WaitOptions): Promise<Bytes | undefined> {
    let bytes = open.get(path)
    if (!bytes) {
      bytes = urlBytes(url.href, { ...options, optional }).then((found) => found && counted(found))
      open.set(path, bytes)
      // what failed is tried again when it is asked for again
      bytes.catch(() => open.delete(path))
    }
    return bytes
  }

  function counted(bytes: Bytes): Bytes {
    return {
      size: bytes.size,
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

  function urlOf(path: string): URL | undefined {
    const known = byPath.get(path)
    if (known) return known
    const [first, base] = [...byPath].find(([other]) => path.startsWith(other)) ?? [...byPath][0] ?? []
    if (first === undefined || base === undefined) return undefined
    const url = new URL(base)
    // the same folder of the host: `a.db` → `a.db-wal`, `metrics.parquet` → `aux/configs.parquet`
    url.pathname = `${url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1)}${path.split('/').map(encodeURIComponent).join('/')}`
    return url
  }

  async function entryOf(path: string, url: URL, optional: boolean, options: WaitOptions): Promise<TreeEntry | undefined> {
    const bytes = await opened(path, url, optional, options)
    return bytes && { path, size: bytes.size, stamp: String(bytes.size) }
  }

  return {
    whole: false,
    host: urls[0]?.host ?? '',
    async list(options = {}) {
      const entries = await Promise.all([...byPath].map(([path, url]) => entryOf(path, url, false, options)))
      return entries.filter((entry) => entry !== undefined)
    },
    async find(path, options = {}) {
      const url = urlOf(path)
      // a host that refuses to say is taken as one that has nothing there
      return url && entryOf(path, url, true, options).catch(() => undefined)
    },
    async bytes(path, options = {}) {
      const url = urlOf(path)
      const bytes = url && (await opened(path, url, false, options))
      if (!bytes) throw new TrackioError(path, 'not there', 'Check the address.')
      return bytes
    },
    async blob(path, options = {}) {
      const bytes = await this.bytes(path, options)
      return new Blob([(await bytes.load(0, bytes.size)).slice()])
    },
    received: () => received,
  }
}
