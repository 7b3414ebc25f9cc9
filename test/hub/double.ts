import { type Accounts, addToken, addUser, type TokenOptions, type User } from './access.ts'
import { makeCas } from './cas.ts'
import { type CdnOptions, corsOf, makeSigner, serveSigned } from './cdn.ts'
import type { Context } from './context.ts'
import { type Answer, type Call, type Headers, HubError, type Listening, listen, type Seen } from './http.ts'
import { hubAnswer, kindOf, type Trouble } from './hub.ts'
import { lfsPut } from './lfs.ts'
import type { OAuthApp } from './oauth.ts'
import {
  addRepo,
  type Change,
  type Commit,
  commit,
  type Files,
  filesOf,
  makeStore,
  type Repo,
  type RepoOptions,
  type RepoType,
} from './store.ts'
import { casAnswer } from './xet.ts'

export { contentOf, contentOnDisk } from './content.ts'
export type { Seen } from './http.ts'
export type { Files, RepoOptions, RepoType } from './store.ts'

export interface HubOptions {
  /** Milliseconds since 1970; default: this machine's clock. */
  now?: () => number
  /** False: a Hub without Xet. Large files are LFS objects, uploads go over LFS, and there are no buckets. */
  xet?: boolean
  cdn?: CdnOptions
  /** When an LFS upload is cut into parts, and their size. */
  lfs?: { multipartAbove?: number; partSize?: number }
}

export interface HubDouble {
  /** What the client takes as `hubUrl`: no slash at the end. */
  url: string
  cdnUrl: string
  casUrl: string
  /** Every request to any of the three hosts, in order of arrival, preflights too. */
  requests: Seen[]
  repo(type: RepoType, id: string, options?: RepoOptions): Repo
  /** Puts files in one commit and gives its id. */
  putFiles(type: RepoType, id: string, files: Files, change?: Omit<Change, 'files'>): string
  /** Puts every file below a folder of this machine under `prefix` ("" or with a slash at the end). */
  addFolder(type: RepoType, id: string, folder: string, prefix?: string): string
  /** The files of the newest commit, or of a revision, as they are now. */
  files(type: RepoType, id: string, revision?: string): Map<string, Buffer>
  /** Renames; the old id is redirected from then on. */
  move(type: RepoType, from: string, to: string): void
  setUser(name: string, options?: Partial<Omit<User, 'name'>>): void
  setToken(user: string, token: string, options?: TokenOptions): void
  revoke(token: string): void
  /** An app that people can sign in to; `person` of `signIn` then agrees to whatever it asks. */
  app(app: OAuthApp): void
  /** Who is signed in at the Hub in the browser, and agrees; nobody: sign-in is refused. */
  signIn(person: string | undefined): void
  /**
   * The next `count` requests to the Hub that match are answered 429; `headers` replace RateLimit and
   * friends.
   */
  limitNext(count: number, headers?: Headers, match?: (call: Seen) => boolean): void
  /** The next `count` requests to the Hub that match fail with this status; 0 closes the connection. */
  failNext(count: number, status: number, match?: (call: Seen) => boolean): void
  /** Makes every signed address given out so far answer 403, as after an hour. */
  expireLinks(): void
  /**
   * Requests that no client may ever make: a token sent to the CDN or to Xet, or standing in an address or a
   * Referer.
   */
  leaks(): Seen[]
  /** Forgets the requests so far. */
  clear(): void
  stop(): Promise<void>
}

/** Starts the double on three free ports of the loopback. Stop it when done. */
export async function startHub(options: HubOptions = {}): Promise<HubDouble> {
  const now = options.now ?? Date.now
  const store = makeStore(now, options.xet === false ? 'lfs' : 'xet')
  const accounts: Accounts = { users: new Map(), tokens: new Map() }
  const requests: Seen[] = []
  const troubles: { left: number; match: (seen: Seen) => boolean; answer: (seen: Seen) => Answer }[] = []
  const trouble: Trouble = ({ seen }) => {
    const next = troubles.find(({ left, match }) => left > 0 && match(seen))
    if (!next) return undefined
    next.left--
    return next.answer(seen)
  }

  const urls = { hub: '', cdn: '', cas: '' }
  const cdnServer = await listen('cdn', requests, async (call) => cdnAnswer(context, call))
  urls.cdn = cdnServer.origin
  const context: Context = {
    store,
    accounts,
    urls,
    signer: makeSigner(urls.cdn, options.cdn?.lifetime ?? 3600, now),
    served: new Map(),
    cdn: options.cdn ?? {},
    cas: makeCas(),
    xetTokens: new Map(),
    multiparts: new Map(),
    oauth: { apps: new Map(), codes: new Map(), person: undefined, lifetime: 8 * 3600 },
    lfs: { multipartAbove: options.lfs?.multipartAbove ?? 5e9, partSize: options.lfs?.partSize ?? 16 << 20 },
    now,
  }
  const hubServer = await listen('hub', requests, (call) => hubAnswer(context, trouble, call))
  urls.hub = hubServer.origin
  const casServer = await listen('cas', requests, (call) => casAnswer(context, call))
  urls.cas = casServer.origin
  const servers: Listening[] = [hubServer, cdnServer, casServer]

  const repoOf = (type: RepoType, id: string) => {
    const repo = store.repos.get(`${type}:${id}`)
    if (!repo) throw new Error(`hub double: no ${type} ${id}`)
    return repo
  }
  const putFiles: HubDouble['putFiles'] = (type, id, files, change) =>
    commit(store, repoOf(type, id), { ...change, files }).id
  return {
    url: urls.hub,
    cdnUrl: urls.cdn,
    casUrl: urls.cas,
    requests,
    repo: (type, id, repoOptions) => addRepo(store, type, id, repoOptions),
    putFiles,
    addFolder: (type, id, folder, prefix = '') => putFiles(type, id, filesOf(folder, prefix)),
    files(type, id, revision = 'main') {
      const repo = repoOf(type, id)
      const at: Commit | undefined = repo.refs.get(revision) ?? repo.commits.get(revision)
      return new Map(
        [...(at?.tree ?? [])].map(([path, { content }]) => [path, content.read(0, content.size)]),
      )
    },
    move(type, from, to) {
      const repo = repoOf(type, from)
      store.repos.delete(`${type}:${from}`)
      repo.aliases.add(from)
      repo.id = to
      store.repos.set(`${type}:${to}`, repo)
    },
    setUser: (name, userOptions) => void addUser(accounts, name, userOptions),
    setToken: (user, token, tokenOptions) => void addToken(accounts, now(), user, token, tokenOptions),
    revoke: (token) => void accounts.tokens.delete(token),
    app: (app) => void context.oauth.apps.set(app.clientId, app),
    signIn(person) {
      if (person !== undefined && !accounts.users.has(person)) addUser(accounts, person)
      context.oauth.person = person
    },
    limitNext(count, headers, match = () => true) {
      const answer = (seen: Seen) => tooMany(seen, headers)
      troubles.push({ left: count, match, answer })
    },
    failNext(count, status, match = () => true) {
      const answer = () => {
        if (status !== 0)
          throw new HubError(
            status,
            status < 500
              ? `Error ${status}`
              : 'Internal Error - We are working hard to fix this as soon as possible!',
          )
        return { status }
      }
      troubles.push({ left: count, match, answer })
    },
    expireLinks: () => context.signer.expireAll(),
    leaks: () => requests.filter((seen) => isLeak(seen, accounts)),
    clear: () => void requests.splice(0),
    stop: async () => void (await Promise.all(servers.map((server) => server.close()))),
  }
}

async function cdnAnswer(context: Context, call: Call): Promise<Answer> {
  const [kind] = call.segments
  const upload = kind === 'lfs-upload' || kind === 'lfs-part'
  if (call.method === 'OPTIONS') {
    // uploads carry X-Request-Id and parts of xorbs several ranges, so pages could do neither without it
    if (!upload && kind !== 'xorb' && !context.cdn.preflight) return { status: 403 }
    const headers = {
      'Access-Control-Allow-Headers': String(call.headers['access-control-request-headers'] ?? ''),
    }
    return {
      status: 204,
      headers: {
        ...headers,
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Methods': 'GET, HEAD, PUT',
      },
    }
  }
  if (upload && call.method === 'PUT') return lfsPut(context, call)
  if (call.method !== 'GET' && call.method !== 'HEAD') return { status: 405, headers: corsOf(context.cdn) }
  return serveSigned(call, context.signer, context.served.get(`/${call.segments.join('/')}`), context.cdn)
}

/**
 * docs/hub/rate-limits.md: 429 with r=0 and t, the seconds to wait; huggingface_hub also honours Retry-After.
 */
function tooMany({ path }: Seen, headers: Headers = {}): Answer {
  const kind = kindOf(path)
  const message =
    'We had to rate limit your IP. To continue using our service, create a HF account or login to your existing account.'
  const all = { RateLimit: `"${kind}";r=0;t=1`, ...headers, 'X-Error-Message': message }
  return kind === 'resolvers'
    ? { status: 429, headers: all, body: message }
    : { status: 429, headers: all, json: { error: message } }
}

function isLeak(seen: Seen, accounts: Accounts): boolean {
  if (seen.host === 'cdn' && seen.authorization !== 'none') return true
  if (seen.host === 'cas' && seen.authorization !== 'none' && seen.authorization !== 'xet token') return true
  return [...accounts.tokens.keys()].some(
    (token) => seen.url.includes(token) || seen.referer?.includes(token),
  )
}
