import { type Accounts, type Reading, readable, type Token } from './access.ts'
import type { Cas } from './cas.ts'
import type { CdnOptions, Served, Signer } from './cdn.ts'
import { type Call, decoded, HubError } from './http.ts'
import type { Multipart } from './lfs.ts'
import type { OAuth } from './oauth.ts'
import type { Repo, RepoType, Store } from './store.ts'

/** What every handler of the double works on. */
export interface Context {
  store: Store
  accounts: Accounts
  urls: Record<'hub' | 'cdn' | 'cas', string>
  signer: Signer
  /** What signed paths stand for. */
  served: Map<string, Served>
  cdn: CdnOptions
  cas: Cas
  xetTokens: Map<string, XetToken>
  multiparts: Map<string, Multipart>
  oauth: OAuth
  lfs: { multipartAbove: number; partSize: number }
  now(): number
}

/** Opens Xet's API for one repository. */
export interface XetToken {
  write: boolean
  repo: string
  /** Seconds since 1970. */
  exp: number
}

/** A call to a repository, taken apart. */
export interface RepoCall {
  call: Call
  token: Token | undefined
  type: RepoType
  id: string
  /** Segments after the id, encoded. */
  rest: string[]
}

export const PLURALS: Record<string, RepoType> = {
  models: 'model',
  datasets: 'dataset',
  spaces: 'space',
  buckets: 'bucket',
}

/** The repository of a call, if it may be read. */
export function repoOf(context: Context, { token, type, id }: RepoCall, what: Reading): Repo {
  return readable(context.store, context.accounts, token, type, id, what)
}

/**
 * Revision and path from the segments after `tree`, `resolve` … The client encodes revisions at most places
 * (`encodeURIComponent(revision)`), but not in lib/list-files.ts, so `refs/pr/1` arrives in both forms.
 */
export function revisionAndPath(rest: string[]): { revision: string; path: string } {
  const [first = 'main', second, third, ...more] = rest
  if (first === 'refs' && second !== undefined && third !== undefined)
    return { revision: `refs/${second}/${decoded(third)}`, path: pathOf(more) }
  return { revision: decoded(first), path: pathOf(rest.slice(1)) }
}

/**
 * A path from its segments. Python encodes it whole, slashes too (huggingface_hub, `quote(prefix, safe="")`).
 */
export function pathOf(segments: string[]): string {
  return segments.map(decoded).join('/').replace(/\/+$/, '')
}

export function numberOf(text: string | null, otherwise: number, most: number): number {
  if (text === null) return otherwise
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new HubError(400, `"limit" must be a positive number, not ${text}`)
  return Math.min(value, most)
}

export function isTrue(text: string | null): boolean {
  // Python sends True, the client true, pages 1
  return text !== null && /^(1|true)$/i.test(text)
}

export async function jsonOf(call: Call): Promise<Record<string, unknown>> {
  const text = (await call.body()).toString()
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (error) {
    throw new HubError(400, `the body is not JSON: ${error instanceof Error ? error.message : error}`)
  }
  throw new HubError(400, 'the body is not a JSON object')
}
