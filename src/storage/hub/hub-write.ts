import { TrackioError } from '../../model/errors.ts'
import type { HubRepo } from '../../model/source.ts'
import { gitHash, sha256, xetHash } from './content-hash.ts'
import { noTokenError, type Place, placeName } from './hub-errors.ts'
import { type HubClient, type HubOptions, makeHubClient } from './hub-requests.ts'

/**
 * A file of a repository, and what tells its content: Xet's hash, SHA-256 of a large file, or git's id of a
 * small one.
 */
export interface RemoteFile {
  path: string
  size: number
  xet?: string
  sha256?: string
  git?: string
}

/** A file that is to stand in a repository. */
export interface OutFile {
  path: string
  size: number
  /** Asked for when it has to be read, to compare or to send it. */
  load(signal?: AbortSignal | undefined): Promise<Blob>
  /** Hashes that are known without reading it. */
  git?: string
  sha256?: string
}

export interface RepoInfo {
  private: boolean
}

export interface SendOptions {
  /** What a commit is called; buckets have none. */
  title: string
  signal?: AbortSignal | undefined
  /** Part of a file that has arrived, 0 to 1. */
  onProgress?: ((path: string, part: number) => void) | undefined
}

/**
 * A repository of the Hub that is written. All ways throw TrackioError in words about writing; AccessError
 * without a token, or with one that may not.
 */
export interface HubWriter {
  readonly repo: HubRepo
  /** Undefined where there is none, as far as this token may know. */
  info(signal?: AbortSignal | undefined): Promise<RepoInfo | undefined>
  /**
   * Makes it, for everybody to read; false where it is there already. `files`: what it holds from the start
   * (not of buckets).
   */
  create(files: Record<string, string>, signal?: AbortSignal | undefined): Promise<boolean>
  list(signal?: AbortSignal | undefined): Promise<RemoteFile[]>
  /** Adds or replaces files and removes others, in one commit (of a bucket: up to 100 at a time). */
  send(files: readonly OutFile[], remove: readonly string[], options: SendOptions): Promise<void>
}

/**
 * Who the token belongs to, and the organizations they are in. `repo`: what they want to write. Throws
 * AccessError without a token.
 */
export async function whoWrites(
  repo: HubRepo,
  options: HubOptions & { signal?: AbortSignal | undefined } = {},
): Promise<{ name: string; orgs: string[] }> {
  const client = makeHubClient(options)
  const place: Place = { hub: client.hub, repo, writing: true }
  if (!client.hasToken()) throw noTokenError(place)
  const said = parse(
    place,
    (await client.ask({ place, url: `${client.hub}/api/whoami-v2`, signal: options.signal })).bytes,
  )
  const name = field(said, 'name')
  if (typeof name !== 'string' || name === '')
    throw new TrackioError(client.host, 'the Hub did not say whose token it is', 'Try again later.')
  const orgs: unknown = field(said, 'orgs')
  const names = (Array.isArray(orgs) ? orgs : [])
    .map((org) => field(org, 'name'))
    .filter((one) => typeof one === 'string')
  return { name, orgs: names }
}

export function hubWriter(repo: HubRepo, options: HubOptions = {}): HubWriter {
  const client = makeHubClient(options)
  const place: Place = { hub: client.hub, repo, writing: true }
  const [owner = '', name = ''] = repo.id.split('/')
  const address = `${client.hub}/api/${repo.type}s/${repo.id}`

  function checkToken(): void {
    if (!client.hasToken()) throw noTokenError(place)
  }

  return {
    repo,
    async info(signal) {
      const url = repo.type === 'bucket' ? address : `${address}?expand=private`
      const { status, bytes } = await client.ask({ place, url, signal, allow: [404] })
      return status === 404 ? undefined : { private: field(parse(place, bytes), 'private') === true }
    },
    async create(files, signal) {
      checkToken()
      const ask = {
        place,
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        signal,
        allow: [409],
      }
      const visibility = 'public'
      if (repo.type === 'bucket') {
        return (
          (await client.ask({ ...ask, url: address, body: JSON.stringify({ visibility }) })).status !== 409
        )
      }
      const listed = Object.entries(files).map(([path, text]) => ({
        path,
        content: base64(text),
        encoding: 'base64',
      }))
      const wanted = {
        name,
        organization: owner,
        type: repo.type,
        visibility,
        files: listed,
        ...(repo.type === 'space' && { sdk: 'static' }),
      }
      return (
        (await client.ask({ ...ask, url: `${client.hub}/api/repos/create`, body: JSON.stringify(wanted) }))
          .status !== 409
      )
    },
    async list(signal) {
      const { listFiles } = await import('./hub-package.ts')
      const files: RemoteFile[] = []
      const all = listFiles({
        repo: { type: repo.type, name: repo.id },
        recursive: true,
        hubUrl: client.hub,
        fetch: client.fetch(place, signal),
      })
      for await (const { type, path, size, oid, lfs, xetHash } of all) {
        if (type !== 'file') continue
        files.push({
          path,
          size,
          ...(xetHash && { xet: xetHash }),
          ...(lfs ? { sha256: lfs.oid } : oid && { git: oid }),
        })
      }
      return files
    },
    async send(files, remove, { title, signal, onProgress }) {
      checkToken()
      signal?.throwIfAborted()
      const { commitIter } = await import('./hub-write-package.ts')
      const added = []
      for (const file of files)
        added.push({ operation: 'addOrUpdate' as const, path: file.path, content: await file.load(signal) })
      const watched = watch(client, place, signal)
      const steps = commitIter({
        repo: { type: repo.type, name: repo.id },
        title,
        operations: [...added, ...remove.map((path) => ({ operation: 'delete' as const, path }))],
        hubUrl: client.hub,
        fetch: watched.fetch,
      })
      const failed: string[] = []
      try {
        for (;;) {
          const step = await Promise.race([steps.next(), watched.failure])
          if (step.done) break
          const { value } = step
          if (value.event !== 'fileProgress') continue
          if (value.state === 'error') failed.push(value.path)
          else if (value.state === 'uploading') onProgress?.(value.path, value.progress)
        }
      } catch (cause) {
        signal?.throwIfAborted()
        throw cause instanceof TrackioError ? cause : unsent(place, cause)
      } finally {
        watched.end()
      }
      if (failed.length > 0) {
        const more = failed.length > 3 ? ` and ${failed.length - 3} more` : ''
        throw new TrackioError(
          placeName(place),
          `the bucket refused ${failed.slice(0, 3).join(', ')}${more}`,
          'Publish again.',
        )
      }
    },
  }
}

/**
 * The way that the library asks. It (2.17) waits for ever when something fails while it has progress to tell,
 * so the first failure is told apart from it, and ends what else is on its way. Its own signal for aborting
 * is not used: some of its loops then never end.
 */
function watch(client: HubClient, place: Place, signal: AbortSignal | undefined) {
  const stop = new AbortController()
  let reject = (_cause: unknown): void => {}
  const failure = new Promise<never>((_, refuse) => {
    reject = refuse
  })
  failure.catch(() => {}) // whoever still runs the race is told there
  const fail = (cause: unknown): void => {
    reject(cause)
    stop.abort(cause)
  }
  const onAbort = (): void => fail(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  const strict = client.fetch(place, stop.signal)
  // 404: a piece that the store does not have yet; 422: some of a bucket's files were refused, which the
  // answer names
  const lax = client.fetch(place, stop.signal, [404, 422])
  const watched: typeof fetch = async (input, init) => {
    try {
      return await (/\/v1\/chunks\/|\/api\/buckets\/.*\/batch$/.test(String(input)) ? lax : strict)(
        input,
        init,
      )
    } catch (cause) {
      fail(cause)
      throw cause
    }
  }
  return { fetch: watched, failure, end: () => signal?.removeEventListener('abort', onAbort) }
}

/**
 * Whether a file of a repository has this content. Reads it only where size and known hashes leave it open.
 */
export async function isSame(
  file: OutFile,
  remote: RemoteFile | undefined,
  signal?: AbortSignal | undefined,
): Promise<boolean> {
  if (!remote || remote.size !== file.size) return false
  if (remote.git !== undefined) return remote.git === (file.git ?? (await gitHash(await file.load(signal))))
  if (remote.sha256 !== undefined && file.sha256 !== undefined) return remote.sha256 === file.sha256
  if (remote.xet !== undefined) return remote.xet === (await xetHash(await file.load(signal), signal))
  return remote.sha256 !== undefined && remote.sha256 === (await sha256(await file.load(signal)))
}

/** A file whose content is here. */
export function outFile(path: string, blob: Blob): OutFile {
  return { path, size: blob.size, load: async () => blob }
}

function parse(place: Place, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new TrackioError(
      placeName(place),
      'the Hub answered something that is not JSON',
      'Try again later.',
    )
  }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

/** What the library threw; its messages end with addresses, which may be signed. */
function unsent(place: Place, cause: unknown): TrackioError {
  const words = (cause instanceof Error ? cause.message : String(cause)).replace(/\s*URL: .*$/s, '')
  return new TrackioError(
    placeName(place),
    `sending failed: ${words}`,
    'Publish again: what arrived is not sent twice.',
  )
}
