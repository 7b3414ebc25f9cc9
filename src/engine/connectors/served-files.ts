import { TrackioError } from '../../model/errors.ts'
import type { Bytes } from '../../storage/bytes.ts'
import type { Server } from '../../storage/http/server-requests.ts'
import type { Tree, TreeEntry } from '../../storage/tree.ts'
import { fileQuery } from '../formats/trackio-server/server-media.ts'

/**
 * Files of a project that a trackio server hands out, as a tree laid out like a static export: what `trackio.save`
 * copied (`media/files/…`), which it lists, and blobs of artifacts (`artifacts/blobs/sha256/…`), which it gives by
 * their digest. It hands out neither databases nor Parquet.
 */
export function servedFiles(server: Server, project: string): Tree {
  /** By path: where the server has it. */
  let known = new Map<string, TreeEntry & { place: string }>()

  async function list(signal?: AbortSignal | undefined): Promise<TreeEntry[]> {
    const said = await server.call('get_project_files', { project }, { signal })
    known = new Map()
    for (const item of Array.isArray(said) ? said : []) {
      const { name, path: place, size } = Object(item) as Record<string, unknown>
      if (typeof name !== 'string' || typeof place !== 'string') continue
      const path = `media/files/${name.replaceAll('\\', '/')}`
      const bytes = typeof size === 'number' ? size : Number.NaN
      known.set(path, { path, size: bytes, stamp: `${bytes}`, place: place.replaceAll('\\', '/') })
    }
    return [...known.values()].map(({ path, size, stamp }) => ({ path, size, stamp }))
  }

  async function wayTo(path: string, signal?: AbortSignal | undefined): Promise<string> {
    const [, digest] = /^artifacts\/(?:[^/]+\/)?blobs\/sha256\/[\da-f]{2}\/([\da-f]{64})$/.exec(path) ?? []
    if (digest) return `artifact_blob/${encodeURIComponent(project)}/${digest}`
    if (!known.has(path)) await list(signal)
    const place = known.get(path)?.place
    if (place === undefined)
      throw new TrackioError(path, 'the server lists no such file', 'Look at the list of files as it is now.')
    return fileQuery(place)
  }

  async function bytes(path: string, signal?: AbortSignal | undefined): Promise<Bytes> {
    const found = await server.bytes(await wayTo(path, signal), signal)
    if (!found)
      throw new TrackioError(path, 'the server has no such file any more', 'It was deleted or moved there.')
    return found
  }

  return {
    whole: true,
    host: server.host,
    list: ({ signal } = {}) => list(signal),
    async find(path, { signal } = {}) {
      if (path.startsWith('artifacts/')) {
        const found = await server.bytes(await wayTo(path, signal), signal)
        return found && { path, size: found.size, stamp: path }
      }
      if (!known.has(path)) await list(signal)
      const entry = known.get(path)
      return entry && { path, size: entry.size, stamp: entry.stamp }
    },
    bytes: (path, { signal } = {}) => bytes(path, signal),
    async blob(path, { signal } = {}) {
      const found = await server.file(await wayTo(path, signal), signal)
      if (!found)
        throw new TrackioError(path, 'the server has no such file any more', 'It was deleted or moved there.')
      return found
    },
    received: server.received,
  }
}
