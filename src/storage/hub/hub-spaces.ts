import type { HubRepo } from '../../model/source.ts'
import { jsonOf } from '../http/answer.ts'
import { eachOnce, MissingError, oddAnswer, type Place, sensible } from './hub-errors.ts'
import { type HubOptions, makeHubClient } from './hub-requests.ts'

export interface AskOptions extends HubOptions {
  signal?: AbortSignal | undefined
}

/** What the Hub says of a Space to anybody who may see it. */
export interface SpaceDetails {
  /** As its owner spells it. */
  id: string
  /** static, gradio, docker … */
  sdk: string
  tags: string[]
  /** `user-name` of `https://user-name.hf.space`. */
  subdomain: string
  /** Datasets that its README names. */
  datasets: string[]
  /** Buckets mounted in it. */
  buckets: { id: string; mountPath: string }[]
}

/**
 * Undefined where there is no such Space. AccessError where it may be private: without a token the Hub tells
 * nobody which.
 */
export async function spaceDetails(id: string, options: AskOptions = {}): Promise<SpaceDetails | undefined> {
  const client = makeHubClient(options)
  const place = { hub: client.hub, repo: { type: 'space' as const, id } }
  const { spaceInfo } = await import('./hub-package.ts')
  try {
    const found: unknown = await sensible(place, () =>
      spaceInfo({
        name: id,
        hubUrl: client.hub,
        fetch: client.fetch(place, options.signal),
        additionalFields: ['tags', 'subdomain', 'datasets', 'runtime', 'cardData'],
      }),
    )
    // every Space has a name (that of a renamed one is another), which a server that answers anything does
    // not know
    if (!ID.test(text(field(found, 'name')))) throw oddAnswer(place)
    return detailsOf(found, id)
  } catch (cause) {
    if (cause instanceof MissingError) return undefined
    throw cause
  }
}

const ID = /^[\w.-]+\/[\w.-]+$/

/** Spaces that are looked through for one of a name. */
const MOST_FOUND = 500

/**
 * trackio's Spaces whose name or owner contains a word, in whatever case, that this visitor may see; the
 * first 500.
 */
export async function* trackioSpaces(
  word: string,
  options: AskOptions = {},
): AsyncGenerator<Pick<SpaceDetails, 'id' | 'subdomain'>> {
  const client = makeHubClient(options)
  const place = { hub: client.hub, repo: { type: 'space' as const, id: word } }
  const { listSpaces } = await import('./hub-package.ts')
  const list = listSpaces({
    search: { query: word, tags: ['trackio'] },
    hubUrl: client.hub,
    fetch: eachOnce(client.fetch(place, options.signal), place),
    additionalFields: ['subdomain'],
  })
  for (let found = 0; found < MOST_FOUND; found++) {
    const { value, done } = await sensible(place, () => list.next())
    if (done) return
    yield detailsOf(value, text(field(value, 'name')))
  }
}

/**
 * Whether it is there, for this visitor: what is private and what does not exist look the same. TrackioError
 * where the answer is not one of the Hub, as of a network that answers everything with its own page.
 */
export async function repoExists(repo: HubRepo, options: AskOptions = {}): Promise<boolean> {
  const client = makeHubClient(options)
  const place: Place = { hub: client.hub, repo }
  // one field instead of everything, which may be a list of all files
  const url = `${client.hub}/api/${repo.type}s/${repo.id}${repo.type === 'bucket' ? '' : '?expand=private'}`
  const { status, bytes } = await client.ask({ place, url, signal: options.signal, allow: [401, 403, 404] })
  if (status >= 400) return status === 403
  if (!isObject(jsonOf(bytes))) throw oddAnswer(place)
  return true
}

function detailsOf(value: unknown, id: string): SpaceDetails {
  const runtime = field(value, 'runtime')
  const datasets = [...texts(field(value, 'datasets')), ...texts(field(field(value, 'cardData'), 'datasets'))]
  const volumes = field(runtime, 'volumes')
  return {
    id: text(field(value, 'name')) || id,
    sdk: text(field(value, 'sdk')),
    tags: texts(field(value, 'tags')),
    subdomain: text(field(value, 'subdomain')),
    datasets: [...new Set(datasets)],
    buckets: (Array.isArray(volumes) ? volumes : [])
      .filter((volume) => field(volume, 'type') === 'bucket')
      .map((volume) => ({ id: text(field(volume, 'source')), mountPath: text(field(volume, 'mountPath')) }))
      .filter((bucket) => ID.test(bucket.id)),
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function texts(value: unknown): string[] {
  return typeof value === 'string'
    ? [value]
    : Array.isArray(value)
      ? value.filter((item) => typeof item === 'string')
      : []
}
