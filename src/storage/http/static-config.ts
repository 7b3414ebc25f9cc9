/** `config.json` of a static Space, as trackio's static export writes it beside the page. */
export interface StaticConfig {
  /** Raw name of the one project there. */
  project: string | undefined
  /** `user/name` of the bucket that holds the data; it counts when both are named. */
  bucket: string | undefined
  dataset: string | undefined
  private: boolean
  /** trackio that deployed it; since 0.38. */
  version: string | undefined
  /**
   * Releases up to 0.25.0 put a real token of the Hub in here for everybody to read. It is not kept; its
   * owner should be told.
   */
  leakedToken: boolean
}

export type Beside =
  | { kind: 'server'; url: string; version: string }
  | { kind: 'static'; config: StaticConfig & { project: string } }
  | { kind: 'none' }

const ID = /^[\w.-]+\/[\w.-]+$/

/**
 * What a config.json says. Undefined where it is another program's: the content tells, as some servers answer
 * anything with a page.
 */
export function parseStaticConfig(value: unknown): StaticConfig | undefined {
  if (!isRecord(value) || value.mode !== 'static') return undefined
  const id = (key: string): string | undefined => {
    const named = text(value[key])
    return named !== undefined && ID.test(named) ? named : undefined
  }
  return {
    project: text(value.project),
    bucket: id('bucket_id'),
    dataset: id('dataset_id'),
    private: value.private === true,
    version: text(value.version),
    leakedToken: text(value.hf_token) !== undefined,
  }
}

/** A host that says nothing for so long has nothing beside the page; two small files are at stake. */
const PATIENCE_MS = 10_000

/**
 * What the page was served with: a trackio server (`trackio show --frontend`), a static Space (`trackio sync
 * --sdk static --frontend`), or neither. `base`: address of the page. Never throws but AbortError. Both files
 * are in the built site too, saying "none", so that looking makes no 404 on a plain host: a server answers
 * `version` itself, and trackio writes its own `config.json` over ours. Hosts that answer every path with a
 * page are told by the content.
 */
export async function lookBeside(base: string, given?: AbortSignal, patience = PATIENCE_MS): Promise<Beside> {
  const signal = given
    ? AbortSignal.any([given, AbortSignal.timeout(patience)])
    : AbortSignal.timeout(patience)
  // a page opened from disk, or within a notebook's frame, has nothing beside it
  if (!/^https?:/.test(base)) return { kind: 'none' }
  const [version, said] = await Promise.all([
    read(new URL('version', base), signal, given),
    read(new URL('config.json', base), signal, given),
  ])
  // a server hands out the config.json of the folder it was given, so its own word comes first
  if (isRecord(version) && version.api_version === 1)
    return { kind: 'server', url: new URL('.', base).href, version: text(version.version) ?? '' }
  const config = parseStaticConfig(said)
  const project = config?.project
  return config && project !== undefined
    ? { kind: 'static', config: { ...config, project } }
    : { kind: 'none' }
}

/**
 * Asks without the client, which comes with the first source: this is in what the first page needs, and here
 * every failure is an answer.
 */
async function read(url: URL, signal: AbortSignal, given: AbortSignal | undefined): Promise<unknown> {
  try {
    const answer = await fetch(url, { signal, cache: 'no-store' })
    return answer.ok ? await answer.json() : undefined
  } catch {
    // offline, refused, silent, or a page instead of JSON: nothing is there, unless somebody gave up waiting
    given?.throwIfAborted()
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
