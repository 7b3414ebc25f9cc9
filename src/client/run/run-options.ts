import { TrackioError } from '../../model/errors.ts'
import { quoted } from '../../model/project-name.ts'
import { checkProjectName } from '../../model/reserved-name.ts'
import type { DeliverTo } from '../../model/tracking.ts'
import { knownOptions } from '../base/options.ts'
import { warn, wordsOf } from '../base/warn.ts'
import { jsonOf, plainConfig } from '../values/stored-json.ts'
import { type AlertLevel, alertLevelOf } from './alerts.ts'

/** What a run begins with: the options of `init`, checked. */
export interface RunSettings {
  project: string
  /** Null: the storage gives an automatic one. */
  name: string | null
  group: string | null
  config: Record<string, unknown>
  resume: 'never' | 'allow' | 'must'
  /** Where rows are to be delivered later: a Space, or a server's address. */
  target: string | null
  deliverTo: DeliverTo
  webhookUrl: string | null
  webhookMinLevel: AlertLevel | undefined
}

/** What `init` takes; names in Python's spelling (`space_id`) are taken too. */
export interface InitOptions {
  project?: string | undefined
  /** Without one, a free name like `dainty-sunset-0`. */
  name?: string | null | undefined
  /** Runs of one group are shown together. */
  group?: string | null
  /** Hyperparameters; keys may not begin with `_`. */
  config?: Record<string, unknown> | null
  /** `must` and `allow` go on with the newest run of that name. Default `never`. */
  resume?: 'never' | 'allow' | 'must'
  /**
   * A live trackio Space (`user/trackio`) that the rows are meant for: they are stored here, and go on to it
   * as soon as `login` gave a token.
   */
  spaceId?: string | null
  /** Origin of another Hub than huggingface.co, for `spaceId`. */
  hub?: string | null | undefined
  /** Address of a trackio server that the rows are meant for, with its `write_token`. */
  serverUrl?: string | null
  /** The Space's bucket, where it is not the one that it mounts. */
  bucketId?: string | null
  datasetId?: string | null
  /** Alerts are posted there. */
  webhookUrl?: string | null
  webhookMinLevel?: AlertLevel | string | null
  /** Of a Space that would be made; kept for code that was written for Python. */
  private?: boolean | null
  /** Without meaning in a page. */
  settings?: unknown
  embed?: boolean
  autoLogGpu?: boolean | null
  gpuLogInterval?: number
  autoLogCpu?: boolean | null
  cpuLogInterval?: number
}

const KNOWN: (keyof InitOptions)[] = [
  'project',
  'name',
  'group',
  'config',
  'resume',
  'spaceId',
  'hub',
  'serverUrl',
  'bucketId',
  'datasetId',
  'webhookUrl',
  'webhookMinLevel',
  'private',
  'settings',
  'embed',
  'autoLogGpu',
  'gpuLogInterval',
  'autoLogCpu',
  'cpuLogInterval',
]

/** What `init` was asked for, checked as trackio checks it. Throws in its words. */
export function runSettings(first: string | InitOptions, more: InitOptions | undefined): RunSettings {
  const given = typeof first === 'string' ? { ...more, project: first } : { ...first }
  const options = knownOptions(
    'init',
    given,
    KNOWN,
    'trackio has no tags, notes or job types: put them into config. Runs of one group share `group`.',
  )
  const { project, name = null, group = null, resume = 'never' } = options
  if (typeof project !== 'string')
    throw new TrackioError('project', `trackio.init() needs a project name, got ${quoted(String(project))}`)
  checkProjectName(project)
  if (options.settings !== undefined && options.settings !== null)
    warn('* Warning: settings is not used. Provided for compatibility with wandb.init().')
  if (resume !== 'never' && resume !== 'allow' && resume !== 'must') {
    throw new TrackioError('resume', "resume must be one of: 'must', 'allow', or 'never'")
  }
  if (resume === 'must' && name === null)
    throw new TrackioError('resume', "Must provide a run name when resume='must'")
  if (options.autoLogGpu || options.autoLogCpu)
    warn(
      'trackio: a page cannot read GPU or CPU sensors, so nothing is logged by itself; use trackio.logSystem().',
    )
  return {
    project,
    name: name === null ? null : String(name),
    group: group === null ? null : String(group),
    config: configOf(options.config),
    resume,
    target: targetOf(options),
    deliverTo: {
      ...(options.bucketId && { bucketId: options.bucketId }),
      ...(options.hub && { hub: options.hub }),
    },
    webhookUrl: options.webhookUrl ?? null,
    webhookMinLevel: options.webhookMinLevel ? alertLevelOf(options.webhookMinLevel) : undefined,
  }
}

function configOf(config: unknown): Record<string, unknown> {
  let plain: unknown
  try {
    plain = plainConfig(config ?? {})
  } catch (cause) {
    warn(`trackio.init() failed to serialize the run config: ${wordsOf(cause)}. Continuing without config.`)
    return {}
  }
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain))
    throw new TrackioError('config', `config must be an object, got ${quoted(String(config))}`)
  for (const key of Object.keys(plain)) {
    if (key.startsWith('_')) {
      throw new TrackioError(
        key,
        `Config key '${key}' is reserved (keys starting with '_' are reserved for internal use)`,
      )
    }
  }
  return { ...plain }
}

/** A run's config as it is stored: JSON. What cannot be stored is said, and left out as a whole. */
export function configText(config: Record<string, unknown>): string {
  try {
    return jsonOf(plainConfig(config))
  } catch (cause) {
    warn(`trackio.init() failed to serialize the run config: ${wordsOf(cause)}. Continuing without config.`)
    const { _Username, _Created, _Group } = config
    return jsonOf({ _Username, _Created, _Group })
  }
}

function targetOf({ spaceId, serverUrl, datasetId, bucketId }: InitOptions): string | null {
  if (spaceId) {
    if (datasetId && bucketId)
      throw new TrackioError('bucketId', 'Cannot provide both `dataset_id` and `bucket_id`.')
    return spaceId
  }
  if (datasetId)
    throw new TrackioError('datasetId', 'Must provide a `space_id` when `dataset_id` is provided.')
  if (!serverUrl) {
    if (bucketId)
      warn('trackio.init() has `bucket_id` set but `space_id` is None: metrics will be logged locally only.')
    return null
  }
  if (!/^https?:\/\//.test(serverUrl)) {
    throw new TrackioError(
      'serverUrl',
      `\`server_url\` must be a full URL starting with http:// or https://, got: ${quoted(serverUrl)}`,
    )
  }
  if (bucketId) {
    throw new TrackioError(
      'bucketId',
      '`dataset_id` and `bucket_id` are Hugging Face Spaces concepts and are not compatible with `server_url`. Configure storage on the self-hosted server.',
    )
  }
  const url = new URL(serverUrl)
  if (!url.searchParams.get('write_token')) {
    throw new TrackioError(
      'serverUrl',
      'Self-hosted logging requires a write token: add write_token to the server URL.',
    )
  }
  // the token is not written into the database
  url.search = ''
  return url.href.replace(/\/$/, '')
}
