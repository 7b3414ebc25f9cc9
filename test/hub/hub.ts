import { owns, type Token, tokenOf } from './access.ts'
import { authCheck, whoAmI } from './account.ts'
import { bucketBatch } from './bucket.ts'
import { type Context, PLURALS, type RepoCall } from './context.ts'
import { type Answer, type Call, type Headers, HubError } from './http.ts'
import { completeMultipart, lfsBatch } from './lfs.ts'
import { oauthAnswer } from './oauth.ts'
import { listRepos, readApi } from './read.ts'
import { resolve, resolveCache } from './resolve.ts'
import { spaceApi } from './space.ts'
import type { Repo, RepoType } from './store.ts'
import { branch, commitAnswer, createBucket, createRepo, deleteRepo, preupload } from './write.ts'
import { xetTokenAnswer } from './xet.ts'

/** As every answer of the Hub lists them. */
const EXPOSED =
  'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash'

/** What is wrong with the next requests, if anything. */
export type Trouble = (call: Call) => Answer | undefined

/** Answers everything that the Hub's own host is asked. */
export async function hubAnswer(context: Context, trouble: Trouble, call: Call): Promise<Answer> {
  const kind = kindOf(call.seen.path)
  const common = { ...commonHeaders(call), ...rateHeaders(kind) }
  if (call.method === 'OPTIONS') return preflight(call)
  try {
    const answer = trouble(call) ?? (await route(context, call))
    if (answer.status === 0) return answer
    return { ...answer, headers: { ...common, ...answer.headers } }
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    const headers: Headers = { ...common, ...error.headers, 'X-Error-Message': ascii(error.message) }
    if (error.code) headers['X-Error-Code'] = error.code
    // resolvers answer in words, all else in JSON, which the client tells apart (error.ts, createApiError)
    if (kind === 'resolvers') return { status: error.status, headers, body: error.message }
    return { status: error.status, headers, json: { error: error.message, ...error.data } }
  }
}

let requests = 0

function commonHeaders(call: Call): Headers {
  requests++
  return {
    // the Hub names itself when nobody asks from elsewhere, and varies by Origin
    'Access-Control-Allow-Origin': call.headers.origin ?? 'https://huggingface.co',
    'Access-Control-Expose-Headers': EXPOSED,
    'Access-Control-Max-Age': 86400,
    Vary: 'Origin',
    'X-Request-Id': `Root=1-${requests.toString(16).padStart(8, '0')}`,
    'X-Powered-By': 'huggingface-moon',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
  }
}

export type Kind = 'api' | 'resolvers' | 'pages'

/**
 * docs/hub/rate-limits.md: resolvers are "all the URLs that contain a /resolve/ segment", which pages and the
 * API do not.
 */
export function kindOf(path: string): Kind {
  if (path.includes('/resolve/') || path.startsWith('/api/resolve-cache/')) return 'resolvers'
  return path.startsWith('/api/') ? 'api' : 'pages'
}

/**
 * docs/hub/rate-limits.md: both headers stand on every answer; the figures are those of a free user. Nothing
 * is counted here.
 */
function rateHeaders(kind: Kind): Headers {
  const quota = { api: 1000, resolvers: 5000, pages: 200 }[kind]
  return {
    RateLimit: `"${kind}";r=${quota - 1};t=300`,
    'RateLimit-Policy': `"fixed window";"${kind}";q=${quota};w=300`,
  }
}

/**
 * As Express' cors answers: 204, any header that was asked for. Pages need it for Authorization and JSON
 * bodies.
 */
function preflight(call: Call): Answer {
  return {
    status: 204,
    headers: {
      'Access-Control-Allow-Origin': call.headers.origin ?? 'https://huggingface.co',
      'Access-Control-Allow-Methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
      'Access-Control-Allow-Headers': String(call.headers['access-control-request-headers'] ?? ''),
      'Access-Control-Max-Age': 86400,
      Vary: 'Origin, Access-Control-Request-Headers',
    },
  }
}

async function route(context: Context, call: Call): Promise<Answer> {
  const signIn = await oauthAnswer(
    context,
    call,
    /userinfo$/.test(call.seen.path) ? tokenOf(context.accounts, call, context.now()) : undefined,
  )
  if (signIn) return signIn
  const token = tokenOf(context.accounts, call, context.now())
  const answer =
    call.segments[0] === 'api' ? await apiRoute(context, call, token) : await pageRoute(context, call, token)
  if (!answer) throw new HubError(404, "Sorry, we can't find the page you are looking for.")
  return answer
}

async function apiRoute(context: Context, call: Call, token: Token | undefined): Promise<Answer | undefined> {
  const { segments, method } = call
  const [, second = ''] = segments
  if (second === 'whoami-v2') return whoAmI(context.accounts, token)
  if (second === 'complete_multipart') return completeMultipart(context, call)
  if (second === 'repos' && segments[2] === 'create') return createRepo(context, call, token)
  if (second === 'repos' && segments[2] === 'delete') return deleteRepo(context, call, token)
  // Python asks before it commits a README.md (hf_api.py, _validate_yaml); here every card is a good one
  if (second === 'validate-yaml') return { status: 200, json: { errors: [], warnings: [] } }
  const cached = second === 'resolve-cache'
  const type = PLURALS[segments[cached ? 2 : 1] ?? '']
  if (type === undefined) return undefined
  const at = callOf(call, token, type, segments.slice(cached ? 3 : 2))
  if (cached) return at && resolveCache(context, at)
  if (at) return moved(context, at) ?? (await repoApi(context, at))
  const visible = (repo: Repo) =>
    !repo.private ||
    (token !== undefined && owns(context.accounts, token, repo.id) && token.scopes.has('read-repos'))
  if (method !== 'GET') return undefined
  return listRepos(
    context,
    call,
    type,
    visible,
    type === 'bucket' ? segments[2]?.replace(/^me$/, token?.user ?? 'me') : undefined,
  )
}

async function repoApi(context: Context, at: RepoCall): Promise<Answer | undefined> {
  const { type, id, token, rest, call } = at
  const [what] = rest
  if (what === 'auth-check') return authCheck(context, at)
  if (type === 'bucket' && call.method === 'POST' && what === undefined) return createBucket(context, at)
  if (type === 'bucket' && call.method === 'DELETE' && what === undefined)
    return deleteRepo(context, call, token, id)
  if (type === 'bucket' && call.method === 'POST' && what === 'batch') return bucketBatch(context, at)
  if (type !== 'bucket' && call.method === 'POST' && what === 'preupload') return preupload(context, at)
  if (type !== 'bucket' && call.method === 'POST' && what === 'commit') return commitAnswer(context, at)
  if (type !== 'bucket' && /^(POST|DELETE)$/.test(call.method) && what === 'branch')
    return branch(context, at)
  return (
    (type === 'space' ? await spaceApi(context, at) : undefined) ??
    xetTokenAnswer(context, at) ??
    (await readApi(context, at))
  )
}

async function pageRoute(
  context: Context,
  call: Call,
  token: Token | undefined,
): Promise<Answer | undefined> {
  const [first = ''] = call.segments
  const type: RepoType = PLURALS[first] ?? 'model'
  const at = callOf(call, token, type, type === 'model' ? call.segments : call.segments.slice(1))
  if (!at) return undefined
  if (at.id.endsWith('.git') && at.rest.join('/') === 'info/lfs/objects/batch' && call.method === 'POST') {
    return lfsBatch(context, { ...at, id: at.id.slice(0, -4) })
  }
  const [what] = at.rest
  if ((what !== 'resolve' && what !== 'raw') || !/^(GET|HEAD)$/.test(call.method)) return undefined
  return moved(context, at) ?? resolve(context, at)
}

function callOf(
  call: Call,
  token: RepoCall['token'],
  type: RepoType,
  segments: string[],
): RepoCall | undefined {
  const [namespace, name, ...rest] = segments
  // "repo name includes an url-encoded slash", on every address of a repository
  if (/%2f/i.test(namespace ?? ''))
    throw new HubError(400, `Invalid repo name: ${namespace} - repo name includes an url-encoded slash`)
  return namespace !== undefined && name !== undefined
    ? { call, token, type, id: `${namespace}/${name}`, rest }
    : undefined
}

/**
 * A renamed repository, or another spelling of its name: 307 with path and query (as the Hub does below /api
 * and for resolve).
 */
function moved({ store }: Context, { call, type, id }: RepoCall): Answer | undefined {
  if (store.repos.has(`${type}:${id}`)) return undefined
  const wanted = id.toLowerCase()
  for (const repo of store.repos.values()) {
    if (repo.type !== type || repo.private) continue
    if (repo.id.toLowerCase() !== wanted && !repo.aliases.has(id)) continue
    return {
      status: 307,
      headers: { Location: call.seen.url.replace(`/${id}`, `/${repo.id}`) },
      body: 'Temporary Redirect',
    }
  }
  return undefined
}

/** Header values are Latin-1 on the wire and ASCII on the Hub. */
function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?')
}
