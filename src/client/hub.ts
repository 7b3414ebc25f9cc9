import { TrackioError } from '../model/errors.ts'
import type { Published, PublishProgress } from '../model/publish.ts'
import { flush, newestProject, run } from './api.ts'
import { knownOptions } from './base/options.ts'
import { warn, wordsOf } from './base/warn.ts'
import { writer } from './page-connection.ts'
import { dashboardOf } from './show.ts'

const SYNC_OPTIONS: (keyof SyncOptions)[] = [
  'project',
  'spaceId',
  'bucketId',
  'datasetId',
  'private',
  'sdk',
  'force',
  'hub',
  'dashboard',
  'onProgress',
  'signal',
]
const HUB = 'https://huggingface.co'

/** What `login` takes beside the token. */
export interface LoginOptions {
  /** Origin of another Hub. Default: `https://huggingface.co`. */
  hub?: string | null | undefined
}

/**
 * Gives a token of the Hub with write access (`hf_…`), for `init({ spaceId })` and `sync`; null forgets it.
 * It is kept in memory and sent to that Hub alone, so it has to be given again on the next visit. Rejects for
 * what can be no token.
 */
export async function login(token: string | null, options: LoginOptions = {}): Promise<void> {
  const { hub } = knownOptions('login', options, ['hub'])
  await writer().authorize(new URL(hub ?? HUB).origin, token ?? undefined)
}

/** What `sync` takes. Names in Python's spelling (`space_id`) are taken too. */
export interface SyncOptions {
  /** Default: that of the newest run. */
  project?: string | undefined
  /** `user/name`, or a name of whoever the token belongs to. */
  spaceId?: string | null
  /** Where the data go. Default: what the Space shows, else a new bucket. */
  bucketId?: string | null
  /** A dataset instead of a bucket. */
  datasetId?: string | null
  /** Refused when true: what a static Space shows is public. */
  private?: boolean | null
  /** A page can publish static Spaces only. */
  sdk?: 'static' | undefined
  /** Write over another project that the Space shows. Default false. */
  force?: boolean
  /** Origin of another Hub. Default: `https://huggingface.co`. */
  hub?: string | null | undefined
  /**
   * Address of the folder of a built site, which is put into the Space. Default: the one that `trackio.js`
   * lies in.
   */
  dashboard?: string | URL
  /** Told of every step. */
  onProgress?: ((progress: PublishProgress) => void) | undefined
  /** Ends it; what was sent until then stays, and calling again goes on from there. */
  signal?: AbortSignal | undefined
}

/**
 * Publishes a project of this browser: its data to a bucket (or dataset), the dashboard to a static Space
 * that shows them. Sends only what is not there yet. Needs a token, see `login`. Rejects with a TrackioError
 * that says what to do.
 *
 * @example
 * await trackio.login('hf_…')
 * const { url } = await trackio.sync({ project: 'my-project', spaceId: 'user/my-experiments' })
 */
export async function sync(options: SyncOptions = {}): Promise<Published> {
  const given = knownOptions('sync', options, SYNC_OPTIONS)
  const project = given.project ?? run?.project ?? newestProject()
  if (project === undefined)
    throw new TrackioError('sync', 'trackio.sync() needs a project name, or a run before it')
  if (given.sdk !== undefined && given.sdk !== 'static')
    throw new TrackioError(
      'sdk',
      `a page publishes static Spaces only, not '${given.sdk}'`,
      'trackio.sync() in Python makes live ones.',
    )
  if (!given.spaceId)
    throw new TrackioError(
      'spaceId',
      'trackio.sync() needs a Space to publish to',
      "Pass spaceId: 'user/name'.",
    )
  await flush().catch((cause: unknown) =>
    warn(`trackio.sync() publishes what is stored; not all is: ${wordsOf(cause)}`),
  )
  const published = await writer().publish(
    project,
    {
      spaceId: given.spaceId,
      ...(given.bucketId && { bucketId: given.bucketId }),
      ...(given.datasetId && { datasetId: given.datasetId }),
      ...(given.hub && { hub: given.hub }),
      ...(given.private !== undefined && { private: given.private }),
      ...(given.force && { replace: true }),
      frontend: dashboardOf('sync', given.dashboard).href,
    },
    { onProgress: given.onProgress, signal: given.signal },
  )
  console.info(`* Published ${project}: ${published.url}`)
  for (const { level, subject, text } of published.notices)
    if (level === 'warn') warn(`trackio.sync(): ${subject}: ${text}`)
  return published
}
