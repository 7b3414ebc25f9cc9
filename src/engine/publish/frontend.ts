import { TrackioError } from '../../model/errors.ts'
import { received } from '../../storage/http/answer.ts'
import { gitHash } from '../../storage/hub/content-hash.ts'
import { type OutFile, outFile } from '../../storage/hub/hub-write.ts'

/** What the build writes beside the page: every file of it, with the hashes that the Hub knows them by. */
const LIST = 'built.json'
/**
 * Each place has its own: a plain host's config.json says that nothing is beside the page, a Space's what its
 * project is; a card is written for each Space.
 */
const OWN = new Set(['config.json', 'README.md', LIST])

/**
 * The files of this app, as they are served below `base` (its address, or that of its page). They are fetched
 * when they have to be sent, and checked then: some hosts change what passes through them. Throws
 * TrackioError where `base` is no built app.
 */
export async function frontendFiles(base: string, signal?: AbortSignal | undefined): Promise<OutFile[]> {
  const url = new URL(LIST, base)
  const text = await (await fetched(url, signal)).text()
  const list = listOf(text)
  if (!list) throw notBuilt(url)
  const files = list
    .filter(({ path }) => !OWN.has(path))
    .map((file): OutFile => ({ ...file, load: (s) => checked(base, file, s ?? signal) }))
  return [...files, outFile(LIST, new Blob([text], { type: 'application/json' }))]
}

interface Listed {
  path: string
  size: number
  git: string
  sha256: string
  /** Of a file that some servers answer for themselves: its content. */
  text?: string
}

function listOf(text: string): Listed[] | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    // many hosts answer any path with a page
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
  const files: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'files') : undefined
  if (!Array.isArray(files)) return undefined
  const list = files.flatMap((file: unknown): Listed[] => {
    if (typeof file !== 'object' || file === null) return []
    const { path, size, git, sha256, text: inside }: Record<string, unknown> = { ...file }
    if (
      typeof path !== 'string' ||
      !isSafe(path) ||
      typeof size !== 'number' ||
      typeof git !== 'string' ||
      typeof sha256 !== 'string'
    )
      return []
    return [{ path, size, git, sha256, ...(typeof inside === 'string' && { text: inside }) }]
  })
  return list.length === files.length && list.some(({ path }) => path === 'index.html') ? list : undefined
}

function isSafe(path: string): boolean {
  return path !== '' && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

async function checked(
  base: string,
  { path, size, git, text }: Listed,
  signal: AbortSignal | undefined,
): Promise<Blob> {
  if (text !== undefined) return new Blob([text])
  const url = new URL(path.split('/').map(encodeURIComponent).join('/'), base)
  const blob = await (await fetched(url, signal)).blob()
  if (blob.size === size && (await gitHash(blob)) === git) return blob
  throw new TrackioError(
    url.href,
    `is not as it was built: ${blob.size.toLocaleString('en')} bytes instead of ${size.toLocaleString('en')}, or others`,
    'The host changes it on its way, or a newer version is being put there: reload the page, or publish from another place that serves it.',
  )
}

async function fetched(url: URL, signal: AbortSignal | undefined): Promise<Response> {
  if (!/^https?:$/.test(url.protocol)) throw notBuilt(url)
  const answer = await received(url.href, fetch(url, { signal: signal ?? null, cache: 'no-cache' }))
  if (answer.ok) return answer
  await answer.body?.cancel()
  throw notBuilt(url, answer.status)
}

function notBuilt(url: URL, status?: number): TrackioError {
  return new TrackioError(
    url.href,
    `the files of this app cannot be had here: no list of them${status === undefined ? '' : ` (the host answered ${status})`}`,
    'Publish from a page that a web server serves as it was built, or give the address of one.',
  )
}
