import { TrackioError } from '../../model/errors.ts'
import { canonicalProject } from '../../model/project-name.ts'
import type { PublishOptions } from '../../model/publish.ts'
import type { HubRepo } from '../../model/source.ts'
import type { HubOptions } from '../../storage/hub/hub-requests.ts'
import { spaceDetails } from '../../storage/hub/hub-spaces.ts'
import { type HubWriter, hubWriter, whoWrites } from '../../storage/hub/hub-write.ts'
import { readConfig } from '../connectors/spaces.ts'
import { TABLE_PATHS } from './static-files.ts'

/** Where everything goes. Both repositories may not exist yet. */
export interface Target {
  space: HubWriter
  spaceExists: boolean
  data: HubWriter
  dataExists: boolean
}

const ID = /^[\w.-]+\/[\w.-]{1,96}$/

/** What can be told without asking anybody. Throws in trackio's words. */
export function checkOptions({ spaceId, bucketId, datasetId, private: isPrivate }: PublishOptions): void {
  if (isPrivate === true) {
    throw new TrackioError(
      spaceId,
      'private=True is not supported for static Trackio Spaces. Static Spaces run entirely in the browser, so their snapshot data must be public.',
      'Publish without it; or for a private dashboard use trackio’s own live Space (trackio sync in Python).',
    )
  }
  if (bucketId && datasetId) {
    throw new TrackioError(
      spaceId,
      'Cannot use bucket volume options together with dataset_id; use one persistence mode.',
      'Name only one of the two.',
    )
  }
}

/**
 * Finds out where everything goes, and that it may: a Space that is something else is not written over. Asks,
 * and changes nothing. Throws AccessError without a token, TrackioError where the place is taken.
 */
export async function findTarget(
  project: string,
  options: PublishOptions,
  hub: HubOptions & { signal?: AbortSignal | undefined },
): Promise<Target> {
  const { signal } = hub
  const me = await whoWrites({ type: 'space', id: options.spaceId }, hub)
  const idOf = (name: string, what: string): string => {
    const id = name.includes('/') ? name : `${me.name}/${name}`
    if (!ID.test(id))
      throw new TrackioError(
        name,
        `cannot be the name of a ${what}`,
        'Use user/name, of letters, digits, dots, - and _.',
      )
    return id
  }
  const id = idOf(options.spaceId, 'Space')
  const space = await spaceDetails(id, hub)
  const config = space && (await checkSpace(space, project, options, hub))
  const named = options.datasetId
    ? { type: 'dataset' as const, id: idOf(options.datasetId, 'dataset') }
    : options.bucketId
      ? { type: 'bucket' as const, id: idOf(options.bucketId, 'bucket') }
      : undefined
  const repo = named ?? config ?? (await freeBucket(`${id}-bucket`, hub))
  const data = hubWriter(repo, hub)
  const info = await data.info(signal)
  if (info?.private) {
    throw new TrackioError(
      `${repo.type}s/${repo.id}`,
      'is private, but everybody who opens a static Space reads its data themselves',
      'Make it public in its settings, or publish to another one.',
    )
  }
  if (info && named && !options.replace && !(config?.type === repo.type && config.id === repo.id))
    await checkEmpty(data, signal)
  return {
    space: hubWriter({ type: 'space', id }, hub),
    spaceExists: space !== undefined,
    data,
    dataExists: info !== undefined,
  }
}

/** What the Space shows now. Throws where it is not to be written over. */
async function checkSpace(
  { id, sdk, tags }: { id: string; sdk: string; tags: string[] },
  project: string,
  { replace }: PublishOptions,
  hub: HubOptions & { signal?: AbortSignal | undefined },
): Promise<HubRepo | undefined> {
  const subject = `spaces/${id}`
  const another = 'Choose another name for the Space.'
  if (sdk !== 'static') {
    throw new TrackioError(
      subject,
      `Space '${id}' is a '${sdk}' Space but sdk='static' was requested. The sdk must match the existing Space type.`,
      another,
    )
  }
  if (tags.includes('trackio-logbook'))
    throw new TrackioError(subject, 'is a logbook, pages that somebody wrote about experiments', another)
  if (replace !== true && !tags.includes('trackio')) {
    throw new TrackioError(
      subject,
      'exists, and is not a dashboard of trackio’s (it has no tag trackio)',
      `${another} Or replace what is there.`,
    )
  }
  const config = await readConfig(id, hub)
  if (!config) return undefined
  if (
    replace !== true &&
    config.project !== undefined &&
    canonicalProject(config.project) !== canonicalProject(project)
  ) {
    throw new TrackioError(
      subject,
      `shows another project: ${config.project}`,
      `${another} Or replace what is there.`,
    )
  }
  if (config.bucket !== undefined) return { type: 'bucket', id: config.bucket }
  return config.dataset === undefined ? undefined : { type: 'dataset', id: config.dataset }
}

/**
 * trackio's way to a name: the first of `x`, `x-2`, `x-3` … that is free. An empty one is free: a publishing
 * that was broken off made it.
 */
async function freeBucket(
  preferred: string,
  hub: HubOptions & { signal?: AbortSignal | undefined },
): Promise<HubRepo> {
  for (let id = preferred, count = 2; ; id = `${preferred}-${count++}`) {
    const repo: HubRepo = { type: 'bucket', id }
    const bucket = hubWriter(repo, hub)
    const info = await bucket.info(hub.signal)
    if (!info || (!info.private && (await bucket.list(hub.signal)).length === 0)) return repo
  }
}

/**
 * A bucket or dataset that a person named may hold other things, but not another export: they would be mixed.
 */
async function checkEmpty(data: HubWriter, signal: AbortSignal | undefined): Promise<void> {
  const there = (await data.list(signal)).find(({ path }) => path === 'runs.json' || TABLE_PATHS.has(path))
  if (!there) return
  const { type, id } = data.repo
  throw new TrackioError(
    `${type}s/${id}`,
    `holds another export already (${there.path})`,
    'Name another one, or replace what is there.',
  )
}
