import { AccessError, TrackioError } from '../../model/errors.ts'
import { HUB, type HubRepo, type Notice } from '../../model/source.ts'
import { repoPage } from '../../storage/address/address.ts'
import { jsonOf } from '../../storage/http/answer.ts'
import { parseStaticConfig, type StaticConfig } from '../../storage/http/static-config.ts'
import { type HubCache, hubCache } from '../../storage/hub/hub-cache.ts'
import { MissingError, OfflineError } from '../../storage/hub/hub-errors.ts'
import {
  type AskOptions,
  repoExists,
  type SpaceDetails,
  spaceDetails,
  trackioSpaces,
} from '../../storage/hub/hub-spaces.ts'
import { hubTree } from '../../storage/hub/hub-tree.ts'

export interface SpaceOptions extends AskOptions {
  /**
   * Where a Space led last time, for a visit without the Hub. Default: this browser's; undefined: nothing is
   * kept.
   */
  cache?: HubCache | undefined
}

/** Where the data behind a Space's dashboard is. */
export interface SpaceData {
  repo: HubRepo
  /** The project that a static dashboard shows, as it was called when it was logged. */
  project?: string | undefined
  notices: Notice[]
}

const ID = /^[\w.-]+\/[\w.-]+$/

/**
 * What to open for a Space: what a static one's config.json names; the bucket mounted in a live one; else a
 * bucket or dataset named as trackio names them; else a dataset of its README. Throws TrackioError with
 * everything that was tried.
 */
export async function spaceData(id: string, options: SpaceOptions = {}): Promise<SpaceData> {
  const cache = 'cache' in options ? options.cache : hubCache()
  const key = ['space', options.hub ?? HUB, id].join('\n')
  try {
    const details = await spaceDetails(id, options)
    if (!details) throw new MissingError(`spaces/${id}`, 'does not exist (404)', 'Check the name.')
    const found = await dataOf(details, options)
    void cache?.note(
      key,
      { repo: found.repo, project: found.project },
      `${new URL(options.hub ?? HUB).host}/spaces/${id}`,
    )
    return found
  } catch (cause) {
    const last = cause instanceof OfflineError ? parseData(await cache?.recall(key)) : undefined
    if (!last) throw cause
    return last
  }
}

/** What to open for `user/name` alone: a Space of that name, else a bucket, else a dataset. */
export async function namedData(id: string, options: SpaceOptions = {}): Promise<SpaceData> {
  let reason: unknown
  try {
    return await spaceData(id, options)
  } catch (cause) {
    // no Space, or one that leads nowhere: the others are still worth a look
    if (!(cause instanceof TrackioError) || cause instanceof OfflineError) throw cause
    reason = cause
  }
  for (const type of ['bucket', 'dataset'] as const) {
    if (await repoExists({ type, id }, options)) return { repo: { type, id }, notices: [] }
  }
  if (!(reason instanceof MissingError || reason instanceof AccessError)) throw reason
  throw new AccessError(
    id,
    'no Space, bucket or dataset of that name, or a private one',
    'Check the name. If it is private, add a token with read access.',
    options.hub ?? HUB,
  )
}

/**
 * The Space that runs at `user-name.hf.space`. Dashes may stand for the slash, for dots and underscores, so
 * several are tried.
 */
export async function spaceAt(host: string, options: AskOptions = {}): Promise<string> {
  const subdomain = host.toLowerCase().replace(/(\.static)?\.hf\.space$/, '')
  const parts = subdomain.split('-')
  const owners = parts.slice(1, 1 + MOST_OWNERS).map((_, index) => parts.slice(0, index + 1).join('-'))
  const ids = owners
    .map((owner) => `${owner}/${subdomain.slice(owner.length + 1)}`)
    .filter((id) => /^\w[\w-]*\/\w[\w-]*$/.test(id))
  for (const id of ids) {
    const details = await unlessHidden(spaceDetails(id, options))
    if (details && (details.subdomain === '' || details.subdomain === subdomain)) return details.id
  }
  // dots, underscores and capitals of the name are lost in its host: only the Hub knows which there are
  for (const owner of owners.filter(Boolean)) {
    for await (const found of trackioSpaces(owner, options))
      if (found.subdomain === subdomain) return found.id
  }
  throw new TrackioError(
    host,
    `no Space found that runs there${ids.length > 0 ? `: tried ${ids.join(', ')}` : ''}`,
    'Type its name instead, user/name, as its page says it. If it is private, add a token with read access.',
  )
}

async function dataOf(space: SpaceDetails, options: SpaceOptions): Promise<SpaceData> {
  const { id, tags } = space
  const page = repoPage(options.hub ?? HUB, { type: 'space', id })
  if (tags.includes('trackio-logbook')) {
    throw new TrackioError(
      `spaces/${id}`,
      'a logbook: pages that somebody wrote about experiments, without their runs',
      `Read it at ${page}.`,
    )
  }
  const notices: Notice[] = []
  const tried: string[] = []
  const found =
    (space.sdk === 'static' ? await configured(id, options, notices, tried) : mounted(space, tried)) ??
    (await guessed(id, options, notices, tried)) ??
    (await declared(space, options, notices, tried))
  if (found) return { ...found, notices }
  throw new TrackioError(
    `spaces/${id}`,
    `no data of trackio's found: ${tried.join('; ')}`,
    'If you know its bucket or dataset, open that instead: buckets/user/name. If it is private, add a token with read access.',
  )
}

type Found = Pick<SpaceData, 'repo' | 'project'>

/** What config.json of a static Space names; the bucket counts where it names both. */
async function configured(
  id: string,
  options: SpaceOptions,
  notices: Notice[],
  tried: string[],
): Promise<Found | undefined> {
  const config = await readConfig(id, options)
  if (!config) {
    tried.push('no config.json of a dashboard')
    return undefined
  }
  if (config.leakedToken) notices.push(leakNotice(`spaces/${id}/config.json`, options.hub))
  const { project, bucket, dataset } = config
  if (bucket) return { repo: { type: 'bucket', id: bucket }, project }
  if (dataset) return { repo: { type: 'dataset', id: dataset }, project }
  tried.push('config.json names neither bucket nor dataset')
  return undefined
}

/** Undefined where there is none of trackio's. */
export async function readConfig(id: string, options: SpaceOptions): Promise<StaticConfig | undefined> {
  // without a cache: what may hold a token is not kept
  const tree = hubTree({ type: 'space', id }, { ...options, cache: undefined })
  const entry = await tree.find('config.json', options)
  if (!entry || entry.size > 1e6) return undefined
  const file = await tree.blob('config.json', options)
  return parseStaticConfig(jsonOf(new Uint8Array(await file.arrayBuffer())))
}

/** Releases 0.20 to 0.25 published the token of private data with the dashboard. */
export function leakNotice(subject: string, hub = HUB): Notice {
  return {
    level: 'error',
    subject,
    text: 'holds an access token that everybody can read: trackio 0.20 to 0.25 put it there (hf_token); it is not used here',
    action: `If it is yours, revoke that token now at ${hub}/settings/tokens, then take it out of config.json.`,
  }
}

/** The bucket of a live Space: the one mounted at /data, or else any, as trackio itself looks for it. */
function mounted({ buckets }: SpaceDetails, tried: string[]): Found | undefined {
  const bucket = buckets.find(({ mountPath }) => mountPath === '/data') ?? buckets[0]
  if (bucket) return { repo: { type: 'bucket', id: bucket.id } }
  tried.push('no bucket mounted')
  return undefined
}

/** Buckets of one Space that are looked for. */
const MOST_BUCKETS = 20
/**
 * Owners that a host's name may begin with: it has 63 letters, and a name of many dashes would cost two
 * requests for each.
 */
const MOST_OWNERS = 12

/**
 * Names that trackio gives by itself. A second bucket of the name is made when the first is somebody's
 * already, so the last one counts.
 */
async function guessed(
  id: string,
  options: SpaceOptions,
  notices: Notice[],
  tried: string[],
): Promise<Found | undefined> {
  let bucket: string | undefined
  for (let next = `${id}-bucket`, count = 2; ; next = `${id}-bucket-${count++}`) {
    if (!(await repoExists({ type: 'bucket', id: next }, options))) break
    if (count > MOST_BUCKETS)
      throw new TrackioError(
        `spaces/${id}`,
        `more than ${MOST_BUCKETS} buckets are called ${id}-bucket, -bucket-2 and so on: which holds its data cannot be told`,
        'Open the bucket itself: buckets/user/name.',
      )
    bucket = next
  }
  const datasets = [`${id}-dataset`, `${id}_dataset`]
  const repo = bucket ? { type: 'bucket' as const, id: bucket } : await firstThere(datasets, options)
  if (repo) {
    notices.push(guessNotice(id, repo, 'which has the name that trackio gives'))
    return { repo }
  }
  tried.push(`no bucket ${id}-bucket`, `no dataset ${datasets.join(' or ')}`)
  return undefined
}

async function declared(
  { id, datasets }: SpaceDetails,
  options: SpaceOptions,
  notices: Notice[],
  tried: string[],
): Promise<Found | undefined> {
  const named = datasets.filter((name) => ID.test(name))
  const repo = await firstThere(named, options)
  if (repo) {
    notices.push(guessNotice(id, repo, 'which its README names'))
    return { repo }
  }
  tried.push(
    named.length > 0
      ? `no dataset ${named.join(' or ')}, which its README names`
      : 'no dataset in its README',
  )
  return undefined
}

async function firstThere(datasets: string[], options: SpaceOptions): Promise<HubRepo | undefined> {
  for (const id of datasets)
    if (await repoExists({ type: 'dataset', id }, options)) return { type: 'dataset', id }
  return undefined
}

function guessNotice(id: string, repo: HubRepo, why: string): Notice {
  return {
    level: 'info',
    subject: `spaces/${id}`,
    text: `its data is taken from ${repo.type}s/${repo.id}, ${why}`,
  }
}

/** Undefined for what does not exist or is private. */
async function unlessHidden<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (cause) {
    if (cause instanceof AccessError || cause instanceof MissingError) return undefined
    throw cause
  }
}

function parseData(value: unknown): SpaceData | undefined {
  if (
    typeof value !== 'object' ||
    value === null ||
    !('repo' in value) ||
    typeof value.repo !== 'object' ||
    value.repo === null
  )
    return undefined
  const { repo } = value
  if (!('type' in repo) || !('id' in repo) || typeof repo.id !== 'string' || !ID.test(repo.id))
    return undefined
  if (repo.type !== 'bucket' && repo.type !== 'dataset') return undefined
  const project = 'project' in value && typeof value.project === 'string' ? { project: value.project } : {}
  return { repo: { type: repo.type, id: repo.id }, ...project, notices: [] }
}
